"""The values of a chart, or the settings of Argo CD, hold a password, a token or a key in clear text.

Everybody who reads the repository knows it. It is looked for in values files, in the values of HelmReleases and
Applications, in variables and tasks of Ansible, and in argocd-cm and argocd-notifications-cm, where `$name` is a key of
the Secret beside it.
So is one within an address, such as that of a database. What is a path, a name, a hash, a placeholder or a word
without digits is none.

Fails:

    # app.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: chart
        helm:
          valueFiles:
            - values-production.yaml
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # chart/Chart.yaml
    apiVersion: v2
    name: web
    version: 1.0.0
    # chart/templates/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    data:
      database: {{ toJson .Values.database | quote }}
    # chart/values-production.yaml
    database:
      password: fK2rt8WqLz5u

Passes:

    # app.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: chart
        helm:
          valueFiles:
            - values-production.yaml
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # chart/Chart.yaml
    apiVersion: v2
    name: web
    version: 1.0.0
    # chart/templates/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    data:
      database: {{ toJson .Values.database | quote }}
    # chart/values-production.yaml
    database:
      existingSecret: web-database-2
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scaffold import load, parse
from scaffold.assemble import argocd_settings, written
from scaffold.errors import ScaffoldError
from scaffold.model import Finding, Place, Pointer, Repository, Severity, SourceFile, dig, mapping, sequence
from scaffold.model.ansible import is_of_ansible
from scaffold.rules.clear import in_address, is_clear

ID = "plain-value"
SEVERITY = Severity.ERROR
SCOPE = "file"
_NAME = re.compile(
    r"(.*[a-z0-9_-])?([Pp]ass(word|wd|phrase)?|[Tt]oken|([Aa]pi|[Aa]ccess|[Pp]rivate|[Ss]ecret)[_-]?[Kk]ey|[Ss]ecret)\Z"
    r"|([A-Z0-9_]*_)?(PASS(WORD|WD)?|TOKEN|SECRET|(API|ACCESS|PRIVATE|SECRET)_?KEY)\Z"
)
_A_NAME = re.compile(r"[a-z][a-z0-9]*([-_.][a-z0-9]+)+\Z|[A-Z][A-Z0-9]*(_[A-Z0-9]+)+\Z")  # of a Secret or a variable
_OTHERS = re.compile(r"(?i)(^|/)\.|example|sample|test|template")
_IDS = re.compile(r"(?:[a-z]I|[-_.]i|\Ai)ds\Z")
_REMEDY = "keep it in a Secret that the values name, and change it, since Git keeps it"
_OF_ANSIBLE = "keep it in a variable that Ansible Vault or SOPS encrypts, and change it, since Git keeps it"
_Clear = tuple[Pointer, str]


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such value, with the key that tells what it is."""
    for file in repository.files.values():
        yield from _of_values(file)
        for settings in argocd_settings.of_file(file):
            yield from _of_settings(settings)
        for manifest in (part for whole in file.manifests() for part in load.members(whole)):
            for where, key in _clear(manifest.get("spec", "values")):
                yield _finding(manifest.place("spec", "values", *where), f"{manifest.kind} {manifest.name!r}", key)
    for item in written.applications(repository):
        for pointer, source in item.sources():
            for where, key in _of_source(mapping(source.get("helm"))):
                yield _finding(item.at(*pointer, "helm", *where), item.what, key)


def _of_values(file: SourceFile) -> Iterator[Finding]:
    """A file without manifests holds values of something; hidden ones are of tools, and examples are filled in."""
    if file.heads or file.problem or _OTHERS.search(file.path):
        return
    for document, data in enumerate(file.documents or ()):
        for where, key in _clear(data) if "sops" not in mapping(data) else ():
            place = Place(file.path, document, where)
            if is_of_ansible(file.path, data):
                yield _of_ansible(place, data, key)
            else:
                yield _finding(place, f"file {file.path!r}", key)


def _of_ansible(place: Place, data: Any, key: str) -> Finding:
    """In a list of tasks or plays, the one that has it is told by its name, and not by its number."""
    who, number = f"file {place.path!r}", place.pointer[0]
    if isinstance(number, int) and isinstance(name := dig(data, number, "name"), str):
        noun = "play" if "hosts" in mapping(data[number]) else "task"
        who, key = f"{noun} {name!r} of {who}", key.partition(".")[2] or key
    return _finding(place, who, key, _OF_ANSIBLE)


def _of_settings(settings: argocd_settings.Settings) -> Iterator[Finding]:
    for name, text in settings.data.items():
        for where, key in _clear(_parsed(text)):
            line = next((n for n, each in enumerate(str(text).splitlines()) if str(where[-1]) in each), 0)
            yield _finding(settings.at(name, line), f"{name!r} of {settings.name}", key)


def _finding(place: Place, who: str, key: str, remedy: str = _REMEDY) -> Finding:
    return Finding(place, ID, f"{who} holds a secret in clear text, {key!r}; {remedy}", subject=f"{who}/{key}")


def _of_source(helm: Mapping[str, Any]) -> Iterator[_Clear]:
    yield from ((("valuesObject", *where), key) for where, key in _clear(helm.get("valuesObject")))
    yield from ((("values",), key) for _, key in _clear(_parsed(helm.get("values"))))
    for index, entry in enumerate(sequence(helm.get("parameters"))):
        name, value = str(dig(entry, "name")), dig(entry, "value")
        if _tells(name.rpartition(".")[2], value):
            yield ("parameters", index, "value"), name


def _clear(data: Any, where: Pointer = ()) -> Iterator[_Clear]:
    """Every clear text below a value, with its keys as one."""
    if isinstance(data, Mapping):
        name, value = str(data.get("name")), data.get("value")
        if _tells(name, value):
            yield (*where, "value"), name
        named = bool(where) and _IDS.search(str(where[-1]))  # what stands here says which secrets are meant
        for key, inner in data.items():
            if _tells(str(key), inner) and not named:
                yield (*where, key), ".".join(str(part) for part in (*where, key))
            yield from _clear(inner, (*where, key))
    elif isinstance(data, list):
        for index, inner in enumerate(data):
            yield from _clear(inner, (*where, index))


def _tells(key: str, value: Any) -> bool:
    if not isinstance(value, str):
        return False
    return bool(_NAME.match(key) and is_clear(value) and not _A_NAME.match(value)) or in_address(value)


def _parsed(text: Any) -> Any:
    try:
        return parse.documents(text, "")[0] if isinstance(text, str) else None
    except (ScaffoldError, IndexError):
        return None
