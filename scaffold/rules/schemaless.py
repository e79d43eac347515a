"""The kinds whose objects nobody here can check, and what is said of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from scaffold import schemas
from scaffold.model import Overlay, Place, Repository, group_of
from scaffold.nearest import near, slipped

BUILT_IN = (
    *("", "apps", "autoscaling", "batch", "policy"),
    *("networking.k8s.io", "rbac.authorization.k8s.io", "storage.k8s.io"),
)
_NAMED = 3  # kinds of one group that a message names
_ADD = "add its CustomResourceDefinition to the repository"
# The groups of kinds that OpenShift served without one up to 3.11.
_OF_OPENSHIFT = {
    **dict.fromkeys(("BuildConfig", "Build"), "build"),
    **dict.fromkeys(("Group", "Identity", "User"), "user"),
    **dict.fromkeys(("ImageStream", "ImageStreamTag"), "image"),
    **dict.fromkeys(("Project", "ProjectRequest"), "project"),
    "DeploymentConfig": "apps",
    "OAuthClient": "oauth",
    "Route": "route",
    "SecurityContextConstraints": "security",
}
_TYPO = 2  # letters; kinds whose lengths differ by more are two kinds


# The settings of kubectl, and a template that `oc process` fills in.
_OF_TOOLS = frozenset((("v1", "Config"), ("v1", "Template")))


class Kind(NamedTuple):
    """A kind, how many objects it has, where the first is declared, and whether its group is defined here."""

    api_version: str
    kind: str
    objects: int
    place: Place
    ours: bool = False


def kinds(repository: Repository) -> list[Kind]:
    """The kinds of what is deployed whose schema is neither here nor in the repository."""
    found = []
    own = {group_of(api_version) for api_version, _ in repository.own_schemas}
    for (api_version, kind), overlays in sorted(_overlays(repository).items()):
        count = sum((o.api_version, o.kind) == (api_version, kind) for overlay in overlays for o in overlay.objects)
        place = _declared(repository, api_version, kind) or Place(overlays[0].entry)
        found.append(Kind(api_version, kind, count, place, group_of(api_version) in own))
    return found


def defined_elsewhere(item: Kind, found: Sequence[Kind]) -> bool:
    """Tell whether a kind is one that others define, spelled well as far as anybody can tell."""
    group = group_of(item.api_version)
    if schemas.flux_without(item.api_version) or likes(item, found):
        return False
    if schemas.is_added(group, item.kind):
        return True
    if schemas.is_partial(group):
        version, told = item.api_version.rpartition("/")[2], schemas.is_known_whole(group, item.kind)
        return schemas.is_version(version) and not told and not _slip(item.api_version, item.kind)
    if schemas.has_group(group):
        return False
    return schemas.is_published(group) or _may_be(item, found)


def _may_be(item: Kind, found: Sequence[Kind]) -> bool:
    """Tell whether a group that nobody knows can be one of custom resources, as it is called."""
    group, _, version = item.api_version.rpartition("/")
    if item.ours or "." not in group or schemas.is_builtin(group):
        return False
    return schemas.is_version(version) and not meant_group(group, found)


def meant_group(group: str, found: Sequence[Kind]) -> str:
    """The group that an unknown one is but for a slip: a known one, or another of which there are more here."""
    return schemas.meant_group(group) or slipped(group, _groups_with_more(group, found))


def _groups_with_more(group: str, found: Sequence[Kind]) -> list[str]:
    objects = Counter[str]()
    for item in found:
        objects[group_of(item.api_version)] += item.objects
    return [other for other, count in objects.items() if count > objects[group]]


def likes(item: Kind, found: Sequence[Kind]) -> str:
    """The kind of the same group, of which there are more, that an unknown one is but for a letter."""
    return slipped(item.kind, (i.kind for i in found if i.api_version == item.api_version and i.objects > item.objects))


def remedy(api_version: str, kind: str, found: Sequence[Kind]) -> str:
    """What is meant, or else what to add."""
    own = group_of(api_version)
    if not own and kind in _OF_OPENSHIFT:
        return f"did you mean apiVersion '{_OF_OPENSHIFT[kind]}.openshift.io/v1'?"
    groups = (own, *BUILT_IN, *schemas.groups(kind)) if own in BUILT_IN else (own,)
    versions = next((some for group in groups if (some := schemas.api_versions(group, kind))), ())
    if versions:
        return f"did you mean apiVersion {versions[-1]!r}?"
    if meant := meant_group(own, found):
        return f"did you mean apiVersion {meant + api_version[len(own) :]!r}?"
    guess = _slip(api_version, kind)
    return f"did you mean {guess!r}?" if guess else addition(api_version, _ADD)


def addition(api_version: str, add: str) -> str:
    """What makes an API version one that a CustomResourceDefinition can serve, or else to add that definition."""
    group, _, version = api_version.rpartition("/")
    if group and "." not in group and not schemas.is_builtin(group):
        return "write its group in full, which has a dot"
    return add if schemas.is_version(version) else f"name a version such as v1, which {version!r} is not"


def _slip(api_version: str, kind: str) -> str:
    """The kind of an API version that another one is like."""
    guess = near(kind, schemas.kinds(api_version))
    return guess if abs(len(guess) - len(kind)) <= _TYPO else ""


def first(items: Sequence[Kind]) -> Place:
    """Where the first of several is declared."""
    return min((item.place for item in items), key=lambda place: (place.path, place.document))


def named(items: Sequence[Kind]) -> str:
    """Several kinds as a message names them."""
    return f"{'kind' if len(items) == 1 else 'kinds'} {listed([item.kind for item in items])}"


def listed(names: Sequence[str]) -> str:
    """Names, of which a message has three."""
    shown = ", ".join(repr(name) for name in names[:_NAMED])
    return f"{shown} and {len(names) - _NAMED} more" if len(names) > _NAMED else shown


def unchecked(items: Sequence[Kind]) -> str:
    """How many objects have one of several kinds."""
    count = sum(item.objects for item in items)
    return "1 object is unchecked" if count == 1 else f"{count} objects are unchecked"


def _overlays(repository: Repository) -> Mapping[tuple[str, str], list[Overlay]]:
    found: dict[tuple[str, str], list[Overlay]] = {}
    for overlay in repository.overlays.values():
        if overlay.reads and repository.resting.issuperset(overlay.reads):
            continue  # nothing deploys it
        for api_version, kind in {(o.api_version, o.kind) for o in overlay.objects if o.api_version}:
            if "/" not in api_version and api_version != "v1" and not _lacks_group(api_version, kind):
                continue  # the configuration of a tool, as Talos has it: the group without a name has v1 alone
            if (api_version, kind) in repository.own_schemas or schemas.scope(api_version, kind):
                continue
            if (api_version, kind) in _OF_TOOLS:
                continue
            if not schemas.known_elsewhere(api_version, kind) and schemas.removal(api_version, kind) is None:
                found.setdefault((api_version, kind), []).append(overlay)
    return found


def _lacks_group(version: str, kind: str) -> bool:
    """Tell whether a version is one of a kind of Kubernetes, or of another group that has just that version of it."""
    known = schemas.groups(kind)
    return any(schemas.is_builtin(g) or f"{g}/{version}" in schemas.api_versions(g, kind) for g in known)


def _declared(repository: Repository, api_version: str, kind: str) -> Place | None:
    for path in sorted(repository.files.keys() - repository.resting):
        for head in repository.files[path].heads:
            if (head.api_version, head.kind) == (api_version, kind):
                return Place(path, head.document, ("kind",))
    return None
