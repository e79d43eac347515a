"""An object does not fit the schema of its kind.

The API server of the environment's Kubernetes version refuses it, or drops the field: a misspelled field, a wrong
type, a required field that is missing. Overlays are judged as they render, so a patch may be as partial as it likes.
Custom resources are judged by the CustomResourceDefinitions of the repository itself, and by those of Argo CD, Flux,
External Secrets, the Prometheus operator and others that this program carries. Of forty more operators, such as
Cilium, Istio, Kyverno and CloudNativePG, it carries one release, which may be another one than the cluster's: there an
unknown field or value is a flaw only where it is a known one but for a slip. A required field of a custom resource may
be missing where the repository has a mutating webhook, or a policy that mutates, for the kind, and all may be of a
StorageClass that a cluster has already, of which nothing is said but whether it is the default. A value with `${…}` in
it is judged where Flux builds it, with what Flux puts there, and where an Application of Argo CD deploys it as it is;
elsewhere a script may fill it in.

Fails:

    # service.yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      ports:
        - port: "80"

Passes:

    # service.yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      ports:
        - port: 80
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any

from scaffold import schemas
from scaffold.model import (
    Finding,
    How,
    Manifest,
    Overlay,
    Pointer,
    Remedy,
    Repository,
    Severity,
    is_to_fill_in,
    is_variable,
    mapping,
)
from scaffold.model.flux import SYNC

ID = "schema-violation"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
# Of the Vault plugin, of argocd-secret-replacer, and of vals and the like.
_FILLED_IN = re.compile(
    r"<(?:path|secret):[^<>]*>|\A(?:ref\+\w+|op|vault)://|\{\{ *op://"
    r"|\{\{hub\b|\{\{-? *(?:fromSecret|fromConfigMap|copySecretData)\b"  # of Advanced Cluster Management
)
_TO_FILL_IN = re.compile(r"[A-Z]+(?:_[A-Z]+)+/")  # the beginning of an address
_OPENSHIFT = ("config.openshift.io", "operator.openshift.io")
_HEAD, _DEFAULT = {"apiVersion", "kind", "metadata"}, "storageclass.kubernetes.io/is-default-class"
_ALIKE = 0.8  # of 1: what a slip of the finger or another writing of a word gives
_GUESS = re.compile(r"did you mean '([^']+)'\?\Z")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every flaw of every rendered object whose kind is known."""
    for overlay, manifest in repository.rendered():
        if not manifest.api_version:
            fact = f"{manifest.kind} {manifest.name!r}, required field 'apiVersion' is missing; add it"
            yield Finding(manifest.place("kind", at_key=True), ID, fact)
        open_ended = _is_completed(repository, overlay, manifest) or _is_there(manifest)
        flaws = schemas.check(manifest.data, overlay.kubernetes_version, repository.own_schemas) or []
        meant = {(*flaw.pointer[:-1], guess[1]) for flaw in flaws if (guess := _GUESS.search(flaw.message))}
        for flaw in flaws:
            if flaw.missing and (*flaw.pointer, flaw.missing) in meant:
                continue  # it is there, but misspelled
            if flaw.lacking and open_ended:
                continue  # what is built may have it, or what is admitted
            if flaw.missing == "name" and _is_submitted(overlay, manifest):
                continue  # whoever submits it names it
            said = "" if flaw.at_key else manifest.get(*flaw.pointer)
            if isinstance(said, str) and (_FILLED_IN.search(said) or _TO_FILL_IN.match(said)):
                continue  # a plugin of Argo CD puts what is meant in its place, or a hub, or a hand
            if is_to_fill_in(said) or (is_variable(said) and not (overlay.build or overlay.verbatim)):
                continue  # a script or envsubst does so, or a template of OpenShift
            name = f"{manifest.kind} {manifest.name!r}"
            place, guess = manifest.place(*flaw.pointer, at_key=flaw.at_key), _GUESS.search(flaw.message)
            fits = flaw.at_key and guess and _fits(repository, overlay, manifest, flaw.pointer, guess[1])
            remedy = Remedy(str(flaw.pointer[-1]), guess[1]) if guess and fits else None
            yield Finding(place, ID, f"{name}, {flaw.message}", remedy=remedy)


def _is_completed(repository: Repository, overlay: Overlay, manifest: Manifest) -> bool:
    """Tell whether admission adds fields to an object, a patch, or a cluster of Flux to a Kustomization it builds."""
    known = repository.conventions
    patched = known.patched and overlay.build is None and (manifest.group, manifest.kind) == SYNC
    return overlay.is_partial(manifest.path) or patched or known.completes(manifest.group, manifest.kind)


def _is_there(manifest: Manifest) -> bool:
    """Tell whether OpenShift 4 itself has the object already, of which a repository changes some fields.

    Or any cluster a StorageClass, of which a repository says nothing but whether it is the default; what is applied
    goes through on one that is there.
    """
    if (manifest.group, manifest.kind) == ("storage.k8s.io", "StorageClass"):
        return manifest.data.keys() <= _HEAD and _DEFAULT in mapping(manifest.metadata.get("annotations"))
    return manifest.group.endswith(_OPENSHIFT) and manifest.name in ("cluster", "version")


def _is_submitted(overlay: Overlay, manifest: Manifest) -> bool:
    """Tell whether an object is a Workflow that `argo submit` may make, with a name of its own (Argo Workflows 3)."""
    return overlay.how is How.PLAIN and (manifest.group, manifest.kind) == ("argoproj.io", "Workflow")


def _fits(repository: Repository, overlay: Overlay, manifest: Manifest, pointer: Pointer, name: str) -> bool:
    """Tell whether a field can have another name: one much alike that is free and whose schema takes the value."""
    parent = manifest.get(*pointer[:-1]) if pointer[1:] else manifest.data
    if not isinstance(parent, Mapping) or name in parent or not _alike(str(pointer[-1]), name):
        return False
    renamed = _with(manifest.data, pointer[:-1], {name if k == pointer[-1] else k: v for k, v in parent.items()})
    flaws = schemas.check(renamed, overlay.kubernetes_version, repository.own_schemas) or []
    below = (*pointer[:-1], name)
    return not any(flaw.pointer[: len(below)] == below for flaw in flaws)


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one.lower(), other.lower()).ratio() >= _ALIKE


def _with(data: Any, pointer: Pointer, value: Any) -> Any:
    """A copy of the data with another value at a pointer."""
    if not pointer:
        return value
    first, rest = pointer[0], pointer[1:]
    if isinstance(data, Mapping):
        return {key: _with(item, rest, value) if key == first else item for key, item in data.items()}
    return [_with(item, rest, value) if index == first else item for index, item in enumerate(data)]
