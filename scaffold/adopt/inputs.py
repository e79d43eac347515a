"""What stands in a directory that is to be adopted, environment by environment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from scaffold import discover
from scaffold.errors import ScaffoldError

_PARENTS = ("overlays", "envs", "environments", "env")
_ALSO = {
    "dev": ("development", "develop", "test"),
    "staging": ("stage", "stg", "preprod", "qa"),
    "production": ("prod", "prd", "live"),
}


def environments(source: Path, named: Mapping[str, str], known: Iterable[str]) -> dict[str, Path]:
    """The place of each environment, in the order of the fleet: as named, else by the names of directories.

    Raises ScaffoldError where nothing is named and no directory is called as an environment.
    """
    order = list(known)
    if named:
        found = {name: (source / path).resolve() for name, path in named.items()}
    else:
        found = {name: path for name in order if (path := _place(source, name))}
    if not found:
        fact = f"no directory in {str(source)!r} is called as one of {', '.join(order)}"
        raise ScaffoldError(f"{fact}; name one with --environment, such as --environment {order[-1]}=k8s/prod")
    for name, path in found.items():
        if not path.exists():
            raise ScaffoldError(f"{str(path)!r} of {name!r} is not there; name a directory or a file")
    return {name: found[name] for name in order if name in found}


def _place(source: Path, environment: str) -> Path | None:
    names = (environment, *_ALSO.get(environment, ()))
    parents = (source, *(source / parent for parent in _PARENTS))
    places = (parent / name for name in names for parent in parents)
    return next((place.resolve() for place in places if place.is_dir()), None)


def is_kustomization(place: Path) -> bool:
    return any((place / name).is_file() for name in discover.KUSTOMIZATION_NAMES)


def is_chart(place: Path) -> bool:
    return (place / "Chart.yaml").is_file()
