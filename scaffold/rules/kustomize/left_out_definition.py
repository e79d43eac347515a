"""A chart is inflated without the definitions of kinds that the same build uses.

Kustomize 5.8 leaves out what stands in the `crds/` of a chart unless its entry in `helmCharts` has `includeCRDs: true`.
Looked at are charts that stand in this repository. Passed over are kinds that another file here defines, charts that
something else here installs too, and entries that say `includeCRDs: false`, which mean it.

Fails:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - rules.yaml
    helmCharts:
      - name: guard
        releaseName: guard
    # rules.yaml
    apiVersion: guard.example.com/v1
    kind: Rule
    metadata:
      name: web
    # charts/guard/Chart.yaml
    apiVersion: v2
    name: guard
    version: 1.0.0
    # charts/guard/crds/rules.yaml
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata:
      name: rules.guard.example.com
    spec:
      group: guard.example.com
      scope: Namespaced
      names:
        kind: Rule
        plural: rules
      versions:
        - name: v1
          served: true
          storage: true
          schema:
            openAPIV3Schema:
              type: object

Passes:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - charts/guard/crds/rules.yaml
      - rules.yaml
    # rules.yaml
    apiVersion: guard.example.com/v1
    kind: Rule
    metadata:
      name: web
    # charts/guard/Chart.yaml
    apiVersion: v2
    name: guard
    version: 1.0.0
    # charts/guard/crds/rules.yaml
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata:
      name: rules.guard.example.com
    spec:
      group: guard.example.com
      scope: Namespaced
      names:
        kind: Rule
        plural: rules
      versions:
        - name: v1
          served: true
          storage: true
          schema:
            openAPIV3Schema:
              type: object
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from scaffold import load
from scaffold.assemble import inflated
from scaffold.model import Finding, Head, Kustomization, Manifest, Place, Repository, Severity, mapping, sequence
from scaffold.model.values import text

ID = "left-out-definition"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_KIND = "CustomResourceDefinition"
_RELEASE = "helm.toolkit.fluxcd.io/HelmRelease"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every entry whose chart has a definition that the files of its kustomization need."""
    for item in repository.kustomizations.values():
        for index, entry in enumerate(map(mapping, sequence(item.manifest.get("helmCharts")))):
            name, chart = text(entry.get("name")), inflated.directory(item, entry)
            brought = _brought(repository, chart) if name and "includeCRDs" not in entry else {}
            if not brought or _is_elsewhere(repository, chart, name):
                continue
            used = next(((head, path) for head, path in _declared(repository, item) if _key(head) in brought), None)
            if used:
                yield _finding(item.place("helmCharts", index, "name"), name, used)


def _finding(place: Place, name: str, used: tuple[Head, str]) -> Finding:
    (head, path) = used
    fact = f"chart {name!r} is inflated without its definition of kind {head.kind!r}, which {{0}} needs"
    related = (Place(path, head.document, ("kind",), at_key=True),)
    return Finding(place, ID, f"{fact}; add `includeCRDs: true`", subject=f"{name}/{head.kind}", related=related)


def _brought(repository: Repository, chart: str) -> frozenset[tuple[str, str]]:
    """The kinds that files in the chart define, and no others here."""
    inside = tuple(m for m in repository.definitions if m.path.startswith(f"{chart}/crds/"))
    return frozenset(_defined(inside)) - repository.once(_known) if inside else frozenset()


def _known(repository: Repository) -> frozenset[tuple[str, str]]:
    return frozenset(_defined(repository.manifests(f"apiextensions.k8s.io/{_KIND}")))


def _defined(manifests: Iterable[Manifest]) -> Iterator[tuple[str, str]]:
    for manifest in manifests:
        if manifest.kind == _KIND:
            yield text(manifest.get("spec", "group")), text(manifest.get("spec", "names", "kind"))


def _key(head: Head) -> tuple[str, str]:
    return head.group, head.kind


def _declared(repository: Repository, item: Kustomization) -> Iterator[tuple[Head, str]]:
    """What the files say that a build of a kustomization reads as resources."""
    _, leaves = load.closure(item.directory, repository.kustomizations)
    for leaf in leaves:
        file = repository.files.get(leaf.target) if leaf.field == "resources" and not leaf.remote else None
        yield from ((head, leaf.target) for head in (file.heads if file else ()))


def _is_elsewhere(repository: Repository, chart: str, name: str) -> bool:
    """Tell whether something else installs the chart, or what stands in it."""
    sources = [source for application in repository.foreseen for source in application.sources]
    if any(source.chart == name or f"{source.path}/".startswith(f"{chart}/") for source in sources):
        return True
    levels = repository.kustomizations.values()
    listed = (reference.target for level in levels for reference in level.references)
    entries = (mapping(each) for level in levels for each in sequence(level.manifest.get("helmCharts")))
    full = any(each.get("includeCRDs") and text(each.get("name")).startswith(name) for each in entries)
    releases = (text(each.get("spec", "chart", "spec", "chart")) for each in repository.manifests(_RELEASE))
    taken = any(posixpath.basename(release).startswith(name) for release in releases)
    named = any(path.startswith(f"{chart}/") for path in (*listed, *repository.scripted))
    return full or taken or named
