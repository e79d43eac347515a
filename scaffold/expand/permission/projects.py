"""Where a project's applications may stand, and what global projects add (Argo CD 3.5.7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from scaffold.expand import globs, regexes
from scaffold.expand.permission.verdicts import Verdict, allowed, denied, text, unknown
from scaffold.expand.unverifiable import UnverifiableError
from scaffold.model import Pointer, dig, mapping, sequence

_APPENDED = (
    "clusterResourceWhitelist",
    "clusterResourceBlacklist",
    "namespaceResourceWhitelist",
    "namespaceResourceBlacklist",
    "syncWindows",
    "sourceRepos",
    "destinations",
    "destinationServiceAccounts",
)


def with_globals(project: Mapping[str, Any], global_projects: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Add the lists of global projects to a project; its own denies still win."""
    spec = dict(mapping(project.get("spec")))
    for other in global_projects:
        for field in _APPENDED:
            added = sequence(dig(other, "spec", field))
            if added:
                spec[field] = [*sequence(spec.get(field)), *added]
    return {**project, "spec": spec}


def application_namespace_permitted(project: Mapping[str, Any], namespace: str, controller_namespace: str) -> Verdict:
    """Decide on `spec.sourceNamespaces`: globs, or a regular expression between slashes, found anywhere."""
    field: Pointer = ("spec", "sourceNamespaces")
    if namespace in {"", controller_namespace}:
        return allowed(field, "the controller's own namespace")
    doubt = ""
    for index, entry in enumerate(map(text, sequence(dig(project, *field)))):
        try:
            if _matches(entry, namespace):
                return allowed((*field, index), f"allowed by '{entry}'")
        except UnverifiableError as error:
            doubt = f"{error} in the project"
    return unknown(field, doubt) if doubt else denied(field, "no entry of sourceNamespaces matches")


def _matches(entry: str, namespace: str) -> bool:
    if len(entry) > 2 and entry.startswith("/") and entry.endswith("/") and regexes.found(entry[1:-1], namespace):
        return True
    if doubt := globs.doubtful(entry):
        raise UnverifiableError(doubt)
    return globs.matches(entry, namespace)
