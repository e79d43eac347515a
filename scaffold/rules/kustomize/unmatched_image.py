"""An `images` entry names an image that no container of the overlay uses.

Kustomize says nothing, and the tag that somebody set has no effect: the workload keeps the image of its base. Neither
has it where the new name alone is in use, with another tag, or where the image stands outside of `containers` and
`initContainers`, at which alone kustomize 5.8 looks without a configuration.

Fails:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - pod.yaml
    images:
      - name: registry.example.com/wbe
        newTag: 1.2.0
    # pod.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.0.0

Passes:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - pod.yaml
    images:
      - name: registry.example.com/web
        newTag: 1.2.0
    # pod.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.0.0
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from scaffold import load
from scaffold.assemble import flux
from scaffold.model import Finding, Kustomization, Manifest, Overlay, Repository, Severity, dig, sequence
from scaffold.nearest import near

ID = "unmatched-image"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_LISTS = ("containers", "initContainers")
_ABOVE = ("components", "images", "patches")
_HIDING = ("components", "generators", "namePrefix", "nameSuffix", "replacements", "transformers", "vars")
_CHANGING = (*_HIDING, "images", "patches", "patchesJson6902", "patchesStrategicMerge")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every entry whose name, or new name, no rendered image has; a component need not fit all its users."""
    for overlay in repository.overlays.values():
        levels = list(_levels(overlay, repository))
        if any(_finds_more(level, repository) for level in levels):
            continue
        images = _images(overlay.manifests) if any(level.manifest.get("images") for level in levels) else {}
        if any(level.manifest.get("transformers") for level in levels):
            images |= _without_prefixes(images)
        for level in (level for level in levels if level.manifest.get("images") and not level.is_component):
            others = set(repository.conventions.piped)  # which a pipeline may read, whoever runs them
            if own := _own(level, overlay, levels, repository):
                yield from _unused(level, own, _images(own), others, last=True)
            else:
                others |= _renamed(other for other in levels if other is not level)
                last = _is_last(level, overlay) or _is_only(level, levels, overlay)
                yield from _unused(level, overlay.manifests, images, others, last=last)


def _without_prefixes(images: dict[str, set[str]]) -> dict[str, set[str]]:
    """The names that images may have had before a transformer put a registry in front of them."""
    ends = ((name.split("/", depth)[-1], tags) for name, tags in images.items() for depth in range(1, name.count("/")))
    return {end: tags for end, tags in ends if end not in images}


def _finds_more(level: Kustomization, repository: Repository) -> bool:
    """Tell whether a configuration of a level says where more images stand, or cannot be read."""
    named = [reference for reference in level.references if reference.field == "configurations"]
    files = [repository.files.get(reference.target) for reference in named]
    listed = len(sequence(level.manifest.get("configurations"))) > len(named)
    return listed or any(file is None or not file.keys or ("images",) in file.keys for file in files)


def _unused(
    level: Kustomization,
    manifests: Sequence[Manifest],
    images: dict[str, set[str]],
    renamed: set[str],
    *,
    last: bool,
) -> Iterator[Finding]:
    """The entries that do nothing: nobody has their name or, where nothing comes after them, their new tag."""
    used, entries = set(images), sequence(level.manifest.get("images"))
    for index, entry in enumerate(entries):
        name, becomes, tag = dig(entry, "name"), dig(entry, "newName") or dig(entry, "name"), dig(entry, "newTag")
        again = any(other is not entry and dig(other, "name") == becomes for other in entries)
        tags = images.get(str(becomes), set())
        broken = not {":", "/"}.isdisjoint(str(tag))  # what comes of it is no image, which another rule says
        made = broken or (becomes in used and (not last or again or not tag or not tags or str(tag) in tags))
        if isinstance(name, str) and not made and becomes not in renamed:
            taken = tuple(f"/{dig(other, 'name')}" for other in entries if other is not entry)
            free = {each for each in used if not f"/{each}".endswith(taken)}
            message = f"image {name!r} is used by no container, so the entry does nothing; {_remedy(name, free)}"
            if holder := next((each for each in manifests if name in set(_outside(each.data))), None):
                fact = f"image {name!r} of {holder.kind} {holder.name!r} stands in no list of containers"
                message = f"{fact}, so the entry does nothing; name its field in configurations, or patch it"
            yield Finding(level.place("images", index, "name"), ID, message, subject=name)


