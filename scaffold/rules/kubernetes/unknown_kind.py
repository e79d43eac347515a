"""A kind is one that nobody can define, as it is spelled, so its objects are not checked.

Its group is known, here or in Kubernetes or among the custom resources that this program carries, and has no such
kind or version; or the group is no name of one of custom resources, or is but for a slip another one that is known or
of which there are more here. All kinds of such a group are one finding. A group that nobody here knows and that may
well be one is the matter of `unchecked-kind`, since the definitions come with an operator most often. An API version of
Flux that it serves no more is not checked either, and nothing is said of it where the repository installs a Flux that
does. A version that the definition in the repository does not serve is an error, as nothing takes its objects.
What borrows the form of an object is none: the configuration of kind, kubeadm, Talos or the API server itself.

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

from collections.abc import Iterator

from scaffold import schemas
from scaffold.assemble.flux import pinned
from scaffold.model import Confidence, Finding, Head, Place, Repository, Severity, group_of
from scaffold.nearest import slipped
from scaffold.rules import schemaless
from scaffold.rules.schemaless import Kind

ID = "unknown-kind"
SEVERITY = Severity.WARNING
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield one finding for each unknown kind, and one for all of an unknown group."""
    found = repository.once(schemaless.kinds)
    groups: dict[str, list[Kind]] = {}
    for item in found:
        if not schemaless.defined_elsewhere(item, found):
            groups.setdefault(_key(item, found), []).append(item)
    for item in _slips(repository):
        groups.setdefault(f"{item.api_version}/{item.kind}", [item])
    for key, items in groups.items():
        if since := schemas.flux_without(key):
            yield from () if _served(repository, since) else (_gone(items),)
        else:
            yield _of_one(repository, items[0], found) if len(items) == 1 else _several(items, found)


def _key(item: Kind, found: list[Kind]) -> str:
    """What an unknown kind shares its finding with."""
    group = group_of(item.api_version)
    if schemas.flux_without(item.api_version):
        return item.api_version
    alone = schemaless.likes(item, found) or schemas.has_group(group) or item.ours
    return f"{item.api_version}/{item.kind}" if alone else group


def _of_one(repository: Repository, item: Kind, found: list[Kind]) -> Finding:
    served = [version for version, kind in repository.own_schemas if kind == item.kind and _is_of(version, item)]
    return _unserved(item, max(served)) if served else _one(item, found)


def _is_of(version: str, item: Kind) -> bool:
    return group_of(version) == group_of(item.api_version)


def _unserved(item: Kind, served: str) -> Finding:
    """A kind whose definition stands here, and serves other versions."""
    fact = f"kind {item.kind!r} of {item.api_version!r} is not served, as its definition here serves {served!r}"
    message = f"{fact}; use that, or serve the other one too"
    subject = f"{item.api_version}/{item.kind}"
    return Finding(item.place, ID, message, Severity.ERROR, Confidence.MEDIUM, subject)


def _one(item: Kind, found: list[Kind]) -> Finding:
    guess = schemaless.likes(item, found)
    remedy = f"did you mean {guess!r}?" if guess else schemaless.remedy(item.api_version, item.kind, found)
    fact = f"kind {item.kind!r} of {item.api_version!r} is unknown, so {schemaless.unchecked([item])}"
    message = f"{fact}; {remedy}"
    return Finding(item.place, ID, message, SEVERITY, Confidence.MEDIUM, f"{item.api_version}/{item.kind}")


def _several(items: list[Kind], found: list[Kind]) -> Finding:
    """What a group that nobody knows has in common: its definitions come from one place."""
    group = group_of(items[0].api_version)
    fact = f"{schemaless.named(items)} of {group!r} are unknown, so {schemaless.unchecked(items)}"
    guess = schemaless.meant_group(group, found)
    add = schemaless.addition(items[0].api_version, "add their CustomResourceDefinitions to the repository")
    remedy = f"did you mean {guess!r}?" if guess else add
    return Finding(schemaless.first(items), ID, f"{fact}; {remedy}", SEVERITY, Confidence.MEDIUM, group)


def _gone(items: list[Kind]) -> Finding:
    """What Flux has served once."""
    version = items[0].api_version
    newest = schemas.api_versions(group_of(version), items[0].kind)
    use = f"use {newest[-1]!r}, as `flux migrate -f .` does" if newest else "use a newer one"
    fact = f"{version!r} of {schemaless.named(items)} is served by no Flux from {schemas.flux_without(version)} on"
    message = f"{fact}, and {schemaless.unchecked(items)}; {use}"
    return Finding(schemaless.first(items), ID, message, SEVERITY, Confidence.MEDIUM, version)


def _served(repository: Repository, since: str) -> bool:
    """Tell whether the Flux that is installed here is from before the one that serves a version no more."""
    installed = pinned.newest(repository)
    return installed is not None and installed < tuple(int(part) for part in since.split("."))


def _slips(repository: Repository) -> Iterator[Kind]:
    """The kinds that no group can have, in the files of what could not be built."""
    unseen = {path: None for overlay in repository.overlays.values() if overlay.skipped for path in overlay.reads}
    for path in unseen.keys() & repository.files.keys():
        for head in repository.files[path].heads:
            if not schemas.scope(head.api_version, head.kind) and _is_slip(repository, head):
                yield Kind(head.api_version, head.kind, 1, Place(path, head.document, ("kind",)))


def _is_slip(repository: Repository, head: Head) -> bool:
    """Tell whether nobody defines a kind: it is nearly called like one of its group, or its group like another."""
    version, kind, group = head.api_version, head.kind, head.group
    if (version, kind) in repository.own_schemas or schemas.flux_without(version):
        return False
    if slipped(kind, schemas.kinds(version)) or schemas.meant_group(group):
        return True
    later = schemas.known_elsewhere(version, kind) or schemas.removal(version, kind)
    return schemas.is_builtin(group) and kind in schemas.kinds_of(group) and not later
