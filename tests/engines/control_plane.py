"""A Kubernetes control plane in five processes on loopback: what it takes for pods to become ready."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import yaml

from engines import binaries, golang
from engines.kube import TOKEN, Kube
from engines.processes import Keeper, free_port
from engines.programs import MODULES

_READY_SECONDS = 30
_STAGES = ("pod/fast", "node/fast", "node/heartbeat-with-lease")
_CAPACITY = {"cpu": "256", "memory": "1024Gi", "pods": "5000"}
_NODE = {
    "apiVersion": "v1",
    "kind": "Node",
    "metadata": {"name": "node-0", "annotations": {"kwok.x-k8s.io/node": "fake"}},
    "status": {"allocatable": _CAPACITY, "capacity": _CAPACITY},
}


class ControlPlane:
    """A control plane under a keeper, with `kube` to talk to it and an environment for programs that do."""

    def __init__(self, keeper: Keeper) -> None:
        self.keeper = keeper
        self.directory = keeper.directory
        self.programs = binaries.directory(keeper.directory / "bin")
        self.port = free_port()
        self.kube = Kube(self.port)
        keeper.connections.callback(self.kube.close)
        self.environment = {
            "PATH": f"{self.programs}:{os.environ['PATH']}",
            "HOME": str(self.directory),
            "KUBECONFIG": str(self._kubeconfig()),
            "TMPDIR": str(self._temporary()),
            "GIT_CONFIG_NOSYSTEM": "1",
        }

    def start(self, name: str, *command: str | Path, **environment: str) -> None:
        """Start one more program against this control plane."""
        program = self.programs / str(command[0])
        self.keeper.start(name, [program, *command[1:]], {**self.environment, **environment})

    def serve(self) -> None:
        """Start etcd and the API server: enough to judge manifests."""
        self._start_etcd()
        self._start_api_server()
        self.keeper.wait("the API server is ready", _READY_SECONDS, self.kube.ready)
        self.keeper.wait("the namespace `default` is there", _READY_SECONDS, self._has_default)

    def run(self) -> None:
        """Start what makes workloads run: controllers, a scheduler, and one node with a pretended kubelet.

        Nobody measures pods, so nobody scales them.
        """
        own = ("--kubeconfig", self.environment["KUBECONFIG"])
        local = ("--leader-elect=false", "--bind-address=127.0.0.1")
        key = self.directory / "service-accounts.key"
        port = f"--secure-port={free_port()}"
        choice = "--controllers=*,-horizontal-pod-autoscaler-controller"
        signs = f"--service-account-private-key-file={key}"
        self.start("controllers", "kube-controller-manager", *own, *local, port, choice, signs)
        self.start("scheduler", "kube-scheduler", *own, *local, f"--secure-port={free_port()}")
        stages = self.directory / "stages.yaml"
        stages.write_text(_stages())
        lease = "--node-lease-duration-seconds=40"
        self.start("kubelet", "kwok", *own, "--manage-all-nodes=true", "--config", stages, lease)
        self.kube.apply(_NODE)

    def _has_default(self) -> bool:
        return self.kube.get("v1", "Namespace", "", "default") is not None

    def _start_etcd(self) -> None:
        self._etcd = f"http://127.0.0.1:{free_port()}"
        self.start(
            "etcd",
            "etcd",
            f"--data-dir={self.directory / 'etcd'}",
            f"--listen-client-urls={self._etcd}",
            f"--advertise-client-urls={self._etcd}",
            f"--listen-peer-urls=http://127.0.0.1:{free_port()}",
            "--log-level=error",
            "--unsafe-no-fsync",
        )

    def _start_api_server(self) -> None:
        """Endpoints are not reconciled, so that it starts where no address but loopback is."""
        key = self.directory / "service-accounts.key"
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True, timeout=30)
        tokens = self.directory / "tokens.csv"
        tokens.write_text(f'{TOKEN},admin,admin,"system:masters"\n')
        self.start(
            "api-server",
            "kube-apiserver",
            f"--etcd-servers={self._etcd}",
            f"--cert-dir={self.directory / 'certificates'}",
            f"--secure-port={self.port}",
            "--bind-address=127.0.0.1",
            "--advertise-address=192.0.2.1",
            "--endpoint-reconciler-type=none",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={key}",
            f"--service-account-signing-key-file={key}",
            f"--token-auth-file={tokens}",
            "--authorization-mode=RBAC",
            "--service-cluster-ip-range=10.0.0.0/24",
            "--allow-privileged=true",
        )

    def _temporary(self) -> Path:
        """What the programs leave behind goes where everything goes in the end."""
        path = self.directory / "tmp"
        path.mkdir()
        return path

    def _kubeconfig(self) -> Path:
        path = self.directory / "kubeconfig"
        cluster = {"server": f"https://127.0.0.1:{self.port}", "insecure-skip-tls-verify": True}
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "it", "cluster": cluster}],
            "users": [{"name": "admin", "user": {"token": TOKEN}}],
            "contexts": [{"name": "it", "context": {"cluster": "it", "user": "admin", "namespace": "default"}}],
            "current-context": "it",
        }
        path.write_text(yaml.safe_dump(config))
        return path


def _stages() -> str:
    root = golang.module_directory(MODULES["kwok"]) / "kustomize" / "stage"
    files = [file for stage in _STAGES for file in sorted((root / stage).glob("*-*.yaml"))]
    return "\n---\n".join(file.read_text() for file in files)
