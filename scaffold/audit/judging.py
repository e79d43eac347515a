"""Jobs to findings: commands followed, what is harmless set aside, each push joined to what it deploys."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from scaffold.audit import follow, programs, secrets, steps
from scaffold.audit.deployed import Deployed, deployed
from scaffold.audit.jobs import Call, Job, Remark, Sources
from scaffold.audit.patterns import PATTERNS, Pattern
from scaffold.audit.shell import Command, Script, commands
from scaffold.model import Location, Severity

_MOST = 200  # scripts that one job may reach
_ENGINE = re.compile(
    r"argoproj/argo-cd/|argo/argo-cd\b|argo-helm/argo-cd|fluxcd/flux2/|flux-operator|fluxcd-community/"
)
_ASIDE = frozenset(("unresolved", "unknown-step", "other-pipeline"))
_KEPT = frozenset(("cluster-secret", "argocd-credential"))
_RUNNERS = re.compile(r"self-hosted|\b(arc|eks|k8s|gke|aks|kubernetes)\b", re.IGNORECASE)
_PROVIDERS = re.compile(
    r'(hashicorp/)?(kubernetes|helm|kubectl)"|provider\s+"(kubernetes|helm|kubectl)"|pulumi.kubernetes'
)
_COLLECTIONS = re.compile(r"kubernetes\.core|community\.kubernetes|\bk8s:|\bhelm:")


@dataclass(frozen=True)
class Access:
    """One way around Git; `job` is where it starts, `via` the places that lead to it, `text` what shows it."""

    pattern: Pattern
    severity: Severity
    place: Location
    text: str
    system: str
    job: str
    via: tuple[str, ...] = ()
    deploys: Deployed | None = None
    untrusted: bool = False


@dataclass
class Judged:
    """What was found in jobs, what could not be followed, and how many commands were looked at."""

    accesses: list[Access] = field(default_factory=list)
    unresolved: list[tuple[Location, str]] = field(default_factory=list)
    aside: list[tuple[Location, str]] = field(default_factory=list)
    commands: int = 0


def judge(sources: Sources, job: Job, result: Judged) -> None:
    """Add what a job does; a cluster that the job itself starts is nobody's, so what is done to it is set aside."""
    seen = _Seen(sources, job)
    seen.read()
    result.commands += seen.commands
    result.unresolved += [(remark.place, remark.subject) for remark in seen.remarks if remark.pattern in _ASIDE]
    found = [*seen.accesses, *seen.of_remarks()]
    if seen.own_cluster:
        kept = [access for access in found if access.pattern.id in _KEPT]
        if len(kept) < len(found):
            result.aside.append((job.place, f"job {job.name!r} works on a cluster that it starts itself"))
        result.accesses += kept
    else:
        result.accesses += [*found, *seen.conclusions(found)]


