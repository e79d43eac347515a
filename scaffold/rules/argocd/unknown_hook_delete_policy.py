"""A hook's deletion policy is none that Argo CD knows.

Where no policy is known, `BeforeHookCreation` counts: what should go after its success stays until the next sync.
Helm's words, such as `hook-succeeded`, belong into Helm's own annotation.

Fails:

    # job.yaml
    apiVersion: batch/v1
    kind: Job
    metadata:
      name: migrate
      annotations:
        argocd.argoproj.io/hook: PreSync
        argocd.argoproj.io/hook-delete-policy: hook-succeeded
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

ID = "unknown-hook-delete-policy"
SEVERITY = Severity.ERROR
SCOPE = "file"
_ANNOTATION = "argocd.argoproj.io/hook-delete-policy"
_KNOWN = ("BeforeHookCreation", "HookFailed", "HookSucceeded")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every word of the annotation that is no policy."""
    yield from annotated.unknown(
        ID, repository, _ANNOTATION, _KNOWN, "hook-delete-policy {} is unknown and does nothing"
    )
