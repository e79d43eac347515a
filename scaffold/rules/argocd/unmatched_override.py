"""An Application patches an object, or sets or follows an image, that it does not deploy.

A patch whose target selects nothing is left out without a word, and so is an image that no container has, be it set
or one that the Image Updater shall follow. Both are looked at where all objects of the Application are rendered from
this repository.

Fails:

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
        path: web
        kustomize:
          patches:
            - target:
                kind: ConfigMap
                name: wbe
              patch: |-
                - op: add
                  path: /data
                  value:
                    LEVEL: debug
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # web/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - config.yaml
    # web/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web

Passes:

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
        path: web
        kustomize:
          patches:
            - target:
                kind: ConfigMap
                name: web
              patch: |-
                - op: add
                  path: /data
                  value:
                    LEVEL: debug
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # web/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - config.yaml
    # web/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scaffold import schemas
from scaffold.assemble import deployed
from scaffold.expand import regexes
from scaffold.expand.sources import used_sources
from scaffold.model import (
    Application,
    Confidence,
    Finding,
    Place,
    Pointer,
    RenderedObject,
    Repository,
    Severity,
    dig,
    mapping,
    sequence,
)
from scaffold.model.images import Image
from scaffold.model.values import is_templated
from scaffold.nearest import near

ID = "unmatched-override"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_OTHERS = frozenset(("annotationSelector", "labelSelector", "namespace"))
_LIST = "argocd-image-updater.argoproj.io/image-list"
# Custom kinds that have no image, or none but those of their pod template.
_SEEN = frozenset(
    "AuthorizationPolicy Certificate CiliumNetworkPolicy ClusterIssuer ClusterSecretStore DestinationRule "
    "EgressFirewall ExternalSecret GRPCRoute HTTPRoute IngressRoute Issuer Middleware PeerAuthentication "
    "PodMonitor Probe PrometheusRule Rollout Route ScaledObject Schedule SealedSecret SecretStore ServiceMonitor "
    "TLSRoute VaultStaticSecret VerticalPodAutoscaler VirtualService".split()
)
_RENAMING = frozenset(("namePrefix", "nameSuffix"))


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every patch and image that fits nothing, where several applications share it, nothing of any."""
    found: dict[Place, Finding] = {}
    fitting: set[Place] = set()
    for application in repository.applications:
        yield from _updated(repository, application)
        for pointer, source in used_sources(application.data):
            options = mapping(source.get("kustomize"))
            wanted = options.get("images") or options.get("patches")
            items = deployed.likely(repository, application) if wanted else None
            for place, finding in _images(application, (*pointer, "kustomize"), options, items or []):
                fitting.update(() if finding else (place,))
                found.update({} if finding is None or place in found else {place: finding})
            if not _RENAMING.isdisjoint(options):
                continue
            for index, patch in enumerate(sequence(options.get("patches"))):
                target, place = mapping(dig(patch, "target")), application.at(*pointer, "kustomize", "patches", index)
                if not items or not _OTHERS.isdisjoint(target) or any(_selects(target, item) for item in items):
                    fitting.add(place)
                else:
                    found.setdefault(place, _finding(application, place, target, items))
    yield from (finding for place, finding in found.items() if place not in fitting)


def _images(
    application: Application, where: Pointer, options: Mapping[str, Any], items: Sequence[RenderedObject]
) -> Iterator[tuple[Place, Finding | None]]:
    """The images that are set, with a finding where none of the objects, whose every image is known, has one."""
    known = _known(items)
    for index, text in enumerate(sequence(options.get("images"))):
        place, name = application.at(*where, "images", index), Image.of(str(text).partition("=")[0]).name
        if not known or name in known or is_templated(name):
            yield place, None
            continue
        guess = near(name, known)
        remedy = f"did you mean {guess!r}?" if guess else "mend the name, or remove the entry"
        fact = f"application {application.name!r} sets image {name!r}, and deploys no container of it"
        subject = f"{application.name}/{name}"
        yield place, Finding(place, ID, f"{fact}; {remedy}", SEVERITY, Confidence.MEDIUM, subject=subject)


def _known(items: Sequence[RenderedObject]) -> set[str]:
    """The images of objects; none where a controller may make pods of one."""
    whole = all(schemas.is_builtin(item.identity.group) or item.kind in _SEEN for item in items)
    return {image for item in items for image in item.images} if whole else set()


def _updated(repository: Repository, application: Application) -> Iterator[Finding]:
    """The list of images that Argo CD Image Updater follows, as `alias=name:constraint`, between commas.

    What a generator makes has other objects for each, and one list.
    """
    listed = None if application.generated else dig(application.data, "metadata", "annotations", _LIST)
    known = _known(deployed.likely(repository, application) or []) if isinstance(listed, str) else set()
    place, others = application.at("metadata", "annotations", _LIST), [Image.of(name) for name in known]
    for entry in str(listed).split(",") if known and not is_templated(listed) else ():
        name = Image.of(entry.rpartition("=")[2].strip()).name
        if not any(other.is_same(name) for other in others):
            guess = near(name, known)
            remedy = f"did you mean {guess!r}?" if guess else "mend the name, or remove it"
            fact = f"application {application.name!r} has image {name!r} updated, and deploys no container of it"
            subject = f"{application.name}/{name}"
            yield Finding(place, ID, f"{fact}; {remedy}", SEVERITY, Confidence.MEDIUM, subject=subject)


def _finding(
    application: Application, place: Place, target: Mapping[str, Any], items: Sequence[RenderedObject]
) -> Finding:
    shown = ", ".join(f"{key} {value!r}" for key, value in target.items())
    guess = near(str(target.get("name") or ""), {item.name for item in items if item.kind == target.get("kind")})
    remedy = f"did you mean {guess!r}?" if guess else "mend the target"
    fact = f"application {application.name!r} patches {shown}, and deploys no such object"
    where, subject = place._replace(pointer=(*place.pointer, "target")), f"{application.name}/{shown}"
    return Finding(where, ID, f"{fact}; {remedy}", SEVERITY, Confidence.MEDIUM, subject=subject)


def _selects(target: Mapping[str, Any], item: RenderedObject) -> bool:
    """Each part of a target is a pattern for the whole of what it is about."""
    group, _, version = item.api_version.rpartition("/")
    own = {"group": group, "version": version, "kind": item.kind, "name": item.name}
    return all(regexes.fits(str(target[key]), text) for key, text in own.items() if target.get(key))
