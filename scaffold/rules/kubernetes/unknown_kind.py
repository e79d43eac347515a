"""Nobody here knows the schema of a kind, so its objects are not checked.

The kind is neither in Kubernetes nor among the custom resources that this program carries, nor does the repository
define it. It is misspelled, or its CustomResourceDefinition lives elsewhere; in that case put a copy of the
definition into the repository, or turn the rule off for it. All kinds of a group of which none is known are one
finding, and so are all kinds of the groups that well-known projects publish. An API version of Flux that it serves no
more is not checked either, and nothing is said of it where the repository installs a Flux that does.

Fails:

    # web.yaml
    apiVersion: apps/v1
    kind: Deploymnet
    metadata:
      name: web

Passes:

    # web.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from scaffold import schemas
from scaffold.assemble.flux import pinned
from scaffold.model import Confidence, Finding, Overlay, Place, Repository, Severity, group_of
from scaffold.nearest import near, slipped

ID = "unknown-kind"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_NAMED = 3  # kinds of one group that a message names
_ADD = "add its CustomResourceDefinition to the repository"
_PUBLISHED = "published"
_TYPO = 2  # letters; kinds whose lengths differ by more are two kinds
_GROUPS = (
    *("", "apps", "autoscaling", "batch", "policy"),
    *("networking.k8s.io", "rbac.authorization.k8s.io", "storage.k8s.io"),
)


class _Unknown(NamedTuple):
    """A kind, how many objects it has, and where the first is declared."""

    api_version: str
    kind: str
    objects: int
    place: Place


def check(repository: Repository) -> Iterator[Finding]:
    """Yield one finding for each unknown kind, for all of an unknown group, and for all that others publish."""
    found = list(_items(repository))
    groups: dict[str, list[_Unknown]] = {}
    own = {group_of(api_version) for api_version, _ in repository.own_schemas}
    for item in found:
        groups.setdefault(_key(item, found, own), []).append(item)
    for item in _slips(repository):
        groups.setdefault(f"{item.api_version}/{item.kind}", [item])
    for key, items in groups.items():
        if since := schemas.flux_without(key):
            yield from () if _served(repository, since) else (_gone(items),)
        elif key == _PUBLISHED:
            yield _published(items)
        else:
            yield _one(items[0], _likes(items[0], found)) if len(items) == 1 else _several(items)


def _items(repository: Repository) -> Iterator[_Unknown]:
    for (api_version, kind), overlays in sorted(_unknown(repository).items()):
        count = sum((o.api_version, o.kind) == (api_version, kind) for overlay in overlays for o in overlay.objects)
        place = _declared(repository, api_version, kind) or Place(overlays[0].reads[0] if overlays[0].reads else "")
        yield _Unknown(api_version, kind, count, place)


def _key(item: _Unknown, found: list[_Unknown], own: set[str]) -> str:
    """What an unknown kind shares its finding with."""
    group = group_of(item.api_version)
    if schemas.flux_without(item.api_version):
        return item.api_version
    if _likes(item, found) or (schemas.has_group(group) and _meant_here(item)):
        return f"{item.api_version}/{item.kind}"
    if schemas.is_published(group) or (schemas.has_group(group) and group not in _GROUPS):
        return _PUBLISHED
    return f"{item.api_version}/{item.kind}" if schemas.has_group(group) or group in own else group


def _meant_here(item: _Unknown) -> bool:
    """Tell whether the remedy is a name that is known here."""
    return _remedy(item.api_version, item.kind) != _ADD


def _likes(item: _Unknown, found: list[_Unknown]) -> str:
    """The kind of the same group, of which there are more, that an unknown one is but for a letter."""
    return slipped(item.kind, (i.kind for i in found if i.api_version == item.api_version and i.objects > item.objects))


def _one(item: _Unknown, guess: str) -> Finding:
    remedy = f"did you mean {guess!r}?" if guess else _remedy(item.api_version, item.kind)
    message = f"kind {item.kind!r} of {item.api_version!r} is unknown, so {_objects(item.objects)} unchecked; {remedy}"
    return Finding(item.place, ID, message, SEVERITY, Confidence.MEDIUM, f"{item.api_version}/{item.kind}")


def _several(items: list[_Unknown]) -> Finding:
    """What a group that nobody knows has in common: its definitions come from one place."""
    group = group_of(items[0].api_version)
    fact = f"{_kinds(items)} of {group!r} are unknown, so {_unchecked(items)}"
    guess = schemas.meant_group(group)
    remedy = f"did you mean {guess!r}?" if guess else "add their CustomResourceDefinitions to the repository"
    return Finding(_first(items), ID, f"{fact}; {remedy}", SEVERITY, Confidence.MEDIUM, group)


def _published(items: list[_Unknown]) -> Finding:
    """What is spelled well as far as anybody can tell, and still not looked at."""
    groups = sorted({group_of(item.api_version) for item in items})
    if len(items) == 1:
        fact = f"kind {items[0].kind!r} of {items[0].api_version!r} has no schema here"
    elif len(groups) == 1:
        fact = f"{_kinds(items)} of {groups[0]!r} have no schema here"
    else:
        fact = f"{len(items)} kinds of {_listed(groups)} have no schema here"
    whose = "its CustomResourceDefinition" if len(items) == 1 else "their CustomResourceDefinitions"
    message = f"{fact}, so {_unchecked(items)}; add {whose} to the repository"
    return Finding(_first(items), ID, message, SEVERITY, Confidence.MEDIUM, _PUBLISHED)


def _gone(items: list[_Unknown]) -> Finding:
    """What Flux has served once."""
    version = items[0].api_version
    newest = schemas.api_versions(group_of(version), items[0].kind)
    use = f"use {newest[-1]!r}, as `flux migrate -f .` does" if newest else "use a newer one"
    fact = f"{version!r} of {_kinds(items)} is served by no Flux from {schemas.flux_without(version)} on"
    message = f"{fact}, and {_unchecked(items)}; {use}"
    return Finding(_first(items), ID, message, SEVERITY, Confidence.MEDIUM, version)


def _served(repository: Repository, since: str) -> bool:
    """Tell whether the Flux that is installed here is from before the one that serves a version no more."""
    installed = pinned.newest(repository)
    return installed is not None and installed < tuple(int(part) for part in since.split("."))


def _kinds(items: list[_Unknown]) -> str:
    return f"{'kind' if len(items) == 1 else 'kinds'} {_listed([item.kind for item in items])}"


def _listed(names: list[str]) -> str:
    named = ", ".join(repr(name) for name in names[:_NAMED])
    return f"{named} and {len(names) - _NAMED} more" if len(names) > _NAMED else named


def _first(items: list[_Unknown]) -> Place:
    return min((item.place for item in items), key=lambda place: (place.path, place.document))


def _unchecked(items: list[_Unknown]) -> str:
    return f"{_objects(sum(item.objects for item in items))} unchecked"


def _objects(count: int) -> str:
    return "1 object is" if count == 1 else f"{count} objects are"


def _unknown(repository: Repository) -> Mapping[tuple[str, str], list[Overlay]]:
    found: dict[tuple[str, str], list[Overlay]] = {}
    for overlay in repository.overlays.values():
        if overlay.reads and repository.resting.issuperset(overlay.reads):
            continue  # nothing deploys it
        for api_version, kind in {(o.api_version, o.kind) for o in overlay.objects if o.api_version}:
            if "/" not in api_version and api_version != "v1" and not schemas.groups(kind):
                continue  # the configuration of a tool, as Talos has it: the group without a name has v1 alone
            if (api_version, kind) in repository.own_schemas or schemas.scope(api_version, kind):
                continue
            if not schemas.known_elsewhere(api_version, kind) and schemas.removal(api_version, kind) is None:
                found.setdefault((api_version, kind), []).append(overlay)
    return found


def _slips(repository: Repository) -> Iterator[_Unknown]:
    """The kinds that are nearly called like another one of their group, in the files of what could not be built."""
    unseen = {path: None for overlay in repository.overlays.values() if overlay.skipped for path in overlay.reads}
    for path in unseen.keys() & repository.files.keys():
        for head in repository.files[path].heads:
            if not schemas.scope(head.api_version, head.kind) and _meant(head.api_version, head.kind):
                yield _Unknown(head.api_version, head.kind, 1, Place(path, head.document, ("kind",)))


def _remedy(api_version: str, kind: str) -> str:
    own = group_of(api_version)
    groups = (own, *_GROUPS, *schemas.groups(kind)) if own in _GROUPS else (own,)
    versions = next((found for group in groups if (found := schemas.api_versions(group, kind))), ())
    if versions:
        return f"did you mean apiVersion {versions[-1]!r}?"
    if meant := schemas.meant_group(own):
        return f"did you mean apiVersion {meant + api_version[len(own) :]!r}?"
    guess = near(kind, schemas.kinds(api_version))
    alike = guess and abs(len(guess) - len(kind)) <= _TYPO
    return f"did you mean {guess!r}?" if alike else _ADD


def _meant(api_version: str, kind: str) -> str:
    """The kind that another one is but for a letter."""
    return slipped(kind, schemas.kinds(api_version))


def _declared(repository: Repository, api_version: str, kind: str) -> Place | None:
    for path in sorted(repository.files.keys() - repository.resting):
        for head in repository.files[path].heads:
            if (head.api_version, head.kind) == (api_version, kind):
                return Place(path, head.document, ("kind",))
    return None
