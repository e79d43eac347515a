"""A manifest stands beside a kustomization that does not list it.

Nothing applies it: an alert, a policy or a disruption budget that somebody believes to be there is not. One that a
comment of the kustomization names is left out on purpose, as is what stands in a directory that is commented out in
one above. What a script or a pipeline names is applied by that, and an Application that deploys the directory that it
stands in, and others there, by a hand.

Fails:

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
    # budget.yaml
    apiVersion: policy/v1
    kind: PodDisruptionBudget
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
from collections import Counter
from collections.abc import Container, Iterator

from scaffold.assemble.overlays import is_object
from scaffold.model import (
    Confidence,
    Finding,
    Kustomization,
    Place,
    Repository,
    Severity,
    SourceFile,
    dig,
    mapping,
    sequence,
)
from scaffold.nearest import near

ID = "orphan-manifest"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_SAMPLES = frozenset(("example", "examples", "sample", "samples"))
_TEMPLATES = frozenset(("sample", "template", "tmpl", "tpl"))
_SEVERAL = 3
_RESCUE = re.compile(r"(?:\A|[-_.])(?:recover|recovery|restore)[-_.]")
_WORDS = re.compile(r"[.-]")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every file with manifests in a kustomization's directory that no kustomization and no chart reads."""
    read = {path for directory in repository.kustomizations for path in _own(repository, directory)}
    read.update(path for overlay in repository.overlays.values() for path in overlay.reads)
    by_hand = _begun_by_hand(repository, read)
    for path, file in repository.files.items():
        item = repository.kustomizations.get(file.directory)
        if item is None or path in read or path in repository.scripted or not _declares(file):
            continue
        name = posixpath.basename(path)
        if name in by_hand and _deploys_itself(file):
            continue
        if _is_left_out(repository, path) or _is_template(name) or near(name, _absent(repository, item)):
            continue  # or listed, but misspelled
        if _is_root(repository, file) or (file.heads[0].kind == "Job" and _RESCUE.search(name)):
            continue  # it begins the directory that it stands in, or a rescue, which somebody does by hand
        if _is_encrypted(file) and not _is_decrypted(repository, item):
            continue  # a plugin reads it, or a hand that decrypts it first
        variant = _is_variant(repository, file)
        if variant and posixpath.basename(file.directory) in _SAMPLES:
            continue  # one of them is for each who installs it
        own = file.directory in _deployed(file)
        listing = _above(repository, file.directory) if own else None
        yield _finding(file, (listing or item).place("resources"), variant=variant, above=listing is not None)


def _is_left_out(repository: Repository, path: str) -> bool:
    """Tell whether a comment of the kustomization names the file, or of one above, its directory."""
    directory, _, name = path.rpartition("/")
    beside = repository.kustomizations[directory].manifest.path
    if name in repository.files[beside].commented:
        return True
    parts = path.split("/")
    for depth in range(len(parts) - 1):
        above = repository.kustomizations.get("/".join(parts[:depth]))
        said = repository.files[above.manifest.path].commented if above else ()
        if any("/".join(parts[depth:end]) in said for end in range(depth + 1, len(parts) + 1)):
            return True
    return False


def _is_template(name: str) -> bool:
    """Tell a file that somebody copies first, as `secret.template.yaml` or `secret-sample.yaml`, by its name."""
    words = _WORDS.split(name.lower())[:-1]
    return not (_TEMPLATES.isdisjoint(words) and _SAMPLES.isdisjoint(words[1:]))


def _begun_by_hand(repository: Repository, read: Container[str]) -> frozenset[str]:
    """What files are called that deploy the directories they stand in, where several are, and nothing lists any."""
    known = repository.kustomizations
    itself = [file for file in repository.files.values() if file.directory in known and _deploys_itself(file)]
    names = Counter(posixpath.basename(file.path) for file in itself)
    listed = {posixpath.basename(file.path) for file in itself if file.path in read}
    return frozenset(name for name, count in names.items() if count >= _SEVERAL and name not in listed)


