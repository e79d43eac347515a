"""The objects that charts make, and those of Argo CD among them, as in an app of apps that is a chart."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from scaffold import parse, workers
from scaffold.assemble import argocd_apps, charts, inflated, plain_templates
from scaffold.assemble.meeting import control_plane
from scaffold.expand.view import TreeView
from scaffold.model import Application, Manifest, Overlay, Repository, dig
from scaffold.model.charts import dependencies, local
from scaffold.model.values import text
from scaffold.render import NotRenderedError, RenderError, helm

_GROUP = "argoproj.io"
_MOST = 1000  # releases; a chart may deploy itself many times over
_TESTS = frozenset(("test", "test-success", "test-failure"))  # which Argo CD leaves out (3.5, "Helm hooks")
_INNER = re.compile(r"charts/(?P<name>[^/]+)/(?P<rest>.+)")
_KINDS = frozenset(("Application", "ApplicationSet", "AppProject"))
_MADE = re.compile(rb"""^\s*kind:\s*["']?(?:Application|ApplicationSet|AppProject)\b""", re.MULTILINE)


def of(program: str, root: Path, overlay: Overlay, cache: Path | None, *, alone: bool = False) -> Iterator[Manifest]:
    """What Helm makes of a chart, each with the template that it stands in; raises as `helm.template` does."""
    assert overlay.release is not None
    own = frozenset(overlay.reads)  # and nothing else, whatever a comment says
    read: dict[str, list[Any]] = {}
    homes: dict[str, str] = {}
    for item, file in helm.template(program, root, overlay.release, cache, alone=alone):
        if file not in homes:
            homes[file] = _home(root, overlay.path, file)
        path = homes[file] if homes[file] in own else ""
        if path not in read:
            read[path] = parse.template(_content(root / path).decode(errors="replace")) if path else []
        if isinstance(item, Mapping) and text(dig(item, "metadata", "annotations", "helm.sh/hook")) not in _TESTS:
            yield Manifest(item, path, _document(read[path], item), overlay.path or ".")


def _home(root: Path, directory: str, file: str) -> str:
    """Where a template stands, which Helm names by the charts that it is in: a dependency may be in another place."""
    inner = _INNER.match(file)
    while inner:
        directory, file = _dependency(root, directory, inner["name"]), inner["rest"]
        inner = _INNER.match(file)
    return posixpath.join(directory, file)


def _dependency(root: Path, directory: str, name: str) -> str:
    """The directory of a chart that another one depends on."""
    try:
        documents = parse.parse(_content(root / directory / "Chart.yaml").decode(errors="replace")).documents
    except parse.YamlError:
        documents = []
    named = (d for d in dependencies(documents[0] if documents else None) if name in (d.get("alias"), d.get("name")))
    found = (local(directory, dependency) for dependency in named)
    return next(filter(None, found), posixpath.join(directory, "charts", name))


def _document(documents: Sequence[Any], item: Mapping[str, Any]) -> int:
    """Which document of a template makes an object: that of its kind, and of its name where the template tells."""
    alike = [n for n, each in enumerate(documents) if dig(each, "kind") == item.get("kind")]
    named = (n for n in alike if dig(documents[n], "metadata", "name") == dig(item, "metadata", "name"))
    return next(named, next(iter(alike), 0))


def own(program: str, root: Path, overlay: Overlay, cache: Path | None) -> tuple[Manifest, ...]:
    """What the templates of a chart make that cannot be rendered as a whole; at least what they hold as it stands."""
    templates = posixpath.join(overlay.path, "templates/")
    if overlay.release is None or not any(path.startswith(templates) for path in overlay.reads):
        return ()
    try:
        return tuple(of(program, root, overlay, cache, alone=True))
    except (NotRenderedError, RenderError):
        return tuple(plain_templates.of(root, overlay))


class Steering:
    """The objects of Argo CD that charts of this repository make; `read` are the files that they follow from.

    `roots` are the releases of charts that nothing here deploys, and that make such objects; `outside` the variants of
    what they make, and of what that makes; `left` the charts whose objects are not all followed.
    """

    def __init__(self, repository: Repository, root: Path) -> None:
        self._repository, self._root = repository, root
        self._steering: dict[str, bool] = {}
        self._rendered: set[str] = set()
        self._targets: dict[str, set[str]] = {}
        self._variants: dict[int, str] = {}
        self.objects: list[Manifest] = []
        self.read: set[str] = set()
        self.roots: list[Overlay] = []
        self.outside: set[str] = set()
        self.left: set[str] = set()
        self._has_begun = False

    def add(self, applications: Iterable[Application], view: TreeView) -> list[Manifest]:
        """Those of the charts of more applications; a chart that cannot be rendered here makes none that is known."""
        return self._made(list(self._new(applications, view)))

    def begin(self, applications: Iterable[Application], view: TreeView) -> list[Manifest]:
        """Those of the charts that nothing here deploys: an app of apps is installed from outside."""
        self._has_begun = True
        taken = inflated.taken(self._repository, self._root, view)
        self.read.update(path for chart in taken for path in view.everything_below(chart))
        unused = [each for each in charts.unused(self._repository, applications) if each not in taken]
        whole = [overlay for chart in unused for overlay in charts.alone(self._repository, view, chart)]
        whole += inflated.releases(self._repository, view)
        new = [(overlay, overlay.name) for overlay in whole if self._steers(overlay)]
        self.read.update(path for overlay, _ in new for path in overlay.reads)
        made = self._made(new)
        self.roots += [overlay for overlay, _ in new if any(m.overlay == overlay.path for m in made)]
        return made

    def _made(self, new: list[tuple[Overlay, str]]) -> list[Manifest]:
        if not new:
            return []  # most rounds find none, and looking for helm takes a while
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
                if not self._steers(overlay) or release in self._rendered:
                    continue
                if len(self._rendered) >= _MOST:
                    self.left.add(overlay.path)
                else:
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
        if self._has_begun:
            self.outside.update(map(self.variant, fresh))
        return fresh

    def variant(self, manifest: Manifest) -> str:
        """The chart that makes an object, and for which cluster where it is released to several."""
        several, target = len(self._targets[manifest.overlay]) > 1, self._variants[id(manifest)]
        if target.startswith(f"{manifest.overlay} for "):
            return target
        return f"{manifest.overlay} for {target}" if several else manifest.overlay

    def _steers(self, overlay: Overlay) -> bool:
        """Tell whether a template makes such an object: to render every chart would take long."""
        if overlay.path not in self._steering:
            templates = (path for path in overlay.reads if "/templates/" in f"/{path}")
            found = any(_MADE.search(_content(self._root / path)) for path in templates)
            self._steering[overlay.path] = found or argocd_apps.is_one(self._root, overlay.path)
        return self._steering[overlay.path]


def rendered(context: tuple[str, Path], overlay: Overlay) -> list[Manifest]:
    """The objects of Argo CD that one chart makes; of what cannot be rendered here those that its values tell."""
    try:
        made = list(of(*context, overlay, None))
    except (NotRenderedError, RenderError):
        made = list(own(*context, overlay, None))
    told = argocd_apps.of(context[1], overlay)
    known = [each for each in made if each.group == _GROUP and each.kind in _KINDS and each.name and each.path]
    return [*known, *(each for each in told if all(each.identity != other.identity for other in known))]


def _target(application: Application) -> str:
    """What tells the control planes apart to which applications give the objects of their charts."""
    return " ".join(each for each in (control_plane(application), application.server or application.cluster) if each)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
