"""Variables of Ansible, or a play, are for a group or a host that no inventory has, though one has a name like it.

Ansible loads `group_vars/NAME` and `host_vars/NAME` by the exact name, and says nothing of one that is nobody's; of
`hosts:` in a play it warns, and does nothing. Looked at are inventories in YAML and in INI form that stand beside or
below the variables, else below the `ansible.cfg` above. A name is told where it differs by a letter or a dash from one
that has no such file itself, or where a host is listed by its short name or its whole one; a play, where all
inventories stand in one directory. Passed over is whatever a plugin, a script or a template beside an inventory may
add, and books that make groups themselves (ansible-core 2.19).

Fails:

    # ansible/inventory/group_vars/edge-servers.yml
    k3s_role: server
    # ansible/inventory/hosts.yml
    edge_servers:
      hosts:
        berlin-1:
    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web

Passes:

    # ansible/inventory/group_vars/edge_servers.yml
    k3s_role: server
    # ansible/inventory/hosts.yml
    edge_servers:
      hosts:
        berlin-1:
    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from scaffold.assemble import ansible, resting
from scaffold.model import Finding, Place, Repository, Severity
from scaffold.nearest import slipped

ID = "unknown-inventory-name"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_IMPLIED = frozenset(("all", "ungrouped", "localhost", "127.0.0.1"))
_ENDINGS = (".sops.yml", ".sops.yaml", ".sops.json", ".yml", ".yaml", ".json")
_NOT_LOADED = re.compile(r"\.(?:bak|dist|enc|encrypted|example|old|sample|secrets?|template|vault)\Z")
_MOST = 200  # unknown names of one directory that are compared
_PATTERN = re.compile(r"[,:]")
_WORD = re.compile(r"[!&]?(?P<name>[A-Za-z0-9][\w.-]*)(?:\[[\d:-]*\])?")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every file or directory of variables, and every play, whose name is a slip of another."""
    if ansible.inventories(repository) and not ansible.settings_turn_names(repository):
        for directory, names in _variables(repository).items():
            yield from _of_variables(repository, directory, names)
        yield from _of_plays(repository)


def _variables(repository: Repository) -> dict[str, dict[str, str]]:
    """The names in each directory of variables, with the first file of each."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted((*repository.files, *repository.others)):
        parts = path.split("/")
        at = next((index for index, part in enumerate(parts[:-1]) if part in ansible.VARIABLES), None)
        if at is not None and not resting.is_unused(path):
            name = parts[at + 1]
            ending = next((each for each in _ENDINGS if name.endswith(each)), "")
            names = found.setdefault("/".join(parts[: at + 1]), {})
            if not _NOT_LOADED.search(name.removesuffix(ending)):
                names.setdefault(name.removesuffix(ending), path)
    return found


def _of_variables(repository: Repository, directory: str, names: Mapping[str, str]) -> Iterator[Finding]:
    above, kind = posixpath.split(directory)
    is_group = kind == ansible.VARIABLES[0]
    every = _places(ansible.inventories(repository), is_group=is_group)
    near = _places(ansible.near(repository, above), is_group=is_group)
    free = {name: place for name, place in near.items() if name not in names}
    unknown = {name: path for name, path in names.items() if name not in _IMPLIED | every.keys()}
    for name, path in list(unknown.items())[:_MOST]:
        if meant := _meant(name, free, is_group=is_group):
            noun = "group" if is_group else "host"
            fact = f"variables are for {noun} '{name}', which no inventory has, so that they are never loaded"
            message = f"{fact}; did you mean '{meant}' ({{0}})?"
            place = Place(path, line=1, column=1)
            yield Finding(place, ID, message, SEVERITY, subject=f"{kind}/{name}", related=(free[meant],))


def _places(
    inventories: tuple[ansible.Inventory, ...] | list[ansible.Inventory], *, is_group: bool
) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for each in inventories:
        found = {**(each.groups if is_group else each.hosts), **found}
    return found


def _meant(name: str, known: Mapping[str, Place], *, is_group: bool) -> str:
    """The name that another one is a slip of, or a host's short or whole name."""
    plain = name.replace("-", "_")
    turned = [other for other in known if other.replace("-", "_") == plain]
    short = [other for other in known if not is_group and _are_one(name, other)]
    found = turned or short
    return found[0] if len(found) == 1 else slipped(name, known)


def _are_one(name: str, other: str) -> bool:
    """Tell a host's name with its domain from the one without."""
    return other.startswith(f"{name}.") or name.startswith(f"{other}.")


def _of_plays(repository: Repository) -> Iterator[Finding]:
    every = ansible.inventories(repository)
    if len({each.directory for each in every}) != 1:
        return
    known = _places(every, is_group=True) | _places(every, is_group=False)
    for path, number, hosts in ansible.plays(repository):
        words = [found["name"] for word in _PATTERN.split(hosts) if (found := _WORD.fullmatch(word.strip()))]
        unknown = [word for word in words if word not in _IMPLIED | known.keys()]
        near = ansible.near(repository, posixpath.dirname(path))
        for name in unknown if near else ():
            if meant := _meant(name, known, is_group=True):
                fact = f"play is for '{name}', which no inventory has, so that it is for no host"
                message = f"{fact}; did you mean '{meant}' ({{0}})?"
                place = Place(path, 0, (number, "hosts"))
                yield Finding(place, ID, message, SEVERITY, subject=f"hosts/{name}", related=(known[meant],))
