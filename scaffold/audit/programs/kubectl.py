"""kubectl and what speaks its language."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scaffold.audit.arguments import Arguments
from scaffold.audit.shell import Command

_CHANGES = frozenset("apply create replace delete patch edit scale annotate label autoscale expose taint".split())
_REACHES = frozenset("exec cp port-forward run drain cordon uncordon attach debug proxy".split())
_ROLLS = frozenset("restart undo pause resume".split())
_LOCAL = frozenset(("client", "true", ""))
_FILLS = frozenset("envsubst sed perl awk j2 gomplate jinja2 mustache ytt jsonnet yq".split())
_PROMOTES = frozenset(("promote", "set", "abort", "retry", "restart", "undo"))


def kubectl(command: Command, arguments: Arguments) -> Iterator[str]:
    verb = arguments.verb()
    if arguments.has("--local"):  # changes what is printed, and asks no cluster
        return
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


def oc(command: Command, arguments: Arguments) -> Iterator[str]:
    verb = arguments.verb()
    if verb in ("new-app", "process", "tag", "start-build", "import-image", "policy"):
        if verb != "process":
            yield "openshift-change"
    elif verb == "login":
        yield "kubeconfig-built"
    else:
        for found in kubectl(command, arguments):
            yield "openshift-change" if found in ("kubectl-change", "kubectl-set", "kubectl-rollout") else found


def distribution(command: Command, arguments: Arguments) -> Iterator[str]:
    if arguments.verb() == "kubectl":
        inner = Command(command.words[1:], command.place, command.before, command.writes, command.directory)
        yield from kubectl(inner, Arguments(inner.words[1:]))


def rollouts(_: Command, arguments: Arguments) -> Iterator[str]:
    if arguments.verb() in _PROMOTES:
        yield "kubectl-rollout"


def _rollout(arguments: Arguments) -> Iterator[str]:
    yield "kubectl-rollout" if arguments.verb(1) in _ROLLS else "kubectl-question"


def _config(arguments: Arguments) -> Iterator[str]:
    """Cluster, user and context make a kubeconfig; to choose a context or its namespace needs one that is there."""
    verb, context = arguments.verb(1), arguments.verb(2)
    if verb.startswith("set-") and not arguments.has("--current"):
        yield "kubeconfig-built"
    elif verb == "use-context" and (":" in context or "KUBE_CONTEXT" in context):
        yield "agent-context"


def _plugin(arguments: Arguments) -> Iterator[str]:
    if arguments.verbs[1:2] == ["rollouts"] and arguments.verb(2) in _PROMOTES:
        yield "kubectl-rollout"


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
