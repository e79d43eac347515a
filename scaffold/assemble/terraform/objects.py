"""Objects of engines that Terraform makes, be it by themselves or as values of a chart: what they are told to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scaffold.assemble.terraform.made import Made
from scaffold.assemble.terraform.scopes import HOLE
from scaffold.model import Place, dig, mapping, sequence
from scaffold.model.values import Pointer, text
from scaffold.parse.hcl import UNREAD

BUILT = frozenset(("plugin", "kustomize", "helm"))  # what makes a directory more than its own files
_FLUX = "Kustomization"


class Planted(NamedTuple):
    """A directory that an engine is told to read: of which repository, at which revision, and by which object.

    `place` is where the path is written, `origins` are the texts that names put into it. `deep` tells that directories
    below count, `built` that other things than manifests do, `begun` that it is made where it is not there.
    """

    what: str
    url: str
    path: str
    revision: str
    place: Place
    origins: tuple[tuple[str, Place], ...] = ()
    deep: bool = True
    built: bool = False
    begun: bool = False


def of_values(chart: str, made: Made) -> Iterator[Planted]:
    if chart == "argocd-apps":
        applications = dig(made.data, "applications")
        keys: Any = mapping(applications) or range(len(sequence(applications)))
        for key in keys:
            name = text(dig(applications, key, "name")) or str(key)
            yield from _of_spec(made, ("applications", key), name)
    elif chart == "argo-cd":
        for number, _ in enumerate(sequence(dig(made.data, "extraObjects"))):
            yield from of_object(made, ("extraObjects", number), {})
    elif chart == "flux2-sync":
        source = dig(made.data, "gitRepository")
        yield from _planted(made, _FLUX, _url(source), ("kustomization", "spec", "path"), _branch(source))
    elif chart == "flux-instance":
        yield from _of_sync(made, ("instance", "sync"), "FluxInstance")


def of_object(made: Made, above: Pointer, sources: Mapping[str, Any]) -> Iterator[Planted]:
    data = dig(made.data, *above)
    kind, name = dig(data, "kind"), text(dig(data, "metadata", "name"))
    group = text(dig(data, "apiVersion")).rpartition("/")[0]
    if (group, kind) == ("argoproj.io", "Application"):
        yield from _of_spec(made, (*above, "spec"), name)
    elif (group, kind) == ("fluxcd.controlplane.io", "FluxInstance"):
        yield from _of_sync(made, (*above, "spec", "sync"), called("FluxInstance", name))
    elif (group, kind) == ("kustomize.toolkit.fluxcd.io", "Kustomization"):
        source = sources.get(text(dig(data, "spec", "sourceRef", "name")))
        yield from _planted(made, called(_FLUX, name), _url(source), (*above, "spec", "path"), _branch(source))


def _url(source: Any) -> str:
    return text(dig(source, "spec", "url"))


def _branch(source: Any) -> str:
    """The branch that a source follows; of a tag or a commit nobody knows what it holds."""
    ref = dig(source, "spec", "ref")
    return known(dig(ref, "branch")) if ref is None or mapping(ref).keys() == {"branch"} else HOLE


def _of_sync(made: Made, sync: Pointer, what: str) -> Iterator[Planted]:
    url, ref = text(dig(made.data, *sync, "url")), known(dig(made.data, *sync, "ref"))
    yield from _planted(made, what, url, (*sync, "path"), ref.removeprefix("refs/heads/"))


def _of_spec(made: Made, spec: Pointer, name: str) -> Iterator[Planted]:
    several = [(*spec, "sources", number) for number, _ in enumerate(sequence(dig(made.data, *spec, "sources")))]
    for pointer in several or [(*spec, "source")]:
        source = mapping(dig(made.data, *pointer))
        deep = dig(source, "directory", "recurse") in (True, UNREAD)
        if "chart" not in source and "path" in source:
            url, revision = text(source.get("repoURL")), known(source.get("targetRevision"))
            told = _planted(made, called("Application", name), url, (*pointer, "path"), revision)
            yield from (each._replace(deep=deep, built=not BUILT.isdisjoint(source)) for each in told)


def called(kind: str, name: str) -> str:
    """An object by its name, as far as that is known."""
    return f"{kind} '{name.replace(HOLE, '...')}'" if name.strip(HOLE) else kind


def known(value: Any) -> str:
    """A text, empty where nothing is said."""
    return "" if value is None else value if isinstance(value, str) else HOLE


def _planted(made: Made, what: str, url: str, pointer: Pointer, revision: str) -> Iterator[Planted]:
    path = dig(made.data, *pointer)
    if isinstance(path, str):
        place, origins = made.source(pointer)
        yield Planted(what, url, path, revision, place, origins)
