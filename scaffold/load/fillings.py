"""Which files are templates that some program fills in before an engine reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_TEMPLATE = re.compile(r"\{\{|\{%|<#[a-z]")
_TERRAFORM = re.compile(r"%\{~? *(?:if|for|endif|endfor)\b")
_DECLARING = re.compile(r"^(?:- )?(?:kind|apiVersion|op):", re.MULTILINE)
_READ = re.compile(r"(?:Chart|requirements|.*values.*|[Kk]ustomization)(?:\.ya?ml)?\Z")
_FORGES = frozenset((".circleci", ".forgejo", ".gitea", ".github", ".gitlab", ".gitlab-ci.yml", ".woodpecker"))
_SIGN = "#@"
# Comments in which ytt, of Carvel, has code.
_YTT = re.compile(r"^ *#@ *(?:load\(|if |for |def |end$|data/values|overlay/|yaml/)|: +#@ |^ *- +#@ ", re.MULTILINE)


def may_be(text: str) -> bool:
    """Tell whether what is no YAML may be a template."""
    return _TEMPLATE.search(text) is not None


def is_one(path: str, text: str) -> bool:
    """Tell a template of Terraform, and one that declares nothing and has not the name of what an engine reads."""
    if _TERRAFORM.search(text):
        return True
    hidden = [part for part in path.split("/") if part.startswith(".")]
    if hidden:  # which a forge reads, by its name, or a program of its own
        return may_be(text) and _FORGES.isdisjoint(hidden)
    told = _DECLARING.search(text) or _READ.match(path.rpartition("/")[2])
    return may_be(text) and not told


def line_of_ytt(text: str, documents: list[Any]) -> int:
    """The line of the first comment that is code of ytt; 0 where there is none but in texts that the file holds."""
    found = _YTT.search(text) if _SIGN in text else None
    if found is None or text.count(_SIGN) <= sum(held.count(_SIGN) for held in _texts(documents)):
        return 0
    return text.count("\n", 0, found.start()) + 1


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(inner)
