"""Argo CD on a control plane: every component that decides something, none that only shows or sends.

Left out: dex, the notifications controller, the commit server; and in the cluster whatever gives a status to an
Ingress, a Gateway or HTTPRoute, a load balancer, an ExternalSecret or a ServiceMonitor. A workload is healthy when its
pods are ready, which kwok pretends. An application has converged when it is Synced and Healthy at the commit that was
pushed. Everything listens on loopback but the application controller's metrics, for which there is no option.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engines import golang
from engines.control_plane import ControlPlane
from engines.kube import read
from engines.processes import free_port
from engines.programs import MODULES
from engines.web import Client

NAMESPACE = "argocd"
API = "argoproj.io/v1alpha1"
_READY_SECONDS = 60
_SCRIPTS = ("git-verify-wrapper.sh", "gpg-wrapper.sh", "git-ask-pass.sh")
_EMPTY = ("ARGOCD_GNUPGHOME", "ARGOCD_TLS_DATA_PATH", "ARGOCD_SSH_DATA_PATH", "ARGOCD_GPG_DATA_PATH")
# Argo CD looks for changes every two or three minutes, as long as nobody calls its webhook; tests cannot wait so long.
_RESYNC_SECONDS = "5"


class ArgoCD:
    """Argo CD in the namespace `argocd` of a control plane, as it is right after its installation.

    `told` are variables of its components, which argocd-cmd-params-cm gives them otherwise.
    """

    def __init__(self, control: ControlPlane, **told: str) -> None:
        self.control = control
        self.kube = control.kube
        self.port = free_port()
        self._redis = f"127.0.0.1:{free_port()}"
        self._repositories = f"127.0.0.1:{free_port()}"
        self._environment = {
            "ARGOCD_FAKE_IN_CLUSTER": "true",
            # Its agent would outlive the tests; no commit here is signed.
            "ARGOCD_GPG_ENABLED": "false",
            "ARGOCD_APPLICATIONSET_CONTROLLER_REQUEUE_AFTER": f"{_RESYNC_SECONDS}s",
            **{name: str(self._directory(name)) for name in _EMPTY},
            **told,
        }

    def install(self) -> None:
        """Start everything and wait until it answers."""
        self._define()
        host, _, port = self._redis.rpartition(":")
        self.control.start("redis", "redis-server", "--save", "", "--bind", host, "--port", port)
        self._start_repository_server()
        self._start_controllers()
        self._start_server()
        self.control.keeper.wait("Argo CD's server answers", _READY_SECONDS, self._answers)

    def applications(self) -> dict[str, Any]:
        """Every application by its name."""
        return {item["metadata"]["name"]: item for item in self.kube.items(API, "Application", NAMESPACE)}

    def client(self, token: str = "") -> Client:
        """Argo CD's own API for the holder of a token; without one nobody in particular."""
        opened = Client(self.port, token, tls=False)
        self.control.keeper.connections.callback(opened.close)
        return opened

    def administrator(self) -> Client:
        """Argo CD's own API as its built-in administrator."""
        return self.client(self.administrator_token())

    def administrator_token(self) -> str:
        """What the built-in administrator signs in with."""
        secret = self.kube.get("v1", "Secret", NAMESPACE, "argocd-initial-admin-secret")
        password = base64.b64decode(secret["data"]["password"]).decode()
        answer = self.client().ask("POST", "/api/v1/session", {"username": "admin", "password": password})
        return str(answer.body["token"])

    def member(self, project: str, role: str) -> str:
        """A token of a project's role, which is what somebody in one of its groups may do."""
        path = f"/api/v1/projects/{project}/roles/{role}/token"
        answer = self.administrator().ask("POST", path, {"project": project, "role": role, "expiresIn": 3600})
        assert answer.ok, answer.message
        token = str(answer.body["token"])
        client = self.client(token)
        keeper = self.control.keeper
        keeper.wait(
            "the token is known", _READY_SECONDS, lambda: client.get("/api/v1/session/userinfo").get("loggedIn")
        )
        return token

    def _define(self) -> None:
        """What `kubectl apply -k` of the upstream manifests makes, read from the module of the same version."""
        root = golang.module_directory(MODULES["argo-cd"])
        self._link_scripts(root / "hack")
        self.kube.create(*read(root / "manifests" / "crds"))
        self.kube.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}})
        self.kube.apply(*read(root / "manifests" / "base" / "config"), namespace=NAMESPACE)
        self.control.keeper.wait("Argo CD's kinds are served", _READY_SECONDS, self.kube.established)

    def _link_scripts(self, directory: Path) -> None:
        for name in _SCRIPTS:
            script = self.control.programs / name
            script.write_bytes((directory / name).read_bytes())
            script.chmod(0o755)

    def _start_repository_server(self) -> None:
        self._component(
            "repo-server",
            *("--port", self._repositories.rpartition(":")[2], "--address", "127.0.0.1"),
            *("--metrics-port", str(free_port()), "--metrics-address", "127.0.0.1"),
            # It refuses to do without TLS as long as it knows an authority for clients.
            *("--disable-tls", "--client-ca-path=", "--revision-cache-expiration", "1s"),
            *("--redis", self._redis),
        )

    def _start_controllers(self) -> None:
        self._component(
            "application-controller",
            *("--redis", self._redis, "--repo-server", self._repositories, "--repo-server-plaintext"),
            *("--metrics-port", str(free_port()), "--namespace", NAMESPACE),
            *("--app-resync", _RESYNC_SECONDS, "--app-resync-jitter", "0"),
        )
        self._component(
            "applicationset-controller",
            *("--argocd-repo-server", self._repositories, "--repo-server-plaintext", "--namespace", NAMESPACE),
            *("--metrics-addr", f"127.0.0.1:{free_port()}", "--probe-addr", f"127.0.0.1:{free_port()}"),
            *("--webhook-addr", f"127.0.0.1:{free_port()}", "--enable-progressive-syncs"),
        )

    def _start_server(self) -> None:
        self._component(
            "server",
            *("--insecure", "--port", str(self.port), "--address", "127.0.0.1"),
            *("--metrics-port", str(free_port()), "--metrics-address", "127.0.0.1"),
            *("--redis", self._redis, "--repo-server", self._repositories, "--repo-server-plaintext"),
            *("--namespace", NAMESPACE, "--dex-server", "127.0.0.1:1", "--dex-server-plaintext"),
        )

    def _component(self, name: str, *flags: str) -> None:
        self.control.start(name, "argocd", *flags, ARGOCD_BINARY_NAME=f"argocd-{name}", **self._environment)

    def _directory(self, name: str) -> Path:
        path = self.control.directory / name.lower()
        path.mkdir(mode=0o700)
        return path

    def _answers(self) -> bool:
        try:
            return self.client().ask("GET", "/healthz").ok
        except OSError:
            return False


def state(application: Mapping[str, Any]) -> tuple[str, str]:
    """Whether an application is Synced, and whether it is Healthy, in Argo CD's words."""
    status = application.get("status", {})
    return status.get("sync", {}).get("status", ""), status.get("health", {}).get("status", "")


def revision(application: Mapping[str, Any]) -> str:
    """The commit that the state of an application was compared with."""
    return str(application.get("status", {}).get("sync", {}).get("revision", ""))


def conditions(item: Mapping[str, Any]) -> list[str]:
    """The texts of an object's conditions, with their types."""
    found = item.get("status", {}).get("conditions") or ()
    return [f"{condition['type']}: {condition.get('message', '')}" for condition in found]
