"""An Application names an AppProject that the repository does not define.

Argo CD answers InvalidSpecError and does nothing. Where the repository defines no project at all, projects are kept
elsewhere and the rule is silent; where it defines fewer than it leaves out, or where something could not be rendered,
which may define more, it speaks of slips alone: of names that are defined, or that several others have, and of what is
short for a defined one, as `infra` is. `default` is built in.

Fails:

    # project.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: checkout
      namespace: argocd
    spec:
      sourceRepos:
        - https://git.example.com/platform/fleet.git
      destinations:
        - name: in-cluster
          namespace: payments
    # application.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: chekout
      source:
        repoURL: https://git.example.com/platform/fleet.git
        path: .
      destination:
        name: in-cluster
        namespace: payments

Passes:

    # project.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: checkout
      namespace: argocd
    spec:
      sourceRepos:
        - https://git.example.com/platform/fleet.git
      destinations:
        - name: in-cluster
          namespace: payments
    # application.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: checkout
      source:
        repoURL: https://git.example.com/platform/fleet.git
        path: .
      destination:
        name: in-cluster
        namespace: payments
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from scaffold.model import Finding, Repository, Severity
from scaffold.nearest import hint, misspelled, slipped

ID = "undefined-project"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_SEVERAL = 3
_LEAST = 4  # letters of what may be short for something


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every Application whose project is not among those defined; a generator's applications share one place.

    Where more may be defined elsewhere, only those that are nearly called like one.
    """
    names = set(_names(repository))
    elsewhere = set(_usual(repository)) - names
    lost = [a for a in repository.foreseen if a.tells(a.project) and a.project not in names | {"default"}]
    whole = not any(overlay.skipped for overlay in repository.overlays.values())
    kept = whole and len({application.project for application in lost}) <= len(names)
    seen = set()
    for application in lost:
        place = application.at("spec", "project")
        usual = {"default", *names, *elsewhere} - {application.project}
        guess = misspelled(application.project, usual) or slipped(application.project, usual)
        guess = guess or _short(application.project, names)
        likely = guess and application.project not in elsewhere
        if (place, application.project) in seen or not (kept or likely):
            continue
        seen.add((place, application.project))
        fact = f"application {application.name!r} is in project {application.project!r}, which is not defined"
        yield Finding(
            place, ID, f"{fact}; {hint(application.project, usual if guess else names)}", subject=application.project
        )


def _short(name: str, names: set[str]) -> str:
    """The only name that begins with another one, in the middle of a word: `team` is not short for `team-a`."""
    longer = [each for each in names if each.startswith(name) and each[len(name) : len(name) + 1].isalpha()]
    return longer[0] if len(longer) == 1 and len(name) >= _LEAST else ""


def _usual(repository: Repository) -> Iterator[str]:
    """The projects of several applications: these stand elsewhere, if not here."""
    places = {(application.project, application.at("spec", "project")) for application in repository.foreseen}
    often = Counter(project for project, _ in places)
    yield from (project for project, times in often.items() if times >= _SEVERAL)


def _names(repository: Repository) -> Iterator[str]:
    yield from (project.name for project in repository.manifests("argoproj.io/AppProject"))
    for overlay in repository.overlays.values():
        named = (item for item in overlay.objects if item.kind == "AppProject")
        yield from (item.name for item in named if item.identity.group == "argoproj.io")
