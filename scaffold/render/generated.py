"""Kustomizations that Flux writes, built outside the tree: many in one process, each object as the text it prints."""

from __future__ import annotations

import copy
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scaffold.model import Generated, Pointer, dig
from scaffold.render import RenderError, kustomize
from scaffold.render.builders import Builder

_VERSION = "kustomize.config.k8s.io/v1beta1"


def print_many(
    builder: Builder, root: Path, wanted: Mapping[str, tuple[str, Generated]], *, origins: bool = False
) -> dict[str, list[str] | RenderError]:
    """Build what is written for some names, each with its directory; what fails is found by halving.

    With `origins`, every object carries the annotation that `kustomize.taken_origin` reads.
    """
    if not wanted:
        return {}
    try:
        return dict(_batch(builder, root, wanted, origins=origins))
    except RenderError as error:
        if len(wanted) == 1:
            ((name, (directory, _)),) = wanted.items()
            return {name: _reason(builder, root, directory, error)}
    names = list(wanted)
    halves = (names[: len(names) // 2], names[len(names) // 2 :])
    parts = [print_many(builder, root, {name: wanted[name] for name in half}, origins=origins) for half in halves]
    return {**parts[0], **parts[1]}


def _reason(builder: Builder, root: Path, directory: str, error: RenderError) -> RenderError:
    """The reason in the user's own words: that of the directory as it is, where it cannot be built either."""
    own = root / directory
    if any((own / name).is_file() for name in ("kustomization.yaml", "kustomization.yml", "Kustomization")):
        try:
            kustomize.run(builder.unrestricted(), own, root)
        except RenderError as plain:
            return plain
    return error


def _batch(
    builder: Builder, root: Path, wanted: Mapping[str, tuple[str, Generated]], *, origins: bool
) -> Iterator[tuple[str, list[str]]]:
    with tempfile.TemporaryDirectory(prefix="gitops-scaffold-") as temporary:
        wrapper = Path(os.path.realpath(temporary))
        real = Path(os.path.realpath(root))
        _write(wrapper, real, [item for _, item in wanted.values()], origins=origins)
        try:
            printed = kustomize.run(builder.unrestricted(), wrapper, root)
        except RenderError as error:
            raise RenderError(str(error).replace(f"{os.path.relpath(real, wrapper / '0')}/", "")) from error
        texts = kustomize.relocated(printed, wrapper, real) if origins else printed
    yield from _parted(texts, list(wanted))


def _write(wrapper: Path, root: Path, wanted: list[Generated], *, origins: bool) -> None:
    listed = []
    for number, item in enumerate(wanted):
        below = wrapper / str(number)
        below.mkdir()
        below.joinpath("kustomization.yaml").write_text(json.dumps(_placed(item, below, root)))
        mark = f"mark-{number}.yaml"
        wrapper.joinpath(mark).write_text(kustomize.mark(number))
        listed += [str(number), mark]
    metadata = {"buildMetadata": ["originAnnotations"]} if origins else {}
    whole = {"sortOptions": {"order": "fifo"}, "resources": listed, **metadata}
    wrapper.joinpath("kustomization.yaml").write_text(json.dumps(whole))


def _placed(item: Generated, directory: Path, root: Path) -> Any:
    """The document with paths from where it stands.

    A Component can be built by itself, and gives what a Kustomization gives, but the wrapper cannot list one.
    """
    document = {**copy.deepcopy(dict(item.document)), "apiVersion": _VERSION, "kind": "Kustomization"}
    for pointer, path, key in item.paths:
        _set(document, pointer, key + os.path.relpath(root / path, directory))
    return document


def _set(document: Any, pointer: Pointer, value: str) -> None:
    parent = dig(document, *pointer[:-1])
    parent[pointer[-1]] = value


def _parted(printed: str, names: list[str]) -> Iterator[tuple[str, list[str]]]:
    """The objects of each name, which a mark ends."""
    waiting = iter(names)
    texts: list[str] = []
    for text in printed.split("\n---\n") if printed else ():
        if not kustomize.is_mark(text):
            texts.append(text if text.endswith("\n") else f"{text}\n")
            continue
        yield next(waiting), texts
        texts = []
    if texts or next(waiting, None) is not None:
        raise RenderError("the result is not what was listed, in its order")
