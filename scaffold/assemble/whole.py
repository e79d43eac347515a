"""The stages of putting a repository together, one after the other."""

from __future__ import annotations

import dataclasses
import posixpath
import re
from collections.abc import Mapping
from typing import Any

from scaffold import git, load
from scaffold.assemble import (
    ansible,
    applications,
    argocd_settings,
    backups,
    chart_definitions,
    chart_files,
    charts,
    conventions,
    definitions,
    engines,
    flux,
    hosts,
    openshift,
    overlays,
    resting,
    scripted,
    terraform,
    unread_patches,
    verbatim,
)
from scaffold.assemble.flux import open_paths
from scaffold.assemble.flux.builds import Builds
from scaffold.discover import Tree
from scaffold.model import How, Overlay, Repository, SourceFile
from scaffold.render import builders
from scaffold.render.builders import Builder
from scaffold.settings import Settings

_ORDERS = re.compile(
    r"(?:(?:\.github|\.gitlab|docs)/)?CODEOWNERS|(?:\.github/|\.gitlab/)?(?:renovate\.json5?|\.renovaterc(?:\.json5?)?)"
)


def repository(
    tree: Tree, files: Mapping[str, SourceFile], settings: Settings, builder: Builder | None, *, walk: bool
) -> Repository:
    """Put it together, as the package says."""
    charted, templated = definitions.files_of_charts(tree), chart_definitions.files(tree)
    bare = _bare(tree, files, settings, {**dict(definitions.of(templated)), **dict(definitions.own(charted))})
    builds = Builds(bare, tree.root, lambda: builder or builders.find())
    found = applications.find(bare, builds)
    synced = flux.find(bare, tree.root, builds.builder) if walk else flux.Found()
    templates = chart_files.templates(tree)
    generated = tuple(argocd_settings.made(tree, files))
    full = dataclasses.replace(
        bare,
        applications=found.applications,
        sets=found.sets,
        patched=tuple(found.patched.objects),
        charted=tuple(found.charted.objects),
        flux=synced.clusters,
        generated=generated,
        templates=templates,
        definitions=tuple(manifest for file in charted.values() for manifest in file.manifests()),
    )
    openshifts = openshift.versions(bare, tree.root)
    planned = _prepared_all(full, found, synced, openshifts, settings)
    consulted = found.view.all_consulted() | found.patched.read | found.charted.read | synced.consulted
    consulted |= templates.keys() | {path for path in full.others if posixpath.basename(path) == chart_files.IGNORING}
    consulted |= {path for _, path in openshifts.values()} | charted.keys() | {file.path for file in templated}
    consulted |= {place.path for made in generated for place in made.keys.values()}
    known = engines.told(full, found, planned)
    whole = dataclasses.replace(full, overlays=planned, conventions=known, consulted=consulted)
    whole = _with_scripts(whole, tree)
    rest = resting.files(whole)
    used = tuple(application for application in whole.applications if application.place.path not in rest)
    whole = dataclasses.replace(whole, applications=used, resting=rest, lacking=chart_files.lacking(whole, tree.root))
    return dataclasses.replace(whole, own_schemas=definitions.in_use(whole, rest))


def _bare(
    tree: Tree, files: Mapping[str, SourceFile], settings: Settings, made: Mapping[tuple[str, str], Any]
) -> Repository:
    """What files say by themselves."""
    layers, known = conventions.layers(files), load.kustomizations(files)
    files = backups.unread(files, known)
    return Repository(
        files=files,
        others=frozenset(tree.others),
        directories=tree.directories,
        kustomizations=known,
        charts=tree.charts,
        own_schemas={**made, **dict(definitions.own(files))},
        layers=layers,
        conventions=conventions.conventions(settings, layers, tree.standing),
    )


def _prepared_all(
    repository: Repository,
    found: applications.Found,
    synced: flux.Found,
    openshifts: openshift.Versions,
    settings: Settings,
) -> dict[str, Overlay]:
    """Every overlay by its name, with the version that it is judged by."""
    problems = frozenset(path for path, file in repository.files.items() if file.problem)
    broken = problems - load.copied(repository.kustomizations)
    planned = _planned(repository, repository.paths, found, synced.planned).values()
    return {o.name: _prepared(o, broken, openshift.version(openshifts, o.path), settings) for o in planned}


