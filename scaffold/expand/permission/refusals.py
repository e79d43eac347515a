"""What Argo CD's API refuses in an AppProject (3.5.7, ValidateProject), but for windows and policies of roles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scaffold.expand.permission.verdicts import text
from scaffold.model import Pointer, dig, mapping, sequence

Flaw = tuple[Pointer, str, str]
_ROLE = re.compile(r"[a-zA-Z0-9]([-_a-zA-Z0-9]*[a-zA-Z0-9])?")
_IN_NO_GROUP = re.compile('["\n\r\t]')
_IN_NO_ACCOUNT = frozenset("!*[]{}\\/")
_TWICE = "remove one of them"
_ALL_DENIED = "'!*' is no pattern there"


def project_flaws(project: Mapping[str, Any]) -> Iterator[Flaw]:
    """Every flaw with its pointer, the fact and the remedy."""
    spec = mapping(project.get("spec"))
    yield from _destinations(sequence(spec.get("destinations")))
    for field in ("sourceNamespaces", "sourceRepos"):
        yield from _repeated((("spec", field), sequence(spec.get(field))))
    for index, source in enumerate(sequence(spec.get("sourceRepos"))):
        if source == "!*":
            yield ("spec", "sourceRepos", index), _ALL_DENIED, "name what is denied"
    yield from _roles(sequence(spec.get("roles")))
    yield from _accounts(sequence(spec.get("destinationServiceAccounts")))


def _destinations(entries: Iterable[Any]) -> Iterator[Flaw]:
    keys = []
    for index, entry in enumerate(entries):
        name, server, namespace = (text(dig(entry, field)) for field in ("name", "server", "namespace"))
        keys.append(f"{server or name}/{namespace}" if isinstance(entry, Mapping) else "")
        for field, value in (("name", name), ("server", server), ("namespace", namespace)):
            if value == "!*":
                yield ("spec", "destinations", index, field), _ALL_DENIED, "name what is denied"
    yield from _repeated((("spec", "destinations"), keys))


def _roles(roles: Iterable[Any]) -> Iterator[Flaw]:
    names = []
    for index, role in enumerate(roles):
        at: Pointer = ("spec", "roles", index)
        name = text(dig(role, "name"))
        names.append(name)
        if not _ROLE.fullmatch(name):
            yield (*at, "name"), f"role {name!r} has no good name", "write letters, digits, '-' and '_' inside"
        groups = sequence(dig(role, "groups"))
        yield from _repeated(((*at, "policies"), sequence(dig(role, "policies"))), ((*at, "groups"), groups))
        for number, group in enumerate(groups):
            if fact := _group_flaw(text(group)):
                yield (*at, "groups", number), f"group {group!r} {fact}", "mend its name"
    yield from _repeated((("spec", "roles"), names))


def _group_flaw(name: str) -> str:
    bare = name.strip()
    if len(bare) > 1 and bare[0] == bare[-1] == '"':
        bare = bare[1:-1]
    elif "," in bare:
        return "has a comma and no quotes"
    if not bare or _IN_NO_GROUP.search(bare):
        return "is empty" if not bare else "has a quote, a tab or a line break"
    return "begins or ends with a space" if name != name.strip() else ""


def _accounts(entries: Iterable[Any]) -> Iterator[Flaw]:
    keys = []
    for index, entry in enumerate(entries):
        server, namespace, account = (
            text(dig(entry, field)) for field in ("server", "namespace", "defaultServiceAccount")
        )
        keys.append(f"{server}/{namespace}" if isinstance(entry, Mapping) else "")
        at: Pointer = ("spec", "destinationServiceAccounts", index)
        for field, value in (("server", server), ("namespace", namespace)):
            if "!" in value:
                yield (*at, field), f"{field} {value!r} denies, which it cannot", "remove the entry"
        if not account.strip(" ") or not _IN_NO_ACCOUNT.isdisjoint(account):
            yield (*at, "defaultServiceAccount"), f"{account!r} is no service account", "name one"
    yield from _repeated((("spec", "destinationServiceAccounts"), keys))


def _repeated(*lists: tuple[Pointer, Iterable[Any]]) -> Iterator[Flaw]:
    for pointer, entries in lists:
        seen = set()
        for index, entry in enumerate(map(text, entries)):
            if entry and entry in seen:  # what has no key is for the schema to say
                yield (*pointer, index), f"{entry!r} is given twice in {pointer[-1]}", _TWICE
            seen.add(entry)
