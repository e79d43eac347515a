"""A base's HelmRelease sets a value by itself that an environment sets, too, and in vain.

What stands in `values` wins over all that `valuesFrom` names (helm-controller 1.4), so that a key of the base is alike
everywhere, whatever the ConfigMap of an environment says. Only ConfigMaps that the overlay of an environment makes are
looked at, and only values that are written in the base itself, other than there.

Fails:

    # apps/base/release.yaml
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: web
      namespace: web
    spec:
      interval: 1h
      chartRef:
        kind: OCIRepository
        name: web
      valuesFrom:
        - kind: ConfigMap
          name: web-values
      values:
        replicas: 1
    # apps/base/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - release.yaml
    # apps/overlays/production/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base
    configMapGenerator:
      - name: web-values
        namespace: web
        files:
          - values.yaml
        options:
          disableNameSuffixHash: true
    # apps/overlays/production/values.yaml
    replicas: 4
    size: large

Passes:

    # apps/base/release.yaml
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: web
      namespace: web
    spec:
      interval: 1h
      chartRef:
        kind: OCIRepository
        name: web
      valuesFrom:
        - kind: ConfigMap
          name: web-values
      values:
        mode: fast
    # apps/base/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - release.yaml
    # apps/overlays/production/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base
    configMapGenerator:
      - name: web-values
        namespace: web
        files:
          - values.yaml
        options:
          disableNameSuffixHash: true
    # apps/overlays/production/values.yaml
    replicas: 4
    size: large
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold import parse
from scaffold.assemble.references import unhashed
from scaffold.model import Finding, Manifest, Overlay, Repository, Severity, dig, mapping, sequence
from scaffold.model.values import Pointer, text

ID = "overruled-value"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_RELEASE = "helm.toolkit.fluxcd.io/HelmRelease"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every value of a base that wins over that of the environment which the overlay is of."""
    for overlay in repository.overlays.values():
        for manifest in overlay.of(_RELEASE) if overlay.environment else ():
            for path, source in _overruled(repository, overlay, manifest):
                name = ".".join(map(str, path))
                fact = f"HelmRelease {manifest.name!r} sets value {name!r} itself, and what ConfigMap {source!r} of an"
                message = f"{fact} environment says of it never counts; remove it here, or there"
                place = manifest.place("spec", "values", *path, at_key=True)
                yield Finding(place, ID, message, subject=f"{manifest.name}/{name}")


def _overruled(repository: Repository, overlay: Overlay, manifest: Manifest) -> Iterator[tuple[Pointer, str]]:
    """The values of a release that win over others, each with the ConfigMap that these come from."""
    written = _written(repository, overlay, manifest)
    if not written:
        return
    for index, _ in enumerate(sequence(manifest.get("spec", "valuesFrom"))):
        for source in _sources(repository, overlay, manifest, index):
            for path, value in _leaves(_values(source, manifest.get("spec", "valuesFrom", index, "valuesKey"))):
                own = manifest.get("spec", "values", *path)
                differs = own is not None and own != value and not isinstance(own, Mapping)
                if differs and dig(written, *path) == own:
                    yield path, unhashed(source.name)


def _written(repository: Repository, overlay: Overlay, manifest: Manifest) -> Mapping[str, Any]:
    """The values of a release as the only file has them that declares it, where it is not the overlay's own."""
    read = [repository.files[path] for path in overlay.reads if path in repository.files]
    alike = [m for file in read for m in file.manifests() if (m.kind, m.name) == (manifest.kind, manifest.name)]
    return mapping(alike[0].get("spec", "values")) if len(alike) == 1 and not _is_own(overlay, alike[0].path) else {}


def _is_own(overlay: Overlay, path: str) -> bool:
    return path.startswith(f"{overlay.path}/")


def _sources(repository: Repository, overlay: Overlay, manifest: Manifest, index: int) -> Iterator[Manifest]:
    """The ConfigMap that an entry takes all of its values from, if the overlay itself makes it."""
    entry = mapping(manifest.get("spec", "valuesFrom", index))
    if entry.get("kind") != "ConfigMap" or entry.get("targetPath"):
        return
    wanted = (manifest.namespace, text(entry.get("name")))
    for source in overlay.of("/ConfigMap"):
        if (source.namespace, source.name) == wanted and _is_made_by(repository, overlay, unhashed(source.name)):
            yield source


def _is_made_by(repository: Repository, overlay: Overlay, name: str) -> bool:
    """Tell whether a file below an overlay's directory declares a ConfigMap, or a kustomization there generates it."""
    for path in overlay.reads:
        file = repository.files.get(path) if _is_own(overlay, path) else None
        if file and any((head.kind, head.name) == ("ConfigMap", name) for head in file.heads):
            return True
        item = repository.kustomizations.get(file.directory) if file else None
        for entry in sequence(item.manifest.get("configMapGenerator")) if item and item.manifest.path == path else ():
            if dig(entry, "name") == name and dig(entry, "behavior") in (None, "create"):
                return True
    return False


def _values(source: Manifest, key: object) -> Any:
    told = source.get("data", text(key) or "values.yaml")
    try:
        documents = parse.parse(told).documents if isinstance(told, str) else ()
    except parse.YamlError:
        return {}
    return documents[0] if len(documents) == 1 else {}


def _leaves(values: Any, above: Pointer = ()) -> Iterator[tuple[Pointer, Any]]:
    for key, value in mapping(values).items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*above, key))
        elif value is not None:
            yield (*above, key), value
