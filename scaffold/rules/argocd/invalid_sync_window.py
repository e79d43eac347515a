"""A sync window is none that Argo CD can read.

The project is refused by Argo CD's API, and where it was applied past it, every sync of the applications that the
window selects ends with an error. A schedule has five fields of cron, with Sunday as 0; durations are Go's, which know
hours, minutes and seconds, but no days.

Fails:

    # project.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: checkout
      namespace: argocd
    spec:
      sourceRepos:
        - https://git.example.com/checkout/deploy.git
      destinations:
        - name: in-cluster
          namespace: payments
      syncWindows:
        - kind: allow
          schedule: 0 9 * * 1-4
          duration: 3d
          timeZone: Europe/Berlin
          manualSync: true
          applications:
            - "*"

Passes:

    # project.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: checkout
      namespace: argocd
    spec:
      sourceRepos:
        - https://git.example.com/checkout/deploy.git
      destinations:
        - name: in-cluster
          namespace: payments
      syncWindows:
        - kind: allow
          schedule: 0 9 * * 1-4
          duration: 72h
          timeZone: Europe/Berlin
          manualSync: true
          applications:
            - "*"
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import written
from scaffold.expand import sync_windows
from scaffold.model import Finding, Repository, Severity, mapping, sequence

ID = "invalid-sync-window"
SEVERITY = Severity.ERROR
SCOPE = "file"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every field of a window that is refused."""
    for project in written.manifests(repository, "argoproj.io/AppProject"):
        for index, window in enumerate(sequence(project.get("spec", "syncWindows"))):
            for field, fact, remedy in sync_windows.flaws(mapping(window)):
                place = project.place("spec", "syncWindows", index, *([field] if field else []))
                message = f"sync window of project {project.name!r} is refused, {fact}; {remedy}"
                yield Finding(place, ID, message, subject=f"{project.name}/{index}/{field}")
