"""What is looked for in CI, each pattern with how bad it is, what it means and what replaces it.

A change or a long-lived credential is an error; a short-lived credential or a tunnel is a warning; what only asks, or
sets up once, is information.
"""

from __future__ import annotations

from typing import NamedTuple

from scaffold.model import Severity

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


class Pattern(NamedTuple):
    """One way around Git: `fact` completes "job 'x', `command` …", `remedy` says what to do instead."""

    id: str
    severity: Severity
    fact: str
    remedy: str


_OVERLAY = "keep the manifests in an application's overlay and let the engine apply them"
_ADOPT = "'gitops-scaffold adopt' makes what it deploys an application that renders as before"
_FILLED = "fill them in once for each environment, then 'gitops-scaffold adopt' makes the result an application"
_BUMP = "write the tag into Git with 'gitops-scaffold bump IMAGE:TAG --environment ENVIRONMENT'"
_READ = "take the credential away from CI when nothing pushes any more"
_SECRET = "delete the secret from the CI system once the engine deploys, and revoke it in the cluster"  # noqa: S105
_ROTATE = "revoke it, remove the file from the history, and let the engine deploy"

_ALL = (
    Pattern("kubectl-change", _ERROR, "changes the cluster from CI", _ADOPT),
    Pattern("kubectl-set", _ERROR, "changes a running object past Git", _BUMP),
    Pattern("kubectl-rollout", _ERROR, "restarts or undoes a rollout past Git", "commit the change, or revert it"),
    Pattern("kubectl-question", _INFO, "asks the cluster from CI", _READ),
    Pattern("kubectl-reach", _ERROR, "reaches into running pods or nodes from CI", "do it from a Job in the overlay"),
    Pattern("overlay-apply", _ERROR, "applies an overlay from CI", _ADOPT),
    Pattern("template-apply", _ERROR, "fills in manifests and applies them", _FILLED),
    Pattern("helm-release", _ERROR, "changes a Helm release from CI", _ADOPT),
    Pattern("helm-image", _ERROR, "deploys an image by a Helm value", _BUMP),
    Pattern("deploy-tool", _ERROR, "deploys from CI", _ADOPT),
    Pattern("openshift-change", _ERROR, "changes an OpenShift cluster from CI", _ADOPT),
    Pattern("terraform-kubernetes", _WARNING, "applies Kubernetes objects by Terraform or Pulumi", _OVERLAY),
    Pattern("ansible-kubernetes", _WARNING, "applies Kubernetes objects by Ansible", _OVERLAY),
    Pattern("kubeconfig-file", _ERROR, "takes its credential from a kubeconfig file", _SECRET),
    Pattern("kubeconfig-decoded", _ERROR, "decodes a secret into a kubeconfig", _SECRET),
    Pattern("kubeconfig-written", _ERROR, "writes a kubeconfig", _SECRET),
    Pattern("kubeconfig-built", _ERROR, "builds a kubeconfig from parts", _SECRET),
    Pattern(
        "agent-context", _WARNING, "reaches the cluster through an agent's tunnel", "take the agent's ci_access away"
    ),
    Pattern("token-argument", _ERROR, "hands a token or another API server to a client", _SECRET),
    Pattern("unverified-server", _ERROR, "does not verify the API server", _SECRET),
    Pattern("cluster-secret", _ERROR, "is a stored credential of a cluster", _SECRET),
    Pattern("cloud-credential", _WARNING, "gets a credential of the cluster from the cloud", _READ),
    Pattern("cloud-admin", _ERROR, "gets an administrator's credential of the cluster", _READ),
    Pattern(
        "static-cloud-key", _ERROR, "reaches the cluster by a cloud key that does not expire", "use OIDC until then"
    ),
    Pattern("brokered-access", _WARNING, "gets access to the cluster from a broker", _READ),
    Pattern("remote-shell", _ERROR, "deploys through a shell on another host", _OVERLAY),
    Pattern("raw-api", _ERROR, "calls the Kubernetes API itself", _OVERLAY),
    Pattern("argocd-change", _WARNING, "changes Argo CD from CI", "commit the change; a webhook tells Argo CD at once"),
    Pattern("argocd-core", _ERROR, "changes Argo CD through the cluster itself", "commit the change instead"),
    Pattern("argocd-question", _INFO, "asks Argo CD from CI", "let notifications tell the pull request"),
    Pattern("argocd-credential", _WARNING, "is a stored credential of Argo CD", "let a webhook tell Argo CD"),
    Pattern("flux-change", _WARNING, "changes Flux from CI", "commit the change; a Receiver tells Flux at once"),
    Pattern("engine-install", _INFO, "installs an engine", "keep it as a documented step that is taken once"),
    Pattern("platform-change", _ERROR, "changes the platform from CI", "make it a component of the platform"),
    Pattern("tool-image", _INFO, "runs in an image made for deploying", "drop it with the deployment"),
    Pattern("committed-kubeconfig", _ERROR, "is a kubeconfig with a credential in Git", _ROTATE),
    Pattern("in-cluster-runner", _WARNING, "uses the account of the pod that the job runs in", "take its role away"),
    Pattern("deploy-step", _ERROR, "deploys to a cluster by a ready-made step", _ADOPT),
    Pattern("kubeconfig-step", _ERROR, "sets up a kubeconfig by a ready-made step", _SECRET),
    Pattern("unknown-step", _INFO, "is a step whose name speaks of Kubernetes", "look what it does"),
    Pattern("inherited-secrets", _INFO, "hands all secrets to another workflow", "hand over those that it needs"),
    Pattern("ambient-access", _WARNING, "deploys from a self-hosted runner without a credential", "take its role away"),
    Pattern("deploy-template", _ERROR, "includes a template that deploys", _ADOPT),
    Pattern("cluster-environment", _WARNING, "is bound to a cluster by its environment", _READ),
    Pattern("service-connection", _ERROR, "uses a stored connection to a cluster", _SECRET),
    Pattern("secret-context", _INFO, "attaches a context of secrets to a job that deploys", _SECRET),
    Pattern("other-pipeline", _INFO, "starts a pipeline of another project", "audit that project too"),
    Pattern("unresolved", _INFO, "refers to what is not in this repository", "audit it where it is kept"),
)
PATTERNS = {pattern.id: pattern for pattern in _ALL}