def _is_last(level: Kustomization, overlay: Overlay) -> bool:
    """Tell whether a level's entries have the last word on an image."""
    alone = not any(level.manifest.get(field) for field in ("replacements", "transformers", "vars"))
    above = overlay.build and any(overlay.build.manifest.get("spec", field) for field in _ABOVE)
    return level.directory == overlay.path and alone and not above


def _is_only(level: Kustomization, levels: list[Kustomization], overlay: Overlay) -> bool:
    """Tell whether nothing but a level has a word on images."""
    above = overlay.build and any(overlay.build.manifest.get("spec", field) for field in _ABOVE)
    told = any(other.manifest.get(field) for other in levels for field in ("replacements", "transformers", "vars"))
    return not above and not told and not any(o.manifest.get("images") for o in levels if o is not level)


def _own(level: Kustomization, overlay: Overlay, levels: list[Kustomization], repository: Repository) -> list[Manifest]:
    """The objects of a level below the first one that the files of it declare, where no other has a word on them."""
    below, leaves = load.closure(level.directory, repository.kustomizations)
    above = [item for item in levels if level.directory in load.closure(item.directory, repository.kustomizations)[0]]
    others = [item for item in levels if item is not level and (item in above or item.directory in below)]
    build = overlay.build and any(overlay.build.manifest.get("spec", field) for field in _ABOVE)
    told = any(item.manifest.get(field) for item in others for field in _CHANGING)
    if build or told or level.directory == overlay.path or any(level.manifest.get(field) for field in _HIDING):
        return []
    files = (repository.files[leaf.target] for leaf in leaves if leaf.target in repository.files)
    heads = {(head.kind, head.name) for file in files for head in file.heads}
    return [manifest for manifest in overlay.manifests if (manifest.kind, manifest.name) in heads]


def _levels(overlay: Overlay, repository: Repository) -> Iterator[Kustomization]:
    """The kustomizations that are entered; where Flux writes the first one, those that it lists."""
    known = repository.kustomizations
    starts = flux.starts(overlay.path, overlay.build) if overlay.build else (overlay.path,)
    entered = {inner: None for start in starts if start in known for inner in load.closure(start, known)[0]}
    yield from (known[directory] for directory in entered)


def _renamed(levels: Iterable[Kustomization]) -> set[str]:
    """The names that other levels give a new one."""
    entries = (entry for level in levels for entry in sequence(level.manifest.get("images")))
    return {str(dig(entry, "name")) for entry in entries if dig(entry, "newName")}


def _images(manifests: Sequence[Manifest]) -> dict[str, set[str]]:
    """The tags of every image by its name; of those outside of containers none, since what they mean is not known."""
    images = [c.get("image") for m in manifests for _, c in m.containers()]
    found: dict[str, set[str]] = {name: set() for m in manifests for name in _elsewhere(m)}
    for image in (image for image in images if isinstance(image, str)):
        name = _name(image)
        found.setdefault(name, set()).add(image.partition("@")[0][len(name) + 1 :])
    return found


def _name(image: str) -> str:
    name = image.partition("@")[0]
    return name.rpartition(":")[0] if ":" in name.rpartition("/")[2] else name


def _elsewhere(manifest: Manifest) -> Iterator[str]:
    """Images of kinds that hold containers in another place: kustomize looks for any `containers` list."""
    yield from _walk(manifest.data, ())


def _outside(data: Mapping[str, Any]) -> Iterator[str]:
    """Images that stand in no such list."""
    yield from _walk(data, _LISTS)


def _walk(data: Mapping[str, Any], without: tuple[str, ...]) -> Iterator[str]:
    pending = [data]
    while pending:
        value = pending.pop()
        for key, inner in value.items():
            if isinstance(inner, dict):
                pending.append(inner)
            elif isinstance(inner, list) and key not in without:
                pending += [item for item in inner if isinstance(item, dict)]
            elif key == "image" and isinstance(inner, str):
                yield _name(inner)


def _remedy(name: str, used: set[str]) -> str:
    others = {posixpath.basename(other): other for other in sorted(used - {name})}  # a registry is alike by itself
    guess = others.get(near(posixpath.basename(name), others), "")
    return f"did you mean {guess!r}?" if guess else "mend the name, or remove the entry"