class _Seen:
    """One job, read from its first script to the last one that it reaches."""

    def __init__(self, sources: Sources, job: Job) -> None:
        self._sources, self._job = sources, job
        self.accesses: list[Access] = []
        self.remarks: list[Remark] = list(job.remarks)
        self.commands = 0
        self.own_cluster = any(steps.makes_cluster(call) for call in job.calls)
        self._assigned: set[str] = set()

    def read(self) -> None:
        waiting = deque(self._job.scripts)
        known: set[tuple[Location, str | None]] = set()
        while waiting and len(known) < _MOST:
            script = waiting.popleft()
            key = (script.text.at(), script.directory)
            if key in known:
                continue
            known.add(key)
            self._job.texts.append(script.text)
            for command in commands(script):
                self._command(command, script)
                waiting.extend(follow.scripts(self._sources, command, script))
                if missing := follow.unread(self._sources, command):
                    self.remarks.append(Remark("unresolved", command.place, missing))
        for call in self._job.calls:
            self.remarks += [Remark(name, call.name.at(), str(call.name)) for name in self._of_call(call)]
        self.remarks += [Remark("tool-image", image.at(), str(image)) for image in self._job.images if _is_tool(image)]
        self.remarks += secrets.stored(self._job, self._assigned)
        self.remarks += secrets.kubeconfig_variable(self._job)

    def _of_call(self, call: Call) -> list[str]:
        return steps.patterns(call, self._job.system)

    def _command(self, command: Command, script: Script) -> None:
        self.commands += 1
        self.own_cluster = self.own_cluster or programs.makes_cluster(command)
        if command.program in ("=", "export", "declare", "local"):
            self._assigned.update(word.partition("=")[0] for word in command.words[1:] if "=" in word)
        for name in programs.patterns(command):
            if self._confirmed(name, command):
                self._add(PATTERNS[self._renamed(name, command)], command.place, command, script.via)

    def _renamed(self, name: str, command: Command) -> str:
        """Installing an engine is done once, and somebody has to."""
        installs = name in ("kubectl-change", "helm-release", "helm-image", "overlay-apply")
        return "engine-install" if installs and _ENGINE.search(" ".join(command.words)) else name

    def _confirmed(self, name: str, command: Command) -> bool:
        if name == "terraform-kubernetes":
            return self._mentions(_PROVIDERS, (".tf", "Pulumi.yaml", ".ts", ".py", ".go"))
        if name == "ansible-kubernetes":
            return self._mentions(_COLLECTIONS, (".yml", ".yaml"))
        return True

    def _mentions(self, pattern: re.Pattern[str], endings: tuple[str, ...]) -> bool:
        paths = (path for path in self._sources.paths if path.endswith(endings) and not path.startswith("."))
        return any(pattern.search(self._sources.text(path) or "") for path in paths)

    def _add(self, pattern: Pattern, place: Location, command: Command, via: tuple[str, ...]) -> None:
        target = deployed(self._sources, command)
        self.accesses.append(self._access(pattern, place, f"`{secrets.shown(command.words)}`", via, target))

    def _access(
        self, pattern: Pattern, place: Location, text: str, via: tuple[str, ...], target: Deployed | None = None
    ) -> Access:
        untrusted = self._job.untrusted and pattern.severity is not Severity.INFO
        severity = Severity.ERROR if untrusted else pattern.severity
        return Access(pattern, severity, place, text, self._job.system, self._job.name, via, target, untrusted)

    def of_remarks(self) -> Iterator[Access]:
        for remark in self.remarks:
            if remark.pattern not in _ASIDE | {"secret-context"}:
                yield self._access(PATTERNS[remark.pattern], remark.place, repr(remark.subject), ())

    def conclusions(self, found: list[Access]) -> Iterator[Access]:
        """What follows from several things together."""
        ids = {access.pattern.id for access in found}
        pushes = [access for access in found if access.deploys or access.pattern.id in _PUSHES]
        if "cloud-credential" in ids:
            for call in self._job.calls:
                static = any(key.lower() == "aws-access-key-id" for key in call.inputs)
                if call.name.startswith("aws-actions/configure-aws-credentials") and static:
                    yield self._access(PATTERNS["static-cloud-key"], call.name.at(), repr(str(call.name)), ())
        if pushes and not ids & _CREDENTIALS and _RUNNERS.search(self._job.runner):
            yield self._access(PATTERNS["ambient-access"], self._job.place, repr(self._job.runner), ())
        if pushes:
            for remark in self.remarks:
                if remark.pattern == "secret-context":
                    yield self._access(PATTERNS["secret-context"], remark.place, repr(remark.subject), ())


_PUSHES = frozenset(("kubectl-change", "helm-release", "helm-image", "overlay-apply", "deploy-tool", "deploy-step"))
_CREDENTIALS = frozenset(
    """cluster-secret kubeconfig-file kubeconfig-decoded kubeconfig-written kubeconfig-built kubeconfig-step
    cloud-credential cloud-admin token-argument service-connection brokered-access agent-context""".split()
)


def _is_tool(image: str) -> bool:
    return programs.is_tool_image(image)
