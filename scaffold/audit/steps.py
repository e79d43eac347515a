"""Ready-made steps to patterns: actions, tasks, orbs, pipes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.audit.jobs import Call

_HARMLESS = re.compile(
    r"""azure/(setup-(kubectl|helm)|k8s-bake|setup-kustomize|k8s-lint)|imranismail/setup-kustomize|yokawasa/.*setup.*
    |helm/(kind-action|chart-testing-action|chart-releaser-action)|engineerd/setup-kind|medyagh/setup-minikube
    |nolar/setup-k3d-k3s|aquasecurity/.*|actions/.*|.*/setup-(helm|kubectl|kustomize|kind|k3d|minikube|helmfile).*
    |redhat-actions/openshift-tools-installer
    |AbsaOSS/k3d-action|debianmaster/actions-k3s|container-tools/kind-action|.*(kubeconform|kubeval|kube-linter
    |kube-score|helm-docs|helm-diff|kubescape|chart-lint|chart-releaser).*|fluxcd/flux2/action|.*pluto.*""",
    re.VERBOSE,
)
_CLUSTERS = re.compile(
    r"""helm/kind-action|engineerd/setup-kind|medyagh/setup-minikube|nolar/setup-k3d-k3s|AbsaOSS/k3d-action
    |debianmaster/actions-k3s|container-tools/kind-action|manusa/actions-setup-minikube|jupyterhub/action-k3s-helm
    |balchua/microk8s-actions|replicatedhq/replicated-actions/create-cluster""",
    re.VERBOSE,
)
_DEPLOYS = re.compile(
    r"""azure/(k8s-deploy|k8s-create-secret|deploy-to-aks|k8s-actions|aks-.*deploy.*)|deliverybot/helm|vimeda/helm
    |bitovi/github-actions-deploy-eks-helm|WyriHaximus/github-action-helm3|koslib/helm-eks-action
    |actions-hub/kubectl|steebchen/kubectl|wahyd4/kubectl-helm-action|tale/kubectl-action|cube-root/kubectl
    |minio/k8s-action|danielr1996/kubectl-action|myrotvorets/kubectl-action|statcan/actions/kubectl
    |kodermax/kubectl-aws-eks|ianbelcher/eks-kubectl-action|alexellis/.*kubectl.*
    |helmfile/helmfile-action|mamezou-tech/setup-helmfile-deploy|redhat-actions/openshift-(?!tools-installer).*""",
    re.VERBOSE,
)
_PUSHES = re.compile(
    r"\bkubectl\s[^\n|]*\b(?:apply|create|replace|delete|patch|set|scale|rollout)\b"
    r"|\bhelm\w*\s+(?:upgrade|install|uninstall|rollback|delete)\b"
)
# Steps that run commands: where those are given, which ones count, and as what.
_TOLD = {
    "stefanprodan/kube-tools": ("command", _PUSHES, "deploy-step"),
    "appleboy/ssh-action": ("script", re.compile(r"\b(kubectl|helm|k3s|microk8s)\b"), "remote-shell"),
}
_UNKNOWN = re.compile(r"kubectl|helm|k8s|kube|openshift|(^|[/_-])(eks|aks|gke)($|[/_@-])", re.IGNORECASE)
_ORBS = {
    "circleci/kubernetes": r"create.or.update.resource|delete.resource|update.container.image|rollback|get.rollout",
    "circleci/helm": r"install.helm.chart|upgrade.helm.chart|delete.helm.release",
    "circleci/gcp-gke": r"rollout.image|publish.and.rollout.image|update.*",
    "circleci/azure-aks": r"create.cluster|update.*|delete.*",
    "circleci/redhat-openshift": r"login.*|.*deploy.*",
    "circleci/aws-eks": r"update.container.image|create.*|delete.*",
}
_PIPES = re.compile(r"atlassian/(kubectl-run|aws-eks-kubectl-run|google-gke-kubectl-run)|microsoft/azure-aks-deploy")


def patterns(call: Call, system: str) -> list[str]:
    """The ids of the patterns that a ready-made step shows."""
    reader = {"github": _action, "azure": _task, "circleci": _orb, "bitbucket": _pipe}.get(system)
    return list(reader(call)) if reader else []


def makes_cluster(call: Call) -> bool:
    """Tell whether a step starts a cluster that lives as long as the job."""
    return bool(_CLUSTERS.match(call.name))


def _given(call: Call, name: str) -> str:
    found = next((str(value) for key, value in call.inputs.items() if key.lower() == name.lower()), "")
    return found.strip()


def _action(call: Call) -> Iterator[str]:
    name = call.name.partition("@")[0]
    lower = name.lower()
    if lower == "azure/k8s-set-context":
        method = _given(call, "method") or "kubeconfig"
        yield "kubeconfig-step" if method == "kubeconfig" else "cloud-credential"
    elif lower == "azure/aks-set-context":
        yield "cloud-admin" if _given(call, "admin") == "true" else "cloud-credential"
    elif lower == "google-github-actions/get-gke-credentials":
        yield "cloud-credential"
    elif lower == "redhat-actions/oc-login":
        yield "kubeconfig-step"
    elif lower in _TOLD:
        key, pattern, found = _TOLD[lower]
        if pattern.search(_given(call, key)):
            yield found
    elif _matches(_DEPLOYS, lower):
        yield "deploy-step"
    elif not _matches(_HARMLESS, lower) and _UNKNOWN.search(name):
        yield "unknown-step"


def _matches(pattern: re.Pattern[str], name: str) -> bool:
    return re.fullmatch(pattern.pattern, name, re.VERBOSE | re.IGNORECASE) is not None


def _task(call: Call) -> Iterator[str]:
    name = call.name.partition("@")[0].lower()
    if name == "kubernetesmanifest":
        if _given(call, "action").lower() != "bake":
            yield "deploy-step"
    elif name in ("kubernetes", "azurefunctiononkubernetes"):
        if _given(call, "command").lower() not in ("get", "login", "logout", "describe"):
            yield "deploy-step"
    elif name == "helmdeploy" and _given(call, "command").lower() not in ("package", "save", "ls", "init", "expose"):
        yield "deploy-step"
    if name in ("kubernetesmanifest", "kubernetes", "helmdeploy", "azurefunctiononkubernetes"):
        yield from _connection(call)


def _connection(call: Call) -> Iterator[str]:
    if _given(call, "useClusterAdmin").lower() == "true":
        yield "cloud-admin"
    elif _given(call, "kubernetesCluster"):
        yield "cloud-credential"
    elif _given(call, "kubernetesServiceConnection") or _given(call, "kubernetesServiceEndpoint"):
        yield "service-connection"


def _orb(call: Call) -> Iterator[str]:
    orb, _, command = call.name.rpartition("/")
    if orb == "circleci/kubernetes" and re.fullmatch(r"install.kubeconfig", command):
        yield "kubeconfig-step"
    elif orb == "circleci/aws-eks" and re.fullmatch(r"update.kubeconfig.with.authenticator", command):
        yield "cloud-credential"
    elif orb in _ORBS and re.fullmatch(_ORBS[orb], command):
        yield "deploy-step"


def _pipe(call: Call) -> Iterator[str]:
    if _PIPES.match(call.name):
        yield "deploy-step"
