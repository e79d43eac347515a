"""YAML text to values and positions, resolving scalars as Kubernetes does; no other module imports YAML readers."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import ryaml
import yaml

from scaffold.errors import ScaffoldError
from scaffold.model import Duplicate
from scaffold.parse.errors import YamlError
from scaffold.parse.nodes import Loader, nodes
from scaffold.parse.positions import locate
from scaffold.parse.scalars import is_text, resolve
from scaffold.parse.spans import Alias, Mapping, Node, Scalar, Sequence, spans
from scaffold.parse.spots import Tagged, spots
from scaffold.parse.templates import FILLER, actions, pieces, plain
from scaffold.parse.values import Reader, key_text
from scaffold.parse.writing import written

__all__ = [
    "FILLER",
    "Alias",
    "Mapping",
    "Node",
    "Parsed",
    "Scalar",
    "Sequence",
    "Tagged",
    "YamlError",
    "actions",
    "as_copier",
    "documents",
    "first",
    "is_text",
    "locate",
    "only",
    "parse",
    "pieces",
    "plain",
    "printed",
    "rendered",
    "resolve",
    "spans",
    "spots",
    "template",
    "written",
]

# A key that may be read as a number, a boolean or nothing.
_ODD_KEY = re.compile(
    r"(?:^[- ]*+|[{,] *+)(?:[-+.]?[\d.][^:\n]{0,40}|true|false|null|~)? *+:", re.MULTILINE | re.IGNORECASE
)
_ryaml: Any = ryaml  # its stub hides what it re-exports


class Parsed(NamedTuple):
    """The documents of a text and its duplicate keys, where the last value wins as in Go."""

    documents: list[Any]
    duplicates: list[Duplicate]


def parse(text: str) -> Parsed:
    """Parse a stream of documents.

    Scalars resolve as in sigs.k8s.io/yaml (Kubernetes 1.37): `y` and `on` are booleans, `1e3` is a number, a timestamp
    is a string. Raises YamlError.
    """
    reader = Reader()
    documents = []
    for index, node in enumerate(nodes(text)):
        documents.append(reader.value(node, index))
    return Parsed(documents, reader.duplicates)


def only(text: str) -> Any:
    """The only document of a text within a document, as of a patch; None where it has several or cannot be read."""
    try:
        found = parse(text).documents
    except YamlError:
        return None
    return found[0] if len(found) == 1 else None


def first(text: str) -> Any:
    """The first document of a text within a document, as Go's `yaml.Unmarshal` takes it; None where it is no YAML."""
    try:
        return next(iter(parse(text).documents), None)
    except YamlError:
        return None


def template(text: str) -> list[Any]:
    """The documents of a template of Helm, with letters for what its actions become; none where they are no YAML."""
    try:
        return parse(plain(text)).documents
    except YamlError:
        return []


def documents(text: str, name: str) -> list[Any]:
    """Parse a stream; an error is a ScaffoldError that names `name:line:column`."""
    try:
        return parse(text).documents
    except YamlError as error:
        message = f"{name}:{error.line}:{error.column}: {error.problem}; mend the YAML there"
        raise ScaffoldError(message) from error


def as_copier(text: str, name: str) -> Any:
    """Parse one document as Copier does, in YAML 1.1, where `1e3` and `y` are strings; errors as from `documents`."""
    if len(documents(text, name)) != 1:
        raise ScaffoldError(f"{name!r} holds more or less than one YAML document; write one")
    return yaml.load(text, Loader=Loader)  # noqa: S506  # it is a safe loader


def rendered(text: str) -> list[Any]:
    """Parse what a renderer printed, five times as fast: it quotes what could be taken for another type."""
    try:
        found = list(_ryaml.loads_all(text) or ())  # nothing printed is None
    except _ryaml.InvalidYamlError as error:
        raise YamlError(" ".join(str(error).split()), 1, 1) from error
    return [_with_text_keys(item) for item in found] if _ODD_KEY.search(text) else found


def _with_text_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {key_text(key): _with_text_keys(item) for key, item in value.items()}
    return [_with_text_keys(item) for item in value] if isinstance(value, list) else value


def printed(data: Any) -> str:
    """An object as YAML, its keys in order, as kustomize prints it."""
    return str(yaml.safe_dump(data, sort_keys=True, allow_unicode=True, width=10**6))
