"""An overlay renders an object into the namespace of another environment.

It was copied and not changed. Argo CD refuses it where the project permits only its own namespace; elsewhere dev
overwrites production. Where nobody declares environments, and neither clusters nor directories for environments tell
any, a directory that is called `production`, `staging` or the like is one. One above the overlay counts, as in
`apps/production/web`, but only the namespaces of environments that have the same, as `apps/staging/web`, are foreign.

Fails:

    # .gitops-scaffold.yaml
    environments:
      - name: dev
      - name: production
    # apps/checkout/payments/overlays/dev/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    namespace: checkout-production
    resources:
      - config.yaml
    # apps/checkout/payments/overlays/dev/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web

Passes:

    # .gitops-scaffold.yaml
    environments:
      - name: dev
      - name: production
    # apps/checkout/payments/overlays/dev/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    namespace: checkout-dev
    resources:
      - config.yaml
    # apps/checkout/payments/overlays/dev/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from scaffold.assemble import ranks
from scaffold.model import Finding, Manifest, Overlay, Repository, Severity

ID = "foreign-namespace"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_UNMISTAKABLE = frozenset("dev development prod production qa stage staging uat".split())


def check(repository: Repository) -> Iterator[Finding]:
    """Yield, once for each namespace, the first object of an overlay that names another environment's."""
    own = {e.name for e in repository.conventions.environments}
    shared = own | _shared(own)
    all_names = sorted(shared | _stages(own), key=len, reverse=True)
    for overlay in repository.overlays.values():
        environment = overlay.environment if overlay.environment in own else _told(repository, overlay)
        if not environment:
            continue
        based, seen = _of_base(repository, overlay), set()
        names = _names(repository, overlay, environment, all_names if environment in own else ())
        for manifest in overlay.manifests:
            namespace = _namespace(manifest)
            other = next((name for name in names if _ends(namespace, name)), "")
            if not other or _is_kin(other, environment) or _is_called(overlay, other) or namespace in seen:
                continue
            if other not in shared and ranks.rank(environment) in (None, ranks.rank(other)):
                continue
            if not (repository.conventions.declared or _is_usual(environment) or other in _UNMISTAKABLE):
                continue  # both may be anything
            told = repository.conventions.declared and namespace not in based
            if not told and not _is_usual(other):  # a word of the namespace's own name as likely
                continue
            seen.add(namespace)
            yield _finding(overlay, environment, manifest, namespace, other)


def _told(repository: Repository, overlay: Overlay) -> str:
    """The environment that the directory itself, or else one above it, is called like, where nobody declares any."""
    *above, name = overlay.path.split("/")
    found = {name} & _UNMISTAKABLE or _UNMISTAKABLE.intersection(above)
    return next(iter(found)) if len(found) == 1 and not repository.conventions.declared else ""


def _names(repository: Repository, overlay: Overlay, environment: str, told: Sequence[str]) -> list[str]:
    """The names of environments, the longest first: those that are told, and those that have the same overlay.

    Where the directory itself is called like its environment, every usual one is known.
    """
    path, known = overlay.path, repository.directories
    beside = {
        name for name in _UNMISTAKABLE if (other := ranks.of_other(path, environment, name)) != path and other in known
    }
    usual = _UNMISTAKABLE if not told and path.rpartition("/")[2] == environment else beside
    return sorted({*told, *usual}, key=len, reverse=True)


def _shared(names: set[str]) -> set[str]:
    """What variants of one environment are called beside their regions: `staging` of `staging-eu` and `staging-us`."""
    found = Counter(name.partition("-")[0] for name in names if "-" in name)
    return {word for word, times in found.items() if times > 1 and ranks.rank(word) is not None}


def _stages(names: set[str]) -> set[str]:
    """What environments are that are called after a cluster too, `prod` and `stage` of `a-prod` and `b-stage`."""
    return set(ranks.words(name.rpartition("-")[2] for name in names))


def _of_base(repository: Repository, overlay: Overlay) -> frozenset[str]:
    """The namespaces that a base declares: what ends them is of their own name, unless it is a usual environment."""
    outside = (path for path in overlay.reads if not path.startswith(f"{overlay.path}/"))
    heads = (head for path in outside if path in repository.files for head in repository.files[path].heads)
    return frozenset(head.name for head in heads if head.kind == "Namespace")


def _is_usual(name: str) -> bool:
    """Tell the name of an environment, or of a variant of one as `prod-central`, from any word."""
    return ranks.rank(name) is not None or ("-" in name and ranks.rank(name.partition("-")[0]) is not None)


def _is_kin(other: str, own: str) -> bool:
    """A variant of an environment may well use what belongs to that; one that is called after two, what is of both."""
    return own == other or own.startswith(f"{other}-") or other in own.split("-")


def _is_called(overlay: Overlay, other: str) -> bool:
    """Tell whether the directory says itself that it is of another environment, as `trino-dev` in a region's."""
    return other in overlay.path.rpartition("/")[2].split("-")


def _finding(overlay: Overlay, environment: str, manifest: Manifest, namespace: str, other: str) -> Finding:
    pointer = ("metadata", "name" if manifest.kind == "Namespace" else "namespace")
    ends = environment.partition("-")[0], environment.rpartition("-")[2]
    short = next((end for end in ends if ranks.rank(end) is not None), "") if "-" not in other else ""
    word = short or environment
    own = f"{namespace.removesuffix(other)}{word}"
    message = (
        f"{manifest.kind} {manifest.name!r} of environment {environment!r} goes to namespace {namespace!r}, "
        f"which is of environment {other!r}; did you mean {own!r}?"
    )
    return Finding(manifest.place(*pointer), ID, message, subject=f"{overlay.path}/{namespace}")


def _namespace(manifest: Manifest) -> str:
    return manifest.name if (manifest.api_version, manifest.kind) == ("v1", "Namespace") else manifest.namespace


def _ends(namespace: str, name: str) -> bool:
    """Compare the longest environment name first, so that `eu-1` is not taken for `1`."""
    return namespace == name or namespace.endswith(f"-{name}")
