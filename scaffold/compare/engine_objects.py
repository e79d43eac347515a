"""What of the engines' own objects cannot be taken back: they delete, or leave behind, what they deployed.

As Argo CD 3.5, kustomize-controller 1.9 and helm-controller 1.6 do it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scaffold.compare.nouns import Change, Danger
from scaffold.model import Identity, dig, mapping, sequence

FINALIZER = "resources-finalizer.argocd.argoproj.io"
_PRESERVE = "set spec.syncPolicy.preserveResourcesOnDeletion to true in {}"
_LEFT = "what it deployed is left behind"
_DELETING = ("Delete", "WaitForTermination")
_Data = Mapping[str, Any]


class _Fate(NamedTuple):
    """What comes of what an object deployed when it goes, and what, done to `{}` before, keeps that."""

    fact: str
    remedy: str = ""


def is_one(identity: Identity) -> bool:
    """Tell whether an object deploys others."""
    return f"{identity.group}/{identity.kind}" in _GOES


def dangers(change: Change, generator: str = "") -> Iterator[Danger]:
    """The dangers of one change; `generator` is the file that generates an Application which is not written down."""
    before, after = mapping(change.before), mapping(change.after)
    kind = f"{change.identity.group}/{change.identity.kind}"
    subject = str(change.identity)
    if change.before is not None and change.after is None and is_one(change.identity):
        fate = _generated(before) if generator else _GOES[kind](before)
        yield Danger(subject, f"it goes, and {fate.fact}", fate.remedy.format(generator or subject))
    elif change.before is not None and change.after is not None and kind in _CHANGES:
        yield from (Danger(subject, fact) for fact in _CHANGES[kind](before, after))


def _generated(data: _Data) -> _Fate:
    fate = _application(data)
    return fate._replace(remedy=_PRESERVE if fate.remedy else "")


def _application(data: _Data) -> _Fate:
    if FINALIZER in " ".join(map(str, sequence(dig(data, "metadata", "finalizers")))):
        return _Fate("everything that it deployed with it", f"take the finalizer {FINALIZER} from {{}}")
    return _Fate(_LEFT)


def _application_set(data: _Data) -> _Fate:
    if dig(data, "spec", "syncPolicy", "preserveResourcesOnDeletion") is True:
        return _Fate("its applications with it; what they deployed is left behind")
    return _Fate("its applications with it, and everything that they deployed", _PRESERVE)


def _project(_: _Data) -> _Fate:
    return _Fate("applications in it deploy nothing any more")


def _kustomization(data: _Data) -> _Fate:
    orphans = dig(data, "spec", "deletionPolicy") == "Orphan" or dig(data, "spec", "suspend") is True
    prunes = dig(data, "spec", "prune") is True or dig(data, "spec", "deletionPolicy") in _DELETING
    if orphans or not prunes:
        return _Fate(_LEFT)
    return _Fate("everything that it deployed with it", "set spec.prune to false in {}, without a spec.deletionPolicy")


def _release(data: _Data) -> _Fate:
    if dig(data, "spec", "suspend") is True:
        return _Fate("its release is left behind")
    return _Fate("its release is uninstalled", "set spec.suspend to true in {}")


def _application_changes(before: _Data, after: _Data) -> Iterator[str]:
    for field in ("destination", "project"):
        if dig(before, "spec", field) != dig(after, "spec", field):
            yield f"its {field} changes; what it deployed is left behind where it was"
    if not _automated(before) and _automated(after):
        yield "it deploys by itself from now on, without a releaser"


def _automated(data: _Data) -> bool:
    policy = dig(data, "spec", "syncPolicy", "automated")
    return policy is not None and dig(policy, "enabled") is not False


def _kustomization_changes(before: _Data, after: _Data) -> Iterator[str]:
    if dig(before, "spec", "kubeConfig") != dig(after, "spec", "kubeConfig"):
        yield "its kubeConfig changes; what it deployed is left behind where it was"


def _release_changes(before: _Data, after: _Data) -> Iterator[str]:
    old, new = release(before), release(after)
    if old != new:
        yield f"its release {old} becomes {new}, so the old one is uninstalled"
    charts = [str(dig(side, "spec", "chart", "spec", "chart") or "").rpartition("/")[2] for side in (before, after)]
    if all(charts) and charts[0] != charts[1]:
        yield f"its chart {charts[0]!r} becomes {charts[1]!r}, so the release of the old one is uninstalled"


def release(data: _Data, own: str = "default") -> str:
    """The name of a HelmRelease's release, where it installs, and where Helm remembers it.

    `own` is the namespace of one that names none.
    """
    spec, namespace = mapping(dig(data, "spec")), dig(data, "metadata", "namespace") or own
    target, name = spec.get("targetNamespace"), dig(data, "metadata", "name")
    called = spec.get("releaseName") or (f"{target}-{name}" if target else name)
    return f"{target or namespace}/{called} kept in {spec.get('storageNamespace') or namespace}"


_GOES = {
    "argoproj.io/Application": _application,
    "argoproj.io/ApplicationSet": _application_set,
    "argoproj.io/AppProject": _project,
    "kustomize.toolkit.fluxcd.io/Kustomization": _kustomization,
    "helm.toolkit.fluxcd.io/HelmRelease": _release,
}
_CHANGES = {
    "argoproj.io/Application": _application_changes,
    "kustomize.toolkit.fluxcd.io/Kustomization": _kustomization_changes,
    "helm.toolkit.fluxcd.io/HelmRelease": _release_changes,
}
