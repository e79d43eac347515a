"""A patch selects an object that is not there.

Kustomize says nothing about a `target` that matches no object: the patch is as if it were not there. Names and kinds
are patterns that have to match as a whole; group and version have to be the object's own. A strategic merge patch
without a target names one object, and kustomize refuses to build where that is not there. A patch of a component counts
where it matches nothing in any kustomization that takes the component; one without a name may be for whatever comes,
and one by a label for what may get it, where another patch asks for a value of that label which is there.

Fails:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - config.yaml
    patches:
      - target:
          kind: ConfigMap
          name: wbe
        patch: |
          - op: add
            path: /data/mode
            value: fast
    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    data: {}

Passes:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - config.yaml
    patches:
      - target:
          kind: ConfigMap
          name: web
        patch: |
          - op: add
            path: /data/mode
            value: fast
    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    data: {}
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scaffold import load
from scaffold.assemble import above, layers, patchable
from scaffold.model import Finding, Head, Kustomization, Place, Pointer, Repository, Severity, dig, mapping, sequence
from scaffold.nearest import near
from scaffold.rules import targets

ID = "unmatched-patch"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_EQUAL = re.compile(r"\s*([\w./-]+)\s*==?\s*([\w.-]+)\s*")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every patch that no object of its layer fits; a layer that cannot be known is left alone."""
    known: layers.Known = {}
    for item in repository.kustomizations.values():
        yield from of_layer(repository, item, known)


def of_layer(repository: Repository, item: Kustomization, known: layers.Known | None = None) -> Iterator[Finding]:
    """Yield the patches of one kustomization that match nothing."""
    if _is_meant_for_others(item):
        return
    named, heads = list(_targets(item)), list(_strategic(repository, item))
    wanted = named or heads or any(_labels(item))
    layer = patchable.of(repository, item, known) if wanted else None
    if layer is None:
        return
    for place, head in heads:
        if not any(_is_of(head, candidate) for candidate in layer):
            fact = f"patch of {head.kind} {head.name!r} matches no object, so nothing is built"
            remedy = targets.remedy(_meant(head, layer), layer)
            related = tuple(_other(repository, item, head, place))[:1] if remedy.endswith("?") else ()
            message = f"{fact}; {remedy[:-1]} ({{0}})?" if related else f"{fact}; {remedy}"
            yield Finding(place, ID, message, subject=f"{item.directory}/{head.kind}/{head.name}", related=related)
    others = [*(other for _, _, other, selects in named if not selects), *(_shown(head) for _, head in heads)]
    for name, index, target, selects in named:
        if not any(layers.fits(target, candidate) for candidate in layer):
            where = " of what takes this component" if item.is_component else ""
            fact = f"patch target {targets.shown(target)} matches no object{where}, so the patch does nothing"
            place = item.place(name, index, "target")
            done = not selects and _is_done(target, layer, others)
            unlisted = tuple(_unlisted(repository, item, target))[:1]
            remedy = "remove the patch" if done else _remedy(item, target, layer, unlisted)
            message = f"{fact}; {remedy}"
            if selects and not remedy.endswith("?"):  # it may be meant for whatever has such labels
                continue
            if _is_commented_out(repository, item, target) or _is_for_any(item, target, layer):
                continue
            subject = f"{item.directory}/{targets.shown(target)}"
            yield Finding(place, ID, message, subject=subject, related=() if done else unlisted)
    yield from _labelled(repository, item, layer)


def _remedy(
    item: Kustomization, target: Mapping[str, Any], layer: list[layers.Candidate], unlisted: tuple[Place, ...]
) -> str:
    if unlisted:
        return "list the file that has it ({0}) in the kustomization beside that, or remove the patch"
    if not layer and not item.is_component:
        return "list the resources that it is for, as there are none, or remove the patch"
    return targets.remedy(target, layer)


