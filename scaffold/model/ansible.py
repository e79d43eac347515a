"""What of YAML is Ansible's, by its shape."""

from __future__ import annotations

from collections.abc import Mapping

from scaffold.model.values import mapping

_OF_GROUPS = frozenset(("children", "hosts", "vars"))
_OF_PLAYS = frozenset(("post_tasks", "pre_tasks", "roles", "tasks", "vars_files"))


def is_inventory(document: object) -> bool:
    """Tell hosts by their groups."""
    groups = [group for group in mapping(document).values() if group is not None]
    if not all(isinstance(group, Mapping) and group.keys() <= _OF_GROUPS for group in groups):
        return False
    return any({"hosts", "children"} & group.keys() for group in groups)


def is_playbook(document: object) -> bool:
    """Tell plays in their order."""
    plays = document if isinstance(document, list) else []
    return any("hosts" in mapping(play) and not _OF_PLAYS.isdisjoint(mapping(play)) for play in plays)
