"""Two states of a repository, rendered: what changes where, and what of it is dangerous."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from scaffold.compare import created, deployers
from scaffold.compare.dangers import dangers
from scaffold.compare.deployers import Deployer
from scaffold.compare.nouns import Change, Comparison, Danger, Difference
from scaffold.compare.sides import Side, Sides, sides
from scaffold.model import Identity, Manifest, Overlay, Repository
from scaffold.render import builders, helm
from scaffold.validate import Options, without_collection
from scaffold.validate.rendering import Job, manifests

__all__ = ["Change", "Comparison", "Danger", "Difference", "compare"]


def compare(root: Path, before: str, after: str, options: Options) -> Comparison:
    """Render what differs between a commit and another, or the files as they are where `after` is empty.

    Only overlays that read a changed file, or are built otherwise, are rendered. Raises ToolError for an unknown
    revision, and NothingCheckedError where there is no manifest.
    """
    with without_collection(), sides(root, before, after, options) as found:
        rendered = [_rendered(side, found.affected, options) for side in (found.before, found.after)]
        deployed = (deployers.by_overlay(found.before.repository), deployers.by_overlay(found.after.repository))
        moved = deployers.moved(*deployed, (name for name in found.affected if name not in rendered[1]))
        parts = [created.difference(found.before.repository, found.after.repository)]
        for name in found.affected:
            if name not in moved.values():
                was = moved.get(name, name)
                keepers = deployed[1].get(name) or deployed[0].get(name) or []
                parts.append(_difference(found, name, was, rendered[0].get(was), rendered[1].get(name), keepers))
        known = tuple(item for item in parts if item and (item.changes or item.problem))
        return Comparison(before, after, known, len(found.affected), len(found.after.repository.overlays))


def _rendered(side: Side, names: tuple[str, ...], options: Options) -> dict[str, tuple[Manifest, ...] | str]:
    overlays = [side.repository.overlays[name] for name in names if name in side.repository.overlays]
    builder = builders.find(options.kustomize or None)
    job = Job(side.repository, side.root, (), builder, helm.find(), options.helm_cache)
    return manifests(job, overlays, options.jobs)


def _difference(  # both sides of one overlay, and who deploys it
    found: Sides,
    name: str,
    was: str,
    before: tuple[Manifest, ...] | str | None,
    after: tuple[Manifest, ...] | str | None,
    deployed_by: Sequence[Deployer],
) -> Difference:
    overlay = found.after.repository.overlays.get(name) or found.before.repository.overlays[name]
    gate = _gate(found.after.repository, overlay)
    about = (name, overlay.environment, "/".join(part for part in (overlay.team, overlay.application) if part), gate)
    was = was if was != name else ""
    problems = [text for text in (before, after) if isinstance(text, str)]
    if problems:
        return Difference(*about, problem=problems[-1], was=was)
    changes = tuple(_changes(_by_identity(before or ()), _by_identity(after or ())))
    pruned = any(deployer.prunes for deployer in deployed_by) if deployed_by else gate != "manual"
    return Difference(
        *about, changes, tuple(dangers(changes, pruned=pruned, keep=deployers.keep(deployed_by))), was=was
    )


def _gate(repository: Repository, overlay: Overlay) -> str:
    """Who deploys: what the environment declares, else whether an application syncs it by itself."""
    environment = repository.conventions.environment(overlay.environment)
    if environment and repository.conventions.declared:
        return environment.gate
    automated = [a.automated for a in repository.applications if any(s.path == overlay.path for s in a.sources)]
    return "manual" if automated and not any(automated) else "auto"


def _by_identity(found: tuple[Manifest, ...] | str) -> dict[Identity, Manifest]:
    return {item.identity: item for item in found if isinstance(item, Manifest)}


def _changes(before: Mapping[Identity, Manifest], after: Mapping[Identity, Manifest]) -> Iterator[Change]:
    for identity in sorted({*before, *after}):
        old, new = (side[identity].data if identity in side else None for side in (before, after))
        if old != new:
            yield Change(identity, old, new)
