"""An Application reads the values that others share after its own, so that they override those.

The last of several values files wins (Helm 4.2, Argo CD 3.5). Told is a file that at least two other Applications, and
all others, read before each file that is theirs alone, where this one reads it after a file of its own that has some of
its keys. What the source sets by itself is not counted, as that wins in either order; nor are files of other
repositories.

Fails:

    # cart.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: cart
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: chart
        helm:
          valueFiles:
            - ../envs/common.yaml
            - ../envs/cart.yaml
      destination:
        name: in-cluster
        namespace: kube-system
    # orders.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: orders
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: chart
        helm:
          valueFiles:
            - ../envs/common.yaml
            - ../envs/orders.yaml
      destination:
        name: in-cluster
        namespace: kube-system
    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: chart
        helm:
          valueFiles:
            - ../envs/web.yaml
            - ../envs/common.yaml
      destination:
        name: in-cluster
        namespace: kube-system
    # chart/Chart.yaml
    apiVersion: v2
    name: chart
    version: 1.0.0
    # chart/values.yaml
    replicas: 1
    # chart/templates/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: {{ .Release.Name }}
    data:
      replicas: "{{ .Values.replicas }}"
    # envs/common.yaml
    replicas: 2
    # envs/cart.yaml
    replicas: 3
    # envs/orders.yaml
    replicas: 3
    # envs/web.yaml
    replicas: 4

Passes:

    # cart.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: cart
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: chart
        helm:
          valueFiles:
            - ../envs/common.yaml
            - ../envs/cart.yaml
      destination:
        name: in-cluster
        namespace: kube-system
    # orders.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: orders
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: chart
        helm:
          valueFiles:
            - ../envs/common.yaml
            - ../envs/orders.yaml
      destination:
        name: in-cluster
        namespace: kube-system
    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: chart
        helm:
          valueFiles:
            - ../envs/common.yaml
            - ../envs/web.yaml
      destination:
        name: in-cluster
        namespace: kube-system
    # chart/Chart.yaml
    apiVersion: v2
    name: chart
    version: 1.0.0
    # chart/values.yaml
    replicas: 1
    # chart/templates/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: {{ .Release.Name }}
    data:
      replicas: "{{ .Values.replicas }}"
    # envs/common.yaml
    replicas: 2
    # envs/cart.yaml
    replicas: 3
    # envs/orders.yaml
    replicas: 3
    # envs/web.yaml
    replicas: 4
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scaffold.model import Application, Finding, Pointer, Repository, Severity, dig, mapping, sequence
from scaffold.model.values import text
from scaffold.rules import values_files
from scaffold.rules.values_files import Named

ID = "reversed-values-files"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_SEVERAL = 2  # others, by which an order is one


class _Read(NamedTuple):
    """A shared file as an application reads it, what no other application reads, and how much of that comes before."""

    application: Application
    shared: Named
    own: list[Named]
    before: int


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every shared file that one application alone reads after its own."""
    several = [(item, list(values_files.named(repository, item))) for item in repository.applications]
    for reads in _shared(several).values():
        first, others = [read for read in reads if not read.before], [read for read in reads if read.before]
        for read in others if len(first) >= _SEVERAL and len(others) == 1 else ():
            overridden = ((own, _overridden(repository, read.shared, own)) for own in read.own[: read.before])
            own, keys = next((pair for pair in overridden if pair[1]), (read.shared, []))
            if keys:
                yield _finding(read, own, keys, first)


def _shared(several: Iterable[tuple[Application, list[Named]]]) -> dict[str, list[_Read]]:
    """Each file that several applications read, with those that read files of their own beside it."""
    alone = _alone(several)
    found: dict[str, list[_Read]] = {}
    for application, files in several:
        own, before = [file for file in files if file.path in alone], 0
        for file in files if own else ():
            if file.path in alone:
                before += 1
            else:
                found.setdefault(file.path, []).append(_Read(application, file, own, before))
    return found


def _alone(several: Iterable[tuple[Application, list[Named]]]) -> set[str]:
    """The files that one application alone reads."""
    counts = Counter(path for _, files in several for path in {file.path for file in files})
    return {path for path, count in counts.items() if count == 1}


def _overridden(repository: Repository, shared: Named, own: Named) -> list[str]:
    """The keys that both files set, but for those that the source sets by itself."""
    helm, others = mapping(shared.source.options.get("helm")), set(_leaves(repository, shared.path))
    given = {str(dig(each, "name")) for each in sequence(helm.get("parameters"))}
    both = [key for key in _leaves(repository, own.path) if key in others and own.source is shared.source]
    inline = text(helm.get("values"))
    open_ = (key for key in both if dig(helm.get("valuesObject"), *key) is None and f"{key[0]}:" not in inline)
    return [name for key in open_ if (name := ".".join(map(str, key))) not in given]


def _leaves(repository: Repository, path: str) -> tuple[Pointer, ...]:
    """The keys of a file of values below which there are none, as far as they are known."""
    file = repository.files.get(path)
    keys = file.keys if file else ()
    within = {key[:-1] for key in keys}
    return tuple(key for key in keys if key not in within)


def _finding(read: _Read, own: Named, keys: list[str], first: list[_Read]) -> Finding:
    more = f" and {len(keys) - 1} more" if len(keys) > 1 else ""
    fact = f"application {read.application.name!r} reads values from {read.shared.path!r} after {own.path!r}, and so"
    others = f"while {len(first)} others read it before their own, as {first[0].application.name!r} ({{0}}) does"
    message = f"{fact} overrides {keys[0]!r}{more} of that, {others}; list it first"
    subject, related = f"{read.application.name}/{read.shared.path}", (first[0].shared.place,)
    return Finding(read.shared.place, ID, message, SEVERITY, subject=subject, related=related)
