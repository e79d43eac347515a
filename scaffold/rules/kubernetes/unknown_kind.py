"""Nobody here knows the schema of a kind, so its objects are not checked.

The kind is neither in Kubernetes nor among the custom resources that this program carries, nor does the repository
define it. It is misspelled, or its CustomResourceDefinition lives elsewhere; in that case put a copy of the
definition into the repository, or turn the rule off for it. All kinds of a group of which none is known are one
finding.

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
from scaffold.model import Confidence, Finding, Overlay, Place, Repository, Severity, group_of
from scaffold.nearest import near, slipped

ID = "unknown-kind"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_NAMED = 3  # kinds of one group that a message names
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
    """Yield one finding for each unknown kind, and one for all kinds of a group of which nobody here knows any."""
    groups: dict[str, list[_Unknown]] = {}
    own = {group_of(api_version) for api_version, _ in repository.own_schemas}
    for (api_version, kind), overlays in sorted(_unknown(repository).items()):
        group = group_of(api_version)
        known = schemas.has_group(group) or group in own
        count = sum((o.api_version, o.kind) == (api_version, kind) for overlay in overlays for o in overlay.objects)
        place = _declared(repository, api_version, kind) or Place(overlays[0].reads[0] if overlays[0].reads else "")
        key = f"{api_version}/{kind}" if known else group
        groups.setdefault(key, []).append(_Unknown(api_version, kind, count, place))
    for item in _slips(repository):
        groups.setdefault(f"{item.api_version}/{item.kind}", [item])
    for items in groups.values():
        yield _one(items[0]) if len(items) == 1 else _several(items)


def _one(item: _Unknown) -> Finding:
    remedy = _remedy(item.api_version, item.kind)
    message = f"kind {item.kind!r} of {item.api_version!r} is unknown, so {_objects(item.objects)} unchecked; {remedy}"
    return Finding(item.place, ID, message, SEVERITY, Confidence.MEDIUM, f"{item.api_version}/{item.kind}")


def _several(items: list[_Unknown]) -> Finding:
    """What a group that nobody knows has in common: its definitions come from one place."""
    group = group_of(items[0].api_version)
    named = ", ".join(repr(item.kind) for item in items[:_NAMED])
    more = f" and {len(items) - _NAMED} more" if len(items) > _NAMED else ""
    fact = f"kinds {named}{more} of {group!r} are unknown, so {_objects(sum(item.objects for item in items))} unchecked"
    message = f"{fact}; add their CustomResourceDefinitions to the repository"
    first = min((item.place for item in items), key=lambda place: (place.path, place.document))
    return Finding(first, ID, message, SEVERITY, Confidence.MEDIUM, group)


def _objects(count: int) -> str:
    return "1 object is" if count == 1 else f"{count} objects are"


def _unknown(repository: Repository) -> Mapping[tuple[str, str], list[Overlay]]:
    found: dict[tuple[str, str], list[Overlay]] = {}
    for overlay in repository.overlays.values():
        if overlay.reads and repository.resting.issuperset(overlay.reads):
            continue  # nothing deploys it
        for api_version, kind in {(o.api_version, o.kind) for o in overlay.objects if o.api_version}:
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
    groups = (own, *_GROUPS) if own in _GROUPS else (own,)
    versions = next((found for group in groups if (found := schemas.api_versions(group, kind))), ())
    if versions:
        return f"did you mean apiVersion {versions[-1]!r}?"
    guess = near(kind, schemas.kinds(api_version))
    alike = guess and abs(len(guess) - len(kind)) <= _TYPO
    return f"did you mean {guess!r}?" if alike else "add its CustomResourceDefinition to the repository"


def _meant(api_version: str, kind: str) -> str:
    """The kind that another one is but for a letter."""
    return slipped(kind, schemas.kinds(api_version))


def _declared(repository: Repository, api_version: str, kind: str) -> Place | None:
    for path in sorted(repository.files.keys() - repository.resting):
        for head in repository.files[path].heads:
            if (head.api_version, head.kind) == (api_version, kind):
                return Place(path, head.document, ("kind",))
    return None
