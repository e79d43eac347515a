"""Where the roots of Terraform keep their states, as far as literals say all of it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from scaffold.assemble.terraform import files
from scaffold.load import TOKEN
from scaffold.model import Place, Repository
from scaffold.model.values import is_templated, is_to_fill_in
from scaffold.parse import hcl

# Of each backend what has to be said, the last one being the key within a store; and what may be said besides.
_BACKENDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "s3": (("bucket", "key"), ("endpoint", "endpoints", "workspace_key_prefix")),
    "gcs": (("bucket", "prefix"), ("storage_custom_endpoint",)),
    "azurerm": (("storage_account_name", "container_name", "key"), ("environment", "endpoint")),
    "http": (("address",), ()),
    "local": (("path",), ("workspace_dir",)),
    "consul": (("address", "path"), ("datacenter",)),
    "pg": (("conn_str", "schema_name"), ()),
    "kubernetes": (("config_context", "secret_suffix"), ("namespace", "config_path", "host", "config_context_cluster")),
}
_CLOUD = "app.terraform.io"


class State(NamedTuple):
    """Where a root keeps its state: what tells it from others, the words for it, and where its key stands."""

    directory: str
    address: tuple[str, ...]
    kind: str
    key: str
    place: Place


def found(repository: Repository) -> Iterator[State]:
    """Every root whose state is told; files that are initialised with more than they say tell of none."""
    if repository.terraform.steered:
        return
    for directory, paths in files.directories(repository, "backend", "cloud").items():
        told = list(_told(repository, paths))
        if len(told) == 1 and files.is_whole(repository, directory) and not _is_template(repository, directory):
            path, block = told[0]
            yield from _state(directory, path, block)


def called(repository: Repository) -> frozenset[str]:
    """The directories that others take as modules, whose own backends do not count."""
    return frozenset(source for _, source in calls(repository))


def calls(repository: Repository) -> tuple[tuple[str, str], ...]:
    """The directories that take others as modules, with these."""
    return repository.once(_calls)


def _calls(repository: Repository) -> tuple[tuple[str, str], ...]:
    found = []
    for directory, paths in files.directories(repository, "module").items():
        for module in (each for path in paths for each in files.block(repository, path).of("module")):
            source = module.attributes.get("source")
            target = local_source(directory, source.value if source else None)
            found += [(directory, target)] if target is not None else []
    return tuple(found)


def local_source(directory: str, source: object) -> str | None:
    """The directory that a module is taken from, where it is one of this repository."""
    if not isinstance(source, str) or not source.startswith((".", "..")):
        return None
    path = posixpath.normpath(posixpath.join(directory, source))
    return "" if path == "." else path


def _is_template(repository: Repository, directory: str) -> bool:
    """Tell a root that something fills in elsewhere, where it is the only one of its kind."""
    own = (repository.terraform.texts[path] for path in files.of_directory(repository, directory))
    return any(map(TOKEN.search, own))


def _told(repository: Repository, paths: list[str]) -> Iterator[tuple[str, hcl.Block]]:
    for path in paths:
        for settings in files.block(repository, path).of("terraform"):
            yield from ((path, block) for block in settings.of("backend", "cloud"))


def _state(directory: str, path: str, block: hcl.Block) -> Iterator[State]:
    kind = block.type if block.type == "cloud" else "".join(block.labels)
    if kind in ("cloud", "remote"):
        yield from _workspace(directory, path, block)
    elif kind in _BACKENDS:
        needed, more = _BACKENDS[kind]
        values = {name: attribute.value for name, attribute in block.attributes.items() if name in (*needed, *more)}
        if all(_is_plain(values.get(name)) for name in needed) and all(map(_is_told, values.values())):
            key = _normal(kind, directory, values[needed[-1]])
            rest = tuple(repr(_bare(values.get(name))) for name in (*needed[:-1], *more))
            at = block.attributes[needed[-1]]
            yield State(directory, (kind, *rest, key), kind, key, Place(path, line=at.line, column=at.column))


def _workspace(directory: str, path: str, block: hcl.Block) -> Iterator[State]:
    """That of a workspace by its name, as HCP Terraform keeps it."""
    known = {name: attribute.value for name, attribute in block.attributes.items()}
    name = next((inner.attributes.get("name") for inner in block.of("workspaces")), None)
    host, organization = known.get("hostname", _CLOUD), known.get("organization")
    if name and all(map(_is_plain, (host, organization, name.value))):
        place = Place(path, line=name.line, column=name.column)
        yield State(directory, ("cloud", host, str(organization), name.value), "workspace", name.value, place)


def _normal(kind: str, directory: str, key: str) -> str:
    if kind == "local":
        return posixpath.normpath(posixpath.join(directory, key))
    return key.strip("/") if kind == "gcs" else key


def _is_plain(value: object) -> bool:
    """Tell a text that nobody fills in or puts another one for."""
    return isinstance(value, str) and value != "" and not (is_templated(value) or is_to_fill_in(value) or "<" in value)


def _is_told(value: object) -> bool:
    inner = [each.value for each in value.values()] if isinstance(value, dict) else [value]
    return all(each is None or isinstance(each, bool) or _is_plain(each) for each in inner)


def _bare(value: object) -> object:
    """A value without its place."""
    return sorted((key, each.value) for key, each in value.items()) if isinstance(value, dict) else value
