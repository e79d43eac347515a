"""What an object sets of Argo CD's config maps: one of them itself, or an object of its operator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.assemble.argocd_settings.settings import CM, NAMES, NOTIFICATIONS, RBAC
from scaffold.model import Pointer, dig, mapping, sequence

OPERATED = "ArgoCD"
NOTIFYING = "NotificationsConfiguration"
Given = Mapping[str, tuple[Any, Pointer]]
_NOTIFIED = ("services", "subscriptions", "templates", "triggers")
_IN_RBAC = {
    "policy": "policy.csv",
    "defaultPolicy": "policy.default",
    "policyMatcherMode": "policy.matchMode",
    "scopes": "scopes",
}
_IN_SPEC = {
    "kustomizeBuildOptions": "kustomize.buildOptions",
    "oidcConfig": "oidc.config",
    "resourceExclusions": "resource.exclusions",
    "resourceInclusions": "resource.inclusions",
    "resourceTrackingMethod": "application.resourceTrackingMethod",
    "usersAnonymousEnabled": "users.anonymous.enabled",
}


def given(kind: str, name: str, data: Mapping[str, Any]) -> Iterator[tuple[str, Given]]:
    """Each config map that an object sets, and its keys with their values and where these stand in the object."""
    if kind == "ConfigMap" and name in NAMES:
        yield name, {key: (value, ("data", key)) for key, value in mapping(data.get("data")).items()}
    elif kind == OPERATED:
        yield from ((name, keys) for name, keys in ((RBAC, _rbac(data)), (CM, _cm(data))) if keys)
    elif kind == NOTIFYING:
        groups = ((group, mapping(dig(data, "spec", group))) for group in _NOTIFIED)
        yield (
            NOTIFICATIONS,
            {key: (value, ("spec", group, key)) for group, held in groups for key, value in held.items()},
        )


def as_text(value: Any) -> Any:
    """A value as the chart and the operator write it into a config map."""
    return str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, int | float) else value


def _rbac(data: Mapping[str, Any]) -> Given:
    return _fields(data, ("spec", "rbac"), _IN_RBAC)


def _cm(data: Mapping[str, Any]) -> Given:
    extra: Pointer = ("spec", "extraConfig")
    written = {key: (as_text(value), (*extra, key)) for key, value in mapping(dig(data, *extra)).items()}
    return {**_fields(data, ("spec",), _IN_SPEC), **dict(_customised(data)), **written}


def _fields(data: Mapping[str, Any], at: Pointer, names: Mapping[str, str]) -> Given:
    held = mapping(dig(data, *at))
    return {key: (as_text(held[field]), (*at, field)) for field, key in names.items() if held.get(field) is not None}


def _customised(data: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Any, Pointer]]]:
    """What the operator says of kinds in lists of its own."""
    for what, field, at in (
        ("health", "check", ("spec", "resourceHealthChecks")),
        ("ignoreDifferences", "customization", ("spec", "resourceIgnoreDifferences", "resourceIdentifiers")),
    ):
        for index, item in enumerate(map(mapping, sequence(dig(data, *at)))):
            kind = "_".join(str(item[part]) for part in ("group", "kind") if item.get(part))
            yield f"resource.customizations.{what}.{kind}", (item.get(field), (*at, index, field))
