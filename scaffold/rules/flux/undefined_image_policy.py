"""An image marker names a policy that is not there.

Flux updates a value when the comment behind it names an ImagePolicy as `namespace:name`; a line whose marker names none
is left alone, so what runs stays what it is. A variable in a marker is never set.

Fails:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: images
      namespace: flux-system
    spec:
      interval: 10m
      path: ./images
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      path: ./apps
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # images/web.yaml
    apiVersion: image.toolkit.fluxcd.io/v1
    kind: ImageRepository
    metadata:
      name: web
      namespace: flux-system
    spec:
      image: registry.example.com/web
      interval: 5m
    ---
    apiVersion: image.toolkit.fluxcd.io/v1
    kind: ImagePolicy
    metadata:
      name: web
      namespace: flux-system
    spec:
      imageRepositoryRef:
        name: web
      policy:
        semver:
          range: 1.x
    # apps/pod.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
      namespace: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4.2 # {"$imagepolicy": "flux-system:website"}

Passes:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: images
      namespace: flux-system
    spec:
      interval: 10m
      path: ./images
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      path: ./apps
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # images/web.yaml
    apiVersion: image.toolkit.fluxcd.io/v1
    kind: ImageRepository
    metadata:
      name: web
      namespace: flux-system
    spec:
      image: registry.example.com/web
      interval: 5m
    ---
    apiVersion: image.toolkit.fluxcd.io/v1
    kind: ImagePolicy
    metadata:
      name: web
      namespace: flux-system
    spec:
      imageRepositoryRef:
        name: web
      policy:
        semver:
          range: 1.x
    # apps/pod.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
      namespace: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4.2 # {"$imagepolicy": "flux-system:web"}
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from scaffold.assemble.flux import presence
from scaffold.assemble.flux.presence import may_become
from scaffold.model import Confidence, Finding, Place, Repository, Severity
from scaffold.nearest import near

ID = "undefined-image-policy"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_LITERAL = "and Flux sets no variable in a marker; write the policy as the cluster has it"
_TWO = 2  # namespaces, one of them of a single marker
_POLICY = "image.toolkit.fluxcd.io/ImagePolicy"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every marker whose policy is in no file; where a namespace is not said, it may be any that others name."""
    policies = set(_policies(repository))
    if not policies and not all(known.is_followed for known in presence.of(repository)):
        return
    stray = _stray(repository)
    for path, file in repository.files.items():
        for marker in file.comments.markers:
            namespace, _, name = marker.policy.partition(":")
            if not marker.policy or marker.form == "text":
                continue
            place = Place(path, line=marker.line, column=marker.column)
            fact = f"image marker names policy {marker.policy!r}, "
            if marker.policy in stray:
                message = f"{fact}and the others beside it are in {stray[marker.policy]!r}"
                guess = f"did you mean '{stray[marker.policy]}:{name}'?"
                yield Finding(place, ID, f"{message}; {guess}", confidence=Confidence.MEDIUM, subject=marker.policy)
            elif repository.flux and "$" in marker.policy:
                yield Finding(place, ID, f"{fact}{_LITERAL}", subject=marker.policy)
            elif repository.flux and not _is_there(namespace, name, policies):
                message = f"{fact}which is not there; {_remedy(namespace, name, policies)}"
                yield Finding(place, ID, message, subject=marker.policy)


def _is_there(namespace: str, name: str, policies: set[tuple[str, str]]) -> bool:
    """Tell whether a policy is there, or one that may become it: variables of a Secret are known to nobody."""
    if {(namespace, name), ("", name)} & policies:
        return True
    filled = ((where, own) for where, own in policies if "${" in f"{where}{own}")
    return any(may_become(where or namespace, namespace) and may_become(own, name) for where, own in filled)


def _stray(repository: Repository) -> dict[str, str]:
    """Policies as markers name them whose namespace no other marker has, though their files stand together.

    Where they say no namespace, one build gives all of them the same; the value is the namespace of all others.
    """
    directories = {m.name: posixpath.dirname(m.path) for m in repository.manifests(_POLICY) if not m.namespace}
    named = {
        marker.policy for file in repository.files.values() for marker in file.comments.markers if marker.form != "text"
    }
    spaces: dict[str, dict[str, list[str]]] = {}
    for namespace, _, name in (policy.partition(":") for policy in sorted(named)):
        if name in directories:
            spaces.setdefault(directories[name], {}).setdefault(namespace, []).append(name)
    found = {}
    for told in (told for told in spaces.values() if len(told) == _TWO):
        (most, others), (namespace, alone) = sorted(told.items(), key=lambda item: -len(item[1]))
        if len(others) > len(alone) == 1:
            found[f"{namespace}:{alone[0]}"] = most
    return found


def _remedy(namespace: str, name: str, policies: set[tuple[str, str]]) -> str:
    """The same name elsewhere, or one like it in the same namespace: all policies of a fleet often are in one."""
    elsewhere = min((where for where, own in policies if own == name and "$" not in where), default="")
    guess = near(name, (own for where, own in policies if where == namespace and "$" not in own))
    if elsewhere or guess:
        return f"did you mean '{elsewhere or namespace}:{name if elsewhere else guess}'?"
    return "name one that is there, or add it"


def _policies(repository: Repository) -> Iterator[tuple[str, str]]:
    for cluster in repository.flux:
        yield from ((manifest.namespace, manifest.name) for manifest in cluster.of_kinds("ImagePolicy"))
    built = {(m.path, m.document) for cluster in repository.flux for m in cluster.of_kinds("ImagePolicy")}
    written = (m for m in repository.manifests(_POLICY) if "${" not in m.namespace or (m.path, m.document) not in built)
    yield from ((manifest.namespace, manifest.name) for manifest in written)
