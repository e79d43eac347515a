"""A rule of Argo CD's RBAC policy names an action that its resource does not have.

Nothing is ever asked about it, so the rule does nothing. `action` stands for no action without what follows the slash,
as in `action/*` or `action/apps/Deployment/restart`; only `action`, `update` and `delete` of applications have a path
behind them. It begins with the API group, which is empty for the core one: `delete//Pod/web/*`.

Fails:

    # argocd-rbac-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-rbac-cm
      namespace: argocd
    data:
      policy.csv: |
        p, role:dev, applications, action, shop/*, allow
        g, example-org:dev, role:dev

Passes:

    # argocd-rbac-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-rbac-cm
      namespace: argocd
    data:
      policy.csv: |
        p, role:dev, applications, action/*, shop/*, allow
        g, example-org:dev, role:dev
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble.policies import RESOURCES, PolicyText, policies
from scaffold.expand import rbac
from scaffold.model import Finding, Repository, Severity
from scaffold.nearest import hint

ID = "unknown-policy-action"
SEVERITY = Severity.ERROR
SCOPE = "file"
_ALL = frozenset("create get update delete".split())
# What the API server asks, which is a little more than `argocd admin settings rbac can` lets one ask (3.5.7, 3.6).
_MORE = {
    "accounts": frozenset(("get",)),
    "applications": frozenset(("rollback",)),
    "certificates": frozenset(("update",)),
    "gpgkeys": frozenset(("update",)),
    "write-repositories": _ALL,
}
_WITH_PATH = frozenset(("action", "delete", "update"))
_PATTERN = frozenset("*?[{\\")
_FORMS = {"action": "group/kind/action", **dict.fromkeys(("delete", "update"), "group/kind/namespace/name")}
_PATHS = {verb: form.count("/") + 1 for verb, form in _FORMS.items()}
_GROUPS = {
    **dict.fromkeys(("ConfigMap", "PersistentVolumeClaim", "Pod", "Secret", "Service"), ""),
    **dict.fromkeys(("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"), "apps"),
    **dict.fromkeys(("CronJob", "Job"), "batch"),
    **dict.fromkeys(("Rollout", "Workflow"), "argoproj.io"),
}


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every rule whose action none of its resources has; what a pattern begins with is not looked at."""
    for policy in policies(repository):
        for line in () if policy.regex else policy.rules:
            if flaw := _flaw(policy, line):
                message = f"policy line {str(line)!r} does nothing, {flaw}"
                yield Finding(line.place, ID, message, subject=str(line))


def _flaw(policy: PolicyText, line: rbac.Line) -> str:
    _, resource, action, *_ = line.fields
    verb, slash, path = action.partition("/")
    resources = [known for known in RESOURCES if policy.matches(resource, known)]
    if not resources or not _PATTERN.isdisjoint(verb):
        return ""
    known = {name for item in resources for name in rbac.ACTIONS.get(item, frozenset()) | _MORE.get(item, frozenset())}
    if verb not in known:
        return f"{resource} have no action {verb!r}; {hint(verb, known)}"
    if verb == "action" and not slash:
        return "'action' without a path is none; write 'action/*'"
    if slash and verb not in _WITH_PATH:
        return f"action {verb!r} takes no path; write {verb!r}"
    return _path_flaw(verb, path) if slash else ""


def _path_flaw(verb: str, path: str) -> str:
    """Say why no object of an application has such a path: a kind where the group is, or parts that are missing."""
    wanted = _PATHS[verb]
    first, *rest = path.split("/")
    if _PATTERN.isdisjoint(first) and first != first.lower():
        remedy = f"{verb}/{_GROUPS.get(first, '*')}/{'/'.join([first, *_padded(rest, wanted - 2)])}"
        return f"{first!r} stands where the group is asked for; did you mean {remedy!r}?"
    if _PATTERN.isdisjoint(path) and len(rest) + 1 < wanted:
        return f"{path!r} has too few parts; write '{verb}/{_FORMS[verb]}', where an asterisk stands for anything"
    return ""


def _padded(parts: list[str], count: int) -> list[str]:
    """The parts behind a kind, of which a last asterisk stands for all."""
    return parts if parts[-1:] == ["*"] and len(parts) == 1 else [*parts, *["*"] * (count - len(parts))]