def _unlisted(repository: Repository, item: Kustomization, target: Mapping[str, Any]) -> Iterator[Place]:
    """The object itself in a file beside what the layer reads, which the kustomization there does not list."""
    known = repository.kustomizations
    begun = [start for start in patchable.starts(repository, item) if start in known]
    entered = {inner for start in begun for inner in load.closure(start, known)[0]}
    named = repository.once(_named).get((str(target.get("kind")), str(target.get("name"))), ())
    found = (place for place in named if posixpath.dirname(place.path) in entered)
    read = {path for start in entered for path in load.read_by(start, known)}
    yield from (place for place in found if place.path not in read)


def _named(repository: Repository) -> Mapping[tuple[str, str], list[Place]]:
    """Where each object stands, by its kind and name."""
    found: dict[tuple[str, str], list[Place]] = {}
    for path, file in repository.files.items():
        for head in file.heads:
            found.setdefault((head.kind, head.name), []).append(Place(path, head.document, ("metadata", "name")))
    return found


def _is_meant_for_others(item: Kustomization) -> bool:
    """Tell a component by its place where the file does not say what it is, which kustomize takes for a build."""
    return not item.manifest.data.get("kind") and "components" in item.directory.split("/")[:-1]


def _is_done(target: Mapping[str, Any], layer: list[layers.Candidate], others: Iterable[Mapping[str, Any]]) -> bool:
    """Tell whether another patch is for what a target was most likely meant for."""
    key, guess = targets.meant(target, layer) or ("", "")
    wanted = {**target, key: guess}.items()
    return bool(key and guess) and any(wanted <= other.items() for other in others if other != target)


def _shown(head: Head) -> dict[str, str]:
    """A patch without a target, as one."""
    return {"group": head.group, "kind": head.kind, "name": head.name, "namespace": head.namespace}


def _is_for_any(item: Kustomization, target: Mapping[str, Any], layer: list[layers.Candidate]) -> bool:
    """Tell whether a component has a patch for whatever there is of a kind, beside one for the kind that is there."""
    if target.get("name") or not item.is_component:
        return False
    key, guess = targets.meant(target, layer) or ("kind", target.get("kind"))
    return key == "kind" and guess in {other.get("kind") for _, _, other, _ in _targets(item)}


def _is_commented_out(repository: Repository, item: Kustomization, target: Mapping[str, Any]) -> bool:
    """Tell whether the kustomization has the file of what a target names commented out, by the file's name."""
    said = repository.files[item.manifest.path].comments.entries
    return target.get("name") in {posixpath.splitext(posixpath.basename(entry))[0] for entry in said}


def _labelled(repository: Repository, item: Kustomization, layer: list[layers.Candidate]) -> Iterator[Finding]:
    """Yield the targets that ask for a label which nothing gives to any object of the layer."""
    for index, selector, key, value in _labels(item):
        given = {pair[1] for candidate in layer for pair in candidate.head.labels if pair[0] == key}
        if not given or value in given or (item.is_component and _is_chosen(repository, key, given)):
            continue
        if not any(key in text for text in _said(repository, item)):
            where = " of what takes this component" if item.is_component else ""
            fact = f"patch target with label {key}={value} matches no object{where}, so the patch does nothing"
            guess = near(value, given) or min(given)
            place = item.place("patches", index, "target", "labelSelector")
            message = f"{fact}; did you mean {guess!r}?"
            yield Finding(place, ID, message, subject=f"{item.directory}/{selector}")


def _is_chosen(repository: Repository, key: str, given: set[str]) -> bool:
    """Tell whether a label chooses between patches, of which one is for what is there, and another may yet be."""
    return any((key, value) in repository.once(_asked) for value in given)


def _asked(repository: Repository) -> frozenset[tuple[str, str]]:
    """Every label, with its value, that some patch asks for."""
    return frozenset(found[2:] for item in repository.kustomizations.values() for found in _labels(item))


def _labels(item: Kustomization) -> Iterator[tuple[int, str, str, str]]:
    """The targets that ask for one label by its value: position, selector, key and value."""
    for index, entry in enumerate(sequence(item.manifest.get("patches"))):
        selector = dig(entry, "target", "labelSelector")
        found = _EQUAL.fullmatch(selector) if isinstance(selector, str) else None
        if found:
            yield index, found[0], found[1], found[2]


