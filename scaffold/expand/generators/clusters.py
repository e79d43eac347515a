"""The clusters generator, fed by the declared inventory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scaffold.expand.generators.context import Context, Parameters
from scaffold.expand.go_values import StringMap
from scaffold.expand.names import sanitize_name
from scaffold.expand.selectors import Selector
from scaffold.expand.unverifiable import UnverifiableError
from scaffold.expand.view import IN_CLUSTER_NAME, IN_CLUSTER_SERVER, ClusterEntry
from scaffold.model import mapping

_OWN = ("name", "nameNormalized", "server", "project")
_SECRET_TYPE = {"argocd.argoproj.io/secret-type": "cluster"}
_HIDDEN_ANNOTATIONS = frozenset(
    (
        "argocd.argoproj.io/refresh",
        "argocd.argoproj.io/hydrate",
        "argocd.argoproj.io/tracking-id",
        "argocd.argoproj.io/installation-id",
        "kubectl.kubernetes.io/last-applied-configuration",
    )
)


def parameters(body: Mapping[str, Any], context: Context) -> list[Parameters]:
    """Give one set for each matching cluster; Argo CD's own is there only without a selector."""
    selector = Selector.of(body.get("selector"), check_values=True)
    if context.view.clusters is None:
        return _of_any(body, context)
    registered = {cluster.name: cluster for cluster in context.view.clusters}
    matching = [c for c in registered.values() if not selector or selector.matches({**c.labels, **_SECRET_TYPE})]
    found = [_of(cluster, context) for cluster in matching]
    own = any(cluster.server == IN_CLUSTER_SERVER for cluster in matching)
    if not own and (selector is None or selector.everything):
        found.append(
            {"name": IN_CLUSTER_NAME, "nameNormalized": IN_CLUSTER_NAME, "server": IN_CLUSTER_SERVER, "project": ""}
        )
    for each in found:
        context.add_values(body.get("values"), each)
    return [{"clusters": found}] if body.get("flatList") is True else found


def _of_any(body: Mapping[str, Any], context: Context) -> list[Parameters]:
    """What one cluster gives, whichever it is: what depends on it is left as it is written."""
    if context.stand_in is None or body.get("flatList") is True:
        raise UnverifiableError("a generator over clusters, which are not declared")
    start = "{{" + context.stand_in + ("." if context.go else "")
    found: Parameters = {key: f"{start}{key}}}}}" for key in _OWN}
    context.add_values(body.get("values"), found)
    return [found]


def _of(cluster: ClusterEntry, context: Context) -> Parameters:
    if not cluster.server:
        raise UnverifiableError(f"the server of cluster '{cluster.name}', which is not declared")
    found: Parameters = {
        "name": cluster.name,
        "nameNormalized": sanitize_name(cluster.name),
        "server": cluster.server,
        "project": cluster.project,
    }
    labels = {**mapping(cluster.labels), **_SECRET_TYPE}
    annotations = {key: value for key, value in cluster.annotations.items() if key not in _HIDDEN_ANNOTATIONS}
    if context.go:
        found["metadata"] = {"labels": StringMap(labels)}
        if cluster.annotations:
            found["metadata"]["annotations"] = StringMap(annotations)
        return found
    found.update({f"metadata.annotations.{key}": value for key, value in annotations.items()})
    return {**found, **{f"metadata.labels.{key}": value for key, value in labels.items()}}
