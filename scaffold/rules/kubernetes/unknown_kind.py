"""Nobody here knows the schema of a kind, so its objects are not checked.

The kind is neither in Kubernetes nor among the custom resources that this program carries, nor does the repository
define it. It is misspelled, or its CustomResourceDefinition lives elsewhere; in that case put a copy of the
definition into the repository, or turn the rule off for it.

Fails:

    # web.yaml
    apiVersion: apps/v1
    kind: Deploymnet
    metadata:
      name: web

Passes:

    # web.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scaffold import schemas
from scaffold.model import Confidence, Finding, Overlay, Place, Repository, Severity, group_of
from scaffold.nearest import near

ID = "unknown-kind"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_TYPO = 2  # letters; kinds whose lengths differ by more are two kinds
_GROUPS = (
    *("", "apps", "autoscaling", "batch", "policy"),
    *("networking.k8s.io", "rbac.authorization.k8s.io", "storage.k8s.io"),
)


def check(repository: Repository) -> Iterator[Finding]:
    """Yield one finding for each unknown kind, at the first manifest that declares it."""
    for (api_version, kind), overlays in sorted(_unknown(repository).items()):
        count = sum((o.api_version, o.kind) == (api_version, kind) for overlay in overlays for o in overlay.objects)
        objects = "1 object is" if count == 1 else f"{count} objects are"
        remedy = _remedy(api_version, kind)
        message = f"kind {kind!r} of {api_version!r} is unknown, so {objects} unchecked; {remedy}"
        place = _declared(repository, api_version, kind) or Place(overlays[0].reads[0] if overlays[0].reads else "")
        yield Finding(place, ID, message, SEVERITY, Confidence.MEDIUM, f"{api_version}/{kind}")


def _unknown(repository: Repository) -> Mapping[tuple[str, str], list[Overlay]]:
    found: dict[tuple[str, str], list[Overlay]] = {}
    for overlay in repository.overlays.values():
        for api_version, kind in {(o.api_version, o.kind) for o in overlay.objects if o.api_version}:
            if (api_version, kind) in repository.own_schemas or schemas.scope(api_version, kind):
                continue
            if not schemas.known_elsewhere(api_version, kind) and schemas.removal(api_version, kind) is None:
                found.setdefault((api_version, kind), []).append(overlay)
    return found


def _remedy(api_version: str, kind: str) -> str:
    own = group_of(api_version)
    groups = (own, *_GROUPS) if own in _GROUPS else (own,)
    versions = next((found for group in groups if (found := schemas.api_versions(group, kind))), ())
    if versions:
        return f"did you mean apiVersion {versions[-1]!r}?"
    guess = near(kind, schemas.kinds(api_version))
    alike = guess and abs(len(guess) - len(kind)) <= _TYPO
    return f"did you mean {guess!r}?" if alike else "add its CustomResourceDefinition to the repository"


def _declared(repository: Repository, api_version: str, kind: str) -> Place | None:
    for path in sorted(repository.files):
        for head in repository.files[path].heads:
            if (head.api_version, head.kind) == (api_version, kind):
                return Place(path, head.document, ("kind",))
    return None
