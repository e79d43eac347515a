"""The kinds that something in the cluster completes before the API server looks whether a field is missing.

Mutating admission comes before validation (Kubernetes, "Admission Control Phases"), so that what a webhook or a policy
adds need not stand in Git.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scaffold.model import Manifest, Repository, SourceFile, mapping, sequence
from scaffold.model.values import text

_GROUP = "admissionregistration.k8s.io"
_HOOKS = frozenset((f"{_GROUP}/MutatingWebhookConfiguration", f"{_GROUP}/MutatingAdmissionPolicy"))
_POLICIES = frozenset(("kyverno.io/ClusterPolicy", "kyverno.io/Policy"))
_CHARTS = {"kustomize-mutating-webhook": "kustomization"}  # the one for Flux's Kustomizations
_INSTALLING = frozenset(("HelmRelease", "OCIRepository"))
_ENDINGS = (("ies", "y"), ("sses", "ss"), ("s", ""))


def completed(repository: Repository) -> tuple[str, ...]:
    """The kinds in lower case, of what the files here install."""
    return tuple(sorted({name for file in repository.files.values() for name in _of_file(file)}))


def _of_file(file: SourceFile) -> Iterator[str]:
    kinds = {(head.group, head.kind) for head in file.heads}
    if not any(f"{group}/{kind}" in _HOOKS | _POLICIES or kind in _INSTALLING for group, kind in kinds):
        return
    for manifest in file.manifests():
        kind = f"{manifest.group}/{manifest.kind}"
        if kind in _HOOKS:
            yield from _hooked(manifest)
        elif kind in _POLICIES:
            yield from _mutated(manifest)
        elif manifest.kind == "HelmRelease":
            chart = text(manifest.get("spec", "chart", "spec", "chart"))
            yield from _charted(chart)
        elif manifest.kind == "OCIRepository":
            yield from _charted(text(manifest.get("spec", "url")).rpartition("/")[2])


def _charted(name: str) -> Iterator[str]:
    yield from (kind for chart, kind in _CHARTS.items() if chart == name)


def _hooked(manifest: Manifest) -> Iterator[str]:
    hooks = [mapping(item) for item in sequence(manifest.get("webhooks"))]
    rules = [rule for hook in hooks for rule in sequence(hook.get("rules"))]
    rules += sequence(manifest.get("spec", "matchConstraints", "resourceRules"))
    for rule in rules:
        yield from (_singular(str(name)) for name in sequence(mapping(rule).get("resources")))


def _mutated(manifest: Manifest) -> Iterator[str]:
    for rule in map(mapping, sequence(manifest.get("spec", "rules"))):
        if rule.get("mutate"):
            yield from (str(name).rpartition("/")[2].lower() for name in _kinds(mapping(rule.get("match"))))


def _kinds(match: Mapping[str, object]) -> Iterator[object]:
    for part in (match, *sequence(match.get("any")), *sequence(match.get("all"))):
        yield from sequence(mapping(mapping(part).get("resources")).get("kinds"))


def _singular(plural: str) -> str:
    ending, single = next((pair for pair in _ENDINGS if plural.endswith(pair[0])), ("", ""))
    return plural.lower().removesuffix(ending) + single
