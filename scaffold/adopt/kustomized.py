"""Kustomize trees of any layout: their overlays and bases move, and the paths between them follow."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from scaffold import discover, edit, load, parse, staging
from scaffold.adopt.nouns import HEAD, Made, Objects
from scaffold.errors import ScaffoldError
from scaffold.model import Kustomization, SourceFile
from scaffold.render import RenderError, builders, kustomize
from scaffold.staging import Content


def made(source: Path, places: Mapping[str, Path]) -> Made:
    """The application that the overlays of some environments become.

    Raises ScaffoldError where one cannot be built, or reaches out of the directory that is adopted.
    """
    root = _root(source, places.values())
    overlays = {name: _relative(path, root) for name, path in places.items()}
    known = load.kustomizations(_files(root))
    before = {name: _built(root, directory) for name, directory in overlays.items()}
    entered = {d: None for directory in overlays.values() for d in load.closure(directory, known)[0]}
    _refuse_remote(known[directory] for directory in entered)
    new = _places(overlays, list(entered), known)
    files: dict[str, Content] = {}
    for directory in entered:
        files.update(_moved(root, known[directory], new))
    for name, directory in overlays.items():
        if new[directory] != f"overlays/{name}":
            files[f"overlays/{name}/kustomization.yaml"] = _above(posixpath.relpath(new[directory], f"overlays/{name}"))
    return Made(files, before, {"source": "adopted"})


def _root(source: Path, places: Iterable[Path]) -> Path:
    """The directory that everything is below: the source, or its work tree where overlays build on more than that."""
    source = source.resolve()
    inside = all(place.is_relative_to(source) for place in places)
    if not inside:
        raise ScaffoldError(f"an environment is outside of {str(source)!r}; adopt a directory that holds them all")
    return source


def _relative(path: Path, root: Path) -> str:
    """A directory as kustomizations know it: nothing for the root."""
    found = path.relative_to(root).as_posix()
    return "" if found == "." else found


def _files(root: Path) -> dict[str, SourceFile]:
    tree = discover.tree(root)
    names = [path for path in tree.yaml if path.rpartition("/")[2] in discover.KUSTOMIZATION_NAMES]
    return {path: load.source_file(path, (root / path).read_bytes()) for path in names}


def _built(root: Path, directory: str) -> Objects:
    try:
        text = kustomize.build(builders.find(), root, directory)
    except RenderError as error:
        raise ScaffoldError(f"{directory or str(root)} cannot be built, {error}; mend that, then adopt it") from error
    return [item for item in parse.documents(text, directory) if item is not None]


def _refuse_remote(entered: Iterable[Kustomization]) -> None:
    for item in entered:
        for reference in item.references:
            if reference.remote or reference.target.startswith("../"):
                fact = f"{item.manifest.path} refers to {reference.text!r}, which is not below what is adopted"
                raise ScaffoldError(f"{fact}; adopt a directory above it, or copy it there first")


def _places(overlays: Mapping[str, str], entered: list[str], known: Mapping[str, Kustomization]) -> dict[str, str]:
    """Where each kustomization goes: overlays by their environment, what all of them build on as the base.

    One that several environments are built from is a base too, or where there is one, a component.
    """
    often = Counter(overlays.values())
    new = {directory: f"overlays/{name}" for name, directory in overlays.items() if often[directory] == 1}
    used = [
        [directory] * (often[directory] > 1)
        + [r.target for r in known[directory].references if r.field in ("resources", "bases") and r.target in known]
        for directory in overlays.values()
    ]
    common = [target for target in used[0] if all(target in targets for targets in used[1:]) and target not in new]
    if common:
        new[common[0]] = "base"
    for directory in sorted(set(entered) - new.keys()):
        above = next((a for a in _ancestors(directory) if a in new), None)
        name = posixpath.basename(directory) or "root"
        place = f"{new[above]}{directory.removeprefix(above)}" if above is not None else f"components/{name}"
        number = 2
        while place in new.values():
            place, number = f"components/{name}-{number}", number + 1
        new[directory] = place
    return new


def _above(target: str) -> Content:
    """The kustomization of an environment that has nothing of its own."""
    return Content(parse.written({**HEAD, "resources": [target]}).encode())


def _ancestors(directory: str) -> Iterable[str]:
    while "/" in directory:
        directory = directory.rpartition("/")[0]
        yield directory


def _moved(root: Path, item: Kustomization, new: Mapping[str, str]) -> dict[str, Content]:
    """The files of one kustomization at their new place, references to others rewritten."""
    here, there = item.directory, new[item.directory]
    changes: list[edit.Change] = []
    files: dict[str, Content] = {}
    for reference in item.references:
        if reference.target in new:
            text = posixpath.relpath(new[reference.target], there)
            if posixpath.normpath(reference.text) != text:
                changes.append(edit.Set(0, reference.pointer, text))
        else:
            files[posixpath.join(there, posixpath.relpath(reference.target, here or "."))] = _content(
                root, reference.target
            )
    name = posixpath.basename(item.manifest.path)
    content = _content(root, item.manifest.path)
    files[f"{there}/{name}"] = content._replace(data=edit.changed(content.data, changes, item.manifest.path))
    return files


def _content(root: Path, path: str) -> Content:
    content = staging.read(root / path)
    if content is None:
        raise ScaffoldError(f"{path} is not there; mend that, then adopt it")
    return content
