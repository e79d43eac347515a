"""Which Go modules the definitions of custom resources are taken from, at which versions, and where they lie there."""

from __future__ import annotations

from typing import NamedTuple


class Package(NamedTuple):
    """CRDs that lie in a Go module as manifests (`paths`, patterns), or as Go types that become manifests (none).

    `whole` tells that its kinds have no fields and API versions but these, whatever release of them a cluster has;
    `filled`, that something fills in what the definitions call required, so that a file need not have it.
    """

    name: str
    modules: tuple[str, ...]
    paths: tuple[str, ...] = ()
    whole: bool = False
    filled: bool = False


def _whole(name: str, module: str, *paths: str) -> Package:
    return Package(name, (module,), paths, whole=True)


def _part(name: str, module: str, *paths: str) -> Package:
    return Package(name, (module,), paths)


def _filled(name: str, module: str, *paths: str) -> Package:
    return Package(name, (module,), paths, filled=True)


_OPENSHIFT = tuple(
    f"{group}/v1/zz_generated.crd-manifests/*{end}.crd.yaml"
    for group in ("config", "console", "machineconfiguration", "operator", "route")
    for end in ("s", "-CustomNoUpgrade")  # the widest of the sets of features that a definition is made for
)
_ENGINES = (
    _whole("argo-cd", "github.com/argoproj/argo-cd/v3@v3.5.7", "manifests/crds/*.yaml"),
    _whole("argo-rollouts", "github.com/argoproj/argo-rollouts@v1.10.0", "manifests/crds/*.yaml"),
    _whole("flux-kustomize", "github.com/fluxcd/kustomize-controller@v1.9.5", "config/crd/bases/*.yaml"),
    _whole("flux-operator", "github.com/controlplaneio-fluxcd/flux-operator@v0.58.1", "config/crd/bases/*.yaml"),
    _whole("flux-source", "github.com/fluxcd/source-controller@v1.9.5", "config/crd/bases/*.yaml"),
    Package(
        "flux-types",
        (
            "github.com/fluxcd/helm-controller/api@v1.6.5",
            "github.com/fluxcd/image-automation-controller/api@v1.2.5",
            "github.com/fluxcd/image-reflector-controller/api@v1.2.5",
            "github.com/fluxcd/notification-controller/api@v1.9.4",
            "github.com/fluxcd/source-watcher/api/v2@v2.2.4",
        ),
        whole=True,
    ),
    _whole("image-updater", "github.com/argoproj-labs/argocd-image-updater@v1.3.0", "config/crd/bases/*.yaml"),
)
_OPERATORS = (
    _part("argo-events", "github.com/argoproj/argo-events@v1.9.9", "manifests/base/crds/argoproj.io_*.yaml"),
    _part("argo-workflows", "github.com/argoproj/argo-workflows/v3@v3.7.6", "manifests/base/crds/full/*io_*.yaml"),
    _part(
        "argocd-operator",
        "github.com/argoproj-labs/argocd-operator@v0.17.0",
        "config/crd/bases/argoproj.io_[!a]*.yaml",
        "config/crd/bases/argoproj.io_argocd*.yaml",
    ),
    _whole("cert-manager", "github.com/cert-manager/cert-manager@v1.21.2", "deploy/crds/*.yaml"),
    _part("cilium", "github.com/cilium/cilium@v1.20.2", "pkg/k8s/apis/cilium.io/client/crds/*/*.yaml"),
    _part("cloudnative-pg", "github.com/cloudnative-pg/cloudnative-pg@v1.28.0", "config/crd/bases/*.yaml"),
    _part("contour", "github.com/projectcontour/contour@v1.33.8", "examples/contour/01-crds.yaml"),
    _part("crossplane", "github.com/crossplane/crossplane/v2@v2.1.3", "cluster/crds/*.yaml"),
    _part(
        "envoy-gateway",
        "github.com/envoyproxy/gateway@v1.9.1",
        "charts/gateway-helm/charts/crds/crds/generated/*.yaml",
    ),
    _part("external-dns", "sigs.k8s.io/external-dns@v0.21.0", "config/crd/standard/*.yaml"),
    _whole("external-secrets", "github.com/external-secrets/external-secrets@v1.3.2", "config/crds/bases/*.yaml"),
    _part("flagger", "github.com/fluxcd/flagger@v1.41.0", "artifacts/flagger/crd.yaml"),
    _whole("gateway-api", "sigs.k8s.io/gateway-api@v1.6.3", "config/crd/experimental/*.yaml"),
    _part(
        "gatekeeper",
        "github.com/open-policy-agent/gatekeeper/v3@v3.23.1",
        "config/crd/bases/[!m]*.yaml",
        "config/crd/bases/mut*.yaml",
    ),
    _part(
        "gatekeeper-templates",
        "github.com/open-policy-agent/frameworks/constraint@v0.0.0-20241101234656-e78c8abd754a",
        "deploy/crds.yaml",
    ),
    _part("grafana-operator", "github.com/grafana/grafana-operator/v5@v5.24.0", "config/crd/bases/*.yaml"),
    _part("istio", "istio.io/api@v1.32.0", "kubernetes/customresourcedefinitions.gen.yaml"),
    _part("karpenter", "sigs.k8s.io/karpenter@v1.8.2", "pkg/apis/crds/*.yaml"),
    _whole("keda", "github.com/kedacore/keda/v2@v2.21.0", "config/crd/bases/*.yaml"),
    _part("knative-serving", "knative.dev/serving@v0.51.0", "config/core/300-resources/*.yaml"),
    _part("kueue", "sigs.k8s.io/kueue@v0.17.0", "config/components/crd/bases/*.yaml"),
    _part("kyverno", "github.com/kyverno/kyverno@v1.19.1", "config/crds/*kyverno*/*.yaml"),
    _part("metallb", "go.universe.tf/metallb@v0.16.2", "config/crd/bases/*.yaml"),
    _part(
        "network-attachments",
        "github.com/k8snetworkplumbingwg/network-attachment-definition-client@v1.7.7",
        "artifacts/networks-crd.yaml",
    ),
    _part("node-feature-discovery", "sigs.k8s.io/node-feature-discovery@v0.18.3", "deployment/base/nfd-crds/*.yaml"),
    _part("open-cluster-management", "open-cluster-management.io/api@v1.1.0", "*/*/*.crd.yaml"),
    _part("opentelemetry", "github.com/open-telemetry/opentelemetry-operator@v0.140.0", "config/crd/bases/*.yaml"),
    _part("openshift", "github.com/openshift/api@v0.0.0-20251120220512-cb382c9eaf42", *_OPENSHIFT),
    _filled("operator-lifecycle", "github.com/operator-framework/api@v0.36.0", "crds/*.yaml"),
    _whole(
        "prometheus-operator",
        "github.com/prometheus-operator/prometheus-operator@v0.92.0",
        "example/prometheus-operator-crd/*.yaml",
    ),
    _part("rook", "github.com/rook/rook@v1.18.8", "deploy/examples/crds.yaml"),
    _whole("sealed-secrets", "github.com/bitnami-labs/sealed-secrets@v0.40.0", "helm/sealed-secrets/crds/*.yaml"),
    _part("secrets-store", "sigs.k8s.io/secrets-store-csi-driver@v1.5.5", "config/crd/bases/*.yaml"),
    _part("snapshots", "github.com/kubernetes-csi/external-snapshotter/client/v8@v8.7.0", "config/crd/*.yaml"),
    _part("tailscale", "tailscale.com@v1.90.6", "cmd/k8s-operator/deploy/crds/*.yaml"),
    _filled("tekton", "github.com/tektoncd/pipeline@v1.6.0", "config/300-crds/*.yaml"),
    _filled("tekton-triggers", "github.com/tektoncd/triggers@v0.34.0", "config/300-*.yaml"),
    _part("traefik", "github.com/traefik/traefik/v3@v3.7.13", "docs/content/reference/*/traefik.io_*.yaml"),
    _part("vault-secrets", "github.com/hashicorp/vault-secrets-operator@v0.10.0", "config/crd/bases/*.yaml"),
    _part("velero", "github.com/vmware-tanzu/velero@v1.18.3", "config/crd/*/bases/*.yaml"),
    _part("vertical-pod-autoscaler", "k8s.io/autoscaler/vertical-pod-autoscaler@v1.8.1", "deploy/vpa-v1-crd-gen.yaml"),
    _part("volsync", "github.com/backube/volsync@v0.14.0", "config/crd/bases/*.yaml"),
)
PACKAGES = (*_ENGINES, *_OPERATORS)
KUBERNETES = "k8s.io/kubernetes@v1.37.2"
