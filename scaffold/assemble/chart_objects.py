"""The objects that charts make, and those of Argo CD among them, as in an app of apps that is a chart."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from scaffold import parse, workers
from scaffold.assemble import charts
from scaffold.assemble.meeting import control_plane
from scaffold.expand.view import TreeView
from scaffold.model import Application, Manifest, Overlay, Repository, dig
from scaffold.render import NotRenderedError, RenderError, helm

_GROUP = "argoproj.io"
_KINDS = frozenset(("Application", "ApplicationSet", "AppProject"))
_MADE = re.compile(rb"""^\s*kind:\s*["']?(?:Application|ApplicationSet|AppProject)\b""", re.MULTILINE)


def of(program: str, root: Path, overlay: Overlay, cache: Path | None) -> Iterator[Manifest]:
    """What Helm makes of a chart, each with the template that it stands in; raises as `helm.template` does."""
    assert overlay.release is not None
    own = frozenset(overlay.reads)  # and nothing else, whatever a comment says
    read: dict[str, list[Any]] = {}
    for item, file in helm.template(program, root, overlay.release, cache):
        path = posixpath.join(overlay.path, file)
        path = path if path in own else ""
        if path not in read:
            read[path] = parse.template(_content(root / path).decode(errors="replace")) if path else []
        if isinstance(item, Mapping):
            yield Manifest(item, path, _document(read[path], item), overlay.path or ".")


def _document(documents: Sequence[Any], item: Mapping[str, Any]) -> int:
    """Which document of a template makes an object: that of its kind, and of its name where the template tells."""
    alike = [n for n, each in enumerate(documents) if dig(each, "kind") == item.get("kind")]
    named = (n for n in alike if dig(documents[n], "metadata", "name") == dig(item, "metadata", "name"))
    return next(named, next(iter(alike), 0))


class Steering:
    """The objects of Argo CD that charts of this repository make; `read` are the files that they follow from."""

    def __init__(self, repository: Repository, root: Path) -> None:
        self._repository, self._root = repository, root
        self._steering: dict[str, bool] = {}
        self._rendered: set[str] = set()
        self._targets: dict[str, set[str]] = {}
        self._variants: dict[int, str] = {}
        self.objects: list[Manifest] = []
        self.read: set[str] = set()

    def add(self, applications: Iterable[Application], view: TreeView) -> list[Manifest]:
        """Those of the charts of more applications; a chart that cannot be rendered here makes none that is known."""
        new = list(self._new(applications, view))
        made = workers.apart(rendered, (helm.find(), self._root), [overlay for overlay, _ in new], "rendering charts")
        return [
            m for (overlay, target), each in zip(new, made, strict=True) for m in self._fresh(overlay, target, each)
        ]

    def _new(self, applications: Iterable[Application], view: TreeView) -> Iterator[tuple[Overlay, str]]:
        """The releases that have not been rendered, and to which clusters their objects are given."""
        for application in applications:
            target = _target(application)
            for overlay in charts.planned(self._repository, view, [application]):
                release = f"{target} {overlay.release!r}"
                if self._steers(overlay) and release not in self._rendered:
                    self._rendered.add(release)
                    self.read.update(overlay.reads)
                    yield overlay, target

    def _fresh(self, overlay: Overlay, target: str, made: Iterable[Manifest]) -> list[Manifest]:
        """What no other release of the chart has made there."""
        known = [each.data for each in self.objects if self._variants[id(each)] == target]
        fresh = [manifest for manifest in made if manifest.data not in known]
        self._targets.setdefault(overlay.path or ".", set()).add(target)
        self._variants.update((id(manifest), target) for manifest in fresh)
        self.objects += fresh
        return fresh

    def variant(self, manifest: Manifest) -> str:
        """The chart that makes an object, and for which cluster where it is released to several."""
        several = len(self._targets[manifest.overlay]) > 1
        return f"{manifest.overlay} for {self._variants[id(manifest)]}" if several else manifest.overlay

    def _steers(self, overlay: Overlay) -> bool:
        """Tell whether a template makes such an object: to render every chart would take long."""
        if overlay.path not in self._steering:
            templates = (path for path in overlay.reads if "/templates/" in f"/{path}")
            found = any(_MADE.search(_content(self._root / path)) for path in templates)
            self._steering[overlay.path] = found
        return self._steering[overlay.path]


def rendered(context: tuple[str, Path], overlay: Overlay) -> list[Manifest]:
    """The objects of Argo CD that one chart makes; none where it cannot be rendered here."""
    try:
        made = list(of(*context, overlay, None))
    except (NotRenderedError, RenderError):
        return []
    return [each for each in made if each.group == _GROUP and each.kind in _KINDS and each.name and each.path]


def _target(application: Application) -> str:
    """What tells the control planes apart to which applications give the objects of their charts."""
    return " ".join(each for each in (control_plane(application), application.server or application.cluster) if each)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
