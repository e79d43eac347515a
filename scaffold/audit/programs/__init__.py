"""One command to the patterns that it shows, without regard to the job that it stands in."""

from __future__ import annotations

from scaffold.audit.arguments import Arguments
from scaffold.audit.programs import clouds, credentials, deployers, kubectl
from scaffold.audit.programs.clouds import is_tool_image
from scaffold.audit.shell import Command

__all__ = ["KNOWN", "is_tool_image", "makes_cluster", "patterns"]


def patterns(command: Command) -> list[str]:
    """The ids of the patterns that a command shows; none for what only renders, or asks for nothing of a cluster."""
    arguments = Arguments(command.words[1:])
    matcher = _MATCHERS.get(command.program)
    found = list(matcher(command, arguments)) if matcher else []
    return [*found, *credentials.credentials(command, arguments)]


def makes_cluster(command: Command) -> bool:
    """Tell whether a command starts a cluster that lives as long as the job."""
    verbs = tuple(Arguments(command.words[1:]).verbs[:2])
    return (command.program, *verbs) in _CLUSTERS or (command.program, *verbs[:1]) in _CLUSTERS


_CLUSTERS = {
    ("kind", "create", "cluster"),
    ("k3d", "cluster", "create"),
    ("minikube", "start"),
    ("ctlptl", "create"),
    ("microk8s", "install"),
    ("vcluster", "create"),
    ("kwokctl", "create", "cluster"),
    ("ct", "install"),
}
_MATCHERS: dict[str, deployers.Matcher] = {
    "kubectl": kubectl.kubectl,
    "helm": deployers.helm,
    "oc": kubectl.oc,
    "helmfile": deployers.verbs("deploy-tool", "apply", "sync", "destroy", "delete"),
    "helmsman": deployers.kapp,
    "kapp": deployers.kapp,
    "kluctl": deployers.verbs("deploy-tool", "deploy", "delete"),
    "skaffold": deployers.verbs("deploy-tool", "run", "deploy", "delete"),
    "tilt": deployers.verbs("deploy-tool", "ci", "up"),
    "devspace": deployers.verbs("deploy-tool", "deploy", "purge"),
    "garden": deployers.verbs("deploy-tool", "deploy"),
    "okteto": deployers.verbs("deploy-tool", "deploy"),
    "werf": deployers.werf,
    "auto-deploy": deployers.verbs("deploy-tool", "deploy", "initialize_tiller", "download_chart", "create_secret"),
    "terraform": deployers.terraform,
    "tofu": deployers.terraform,
    "terragrunt": deployers.terraform,
    "pulumi": deployers.terraform,
    "ansible-playbook": deployers.ansible,
    "argocd": deployers.argocd,
    "flux": deployers.flux,
    "aws": clouds.aws,
    "az": clouds.az,
    **dict.fromkeys(clouds.CLOUDS, clouds.cloud),
    "ssh": clouds.ssh,
    "sshpass": clouds.ssh,
    "k3s": kubectl.distribution,
    "microk8s": kubectl.distribution,
    "curl": clouds.curl,
    "docker": clouds.docker,
    "podman": clouds.docker,
    "kubectl-argo-rollouts": kubectl.rollouts,
    "istioctl": deployers.verbs("platform-change", "install", "upgrade", "uninstall"),
    "cilium": deployers.verbs("platform-change", "install", "upgrade", "uninstall"),
    "linkerd": deployers.verbs("platform-change", "upgrade"),
    "velero": deployers.velero,
}
KNOWN = frozenset(_MATCHERS)
