"""An object's hook is none that Argo CD knows.

An object with the annotation `argocd.argoproj.io/hook` is a hook whatever stands in it, and takes no part in the
ordinary sync; one of an unknown kind belongs to no phase, so it is never applied at all (Argo CD 3.5).

Fails:

    # job.yaml
    apiVersion: batch/v1
    kind: Job
    metadata:
      name: migrate
      annotations:
        argocd.argoproj.io/hook: PreSynch
        argocd.argoproj.io/hook-delete-policy: HookSucceeded
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: migrate
              image: registry.example.com/checkout/payments:1.4.2

Passes:

    # job.yaml
    apiVersion: batch/v1
    kind: Job
    metadata:
      name: migrate
      annotations:
        argocd.argoproj.io/hook: PreSync
        argocd.argoproj.io/hook-delete-policy: HookSucceeded
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: migrate
              image: registry.example.com/checkout/payments:1.4.2
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Repository, Severity
from scaffold.rules import annotated

ID = "unknown-hook"
SEVERITY = Severity.ERROR
SCOPE = "file"
_ANNOTATION = "argocd.argoproj.io/hook"
_KNOWN = ("PreDelete", "PreSync", "PostDelete", "PostSync", "Skip", "Sync", "SyncFail")
_FACT = "hook {} is unknown, so it is never applied"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every word of the annotation that names no phase."""
    yield from annotated.unknown(ID, repository, _ANNOTATION, _KNOWN, _FACT)
