"""What the fleet's generators take away where a team's own repository has an application no more.

They stand in another repository, so they are not here to be asked; what the template writes there is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scaffold.compare import engine_objects, owners
from scaffold.compare.nouns import Change, Danger, Difference
from scaffold.compare.owners import Owner
from scaffold.model import Identity, Layer, Repository

_KIND = "team-repo"
_GENERATOR = "teams/{}/control-plane/{}/applications.yaml of the fleet repository"
_Application = tuple[str, Owner]


def difference(before: Repository, after: Repository) -> Difference | None:
    """The dangers of applications that go from a team's repository; none where the generators are here, or Flux is."""
    layer = next((each for each in before.layers if each.kind == _KIND and not each.path), None)
    if layer is None or layer.answers.get("engine") != "argocd" or before.sets:
        return None
    gone = sorted(_applications(before) - _applications(after))
    dangers = tuple(danger for each in gone for danger in _dangers(layer, before, each))
    return Difference("", "", "", "", dangers=dangers) if dangers else None


def _applications(repository: Repository) -> set[_Application]:
    overlays = repository.overlays.values()
    return {(overlay.application, owner) for overlay in overlays if (owner := owners.of(overlay))}


def _dangers(layer: Layer, repository: Repository, gone: _Application) -> Iterator[Danger]:
    name, owner = gone
    team = str(layer.answers.get("team"))
    known = repository.conventions.environment(owner.environment)
    # Where the gate is manual the generator keeps what its applications have deployed.
    metadata: dict[str, Any] = {"finalizers": [engine_objects.FINALIZER]} if known and known.gate == "auto" else {}
    identity = Identity("argoproj.io", "Application", "argocd", f"{team}-{name}-{owner.environment}")
    change = Change(identity, {"metadata": metadata}, None)
    yield from engine_objects.dangers(change, _GENERATOR.format(team, owner.environment))
