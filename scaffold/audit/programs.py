"""One command to the patterns that it shows, without regard to the job that it stands in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from scaffold.audit.arguments import Arguments
from scaffold.audit.shell import Command

_CHANGES = frozenset("apply create replace delete patch edit scale annotate label autoscale expose taint".split())
_REACHES = frozenset("exec cp port-forward run drain cordon uncordon attach debug proxy".split())
_ROLLS = frozenset("restart undo pause resume".split())
_LOCAL = frozenset(("client", "true", ""))
_KUBECONFIG = re.compile(r"(^|/)\.kube(/|$)|kube-?config", re.IGNORECASE)
_FILLS = frozenset("envsubst sed perl awk j2 gomplate jinja2 mustache ytt jsonnet yq".split())
_IMAGE_VALUE = re.compile(r"^[\w.\[\]-]*(image|tag)[\w.\[\]-]*=", re.IGNORECASE)

Matcher = Callable[[Command, Arguments], Iterator[str]]


def patterns(command: Command) -> list[str]:
    """The ids of the patterns that a command shows; none for what only renders, or asks for nothing of a cluster."""
    arguments = Arguments(command.words[1:])
    matcher = _MATCHERS.get(command.program)
    found = list(matcher(command, arguments)) if matcher else []
    return [*found, *_credentials(command, arguments)]


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


def _kubectl(command: Command, arguments: Arguments) -> Iterator[str]:
    verb = arguments.verb()
    if arguments.has("--dry-run"):
        if arguments.value("--dry-run") not in _LOCAL:
            yield "kubectl-question"
    elif verb in ("apply", "replace", "create") and command.before:
        yield _piped(command)
    elif verb == "apply" and arguments.has("-k", "--kustomize"):
        yield "overlay-apply"
    elif verb in _CHANGES:
        yield "kubectl-change"
    elif verb in _REACHES:
        yield "kubectl-reach"
    elif verb in _VERBS:
        yield from _VERBS[verb](arguments)


def _rollout(arguments: Arguments) -> Iterator[str]:
    yield "kubectl-rollout" if arguments.verb(1) in _ROLLS else "kubectl-question"


def _config(arguments: Arguments) -> Iterator[str]:
    verb, context = arguments.verb(1), arguments.verb(2)
    if verb.startswith("set-"):
        yield "kubeconfig-built"
    elif verb == "use-context":
        yield "agent-context" if ":" in context or "KUBE_CONTEXT" in context else "kubeconfig-built"


def _plugin(arguments: Arguments) -> Iterator[str]:
    if arguments.verbs[1:2] == ["rollouts"] and arguments.verb(2) in _PROMOTES:
        yield "kubectl-rollout"


_PROMOTES = frozenset(("promote", "set", "abort", "retry", "restart", "undo"))
_VERBS: dict[str, Callable[[Arguments], Iterator[str]]] = {
    "set": lambda _: iter(("kubectl-set",)),
    "rollout": _rollout,
    "diff": lambda _: iter(("kubectl-question",)),
    "config": _config,
    "argo": _plugin,
}


def _piped(command: Command) -> str:
    programs = {item.program for item in command.before}
    kustomized = any(item.words[:2] in (("kustomize", "build"), ("kubectl", "kustomize")) for item in command.before)
    dry = any(Arguments(item.words[1:]).has("--dry-run") for item in command.before)
    if kustomized:
        return "overlay-apply"
    return "template-apply" if programs & _FILLS and not dry else "kubectl-change"


def _helm(_: Command, arguments: Arguments) -> Iterator[str]:
    verb = arguments.verb()
    if arguments.has("--dry-run") or verb not in ("upgrade", "install", "uninstall", "delete", "rollback", "test"):
        if verb == "diff":
            yield "kubectl-question"
        return
    values = arguments.values("--set", "--set-string")
    yield (
        "helm-image"
        if any(_IMAGE_VALUE.match(part) for value in values for part in value.split(","))
        else ("helm-release")
    )


def _verbs(pattern: str, *verbs: str) -> Matcher:
    """The pattern, where the first word is one of these."""

    def match(_: Command, arguments: Arguments) -> Iterator[str]:
        if arguments.verb() in verbs and not arguments.has("--dry-run"):
            yield pattern

    return match


def _always(pattern: str) -> Matcher:
    def match(_: Command, arguments: Arguments) -> Iterator[str]:
        if not arguments.has("--help", "--version", "-h"):
            yield pattern

    return match


def _werf(_: Command, arguments: Arguments) -> Iterator[str]:
    if arguments.verb() in ("converge", "dismiss") or arguments.verbs[:2] == ["bundle", "apply"]:
        yield "deploy-tool"


def _kapp(command: Command, arguments: Arguments) -> Iterator[str]:
    if arguments.verb() in ("deploy", "delete") or (command.program == "helmsman" and arguments.has("--apply")):
        yield "deploy-tool"


def _oc(command: Command, arguments: Arguments) -> Iterator[str]:
    verb = arguments.verb()
    if verb in ("new-app", "process", "tag", "start-build", "import-image", "policy"):
        if verb != "process":
            yield "openshift-change"
    elif verb == "login":
        yield "kubeconfig-built"
    else:
        for found in _kubectl(command, arguments):
            yield "openshift-change" if found in ("kubectl-change", "kubectl-set", "kubectl-rollout") else found


def _terraform(_: Command, arguments: Arguments) -> Iterator[str]:
    if arguments.verb() in ("apply", "destroy", "up"):
        yield "terraform-kubernetes"


def _ansible(_: Command, arguments: Arguments) -> Iterator[str]:
    if not arguments.has("--check", "--syntax-check"):
        yield "ansible-kubernetes"


def _argocd(_: Command, arguments: Arguments) -> Iterator[str]:
    first, second = arguments.verb(), arguments.verb(1)
    core = arguments.has("--core")
    if first in ("app", "appset", "proj", "repo", "cluster") and second in _ARGOCD_CHANGES:
        yield "argocd-core" if core else "argocd-change"
    elif first == "app" or (first in ("appset", "proj", "cluster", "repo") and second in ("get", "list", "diff")):
        yield "argocd-question"
    elif first == "login":
        yield "argocd-core" if core else "argocd-credential"


_ARGOCD_CHANGES = frozenset(
    """sync set unset create rollback delete delete-resource patch patch-resource terminate-op add rm add-source
    remove-source actions edit""".split()
)


def _flux(_: Command, arguments: Arguments) -> Iterator[str]:
    verb = arguments.verb()
    if verb in ("bootstrap", "install"):
        if not arguments.has("--export"):
            yield "engine-install"
    elif verb in ("reconcile", "create", "delete", "suspend", "resume", "uninstall") and not arguments.has("--export"):
        yield "flux-change"


def _aws(_: Command, arguments: Arguments) -> Iterator[str]:
    if arguments.verbs[:2] in (["eks", "update-kubeconfig"], ["eks", "get-token"]):
        yield "cloud-credential"


def _az(_: Command, arguments: Arguments) -> Iterator[str]:
    if arguments.verbs[:2] == ["aks", "get-credentials"]:
        yield "cloud-admin" if arguments.has("--admin", "-a") else "cloud-credential"
    elif arguments.verbs[:3] == ["aks", "command", "invoke"]:
        yield "kubectl-change"


_CLOUDS: dict[str, tuple[tuple[str, ...], ...]] = {
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


def _cloud(command: Command, arguments: Arguments) -> Iterator[str]:
    if any(tuple(arguments.verbs[: len(verbs)]) == verbs for verbs in _CLOUDS[command.program]):
        yield "brokered-access" if command.program in _BROKERS else "cloud-credential"


def _ssh(command: Command, _: Arguments) -> Iterator[str]:
    text = " ".join(command.words[1:])
    if re.search(r"\b(kubectl|helm|k3s|microk8s|oc)\b", text):
        yield "remote-shell"


def _distribution(command: Command, arguments: Arguments) -> Iterator[str]:
    if arguments.verb() == "kubectl":
        inner = Command(command.words[1:], command.place, command.before, command.writes, command.directory)
        yield from _kubectl(inner, Arguments(inner.words[1:]))


def _curl(command: Command, _: Arguments) -> Iterator[str]:
    text = " ".join(command.words[1:])
    if re.search(r"/apis?/\S*namespaces/", text) and re.search(r"bearer|--cert\b|-k\b|--insecure", text, re.IGNORECASE):
        yield "raw-api"


def _docker(command: Command, arguments: Arguments) -> Iterator[str]:
    if arguments.verb() == "run" and any(is_tool_image(word) for word in command.words[2:]):
        yield "tool-image"


def _rollouts(_: Command, arguments: Arguments) -> Iterator[str]:
    if arguments.verb() in _PROMOTES:
        yield "kubectl-rollout"


_TOOL_IMAGE = re.compile(
    r"(^|/)(bitnami/kubectl|bitnamilegacy/kubectl|alpine/(k8s|helm|kubectl)|dtzar/helm-kubectl|rancher/kubectl"
    r"|lachlanevenson/k8s-(kubectl|helm)|line/kubectl-kustomize|cloud-builders/(kubectl|gke-deploy)"
    r"|cluster-integration/(auto-deploy-image|helm-install-image)|portainer/kubectl-shell|kubectl)(:|@|$)"
)


def is_tool_image(image: str) -> bool:
    """Tell whether an image is one that people deploy with."""
    return bool(_TOOL_IMAGE.search(image))


_MATCHERS: dict[str, Matcher] = {
    "kubectl": _kubectl,
    "helm": _helm,
    "oc": _oc,
    "helmfile": _verbs("deploy-tool", "apply", "sync", "destroy", "delete"),
    "helmsman": _kapp,
    "kapp": _kapp,
    "kluctl": _verbs("deploy-tool", "deploy", "delete"),
    "skaffold": _verbs("deploy-tool", "run", "deploy", "delete"),
    "tilt": _verbs("deploy-tool", "ci", "up"),
    "devspace": _verbs("deploy-tool", "deploy", "purge"),
    "garden": _verbs("deploy-tool", "deploy"),
    "okteto": _verbs("deploy-tool", "deploy"),
    "werf": _werf,
    "auto-deploy": _verbs("deploy-tool", "deploy", "initialize_tiller", "download_chart", "create_secret"),
    "terraform": _terraform,
    "tofu": _terraform,
    "terragrunt": _terraform,
    "pulumi": _terraform,
    "ansible-playbook": _ansible,
    "argocd": _argocd,
    "flux": _flux,
    "aws": _aws,
    "az": _az,
    **dict.fromkeys(_CLOUDS, _cloud),
    "ssh": _ssh,
    "sshpass": _ssh,
    "k3s": _distribution,
    "microk8s": _distribution,
    "curl": _curl,
    "docker": _docker,
    "podman": _docker,
    "kubectl-argo-rollouts": _rollouts,
    "istioctl": _verbs("platform-change", "install", "upgrade", "uninstall"),
    "cilium": _verbs("platform-change", "install", "upgrade", "uninstall"),
    "linkerd": _verbs("platform-change", "upgrade"),
    "velero": _verbs("platform-change", "install", "restore", "uninstall"),
}
_HANDED = ("--token", "--kube-token", "--server", "--kube-apiserver", "--username", "--password")
_CLIENTS = frozenset(("kubectl", "helm", "oc", "helmfile", "flux", "kustomize", "kapp", "skaffold"))


def _credentials(command: Command, arguments: Arguments) -> Iterator[str]:
    if command.program in _CLIENTS:
        if arguments.has("--kubeconfig"):
            yield "kubeconfig-file"
        if arguments.has(*_HANDED) and arguments.verb() not in ("config", "login"):
            yield "token-argument"
        if arguments.has("--insecure-skip-tls-verify", "--kube-insecure-skip-tls-verify"):
            yield "unverified-server"
    text = " ".join(command.words)
    if "/var/run/secrets/kubernetes.io/serviceaccount/token" in text or "kubernetes.default.svc" in text:
        yield "in-cluster-runner"
    if _sets_kubeconfig(command):
        yield "kubeconfig-file"
    yield from _written(command, arguments)


def _sets_kubeconfig(command: Command) -> bool:
    return command.program in ("=", "export", "env", "declare") and any(
        word.startswith("KUBECONFIG=") for word in command.words[1:]
    )


def _written(command: Command, arguments: Arguments) -> Iterator[str]:
    if command.program == "mkdir" and any(_KUBECONFIG.search(word) for word in command.words[1:]):
        yield "kubeconfig-written"
    if command.program not in ("echo", "printf", "cat", "base64", "openssl", "tee"):
        return
    targets = [*command.writes, *(arguments.verbs if command.program == "tee" else ())]
    if any(_KUBECONFIG.search(target) for target in targets):
        programs = {command.program, *(item.program for item in command.before)}
        yield "kubeconfig-decoded" if programs & {"base64", "openssl"} else "kubeconfig-written"
