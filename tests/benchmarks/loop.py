"""The loop that `validate` replaces: one kustomize and one kubeconform an overlay."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path

from scaffold.render.builders import Builder
from scaffold.schemas import catalogue

_KINDS = (
    ("v1", "ConfigMap"),
    ("v1", "Service"),
    ("v1", "ServiceAccount"),
    ("apps/v1", "Deployment"),
    ("networking.k8s.io/v1", "Ingress"),
    ("policy/v1", "PodDisruptionBudget"),
)


def sample(root: Path, count: int) -> list[str]:
    """Overlays of applications, evenly spread."""
    found = sorted(path.relative_to(root).as_posix() for path in root.glob("apps/*/*/overlays/*"))
    return found[:: max(1, len(found) // count)][:count]


def command(builder: Builder, kubeconform: str, schemas: Path, overlays: Iterable[str], jobs: int) -> Sequence[str]:
    """The shell command of the loop, `jobs` overlays at a time; without kubeconform where its path is empty."""
    build = f'{shlex.join(builder.command)} "$1"'
    if kubeconform:
        location = shlex.quote(f"{schemas}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json")
        build += f" | {shlex.quote(kubeconform)} -strict -schema-location {location} -"
    listed = shlex.join(overlays)
    if jobs == 1:
        return ("sh", "-c", f'one() {{ {build}; }}; for overlay in {listed}; do one "$overlay" || exit 1; done')
    each = f"xargs -P {jobs} -I OVERLAY sh -c {shlex.quote(build)} loop OVERLAY"
    return ("sh", "-c", f"printf '%s\\n' {listed} | {each}")


def write_schemas(directory: Path) -> None:
    """Write the schemas of the kinds in use as kubeconform wants them, each complete in itself: it has no network."""
    directory.mkdir()
    for api_version, kind in _KINDS:
        group, _, version = api_version.rpartition("/")
        suffix = "-".join(part for part in (group.split(".")[0], version) if part)
        schema = catalogue.find(api_version, kind, catalogue.versions()[-1])
        assert schema is not None
        directory.joinpath(f"{kind.lower()}-{suffix}.json").write_text(schema.text)
