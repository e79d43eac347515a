"""A label or an annotation has a key or a value that the API server does not accept.

A key is a name of at most 63 characters, with a DNS name and a slash before it or without; a label's value has at most
63, too: letters, digits, `-`, `_` and `.`, and the first and the last one are no marks. An annotation's value is free,
and all together have at most 256 KiB.

Fails:

    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      labels:
        owner: checkout team

Passes:

    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      labels:
        owner: checkout-team
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.expand.names import is_label_value, is_qualified_name
from scaffold.model import Finding, Manifest, Pod, Pointer, Repository, Severity, is_variable, mapping

ID = "invalid-label"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_MOST = 256 * 1024
_KEY = "use at most 63 letters, digits, '-', '_' and '.', after a DNS name and a slash if you like"
_VALUE = "use at most 63 letters, digits, '-', '_' and '.', letters or digits first and last"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every key and value that is refused, in objects and in the templates of their pods."""
    for overlay in repository.overlays.values():
        for manifest in overlay.manifests:
            yield from _of(manifest, ("metadata",), manifest.metadata)
        for pod in overlay.pods:
            if pod.template:
                yield from _of(pod.manifest, (*pod.template, "metadata"), _metadata(pod))
            yield from _labels(pod.manifest, (*pod.template, "spec", "nodeSelector"), pod.spec.get("nodeSelector"))


def _metadata(pod: Pod) -> Mapping[str, Any]:
    return mapping(pod.manifest.get(*pod.template, "metadata"))


def _of(manifest: Manifest, where: Pointer, metadata: Mapping[str, Any]) -> Iterator[Finding]:
    yield from _labels(manifest, (*where, "labels"), metadata.get("labels"))
    annotations = mapping(metadata.get("annotations"))
    for key in annotations:
        if not is_qualified_name(str(key).lower()) and not is_variable(key):
            yield _refused(manifest, (*where, "annotations", key), f"annotation {key!r}, its key is refused; {_KEY}")
    size = sum(len(str(key)) + len(str(value)) for key, value in annotations.items()) if annotations else 0
    if size > _MOST:
        fact = f"annotations of {size} bytes are refused, at most {_MOST} are accepted; move them into a ConfigMap"
        yield _refused(manifest, (*where, "annotations"), fact)


def _labels(manifest: Manifest, where: Pointer, labels: Any) -> Iterator[Finding]:
    for key, value in mapping(labels).items():
        if is_variable(key) or is_variable(value):
            continue
        if not is_qualified_name(str(key)):
            yield _refused(manifest, (*where, key), f"label {key!r}, its key is refused; {_KEY}")
        elif isinstance(value, str) and not is_label_value(value):
            fact = f"label {key!r}, its value {value!r} is refused; {_VALUE}"
            yield _refused(manifest, (*where, key), fact)


def _refused(manifest: Manifest, where: Pointer, fact: str) -> Finding:
    return Finding(manifest.place(*where, at_key="key" in fact), ID, f"{manifest.kind} {manifest.name!r}, {fact}")
