"""Where an overlay gets an image from, and the edits that give it another version there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scaffold import load
from scaffold.bump import engines, forms, kustomizations, markers, values
from scaffold.bump.edits import Edit, Spot, sets
from scaffold.bump.reading import Document, Reading, Setting, Site
from scaffold.bump.values import Layer
from scaffold.discover import KUSTOMIZATION_NAMES
from scaffold.errors import ScaffoldError
from scaffold.model import How, Image, Overlay, Pointer, dig, mapping, sequence

_NO_WORKLOADS = frozenset(
    ("HelmRelease", "ImageRepository")
)  # the first is read as values, the second names no version
_CONTAINERS = frozenset(("containers", "initContainers", "ephemeralContainers"))


def settings(reading: Reading, overlay: Overlay, wanted: Image) -> Iterator[Setting]:
    """Every place that sets the wanted image for an overlay.

    Raises ScaffoldError where the only place that could be changed is one that other overlays share.
    """
    if overlay.how is How.HELM:
        yield from _of_values(reading, overlay, chart_layers(reading, overlay), wanted)
    elif overlay.path in reading.repository.kustomizations:
        yield from _kustomized(reading, overlay, wanted)
    else:
        for path in overlay.reads:
            yield from _owned(reading, overlay, reading.each(path), wanted)
    yield from _marked(reading, overlay, wanted)
    yield from _of_sources(reading, overlay, wanted)


def _kustomized(reading: Reading, overlay: Overlay, wanted: Image) -> Iterator[Setting]:
    """Entries of `images` first; where the overlay's own kustomization has one, it wins over all that lies below."""
    known = reading.repository.kustomizations
    entered = load.closure(overlay.path, known)[0]
    shared: list[Site] = []
    versioned: list[Setting] = []
    bare: list[Setting] = []  # a name without a version, which is set elsewhere or not at all
    top = False
    for directory in entered:
        path = known[directory].manifest.path
        for entry in kustomizations.entries(known[directory].manifest.data, wanted):
            site = Site(overlay.path, Spot(path), entry.pointer, entry.before)
            if not reading.is_owned(path):
                shared.append(site)
                continue
            top = top or directory == overlay.path
            yield Setting(site, tuple(Edit(Spot(path), change) for change in entry.changes))
    for document in documents(reading, load.read_by(overlay.path, known)):
        for found in forms.found(document.data, wanted):
            site = Site(overlay.path, document.spot, next(iter(found.sets)), found.before)
            in_container = any(part in _CONTAINERS for part in site.pointer)
            if reading.is_owned(site.spot.path):
                (versioned if found.before.version else bare).append(
                    Setting(site, tuple(sets(document.spot, found.sets)))
                )
            elif in_container:
                shared.append(site)
            elif found.before.version and not reading.is_owned(site.spot.path):
                raise _shared(reading, site)
    yield from versioned or (() if top else bare)
    if shared and not top:
        yield _entry(reading, overlay, shared[0], wanted)
    yield from _releases(reading, overlay, wanted)


def documents(reading: Reading, paths: Iterable[str]) -> Iterator[Document]:
    """The documents that a build reads, kustomizations without their `images`, which are no manifests."""
    for path in dict.fromkeys(paths):
        for document in reading.each(path):
            if dig(document.data, "kind") in _NO_WORKLOADS:
                continue
            own = path.rpartition("/")[2] in KUSTOMIZATION_NAMES and document.spot.within is None
            yield document._replace(data=_without_images(document.data)) if own else document


def _without_images(data: Any) -> Any:
    """A kustomization's own fields; where it holds anything else, that."""
    return {key: value for key, value in mapping(data).items() if key != "images"}


def _entry(reading: Reading, overlay: Overlay, shared: Site, wanted: Image) -> Setting:
    """A new entry in the overlay, because what sets the image below is shared."""
    manifest = reading.repository.kustomizations[overlay.path].manifest
    if not reading.is_owned(manifest.path):
        raise _shared(reading, shared)
    change = kustomizations.added(manifest.data, wanted, shared.before.name)
    others = ", ".join(reading.others(shared.spot.path)[:3])
    note = f"{shared.spot.path} is shared with {others}, so {manifest.path} gets an entry in images"
    spot = Spot(manifest.path)
    return Setting(Site(overlay.path, spot, change.pointer, shared.before), (Edit(spot, change),), note)


def _releases(reading: Reading, overlay: Overlay, wanted: Image) -> Iterator[Setting]:
    """The values of every HelmRelease, from the base to the patches of the overlay."""
    known = reading.repository.kustomizations
    layers: dict[str, list[Layer]] = {}
    entered = load.closure(overlay.path, known)[0]
    paths = [path for directory in reversed(entered) for path in _read_here(reading, directory)]
    for document in (item for path in dict.fromkeys(paths) for item in reading.each(path)):
        if dig(document.data, "kind") == "HelmRelease":
            name = str(dig(document.data, "metadata", "name"))
            given = mapping(dig(document.data, "spec", "values"))
            owned = reading.is_owned(document.spot.path)
            layers.setdefault(name, []).append(Layer(document.spot, ("spec", "values"), given, owned))
    for found in layers.values():
        yield from _of_values(reading, overlay, found, wanted)


