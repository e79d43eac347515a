"""A path is relative where it has to be absolute, absolute where it has to be relative, or goes up.

The API server refuses it (Kubernetes 1.37): the path of an Ingress begins with a slash, and one of type `Prefix` or
`Exact` is plain, without `//`, `/./`, `/../` or an encoded slash; `subPath` and the paths of the items of a volume are
below it; and no path of a host goes up. A path with a variable is passed over, as is one of an Ingress that names no
type.

Fails:

    # web.yaml
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: web
    spec:
      rules:
        - host: shop.example.com
          http:
            paths:
              - path: cart
                pathType: Prefix
                backend:
                  service:
                    name: web
                    port:
                      number: 80

Passes:

    # web.yaml
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: web
    spec:
      rules:
        - host: shop.example.com
          http:
            paths:
              - path: /cart
                pathType: Prefix
                backend:
                  service:
                    name: web
                    port:
                      number: 80
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Manifest, Pod, Pointer, Repository, Severity, is_variable, mapping
from scaffold.model.values import text
from scaffold.rules.listed import ANY, values

ID = "refused-path"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_PLAIN = ("Exact", "Prefix")
_WITHIN = ("//", "/./", "/../", "%2f", "%2F")
_AT_END = ("/.", "/..")
_SOURCES = ("configMap", "secret", "downwardAPI")
_ITEMS: tuple[Pointer, ...] = (
    *(("volumes", ANY, source, "items", ANY, "path") for source in _SOURCES),
    *(("volumes", ANY, "projected", "sources", ANY, source, "items", ANY, "path") for source in _SOURCES),
    ("volumes", ANY, "projected", "sources", ANY, "serviceAccountToken", "path"),
)
_ABSOLUTE, _UP = "which has to be relative; leave out its first slash", "which goes up; write it without '..'"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every path of an Ingress or a pod that is refused."""
    for overlay in repository.overlays.values():
        for ingress in overlay.of("networking.k8s.io/Ingress"):
            yield from _of_ingress(ingress)
        for pod in overlay.pods:
            yield from _of_pod(pod)


def _of_ingress(ingress: Manifest) -> Iterator[Finding]:
    for pointer, entry in values(ingress.data, ("spec", "rules", ANY, "http", "paths", ANY)):
        path, kind = text(mapping(entry).get("path")), mapping(entry).get("pathType")
        flaw = _route_flaw(path, plain=kind in _PLAIN) if _is_known(path) and kind else ""
        if flaw:
            message = f"Ingress {ingress.name!r} has path {path!r}, {flaw}"
            yield Finding(ingress.place(*pointer, "path"), ID, message)


def _is_known(path: object) -> bool:
    return isinstance(path, str) and bool(path) and not is_variable(path) and "{{" not in path


def _route_flaw(path: str, *, plain: bool) -> str:
    if not path.startswith("/"):
        return "which is not absolute, so the API server refuses it; begin it with a slash"
    held = next((part for part in _WITHIN if part in path), "") or next((e for e in _AT_END if path.endswith(e)), "")
    return f"which holds {held!r}, so the API server refuses it; write it plainly" if plain and held else ""


def _of_pod(pod: Pod) -> Iterator[Finding]:
    named = f"{pod.manifest.kind} {pod.manifest.name!r}"
    for path in _ITEMS:
        for pointer, value in values(pod.spec, path):
            flaw = (_file_flaw(value) or _hidden_flaw(value)) if _is_known(value) else ""
            if flaw:
                yield Finding(pod.place(*pointer), ID, f"{named} puts a file at {value!r}, {flaw}")
    for pointer, value in values(pod.spec, ("volumes", ANY, "hostPath", "path")):
        if _is_known(value) and ".." in value.split("/"):
            yield Finding(pod.place(*pointer), ID, f"{named} takes {value!r} of its host, {_UP}")
    for container in pod.containers:
        for pointer, value in values(container.data, ("volumeMounts", ANY, "subPath")):
            if _is_known(value) and (flaw := _file_flaw(value)):
                place = pod.manifest.place(*container.pointer, *pointer)
                yield Finding(place, ID, f"{pod.named(container)} mounts subPath {value!r}, {flaw}")


def _file_flaw(path: str) -> str:
    if path.startswith("/"):
        return _ABSOLUTE
    return _UP if ".." in path.split("/") else ""


def _hidden_flaw(path: str) -> str:
    """The kubelet keeps names that begin so for itself."""
    return "which begins with '..'; write another name" if path.startswith("..") else ""
