"""Flaws from the errors of a compiled schema."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from scaffold.model import Pointer, dig
from scaffold.nearest import misspelled
from scaffold.schemas.wording import Problem, say, where

_CAPITAL = re.compile("(?<=[a-z])[A-Z]")
_AT_LEAST = frozenset(("minItems", "minProperties"))


class Flaw(NamedTuple):
    """Something a server would refuse; `at_key` where the name of the field is the flaw, not its value.

    `missing` is the name of a required field that is not there; `lacking` tells that more in the object would mend it.
    `is_slip` is false where another release of the definition may well take what this one refuses.
    """

    pointer: Pointer
    message: str
    at_key: bool = False
    missing: str = ""
    lacking: bool = False
    is_slip: bool = True


def flaws(problem: Problem) -> Iterator[Flaw]:
    """Put one error into words; several unknown fields are as many flaws."""
    if problem.keyword == "additionalProperties":
        yield from _unknown(problem)
    elif problem.keyword == "required":
        yield from _missing(problem)
    elif problem.keyword in {"anyOf", "oneOf"} and (names := _alternatives(problem.limit)):
        present = [name for name in names if name in problem.value]
        missing = "name" if _is_nameless(problem, names) else ""
        told = _choice(problem, names, present)
        yield Flaw(problem.pointer, told, missing=missing, lacking=not present, is_slip=bool(missing))
    else:
        yield Flaw(problem.pointer, say(problem), lacking=problem.keyword in _AT_LEAST, is_slip=_is_sure(problem))


def _is_sure(problem: Problem) -> bool:
    """Tell whether no other release takes a value: lists of values grow, alternatives too; the empty text is unset."""
    if problem.keyword == "enum":
        return _is_slip(str(problem.value), [str(value) for value in problem.limit])
    if problem.keyword == "pattern":
        return bool(problem.value)
    return problem.keyword not in {"allOf", "anyOf", "oneOf", "not"}


def _is_slip(name: str, known: Iterable[str]) -> bool:
    """Tell whether a name is another one's but for its case or a few letters of a word."""
    words = {_dashed(other) for other in known}
    return name.lower().replace("-", "") in {word.replace("-", "") for word in words} or bool(
        misspelled(_dashed(name), words)
    )


def _dashed(name: str) -> str:
    return _CAPITAL.sub(r"-\g<0>", name).lower()


def _unknown(problem: Problem) -> Iterator[Flaw]:
    known = problem.schema.get("properties", {})
    # Kustomize, unlike a server, does not tell cases apart.
    lax = {key.lower() for key in known} if _is_kustomization(problem) else set()
    for name in problem.value:
        if name not in known and name.lower() not in lax:
            message = f"field {name!r} is unknown in {where(problem)}; {_nearest(name, known)}"
            yield Flaw((*problem.pointer, name), message, at_key=True, is_slip=_is_slip(name, known))


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
