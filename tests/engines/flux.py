"""Flux on a control plane: source- and kustomize-controller.

Left out: helm-controller (so no HelmRelease), notification-controller (no Alert, no Receiver), the image controllers. A
Kustomization has converged when it is Ready at the commit that was pushed, with whatever it waits for ready as kwok
pretends; see `argocd` for the kinds to which nothing here gives a status.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engines import golang
from engines.control_plane import ControlPlane
from engines.kube import read
from engines.processes import free_port
from engines.programs import MODULES

NAMESPACE = "flux-system"
KUSTOMIZATION = ("kustomize.toolkit.fluxcd.io/v1", "Kustomization")
SOURCE = ("source.toolkit.fluxcd.io/v1", "GitRepository")
_CONTROLLERS = ("source-controller", "kustomize-controller")
_READY_SECONDS = 60


class Flux:
    """Flux in the namespace `flux-system` of a control plane, with nothing to follow yet."""

    def __init__(self, control: ControlPlane) -> None:
        self.control = control
        self.kube = control.kube

    def install(self, *flags: str) -> None:
        """Start both controllers, one with more flags; they exit where their kinds are not served yet."""
        for name in _CONTROLLERS:
            self.kube.create(*read(golang.module_directory(MODULES[name]) / "config" / "crd" / "bases"))
        self.control.keeper.wait("Flux's kinds are served", _READY_SECONDS, self.kube.established)
        self.kube.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}})
        self.kube.apply(*_reconciler())
        storage, address = self.control.directory / "artifacts", f"127.0.0.1:{free_port()}"
        storage.mkdir()
        served = (f"--storage-path={storage}", f"--storage-addr={address}", f"--storage-adv-addr={address}")
        self._controller("source-controller", *served)
        self._controller("kustomize-controller", "--requeue-dependency=2s", *flags)

    def _controller(self, name: str, *flags: str) -> None:
        local = (f"--metrics-addr=127.0.0.1:{free_port()}", f"--health-addr=127.0.0.1:{free_port()}")
        quiet = ("--events-addr=", "--enable-leader-election=false")
        self.control.start(name, name, *flags, *local, *quiet, RUNTIME_NAMESPACE=NAMESPACE)


def ready(item: Mapping[str, Any] | None) -> bool:
    """Whether an object is Ready as it stands now."""
    status = (item or {}).get("status", {})
    found: Mapping[str, Any] = next((c for c in status.get("conditions") or () if c["type"] == "Ready"), {})
    return found.get("status") == "True" and found.get("observedGeneration") == (item or {})["metadata"]["generation"]


def _reconciler() -> tuple[dict[str, Any], ...]:
    """The account that the installation gives to what the platform team deploys: an administrator."""
    name = "kustomize-controller"
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name, "namespace": NAMESPACE}}
    binding = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": "cluster-reconciler"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
        "subjects": [{"kind": "ServiceAccount", "name": name, "namespace": NAMESPACE}],
    }
    return account, binding


def revision(item: Mapping[str, Any] | None) -> str:
    """The commit that a Kustomization applied last."""
    return str((item or {}).get("status", {}).get("lastAppliedRevision", "")).rpartition(":")[2]
