"""What a renderer says when it fails, taken apart: where it stopped, what it followed there, why, and what helps."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterator
from typing import NamedTuple

from scaffold.model import dig
from scaffold.model.values import text

_ENTERED = re.compile(r"(?:recursed accumulation of path|couldn't make target for path) '([^']*)': ")
_FROM = re.compile(
    r"accumulation err='(?:accumulating|merging) resources from '([^']*)': (.*?)'?: must build at directory: "
)
_TRIED = re.compile(r"accumulation err='accumulating resources from '[^']*': '[^']*' must resolve to a file': ")
_GVK = re.compile(
    r"\b(?P<kind>[A-Z]\w*)\.(?:v\w+|\[noVer\])\.(?:[\w.-]+|\[noGrp\])"
    r"(?:/(?P<name>[\w.-]+?)\.(?:\[noNs\]|(?P<namespace>[\w-]+)))?(?=[\s\]\"';:]|\Z)"
)
_MERGING = re.compile(
    r"merging from generator .*?id resid\.ResId\{.*?Kind:\"(\w+)\".*?Name:\"([^\"]*)\".*?\} does not exist"
    r"; cannot merge or replace"
)
TWICE = "already registered id"
ONE = "makes one of "
_CLASH = "namespace transformation produces ID conflict: ["  # and the objects, as JSON, with what is in them
_BEFORE = "internal.config.kubernetes.io/previous"
_OBJECT = re.compile(rf"\b(?:of object|{TWICE}:) ([A-Z]\w*) (?:[\w-]+/)?([\w.-]*[\w-])")
NO_OBJECT = "is no object, and without a kustomization every YAML file is taken for one"
_LONGEST = 400
_ROOT = ("Capabilities", "Chart", "Files", "Release", "Template", "Values")  # what the root of a template has
_REMEDIES = {
    NO_OBJECT: "write a kustomization that lists the others, or ignore the file",
    ONE: "leave one to a kustomization with another namespace",
    TWICE: "remove one of the two, or rename it",
    "security; file": "move the file below that directory, or refer to a directory with a kustomization of its own",
    "missing metadata.name": "give it a name",
    "missing kind in object": "give it a kind",
    "is out of sync with Chart.yaml": "run `helm dependency update` there",
    **{f"can't evaluate field {name} in type": "begin with `$`, the dot is another one there" for name in _ROOT},
    "cycle detected": "remove one of the references",
    "invalid literal source": "write it as `key=value`",
    "merges into one that": "name a generator of the base, or leave out its behavior",
    "expected kind != 'Component'": "list it under `components`",
    "nothing selected by": "name an object that is there",
    "Unexpected kind": "use add, remove, replace, move, copy or test",
    "multiple kustomization files": "keep one of them",
    "doc is missing path": "patch a field that is there, or use `op: add`",
    "kustomization.yaml is empty": "list what it builds, or remove it",
    "does not match a config": "name a workload that is there, or remove the entry",
}


class Failure(NamedTuple):
    """The directory that a build stopped in, the reference that it followed there, the reason, the object it names."""

    directory: str
    reference: str
    reason: str
    kind: str = ""
    name: str = ""

    @property
    def remedy(self) -> str:
        return next((remedy for sign, remedy in _REMEDIES.items() if sign in self.reason), "mend that")


def failure(error: str, directory: str, known: Container[str]) -> Failure:
    """Read the innermost part of a message, which is the cause; `known` are the directories that can be built."""
    entered = [path for path in _ENTERED.findall(error) if path in known]
    reason = _TRIED.sub("", _ENTERED.split(error)[-1]).removeprefix("accumulating resources: ").strip('"')
    inner = _FROM.match(reason)
    reference, reason = (inner[1], inner[2]) if inner else ("", reason)
    reason = _clashing(reason) or reason
    plain = _GVK.sub(_plainly, _MERGING.sub(_merging, reason))[:_LONGEST].rstrip(" .:")
    found = _OBJECT.search(plain)
    kind, name = found.groups() if found else ("", "")
    return Failure(entered[-1] if entered else directory, reference, plain, kind, name)


def _clashing(reason: str) -> str:
    """What `namespace` of a kustomization does to objects of other namespaces, without what stands in them."""
    _, sign, told = reason.partition(_CLASH)
    objects = list(_objects(told)) if sign else []
    given = dig(objects, 0, "metadata", "namespace") or dig(objects, 0, "metadata", "name")
    return f"namespace {given!r} {ONE}{' and '.join(map(_before, objects))}" if objects else ""


def _objects(told: str) -> Iterator[object]:
    """The objects that stand in a text one behind the other."""
    at, decoder = 0, json.JSONDecoder()
    while told[at : at + 1] == "{":
        try:
            found, at = decoder.raw_decode(told, at)
        except ValueError:
            return
        yield found
        at += 1


def _before(item: object) -> str:
    """What an object was called, the first of all its names."""
    told = (text(dig(item, "metadata", "annotations", _BEFORE + what)) for what in ("Names", "Namespaces"))
    name, space = (before.split(",")[0] for before in told)
    return f"{dig(item, 'kind')} {name!r}" + ("" if space.startswith("_") else f" of {space!r}")


def _merging(found: re.Match[str]) -> str:
    return f"the generator of {found[1]} {found[2]!r} merges into one that the base does not have"


def _plainly(found: re.Match[str]) -> str:
    """An identifier such as `ConfigMap.v1.[noGrp]/web.[noNs]` without what it does not say."""
    name, namespace = found["name"] or "", found["namespace"] or ""
    return " ".join(part for part in (found["kind"], f"{namespace}/{name}" if namespace else name) if part)
