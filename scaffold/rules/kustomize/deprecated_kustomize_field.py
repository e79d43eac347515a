"""A kustomization uses a field that Kustomize has deprecated.

`bases`, `patchesStrategicMerge`, `patchesJson6902`, `commonLabels`, `imageTags`, `vars` and
`helmChartInflationGenerator` print a warning at every build and will go with the next API version. Kustomize's
reference promises that v1beta1 keeps them, so nothing breaks today, and only the `strict` profile asks. Moving
`commonLabels` to `labels` needs `includeSelectors: true`, or the selectors of running workloads, which cannot be
changed, lose the label.

Fails:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    commonLabels:
      app.kubernetes.io/name: web

Passes:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    labels:
      - pairs:
          app.kubernetes.io/name: web
        includeSelectors: true
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.discover import KUSTOMIZATION_NAMES
from scaffold.model import Finding, Place, Repository, Severity, mapping

ID = "deprecated-kustomize-field"
SEVERITY = Severity.WARNING
SCOPE = "file"
PROFILES = ("strict",)
_REMEDIES = {
    "bases": "move its entries to resources",
    "commonLabels": "use labels with includeSelectors: true, which keeps the selectors as they are",
    "helmChartInflationGenerator": "use helmCharts",
    "imageTags": "use images",
    "patchesJson6902": "use patches",
    "patchesStrategicMerge": "use patches with a path for each file",
    "vars": "use replacements, or remove those that nothing uses",
}


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every deprecated field."""
    for path, file in repository.files.items():
        if path.rpartition("/")[2] not in KUSTOMIZATION_NAMES or not file.documents:
            continue
        for name, remedy in _REMEDIES.items():
            if name in mapping(file.documents[0]):
                place = Place(path, 0, (name,), at_key=True)
                yield Finding(place, ID, f"field {name!r} of the kustomization is deprecated; {remedy}", SEVERITY)
