"""Who deploys an overlay: what makes two directories one, and whether what leaves it is deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from scaffold.assemble.flux import destinations
from scaffold.compare.nouns import Change
from scaffold.model import Application, Build, Identity, Repository, dig, mapping, sequence


class Deployer(NamedTuple):
    """An Application or a Flux Kustomization, the latter of a cluster.

    `prunes` tells whether it deletes by itself what Git does not name, `destination` where it deploys, by any name;
    `waits_for` are the namespaces and names of those that come before it.
    """

    identity: Identity
    cluster: str
    prunes: bool
    destination: str
    waits_for: frozenset[tuple[str, str]] = frozenset()


Takers = Mapping[tuple[str, str, Identity], Deployer]


def by_overlay(repository: Repository) -> dict[str, list[Deployer]]:
    """The deployers of every overlay that has one, by its name."""
    found: dict[str, list[Deployer]] = {}
    for application in repository.applications:
        for source in application.sources:
            found.setdefault(source.path, []).append(_of_application(application))
    for overlay in repository.overlays.values():
        if overlay.build:
            found[overlay.name] = [_of_build(overlay.build)]
    return found


def _of_application(application: Application) -> Deployer:
    identity = Identity("argoproj.io", "Application", application.namespace, application.name)
    prunes = dig(application.data, "spec", "syncPolicy", "automated", "prune") is True
    return Deployer(identity, "", application.automated and prunes, application.cluster or application.server)


def _of_build(build: Build) -> Deployer:
    manifest = build.manifest
    before = (mapping(entry) for entry in sequence(manifest.get("spec", "dependsOn")))
    names = frozenset((str(e.get("namespace") or manifest.namespace), str(e.get("name"))) for e in before)
    prunes = manifest.get("spec", "prune") is True
    return Deployer(manifest.identity, build.cluster, prunes, f"{build.cluster} {destinations.of(manifest)}", names)


def takers(changes: Mapping[str, Iterable[Change]], after: Mapping[str, Iterable[Deployer]]) -> Takers:
    """Who has an object afterwards that it did not have before, by where it is."""
    return {
        (deployer.identity.kind, deployer.destination, change.identity): deployer
        for name, each in changes.items()
        for change in each
        if change.before is None
        for deployer in after.get(name, ())
    }


def taken(deployed_by: Iterable[Deployer], known: Takers) -> dict[Identity, Deployer | None]:
    """The objects that go and that another deployer takes in the same place, None where it is sure to come first."""
    found: dict[Identity, Deployer | None] = {}
    for own in deployed_by:
        for (kind, destination, identity), taker in known.items():
            if (kind, destination) == (own.identity.kind, own.destination) and taker.identity != own.identity:
                found[identity] = None if taker.identity[2:] in own.waits_for else taker
    return found


def moved(
    before: Mapping[str, Iterable[Deployer]], after: Mapping[str, Iterable[Deployer]], gone: Iterable[str]
) -> dict[str, str]:
    """By the name of an overlay, the one of those that go which its deployer had before."""
    had = {deployer[:2]: name for name in gone for deployer in before.get(name, ())}
    return {
        name: had[deployer[:2]]
        for name, deployers in after.items()
        if name not in before
        for deployer in deployers
        if deployer[:2] in had
    }


def keep(deployed_by: Iterable[Deployer]) -> str:
    """The annotation that makes the engine leave an object alone."""
    if any(deployer.identity.kind == "Kustomization" for deployer in deployed_by):
        return "kustomize.toolkit.fluxcd.io/prune: disabled"
    return "argocd.argoproj.io/sync-options: Prune=false"
