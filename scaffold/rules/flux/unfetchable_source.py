"""A source of Flux is written so that its controller can never fetch it.

A `ref.name` is looked up as it is, so that it has to begin with `refs/`; a tag is verified only where one is asked for;
an `ssh://` address needs the key of a Secret; the endpoint of a Bucket is a host without a scheme, and an
ImageRepository's image a name without a tag (source-controller 1.9, image-reflector-controller 1.2).

Fails:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: sources
      namespace: flux-system
    spec:
      interval: 10m
      path: ./sources
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # sources/repository.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      url: https://git.example.com/apps.git
      ref:
        name: main

Passes:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: sources
      namespace: flux-system
    spec:
      interval: 10m
      path: ./sources
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # sources/repository.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      url: https://git.example.com/apps.git
      ref:
        name: refs/heads/main
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from scaffold.model import Finding, FluxCluster, Pointer, Repository, Severity, dig, is_templated, mapping
from scaffold.model.values import is_mark, is_of_shell, is_to_fill_in, is_variable, text

ID = "unfetchable-source"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_Flaw = tuple[Pointer, str]
_OF_TAGS = frozenset(("Tag", "TagAndHEAD"))
_OF_WHOLE = frozenset(("mode", "url"))  # whose flaw is that something else is absent


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such source of a cluster; what is absent may come from a patch where no cluster is built."""
    for cluster in repository.flux:
        for manifest in cluster.of_kinds(*_CHECKS):
            for pointer, fact in _CHECKS[manifest.kind](mapping(manifest.get("spec"))):
                if not _is_open(manifest.get("spec", *pointer)) and _is_whole(cluster, pointer):
                    message = f"{manifest.kind} {manifest.name!r} is not fetched, {fact}"
                    subject = f"{manifest.name}/{pointer[-1]}"
                    yield Finding(manifest.place("spec", *pointer), ID, message, subject=subject)


def _is_open(value: object) -> bool:
    """Tell whether somebody fills the value in later."""
    return any(is_(value) for is_ in (is_variable, is_templated, is_of_shell, is_to_fill_in, is_mark))


def _is_whole(cluster: FluxCluster, pointer: Pointer) -> bool:
    return bool(cluster.syncs) or pointer[-1] not in _OF_WHOLE


def _git(spec: Mapping[str, Any]) -> Iterator[_Flaw]:
    ref, mode = mapping(spec.get("ref")), text(dig(spec, "verify", "mode"))
    name = text(ref.get("name"))
    if name and not name.startswith("refs/") and name != "HEAD" and not ref.get("commit"):
        yield ("ref", "name"), f"ref.name {name!r} is no full reference; did you mean 'refs/heads/{name}'?"
    if mode in _OF_TAGS and not (ref.get("tag") or ref.get("semver") or name):
        fact = f"verify.mode {mode!r} needs a tag, and ref names none"
        yield ("verify", "mode"), f"{fact}; verify 'HEAD', or name a tag or a semver"
    if text(spec.get("url")).startswith("ssh://") and not spec.get("secretRef") and not spec.get("provider"):
        yield ("url",), "an ssh:// address needs an identity; add a secretRef with its key and known_hosts"


def _bucket(spec: Mapping[str, Any]) -> Iterator[_Flaw]:
    scheme, found, host = text(spec.get("endpoint")).partition("://")
    if found and spec.get("provider", "generic") in ("aws", "generic"):
        yield ("endpoint",), f"its endpoint is a host, without the scheme '{scheme}://'; did you mean {host!r}?"


def _image(spec: Mapping[str, Any]) -> Iterator[_Flaw]:
    image = text(spec.get("image"))
    rest = image.rpartition("/")[2]
    if "://" in image:
        scheme, _, name = image.partition("://")
        yield ("image",), f"image {image!r} may have no scheme '{scheme}://'; did you mean {name!r}?"
    elif ":" in rest:  # one before a slash is that of a port
        tag = rest.partition(":")[2]
        name = image.removesuffix(rest) + rest.partition("@")[0].partition(":")[0]
        yield ("image",), f"image {image!r} may have no tag {tag!r}; did you mean {name!r}?"


def _instance(spec: Mapping[str, Any]) -> Iterator[_Flaw]:
    """What flux-operator makes a source of: a full reference of Git, or the tag of an artifact."""
    kind, ref = dig(spec, "sync", "kind"), text(dig(spec, "sync", "ref"))
    if kind == "GitRepository" and ref and not ref.startswith("refs/") and ref != "HEAD":
        yield ("sync", "ref"), f"sync.ref {ref!r} is no full reference; did you mean 'refs/heads/{ref}'?"
    if kind == "OCIRepository" and ref.startswith("refs/"):
        yield ("sync", "ref"), f"sync.ref {ref!r} is no tag of an OCIRepository; name one"


_CHECKS: Mapping[str, Callable[[Mapping[str, Any]], Iterator[_Flaw]]] = {
    "Bucket": _bucket,
    "FluxInstance": _instance,
    "GitRepository": _git,
    "ImageRepository": _image,
}