def _deploys_itself(file: SourceFile) -> bool:
    kinds = {head.kind for head in file.heads}
    return kinds == {"Application"} and _deployed(file) == {file.directory}


def _is_root(repository: Repository, file: SourceFile) -> bool:
    """Tell whether a file declares nothing but the Application that deploys its directory, with others in it."""
    overlay = repository.overlays.get(file.directory)
    steers = overlay is not None and any(item.identity.group == "argoproj.io" for item in overlay.objects)
    return steers and _deploys_itself(file)


def _deployed(file: SourceFile) -> set[str]:
    """The directories that the Applications and Kustomizations of a file deploy."""
    found = set()
    for data in map(mapping, file.documents or ()):
        flux = str(data.get("apiVersion")).startswith("kustomize.toolkit.fluxcd.io/")
        several = [dig(data, "spec", "source"), *sequence(dig(data, "spec", "sources"))]
        paths = [dig(data, "spec", "path")] if flux else [dig(source, "path") for source in several]
        found |= {posixpath.normpath(path).strip("/") for path in paths if isinstance(path, str)}
    return found


def _is_encrypted(file: SourceFile) -> bool:
    return any(dig(document, "sops", "mac") for document in file.documents or ())


def _is_decrypted(repository: Repository, item: Kustomization) -> bool:
    """Tell whether what a kustomization lists is decrypted, as Flux can do; a plugin for that would name the file."""
    built = any(o.build and item.manifest.path in o.reads for o in repository.overlays.values())
    return built and not item.manifest.get("generators")


def _above(repository: Repository, directory: str) -> Kustomization | None:
    """The nearest kustomization above a directory, which lists what deploys it."""
    parts = directory.split("/")
    found = (repository.kustomizations.get("/".join(parts[:depth])) for depth in range(len(parts) - 1, -1, -1))
    return next(filter(None, found), None)


def _finding(file: SourceFile, listing: Place, *, variant: bool, above: bool) -> Finding:
    head, name = file.heads[0], posixpath.basename(file.path)
    where = "no kustomization" if above else "the kustomization beside it"
    fact = f"{head.kind} {head.name!r} in {name!r} is applied by nobody, since {where}"
    if variant:
        remedy = "remove the file, or list it among patches or in place of the other"
        message = f"{fact} ({{0}}) has another one of that name; {remedy}"
    else:
        lists = "lists" if above else "does not list"
        message = f"{fact} {lists} it; add it to resources in {{0}}, or remove the file"
    place = Place(file.path, head.document, ("kind",), at_key=True)
    return Finding(place, ID, message, SEVERITY, Confidence.HIGH, "orphan", (listing,))


def _is_variant(repository: Repository, file: SourceFile) -> bool:
    """Tell whether the kustomization beside a file makes an object of the same name already."""
    overlay = repository.overlays.get(file.directory)
    made = {(item.identity.group, item.kind, item.name) for item in overlay.objects} if overlay else set()
    item = repository.kustomizations[file.directory]
    for other in repository.overlays.values():
        if item.manifest.path in other.reads and other.path != file.directory:
            made.update(
                (each.identity.group, each.kind, each.name) for each in other.objects if each.kind == "Namespace"
            )
    listed = (repository.files[r.target] for r in item.references if r.target in repository.files)
    made.update((head.group, head.kind, head.name) for each in listed for head in each.heads)
    return any((head.group, head.kind, head.name) in made for head in file.heads)


def _own(repository: Repository, directory: str) -> Iterator[str]:
    item = repository.kustomizations[directory]
    yield item.manifest.path
    yield from (reference.target for reference in item.references)


def _absent(repository: Repository, item: Kustomization) -> list[str]:
    """The names that a kustomization gives to files beside it that are not there."""
    absent = (r.target for r in item.references if not r.remote and r.target not in repository.paths)
    return [posixpath.basename(target) for target in absent if posixpath.dirname(target) == item.directory]


def _declares(file: SourceFile) -> bool:
    return any(is_object(head.api_version) and head.kind and head.name for head in file.heads)
