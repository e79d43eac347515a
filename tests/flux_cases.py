"""The recorded cases of Flux, and what this project predicts for them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from scaffold import discover, load, schemas
from scaffold.assemble.flux import variables
from scaffold.assemble.flux.builds import of
from scaffold.assemble.flux.made import made
from scaffold.expand.flux import substitution
from scaffold.expand.flux.generated import listed
from scaffold.expand.flux.ignoring import NAME, Ignored
from scaffold.model import Build, How, Manifest, Overlay, Repository, Variables
from scaffold.model.flux import SYNC, Reference
from scaffold.render import RenderError, builders
from scaffold.render.generated import print_many
from scaffold.rules.flux import refused_pattern

HERE = Path(__file__).parent / "engines" / "agree" / "flux"
SHARED = "shared"
DEFAULTS: Mapping[str, Any] = {"interval": "1h", "prune": False, "timeout": "1m", "path": "."}
_Id = tuple[str, str]
_AT_ONCE = frozenset(("ConfigMap", "Secret", "Namespace"))  # kinds that are ready as soon as they are there


class UnpredictedError(Exception):
    """What happens depends on what files do not tell."""


class Case(NamedTuple):
    """One case: the name of its namespace and directory, and what its file says."""

    identity: str
    told: Mapping[str, Any]

    @property
    def source(self) -> str:
        return self.identity if "own" in self.told else SHARED

    @property
    def directory(self) -> str:
        return "." if "own" in self.told else self.identity

    @property
    def names(self) -> dict[str, _Id]:
        """Namespace and name of each Kustomization by what the case calls it."""
        parts = {name: name.rpartition("/") for name in self.told["kustomizations"]}
        return {name: (f"{self.identity}-{beside}".rstrip("-"), own) for name, (beside, _, own) in parts.items()}

    @property
    def recorded(self) -> Outcome:
        answer, held = self.told["answer"], self.told.get("made", [])
        states = answer if isinstance(answer, dict) else {"it": answer}
        return Outcome(states, held if isinstance(held, dict) else dict.fromkeys(held, None))


class Outcome(NamedTuple):
    """The state of every Kustomization of a case, and the data of every config map that they made."""

    states: Mapping[str, str | None]
    made: Mapping[str, Any]


def cases() -> Iterator[Case]:
    for path in sorted(HERE.glob("*.yaml")):
        for index, item in enumerate(yaml.safe_load(path.read_text()), 1):
            identity = f"{path.stem}-{index:02}"
            told = json.loads(json.dumps({"kustomizations": {"it": {}}, **item}).replace("HERE", identity))
            yield Case(identity, told)


def write(case: Case, directory: Path) -> None:
    """Write the files of a case; `OBJECT` is a config map that is named after its file."""
    for name, content in case.told.get("files", {}).items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        own = re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")
        held = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": own}} if content == "OBJECT" else content
        path.write_text(held if isinstance(held, str) else json.dumps(held))


def predicted(case: Case, directory: Path) -> Outcome:
    """What Flux will do; raises UnpredictedError where files do not tell."""
    write(case, directory)
    return _Prediction(case, directory, _repository(directory)).outcome()


def _repository(root: Path) -> Repository:
    tree = discover.tree(root)
    files = {path: load.source_file(path, (root / path).read_bytes(), keep=True) for path in tree.yaml}
    return Repository(files, frozenset(tree.others), tree.directories, load.kustomizations(files))


def _is_refused(spec: Mapping[str, Any]) -> bool:
    """Whether a Kustomization says what cannot be read, as its rule tells."""
    told = {"apiVersion": f"{SYNC[0]}/v1", "kind": SYNC[1], "metadata": {"name": "it"}, "spec": spec}
    file = load.source_file("it.yaml", json.dumps(told).encode(), keep=True)
    repository = Repository({file.path: file}, frozenset(), frozenset(), {})
    return next(refused_pattern.check(repository), None) is not None


class _StoppedError(Exception):
    """A Kustomization ends in a state."""


@dataclass
class _Prediction:
    case: Case
    root: Path
    repository: Repository
    states: dict[str, str | None] = field(default_factory=dict)
    manifests: list[Manifest] = field(default_factory=list)
    _waiting: list[str] = field(default_factory=list)

    def outcome(self) -> Outcome:
        for name in self.case.names:
            self._settle(name)
        maps = (manifest for manifest in self.manifests if manifest.kind == "ConfigMap")
        return Outcome(self.states, {manifest.name: manifest.get("data") for manifest in maps})

    def _settle(self, name: str) -> str | None:
        if name in self._waiting:
            return "DependencyNotReady"
        if name not in self.states:
            self._waiting.append(name)
            try:
                self.states[name] = self._state(name)
            except _StoppedError as stopped:
                self.states[name] = str(stopped)
            self._waiting.pop()
        return self.states[name]

    def _state(self, name: str) -> str | None:
        spec = {**DEFAULTS, **self.case.told["kustomizations"][name]}
        namespace, own = self.case.names[name]
        if spec.get("suspend"):
            return None
        self._depend(spec, namespace)
        spec.setdefault("targetNamespace", namespace)
        found = self._build(Manifest({"metadata": {"name": own, "namespace": namespace}, "spec": spec}, ""))
        if any(manifest.kind == "Kustomization" for manifest in found):
            raise UnpredictedError("what another Kustomization that it applies does is not followed")
        if any(schemas.check(manifest.data, "") for manifest in found) or _is_refused(spec):
            return "ReconciliationFailed"
        self.manifests += found
        return self._health(spec, found)

    def _depend(self, spec: Mapping[str, Any], namespace: str) -> None:
        ids = {identity: name for name, identity in self.case.names.items()}
        for item in spec.get("dependsOn", ()):
            if "readyExpr" in item:
                raise UnpredictedError("an expression says when it is ready")
            name = ids.get((item.get("namespace", namespace), item["name"]))
            if name is None or self._settle(name) != "Ready":
                raise _StoppedError("DependencyNotReady")

    def _build(self, manifest: Manifest) -> list[Manifest]:
        path = str(Path(manifest.get("spec", "path")))
        path = "" if path == "." else path
        ignored = Ignored(self.case.told.get("own", {}).get("ignore"), self._ignore_files())
        left = [name for name in self.repository.paths - self.repository.directories if name not in ignored]
        below = [name for name in left if not path or name.startswith(f"{path}/")]
        if not below:
            raise _StoppedError("ArtifactFailed")
        own = {d for d, item in self.repository.kustomizations.items() if item.manifest.path in left}
        resources = None if path in own else listed(path, below, own)
        overlay = Overlay(path, How.FLUX, build=Build(manifest, "", "", resources, self._variables(manifest)))
        assert overlay.build
        written = {"": (path, of(self.repository, path, overlay.build))}
        texts = print_many(builders.find(), self.root, written)[""]
        if isinstance(texts, RenderError):
            raise _StoppedError("BuildFailed")
        found = made(overlay, texts)
        if found.refused:
            raise _StoppedError("BuildFailed")
        return list(found.manifests)

    def _ignore_files(self) -> dict[str, str]:
        found = (path for path in self.repository.others if path.rpartition("/")[2] == NAME)
        return {path: (self.root / path).read_text() for path in found}

    def _variables(self, manifest: Manifest) -> Variables | None:
        before = [Manifest({**item, "metadata": {**item["metadata"], "namespace": manifest.namespace}}, "")
                  for item in self.case.told.get("objects", ())]  # fmt: skip
        known = {Reference(m.kind, manifest.namespace, m.name): m for m in (*before, *self.manifests)}
        absent = [not optional for _, reference, optional in variables.sources(manifest) if reference not in known]
        found = variables.of(manifest, known)
        if any(absent) or not all(map(substitution.is_name, found.values if found else ())):
            raise _StoppedError("BuildFailed")
        if absent and found and not found.values:
            return None  # what may be missing is
        return found

    def _health(self, spec: Mapping[str, Any], found: list[Manifest]) -> str:
        there = {(m.api_version, m.kind, m.namespace, m.name) for m in found}
        if not spec.get("wait"):
            for item in spec.get("healthChecks", ()):
                if (item["apiVersion"], item["kind"], item.get("namespace", ""), item["name"]) not in there:
                    return "HealthCheckFailed"
        elif spec.get("healthCheckExprs") or not all(manifest.kind in _AT_ONCE for manifest in found):
            raise UnpredictedError("whether a workload becomes ready is not in files")
        return "Ready"
