"""What differs between both sides, overlay by overlay, and what of it is dangerous."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from scaffold.compare import created, deployers, owners, unmade
from scaffold.compare.dangers import dangers
from scaffold.compare.deployers import Deployer, Takers
from scaffold.compare.nouns import Change, Difference
from scaffold.compare.owners import Owner
from scaffold.compare.sides import Side, Sides
from scaffold.model import Identity, Manifest, Overlay, Repository
from scaffold.render import builders, helm
from scaffold.validate import Options
from scaffold.validate.job import Job
from scaffold.validate.rendering import manifests

Counts = Callable[[Owner], bool]


def differences(found: Sides, options: Options, counts: Counts = lambda _: True) -> tuple[tuple[Difference, ...], int]:
    """Render what may differ and belongs to those that count; nothing of what is alike. Counts what was rendered."""
    own = owners.owners(found.before.repository, found.after.repository)
    affected = tuple(name for name in found.affected if counts(own.get(name, owners.NOBODY)))
    rendered = [_rendered(side, affected, options) for side in (found.before, found.after)]
    deployed = (deployers.by_overlay(found.before.repository), deployers.by_overlay(found.after.repository))
    moved = deployers.moved(*deployed, (name for name in affected if name not in rendered[1]))
    made = [_counting(side.repository, own, counts) for side in (found.before, found.after)]
    parts = [created.difference(*made), unmade.difference(*made)]
    pairs = {n: (rendered[0].get(moved.get(n, n)), rendered[1].get(n)) for n in affected if n not in moved.values()}
    changes = {name: tuple(_changes(*map(_by_identity, pair))) for name, pair in pairs.items()}
    takers = deployers.takers(changes, deployed[1])
    for name, pair in pairs.items():
        keepers = deployed[1].get(name) or deployed[0].get(name) or []
        about = _about(found, name, moved.get(name, ""))
        problems = [text for text in pair if isinstance(text, str)]
        parts.append(
            replace(about, problem=problems[-1]) if problems else _judged(about, changes[name], keepers, takers)
        )
    return tuple(item for item in parts if item and (item.changes or item.dangers or item.problem)), len(affected)


def _counting(repository: Repository, own: Mapping[str, Owner], counts: Counts) -> Repository:
    """A repository without the applications, and the overlays, of those that do not count."""
    known = ((item, [own.get(s.path, owners.NOBODY) for s in item.sources]) for item in repository.applications)
    overlays = {name: item for name, item in repository.overlays.items() if counts(own.get(name, owners.NOBODY))}
    applications = tuple(item for item, each in known if any(map(counts, each)))
    return replace(repository, applications=applications, overlays=overlays)


def _rendered(side: Side, names: tuple[str, ...], options: Options) -> dict[str, tuple[Manifest, ...] | str]:
    overlays = [side.repository.overlays[name] for name in names if name in side.repository.overlays]
    builder = builders.find(options.kustomize or None)
    job = Job(side.repository, side.root, (), builder, helm.find(), options.helm_cache)
    return manifests(job, overlays, options.jobs)


def _about(found: Sides, name: str, was: str) -> Difference:
    """An overlay without what changes in it."""
    overlay = found.after.repository.overlays.get(name) or found.before.repository.overlays[name]
    application = "/".join(part for part in (overlay.team, overlay.application) if part)
    return Difference(name, overlay.environment, application, _gate(found.after.repository, overlay), was=was)


def _judged(
    about: Difference, changes: tuple[Change, ...], deployed_by: Sequence[Deployer], takers: Takers
) -> Difference:
    pruned = any(deployer.prunes for deployer in deployed_by) if deployed_by else about.gate != "manual"
    taken = deployers.taken(deployed_by, takers)
    told = dangers(changes, pruned=pruned, keep=deployers.keep(deployed_by), taken=taken)
    return replace(about, changes=changes, dangers=tuple(told))


def _gate(repository: Repository, overlay: Overlay) -> str:
    """Who deploys: what the environment declares, else whether an application syncs it by itself."""
    environment = repository.conventions.environment(overlay.environment)
    if environment and repository.conventions.declared:
        return environment.gate
    automated = [a.automated for a in repository.applications if any(s.path == overlay.path for s in a.sources)]
    return "manual" if automated and not any(automated) else "auto"


def _by_identity(found: tuple[Manifest, ...] | str | None) -> dict[Identity, Manifest]:
    return {item.identity: item for item in found or () if isinstance(item, Manifest)}


def _changes(before: Mapping[Identity, Manifest], after: Mapping[Identity, Manifest]) -> Iterator[Change]:
    for identity in sorted({*before, *after}):
        old, new = (side[identity].data if identity in side else None for side in (before, after))
        if old != new:
            yield Change(identity, old, new)
