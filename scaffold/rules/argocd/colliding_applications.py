"""Two Applications have the same name in the same namespace.

The second one replaces the first, and with pruning on its objects go; what an ApplicationSet generates counts too.

Fails:

    # a.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/platform/fleet.git
        path: .
      destination:
        name: in-cluster
        namespace: payments
    # b.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/platform/fleet.git
        path: .
      destination:
        name: in-cluster
        namespace: shop

Passes:

    # a.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/platform/fleet.git
        path: .
      destination:
        name: in-cluster
        namespace: payments
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from scaffold.assemble.meeting import Meeting, control_plane
from scaffold.model import Application, Finding, Repository, Severity

ID = "colliding-applications"
SEVERITY = Severity.ERROR
SCOPE = "repository"
# What only some have, or each repository has others of.
_CHOICES = tuple(f'"{key}":' for key in ("selector", "git", "scmProvider", "pullRequest", "plugin"))
_NEAREST = 100  # of those that have a name before, as many are looked at


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every application whose name an earlier one has."""
    groups = list(_groups((*repository.applications, *_everywhere(repository))))
    meeting = Meeting(repository, (application for group in groups for application in group))
    for application, before in ((a, group[max(0, n - _NEAREST) : n]) for group in groups for n, a in enumerate(group)):
        others = (one for one in before if not (_is_open(one) and one.place == application.place))
        earlier = next((one for one in others if meeting.under_own_names(one, application)), None)
        if earlier:
            message = _message(application, earlier)
            related = (earlier.at("metadata", "name"),)
            yield Finding(application.at("metadata", "name"), ID, message, subject=application.name, related=related)


def _is_open(application: Application) -> bool:
    """Tell whether an application may be another one elsewhere: a draft, or what a chart makes that is taken twice."""
    return application.draft or (bool(application.place.overlay) and not application.generated)


def _everywhere(repository: Repository) -> Iterator[Application]:
    """What is generated for each cluster that there is, whichever these are."""
    for item in repository.sets:
        generators = json.dumps(item.manifest.get("spec", "generators"), default=str)
        if not any(choice in generators for choice in _CHOICES):
            yield from item.drafts


def _message(application: Application, earlier: Application) -> str:
    if application.variant != earlier.variant and application.place.path == earlier.place.path:
        fact = f"application {application.name!r} ({{0}}) is made by {application.variant!r} and by {earlier.variant!r}"
        return f"{fact}, each as it patches it, in one control plane; rename it in one of them"
    fact = f"application {application.name!r} has the name of another one ({{0}}), and replaces it"
    return f"{fact}; rename one of them"


def _groups(applications: Iterable[Application]) -> Iterator[list[Application]]:
    """Applications of one name, in the order of their places, so that those of one directory are neighbours."""
    named: dict[tuple[str, str, str], list[Application]] = {}
    for application in sorted(applications, key=lambda item: item.place[:2]):
        named.setdefault((control_plane(application), application.namespace, application.name), []).append(application)
    return (group for group in named.values() if len(group) > 1)
