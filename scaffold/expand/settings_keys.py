"""The keys of argocd-cm (Argo CD 3.5.7, util/settings), and which of them argocd-cmd-params-cm has instead."""

from __future__ import annotations

from scaffold.expand import cmd_params_keys
from scaffold.nearest import near, slipped

_KEYS = frozenset(
    """
    accounts additionalUrls admin.enabled application.allowedNodeLabels application.instanceLabelKey
    application.links application.managedNamespaces application.resourceTrackingMethod
    application.sync.impersonation.enabled application.sync.impersonation.enforced
    application.sync.requireOverridePrivilegeForRevisionSync cluster.inClusterEnabled commit.author.email
    commit.author.name configManagementPlugins dex.auth.connectorId dex.config exec.enabled exec.shells
    extension.config ga.anonymizeusers ga.trackingid globalProjects helm.enable helm.repositories
    helm.valuesFileSchemes help.chatText help.chatUrl installationID jsonnet.enable kustomize.buildOptions
    kustomize.enable oidc.config oidc.tls.insecure.skip.verify passwordPattern project.links repositories
    repository.credentials resource.compareoptions resource.customLabels resource.customizations
    resource.excludeEventLabelKeys resource.exclusions resource.ignoreResourceUpdatesEnabled
    resource.includeEventLabelKeys resource.inclusions resource.links resource.respectRBAC
    resource.sensitive.mask.annotations server.maxPodLogsToRender
    server.rbac.disableApplicationFineGrainedRBACInheritance server.rbac.log.enforce.enable
    server.rbac.rollback.enforce.enable sourceHydrator.commitMessageTemplate sourceHydrator.readmeMessageTemplate
    statusbadge.enabled statusbadge.url timeout.hard.reconciliation timeout.reconciliation
    timeout.reconciliation.jitter ui.bannercontent ui.bannerpermanent ui.bannerposition ui.bannerurl ui.cssurl
    ui.view.resources.disabled url users.anonymous.enabled users.session.duration webhook.maxPayloadSizeMB
    webhook.refresh.jitter webhook.refresh.jitter.threshold
    """.split()
)
# What follows is up to the user: the name of an account, a group with a kind, a version.
_CUSTOMISED = (
    *(f"resource.customizations.{what}" for what in ("actions", "health", "ignoreDifferences")),
    *(f"resource.customizations.{what}" for what in ("ignoreResourceUpdates", "knownTypeFields", "useOpenLibs")),
)
_PREFIXES = (
    *_CUSTOMISED,
    *("accounts", "extension.config", "help.download", "kustomize.buildOptions", "kustomize.path", "kustomize.version"),
)
# What Argo CD read up to 2.14, with what took its place.
REMOVED = {
    "helm.repositories": "register each repository with a Secret of its own",
    "repositories": "register each repository with a Secret of its own",
    "repository.credentials": "keep credentials in a Secret of the type repo-creds",
    "server.rbac.log.enforce.enable": "remove it, since logs are always asked for",
}
_LIKENESS = 0.85
# What a key of argocd-cmd-params-cm was called before a release had it.
_FORMER = {"applicationsetcontroller.enable.progressive.rollouts": "applicationsetcontroller.enable.progressive.syncs"}
_SWITCH = "enable"  # the word that is left out, or put in, most


def is_setting(key: str) -> bool:
    """Tell whether Argo CD reads a key from argocd-cm."""
    return (key in _KEYS and key not in REMOVED) or any(key.startswith(f"{prefix}.") for prefix in _PREFIXES)


def customised(key: str) -> str:
    """The kind that a key is about which names no group, and so the core one; else nothing."""
    prefix = next((prefix for prefix in _CUSTOMISED if key.startswith(f"{prefix}.")), "")
    kind = key.removeprefix(f"{prefix}.") if prefix else ""
    return kind if kind.isalnum() and kind != "all" else ""


def is_parameter(key: str) -> bool:
    """Tell whether Argo CD reads a key from argocd-cmd-params-cm."""
    return key in cmd_params_keys.KEYS


def meant_parameter(key: str) -> str:
    """The parameter that an unknown key can only be: another spelling of its words, a slip, or a former name.

    Nothing else is guessed, since most are alike, and each version of Argo CD has some more.
    """
    if is_parameter(key):
        return ""
    words = _words(key)
    alike = (known for known in cmd_params_keys.KEYS if _words(known) == words)
    return _FORMER.get(key) or next(alike, "") or slipped(key, cmd_params_keys.KEYS)


def _words(key: str) -> str:
    """The letters of a key without what parts its words, and without the word that switches on."""
    parts = key.lower().replace("-", ".").replace("_", ".").split(".")
    return "".join(part for part in parts if part != _SWITCH)


def meant(key: str) -> str:
    """The key that another one nearly is; empty for one that is read, or is like none."""
    if key in _KEYS or any(key.startswith(f"{prefix}.") for prefix in _PREFIXES):
        return ""
    if guess := near(key, _KEYS, _LIKENESS):
        return guess
    for prefix in _PREFIXES:
        parts = key.split(".")
        count = prefix.count(".") + 1
        if len(parts) > count and near(".".join(parts[:count]), (prefix,), _LIKENESS):
            return ".".join((prefix, *parts[count:]))
    return ""
