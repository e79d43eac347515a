"""A directory to its repository without checking anything: what inventory and render start from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from scaffold import answers, assemble, discover, load, parse, settings
from scaffold.assemble.flux import made
from scaffold.errors import ScaffoldError
from scaffold.model import How, Overlay, Repository, SourceFile
from scaffold.nearest import near
from scaffold.render import NotRenderedError, RenderError, builders, helm, kustomize
from scaffold.settings import Settings


def survey(root: Path, known: Settings | None = None, *, flux: bool = True) -> Repository:
    """Read a repository, with its own settings or others; without `flux` nothing of what Flux builds is known.

    Raises NothingCheckedError where no manifest stands below the root, and no layer that is to hold some.
    """
    tree = discover.tree(root)
    files = {path: file for path in tree.yaml if (file := _read(root, path))}
    if answers.NAME not in files and not any(file.heads or file.problem for file in files.values()):
        raise discover.nothing(root, tree)
    return assemble.repository(tree, files, known or settings.read(root), flux=flux)


def _read(root: Path, path: str) -> SourceFile | None:
    try:
        return load.source_file(path, (root / path).read_bytes())
    except OSError:
        return None


@dataclass(frozen=True)
class Rendering:
    """What an overlay renders to as text, or why it does not."""

    path: str
    text: str = ""
    error: str = ""


@dataclass(frozen=True)
class Renderer:
    """Renders overlays one by one, exactly as kustomize or Helm prints them."""

    root: Path
    program: str
    helm_cache: Path | None

    def each(self, wanted: str | None) -> Iterator[Rendering]:
        """Render one overlay, or all; raises ScaffoldError for one that is not there, with the nearest known name."""
        overlays = self._repository.overlays
        if wanted is None:
            yield from (self._one(overlay) for overlay in overlays.values() if overlay.how is not How.PLAIN)
            return
        path = self._relative(wanted)
        if path in overlays:
            yield self._one(overlays[path])
        elif path in self._repository.kustomizations:
            yield self._one(Overlay(path, How.KUSTOMIZE))
        else:
            guess = near(path, overlays)
            remedy = f"did you mean {guess!r}?" if guess else "`gitops-scaffold inventory` lists them"
            raise ScaffoldError(f"{wanted!r} is no directory that can be rendered; {remedy}")

    def _relative(self, wanted: str) -> str:
        path = Path(wanted)
        absolute = path if path.is_absolute() else (self.root / path)
        try:
            found = absolute.resolve().relative_to(self.root.resolve()).as_posix()
        except ValueError:
            found = wanted
        return "" if found == "." else found

    @cached_property
    def _repository(self) -> Repository:
        return survey(self.root)

    @cached_property
    def _builder(self) -> builders.Builder:
        found = builders.find(self.program or None)
        return found.unrestricted() if self._repository.conventions.unrestricted else found

    def _one(self, overlay: Overlay) -> Rendering:
        try:
            return Rendering(overlay.name, self._text(overlay))
        except (RenderError, NotRenderedError) as error:
            return Rendering(overlay.name, error=str(error))

    def _synced(self, overlay: Overlay) -> str:
        printed = made.built(self._builder, self.root, self._repository, [overlay])[overlay.name]
        if isinstance(printed, RenderError):
            raise printed
        found = made.made(overlay, printed)
        first = next((refusal for refusal in found.refused if refusal.stops), None)
        if first:
            raise RenderError(f"{first.identity}, {first.reason}")
        return "---\n".join(parse.printed(manifest.data) for manifest in found.manifests)

    def _text(self, overlay: Overlay) -> str:
        if overlay.skipped:
            raise NotRenderedError(overlay.skipped)
        if overlay.how is How.KUSTOMIZE:
            return kustomize.build(self._builder, self.root, overlay.path)
        if overlay.build:
            return self._synced(overlay)
        assert overlay.release is not None
        return helm.text(helm.find(), self.root, overlay.release, self.helm_cache)
