"""GitLab CI: jobs with `extends`, `!reference`, defaults and local includes resolved as GitLab does."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator
from typing import Any

from scaffold.audit.jobs import Job, Remark, Sources, mapping, sequence, spots, texts, words
from scaffold.audit.shell import Script
from scaffold.model import Spot
from scaffold.parse import Tagged

_FILES = (".gitlab-ci.yml", ".gitlab-ci.yaml")
_RESERVED = frozenset(
    "default include stages variables workflow image services cache before_script after_script spec".split()
)
_DEEPEST = 11  # GitLab's own limit of nested extends
_DEPLOYS = ("Auto-DevOps", "Jobs/Deploy", "Jobs/Helm-2to3", "Deploy/Kubernetes", "Jobs/Build-Deploy")
_COMPONENTS = ("/gitlab-ci-k8s", "/gitlab-ci-helm", "to-be-continuous/kubernetes", "to-be-continuous/helm")


def jobs(sources: Sources) -> Iterator[Job]:
    """Every job that is not hidden, of the configuration at the root."""
    for path in _FILES:
        if path in sources.paths:
            configuration, remarks = _configuration(sources, path, set())
            yield from _jobs(configuration, remarks)


def _configuration(sources: Sources, path: str, seen: set[str]) -> tuple[dict[Any, Any], list[Remark]]:
    """A file merged over what it includes."""
    seen.add(path)
    # A second document follows where the first holds the inputs of a component.
    own: dict[Any, Any] = {}
    for document in sources.documents(path):
        own.update(mapping(document))
    merged: dict[Any, Any] = {}
    remarks: list[Remark] = []
    for item in sequence(own.get("include")):
        entry = {"local": item} if isinstance(item, Spot) else mapping(item)
        for name, value in entry.items():
            for target in spots(value):
                found, more = _included(sources, str(name), target, seen)
                merged = _over(merged, found)
                remarks.extend(more)
    return _over(merged, own), remarks


def _included(sources: Sources, how: str, target: Spot, seen: set[str]) -> tuple[dict[Any, Any], list[Remark]]:
    if how == "local" and "://" not in target:
        merged: dict[Any, Any] = {}
        remarks: list[Remark] = []
        pattern = target.lstrip("/")
        found = [path for path in sorted(sources.paths) if path == pattern or fnmatch.fnmatchcase(path, pattern)]
        for path in found:
            if path not in seen:
                included, more = _configuration(sources, path, seen)
                merged = _over(merged, included)
                remarks.extend(more)
        return merged, remarks if found else [Remark("unresolved", target.at(), str(target))]
    if how == "template" and target.startswith(_DEPLOYS):
        return {}, [Remark("deploy-template", target.at(), str(target))]
    if any(name in target for name in _COMPONENTS):
        return {}, [Remark("deploy-template", target.at(), str(target))]
    if how in ("template", "project", "remote", "component", "local"):
        return {}, [Remark("unresolved", target.at(), str(target))]
    return {}, []


def _over(lower: dict[Any, Any], upper: dict[Any, Any]) -> dict[Any, Any]:
    """Merge as GitLab does: mappings key by key, everything else whole."""
    result = dict(lower)
    for key, value in upper.items():
        both = isinstance(value, dict) and isinstance(result.get(key), dict)
        result.pop(key, None)  # the place of a key is that of the winner
        result[key] = _over(lower[key], value) if both else value
    return result


def _jobs(configuration: dict[Any, Any], remarks: list[Remark]) -> Iterator[Job]:
    shared = {**configuration, **mapping(configuration.get("default"))}
    if remarks:
        yield Job("gitlab", "include", remarks[0].place, remarks=remarks)
    for name, body in configuration.items():
        if str(name) in _RESERVED or name.startswith(".") or not isinstance(body, dict):
            continue
        spec = _extended(configuration, body, 0)
        if not _never(spec):
            yield _job(configuration, shared, name, spec)


def _extended(configuration: dict[Any, Any], body: dict[Any, Any], depth: int) -> dict[Any, Any]:
    result: dict[Any, Any] = {}
    for parent in spots(body.get("extends")):
        if depth < _DEEPEST:
            result = _over(result, _extended(configuration, mapping(configuration.get(parent)), depth + 1))
    return _over(result, body)


def _job(configuration: dict[Any, Any], shared: dict[Any, Any], name: Spot, spec: dict[Any, Any]) -> Job:
    variables = {**words(configuration.get("variables")), **words(spec.get("variables"))}
    job = Job("gitlab", str(name), name.at())
    for key in ("before_script", "script", "after_script"):
        value = spec[key] if key in spec else shared.get(key) if key != "script" else None
        for line in _lines(configuration, value, 0):
            job.scripts.append(Script(line, "", variables))
            job.texts.append(line)
    image = spec.get("image", shared.get("image"))
    job.images.extend(spots(mapping(image).get("name") if isinstance(image, dict) else image))
    job.texts.extend(texts({key: value for key, value in spec.items() if key not in ("script", "extends")}))
    job.texts.extend(texts(configuration.get("variables")))
    job.runner = " ".join(spots(spec.get("tags")))
    environment = mapping(spec.get("environment")).get("kubernetes")
    if environment is not None:
        place = next(iter(texts(environment)), name).at()
        job.remarks.append(Remark("cluster-environment", place, str(name)))
    trigger = spec.get("trigger")
    project = trigger if isinstance(trigger, Spot) else mapping(trigger).get("project")
    if isinstance(project, Spot):
        job.remarks.append(Remark("other-pipeline", project.at(), str(project)))
    return job


def _lines(configuration: dict[Any, Any], value: Any, depth: int) -> Iterator[Spot]:
    """The lines of a script; `!reference [job, key]` brings those of another one."""
    if isinstance(value, Spot):
        yield value
    elif isinstance(value, Tagged):
        if value.tag == "!reference" and depth < _DEEPEST:
            target: Any = configuration
            for part in spots(value.value):
                target = mapping(target).get(part)
            yield from _lines(configuration, target, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _lines(configuration, item, depth)


def _never(spec: dict[Any, Any]) -> bool:
    rules = [mapping(rule) for rule in sequence(spec.get("rules"))]
    return str(spec.get("when")) == "never" or (bool(rules) and all(str(rule.get("when")) == "never" for rule in rules))
