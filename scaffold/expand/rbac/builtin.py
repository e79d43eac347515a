"""The roles that Argo CD brings (3.5.7, assets/builtin-policy.csv): who is in them, and what they may do."""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.expand.rbac.lines import Line

READONLY, ADMIN = "role:readonly", "role:admin"
_OF_PROJECTS = frozenset("applications applicationsets logs exec".split())
_MAY: dict[str, dict[str, str]] = {
    READONLY: {
        "applications": "get",
        "applicationsets": "get",
        "certificates": "get",
        "clusters": "get",
        "repositories": "get",
        "write-repositories": "get",
        "projects": "get",
        "accounts": "get",
        "gpgkeys": "get",
        "logs": "get",
    },
    ADMIN: {
        "applications": "create update update/* delete delete/* sync override action/*",
        "applicationsets": "get create update delete",
        "certificates": "create update delete",
        "clusters": "create update delete",
        "repositories": "create update delete",
        "write-repositories": "create update delete",
        "projects": "create update delete",
        "accounts": "update",
        "gpgkeys": "create delete",
        "exec": "create",
    },
}


def lines() -> Iterator[Line]:
    """The lines of the built-in policy."""
    for role, resources in _MAY.items():
        for resource, actions in resources.items():
            object_ = "*/*" if resource in _OF_PROJECTS else "*"
            yield from (Line("p", (role, resource, action, object_, "allow")) for action in actions.split())
    yield Line("g", (ADMIN, READONLY))
    yield Line("g", ("admin", ADMIN))
