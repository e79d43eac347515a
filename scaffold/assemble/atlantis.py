"""What Atlantis is told: by `atlantis.yaml` of this repository, and by its server, where that is told here, too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scaffold.assemble import addresses, resting
from scaffold.expand import UnverifiableError, regexes
from scaffold.model import Place, Repository, dig, mapping, sequence
from scaffold.model.values import text

NAME = "atlantis.yaml"
_DEFAULT = "default"  # a workflow that each server has
_ASKING = ("allowed_overrides", "allow_custom_workflows", "allowed_workflows", "repo_config_file")
_ANY = ("/.*/", "/.+/", "/^.*$/", "/^.+$/")


class Server(NamedTuple):
    """What a server is told of this repository: of each key what stands last, and where; the rest has no value."""

    path: str
    first: Place
    told: Mapping[str, Any]
    places: Mapping[str, Place]
    workflows: frozenset[str]

    def place(self, key: str) -> Place:
        return self.places.get(key, self.first)


def own(repository: Repository) -> Mapping[str, Any]:
    """The file of this repository; empty where there is none, or where it holds something else."""
    file = repository.files.get(NAME)
    return mapping((file.documents or (None,))[0]) if file else {}


def server(repository: Repository) -> Server | None:
    """The only server that is told here of this repository; None where it is not sure what it is told."""
    found = list(_servers(repository))
    return found[0] if len(found) == 1 else None


def _servers(repository: Repository) -> Iterator[Server | None]:
    for path, file in sorted(repository.files.items()):
        data = mapping((file.documents or (None,))[0])
        repos = sequence(data.get("repos"))
        if resting.is_unused(path) or not any(isinstance(dig(repo, "id"), str) for repo in repos):
            continue
        meant = [(number, _is_meant(repository, dig(repo, "id"))) for number, repo in enumerate(repos)]
        sure = [number for number, is_meant in meant if is_meant]
        doubtful = [number for number, is_meant in meant if is_meant is None]
        if any(key in mapping(repos[number]) for number in doubtful for key in _ASKING):
            yield None
        elif sure:
            yield _server(path, repos, sure, mapping(data.get("workflows")))


def _server(path: str, repos: list[Any], meant: list[int], workflows: Mapping[str, Any]) -> Server:
    """The last entry that says something counts, for each key by itself."""
    told, places = {}, {}
    for number in meant:
        for key in _ASKING:
            if (value := mapping(repos[number]).get(key)) is not None:
                told[key], places[key] = value, Place(path, 0, ("repos", number, key))
    first = Place(path, 0, ("repos", meant[-1], "id"))
    return Server(path, first, told, places, frozenset(map(str, workflows)) | {_DEFAULT})


def _is_meant(repository: Repository, name: object) -> bool | None:
    """Tell whether an `id`, a name or a pattern, is this repository's; None where nobody knows."""
    known = addresses.own(repository)
    if name in _ANY:
        return True
    if not known or not text(name):
        return None
    if not (text(name).startswith("/") and text(name).endswith("/")):
        return addresses.same(text(name), known)
    try:
        pattern = regexes.compile_go(text(name)[1:-1])
    except UnverifiableError:
        return None
    return any(pattern.search(each) for each in addresses.bare(known))
