"""The inventories of Ansible: which groups and hosts they name, where nothing but files says so."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scaffold.assemble import resting
from scaffold.model import Place, Repository, mapping, sequence
from scaffold.model.ansible import is_inventory, is_playbook
from scaffold.model.values import Pointer, text

_ELSEWHERE = frozenset(("collections", "molecule", "roles", "test", "tests"))
VARIABLES = ("group_vars", "host_vars")
_SETTINGS = "ansible.cfg"
_HOSTS = frozenset(("hosts", "inventory"))
_LARGEST = 200_000  # signs of an inventory by hand
_HEADING = re.compile(r"\[(?P<name>[^\]:\s]+)(?::(?P<what>\w+))?\]")
_RANGE = re.compile(r"\[(?P<first>\d+):(?P<last>\d+)\]")
_MOST, _DEEPEST = 1000, 30  # hosts of a range, groups in each other
_NOTES = (".md", ".txt", ".rst", ".cfg", ".retry", ".bak")
_MAKING = (".py", ".sh", ".rb", ".js", ".j2", ".tpl", ".tftpl", ".tmpl", ".vault")  # of inventories, what is no text


@dataclass
class Inventory:
    """One file: its groups and hosts, each with the place where it is first named."""

    path: str
    groups: dict[str, Place] = field(default_factory=dict)
    hosts: dict[str, Place] = field(default_factory=dict)

    @property
    def directory(self) -> str:
        return posixpath.dirname(self.path)


def texts(repository: Repository, read: Callable[[str], str]) -> dict[str, str]:
    """The settings of Ansible, and inventories that are no YAML, by their paths."""
    settings = {path: read(path) for path in repository.others if posixpath.basename(path) == _SETTINGS}
    beside = {posixpath.dirname(path) for path in repository.directories if posixpath.basename(path) in VARIABLES}
    beside |= set(map(posixpath.dirname, settings)) if beside or settings else set()
    named = {path for cfg, told in settings.items() for path in _named(cfg, told)}
    found = {path for path in repository.others if path in named or posixpath.dirname(path) in named}
    found |= {path for path in repository.others if posixpath.dirname(path) in beside and _may_list(path)}
    found = {path for path in found if not path.endswith(_NOTES)}
    return settings | {path: told for path in sorted(found) if len(told := read(path)) <= _LARGEST}


def _may_list(path: str) -> bool:
    name = posixpath.basename(path)
    return name.endswith(".ini") or name in _HOSTS


def _named(path: str, told: str) -> Iterator[str]:
    """The inventories that settings name."""
    import configparser

    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(told)
        listed = parser.get("defaults", "inventory", fallback="") or ""
    except configparser.Error:
        return
    for each in listed.split(","):
        yield posixpath.normpath(posixpath.join(posixpath.dirname(path), each.strip()))


def inventories(repository: Repository) -> tuple[Inventory, ...]:
    """Every inventory that is a file."""
    return repository.once(_inventories)


def _inventories(repository: Repository) -> tuple[Inventory, ...]:
    found = []
    for path, told in repository.texts.items():
        if posixpath.basename(path) != _SETTINGS and "[" in told and _is_ini(path) and not resting.is_unused(path):
            found.append(_of_ini(path, told))
    for path, file in repository.files.items():
        document = (file.documents or (None,))[0]
        if isinstance(document, Mapping) and is_inventory(document) and not resting.is_unused(path):
            inventory = Inventory(path)
            _groups(inventory, document, ())
            found.append(inventory)
    return tuple(each for each in found if each.groups or each.hosts)


def _is_ini(path: str) -> bool:
    name = posixpath.basename(path)
    return not name.endswith(_MAKING) and name != "CODEOWNERS" and not name.startswith((".", "renovate"))


def _groups(inventory: Inventory, groups: Mapping[str, Any], above: Pointer) -> None:
    for name, group in groups.items():
        inventory.groups.setdefault(str(name), Place(inventory.path, 0, (*above, name), at_key=True))
        for host in mapping(mapping(group).get("hosts")):
            place = Place(inventory.path, 0, (*above, name, "hosts", host), at_key=True)
            _add(inventory, str(host), place)
        if len(above) < 2 * _DEEPEST:
            _groups(inventory, mapping(mapping(group).get("children")), (*above, name, "children"))


def _of_ini(path: str, told: str) -> Inventory:
    inventory, what = Inventory(path), "hosts"
    for number, line in enumerate(told.splitlines(), 1):
        word = line.split("#")[0].split(";")[0].strip()
        place = Place(path, line=number, column=1)
        if heading := _HEADING.fullmatch(word):
            what = heading["what"] or "hosts"
            inventory.groups.setdefault(heading["name"], place)
        elif word and what == "children":
            inventory.groups.setdefault(word.split()[0], place)
        elif word and what == "hosts":
            _add(inventory, word.split()[0], place)
    return inventory


def _add(inventory: Inventory, name: str, place: Place) -> None:
    """A host, or those of a range of numbers; a port is no part of the name."""
    name = name.partition(":")[0] if name.count(":") == 1 and "[" not in name else name
    found = _RANGE.search(name)
    first, last = (int(found["first"]), int(found["last"])) if found and len(found[0]) < 20 else (0, -1)
    for number in range(first, min(last, first + _MOST) + 1):
        assert found
        whole = f"{name[: found.start()]}{number:0{len(found['first'])}}{name[found.end() :]}"
        inventory.hosts.setdefault(whole, place)
    inventory.hosts.setdefault(name, place)


def near(repository: Repository, directory: str) -> list[Inventory]:
    """The inventories that count for what stands in a directory, none where others may be made, or are not here.

    They are in it or below, else below the nearest directory above that has settings.
    """
    found = [each for each in inventories(repository) if _is_below(each.directory, directory)]
    home = _home(repository, directory)
    if not found and home is not None:
        found = [each for each in inventories(repository) if _is_below(each.directory, home)]
    return [] if any(_is_open(repository, each.directory) for each in found) or _is_far(repository, home) else found


def _is_below(path: str, directory: str) -> bool:
    return not directory or f"{path}/".startswith(f"{directory}/")


def _home(repository: Repository, directory: str) -> str | None:
    while posixpath.join(directory, _SETTINGS) not in repository.texts:
        if not directory:
            return None
        directory = posixpath.dirname(directory)
    return directory


def _is_far(repository: Repository, home: str | None) -> bool:
    """Tell whether settings name an inventory that is not among the files, or name no file at all."""
    if home is None:
        return False
    path = posixpath.join(home, _SETTINGS)
    return any(each not in repository.paths for each in _named(path, repository.texts[path]) if each != (home or "."))


def _is_open(repository: Repository, directory: str) -> bool:
    return directory in repository.once(_open)


def _open(repository: Repository) -> frozenset[str]:
    """The directories where a program, a plugin or what cannot be read may give more hosts."""
    files = repository.files.values()
    found = {file.directory for file in files if file.problem or ("plugin",) in file.keys}
    programs = {path for path, told in repository.texts.items() if told.startswith("#!")}
    programs |= {path for path in repository.others if path.endswith(_MAKING)}
    return frozenset(found | set(map(posixpath.dirname, programs)))


def settings_turn_names(repository: Repository) -> bool:
    """Tell whether Ansible gives groups other names than the ones that are written."""
    return any("force_valid_group_names" in told for path, told in repository.texts.items() if path.endswith(_SETTINGS))


def plays(repository: Repository) -> Iterator[tuple[str, int, str]]:
    """Every play with its file and number, but for those of tests and roles, and of books that make hosts or groups."""
    for path, file in repository.files.items():
        document = (file.documents or (None,))[0]
        is_own = _ELSEWHERE.isdisjoint(path.split("/")[:-1]) and not resting.is_unused(path)
        if is_playbook(document) and is_own and not _makes(document):
            for number, play in enumerate(sequence(document)):
                yield path, number, text(mapping(play).get("hosts"))


def _makes(document: object) -> bool:
    shown = repr(document)
    return "add_host" in shown or "group_by" in shown
