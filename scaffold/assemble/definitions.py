"""The kinds that objects of the repository define: CustomResourceDefinitions, and what operators make into them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from scaffold import load, schemas
from scaffold.discover import LARGEST, Tree
from scaffold.model import Manifest, Repository, SourceFile, dig, mapping, sequence
from scaffold.model.values import text

_Definition = Mapping[str, Any]
_DEFINITION = ("apiextensions.k8s.io", "CustomResourceDefinition")
_ANY = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}


def own(files: Mapping[str, SourceFile]) -> Iterator[tuple[tuple[str, str], Any]]:
    """Yield ((apiVersion, kind), schema) of the custom resources that the repository itself defines."""
    yield from of(files[path] for path in sorted(files))


def of(files: Iterable[SourceFile]) -> Iterator[tuple[tuple[str, str], Any]]:
    """The same of some files in their order."""
    declaring = (file for file in files if any((head.group, head.kind) in _MADE for head in file.heads))
    for manifest in (manifest for file in declaring for manifest in file.manifests()):
        make = _MADE.get((manifest.group, manifest.kind))
        for definition in make(manifest) if make else ():
            # A definition that a server refuses defines nothing.
            if not schemas.check(definition, ""):
                yield from schemas.crd_schemas(definition)


def in_use(repository: Repository, resting: frozenset[str]) -> dict[tuple[str, str], Any]:
    """The schemas of the repository, without what only files that rest say of kinds that are known without them.

    Such a definition may be older than what is in the cluster, as that of a template, or of another way to install.
    """
    asleep = {path: file for path, file in repository.files.items() if path in resting}
    said = {key for key, _ in own(asleep) if schemas.scope(*key)}
    if not said:
        return dict(repository.own_schemas)
    awake = dict(own({path: file for path, file in repository.files.items() if path not in resting}))
    kept = ((key, schema) for key, schema in repository.own_schemas.items() if key in awake or key not in said)
    return {key: awake.get(key, schema) for key, schema in kept}


def files_of_charts(tree: Tree) -> dict[str, SourceFile]:
    """The files of definitions that charts bring along, by their paths: Helm takes them as they stand (3 and 4)."""
    inside = tuple(f"{chart}/crds/".lstrip("/") for chart in tree.charts)
    files = {path: stamp for path, stamp in tree.others.items() if path.startswith(inside)}
    paths = [p for p, stamp in files.items() if p.endswith((".yaml", ".yml")) and stamp.size <= LARGEST]
    return {path: load.source_file(path, load.text(tree.root / path).encode(), keep=True) for path in paths}


def _itself(manifest: Manifest) -> Iterator[_Definition]:
    yield manifest.data


def _promised(manifest: Manifest) -> Iterator[_Definition]:
    """Kratix (v1alpha1): a Promise has the definition of what may be asked for in `spec.api`."""
    api = mapping(manifest.get("spec", "api"))
    if api.get("kind") == "CustomResourceDefinition":
        yield api


def _composite(manifest: Manifest) -> Iterator[_Definition]:
    """Crossplane (1 and 2): a definition is made for the composite, and another one for its claim."""
    claims = mapping(manifest.get("spec", "claimNames"))
    namespaced = text(manifest.get("spec", "scope")) == "Namespaced"
    if names := mapping(manifest.get("spec", "names")):
        yield _crossplane(manifest, names, "Namespaced" if namespaced else "Cluster")
    if claims:
        yield _crossplane(manifest, claims, "Namespaced")


def _crossplane(manifest: Manifest, names: Mapping[str, Any], scope: str) -> _Definition:
    versions = [mapping(version) for version in sequence(manifest.get("spec", "versions"))]
    listed = [(version.get("name"), _with_own(dig(version, "schema", "openAPIV3Schema"))) for version in versions]
    return _made(manifest.get("spec", "group"), names, scope, listed)


def _with_own(schema: Any) -> _Definition:
    """A composite's schema with the fields beside its own that Crossplane adds to `spec`, and any status."""
    spec = mapping(dig(schema, "properties", "spec"))
    added = {name: {**_ANY} for name in _CROSSPLANE} | {name: {"type": "string"} for name in _CROSSPLANE_TEXTS}
    fields = {**added, **mapping(spec.get("properties"))}
    whole = {**mapping(schema), "properties": {**mapping(dig(schema, "properties")), "status": {**_ANY}}}
    whole["properties"]["spec"] = {"type": "object", **spec, "properties": fields}
    return whole


_CROSSPLANE = (
    *("claimRef", "compositionRef", "compositionRevisionRef", "compositionRevisionSelector", "compositionSelector"),
    *("crossplane", "publishConnectionDetailsTo", "resourceRef", "writeConnectionSecretToRef"),
)
_CROSSPLANE_TEXTS = ("compositeDeletePolicy", "compositionUpdatePolicy")


def _constraint(manifest: Manifest) -> Iterator[_Definition]:
    """Gatekeeper (3): the kind of a ConstraintTemplate's constraints, whose parameters are not looked at here."""
    names = mapping(manifest.get("spec", "crd", "spec", "names"))
    listed = [(version, {**_ANY}) for version in ("v1beta1", "v1alpha1")]
    yield _made("constraints.gatekeeper.sh", names, "Cluster", listed)


def _graph(manifest: Manifest) -> Iterator[_Definition]:
    """Kro (v1alpha1): the kind of a ResourceGraphDefinition, whose schema is in a language of its own."""
    schema = mapping(manifest.get("spec", "schema"))
    scope = text(schema.get("scope")) or "Namespaced"
    yield _made(schema.get("group") or "kro.run", schema, scope, [(schema.get("apiVersion"), {**_ANY})])


def _made(group: Any, names: Mapping[str, Any], scope: str, listed: Sequence[tuple[Any, _Definition]]) -> _Definition:
    kind = text(names.get("kind"))
    plural = text(names.get("plural")) or f"{kind.lower()}s"
    versions = [
        {"name": name, "served": True, "storage": not index, "schema": {"openAPIV3Schema": schema}}
        for index, (name, schema) in enumerate(listed)
    ]
    spec = {"group": group, "names": {"kind": kind, "plural": plural}, "scope": scope, "versions": versions}
    metadata = {"name": f"{plural}.{group}"}
    return {"apiVersion": "apiextensions.k8s.io/v1", "kind": _DEFINITION[1], "metadata": metadata, "spec": spec}


_MADE: Mapping[tuple[str, str], Callable[[Manifest], Iterator[_Definition]]] = {
    _DEFINITION: _itself,
    ("apiextensions.crossplane.io", "CompositeResourceDefinition"): _composite,
    ("kro.run", "ResourceGraphDefinition"): _graph,
    ("platform.kratix.io", "Promise"): _promised,
    ("templates.gatekeeper.sh", "ConstraintTemplate"): _constraint,
}
