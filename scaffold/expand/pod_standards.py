"""The Pod Security Standards, as the admission of the API server reads them (1.25 to 1.37).

What only newer versions forbid is not looked at, nor what a runtime class or a user may be excused from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.model import Pointer, dig, is_variable, mapping, sequence

_Flaw = tuple[str, Pointer]
BASELINE, RESTRICTED = "baseline", "restricted"
_HOST = ("hostNetwork", "hostPID", "hostIPC")
_CAPABILITIES = frozenset(
    "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT"
    "".split()
)
_VOLUMES = frozenset(
    "name configMap csi downwardAPI emptyDir ephemeral image persistentVolumeClaim projected secret".split()
)
_CONTEXT = "securityContext"


def flaws(spec: Mapping[str, Any], level: str) -> Iterator[_Flaw]:
    """Yield what a standard forbids of a pod, with where that stands in its spec, or should stand."""
    yield from _of_host(spec)
    for where, container in _containers(spec):
        yield from _widened(container, where)
    if level == RESTRICTED:
        yield from _restricted(spec)


def _of_host(spec: Mapping[str, Any]) -> Iterator[_Flaw]:
    for field in _HOST:
        if spec.get(field) is True:
            yield f"{field} is true", (field,)
    for index, volume in enumerate(map(mapping, sequence(spec.get("volumes")))):
        if volume.get("hostPath"):
            yield f"volume {volume.get('name')!r} is a hostPath", ("volumes", index, "hostPath")
    if dig(spec, _CONTEXT, "seccompProfile", "type") == "Unconfined":
        yield "seccompProfile is Unconfined", (_CONTEXT, "seccompProfile", "type")


def _containers(spec: Mapping[str, Any]) -> Iterator[tuple[Pointer, Mapping[str, Any]]]:
    for field in ("initContainers", "containers"):
        for index, container in enumerate(map(mapping, sequence(spec.get(field)))):
            yield (field, index), container


def _widened(container: Mapping[str, Any], where: Pointer) -> Iterator[_Flaw]:
    """What a container has beyond the usual."""
    name, context = f"container {container.get('name')!r}", mapping(container.get(_CONTEXT))
    if context.get("privileged") is True:
        yield f"{name} is privileged", (*where, _CONTEXT, "privileged")
    for index, added in enumerate(sequence(dig(context, "capabilities", "add"))):
        if isinstance(added, str) and added not in _CAPABILITIES and not is_variable(added):
            yield f"{name} adds {added}", (*where, _CONTEXT, "capabilities", "add", index)
    for index, port in enumerate(sequence(container.get("ports"))):
        if isinstance(dig(port, "hostPort"), int) and port["hostPort"]:
            yield f"{name} has hostPort {port['hostPort']}", (*where, "ports", index, "hostPort")
    if context.get("procMount") == "Unmasked":
        yield f"{name} has procMount Unmasked", (*where, _CONTEXT, "procMount")
    if dig(context, "seccompProfile", "type") == "Unconfined":
        yield f"{name} has seccompProfile Unconfined", (*where, _CONTEXT, "seccompProfile", "type")


def _restricted(spec: Mapping[str, Any]) -> Iterator[_Flaw]:
    windows = dig(spec, "os", "name") == "windows"
    pod = mapping(spec.get(_CONTEXT))
    for index, volume in enumerate(map(mapping, sequence(spec.get("volumes")))):
        for kind in volume.keys() - _VOLUMES - {"hostPath"}:
            yield f"volume {volume.get('name')!r} is of type {kind}", ("volumes", index, kind)
    if pod.get("runAsUser") == 0 and pod["runAsUser"] is not False and spec.get("hostUsers") is not False:
        yield "runAsUser is 0", (_CONTEXT, "runAsUser")
    if pod.get("runAsNonRoot") is False and spec.get("hostUsers") is not False:
        yield "runAsNonRoot is false", (_CONTEXT, "runAsNonRoot")
    for where, container in _containers(spec):
        if spec.get("hostUsers") is not False:
            yield from _rooted(container, where, pod)
        if not windows:
            yield from _open(container, where, pod)


def _rooted(container: Mapping[str, Any], where: Pointer, pod: Mapping[str, Any]) -> Iterator[_Flaw]:
    name, context = f"container {container.get('name')!r}", mapping(container.get(_CONTEXT))
    said = {**pod, **{key: value for key, value in context.items() if value is not None}}
    if said.get("runAsNonRoot") in (None, False):
        place = where if context.get("runAsNonRoot") is False else ()
        yield f"{name} has no runAsNonRoot", (*place, _CONTEXT, "runAsNonRoot")
    if context.get("runAsUser") == 0 and context["runAsUser"] is not False:
        yield f"{name} has runAsUser 0", (*where, _CONTEXT, "runAsUser")


def _open(container: Mapping[str, Any], where: Pointer, pod: Mapping[str, Any]) -> Iterator[_Flaw]:
    """What a container does not give up."""
    name, context = f"container {container.get('name')!r}", mapping(container.get(_CONTEXT))
    if context.get("allowPrivilegeEscalation") in (None, True):
        yield f"{name} does not set allowPrivilegeEscalation to false", (*where, "name")
    capabilities = mapping(context.get("capabilities"))
    dropped = sequence(capabilities.get("drop"))
    if "ALL" not in dropped and not any(map(is_variable, dropped)):
        yield f"{name} does not drop the capabilities ALL", (*where, "name")
    for index, added in enumerate(sequence(capabilities.get("add"))):
        if isinstance(added, str) and added in _CAPABILITIES and added != "NET_BIND_SERVICE":
            yield f"{name} adds {added}", (*where, _CONTEXT, "capabilities", "add", index)
    profile = dig(context, "seccompProfile", "type") or dig(pod, "seccompProfile", "type")
    if profile is None:
        yield f"{name} has no seccompProfile, nor has the pod", (_CONTEXT, "seccompProfile")
