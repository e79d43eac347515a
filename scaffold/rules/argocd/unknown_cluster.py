"""An Application goes to a cluster that Argo CD does not know.

It stays in the state Unknown, and deploys nothing. The clusters are those that the settings declare. Where they declare
none, a name or a server counts that can only be a slip of one that a Secret of a cluster in the repository, or several
other Applications, name; beside such Secrets many Applications are needed.

Fails:

    # apps.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://charts.example.com
        chart: web
        targetRevision: 1.4.2
      destination:
        name: prodcution
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # clusters/production.yaml
    apiVersion: external-secrets.io/v1
    kind: ExternalSecret
    metadata:
      name: production
      namespace: argocd
    spec:
      secretStoreRef:
        kind: ClusterSecretStore
        name: platform
      target:
        template:
          metadata:
            labels:
              argocd.argoproj.io/secret-type: cluster
          data:
            name: production
            server: https://production.k8s.example.com
            config: '{{ .config }}'
      data:
        - secretKey: config
          remoteRef:
            key: clusters/production

Passes:

    # apps.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://charts.example.com
        chart: web
        targetRevision: 1.4.2
      destination:
        name: production
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # clusters/production.yaml
    apiVersion: external-secrets.io/v1
    kind: ExternalSecret
    metadata:
      name: production
      namespace: argocd
    spec:
      secretStoreRef:
        kind: ClusterSecretStore
        name: platform
      target:
        template:
          metadata:
            labels:
              argocd.argoproj.io/secret-type: cluster
          data:
            name: production
            server: https://production.k8s.example.com
            config: '{{ .config }}'
      data:
        - secretKey: config
          remoteRef:
            key: clusters/production
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from scaffold.assemble import references
from scaffold.assemble.clusters import registered
from scaffold.expand.view import IN_CLUSTER_NAME, IN_CLUSTER_SERVER
from scaffold.model import Application, Finding, Repository, Severity, is_variable
from scaffold.model.values import is_templated
from scaffold.nearest import hint, slipped

ID = "unknown-cluster"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_SEVERAL, _MANY = 2, 4
_MORE = 2  # letters
_SERVER = re.compile(r"https?://(?P<host>[\w.-]+)(?::(?P<port>\d+))?/?\Z")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every destination that is none of the clusters, or nearly one of them."""
    declared = {cluster.name for cluster in registered(repository.conventions) or ()}
    for field in ("name", "server"):
        known = _known(repository, field)
        for application in repository.applications:
            value = _value(application, field)
            if not value or value in known or is_variable(value) or is_templated(value):
                continue
            guess = slipped(value, known) or (_of_the_host(value, known) if field == "server" else "")
            guess = guess or (_cut(value, _made(repository), repository) if field == "name" else "")
            if guess or (field == "name" and declared):
                yield _finding(application, field, value, guess, declared)


def _value(application: Application, field: str) -> str:
    return application.cluster if field == "name" else application.server


def _known(repository: Repository, field: str) -> set[str]:
    """The names or the servers of clusters: those that something declares, and those that several Applications have.

    An Application that a chart makes for several environments is one.
    """
    entries = registered(repository.conventions) or ()
    found = {entry.name if field == "name" else entry.server for entry in entries}
    found |= _made(repository, references.CLUSTER if field == "name" else references.CLUSTER_SERVER)
    enough = _MANY if found - {""} else _SEVERAL  # what is declared here need not be all
    used = {(_value(application, field), application.place[:2]) for application in repository.applications}
    found |= {value for value, times in Counter(value for value, _ in used).items() if times >= enough}
    return (found | {IN_CLUSTER_NAME if field == "name" else IN_CLUSTER_SERVER}) - {""}


def _made(repository: Repository, kind: str = references.CLUSTER) -> set[str]:
    """The names or the servers of the clusters that the repository has Secrets of."""
    made = (identity for overlay in repository.overlays.values() for item in overlay.objects for identity in item.makes)
    return {identity.name for identity in made if identity.kind == kind}


def _cut(name: str, made: set[str], repository: Repository) -> str:
    """The only cluster that is called so but for a letter or two at the end, where Secrets tell all other names."""
    others = {application.cluster for application in repository.applications} - {"", name, IN_CLUSTER_NAME}
    alike = [each for each in made if _tail(*sorted((name, each), key=len))]
    return alike[0] if len(alike) == 1 and others <= made and alike[0] not in others else ""


def _tail(shorter: str, longer: str) -> bool:
    """Tell whether a name goes on for a letter or two, which do not make it another one of a series."""
    tail = longer.removeprefix(shorter) if longer.startswith(shorter) else ""
    return 0 < len(tail) <= _MORE and tail.isalnum() and not shorter[-1:].isdigit()


def _of_the_host(server: str, known: set[str]) -> str:
    """The only server with the same name and another port; an address may be that of many, as `localhost` is."""
    host, port = _parts(server)
    alike = [other for other in known if _parts(other)[0] == host]
    named = "." in host and not host.replace(".", "").isdigit()
    return alike[0] if named and len(alike) == 1 and _parts(alike[0])[1] != port else ""


def _parts(server: str) -> tuple[str, str]:
    found = _SERVER.match(server)
    return (found["host"], found["port"] or "") if found else ("", "")


def _finding(application: Application, field: str, value: str, guess: str, declared: set[str]) -> Finding:
    remedy = f"did you mean {guess!r}?" if guess else hint(value, declared)
    fact = f"application {application.name!r} goes to cluster {value!r}, which nothing declares"
    place = application.at("spec", "destination", field)
    return Finding(place, ID, f"{fact}; {remedy}", SEVERITY, subject=f"{application.name}/{value}")
