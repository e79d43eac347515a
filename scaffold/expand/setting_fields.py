"""The fields of what argocd-cm holds as YAML (Argo CD 3.5.7, `util/settings` and `pkg/apis/application`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Block(NamedTuple):
    """The value of a key: a mapping, or a list of such, and their fields.

    `whole` tells that versions add none; `about` are the fields without which an entry is about all, with what of.
    """

    fields: tuple[str, ...]
    listed: bool = False
    whole: bool = False
    about: tuple[tuple[str, str], ...] = ()

    def unknown(self, entry: Iterable[object]) -> list[str]:
        """The fields of an entry that are none, whatever their case."""
        known = {field.lower() for field in self.fields}
        return [name for name in map(str, entry) if name.lower() not in known]


_FILTER = Block(
    ("apiGroups", "clusters", "kinds"), listed=True, whole=True, about=(("kinds", "kind"), ("apiGroups", "group"))
)
_LINKS = Block(("description", "icon.class", "if", "title", "url"), listed=True)
_DIFFERENCE = Block(("jqPathExpressions", "jsonPointers", "managedFieldsManagers"), whole=True)
_BLOCKS = {
    "application.links": _LINKS,
    "globalProjects": Block(("labelSelector", "projectName"), listed=True, whole=True),
    "oidc.config": Block(
        (
            *("allowedAudiences", "azure", "cliClientID", "clientID", "clientSecret", "domainHint"),
            *("enablePKCEAuthentication", "enableUserInfoGroups", "issuer", "logoutURL", "name"),
            *("refreshTokenThreshold", "requestedIDTokenClaims", "requestedScopes", "rootCA"),
            *("skipAudienceCheckWhenTokenHasNoAudience", "userInfoBaseURL", "userInfoCacheExpiration", "userInfoPath"),
        )
    ),
    "project.links": _LINKS,
    "resource.compareoptions": Block(
        ("ignoreAggregatedRoles", "ignoreDifferencesOnResourceUpdates", "ignoreResourceStatusField")
    ),
    "resource.exclusions": _FILTER,
    "resource.inclusions": _FILTER,
    "resource.links": _LINKS,
}
_BY_KIND = tuple(f"resource.customizations.{what}." for what in ("ignoreDifferences", "ignoreResourceUpdates"))


def of(key: str) -> Block | None:
    """The block that a key holds, where its fields are known."""
    return _DIFFERENCE if key.startswith(_BY_KIND) else _BLOCKS.get(key)
