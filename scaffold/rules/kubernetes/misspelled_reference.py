"""An object names another one by what can only be a slip, such as a letter too many.

Looked at are what mostly stands elsewhere, or comes with the cluster, so that a name which is nowhere proves nothing by
itself: the store of an ExternalSecret, the issuer of a Certificate, classes of storage, Ingresses and Gateways, the
Gateway of a route, the accounts of a binding, the namespace of an object, or of what a Kustomization of Flux builds,
the classes of a pod's priority and runtime, the Secrets by which images are pulled, sources of Flux are read, its
events are sent and Ingresses are served, the issuer that an annotation of cert-manager names, the GrafanaFolder that a
dashboard, alerts or another folder are put into (of their own namespace: Grafana operator 5.19), and the database, the
Kafka or the Gateway whose pods a label of its operator selects.
The one that was meant is somewhere in the repository, where the object would meet it. So is a ClusterIssuer, or a
ClusterSecretStore, whose kind was left out: without it, one of the namespace is named. An issuer, a store, a folder, a
Gateway, a class of priority or such an owner of pods is missed, too, where one object alone names it, and files declare
others of the kind. A name is no slip that a file declares which nothing renders, as whoever applies it by hand knows,
nor is a namespace that three files name.

Fails:

    # database.yaml
    apiVersion: external-secrets.io/v1
    kind: ExternalSecret
    metadata:
      name: database
    spec:
      secretStoreRef:
        name: platfrom
      data:
        - secretKey: password
          remoteRef:
            key: database
    ---
    apiVersion: external-secrets.io/v1
    kind: SecretStore
    metadata:
      name: platform
    spec:
      provider:
        kubernetes:
          remoteNamespace: secrets
          auth:
            serviceAccount:
              name: reader

Passes:

    # database.yaml
    apiVersion: external-secrets.io/v1
    kind: ExternalSecret
    metadata:
      name: database
    spec:
      secretStoreRef:
        name: platform
      data:
        - secretKey: password
          remoteRef:
            key: database
    ---
    apiVersion: external-secrets.io/v1
    kind: SecretStore
    metadata:
      name: platform
    spec:
      provider:
        kubernetes:
          remoteNamespace: secrets
          auth:
            serviceAccount:
              name: reader
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import naming
from scaffold.assemble.references import Need
from scaffold.model import Confidence, Finding, Identity, Manifest, Overlay, Repository, Severity, is_variable
from scaffold.model.values import text

ID = "misspelled-reference"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
# Clusters that Advanced Cluster Management has, each with a namespace of its name.
_WITH_NAMESPACE = ("cluster.open-cluster-management.io/ManagedCluster", "hive.openshift.io/ClusterDeployment")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such name that its own overlay does not render; what it can only mean, all overlays together say."""
    for overlay in repository.overlays.values():
        for manifest in overlay.of(*naming.NAMING):
            for need in naming.named(manifest):
                yield from _unmet(overlay, manifest, need)
        for pod in overlay.pods:
            for need in naming.of_pod(pod):
                yield from _unmet(overlay, pod.manifest, need)
        yield from _of_namespaces(overlay)


def _unmet(overlay: Overlay, manifest: Manifest, need: Need) -> Iterator[Finding]:
    if not is_variable(need.name) and not any(need.name == item.name for item in overlay.of(need.kind)):
        yield _finding(manifest, need)


def _of_namespaces(overlay: Overlay) -> Iterator[Finding]:
    """Yield each namespace that objects are in, and no Namespace and no directory above is called, once."""
    told = text(overlay.build.manifest.get("spec", "targetNamespace")) if overlay.build else ""
    rendered = (item.name for item in (*overlay.of("/Namespace"), *overlay.of(*_WITH_NAMESPACE)))
    seen = {"", told, *overlay.path.split("/"), *rendered}
    for manifest in overlay.manifests:
        if manifest.namespace not in seen and not is_variable(manifest.namespace):
            seen.add(manifest.namespace)
            fact = f"{manifest.kind} {manifest.name!r} is in Namespace {manifest.namespace!r}, which nothing renders"
            unless = Identity("", "Namespace", "", manifest.namespace)
            place = manifest.place("metadata", "namespace")
            message = f"{fact}; name one that is there"
            yield Finding(place, ID, message, SEVERITY, Confidence.LOW, unless=unless)


def _finding(manifest: Manifest, need: Need) -> Finding:
    group, _, kind = need.kind.rpartition("/")
    fact = f"{manifest.kind} {manifest.name!r} names {kind} {need.name!r}, which nothing renders"
    unless = Identity(group, kind, need.namespace, need.name)
    place, message = manifest.place(*need.pointer), f"{fact}; name one that is there"
    return Finding(place, ID, message, SEVERITY, Confidence.LOW, unless=unless)
