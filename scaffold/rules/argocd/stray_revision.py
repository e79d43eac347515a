"""Production follows a branch or a range of versions, while what stands beside it names one version.

One Application of a production follows a branch, whereas the others there follow tags or commits of that repository:
what is merged is then in production at once. Or production takes a chart by a range of versions, and another
environment names one version of it, so that production installs what nobody has tried.

Fails:

    # cart.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: cart-production
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: v1.4.2
        path: cart/overlays/production
      destination:
        name: in-cluster
        namespace: cart
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web-production
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web/overlays/production
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # cart/overlays/production/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: cart
    data: {}
    # web/overlays/production/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    data: {}

Passes:

    # cart.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: cart-production
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: v1.4.2
        path: cart/overlays/production
      destination:
        name: in-cluster
        namespace: cart
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web-production
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: v1.4.2
        path: web/overlays/production
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # cart/overlays/production/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: cart
    data: {}
    # web/overlays/production/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    data: {}
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scaffold.assemble import tagged
from scaffold.model import Confidence, Finding, Repository, Severity
from scaffold.rules import overlaid, taking
from scaffold.rules.taking import Use

ID = "stray-revision"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_VERSION = re.compile(r"v?\d+\.\d+\.\d+([-+][\w.+-]+)?\Z")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield the one of production that follows a branch, and every range of a chart beside one version."""
    uses = [use for application in repository.applications for use in taking.of_application(application)]
    yield from _branches([use for use in uses if use.production and not use.chart])
    every = [*uses, *taking.of_releases(repository), *taking.of_clusters(repository), *overlaid.of(repository)]
    for use in (use for use in every if use.production and use.chart):
        others = [o for o in every if (o.key, o.chart) == (use.key, use.chart)]
        pinned = next((other for other in others if _VERSION.match(other.revision)), None)
        if pinned and use.revision and not _VERSION.match(use.revision):
            fact = (
                f"{use.who} takes chart {use.chart!r} by the range {use.revision!r}, while {pinned.who} ({{0}}) names"
            )
            yield _finding(use, f"{fact} {pinned.revision!r}; name one version", pinned)


def _branches(uses: list[Use]) -> Iterator[Finding]:
    for key in dict.fromkeys(use.key for use in uses):
        same = [use for use in uses if use.key == key]
        pinned, odd = _parted(same)
        if len(odd) == 1 and pinned and pinned[0].who != odd[0].who:
            follows = f"follows {odd[0].revision!r}" if odd[0].revision else "has no targetRevision and follows HEAD"
            fact = f"{odd[0].who} {follows}, while {pinned[0].who} ({{0}}) names {pinned[0].revision!r}"
            yield _finding(odd[0], f"{fact}; name a tag or a commit", pinned[0])


def _parted(uses: Iterable[Use]) -> tuple[list[Use], list[Use]]:
    pinned: list[Use] = []
    odd: list[Use] = []
    for use in uses:
        (pinned if tagged.PINNED.match(use.revision) else odd).append(use)
    return pinned, odd


def _finding(use: Use, message: str, other: Use) -> Finding:
    return Finding(use.place, ID, message, SEVERITY, Confidence.MEDIUM, use.who, (other.place,))
