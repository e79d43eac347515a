"""An overlay cannot be built.

Kustomize or Helm refuses it, so the engine does too; the message is the renderer's own. Where another finding names
the cause (a file that is no YAML or is not there), this one is left out.

Fails:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - config.yaml
    replicas:
      - name: web
        count: 2
    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web

Passes:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - config.yaml
    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from scaffold import load
from scaffold.assemble import above
from scaffold.assemble.flux import written as flux_written
from scaffold.model import (
    Finding,
    Head,
    How,
    Overlay,
    Place,
    Pointer,
    Release,
    Repository,
    Severity,
    dig,
    sequence,
)
from scaffold.render.reasons import TWICE, Failure, failure
from scaffold.rules import failed, objectless
from scaffold.rules.kustomize import invalid_kustomization, unmatched_patch

ID = "render-failure"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_NO_MATCH = re.compile("no resource matches strategic merge patch|failed to find unique target for patch")
# Mostly below the chart's name.
_TEMPLATE = re.compile(r"(?:(?<![\w.-])[\w.-]++/|')((?:charts/[^\s:()/]+/)*templates/[^\s:()']+)(?::(\d+))?")
_OF_SCHEMA = re.compile(r"don't meet the specifications of the schema.*?- at '(/?[^']*)'")
# A template is given what only the top of a chart's values holds, so that who calls it has to give it that.
_ROOTLESS = re.compile(
    r"error calling include: .*can't evaluate field (?:Capabilities|Chart|Files|Release|Template|Values)\b"
)
_LOCK = "Chart.lock"
_EMPTY = "kustomization.yaml is empty"
_LACKING = re.compile(r"missing (?:kind|metadata\.name) in object(?: \{\{(\S+) (\w+)\})?")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every failure that has a reason of its own, once for all overlays that it stops."""
    failures: dict[tuple[Failure, Place, tuple[Place, ...]], list[Overlay]] = {}
    for overlay in repository.overlays.values():
        if overlay.error and not _rests(repository, overlay) and not _is_explained(repository, overlay):
            failures.setdefault(_placed(repository, overlay), []).append(overlay)
    for (found, place, related), overlays in failures.items():
        others = f", which {len(overlays)} overlays build on" if len(overlays) > 1 else ""
        reason = f"{found.reason} ({{0}})" if related else found.reason
        what = f"{found.directory or '.'!r}{_given(overlays)}{others}"
        message = f"{overlays[0].how} cannot build {what}, {reason}; {found.remedy}"
        yield Finding(place, ID, message, subject=f"{found.directory}/{found.reference}", related=related)


def _rests(repository: Repository, overlay: Overlay) -> bool:
    """Tell whether nothing deploys an overlay, so that its failure says nothing of a component that others use."""
    item = repository.kustomizations.get(overlay.path)
    return item is not None and item.manifest.path in repository.resting


def _given(overlays: list[Overlay]) -> str:
    """The values by which a chart of one application cannot be built, the last of them, which win."""
    release = overlays[0].release if len(overlays) == 1 else None
    return f" with {release.value_files[-1]!r}" if release and release.value_files else ""


def _placed(repository: Repository, overlay: Overlay) -> tuple[Failure, Place, tuple[Place, ...]]:
    """The failure with its place: the object that it names, in the words of its own file, or the kustomization.

    Of an object that is there twice the later one, and with it the first.
    """
    if bare := objectless.failure(repository, overlay):
        return bare, Place(bare.reference), ()
    found = failure(overlay.error, overlay.path, repository.kustomizations)
    heads = [(h, path) for path in overlay.reads if path in repository.files for h in repository.files[path].heads]
    named = [(h, path) for h, path in heads if h.name and h.kind == found.kind and h.name in found.name]
    if TWICE in found.reason:
        twice = dict.fromkeys((path, head.document) for head, path in named if head.name == found.name)
        places = [Place(path, document, ("kind",), at_key=True) for path, document in twice]
        if len(places) > 1:
            return found, places[-1], (places[0],)
        return found, _place(repository, found, overlay), ()
    if not named:
        return found, _nameless(repository, found, heads) or _place(repository, found, overlay), ()
    head, path = max(named, key=lambda pair: len(pair[0].name))
    reason = found.reason.replace(f"{found.kind} {found.name}", f"{head.kind} {head.name}")
    directory = path.rpartition("/")[0]
    place = Place(path, head.document, ("kind",), at_key=True)
    return Failure(directory, "", reason, head.kind, head.name), place, ()


