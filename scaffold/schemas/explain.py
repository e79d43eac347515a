"""Flaws from the errors of a compiled schema."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scaffold.model import Pointer, dig
from scaffold.schemas.wording import Problem, say, where

_AT_LEAST = frozenset(("minItems", "minProperties"))


class Flaw(NamedTuple):
    """Something a server would refuse; `at_key` where the name of the field is the flaw, not its value.

    `missing` is the name of a required field that is not there; `lacking` tells that more in the object would mend it.
    """

    pointer: Pointer
    message: str
    at_key: bool = False
    missing: str = ""
    lacking: bool = False


def flaws(problem: Problem) -> Iterator[Flaw]:
    """Put one error into words; several unknown fields are as many flaws."""
    if problem.keyword == "additionalProperties":
        yield from _unknown(problem)
    elif problem.keyword == "required":
        yield from _missing(problem)
    elif problem.keyword in {"anyOf", "oneOf"} and (names := _alternatives(problem.limit)):
        present = [name for name in names if name in problem.value]
        missing = "name" if _is_nameless(problem, names) else ""
        yield Flaw(problem.pointer, _choice(problem, names, present), missing=missing, lacking=not present)
    else:
        yield Flaw(problem.pointer, say(problem), lacking=problem.keyword in _AT_LEAST)


def _unknown(problem: Problem) -> Iterator[Flaw]:
    known = problem.schema.get("properties", {})
    # Kustomize, unlike a server, does not tell cases apart.
    lax = {key.lower() for key in known} if _is_kustomization(problem) else set()
    for name in problem.value:
        if name not in known and name.lower() not in lax:
            message = f"field {name!r} is unknown in {where(problem)}; {_nearest(name, known)}"
            yield Flaw((*problem.pointer, name), message, at_key=True)


def _is_kustomization(problem: Problem) -> bool:
    return str(dig(problem.document, "apiVersion")).startswith("kustomize.config.k8s.io/")


def _nearest(name: str, known: Mapping[str, Any]) -> str:
    folded = {key.lower(): key for key in known}
    near = difflib.get_close_matches(name.lower(), folded, n=1)
    return f"did you mean {folded[near[0]]!r}?" if near else "remove it, or move it to where it belongs"


def _missing(problem: Problem) -> Iterator[Flaw]:
    for name in problem.limit:
        if name not in problem.value:
            message = f"required field {name!r} is missing in {where(problem)}; add it"
            yield Flaw(problem.pointer, message, missing=name, lacking=True)


def _alternatives(branches: Any) -> list[str]:
    """List the fields of branches that each do no more than require one."""
    if not all(isinstance(branch, Mapping) and set(branch) <= {"required", "not"} for branch in branches):
        return []
    return list(dict.fromkeys(name for branch in branches for name in branch.get("required", ())))


def _is_nameless(problem: Problem, names: list[str]) -> bool:
    return problem.pointer == ("metadata",) and names[0] == "name"


def _choice(problem: Problem, names: list[str], present: list[str]) -> str:
    if _is_nameless(problem, names):
        return f"required field 'name' is missing in {where(problem)}; add it"
    listed = " or ".join(repr(name) for name in names)
    if problem.keyword == "oneOf" and len(present) > 1:
        both = " and ".join(repr(name) for name in present)
        return f"fields {both} exclude each other in {where(problem)}; keep one of them"
    return f"none of the fields {listed} stands in {where(problem)}; add one of them"
