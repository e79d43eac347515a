"""Kustomize: one build, or many in one process, with the marks to take them apart again."""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from scaffold import parse
from scaffold.model import dig, mapping
from scaffold.render import RenderError
from scaffold.render.builders import Builder
from scaffold.render.started import Started

_ORIGIN = "config.kubernetes.io/origin"
_ANNOTATED = re.compile(rf"({re.escape(_ORIGIN)}: \|\n +(?:path|configuredIn): )(\.\./\S+)")
# Between the objects of two overlays stands a mark, so that one build of fifty can be taken apart again.
_MARK = ("gitops-scaffold.invalid/v1", "Mark")
_MARK_FILE = "apiVersion: {}\nkind: {}\nmetadata:\n  name: after-{}\n"
_ORDERED = 5  # the first major version that can be told to print objects in the order in which they are listed


def build(builder: Builder, root: Path, directory: str) -> str:
    """What `kustomize build` prints for a directory; raises RenderError with the reason."""
    return run(builder, root / directory, root)


def run(builder: Builder, directory: Path, root: Path, *options: str) -> str:
    """What kustomize prints for a directory; raises RenderError with the reason, in which paths begin at the root."""
    with Started(builder, directory, root, *options) as started:
        return started.printed()


def build_many(builder: Builder, root: Path, directories: Sequence[str]) -> dict[str, list[Any] | RenderError]:
    """Build many directories in one process; what fails is found by halving.

    The directories may not hold objects of equal identity, nor share a namespace where names change: the caller sees to
    that, and where it did not, halving finds it too.
    """
    if _major(builder.version) < _ORDERED:
        return {directory: _single(builder, root, directory) for directory in directories}
    with Batch(builder, root, directories) as batch:
        return batch.results()


def begin(builder: Builder, root: Path, directory: str) -> Batch | None:
    """What `build_many` does for one directory: begun when the block is entered; None for a kustomize too old."""
    return None if _major(builder.version) < _ORDERED else Batch(builder, root, (directory,))


def _major(version: str) -> int:
    first = version.partition(".")[0]
    return int(first) if first.isdigit() else 0


class Batch:
    """The build of several directories in one process, which runs from the beginning of its block."""

    def __init__(self, builder: Builder, root: Path, directories: Sequence[str]) -> None:
        self._builder, self._root, self._directories = builder, root, directories

    def results(self) -> dict[str, list[Any] | RenderError]:
        """The objects of each directory, or the reason why there are none."""
        builder, root, directories = self._builder, self._root, self._directories
        try:
            return dict(self._taken_apart())
        except RenderError:
            if len(directories) == 1:
                return {directories[0]: _single(builder, root, directories[0])}
        middle = len(directories) // 2
        first, second = directories[:middle], directories[middle:]
        return {**build_many(builder, root, first), **build_many(builder, root, second)}

    def _taken_apart(self) -> Iterator[tuple[str, list[Any]]]:
        items: list[Any] = []
        waiting = iter(self._directories)
        for item in _documents(self._started.printed()):
            if (item.get("apiVersion"), item.get("kind")) != _MARK:
                items.append(item)
                continue
            yield next(waiting), items
            items = []
        if items or next(waiting, None) is not None:
            raise RenderError("the result is not what was listed, in its order")

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as stack:
            temporary = stack.enter_context(tempfile.TemporaryDirectory(prefix="gitops-scaffold-"))
            wrapper = Path(os.path.realpath(temporary))
            _write_wrapper(wrapper, Path(os.path.realpath(self._root)), self._directories)
            self._started = stack.enter_context(Started(self._builder, wrapper, self._root))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave neither process nor directory behind."""
        self._stack.close()


def _single(builder: Builder, root: Path, directory: str) -> list[Any] | RenderError:
    """One build without a wrapper: its reason names the user's own files."""
    try:
        return _documents(build(builder, root, directory))
    except RenderError as error:
        return error


def _documents(printed: str) -> list[Any]:
    try:
        items = [item for item in parse.rendered(printed) if item is not None]
    except parse.YamlError as error:
        raise RenderError(f"the result is not YAML, {error.problem}") from error
    if not all(isinstance(item, dict) for item in items):
        raise RenderError("the result holds something that is no object")
    return items


def _write_wrapper(wrapper: Path, root: Path, directories: Sequence[str]) -> None:
    listed = []
    for number, directory in enumerate(directories):
        between = wrapper / f"mark-{number}.yaml"
        between.write_text(mark(number))
        listed += [f"- {_relative(root / directory, wrapper)}\n", f"- {between.name}\n"]
    wrapper.joinpath("kustomization.yaml").write_text(f"sortOptions:\n  order: fifo\nresources:\n{''.join(listed)}")


def mark(number: int) -> str:
    """What stands between the objects of two overlays."""
    return _MARK_FILE.format(*_MARK, number)


def is_mark(text: str) -> bool:
    """Tell a mark from the objects, by what kustomize prints of it."""
    return text.startswith(f"apiVersion: {_MARK[0]}\n")


def _relative(directory: Path, wrapper: Path) -> str:
    """A path from a wrapper to a directory, as a YAML string."""
    return json.dumps(os.path.relpath(directory, wrapper))


def origins(builder: Builder, root: Path, directory: str) -> list[tuple[Mapping[str, Any], str]]:
    """Each object of a directory with the file it came from, relative to the root; empty where a generator made it."""
    with tempfile.TemporaryDirectory(prefix="gitops-scaffold-") as temporary:
        wrapper, real = Path(os.path.realpath(temporary)), Path(os.path.realpath(root))
        resource = _relative(real / directory, wrapper)
        wrapped = f"buildMetadata:\n- originAnnotations\nresources:\n- {resource}\n"
        wrapper.joinpath("kustomization.yaml").write_text(wrapped)
        items = _documents(run(builder, wrapper, root))
    result = []
    for item in items:
        origin = mapping(dig(item, "metadata", "annotations")).get(_ORIGIN, "")
        result.append((item, _origin_path(origin, wrapper, real)))
    return result


def relocated(printed: str, wrapper: Path, root: Path) -> str:
    """What was printed for a wrapper, with paths from the root in the annotations that tell where objects came from."""

    def path(found: re.Match[str]) -> str:
        return f"{found[1]}{_origin_path(f'path: {found[2]}', wrapper, root)}"

    return _ANNOTATED.sub(path, printed)


def taken_origin(item: dict[str, Any]) -> str:
    """The path in the annotation of a relocated object, which is taken out of it."""
    metadata = item.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    origin = annotations.pop(_ORIGIN, "") if isinstance(annotations, dict) else ""
    if isinstance(metadata, dict) and annotations == {}:
        del metadata["annotations"]
    found = re.search(r"^(?:path|configuredIn): (.+)$", str(origin), re.MULTILINE)
    return found[1] if found else ""


def _origin_path(origin: str, wrapper: Path, root: Path) -> str:
    """The path in an origin annotation, which is relative to the wrapper; `configuredIn` names a generator's file."""
    found = re.search(r"^(?:path|configuredIn): (.+)$", origin, re.MULTILINE)
    if not found:
        return ""
    path = Path(os.path.normpath(wrapper / found[1].strip("'\"")))
    return Path(os.path.relpath(path, root)).as_posix()
