"""What a command shows of credentials, whatever else it does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.audit.arguments import Arguments
from scaffold.audit.shell import Command

_KUBECONFIG = re.compile(r"(^|/)\.kube(/|$)|kube-?config", re.IGNORECASE)
_HANDED = ("--token", "--kube-token", "--server", "--kube-apiserver", "--username", "--password")
_CLIENTS = frozenset(("kubectl", "helm", "oc", "helmfile", "flux", "kustomize", "kapp", "skaffold"))


def credentials(command: Command, arguments: Arguments) -> Iterator[str]:
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
    if command.program in ("cp", "mv", "install") and any(_KUBECONFIG.search(word) for word in arguments.verbs):
        yield "kubeconfig-written"
    if command.program not in ("echo", "printf", "cat", "base64", "openssl", "tee"):
        return
    targets = [*command.writes, *(arguments.verbs if command.program == "tee" else ())]
    if any(_KUBECONFIG.search(target) for target in targets):
        programs = {command.program, *(item.program for item in command.before)}
        yield "kubeconfig-decoded" if programs & {"base64", "openssl"} else "kubeconfig-written"
