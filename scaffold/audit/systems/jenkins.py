"""Jenkins: Jenkinsfiles and the global steps in vars/, read as Groovy."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from scaffold.audit.jobs import Job, Remark, Sources
from scaffold.audit.shell import Script
from scaffold.model import Spot
from scaffold.parse.grammars import Tree

_CALLS = ("method_invocation", "juxt_function_call")
_TEXTS = ("string_literal", "character_literal", "text_block")
_SHELLS = frozenset(("sh", "bat", "powershell", "pwsh"))
_STEPS = {
    "withKubeConfig": "kubeconfig-step",
    "withKubeCredentials": "kubeconfig-step",
    "kubeconfig": "kubeconfig-step",
    "kubernetesDeploy": "deploy-step",
    "openshiftDeploy": "deploy-step",
    "openshiftBuild": "deploy-step",
    "acsDeploy": "deploy-step",
    "googleKubernetesEngineDeploy": "deploy-step",
}
_QUOTES = re.compile(r"^('''|\"\"\"|'|\"|/)")


def jobs(sources: Sources) -> Iterator[Job]:
    """One job for each Jenkinsfile and each global step."""
    for path in sorted(sources.paths):
        if _is_jenkins(path):
            text = sources.spot(path)
            if text is not None:
                yield _job(text)


def _is_jenkins(path: str) -> bool:
    name = posixpath.basename(path)
    library = posixpath.basename(posixpath.dirname(path)) == "vars" and name.endswith(".groovy")
    return name.startswith("Jenkinsfile") or name.endswith((".jenkinsfile", ".Jenkinsfile")) or library


def _job(text: Spot) -> Job:
    job = Job("jenkins", posixpath.basename(text.path), text.at())
    tree = Tree("groovy", text)
    for node in tree.walk(*_CALLS):
        _call(job, tree, text, node)
    for node in tree.walk("annotation"):
        shown = text.part(tree.start(node), tree.stop(node))
        if shown.startswith("@Library"):
            job.remarks.append(Remark("unresolved", shown.at(), str(shown)))
    for node in tree.walk(*_TEXTS):
        job.texts.append(_content(tree, text, node))
    return job


def _call(job: Job, tree: Tree, text: Spot, node: Any) -> None:
    names = [child for child in node.children if child.type in ("identifier", "field_access")]
    if not names:
        return
    name = str(text.part(tree.start(names[0]), tree.stop(names[-1])))
    strings = [_content(tree, text, item) for item in _strings(node)]
    place = text.at(tree.start(node))
    if name in _SHELLS:
        job.scripts.extend(Script(string) for string in strings[:1])
    elif name in _STEPS:
        job.remarks.append(Remark(_STEPS[name], place, name))
    elif name.startswith("openshift.withCluster"):
        job.remarks.append(Remark("openshift-change", place, name))
    elif name.startswith("docker.image"):
        job.images.extend(strings[:1])
    elif name == "step" and any("KubernetesEngineBuilder" in string for string in strings):
        job.remarks.append(Remark("deploy-step", place, "KubernetesEngineBuilder"))
    elif name == "file" and any(
        re.fullmatch(r"KUBECONFIG|.*kube-?config.*", string, re.IGNORECASE) for string in strings
    ):
        job.remarks.append(Remark("kubeconfig-file", place, "withCredentials"))


def _strings(node: Any) -> Iterator[Any]:
    """The strings among the arguments of a call, those of named arguments included, those of closures not."""
    pending = [child for child in node.children if child.type in ("argument_list", *_TEXTS)]
    while pending:
        item = pending.pop(0)
        if item.type in _TEXTS:
            yield item
        elif item.type not in ("closure", *_CALLS):
            pending.extend(item.children)


def _content(tree: Tree, text: Spot, node: Any) -> Spot:
    start, stop = tree.start(node), tree.stop(node)
    quotes = _QUOTES.match(str(text)[start:stop])
    width = len(quotes[0]) if quotes else 0
    return text.part(start + width, max(start + width, stop - width))