def _said(repository: Repository, item: Kustomization) -> Iterator[str]:
    """What the kustomizations of a layer say of labels, and their patches, which may set some too."""
    known = repository.kustomizations
    starts = {item.directory, *patchable.starts(repository, item)}
    starts |= {added for start in starts for added in above.components(repository, start)}
    for directory in {inner for start in starts & known.keys() for inner in load.closure(start, known)[0]}:
        data = known[directory].manifest.data
        fields = ("commonLabels", "labels", "configMapGenerator", "secretGenerator", "generatorOptions")
        yield from (str(data[field]) for field in fields if field in data)
        for entry in sequence(data.get("patches")):
            path, text = dig(entry, "path"), dig(entry, "patch")
            file = repository.files.get(posixpath.normpath(posixpath.join(directory, str(path)))) if path else None
            yield str(text or (file.documents if file else ""))


def _other(repository: Repository, item: Kustomization, head: Head, patch: Place) -> Iterator[Place]:
    """The object that was meant, the one of that kind which is called most like it."""
    starts = [item.directory, *above.components(repository, item.directory)]
    patches = {patch.path, *(r.target for r in item.references if r.field.startswith("patches"))}
    found = (path for start in starts for path in load.read_by(start, repository.kustomizations))
    read = [path for path in found if path not in patches]
    files = [repository.files[path] for path in read if path in repository.files]
    own = [(file.path, other) for file in files for other in file.heads if other.kind == head.kind]
    name = near(head.name, (other.name for _, other in own))
    yield from (Place(path, other.document, ("metadata", "name")) for path, other in own if name and other.name == name)


def _targets(item: Kustomization) -> Iterator[tuple[str, int, Mapping[str, Any], bool]]:
    """Every target with what it says, and whether labels or annotations decide too."""
    for name in ("patches", "patchesJson6902"):
        for index, entry in enumerate(sequence(item.manifest.get(name))):
            whole = mapping(mapping(entry).get("target"))
            if target := targets.told(whole):
                yield name, index, target, target != whole


def _strategic(repository: Repository, item: Kustomization) -> Iterator[tuple[Place, Head]]:
    """What the patches without a target speak of, with the place where they say so."""
    for field in ("patches", "patchesStrategicMerge"):
        for index, entry in enumerate(sequence(item.manifest.get(field))):
            if mapping(mapping(entry).get("target")):
                continue
            path, text = (entry, entry) if isinstance(entry, str) else (dig(entry, "path"), dig(entry, "patch"))
            where = posixpath.join(item.directory, path) if isinstance(path, str) else ""
            file = repository.files.get(posixpath.normpath(where))
            if file:
                yield from ((Place(file.path, head.document, ("metadata", "name")), head) for head in file.heads)
            elif isinstance(text, str):
                pointer: Pointer = (field, index) if isinstance(entry, str) else (field, index, "patch")
                yield from ((item.place(*pointer), head) for head in load.source_file("", text.encode()).heads)


def _is_of(head: Head, candidate: layers.Candidate) -> bool:
    """The version has to be the same (kustomize 5.8); no namespace and `default` are one."""
    same = (head.api_version, head.kind) == (candidate.head.api_version, candidate.head.kind)
    namespaces = {namespace or "default" for namespace in candidate.namespaces}
    return same and (head.name in candidate.names or not head.name) and (head.namespace or "default") in namespaces


def _meant(head: Head, layer: list[layers.Candidate]) -> dict[str, str]:
    """A patch as a target; of what an object of its kind and name has otherwise, the version counts first."""
    named = {"kind": head.kind, "name": head.name}
    if not any(layers.fits(named, candidate) for candidate in layer):
        return named
    group, _, version = head.api_version.rpartition("/")
    versioned = named | ({"group": group} if group else {}) | {"version": version}
    if not any(layers.fits(versioned, candidate) for candidate in layer):
        return versioned
    return named | {"namespace": head.namespace or "default"}
