"""What can be built here of a build: without what kustomize would fetch, and what no build can read."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Iterable, Sequence

from scaffold import load
from scaffold.model import Build, Kustomization, Pointer, Reference, Repository, dig

_INFLATING = ("helmCharts", "helmChartInflationGenerator", "helmGlobals")


def part(repository: Repository) -> Repository:
    """The repository with kustomizations that refer to nothing far, missing or broken."""
    told = repository.kustomizations.items()
    return dataclasses.replace(repository, kustomizations={path: _sound(repository, item) for path, item in told})


def near(repository: Repository) -> Repository:
    """The same without all of the kustomizations that refer to what is far, as their patches may be for that."""
    known = repository.kustomizations
    far = {path for path, item in known.items() if any(reference.remote for reference in item.references)}
    told = {path: _sound(repository, item, far) for path, item in known.items()}
    return dataclasses.replace(repository, kustomizations=told)


def entered(repository: Repository, directories: Iterable[str]) -> Repository:
    """The same where only some directories are entered, and charts that kustomize would inflate are left out, too."""
    known = repository.kustomizations
    told = {path: _uninflated(_sound(repository, known[path])) for path in directories if path in known}
    return dataclasses.replace(repository, kustomizations={**known, **told})


def listed(repository: Repository, build: Build) -> Build:
    """A build of what is listed for it without the files that are broken."""
    files = repository.files
    left = tuple(path for path in build.listed or () if path not in files or not files[path].problem)
    return build if build.listed is None else dataclasses.replace(build, listed=left)


def texts(repository: Repository, known: Repository) -> dict[str, str]:
    """The kustomizations of such a part that differ from the known ones, by path."""
    both = ((item, known.kustomizations[path]) for path, item in repository.kustomizations.items())
    changed = (item.manifest for item, before in both if item is not before)
    return {manifest.path: json.dumps(manifest.data) for manifest in changed}


def _sound(repository: Repository, item: Kustomization, left_out: Collection[str] = ()) -> Kustomization:
    """A kustomization without what is unsound, or left out."""
    unsound = [each for each in item.references if _is_unsound(repository, each) or each.target in left_out]
    return _without(item, unsound) if unsound else item


def _uninflated(item: Kustomization) -> Kustomization:
    if not any(item.manifest.get(field) for field in _INFLATING):
        return item
    data = {key: value for key, value in item.manifest.data.items() if key not in _INFLATING}
    return load.kustomization(dataclasses.replace(item.manifest, data=data))


def _is_unsound(repository: Repository, reference: Reference) -> bool:
    file = repository.files.get(reference.target)
    return reference.remote or reference.target not in repository.paths or (file is not None and bool(file.problem))


def _without(item: Kustomization, references: Sequence[Reference]) -> Kustomization:
    """A kustomization without the entries of lists that some references stand in."""
    data = json.loads(json.dumps(item.manifest.data, default=str, skipkeys=True))
    for entry in reversed(list(dict.fromkeys(_entry(reference.pointer) for reference in references))):
        if entry:
            del dig(data, *entry[:-1])[entry[-1]]
    return load.kustomization(dataclasses.replace(item.manifest, data=data))


def _entry(pointer: Pointer) -> Pointer:
    """The innermost entry of a list that a pointer leads into."""
    places = [index for index, part in enumerate(pointer) if isinstance(part, int)]
    return pointer[: places[-1] + 1] if places else ()
