"""An overlay of one environment names a host of another one.

A database, an address or a host name was copied and not changed, so that production talks to what is there for tests,
or tests write where production reads. Looked at are ConfigMaps, the variables and arguments of containers, and the
hosts of Ingresses and routes; a host names an environment where one of its labels does, as in `db.staging.example.com`.
Passed over are comments in texts, tests (below `e2e`, `fixtures` or `testdata`), products such as `dev.azure.com`, the
domain of a cluster in which the own environment has hosts, too, here or in another overlay, and a host that several
environments name, and none that is called as it is: they share it.

Fails:

    # web/base/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    configMapGenerator:
      - name: web
        literals:
          - LOG_LEVEL=info
    # web/overlays/staging/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base
    configMapGenerator:
      - name: web
        behavior: merge
        literals:
          - DATABASE=db.staging.example.com
    # web/overlays/production/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base
    configMapGenerator:
      - name: web
        behavior: merge
        literals:
          - DATABASE=db.staging.example.com

Passes:

    # web/base/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    configMapGenerator:
      - name: web
        literals:
          - LOG_LEVEL=info
    # web/overlays/staging/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base
    configMapGenerator:
      - name: web
        behavior: merge
        literals:
          - DATABASE=db.staging.example.com
    # web/overlays/production/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base
    configMapGenerator:
      - name: web
        behavior: merge
        literals:
          - DATABASE=db.production.example.com
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from scaffold.assemble import hosts, ranks, resting
from scaffold.model import Confidence, Finding, Manifest, Overlay, Pointer, Repository, Severity, dig, mapping, sequence

ID = "foreign-host"
SEVERITY = Severity.WARNING
SCOPE = "overlay"
_COMMENT = re.compile(r"^[ \t]*+#.*$", re.MULTILINE)
_TRIED = resting.OF_PROGRAMS | {"e2e"}  # directories of tests, which may ask other environments on purpose
_LEAST = 3  # labels after one that may be a product's own
_PRODUCTS = frozenset(("dev", "develop", "next", "sandbox", "test", "testing"))  # as in dev.azure.com
_ROUTES = frozenset(("HTTPRoute", "GRPCRoute", "TLSRoute"))


def check(repository: Repository) -> Iterator[Finding]:
    """Yield, once for each host, the first field of an overlay that names one of another environment."""
    names, common = hosts.environments(repository.conventions), repository.conventions.common
    for overlay in repository.overlays.values():
        own = _environment(overlay, names)
        found = list(_hosts(overlay)) if own else []
        domains = {domain for _, _, host in found for domain in hosts.of_environment(host, own)}
        domains.update(repository.conventions.domains.get(own, ()))
        seen = set()
        for manifest, pointer, host in found:
            other = _other(host, own, names, domains) if host not in seen else ""
            if other and not _says(manifest, other) and not _is_shared(common.get(host, ()), other):
                seen.add(host)
                yield _finding(manifest, pointer, host, own, other)


def _is_shared(naming: Collection[str], other: str) -> bool:
    """Tell whether a host is one of several environments, and not of the one that it is called after."""
    return len(naming) > 1 and ranks.rank(other) not in map(ranks.rank, naming)


def _says(manifest: Manifest, other: str) -> bool:
    """Tell whether an object is called after the other environment, which it is then about."""
    return ranks.rank(other) in {ranks.rank(word) for word in manifest.name.split("-")} - {None}


def _hosts(overlay: Overlay) -> Iterator[tuple[Manifest, Pointer, str]]:
    for manifest in overlay.manifests:
        for pointer, text in _texts(manifest):
            said = _COMMENT.sub("", text) if "#" in text else text
            yield from ((manifest, pointer, host) for host in hosts.HOST.findall(said))


def _labels(host: str, domains: Collection[str]) -> list[str]:
    """The labels of a host that may tell its environment: neither the last one, nor those of a domain it shares."""
    shared = max((domain for domain in domains if host.endswith(f".{domain}")), key=len, default="")
    return (host.removesuffix(f".{shared}") if shared else host.rpartition(".")[0]).split(".")


def _environment(overlay: Overlay, names: frozenset[str]) -> str:
    """The environment of an overlay, else that of the cluster that builds it."""
    cluster = overlay.build.cluster if overlay.build else ""
    if not _TRIED.isdisjoint(overlay.path.split("/")):
        return ""
    own = overlay.environment or ranks.part(overlay.path, names) or ranks.part(cluster, names)
    return own if own in names else ""


def _finding(manifest: Manifest, pointer: Pointer, host: str, own: str, other: str) -> Finding:
    fact = f"{manifest.kind} {manifest.name!r} of environment {own!r} names host {host!r}, which is of {other!r}"
    message = f"{fact}; name that of {own!r}"
    return Finding(manifest.place(*pointer), ID, message, SEVERITY, Confidence.MEDIUM, subject=f"{own}/{host}")


def _other(host: str, own: str, names: frozenset[str], domains: Collection[str]) -> str:
    """The environment that a host is of, where that is another one and nothing in it is of the own one."""
    labels = _labels(host, domains)
    found = {name for label in labels if (name := ranks.word(label, names))} or _stages(labels, own, names)
    if len(found) != 1 or any(hosts.is_own(label, own) for label in labels):
        return ""
    product = labels[0] in found and labels[0] in _PRODUCTS and host.count(".") < _LEAST
    return "" if product else found.pop()


def _stages(labels: list[str], own: str, names: frozenset[str]) -> set[str]:
    """The stages of others that labels are called like: of `prod-eu` and `prod-us` that is `prod`, or `production`."""
    words = {word for name in names for word in name.split("-") if ranks.rank(word) is not None}
    found = ranks.spelled(words).intersection(labels)
    return set() if any(ranks.rank(word) == ranks.rank(own) for word in found) else found


def _texts(manifest: Manifest) -> Iterator[tuple[Pointer, str]]:
    """What an object says of hosts."""
    if manifest.kind == "ConfigMap":
        data = mapping(manifest.get("data"))
        yield from ((("data", key), value) for key, value in data.items() if isinstance(value, str))
    elif manifest.kind == "Ingress":
        for index, rule in enumerate(sequence(manifest.get("spec", "rules"))):
            yield ("spec", "rules", index, "host"), str(dig(rule, "host") or "")
    elif manifest.kind in _ROUTES:
        for index, host in enumerate(sequence(manifest.get("spec", "hostnames"))):
            yield ("spec", "hostnames", index), str(host)
    for pointer, container in manifest.containers():
        for index, entry in enumerate(sequence(container.get("env"))):
            yield (*pointer, "env", index, "value"), str(dig(entry, "value") or "")
        for index, text in enumerate(sequence(container.get("args"))):
            yield (*pointer, "args", index), str(text)
