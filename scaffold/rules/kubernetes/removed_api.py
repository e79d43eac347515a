"""The environment's Kubernetes version does not serve an object's apiVersion.

It was removed in that version or an earlier one, or comes only with a later one; the API server answers "no matches
for kind". Each environment is judged by the version of its own cluster, which a ClusterVersion of OpenShift tells, too.

Fails:

    # cron.yaml
    apiVersion: batch/v1beta1
    kind: CronJob
    metadata:
      name: report

Passes:

    # cron.yaml
    apiVersion: batch/v1
    kind: CronJob
    metadata:
      name: report
    spec:
      schedule: "0 6 * * *"
      jobTemplate:
        spec:
          template:
            spec:
              restartPolicy: Never
              containers:
                - name: report
                  image: registry.example.com/report:1.0.0
"""

from __future__ import annotations

from collections.abc import Iterator

from packaging.version import Version

from scaffold import schemas
from scaffold.model import Finding, Manifest, Overlay, Repository, Severity

ID = "removed-api"
SEVERITY = Severity.ERROR
SCOPE = "overlay"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every rendered object that its environment's Kubernetes does not serve, though another one does."""
    for overlay, manifest in repository.rendered():
        if (manifest.api_version, manifest.kind) in repository.own_schemas:
            continue
        if schemas.check(manifest.data, overlay.kubernetes_version, repository.own_schemas) is None:
            message = _message(overlay, manifest)
            if message:
                yield Finding(manifest.place("apiVersion"), ID, message)


def _message(overlay: Overlay, manifest: Manifest) -> str:
    version = schemas.nearest(overlay.kubernetes_version)
    removed = schemas.removal(manifest.api_version, manifest.kind)
    subject = f"{manifest.kind} {manifest.name!r}, {manifest.api_version!r}"
    if removed and overlay.kubernetes_version and Version(overlay.kubernetes_version) < Version(removed.version):
        return ""  # which is older than all that are known here
    if removed:
        use = f"use {removed.replacement!r}" if removed.replacement else "there is no replacement"
        judged = f" and the environment has {version}" if overlay.kubernetes_version else ""
        return f"{subject} was removed in Kubernetes {removed.version}{judged}; {use}"
    there = schemas.known_elsewhere(manifest.api_version, manifest.kind)
    if not there:
        return ""
    judged = f"the environment has {version}" if overlay.kubernetes_version else f"not in {version}, the newest known"
    fact = f"{subject} is in Kubernetes {there[0]} to {there[-1]} and {judged}"
    return f"{fact}; use another version"
