"""A HelmRelease says how a failed upgrade is remedied, beside a strategy that never does so.

With the strategy `RetryOnFailure` a failed install or upgrade is tried again and nothing else is done: the block
`remediation` beside it counts for nothing, a rollback or a limit of retries included (helm-controller 1.4). Where one
of both comes from a patch, as defaults for all releases do, nothing is told.

Fails:

    # web.yaml
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
      upgrade:
        strategy:
          name: RetryOnFailure
        remediation:
          retries: 3
          strategy: rollback

Passes:

    # web.yaml
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
      upgrade:
        strategy:
          name: RemediateOnFailure
        remediation:
          retries: 3
          strategy: rollback
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Manifest, Repository, Severity, mapping

ID = "ignored-remediation"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_RETRYING = "RetryOnFailure"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every remediation of a HelmRelease that its strategy leaves out."""
    for cluster in repository.flux:
        for manifest in cluster.of_kinds("HelmRelease"):
            for action in ("install", "upgrade"):
                if _is_idle(manifest, action):
                    yield _finding(manifest, action)


def _is_idle(manifest: Manifest, action: str) -> bool:
    """Tell whether a remediation is told where the strategy is only to retry, both in one place."""
    if manifest.get("spec", action, "strategy", "name") != _RETRYING:
        return False
    told = bool(mapping(manifest.get("spec", action, "remediation")))
    places = [manifest.place("spec", action, field) for field in ("strategy", "remediation")]
    return told and places[0].overlay == places[1].overlay


def _finding(manifest: Manifest, action: str) -> Finding:
    fact = f"HelmRelease {manifest.name!r}, its {action} is only retried, so the remediation beside that never happens"
    place = manifest.place("spec", action, "strategy", "name")  # a patch that gives both may find a remediation there
    message = f"{fact}; remove it, or make the strategy 'RemediateOnFailure'"
    return Finding(place, ID, message, SEVERITY, subject=f"{manifest.name}/{action}")
