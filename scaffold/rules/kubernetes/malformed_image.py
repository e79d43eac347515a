"""A container's image is a text that no runtime reads as one.

The API server takes it, and the kubelet (Kubernetes 1.37) leaves the pod in `InvalidImageName`. It comes of a tag that
is added to a name which has one, as `newTag` of kustomize does to such a `newName` and a chart's `tag` to such a
`repository`; of a tag that is a whole name; of an address with `https://`; of a digest that was cut off; and of a name
with capitals. What somebody fills in before it is applied is passed over.

Fails:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - pod.yaml
    images:
      - name: registry.example.com/web
        newName: mirror.example.com/web:1.2.0
        newTag: 1.2.0
    # pod.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.0.0

Passes:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - pod.yaml
    images:
      - name: registry.example.com/web
        newName: mirror.example.com/web
        newTag: 1.2.0
    # pod.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.0.0
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.model import Finding, Repository, Severity, is_to_fill_in

ID = "malformed-image"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/:@+-]*\Z")  # nothing that anybody fills in
_BUILT = "ko://"  # by ko, before it is applied
_SCHEME = re.compile(r"[a-z]+://")
_DIGEST = re.compile(r"sha256:[0-9a-f]+\Z")
_LENGTH = len("sha256:") + 64


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every image of a pod that is none."""
    for overlay in repository.overlays.values():
        for pod in overlay.pods:
            for container in pod.containers:
                image = container.data.get("image")
                if isinstance(image, str) and (flaw := _flaw(image)):
                    message = f"{pod.named(container)} runs {image!r}, {flaw}"
                    yield Finding(pod.manifest.place(*container.pointer, "image"), ID, message)


def _flaw(image: str) -> str:
    """What is wrong with an image, and what to do; empty where nothing is, or where it is not known yet."""
    if not _PLAIN.match(image) or is_to_fill_in(image) or image.startswith(_BUILT):
        return ""
    if _SCHEME.match(image):
        return "which is an address and no image; leave out what stands before the host"
    name, _, digest = image.partition("@")
    host, *path = name.split("/")
    if name.rpartition("/")[2].count(":") > 1:
        return "which has two tags; leave one out"
    if _is_no_host(host, path) or any(":" in part for part in path[:-1]):
        return "whose tag holds a name; give it a tag alone"
    if _DIGEST.match(digest) and len(digest) != _LENGTH:
        return f"whose digest has {len(digest) - len('sha256:')} digits instead of 64; write all of it"
    capital = next((part for part in path if _is_mixed(part.partition(":")[0])), "")
    return f"whose name has capitals in {capital.partition(':')[0]!r}; write it in lower case" if capital else ""


def _is_no_host(host: str, path: list[str]) -> bool:
    """Tell whether what stands before the first slash ends in a tag, and not in a port."""
    port = host.partition(":")[2]
    return bool(path) and ":" in host and not port.isdigit()


def _is_mixed(part: str) -> bool:
    """Tell a name with capitals from a word in capitals, which is yet to be filled in."""
    return part != part.lower() and part != part.upper()
