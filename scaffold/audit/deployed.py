"""What a command deploys: a chart, an overlay or manifests, into which namespace, with which image."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from scaffold.audit.arguments import Arguments
from scaffold.audit.jobs import Sources
from scaffold.audit.shell import Command, below

_IMAGE = re.compile(r"^(?=[\w.\[\]-]*+=)([\w.\[\]-]*)(image|tag)([\w.\[\]-]*)=(.*)$", re.IGNORECASE)


@dataclass(frozen=True)
class Deployed:
    """Paths are relative to the repository's root where they are in it, else as written."""

    kind: str
    path: str
    release: str = ""
    namespace: str = ""
    version: str = ""
    values: tuple[str, ...] = ()
    images: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = f" in namespace {self.namespace}" if self.namespace else ""
        return f"{self.kind} {self.path or '(unknown)'}{where}"


def deployed(sources: Sources, command: Command) -> Deployed | None:
    """What a command deploys, as far as its words say; None for one that deploys nothing."""
    arguments = Arguments(command.words[1:])
    if command.program == "helm" and arguments.verb() in ("upgrade", "install"):
        return _helm(sources, command, arguments)
    if command.program in ("kubectl", "oc"):
        return _kubectl(sources, command, arguments)
    return None


def _helm(sources: Sources, command: Command, arguments: Arguments) -> Deployed:
    generated = arguments.has("--generate-name", "-g")
    release, chart = ("", arguments.verb(1)) if generated else (arguments.verb(1), arguments.verb(2))
    if arguments.value("--repo"):
        chart = f"{arguments.value('--repo').rstrip('/')}/{chart}"
    pairs = [part for value in arguments.values("--set", "--set-string") for part in value.split(",")]
    return Deployed(
        "chart",
        _in(sources, command, chart),
        release,
        arguments.value("-n", "--namespace"),
        arguments.value("--version"),
        tuple(_in(sources, command, name) for name in arguments.values("-f", "--values")),
        tuple(pair for pair in pairs if _IMAGE.match(pair)),
    )


def _kubectl(sources: Sources, command: Command, arguments: Arguments) -> Deployed | None:
    namespace = arguments.value("-n", "--namespace")
    if arguments.verb() == "set" and arguments.verb(1) == "image":
        return Deployed("workload", arguments.verb(2), namespace=namespace, images=tuple(arguments.verbs[3:]))
    directory = arguments.value("-k", "--kustomize")
    for item in command.before:
        if item.words[:2] in (("kustomize", "build"), ("kubectl", "kustomize")):
            directory = Arguments(item.words[2:]).verb() or "."
    if directory:
        return Deployed("overlay", _in(sources, command, directory), namespace=namespace)
    files = [name for name in arguments.values("-f", "--filename") if name != "-"]
    if not files:
        return None
    return Deployed("manifests", ", ".join(_in(sources, command, name) for name in files), namespace=namespace)


def _in(sources: Sources, command: Command, name: str) -> str:
    """A path as seen from the root, where it names something in the repository."""
    found = below(command.directory, name)
    known = found is not None and (found in sources.paths or found in sources.directories)
    return posixpath.normpath(found or ".") if known else name