def _with_scripts(repository: Repository, tree: Tree) -> Repository:
    """The repository with what its scripts and manuals do."""
    texts = {path: load.text(tree.root / path) for path in scripted.scripts(repository)}
    named = scripted.manifests(repository, (scripted.commands(path, text) for path, text in texts.items()))
    why = {path: f"Git ignores {path!r}, and it is not here" for path in _ignored(repository, tree)}
    texts |= {path: load.text(tree.root / path) for path in scripted.tasks(repository)}
    why |= {path: f"a script writes {path!r} before it is built" for path in scripted.made(repository, texts)}
    planned, written = _by_hand(repository, repository.overlays, why, scripted.withheld(repository, texts))
    told = {path for path in repository.others if posixpath.basename(path) == ".gitignore"}
    orders = {path: load.text(tree.root / path) for path in sorted(repository.others) if _ORDERS.fullmatch(path)}
    orders |= ansible.texts(repository, lambda path: load.text(tree.root / path))
    planted, read = terraform.texts(repository, lambda path: texts.get(path) or load.text(tree.root / path), tree)
    consulted = repository.consulted | texts.keys() | orders.keys() | told | read
    piped = scripted.images(repository, (text for path, text in texts.items() if not path.endswith(".md")))
    named_in = hosts.told(repository, lambda path: load.text(tree.root / path))
    told_of = dataclasses.replace(repository.conventions, piped=piped, **named_in._asdict())
    known = dataclasses.replace(repository, scripted=named, written=written, texts=orders, terraform=planted)
    return dataclasses.replace(known, overlays=planned, consulted=consulted, conventions=told_of)


def _ignored(repository: Repository, tree: Tree) -> frozenset[str]:
    """What kustomizations refer to that each who applies them has, and Git does not."""
    return git.would_ignore(tree.root, scripted.absent(repository))


def _by_hand(
    repository: Repository, planned: Mapping[str, Overlay], why: Mapping[str, str], withheld: frozenset[str]
) -> tuple[Mapping[str, Overlay], frozenset[str]]:
    """The overlays for which a hand or a script makes a file first, as skipped, and these files.

    No engine does so, but a plugin. What is withheld from this copy of a repository is not there for an engine either.
    """
    if not why and not withheld:
        return planned, frozenset()
    sources = (source for application in repository.applications for source in application.sources)
    entries = {source.path for source in sources if "plugin" not in source.options}
    deployed = {path for o in planned.values() if o.build or o.path in entries for path in o.reads}
    written = (frozenset(why) - deployed) | withheld
    lacking = {f"{path!r} is not there": why.get(path) or f"this copy is without {path!r}" for path in written}
    return {
        name: dataclasses.replace(overlay, error="", skipped=overlay.skipped or lacking[overlay.error])
        if overlay.error in lacking
        else overlay
        for name, overlay in planned.items()
    }, written


def _prepared(overlay: Overlay, unreadable: frozenset[str], told: str, settings: Settings) -> Overlay:
    """The overlay with the version that it is judged by; one that reads what is no YAML need not be tried."""
    version = overlay.kubernetes_version or settings.kubernetes or told
    broken = next((path for path in overlay.reads if path in unreadable), "")
    error = overlay.error or (f"{broken!r} is not YAML" if broken and overlay.how is not How.PLAIN else "")
    if (version, error) == (overlay.kubernetes_version, overlay.error):
        return overlay
    return dataclasses.replace(overlay, kubernetes_version=version, error=error)


def _planned(
    repository: Repository, paths: frozenset[str], found: applications.Found, synced: tuple[flux.Planned, ...]
) -> dict[str, Overlay]:
    entries = frozenset(source.path for application in repository.applications for source in application.sources)
    known = repository.conventions
    built = {o.name: o for o in overlays.synced(repository, synced, known)}
    entered = frozenset(start for path, build in synced for start in (path, *flux.starts(path, build))) - entries
    planned = {
        o.path: o for o in overlays.kustomized(repository.kustomizations, entries, repository.files, paths, known)
    }
    patched = open_paths.find(repository)
    planned = {
        path: dataclasses.replace(overlay, partial=overlay.partial or path in patched)
        for path, overlay in planned.items()
        if path not in entered
    }
    read = frozenset(load.read(repository.kustomizations)) | {path for o in built.values() for path in o.reads}
    planned.update(charts.told_apart(repository, found.view, found.charted.outside))
    planned.update({overlay.name: overlay for overlay in found.charted.roots})
    planned.update(charts.left_out(planned, found.charted.left))
    owned = _owned(repository, entries | entered)
    plain = overlays.plain(repository.files, read, owned, known)
    planned.update({o.path: o for o in unread_patches.marked(plain, repository.files, read, entries)})
    return verbatim.marked(repository, dict(sorted({**planned, **built}.items())))


def _owned(repository: Repository, entries: frozenset[str]) -> frozenset[str]:
    """Directories whose manifests a kustomization should list: its own and those below, unless an engine names them."""
    owners = {directory for directory in repository.kustomizations if directory}
    owned = set(repository.kustomizations)
    for directory in repository.directories:
        parent = directory
        while parent:
            if parent in owners:
                owned.add(directory)
            if parent in owners or parent in entries:
                break
            parent = parent.rpartition("/")[0]
    return frozenset(owned | repository.charts)
