"""What of YAML is Ansible's, by its shape."""

from __future__ import annotations

import re
from collections.abc import Mapping

from scaffold.model.values import mapping

_OF_GROUPS = frozenset(("children", "hosts", "vars"))
_OF_PLAYS = frozenset(("post_tasks", "pre_tasks", "roles", "tasks", "vars_files"))
_OF_TASKS = frozenset("become block changed_when failed_when loop notify register tags when with_items".split())
_PATHS = re.compile(r"(?:^|/)(?:group_vars|host_vars|roles/[^/]+/(?:defaults|handlers|tasks|vars))/")


def is_of_ansible(path: str, document: object) -> bool:
    """Tell variables, tasks and plays from values of a chart: by where they stand, or by their shape."""
    return bool(_PATHS.search(path)) or is_playbook(document) or is_tasks(document)


def is_tasks(document: object) -> bool:
    """Tell tasks in their order, as those of a role or of a file that is included."""
    tasks = document if isinstance(document, list) else []
    return any("name" in mapping(task) and not _OF_TASKS.isdisjoint(mapping(task)) for task in tasks)


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
