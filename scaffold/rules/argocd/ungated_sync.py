"""An Application of an environment with a manual gate synchronises by itself.

What is merged is deployed at once: no releaser, no window. A namespace's baseline is the platform's own and always
synchronises; the rule looks at the applications of teams: those whose overlay is the environment's, and those whose
file is in a directory that is called like it.

Fails:

    # .gitops-scaffold.yaml
    environments:
      - name: dev
      - name: production
        gate: manual
    # application.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: checkout-payments-production
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/platform/fleet.git
        path: apps/checkout/payments/overlays/production
      destination:
        name: in-cluster
        namespace: checkout-production
      syncPolicy:
        automated:
          prune: true

Passes:

    # .gitops-scaffold.yaml
    environments:
      - name: dev
      - name: production
        gate: manual
    # application.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: checkout-payments-production
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/platform/fleet.git
        path: apps/checkout/payments/overlays/production
      destination:
        name: in-cluster
        namespace: checkout-production
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from scaffold.assemble import patterns
from scaffold.model import Application, Conventions, Environment, Finding, Repository, Severity

ID = "ungated-sync"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_CLUSTERS = frozenset(("bootstrap", "clusters", "control-plane"))


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such application; a generator's applications share one place."""
    manual = [e for e in repository.conventions.environments if e.gate == "manual"]
    seen = set()
    for application in repository.applications:
        place = application.at("spec", "syncPolicy", "automated")._replace(at_key=True)
        environment = next((e for e in manual if _is_of(application, e, repository.conventions)), None)
        if environment is None or not application.automated or place in seen:
            continue
        seen.add(place)
        message = (
            f"application {application.name!r} synchronises by itself, and the gate of environment "
            f"{environment.name!r} is manual; remove the automated block"
        )
        yield Finding(place, ID, message, subject=f"{application.name}/{environment.name}")


def _is_of(application: Application, environment: Environment, known: Conventions) -> bool:
    """An application is of the environment that its overlay is of, unless that is a cluster's of the same name.

    So is one whose file is in the environment's directory, but for what a cluster begins with.
    """
    directory = posixpath.dirname(application.place.path).removesuffix("/templates")  # of a chart
    *parents, own = ("", *directory.split("/"))
    beside = own == environment.name and _CLUSTERS.isdisjoint(parents) and not application.generated
    return beside or any(
        source.path.rpartition("/")[2] == environment.name
        and "overlays" in source.path.split("/")
        and not known.cluster(patterns.cluster(source.path))
        for source in application.sources
    )
