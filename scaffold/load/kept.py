"""Which documents are kept, since rules of the whole repository need them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.discover import KUSTOMIZATION_NAMES
from scaffold.model import dig, mapping
from scaffold.model.ansible import is_inventory, is_playbook
from scaffold.model.github import is_workflow

_GROUPS = re.compile(r"(argocd-image-updater\.)?argoproj\.io/|([a-z.]*\.)?fluxcd\.(io|controlplane\.io)/")
_SETTINGS = frozenset(("cm", "cmp", "params", "rbac"))
_OVERRIDES = frozenset(("allow_custom_workflows", "allowed_overrides", "allowed_workflows", "apply_requirements"))
_MAKING = frozenset(("ExternalSecret", "SealedSecret"))  # of Secrets, those for Argo CD
_PLUGIN = "ConfigManagementPlugin"  # which a config map holds as a text
_NAMES = re.compile(r"(\.copier-answers.*|\.argocd-source.*|\.gitops-scaffold|\.sops|Chart|atlantis|fleet)\.ya?ml\Z")
_KINDS = frozenset(
    (
        *("CompositeResourceDefinition", "ConstraintTemplate", "CustomResourceDefinition", "Promise"),
        *("ClusterPolicy", "MutatingAdmissionPolicy", "MutatingWebhookConfiguration", "Policy"),
        "ResourceGraphDefinition",
    )
)


def is_kept(path: str, documents: list[Any]) -> bool:
    """Tell whether the documents of a file are."""
    name = path.rpartition("/")[2]
    if name in KUSTOMIZATION_NAMES or _NAMES.match(name) or is_workflow(path):
        return True
    told = (_replaces, _serves, _is_encrypted, is_inventory, is_playbook)
    return any(tells(data) for data in documents for tells in told) or any(
        _is_kept_object(part) or _holds_settings(part) for data in documents for part in parts(data)
    )


def _replaces(data: object) -> bool:
    """Tell the replacements of a kustomization that stand in a file of their own."""
    listed = data if isinstance(data, list) else [data]
    return any({"source", "targets"} <= mapping(item).keys() and "kind" not in mapping(item) for item in listed)


def _serves(data: object) -> bool:
    """Tell what a server of Atlantis is told of repositories."""
    repos = mapping(data).get("repos")
    return isinstance(repos, list) and any(_OVERRIDES & mapping(repo).keys() and "id" in repo for repo in repos)


def _is_encrypted(data: object) -> bool:
    """Tell a document that SOPS wrote; of a List it is the whole that says so."""
    return bool(dig(data, "sops", "mac"))


def _holds_settings(data: Mapping[str, Any]) -> bool:
    """Tell values of the argo-cd chart, or of one that has it as a dependency."""
    charts = [data, *(mapping(value) for key, value in data.items() if "argo" in str(key))]
    return "kind" not in data and any(_SETTINGS & mapping(chart.get("configs")).keys() for chart in charts)


def _is_kept_object(data: object) -> bool:
    api_version, kind, name = dig(data, "apiVersion"), dig(data, "kind"), dig(data, "metadata", "name")
    if not isinstance(api_version, str) or not isinstance(kind, str):
        return False
    settings = kind == "ConfigMap" and isinstance(name, str) and name.startswith("argocd-")
    held = mapping(dig(data, "data")).values() if kind == "ConfigMap" else ()
    plugin = any(isinstance(value, str) and _PLUGIN in value for value in held)
    return (
        settings
        or plugin
        or (kind in _MAKING and _is_for_argocd(data))
        or kind in _KINDS
        or _GROUPS.match(api_version) is not None
    )


def _is_for_argocd(data: object) -> bool:
    """Tell what makes a Secret by its names, or its namespace."""
    told = (("metadata", "name"), ("metadata", "namespace"), ("spec", "target", "name"))
    return any("argo" in str(dig(data, *pointer)) for pointer in told)


def parts(data: object) -> Iterator[Mapping[str, Any]]:
    """A document, and the members of a List."""
    if isinstance(data, Mapping):
        if data.get("kind") == "List" and isinstance(data.get("items"), list):
            yield from (item for item in data["items"] if isinstance(item, Mapping))
        else:
            yield data
