"""Fields of a Flux object do not go together, and the API server refuses it.

The definitions of Flux 2.9 and of flux-operator say so in rules of their own, beyond the types of fields. The
Kustomization that applies the object fails as a whole.

Fails:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: sources
      namespace: flux-system
    spec:
      interval: 10m
      path: ./sources
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # sources/charts.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: Bucket
    metadata:
      name: charts
      namespace: flux-system
    spec:
      interval: 10m
      provider: generic
      bucketName: charts
      endpoint: objects.example.com
      serviceAccountName: fetcher

Passes:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: sources
      namespace: flux-system
    spec:
      interval: 10m
      path: ./sources
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # sources/charts.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: Bucket
    metadata:
      name: charts
      namespace: flux-system
    spec:
      interval: 10m
      provider: generic
      bucketName: charts
      endpoint: objects.example.com
      secretRef:
        name: charts
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from scaffold.model import Finding, FluxCluster, Manifest, Pointer, Repository, Severity, dig, is_variable, mapping
from scaffold.model.values import is_templated, text

ID = "refused-flux-field"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_Flaw = tuple[Pointer, str]
_FORGES = frozenset(("azuredevops", "bitbucket", "bitbucketserver", "gitea", "github", "gitlab"))
_WITHOUT_URL = frozenset(("ExternalArtifact", "Static"))


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every object of a cluster that has such fields, as far as no variable hides one."""
    for cluster in repository.flux:
        for manifest in cluster.of_kinds(*_CHECKS):
            for pointer, fact in _CHECKS[manifest.kind](_spec(manifest)):
                if _is_whole(cluster, manifest, pointer):
                    message = f"{manifest.kind} {manifest.name!r} is refused, {fact}"
                    subject = f"{manifest.name}/{'.'.join(map(str, pointer))}"
                    yield Finding(manifest.place("spec", *pointer), ID, message, subject=subject)
        yield from _instances(cluster)


def _instances(cluster: FluxCluster) -> Iterator[Finding]:
    for manifest in cluster.of_kinds("FluxInstance"):
        if manifest.name != "flux" and not (is_variable(manifest.name) or is_templated(manifest.name)):
            message = f"FluxInstance {manifest.name!r} is refused, it may have no other name than 'flux'; call it so"
            yield Finding(manifest.place("metadata", "name"), ID, message, subject=manifest.name)


def _spec(manifest: Manifest) -> Mapping[str, Any]:
    return mapping(manifest.get("spec"))


def _is_whole(cluster: FluxCluster, manifest: Manifest, pointer: Pointer) -> bool:
    """Tell whether nothing else decides: a field that is absent may come from a patch where no cluster is built."""
    value = manifest.get("spec", *pointer)
    return not is_variable(value) and not is_variable(manifest.get("spec", "type")) and bool(cluster.syncs)


def _receiver(spec: Mapping[str, Any]) -> Iterator[_Flaw]:
    if spec.get("type") and (spec.get("type") == "generic-oidc") == ("secretRef" in spec):
        kind = text(spec.get("type"))
        remedy = "take secretRef away" if "secretRef" in spec else "add secretRef"
        fact = "may have no secretRef" if "secretRef" in spec else "needs a secretRef"
        yield ("secretRef" if "secretRef" in spec else "type",), f"one of type {kind!r} {fact}; {remedy}"


def _provider(spec: Mapping[str, Any]) -> Iterator[_Flaw]:
    if "commitStatusExpr" in spec and spec.get("type") and text(spec["type"]) not in _FORGES:
        fact = f"commitStatusExpr is for a Git forge only, and type {spec['type']!r} is none"
        yield ("commitStatusExpr",), f"{fact}; take it away"


def _policy(spec: Mapping[str, Any]) -> Iterator[_Flaw]:
    told = spec.get("digestReflectionPolicy")
    if told == "Always" and "interval" not in spec:
        yield ("digestReflectionPolicy",), "digestReflectionPolicy 'Always' needs an interval; add spec.interval"
    if "interval" in spec and not is_variable(told) and told != "Always":
        fact = f"interval is only for digestReflectionPolicy 'Always', and that is {text(told) or 'Never'!r}"
        yield ("interval",), f"{fact}; take the interval away"


def _bucket(spec: Mapping[str, Any]) -> Iterator[_Flaw]:
    if "serviceAccountName" in spec and spec.get("provider", "generic") == "generic":
        fact = "provider 'generic' knows no serviceAccountName; name the provider of a cloud, or give a secretRef"
        yield ("serviceAccountName",), fact
    elif "serviceAccountName" in spec and "secretRef" in spec:
        yield ("serviceAccountName",), "serviceAccountName and secretRef exclude each other; leave one"


def _release(spec: Mapping[str, Any]) -> Iterator[_Flaw]:
    for action in ("install", "upgrade"):
        told = mapping(dig(spec, action, "strategy"))
        if told.get("name") == "RemediateOnFailure" and "retryInterval" in told:
            fact = f"{action}.strategy.retryInterval only goes with 'RetryOnFailure', and the strategy is "
            fact += "'RemediateOnFailure'; take one of them"
            yield (action, "strategy", "retryInterval"), fact


def _inputs(spec: Mapping[str, Any]) -> Iterator[_Flaw]:
    kind = text(spec.get("type"))
    without = kind in _WITHOUT_URL
    if without and "url" in spec:
        yield ("url",), f"type {kind!r} may have no url; take it away"
    if kind and not without and "url" not in spec:
        yield ("type",), f"type {kind!r} needs a url; add it"


_CHECKS: Mapping[str, Callable[[Mapping[str, Any]], Iterator[_Flaw]]] = {
    "Bucket": _bucket,
    "HelmRelease": _release,
    "ImagePolicy": _policy,
    "Provider": _provider,
    "Receiver": _receiver,
    "ResourceSetInputProvider": _inputs,
}
