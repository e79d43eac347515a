"""What rests in a repository: files that nothing deploys, as far as their places or a cluster of Flux tell."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Container, Iterable, Iterator

from scaffold.assemble import backups, ranks
from scaffold.discover import KUSTOMIZATION_NAMES
from scaffold.model import ApplicationSet, Head, How, Repository, SourceFile, above, mapping, sequence
from scaffold.model.flux import SYNC, is_flux
from scaffold.model.values import text

_OPEN = re.compile(r"\{\{|[*?[]")  # where a path goes on with what a generator gives
_ASIDE = frozenset(
    "archive archived archives attic cue.mod deprecated disabled graveyard legacy node_modules obsolete retired tmp"
    " unused".split()
)
# What somebody copies who begins something; without the underscore it may be a chart's.
_TO_COPY = frozenset(("_skeleton", "_template", "_templates"))
# Where people keep what they apply themselves, if ever.
_BY_HAND = frozenset("docs e2e examples fixtures hack samples specs testdata".split())
_BY_HAND_AT_TOP = frozenset(("scripts", "test", "tests"))  # deeper down, or beside others, they may be environments
OF_PROGRAMS = frozenset(("fixtures", "testdata"))  # what tests of programs read, who applies nothing of it
# What tests of a chart read, or what it has to print, where a chart has it beside its templates.
_OF_CHARTS = frozenset("__snapshot__ __snapshots__ ci golden snapshots test tests unittests".split())
_BLANK = re.compile(r"<[A-Za-z]+>")  # in a name: somebody copies the file, and writes one; longer ones are told
_SHOWN = frozenset("docs example examples fixtures sample samples testdata".split())
_BEGINS = "bootstrap"  # what is applied once, before there is an engine
# In a group that rollouts, workflows and events share with it.
_OF_ARGOCD = frozenset(("argoproj.io", kind) for kind in ("AppProject", "Application", "ApplicationSet", "ArgoCD"))
_TESTS = ("chainsaw.kyverno.io", "kuttl.dev")  # whose directories hold nothing but what a test applies
_POLICY_TESTS = "cli.kyverno.io"  # beside which the policies may be real, and the other objects are not
_POLICIES = ("kyverno.io", "policies.kyverno.io")


def files(repository: Repository) -> frozenset[str]:
    """The files that rest: what an engine builds does not, nor what begins a cluster."""
    overlays, built = repository.overlays.values(), _built(repository)
    by_hand = _by_hand(repository)
    samples = by_hand if _is_steered(repository, by_hand) else frozenset()
    programs = by_hand & OF_PROGRAMS
    made = [o for o in overlays if o.how is not How.PLAIN and not _is_aside(o.path)]
    made = [o for o in made if programs.isdisjoint(o.path.split("/"))]
    listed = {path for o in made if samples.isdisjoint(_places(o.path)) for path in o.reads}
    resting = {p for p in repository.files.keys() - listed if _rests(p, repository.files[p].heads, by_hand)}
    resting |= set(_tried(repository, repository.files.keys() - listed))
    resting |= set(_parked(repository))
    resting |= set(_of_chart_tests(repository, repository.files.keys() - listed))
    resting.update(path for path in repository.files.keys() - listed if backups.is_one(repository.files[path]))
    if _is_followed(repository):
        resting |= _left(repository, built)
    return frozenset(path for path in resting - built if _declares(path, repository.files[path]))


def may_rest(path: str) -> bool:
    """Tell whether a file stands where people keep what they apply themselves, if ever, such as tests."""
    first, *parts = path.split("/")[:-1] or [""]
    return first in _BY_HAND_AT_TOP or not _BY_HAND.isdisjoint((first, *parts))


def _built(repository: Repository) -> set[str]:
    """What engines build, but for what an application deploys that is put aside and that no other one deploys."""
    built: set[str] = set()
    aside = [a for a in repository.applications if _is_aside(a.place.path.rpartition("/")[0])]
    used = [a for a in repository.applications if not _is_aside(a.place.path.rpartition("/")[0])]
    built.update(path for o in repository.overlays.values() if o.build for path in o.reads)
    while used:
        entries = {source.path for application in used for source in application.sources}
        overlays = repository.overlays.values()
        built |= {path for overlay in overlays if overlay.path in entries for path in overlay.reads}
        used = [application for application in aside if application.place.path in built]
        aside = [application for application in aside if application.place.path not in built]
    return built


def _by_hand(repository: Repository) -> frozenset[str]:
    """The beginnings of what people apply themselves, as parts of paths; none where an ApplicationSet may name any."""
    if any(item.unverifiable and not _is_elsewhere(item) for item in repository.sets):
        return frozenset()
    top = {path.partition("/")[0] for path, file in repository.files.items() if any(file.heads) and "/" in path}
    stages = ranks.words(top)
    return _BY_HAND | {f"/{name}" for name in _BY_HAND_AT_TOP if not stages - {name}}


def _is_elsewhere(item: ApplicationSet) -> bool:
    """Tell whether all that a set may deploy stands below directories that it names, and none of these is by hand."""
    told = [source.path for draft in item.drafts for source in draft.sources if source.path]
    walked = list(_walked(item.manifest.get("spec", "generators")))
    paths = {path for each in told for path in (walked if each.startswith("{{") else [each])}
    begun = [_OPEN.split(path)[0].rpartition("/")[0] for path in paths]
    return all(begun) and bool(begun) and all(_BY_HAND.isdisjoint(_places(place)) for place in begun)


def _walked(generators: object) -> Iterator[str]:
    """The paths that git generators look at, however deep they are."""
    for key, value in mapping(generators).items():
        if key in ("directories", "files"):
            yield from (path for each in sequence(value) if (path := text(mapping(each).get("path"))))
        else:
            yield from _walked(value)
    for each in sequence(generators):
        yield from _walked(each)


def _is_steered(repository: Repository, by_hand: frozenset[str]) -> bool:
    """Tell whether an engine has something to do here, beside what people apply themselves."""
    steering = (application.place.path for application in repository.foreseen)
    syncs = (sync.manifest.path for cluster in repository.flux for sync in cluster.syncs)
    return any(not _is_by_hand(path.rpartition("/")[0], by_hand) for path in (*steering, *syncs))


def _rests(path: str, heads: Collection[Head], by_hand: frozenset[str]) -> bool:
    """Tell whether the place of a file that nothing lists says that it is not in use, or is used by hand."""
    directory = path.rpartition("/")[0]
    if _is_aside(directory) or by_hand & OF_PROGRAMS & frozenset(directory.split("/")):
        return True
    if any(_BLANK.search(head.name) for head in heads):
        return True
    return _is_by_hand(directory, by_hand) and not _steers(heads)


def _tried(repository: Repository, paths: Iterable[str]) -> Iterator[str]:
    """The files that are there for a test of a policy or an operator."""
    files = repository.files
    tests = tuple(f"{file.directory}/" for file in files.values() if any(h.group in _TESTS for h in file.heads))
    beside = {file.directory for file in files.values() if any(h.group == _POLICY_TESTS for h in file.heads)}
    for path in paths:
        policies = any(head.group in _POLICIES for head in files[path].heads)
        if path.startswith(tests) or (files[path].directory in beside and not policies):
            yield path


def _of_chart_tests(repository: Repository, paths: Iterable[str]) -> Iterator[str]:
    """The files that are there for a test of a chart."""
    charts = {path.rpartition("/")[0] for path in repository.paths if path.endswith("/Chart.yaml")}
    tests = tuple(f"{chart}/{name}/" for chart in charts for name in _OF_CHARTS)
    yield from (path for path in paths if path.startswith(tests))


def _parked(repository: Repository) -> Iterator[str]:
    """The kustomizations that are commented out, with what deployed them; nothing else names their directories."""
    said = {path for file in repository.files.values() for path in file.comments.paths}
    said -= {reference.target for item in repository.kustomizations.values() for reference in item.references}
    said -= {source.path for application in repository.foreseen for source in application.sources}
    for path, file in repository.files.items():
        if file.directory in said and path.rpartition("/")[2] in KUSTOMIZATION_NAMES and not any(file.documents or ()):
            yield path


def _is_aside(directory: str) -> bool:
    parts = directory.lower().split("/")
    return any(part.lstrip("._") in _ASIDE or part in _TO_COPY for part in parts)


def is_unused(path: str) -> bool:
    """Tell whether the place of a file that is no manifest says that nobody uses it, but looks at it at most."""
    words = {word for part in path.lower().split("/")[:-1] for word in re.split(r"[._-]", part)}
    return not words.isdisjoint(_ASIDE | {"old"}) or not _SHOWN.isdisjoint(path.split("/")[:-1])


def _is_by_hand(directory: str, by_hand: frozenset[str]) -> bool:
    return any(part.startswith(".") for part in directory.split("/")) or not by_hand.isdisjoint(_places(directory))


def _places(directory: str) -> tuple[str, ...]:
    """The parts of a path, and the first as what stands at the top."""
    parts = directory.split("/")
    return *parts, f"/{parts[0]}"


def _declares(path: str, file: SourceFile) -> bool:
    """Tell whether a file declares something, or might if it could be read."""
    directory, _, name = path.rpartition("/")
    return any(file.heads) or name in KUSTOMIZATION_NAMES or (file.problem is not None and _is_aside(directory))


def _steers(heads: Iterable[Head]) -> bool:
    """Tell whether a file has objects of an engine, which somebody applies by hand to begin with."""
    return any((head.group, head.kind) in _OF_ARGOCD or is_flux(head.group) for head in heads)


def _is_followed(repository: Repository) -> bool:
    """Tell whether nothing but Flux deploys, and all is known that it builds of this repository."""
    known = repository.conventions
    clusters = [cluster for cluster in repository.flux if not _is_aside(cluster.name)]
    hidden = [reason for cluster in clusters for reason in cluster.unknown]
    syncs = [sync for cluster in clusters for sync in cluster.syncs]
    if not any(sync.here for sync in syncs) or _hides(repository, {sync.manifest.name for sync in syncs}):
        return False  # then others build it, or somebody may
    told = all(sync.overlay and sync.present if sync.here else "${" not in sync.path for sync in syncs)
    return known.only_flux and not known.team and told and len(hidden) == sum(not sync.here for sync in syncs)


def _hides(repository: Repository, known: Container[str]) -> bool:
    """Tell whether what cannot be built here reads a Kustomization that is not followed, since it is patched there."""
    files = repository.files
    overlays = (o for o in repository.overlays.values() if o.build and not _is_aside(o.path))
    unbuilt = (path for o in overlays if o.skipped or o.error for path in o.reads)
    heads = (head for path in unbuilt if path in files for head in files[path].heads)
    return any((head.group, head.kind) == SYNC and head.name not in known for head in heads)


def _left(repository: Repository, built: set[str]) -> set[str]:
    """What no cluster builds; what begins a cluster stands in a directory that somebody names elsewhere."""
    begun = [f"{cluster.name}/" for cluster in repository.flux if cluster.name]
    out = frozenset(commented_out(repository))
    read = {path for path in repository.files if path in built or not out.isdisjoint((path, *above(path)))}
    unread = (file for path, file in repository.files.items() if path not in read)
    begun += [f"{file.directory}/" for file in unread if any((h.group, h.kind) == SYNC for h in file.heads)]
    starts = tuple(start.lstrip("/") for start in begun)
    return {
        path
        for path, file in repository.files.items()
        if path not in built and not path.startswith(starts) and _BEGINS not in path.split("/")
        if not _steers_clusters(file.heads)
    }


def commented_out(repository: Repository) -> Iterator[str]:
    """What entries of kustomizations name that are commented out: nobody begins anything with files there."""
    for item in repository.kustomizations.values():
        for entry in repository.files[item.manifest.path].comments.entries:
            yield posixpath.normpath(posixpath.join(item.directory, entry))


def _steers_clusters(heads: Iterable[Head]) -> bool:
    return any(head.group in ("fluxcd.controlplane.io", SYNC[0]) for head in heads)
