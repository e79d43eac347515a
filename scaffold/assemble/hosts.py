"""What the files of environments say of hosts: the domains these stand in, and which hosts several of them name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from scaffold.assemble import ranks
from scaffold.model import Conventions, Repository

HOST = re.compile(r"(?<![\w.@-])((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,})(?![\w-]|\.[^\s\"',;:/])")
_LARGEST = 200_000  # signs of a file that is written by hand


class Told(NamedTuple):
    """Domains of each environment that are called like one, and hosts that more than one names, with which."""

    domains: Mapping[str, tuple[str, ...]]
    common: Mapping[str, tuple[str, ...]]


def told(repository: Repository, read: Callable[[str], str]) -> Told:
    """What files with objects say that stand in a directory which is called like an environment."""
    names = environments(repository.conventions)
    domains: dict[str, set[str]] = {}
    naming: dict[str, set[str]] = {}
    for path, file in repository.files.items():
        own = ranks.part(path.rpartition("/")[0], names) if file.heads and names else ""
        for host in set(_staged(read(path))) if own else ():
            domains.setdefault(own, set()).update(filter(_is_staged, of_environment(host, own)))
            naming.setdefault(host, set()).add(own)
    several = {host: tuple(sorted(those)) for host, those in naming.items() if len(those) > 1}
    found = {own: tuple(sorted(those)) for own, those in domains.items() if those}
    return Told(dict(sorted(found.items())), dict(sorted(several.items())))


def environments(conventions: Conventions) -> frozenset[str]:
    """The names of environments that say where in the usual order these stand."""
    told = (*(each.name for each in conventions.environments), *conventions.stages)
    return frozenset(name for name in told if ranks.rank(name) is not None)


def of_environment(host: str, own: str) -> Iterator[str]:
    """The domain in which a host of an environment stands, whose labels say nothing of environments."""
    labels = host.split(".")
    yield from (".".join(labels[n + 1 :]) for n, label in enumerate(labels[:-1]) if is_own(label, own))


def is_own(label: str, own: str) -> bool:
    """Tell whether a label has an environment in it, or its stage as one of several words."""
    stages = {ranks.rank(word) for word in own.split("-")} - {None}
    return own in label or any(ranks.rank(word) in stages for word in label.split("-"))


def _staged(text: str) -> Iterator[str]:
    yield from filter(_is_staged, HOST.findall(text) if len(text) <= _LARGEST else ())


def _is_staged(host: str) -> bool:
    return any(ranks.rank(label) is not None for label in host.split(".")[:-1])
