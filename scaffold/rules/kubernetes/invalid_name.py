"""An object, a container, a volume or a port has a name that the API server does not accept.

Names of objects are lower case letters, digits, `-` and `.`, at most 253; those of Services, their ports, Namespaces,
containers and volumes have no dot and at most 63; a container's port has at most 15, among them a letter; a CronJob's
has at most 52, because the Jobs that it makes have longer ones. The same holds for the namespace that an object is in,
for the host of an Ingress and for the release of a HelmRelease, of which Helm takes 53 characters. A name that is to be
filled in is none yet: one with a variable, a word such as `REPLACE_ME`, or one that begins or ends with a word
in capitals, as `TIMESTAMP`, or is no more than such words, as `APP_NAME` in a base, unless it is a port's.

Fails:

    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web_config

Passes:

    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web.config
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold import schemas
from scaffold.model import (
    Finding,
    How,
    Manifest,
    Overlay,
    Pod,
    Pointer,
    Repository,
    Severity,
    dig,
    is_variable,
    sequence,
)
from scaffold.model.values import is_encrypted, is_of_shell, is_templated, is_to_fill_in

ID = "invalid-name"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?\Z")
_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\Z")
_PORT = re.compile(r"(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*\Z")
_HOST = re.compile(rf"(\*\.)?{_SUBDOMAIN.pattern}")
_PLAIN = re.compile(r"[-a-z0-9]+\Z")
_CAPITALS = re.compile(r"(?=[A-Z_-]{4})[A-Z]+(?:[_-][A-Z]+)*\Z")
_PLACEHOLDER = re.compile(r"<[A-Za-z][\w -]*>")
_GAP = re.compile(r"the name '(?:-|[^']*-')")  # which a value fills that whoever installs a chart gives
_ENDS = "begin and end it with a letter or a digit"
_SHORT = 3  # letters: one of as many may be a shift key that somebody held
_LABELLED = frozenset(("/Namespace", "/Service"))
# Their names are paths or keys of something else.
_FREE = frozenset(("rbac.authorization.k8s.io", "apiregistration.k8s.io", "storage.k8s.io", "authorization.k8s.io"))


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every name that is refused, but for those of templates that something else fills in."""
    for overlay in repository.overlays.values():
        filled_in = overlay.how is How.PLAIN and "templates" in overlay.path.split("/")
        given = overlay.release is not None and (overlay.release.open or overlay.release.alone)
        for found in _of_overlay(overlay):
            template = is_templated(found.message) or is_of_shell(found.message)
            if not (filled_in and template) and not (given and _GAP.search(found.message)):
                yield found


def _of_overlay(overlay: Overlay) -> Iterator[Finding]:
    seen = {""}
    for manifest in overlay.manifests:
        if overlay.how is not How.PLAIN or schemas.scope(manifest.api_version, manifest.kind):
            yield from _of_object(manifest)
            yield from _of_namespace(manifest) if manifest.namespace not in seen else ()
            seen.add(manifest.namespace)
    for release in overlay.of("helm.toolkit.fluxcd.io/HelmRelease"):
        own, where = release.get("spec", "releaseName"), ("spec", "releaseName")
        yield from _checked(release, f"HelmRelease {release.name!r}, release", own, (_SUBDOMAIN, 53), where)
    for ingress in overlay.of("networking.k8s.io/Ingress"):
        for index, rule in enumerate(sequence(ingress.get("spec", "rules"))):
            place: Pointer = ("spec", "rules", index, "host")
            host = dig(rule, "host") or None
            yield from _checked(ingress, f"Ingress {ingress.name!r}, host", host, (_HOST, 253), place)
    for pod in overlay.pods:
        yield from _inside(pod)
    for service in overlay.of("/Service"):
        for index, port in enumerate(sequence(service.get("spec", "ports"))):
            place = ("spec", "ports", index, "name")
            yield from _checked(service, f"Service {service.name!r}, port", dig(port, "name"), (_LABEL, 63), place)


def _of_object(manifest: Manifest) -> Iterator[Finding]:
    name = manifest.metadata.get("name")
    known = schemas.scope(manifest.api_version, manifest.kind) or _is_custom(manifest)
    if manifest.group in _FREE or not isinstance(name, str) or not known:
        return
    kind = f"{manifest.group}/{manifest.kind}"
    form = (_LABEL, 63) if kind in _LABELLED else (_SUBDOMAIN, 52 if kind == "batch/CronJob" else 253)
    yield from _checked(manifest, manifest.kind, name, form, ("metadata", "name"))


def _of_namespace(manifest: Manifest) -> Iterator[Finding]:
    subject = f"{manifest.kind} {manifest.name!r}, namespace"
    yield from _checked(manifest, subject, manifest.namespace, (_LABEL, 63), ("metadata", "namespace"))


def _is_custom(manifest: Manifest) -> bool:
    """Tell whether an object is of a kind that somebody defined: all of those have names of one form."""
    return "." in manifest.group and not manifest.group.endswith((".k8s.io", ".openshift.io"))


def _inside(pod: Pod) -> Iterator[Finding]:
    subject = f"{pod.manifest.kind} {pod.manifest.name!r}"
    for container in pod.containers:
        where = (*container.pointer, "name")
        yield from _checked(pod.manifest, f"{subject}, container", container.name or None, (_LABEL, 63), where)
        for index, port in enumerate(sequence(container.data.get("ports"))):
            where = (*container.pointer, "ports", index, "name")
            yield from _checked(pod.manifest, f"{pod.named(container)}, port", dig(port, "name"), (_PORT, 15), where)
    for index, volume in enumerate(sequence(pod.spec.get("volumes"))):
        where = (*pod.template, "spec", "volumes", index, "name")
        yield from _checked(pod.manifest, f"{subject}, volume", dig(volume, "name"), (_LABEL, 63), where)


def _checked(
    manifest: Manifest, subject: str, name: object, form: tuple[re.Pattern[str], int], where: Pointer
) -> Iterator[Finding]:
    pattern, most = form
    if not isinstance(name, str) or (len(name) <= most and pattern.match(name)):
        return
    if (
        is_variable(name)
        or is_encrypted(name)
        or is_to_fill_in(name)
        or _stands_open(name)
        or ("ports" not in where and _CAPITALS.match(name))
        or _PLACEHOLDER.search(name)
    ):
        return
    fact = f"is longer than {most} characters" if len(name) > most else "is not accepted"
    remedy = _ENDS if pattern in (_SUBDOMAIN, _LABEL) and len(name) <= most and _PLAIN.match(name) else ""
    message = f"{subject} {name!r}, the name {name!r} {fact}; {remedy or _remedy(pattern, most)}"
    yield Finding(manifest.place(*where), ID, message)


def _stands_open(name: str) -> bool:
    """Tell whether the first word or the last one stands for another that a hand or a script puts there."""
    first, _, behind = name.partition("-")
    before, _, last = name.rpartition("-")
    return any(
        len(w) > _SHORT and w.isalpha() and w.isupper() and r.islower() for w, r in ((first, behind), (last, before))
    )


def _remedy(pattern: re.Pattern[str], most: int) -> str:
    if pattern in (_SUBDOMAIN, _HOST):
        return f"use at most {most} lower case letters, digits, '-' and '.'"
    letter = ", one of them a letter" if pattern is _PORT else ""
    return f"use at most {most} lower case letters, digits and '-'{letter}"
