"""A template of a ResourceSet reads an input that is not given.

A ResourceSet fails as a whole where one set of its inputs lacks a key that is read (flux-operator 0.58), be that an
entry of its own or what a ResourceSetInputProvider exports: what its `type` says, and its `defaultValues`. Nothing is
told where providers are selected by labels, where another system says their keys, and where inputs are permuted.

Fails:

    # tenants/all.yaml
    apiVersion: fluxcd.controlplane.io/v1
    kind: ResourceSet
    metadata:
      name: shop
      namespace: tenants
    spec:
      inputs:
        - tenant: north
      resources:
        - apiVersion: v1
          kind: ConfigMap
          metadata:
            name: shop-<< inputs.tenant >>
            namespace: tenants
          data:
            region: << inputs.region | quote >>

Passes:

    # tenants/all.yaml
    apiVersion: fluxcd.controlplane.io/v1
    kind: ResourceSet
    metadata:
      name: shop
      namespace: tenants
    spec:
      inputs:
        - tenant: north
          region: europe
      resources:
        - apiVersion: v1
          kind: ConfigMap
          metadata:
            name: shop-<< inputs.tenant >>
            namespace: tenants
          data:
            region: << inputs.region | quote >>
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scaffold.model import Finding, Manifest, Pointer, Repository, Severity, dig, mapping, sequence
from scaffold.model.values import text
from scaffold.nearest import hint

ID = "missing-input"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_READ = re.compile(r"<<-?\s*inputs\.(\w+)[^<>]*>>")
_CONTROL = re.compile(r"<<-?\s*(?:(?:if|with|range|else|define|template|block|end)\b|/\*)")
_GIVEN = frozenset(("id", "provider"))  # by the operator itself
_PROVIDER = "ResourceSetInputProvider"
# By the end of the type; what any other one exports another system says.
_EXPORTED = {
    "Static": frozenset[str](),
    "PullRequest": frozenset(("sha", "branch", "author", "title")),
    "MergeRequest": frozenset(("sha", "branch", "author", "title")),
    "Environment": frozenset(("sha", "branch", "author", "title", "slug")),
    "Branch": frozenset(("branch", "sha")),
    "ArtifactTag": frozenset(("tag", "digest")),
    "Tag": frozenset(("tag", "sha")),
}


class _Set(NamedTuple):
    """The keys of one set of inputs: an entry of the ResourceSet, or what a provider exports."""

    keys: frozenset[str]
    position: int = 0
    provider: str = ""


def check(repository: Repository) -> Iterator[Finding]:
    """Yield the first place of every such input, but in resources that a condition may leave out."""
    for cluster in repository.flux:
        providers = {(m.namespace, m.name): m for m in cluster.of_kinds(_PROVIDER)}
        for manifest in cluster.of_kinds("ResourceSet"):
            sets, seen = list(_sets(manifest, providers)), set(_GIVEN)
            for pointer, name in _read(manifest) if sets else ():
                lacking = [each for each in sets if name not in each.keys]
                if lacking and name not in seen:
                    seen.add(name)
                    whole = all(each in lacking for each in sets if not each.provider)
                    yield _finding(manifest, name, pointer, lacking[0], whole=whole)


def _finding(manifest: Manifest, name: str, pointer: Pointer, lacking: _Set, *, whole: bool) -> Finding:
    """The flaw is where the one entry stands that lacks what others have, else where the key is read."""
    place, subject = manifest.place("spec", *pointer), f"{manifest.name}/{name}"
    who = f"ResourceSet {manifest.name!r}"
    if lacking.provider:
        fact = (
            f"ResourceSet {manifest.name!r} reads input {name!r}, which provider {lacking.provider!r} does not export"
        )
        return Finding(place, ID, f"{fact}; {hint(name, lacking.keys | {'id'})}", SEVERITY, subject=subject)
    if whole:
        fact = f"{who} reads input {name!r}, which no entry of inputs gives"
        return Finding(place, ID, f"{fact}; give it", SEVERITY, subject=subject)
    fact = f"{who}, an entry of inputs lacks {name!r}, which is read ({{0}}) and others give"
    entry = manifest.place("spec", "inputs", lacking.position)
    return Finding(entry, ID, f"{fact}; give it here, too", SEVERITY, subject=subject, related=(place,))


def _sets(manifest: Manifest, providers: Mapping[tuple[str, str], Manifest]) -> Iterator[_Set]:
    """All sets of inputs; none where a part of them is not known, or they are permuted."""
    references = sequence(manifest.get("spec", "inputsFrom"))
    named = [providers.get((manifest.namespace, text(dig(entry, "name")))) for entry in references]
    exported = [_exported(each) if each else None for each in named]
    if None in exported or manifest.get("spec", "inputStrategy", "name") == "Permute":
        return
    for index, entry in enumerate(sequence(manifest.get("spec", "inputs"))):
        yield _Set(frozenset(map(str, mapping(entry))), index)
    yield from (
        _Set(keys, provider=each.name) for keys, each in zip(exported, named, strict=True) if keys is not None and each
    )


def _exported(provider: Manifest) -> frozenset[str] | None:
    """The keys that a provider exports; None where files do not say them."""
    kind, defaults = text(provider.get("spec", "type")), provider.get("spec", "defaultValues")
    if "${" in f"{kind}{defaults}":
        return None
    known = next((keys for end, keys in _EXPORTED.items() if kind.endswith(end)), None)
    return None if known is None else known | set(map(str, mapping(defaults)))


def _read(manifest: Manifest) -> Iterator[tuple[Pointer, str]]:
    for index, resource in enumerate(sequence(manifest.get("spec", "resources"))):
        texts = list(_texts(resource, ("resources", index)))
        if not any(_CONTROL.search(said) for _, said in texts):
            yield from ((pointer, found[1]) for pointer, said in texts for found in _READ.finditer(said))


def _texts(value: Any, pointer: Pointer) -> Iterator[tuple[Pointer, str]]:
    """Every text in a tree, with its pointer; keys are left out."""
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, (*pointer, str(key)))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*pointer, index))
