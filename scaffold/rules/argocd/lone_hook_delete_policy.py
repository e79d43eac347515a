"""An object has a policy for the deletion of hooks, and is none.

Without `argocd.argoproj.io/hook` it is applied with all others and stays; a Job that is applied so cannot be changed
later, since its template is immutable (Argo CD 3.5).

Fails:

    # job.yaml
    apiVersion: batch/v1
    kind: Job
    metadata:
      name: migrate
      annotations:
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

from scaffold.model import Finding, Repository, Severity, mapping

ID = "lone-hook-delete-policy"
SEVERITY = Severity.WARNING
SCOPE = "overlay"
_POLICY = "argocd.argoproj.io/hook-delete-policy"
_HOOKS = ("argocd.argoproj.io/hook", "helm.sh/hook")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such policy of an object that is no hook."""
    for _, manifest in repository.rendered():
        annotations = mapping(manifest.metadata.get("annotations"))
        if _POLICY in annotations and not any(annotations.get(hook) for hook in _HOOKS):
            fact = f"{manifest.kind} {manifest.name!r} has {_POLICY!r}, and is no hook"
            place = manifest.place("metadata", "annotations", _POLICY, at_key=True)
            yield Finding(place, ID, f"{fact}; add {_HOOKS[0]!r}, or remove the policy", SEVERITY)
