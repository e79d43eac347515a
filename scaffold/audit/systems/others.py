"""Systems whose files say little more than which commands run: each text below a known key is a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from scaffold.audit.jobs import Call, Job, Sources, mapping, spots, texts
from scaffold.audit.shell import Script
from scaffold.model import Spot

_SYSTEMS = {
    "bitbucket": re.compile(r"^bitbucket-pipelines\.ya?ml$"),
    "codebuild": re.compile(r"(^|/)buildspec[^/]*\.ya?ml$"),
    "cloudbuild": re.compile(r"(^|/)cloudbuild[^/]*\.ya?ml$"),
    "drone": re.compile(r"^\.drone\.ya?ml$"),
    "woodpecker": re.compile(r"^\.woodpecker(/[^/]+)?\.ya?ml$"),
    "travis": re.compile(r"^\.travis\.ya?ml$"),
    "semaphore": re.compile(r"^\.semaphore/[^/]+\.ya?ml$"),
    "buildkite": re.compile(r"^\.buildkite/[^/]+\.ya?ml$"),
}
_SCRIPTS = frozenset("script commands command before_script after_script before_deploy after_success deploy".split())
_ENTRYPOINTS = frozenset(("kubectl", "helm", "gke-deploy", "bash", "sh"))


def jobs(sources: Sources) -> Iterator[Job]:
    """One job for each file."""
    for path in sorted(sources.paths):
        system = next((name for name, pattern in _SYSTEMS.items() if pattern.search(path)), "")
        if system:
            for document in sources.documents(path):
                first = next(iter(texts(document)), None)
                if first is not None:
                    yield _job(Job(system, path, first.at(), texts=list(texts(document))), document)


def _job(job: Job, document: Any) -> Job:
    pending, seen = [document], set()
    while pending:
        item = pending.pop(0)
        if id(item) in seen:
            continue
        seen.add(id(item))
        if isinstance(item, list):
            pending.extend(item)
        for key, value in mapping(item).items():
            if key in ("image", "name") and job.system == "cloudbuild":
                _cloud_build(job, key, value, mapping(item))
            elif key == "image":
                job.images.extend(spots(value if isinstance(value, Spot) else mapping(value).get("name")))
            if key == "pipe" and isinstance(value, Spot):
                job.calls.append(Call(value, mapping(mapping(item).get("variables"))))
            if key in _SCRIPTS:
                job.scripts.extend(Script(text) for text in spots(value))
            pending.append(value)
    return job


def _cloud_build(job: Job, key: Spot, value: Any, step: dict[Any, Any]) -> None:
    """A step of Cloud Build is an image with arguments: the image's name is the program."""
    if key != "name" or not isinstance(value, Spot):
        return
    job.images.append(value)
    entry = step.get("entrypoint")
    program = (
        str(entry) if isinstance(entry, Spot) else re.split(r"[/:@]", value.partition("@")[0].partition(":")[0])[-1]
    )
    if program in _ENTRYPOINTS:
        arguments = [str(item) for item in spots(step.get("args"))]
        text = " ".join([program, *(_quoted(item) for item in arguments)])
        job.scripts.append(Script(Spot.of(text, value.path, ((value.marks[0]),))))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'" if re.search(r"[\s;&|<>'\"$(){}]", text) else text