def _read_here(reading: Reading, directory: str) -> list[str]:
    item = reading.repository.kustomizations[directory]
    order = {"resources": 0, "components": 1}
    named = sorted((r for r in item.references if not r.remote), key=lambda reference: order.get(reference.field, 2))
    return [*(reference.target for reference in named), item.manifest.path]


def _of_values(reading: Reading, overlay: Overlay, layers: list[Layer], wanted: Image) -> Iterator[Setting]:
    for wish in values.wishes(layers, wanted) if layers else ():
        site = Site(overlay.path, wish.layer.spot, (*wish.layer.pointer, *wish.pointer), wish.before)
        if wish.edits is None:
            raise _shared(reading, site)
        note = ""
        if wish.edits and all(item.spot.path != site.spot.path for item in wish.edits):
            note = f"{site.spot.path} is shared, so {wish.edits[0].spot.path} says it for this environment"
        yield Setting(site, wish.edits, note)


def _of_sources(reading: Reading, overlay: Overlay, wanted: Image) -> Iterator[Setting]:
    """What applications of the overlay set in their sources, and the files beside it that override them."""
    names = _values_by_name(reading, overlay, wanted)
    for document, pointer in engines.sources(reading, overlay):
        source = dig(document.data, *pointer)
        for found in (*forms.found(source, wanted, pointer), *_parameters(source, pointer, names)):
            site = Site(overlay.path, document.spot, next(iter(found.sets)), found.before)
            yield Setting(site, tuple(sets(document.spot, found.sets)))
        for inner in reading.within(document.spot.path, document.spot.document, (*pointer, "helm", "values")):
            for found in forms.found(inner.data, wanted):
                site = Site(overlay.path, inner.spot, next(iter(found.sets)), found.before)
                yield Setting(site, tuple(sets(inner.spot, found.sets)))


def _values_by_name(reading: Reading, overlay: Overlay, wanted: Image) -> dict[str, tuple[Image, str]]:
    """The values that set the image, by the dotted names that parameters use."""
    if overlay.how is not How.HELM:
        return {}
    wishes = values.wishes(chart_layers(reading, overlay), wanted)
    return {".".join(map(str, p)): (wish.before, text) for wish in wishes for p, text in wish.sets.items()}


def _parameters(source: Any, pointer: Pointer, names: Mapping[str, tuple[Image, str]]) -> Iterator[forms.Found]:
    """Parameters that set a version whose image the values name."""
    for index, item in enumerate(sequence(dig(source, "helm", "parameters"))):
        name = dig(item, "name")
        if name in names and isinstance(dig(item, "value"), str):
            before = names[name][0]._replace(tag=item["value"], digest="")
            yield forms.Found(before, {(*pointer, "helm", "parameters", index, "value"): names[name][1]})


def chart_layers(reading: Reading, overlay: Overlay) -> list[Layer]:
    """A chart's own values, those of the charts it depends on here, and the files that are given, lowest first."""
    assert overlay.release is not None
    chart = overlay.release.chart
    layers = []
    for name, directory in engines.dependencies(reading, chart):
        path = f"{directory}/values.yaml"
        layers += [Layer(Spot(path), (), {name: mapping(data)}, owned=False) for data in reading.documents(path)]
    own = [] if f"{chart}/values.yaml" in overlay.release.value_files else [f"{chart}/values.yaml"]
    for path in (*own, *overlay.release.value_files):
        owned = reading.is_owned(path)
        layers += [Layer(Spot(path), (), mapping(data), owned) for data in reading.documents(path)]
    return layers


def _marked(reading: Reading, overlay: Overlay, wanted: Image) -> Iterator[Setting]:
    """Scalars with a marker of a policy that is about the image."""
    items = {path: markers.marked(reading.text(path)) for path in overlay.reads}
    known = markers.policies([item for found in items.values() for item in found], wanted)
    known |= engines.policies(reading.repository, wanted)
    for path, marked in items.items():
        if reading.is_owned(path):
            for document, found in markers.found(marked, known, wanted):
                spot = Spot(path, document)
                yield Setting(
                    Site(overlay.path, spot, next(iter(found.sets)), found.before), tuple(sets(spot, found.sets))
                )


def _owned(reading: Reading, overlay: Overlay, documents: Iterable[Document], wanted: Image) -> Iterator[Setting]:
    for document in documents:
        for found in forms.found(document.data, wanted):
            site = Site(overlay.path, document.spot, next(iter(found.sets)), found.before)
            if not reading.is_owned(document.spot.path):
                raise _shared(reading, site)
            yield Setting(site, tuple(sets(document.spot, found.sets)))


def _shared(reading: Reading, site: Site) -> ScaffoldError:
    others = ", ".join(reading.others(site.spot.path)[:3]) or "others"
    return ScaffoldError(f"{site} sets it for {others} too; set it in {site.overlay} first, or bump the others with it")
