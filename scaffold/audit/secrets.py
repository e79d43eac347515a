"""Names under which CI systems keep credentials of clusters, and words of commands that nobody may print."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scaffold.audit.jobs import Job, Remark

_CLUSTER = (
    r"KUBE_?CONFIG\w*|\w+_KUBE_?CONFIG|K8S_(?:TOKEN|SECRET|CERT\w*|CREDENTIALS?)|KUBE_(?:TOKEN|CA|CA_PEM(?:_FILE)?|PASSWORD)"
    r"|(?:K8S_|KUBE_)?(?:SERVICE_ACCOUNT|SA)_TOKEN|KUBERNETES_TOKEN|OPENSHIFT_TOKEN|RANCHER_(?:TOKEN|ACCESS_KEY)"
)
_ENGINE = r"ARGOCD_AUTH_TOKEN|ARGO_?CD_(?:PASSWORD|TOKEN|ADMIN_PASSWORD)"
_KINDS = {
    "cluster-secret": re.compile(_CLUSTER, re.IGNORECASE),
    "argocd-credential": re.compile(_ENGINE, re.IGNORECASE),
}
_OF_GITHUB = re.compile(r"secrets(?:\.(\w+)|\[['\"](\w+)['\"]\])")
_ANYWHERE = re.compile(r"\$\{?(?:env\.)?(\w+)|\$\((\w+)\)|^(\w+)$|credentialsId: *['\"]([\w-]+)")
_QUIET = frozenset(
    """--token --kube-token --password --auth-token --docker-password --docker-username --username --certificate-data
    --client-key-data --from-literal --patch""".split()
)
_ASSIGNED = re.compile(
    r"^(?=[\w.-]*+[=:].+$)(-*[\w.-]*(?:token|password|passwd|secret|key|credential|auth)[\w.-]*[=:])(.+)$",
    re.IGNORECASE,
)
_SHORT = frozenset(("docker", "argocd", "oc", "kubectl", "helm"))  # of these, `-p` is a password or a patch
_BEARER = re.compile(r"(bearer|basic)\s+\S+", re.IGNORECASE)
_LONG = re.compile(r"[A-Za-z0-9+/_=-]{40,}")
_HIDDEN = "***"
_LONGEST = 110  # characters of a command that are shown


def stored(job: Job, assigned: Iterable[str]) -> Iterator[Remark]:
    """The credentials that a job takes from where the system keeps secrets, each name once."""
    pattern = _OF_GITHUB if job.system == "github" else _ANYWHERE
    seen = {name.upper() for name in assigned}
    for text in job.texts:
        for found in pattern.finditer(text):
            name = next((group for group in found.groups() if group), "")
            kind = next((kind for kind, names in _KINDS.items() if names.fullmatch(name)), "")
            if kind and name.upper() not in seen and (job.system, name) != ("jenkins", "KUBECONFIG"):
                seen.add(name.upper())
                yield Remark(kind, text.at(found.start()), name)


def kubeconfig_variable(job: Job) -> Iterator[Remark]:
    """The variable KUBECONFIG, where a job's environment sets it; in Jenkins it names what a step binds."""
    for text in job.texts if job.system != "jenkins" else ():
        if text == "KUBECONFIG":
            yield Remark("kubeconfig-file", text.at(), "KUBECONFIG")
            return


def shown(words: Iterable[str]) -> str:
    """A command as it may be printed: on one line, not too long, and without anything that may be a secret."""
    result, hide, program = [], False, ""
    for word in words:
        program = program or word
        result.append(_HIDDEN if hide and not word.startswith("$") else _masked(word))
        hide = word in _QUIET or (word == "-p" and program in _SHORT)
    text = " ".join(" ".join(result).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _masked(word: str) -> str:
    found = _ASSIGNED.match(word)
    if found and not found[2].startswith("$"):
        return found[1] + _HIDDEN
    name, equals, value = word.partition("=")
    if equals and name in _QUIET and not value.startswith("$"):
        return f"{name}={_HIDDEN}"
    word = _BEARER.sub(lambda m: m[0] if "$" in m[0] else f"{m[1]} {_HIDDEN}", word)
    word = re.sub(r"://[^/@\s:]+:[^/@\s$]+@", f"://{_HIDDEN}@", word)
    return _LONG.sub(lambda m: m[0] if "/" in m[0] and not re.search(r"[A-Z].*[0-9]", m[0]) else _HIDDEN, word)
