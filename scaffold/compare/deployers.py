"""Who deploys an overlay: what makes two directories one, and whether what leaves it is deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from scaffold.model import Application, Build, Identity, Repository, dig


class Deployer(NamedTuple):
    """An Application or a Flux Kustomization, the latter of a cluster.

    `prunes` tells whether it deletes by itself what Git does not name.
    """

    identity: Identity
    cluster: str
    prunes: bool


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
    return Deployer(identity, "", application.automated and prunes)


def _of_build(build: Build) -> Deployer:
    manifest = build.manifest
    return Deployer(manifest.identity, build.cluster, dig(manifest.data, "spec", "prune") is True)


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
