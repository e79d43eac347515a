"""Programs that deploy: Helm and what is built on it, the engines, whole infrastructures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from scaffold.audit.arguments import Arguments
from scaffold.audit.shell import Command

_IMAGE_VALUE = re.compile(r"^(?=[\w.\[\]-]*+=)[\w.\[\]-]*(image|tag)[\w.\[\]-]*=", re.IGNORECASE)
_ARGOCD_CHANGES = frozenset(
    """sync set unset create rollback delete delete-resource patch patch-resource terminate-op add rm add-source
    remove-source actions edit""".split()
)
Matcher = Callable[[Command, Arguments], Iterator[str]]


def verbs(pattern: str, *verbs: str) -> Matcher:
    """The pattern, where the first word is one of these."""

    def match(_: Command, arguments: Arguments) -> Iterator[str]:
        if arguments.verb() in verbs and not arguments.has("--dry-run"):
            yield pattern

    return match


def helm(_: Command, arguments: Arguments) -> Iterator[str]:
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


def werf(_: Command, arguments: Arguments) -> Iterator[str]:
    if arguments.verb() in ("converge", "dismiss") or arguments.verbs[:2] == ["bundle", "apply"]:
        yield "deploy-tool"


def kapp(command: Command, arguments: Arguments) -> Iterator[str]:
    if arguments.verb() in ("deploy", "delete") or (command.program == "helmsman" and arguments.has("--apply")):
        yield "deploy-tool"


def terraform(_: Command, arguments: Arguments) -> Iterator[str]:
    if arguments.verb() in ("apply", "destroy", "up"):
        yield "terraform-kubernetes"


def ansible(_: Command, arguments: Arguments) -> Iterator[str]:
    if not arguments.has("--check", "--syntax-check"):
        yield "ansible-kubernetes"


def velero(_: Command, arguments: Arguments) -> Iterator[str]:
    if arguments.verb() in ("install", "uninstall") or arguments.verbs[:2] == ["restore", "create"]:
        yield "platform-change"


def argocd(_: Command, arguments: Arguments) -> Iterator[str]:
    first, second = arguments.verb(), arguments.verb(1)
    core = arguments.has("--core")
    if first in ("app", "appset", "proj", "repo", "cluster") and second in _ARGOCD_CHANGES:
        yield "argocd-core" if core else "argocd-change"
    elif first == "app" or (first in ("appset", "proj", "cluster", "repo") and second in ("get", "list", "diff")):
        yield "argocd-question"
    elif first == "login":
        yield "argocd-core" if core else "argocd-credential"


def flux(_: Command, arguments: Arguments) -> Iterator[str]:
    verb = arguments.verb()
    if verb in ("bootstrap", "install"):
        if not arguments.has("--export"):
            yield "engine-install"
    elif verb in ("reconcile", "create", "delete", "suspend", "resume", "uninstall") and not arguments.has("--export"):
        yield "flux-change"
