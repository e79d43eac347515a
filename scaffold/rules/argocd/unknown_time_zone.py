"""A sync window's time zone does not exist.

Argo CD logs a warning that nobody sees and takes the schedule for UTC, so the window opens and closes hours off. Names
are those of the IANA database, with their capitals; abbreviations such as `CEST` are none.

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
          duration: 7h
          timeZone: Europe/Berln
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
          duration: 7h
          timeZone: Europe/Berlin
          manualSync: true
          applications:
            - "*"
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import written
from scaffold.expand import schedules, zones
from scaffold.model import Finding, Repository, Severity, dig, sequence
from scaffold.nearest import near

ID = "unknown-time-zone"
SEVERITY = Severity.ERROR
SCOPE = "file"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every zone that is not in the database."""
    for project in written.manifests(repository, "argoproj.io/AppProject"):
        for index, window in enumerate(sequence(project.get("spec", "syncWindows"))):
            zone = dig(window, "timeZone")
            if not isinstance(zone, str) or schedules.known_zone(zone):
                continue
            guess = near(zone, zones.names()) if "/" in zone else ""
            remedy = f"did you mean {guess!r}?" if guess else "write a name such as 'Europe/Berlin'"
            fact = f"time zone {zone!r} of a sync window of project {project.name!r} is unknown, so UTC counts"
            place = project.place("spec", "syncWindows", index, "timeZone")
            yield Finding(place, ID, f"{fact}; {remedy}", subject=f"{project.name}/{index}")
