"""Which generated applications the controller and the API server accept; the others are dropped one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from scaffold.expand.names import is_label_value, is_qualified_name, is_subdomain
from scaffold.expand.permission.destinations import with_in_cluster
from scaffold.expand.view import TreeView
from scaffold.model import Pointer, dig, is_templated, mapping

_TEMPLATE: Pointer = ("spec", "template")
Flaw = tuple[str, Pointer]


def repeated_names(applications: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The names that more than one application has; every copy is dropped."""
    counts = Counter(_name(application) for application in applications)
    return frozenset(name for name, count in counts.items() if count > 1)


def flaw(application: Mapping[str, Any], repeated: frozenset[str], view: TreeView) -> Flaw | None:
    """Say why an application is not made, and which field of the template is at fault."""
    name = _name(application)
    project = str(dig(application, "spec", "project") or "")
    if name in repeated:
        return f"duplicate name '{name}'", (*_TEMPLATE, "metadata", "name")
    if view.projects is not None and project not in view.projects | {"default"}:
        return f"project '{project}' does not exist", (*_TEMPLATE, "spec", "project")
    return _destination_flaw(application, view) or _metadata_flaw(application)


def literal_flaw(draft: Mapping[str, Any], view: TreeView) -> Flaw | None:
    """Say why no application of a template is made, by what is literal in it."""
    destination = mapping(dig(draft, "spec", "destination"))
    if not any(map(is_templated, destination.values())) and (found := _destination_flaw(draft, view)):
        return found
    metadata = mapping(draft.get("metadata"))
    kept = {key: _literal(metadata.get(key)) for key in ("labels", "annotations")}
    name = "any" if is_templated(metadata.get("name")) else metadata.get("name")
    return _metadata_flaw({"metadata": {**kept, "name": name}})


def _literal(entries: Any) -> dict[Any, Any]:
    return {k: v for k, v in mapping(entries).items() if not is_templated(k) and not is_templated(v)}


def _destination_flaw(application: Mapping[str, Any], view: TreeView) -> Flaw | None:
    field = (*_TEMPLATE, "spec", "destination")
    destination = mapping(dig(application, "spec", "destination"))
    name, server = str(destination.get("name") or ""), str(destination.get("server") or "").rstrip("/")
    if name and server:
        return f"destination has both a name ({name}) and a server ({server})", field
    if not name and not destination.get("server"):
        return "destination has neither a name nor a server", field
    if view.clusters is None:
        return None
    known = with_in_cluster(view.clusters)
    found = [cluster for cluster in known if (cluster.name == name if name else cluster.server.rstrip("/") == server)]
    if len(found) > 1 and name:
        return f"there are {len(found)} clusters with the name '{name}'", (*field, "name")
    return None if found else (f"there is no cluster '{name or server}'", (*field, "name" if name else "server"))


def _metadata_flaw(application: Mapping[str, Any]) -> Flaw | None:
    metadata = mapping(application.get("metadata"))
    name = _name(application)
    if not is_subdomain(name):
        return f"the name '{name}' is not a DNS-1123 subdomain of at most 253 characters", (
            *_TEMPLATE,
            "metadata",
            "name",
        )
    for key, value in mapping(metadata.get("labels")).items():
        if not is_qualified_name(str(key)) or not is_label_value(str(value)):
            return f"the label '{key}: {value}' is not valid", (*_TEMPLATE, "metadata", "labels", key)
    for key in mapping(metadata.get("annotations")):
        if not is_qualified_name(str(key).lower()):
            return f"the annotation key '{key}' is not valid", (*_TEMPLATE, "metadata", "annotations", key)
    return None


def _name(application: Mapping[str, Any]) -> str:
    return str(dig(application, "metadata", "name") or "")
