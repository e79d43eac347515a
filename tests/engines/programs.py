"""Which programs the tests run, at which versions, and how Go builds each from its module."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

KUBERNETES = "v1.37.2"
ARGO_CD = "v3.5.7"
FLUX = "v1.9.5"
_VERSION = "k8s.io/component-base/version"


class Program(NamedTuple):
    """One program: `siblings` is the version that replaces what its go.mod takes from a directory beside it.

    `replaced` are more lines of go.mod, `asked` the arguments to which it answers its version (none: it never does, so
    the one on PATH is not used), `seconds` what building took on two cores, `source` a main.go of ours instead of its.
    """

    name: str
    module: str
    version: str
    package: str
    seconds: int
    siblings: str = ""
    replaced: tuple[str, ...] = ()
    flags: str = ""
    asked: tuple[str, ...] = ()
    source: Path | None = None


def _kubernetes(name: str, seconds: int) -> Program:
    """Without the flags the servers call themselves v0.0.0-master, and clients refuse them."""
    major, minor, _ = KUBERNETES.removeprefix("v").split(".")
    flags = f"-X {_VERSION}.gitVersion={KUBERNETES} -X {_VERSION}.gitMajor={major} -X {_VERSION}.gitMinor={minor}"
    siblings = f"v0.{KUBERNETES.split('.', 1)[1]}"
    return Program(
        name, "k8s.io/kubernetes", KUBERNETES, f"cmd/{name}", seconds, siblings, (), flags, asked=("--version",)
    )


# Kustomize and Helm are the versions that Argo CD 3.5.7 ships in its image (hack/tool-versions.sh).
PROGRAMS = (
    Program("etcd", "go.etcd.io/etcd/server/v3", "v3.7.3", ".", 45, siblings="v3.7.3", asked=("--version",)),
    _kubernetes("kube-apiserver", 240),
    _kubernetes("kube-controller-manager", 110),
    _kubernetes("kube-scheduler", 15),
    Program("kwok", "sigs.k8s.io/kwok", "v0.8.0", "cmd/kwok", 60, asked=("--version",)),
    Program("kustomize", "sigs.k8s.io/kustomize/kustomize/v5", "v5.8.1", ".", 10, asked=("version",)),
    Program("helm", "helm.sh/helm/v4", "v4.2.1", "cmd/helm", 140, asked=("version", "--short")),
    Program(
        "argocd",
        "github.com/argoproj/argo-cd/v3",
        ARGO_CD,
        "cmd",
        240,
        siblings="v0.0.0-20260914071520-c9c369efcc5b",
        asked=("version", "--client", "--short"),
    ),
    Program("kustomize-controller", "github.com/fluxcd/kustomize-controller", FLUX, ".", 130, siblings=FLUX),
    Program(
        "source-controller",
        "github.com/fluxcd/source-controller",
        FLUX,
        ".",
        120,
        siblings=FLUX,
        replaced=("github.com/fluxcd/pkg/artifact => github.com/fluxcd/pkg/artifact v0.18.1",),
    ),
    # The version that kustomize-controller decrypts with.
    Program("age-keygen", "filippo.io/age", "v1.3.1", "cmd/age-keygen", 5, asked=("-version",)),
)

REDIS = Program(
    "redis-stand-in",
    "github.com/alicebob/miniredis/v2",
    "v2.38.0",
    ".",
    10,
    source=Path(__file__).parent / "redis" / "main.go",
)

# Modules of which only files are read: definitions of custom resources, stages, scripts.
MODULES = {
    "kwok": "sigs.k8s.io/kwok@v0.8.0",
    "argo-cd": f"github.com/argoproj/argo-cd/v3@{ARGO_CD}",
    "argocd-image-updater": "github.com/argoproj-labs/argocd-image-updater@v1.3.0",
    "kustomize-controller": f"github.com/fluxcd/kustomize-controller@{FLUX}",
    "source-controller": f"github.com/fluxcd/source-controller@{FLUX}",
    "image-reflector-controller": "github.com/fluxcd/image-reflector-controller@v1.2.4",
    "image-automation-controller": "github.com/fluxcd/image-automation-controller@v1.2.4",
    "gateway-api": "sigs.k8s.io/gateway-api@v1.6.3",
    "prometheus-operator": "github.com/prometheus-operator/prometheus-operator@v0.92.0",
    "external-secrets": "github.com/external-secrets/external-secrets@v1.3.2",
    "flux-operator": "github.com/controlplaneio-fluxcd/flux-operator@v0.58.1",
    "sealed-secrets": "github.com/bitnami-labs/sealed-secrets@v0.40.0",
}
