"""Ways to a cluster that lead through something else: clouds, brokers, another host, a container, the bare API."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.audit.arguments import Arguments
from scaffold.audit.shell import Command

CLOUDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "gcloud": (("container", "clusters", "get-credentials"), ("container", "fleet", "memberships", "get-credentials")),
    "doctl": (("kubernetes", "cluster", "kubeconfig", "save"), ("k8s", "cluster", "kubeconfig", "save")),
    "linode-cli": (("lke", "kubeconfig-view"),),
    "civo": (("kubernetes", "config"), ("k8s", "config"), ("k3s", "config")),
    "ibmcloud": (("ks", "cluster", "config"), ("oc", "cluster", "config"), ("ks", "cluster-config")),
    "scw": (("k8s", "kubeconfig"),),
    "oci": (("ce", "cluster", "create-kubeconfig"),),
    "exo": (("compute", "sks", "kubeconfig"),),
    "eksctl": (("utils", "write-kubeconfig"),),
    "aws-iam-authenticator": (("token",),),
    "gke-deploy": (("run",), ("apply",)),
    "kubelogin": (("convert-kubeconfig",),),
    "tsh": (("kube", "login"),),
    "rancher": (("login",), ("kubectl",)),
    "glab": (("cluster", "agent", "update-kubeconfig"),),
}
_BROKERS = frozenset(("tsh", "rancher", "glab"))
_TOOL_IMAGE = re.compile(
    r"(^|/)(bitnami/kubectl|bitnamilegacy/kubectl|alpine/(k8s|helm|kubectl)|dtzar/helm-kubectl|rancher/kubectl"
    r"|lachlanevenson/k8s-(kubectl|helm)|line/kubectl-kustomize|cloud-builders/(kubectl|gke-deploy)"
    r"|cluster-integration/(auto-deploy-image|helm-install-image)|portainer/kubectl-shell|kubectl)(:|@|$)"
)


def aws(_: Command, arguments: Arguments) -> Iterator[str]:
    if arguments.verbs[:2] in (["eks", "update-kubeconfig"], ["eks", "get-token"]):
        yield "cloud-credential"


def az(_: Command, arguments: Arguments) -> Iterator[str]:
    if arguments.verbs[:2] == ["aks", "get-credentials"]:
        yield "cloud-admin" if arguments.has("--admin", "-a") else "cloud-credential"
    elif arguments.verbs[:3] == ["aks", "command", "invoke"]:
        yield "kubectl-change"


def cloud(command: Command, arguments: Arguments) -> Iterator[str]:
    if any(tuple(arguments.verbs[: len(verbs)]) == verbs for verbs in CLOUDS[command.program]):
        yield "brokered-access" if command.program in _BROKERS else "cloud-credential"


def ssh(command: Command, _: Arguments) -> Iterator[str]:
    text = " ".join(command.words[1:])
    if re.search(r"\b(kubectl|helm|k3s|microk8s|oc)\b", text):
        yield "remote-shell"


def curl(command: Command, _: Arguments) -> Iterator[str]:
    text = " ".join(command.words[1:])
    if re.search(r"/apis?/\S*namespaces/", text) and re.search(r"bearer|--cert\b|-k\b|--insecure", text, re.IGNORECASE):
        yield "raw-api"


def docker(command: Command, arguments: Arguments) -> Iterator[str]:
    if arguments.verb() == "run" and any(is_tool_image(word) for word in command.words[2:]):
        yield "tool-image"


def is_tool_image(image: str) -> bool:
    """Tell whether an image is one that people deploy with."""
    return bool(_TOOL_IMAGE.search(image))