def _is_explained(repository: Repository, overlay: Overlay) -> bool:
    copied = load.copied(repository.kustomizations)
    if any(path in repository.files and repository.files[path].problem for path in overlay.reads if path not in copied):
        return True
    if overlay.release and any(path not in repository.paths for path in overlay.release.value_files):
        return any(source.path == overlay.path for each in repository.applications for source in each.sources)
    listed = overlay.build.listed if overlay.build else None
    begun = [path for path in listed or (overlay.path,) if path in repository.kustomizations]
    if overlay.how not in (How.KUSTOMIZE, How.FLUX) or not begun:
        return False
    if overlay.error.endswith(_EMPTY) and repository.conventions.only_flux:
        return True  # which builds nothing of it, and is content
    closures = [load.closure(path, repository.kustomizations) for path in begun]
    entered = list(dict.fromkeys(directory for directories, _ in closures for directory in directories))
    if overlay.build and not _components(overlay) <= repository.directories:
        return True
    leaves = [leaf for _, several in closures for leaf in several]
    twice = any(repository.files[path].duplicates for path in overlay.reads if path in repository.files)
    missing = any(not leaf.remote and leaf.target not in repository.paths for leaf in leaves)
    levels = [repository.kustomizations[directory] for directory in entered]
    refused = any(invalid_kustomization.flaws(level.manifest.data) for level in levels)
    directories = (leaf.target for leaf in leaves if leaf.field in ("resources", "bases", "components"))
    bare = any(target in repository.directories for target in directories)
    unmatched = (finding for level in levels for finding in unmatched_patch.of_layer(repository, level))
    more = overlay.how is How.KUSTOMIZE and above.has_more(repository, overlay.path)
    patch = bool(_NO_MATCH.search(overlay.error)) and (more or any(unmatched))
    return missing or bare or patch or (twice and "already defined at line" in overlay.error) or refused


def _components(overlay: Overlay) -> set[str]:
    """The directories of the components that Flux adds to what it builds, as far as files say where they are."""
    told = overlay.build.manifest.get("spec", "components") if overlay.build else None
    return {path for path in flux_written.components(overlay.path, told) if "${" not in path and "://" not in path}


def _nameless(repository: Repository, found: Failure, heads: list[tuple[Head, str]]) -> Place | None:
    """The file that a reference names, or that has such an object, where one in it lacks its kind or its name."""
    lacking = _LACKING.search(found.reason)
    path = posixpath.normpath(posixpath.join(found.directory, found.reference)) if found.reference else ""
    if lacking and path in repository.files:
        return Place(path)
    told = (lacking[1], lacking[2]) if lacking else ("", "")
    bare = ((head, path) for head, path in heads if not head.name and (head.api_version, head.kind) == told)
    return next((Place(path, head.document, ("metadata",), at_key=True) for head, path in bare), None)


def _place(repository: Repository, found: Failure, overlay: Overlay) -> Place:
    item = repository.kustomizations.get(found.directory)
    if item:
        return item.place(*failed.pointer(item, found))
    if overlay.build:
        return overlay.build.manifest.place("spec", "path")
    if overlay.release and (refused := _OF_SCHEMA.search(found.reason)):
        return _of_schema(repository, found, overlay.release, tuple(refused[1].split("/")[1:]))
    return _in_template(repository, found) or _in_chart(repository, found, overlay)


def _in_template(repository: Repository, found: Failure) -> Place | None:
    for path, line in _templates(found):
        template = posixpath.join(found.directory, path)
        if template in repository.paths:
            return Place(template, line=int(line or 1))
    return None


def _in_chart(repository: Repository, found: Failure, overlay: Overlay) -> Place:
    """The lock file, or the dependency that is named."""
    if _LOCK in found.reason:
        return Place(posixpath.join(found.directory, _LOCK), line=1)
    chart = posixpath.join(found.directory, "Chart.yaml")
    if chart not in repository.files:
        return Place(next(iter(overlay.reads), found.directory))
    dependencies = sequence(dig(next(iter(repository.files[chart].documents or ()), None), "dependencies"))
    named = (n for n, entry in enumerate(dependencies) if f"chart {str(dig(entry, 'name'))!r}" in found.reason)
    index = next(named, None)
    return Place(chart, 0, () if index is None else ("dependencies", index, "version"))


def _templates(found: Failure) -> list[tuple[str, str]]:
    """The templates that an error went through, the one to be mended first: that which hands over what has no root."""
    inwards: list[tuple[str, str]] = _TEMPLATE.findall(found.reason)
    return inwards[::-1] if not _ROOTLESS.search(found.reason) else [*inwards[-2::-1], *inwards[-1:]]


def _of_schema(repository: Repository, found: Failure, release: Release, pointer: Pointer) -> Place:
    """The value that the schema of a chart refuses, in the last file that has it; what is missing is nowhere."""
    files = (*reversed(release.value_files), posixpath.join(found.directory, "values.yaml"))
    known = [repository.files[path] for path in files if path in repository.files]
    for end in range(len(pointer), 0, -1):
        for file in known:
            if pointer[:end] in file.keys:
                return Place(file.path, pointer=pointer[:end])
    return Place(known[0].path if known else next(iter(release.value_files), found.directory))
