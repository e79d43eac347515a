"""What a run has looked at, and what it has not."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from scaffold import answers, discover
from scaffold.discover import Tree
from scaffold.model import Overlay, Repository, Skipped, SourceFile
from scaffold.model.ansible import is_inventory, is_playbook
from scaffold.rules import templated
from scaffold.validate import awake
from scaffold.validate.job import Rendered
from scaffold.validate.wide import Plan


def counts(file: SourceFile) -> bool:
    """Tell whether there is something to check in a file: a kustomization need not say what it is.

    A layer counts too, so that a team's repository is right before its first application, and so do an inventory and a
    playbook of Ansible, which `ansible-pull` reads.
    """
    name = posixpath.basename(file.path)
    told = bool(file.heads or file.problem) or name in discover.KUSTOMIZATION_NAMES or name == answers.NAME
    return told or any(is_inventory(document) or is_playbook(document) for document in file.documents or ())


def unseen(plan: Plan, rendered: Mapping[str, Rendered]) -> frozenset[str]:
    """The files of overlays whose manifests no rule has seen."""
    seen = {name for name, item in rendered.items() if not item.skipped and not item.error}
    return frozenset(read for name, item in plan.overlays.items() if name not in seen for read in item.reads)


def skipped(tree: Tree, plan: Plan, overlays: Mapping[str, Overlay]) -> tuple[Skipped, ...]:
    """What could not be looked at, though something deploys it or may."""
    reached = awake.overlays(overlays.values(), plan.resting)
    reasons = (Skipped(overlay.path or ".", overlay.skipped) for overlay in reached if overlay.skipped)
    return (*tree.skipped, *dict.fromkeys(reasons), *plan.unverifiable)


def aside(tree: Tree, plan: Plan, files: Mapping[str, SourceFile]) -> Iterator[Skipped]:
    """What nobody here has rendered for an application, so that it need not be possible either."""
    read = {path for overlay in plan.overlays.values() if overlay.release for path in overlay.reads}
    for directory in sorted(tree.charts):
        if posixpath.join(directory, "Chart.yaml") not in read:
            yield Skipped(directory or ".", "a chart that is rendered for no application here")
    yield from plan.unread
    yield from awake.skipped((path for path, file in files.items() if file.heads), plan.resting)
    everything = Repository(files, charts=frozenset(tree.charts))
    sources = templated.directories(everything)
    for directory in sorted(sources):
        yield Skipped(directory, "holds templates that something else fills in")
    for path in templated.alone(everything, sources):
        yield Skipped(path, "a template that something else fills in")
