"""Why a file that no kustomization lists may be left out on purpose."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Container

from scaffold import schemas
from scaffold.assemble import deployed, projects, resting, unread_patches
from scaffold.expand.permission import kind_permitted
from scaffold.model import Kustomization, Place, Repository, SourceFile, dig, mapping, sequence

SAMPLES = frozenset(("example", "examples", "sample", "samples"))
_TEMPLATES = frozenset(("sample", "template", "tmpl", "tpl"))
_SEVERAL = 3
# What a Job is for that somebody runs when he has to, and what it may need of its own.
_ERRAND = re.compile(
    r"(?:\A|[-_.])(?:clean-?up|debug|fix|manual|one-?off|one-?shot|purge|recover|recovery|reset|restore|uninstall|verify"
    r"|wipe)[-_.]"
)
_OF_JOBS = frozenset(
    "ClusterRole ClusterRoleBinding ConfigMap Job PersistentVolumeClaim Role RoleBinding Secret ServiceAccount".split()
)
_ENGINES = (
    "argocd.argoproj.io/",
    "helm.sh/",
    "kustomize.toolkit.fluxcd.io/",
)  # whose annotations tell that they run it
_WORDS = re.compile(r"[.-]")


def is_meant(repository: Repository, file: SourceFile, by_hand: Container[str]) -> bool:
    """Tell whether a comment, its name or what it deploys says so; `by_hand` are names as `begun_by_hand` has them."""
    name = posixpath.basename(file.path)
    if is_left_out(repository, file.path) or _is_template(name):
        return True
    if any(deployed.readers(repository, file.path)):
        return True  # whatever the kustomization lists
    begun = _is_root(repository, file) or _begins_a_cluster(repository, file)
    return _is_errand(file) or begun or (name in by_hand and _deploys_itself(file))


def is_left_out(repository: Repository, path: str) -> bool:
    """Tell whether a comment of the kustomization names the file, or of one above, its directory."""
    directory, _, name = path.rpartition("/")
    beside = repository.kustomizations.get(directory)
    if beside and name in repository.files[beside.manifest.path].comments.entries:
        return True
    parts = path.split("/")
    for depth in range(len(parts) - 1):
        above = repository.kustomizations.get("/".join(parts[:depth]))
        said = repository.files[above.manifest.path].comments.entries if above else ()
        if any("/".join(parts[depth:end]) in said for end in range(depth + 1, len(parts) + 1)):
            return True
    return False


def put_off(repository: Repository) -> frozenset[str]:
    """What directories are called that are commented out and that nothing builds: what goes with them waits, too."""
    listed = {reference.target for item in repository.kustomizations.values() for reference in item.references}
    listed |= {source.path for application in repository.foreseen for source in application.sources}
    listed |= {overlay.path for overlay in repository.overlays.values() if overlay.build}
    out = {path for path in resting.commented_out(repository) if path in repository.kustomizations}
    return frozenset(posixpath.basename(path) for path in out - listed)


def _is_template(name: str) -> bool:
    """Tell a file that somebody copies first, as `secret.template.yaml` or `secret-sample.yaml`, by its name."""
    words = _WORDS.split(name.lower())[:-1]
    if words[0].startswith("_") and words[0].lstrip("_") in SAMPLES | _TEMPLATES:
        return True
    return not (_TEMPLATES.isdisjoint(words) and SAMPLES.isdisjoint(words[1:]))


def _is_errand(file: SourceFile) -> bool:
    """Tell a Job, with what it needs, that is called as what somebody runs by hand."""
    jobs = [head for head in file.heads if head.kind == "Job"]
    alone = bool(jobs) and all(head.kind in _OF_JOBS for head in file.heads)
    steered = any(key.startswith(_ENGINES) for head in jobs for key, _ in head.annotations)
    return alone and not steered and _ERRAND.search(posixpath.basename(file.path)) is not None


def is_patch(file: SourceFile) -> bool:
    """Tell a file that is called like a patch, unless what it declares is called so, too."""
    return unread_patches.is_named(file.path) and not any("patch" in head.name for head in file.heads)


def begun_by_hand(repository: Repository, read: Container[str]) -> frozenset[str]:
    """What files are called that deploy the directories they stand in, where several are, and nothing lists any."""
    known = repository.kustomizations
    itself = [file for file in repository.files.values() if file.directory in known and _deploys_itself(file)]
    names = Counter(posixpath.basename(file.path) for file in itself)
    listed = {posixpath.basename(file.path) for file in itself if file.path in read}
    return frozenset(name for name, count in names.items() if count >= _SEVERAL and name not in listed)


def _deploys_itself(file: SourceFile) -> bool:
    kinds = {head.kind for head in file.heads}
    return kinds == {"Application"} and directories(file) in ({file.directory}, {"."})  # which may become a root later


def _is_root(repository: Repository, file: SourceFile) -> bool:
    """Tell whether a file declares nothing but the Application that deploys its directory, with others in it.

    What cannot be built here, its files tell; the chart of Argo CD itself needs no others.
    """
    overlay, item = repository.overlays.get(file.directory), repository.kustomizations.get(file.directory)
    if overlay is None or not _deploys_itself(file):
        return False
    read = (repository.files[path] for path in overlay.reads if path in repository.files)
    groups = {head.api_version.partition("/")[0] for each in read for head in each.heads}
    groups |= {made.identity.group for made in overlay.objects}
    charts = sequence(item.manifest.get("helmCharts")) if item else ()
    return "argoproj.io" in groups or any(dig(chart, "name") == "argo-cd" for chart in charts)


def _begins_a_cluster(repository: Repository, file: SourceFile) -> bool:
    """Tell whether a cluster of Flux begins with the Kustomization of a file that builds its directory."""
    builds = file.directory in directories(file)
    return builds and any(sync.manifest.path == file.path for each in repository.flux for sync in each.syncs)


def directories(file: SourceFile) -> set[str]:
    """The directories that the Applications and Kustomizations of a file deploy."""
    found = set()
    for data in map(mapping, file.documents or ()):
        flux = str(data.get("apiVersion")).startswith("kustomize.toolkit.fluxcd.io/")
        several = [dig(data, "spec", "source"), *sequence(dig(data, "spec", "sources"))]
        paths = [dig(data, "spec", "path")] if flux else [dig(source, "path") for source in several]
        found |= {posixpath.normpath(path).strip("/") for path in paths if isinstance(path, str)}
    return found


def forbidding(repository: Repository, file: SourceFile, item: Kustomization) -> tuple[str, Place] | None:
    """The project of what deploys a kustomization, and where it forbids a kind that a file holds."""
    for application in repository.applications:
        overlays = (deployed.built(repository, application, source) for source in application.sources if source.here)
        project = projects.of(repository, application)
        if project is None or not any(overlay and item.manifest.path in overlay.reads for overlay in overlays):
            continue
        for head in file.heads:
            scope = schemas.scope(head.api_version, head.kind, repository.own_schemas)
            verdict = kind_permitted(project.data, head.group, head.kind, head.name, namespaced=scope == "Namespaced")
            if scope and not verdict.allowed:
                return project.name, project.place(*verdict.pointer)
    return None
