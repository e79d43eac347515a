"""What can be asked: resources, their short names, and the actions that each has (Argo CD 3.5.7)."""

from __future__ import annotations

from typing import NamedTuple

from scaffold.nearest import hint

PROJECT_SCOPED = frozenset("applications applicationsets logs exec clusters repositories".split())
_ALL = frozenset("create get update delete".split())
ACTIONS = {
    "accounts": frozenset(("create", "update")),
    "applications": _ALL | {"action", "override", "sync"},
    "applicationsets": _ALL,
    "certificates": _ALL - {"update"},
    "clusters": _ALL,
    "exec": frozenset(("create",)),
    "extensions": frozenset(("invoke",)),
    "gpgkeys": _ALL - {"update"},
    "logs": frozenset(("get",)),
    "projects": _ALL,
    "repositories": _ALL,
}
_WITH_PATH = frozenset(("action", "delete", "update"))
_SHORT = {
    **dict.fromkeys(("account",), "accounts"),
    **dict.fromkeys(("app", "apps", "application"), "applications"),
    **dict.fromkeys(("cert", "certs", "certificate"), "certificates"),
    **dict.fromkeys(("cluster",), "clusters"),
    **dict.fromkeys(("extension",), "extensions"),
    **dict.fromkeys(("gpgkey", "key"), "gpgkeys"),
    **dict.fromkeys(("log",), "logs"),
    **dict.fromkeys(("proj", "projs", "project"), "projects"),
    **dict.fromkeys(("repo", "repos", "repository"), "repositories"),
}


class QuestionError(ValueError):
    """Nobody can be asked this: the resource or its action does not exist; the message names the nearest one."""


class Request(NamedTuple):
    """What somebody wants to do; `project` is the one whose roles count, or nothing."""

    resource: str
    action: str
    object: str

    @property
    def project(self) -> str:
        first, slash, _ = self.object.partition("/")
        if self.resource == "projects":
            return self.object
        return first if slash and self.resource in PROJECT_SCOPED else ""


def request(action: str, resource: str, object_: str = "") -> Request:
    """A question in full, as `argocd admin settings rbac can` completes it. Raises QuestionError."""
    resource = _SHORT.get(resource, resource)
    if resource not in ACTIONS:
        raise QuestionError(f"resource {resource!r} does not exist; {hint(resource, ACTIONS)}")
    verb, slash, _ = action.partition("/")
    if verb not in ACTIONS[resource]:
        raise QuestionError(f"{resource} have no action {action!r}; {hint(verb, ACTIONS[resource])}")
    if slash and (resource != "applications" or verb not in _WITH_PATH):
        raise QuestionError(f"action {verb!r} of {resource} takes no path; leave out what follows the slash")
    if resource in PROJECT_SCOPED and object_ in ("", "*"):
        object_ = "*/*"
    return Request(resource, action, object_)
