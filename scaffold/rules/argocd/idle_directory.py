"""An Application deploys a directory, and picks up none of the manifests in it.

They are in directories below, which are entered only with `recurse: true`, or `include` and `exclude` leave all of them
out. Argo CD then has nothing to deploy, and says of it that it is healthy.

Fails:

    # root.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: root
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # web/shop/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web

Passes:

    # root.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: root
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web
        directory:
          recurse: true
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # web/shop/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.expand import globs
from scaffold.model import Application, Finding, How, Repository, Severity, Source, mapping

ID = "idle-directory"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_ENDINGS = (".json", ".jsonnet", ".yaml", ".yml")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every directory that gives nothing, though there are manifests in it or below, and each idle pattern."""
    seen = set()
    for application in repository.applications:
        for source in application.sources:
            if source.how is How.PLAIN:
                below = list(_below(repository, source.path))
                found = _finding(application, source, below, mixed=_is_mixed(repository, source.path, below))
                if found and found.place not in seen:
                    seen.add(found.place)
                    yield found


def _below(repository: Repository, directory: str) -> Iterator[str]:
    """The manifests below a directory, relative to it."""
    for path in (*repository.files, *(path for path in repository.others if path.endswith(_ENDINGS))):
        if path.startswith(f"{directory}/") and (path in repository.others or repository.files[path].heads):
            yield path[len(directory) + 1 :]


def _taken(path: str, options: Mapping[str, Any]) -> bool:
    """Tell whether Argo CD reads a file; `exclude` wins over `include` (Argo CD 3.5, `getObjsFromYAMLOrJson`)."""
    include, exclude = (str(options.get(key) or "") for key in ("include", "exclude"))
    if "/" in path and options.get("recurse") is not True:
        return False
    return not (exclude and globs.matches(exclude, path)) and (not include or globs.matches(include, path))


def _is_mixed(repository: Repository, directory: str, below: list[str]) -> bool:
    """Tell whether what is below a directory cannot be taken as a whole: charts, kustomizations, rival parents."""
    built = (*repository.charts, *repository.kustomizations)
    parents = {path.partition("/")[0] for path in below if _steers(repository, f"{directory}/{path}")}
    return len(parents) > 1 or any(path.startswith(f"{directory}/") for path in built)


def _steers(repository: Repository, path: str) -> bool:
    file = repository.files.get(path)
    return file is not None and any(head.group == "argoproj.io" for head in file.heads)


def _finding(application: Application, source: Source, below: list[str], *, mixed: bool) -> Finding | None:
    options = mapping(source.options.get("directory"))
    field, said = _idle(options, below, source.path, mixed=mixed)
    if not said:
        return None
    place = source.place._replace(pointer=(*source.place.pointer, *(("directory", field) if field else ("path",))))
    fact = f"application {application.name!r} deploys nothing of {source.path!r}, {said}"
    return Finding(place, ID, fact, SEVERITY, subject=f"{application.name}/{source.path}/{field}")


def _idle(options: Mapping[str, Any], below: list[str], directory: str, *, mixed: bool) -> tuple[str, str]:
    """The option that leaves files out, and why nothing is left; nothing where there is any."""
    for each in _alternatives(str(options.get("include") or "")) if below else ():
        if not any(_taken(path, {**options, "include": each}) for path in below):
            return "include", f"since no file matches {each!r} of include; mend the pattern"
    if not below or any(_taken(path, options) for path in below):
        return "", ""
    if any(_taken(path, {**options, "exclude": ""}) for path in below):
        return "exclude", f"since exclude {str(options['exclude'])!r} leaves all of it out; mend the pattern"
    places = sorted({posixpath.dirname(path) for path in below})
    which = "the path to" if len(places) == 1 else "the path to that which is meant, such as"
    remedy = f"set {which} {posixpath.join(directory, places[0])!r}" if mixed or len(places) == 1 else ""
    remedy = ", or ".join(filter(None, (remedy, "" if mixed else "set directory.recurse")))
    return "", f"whose manifests are in directories below, such as {below[0]!r}; {remedy}"


def _alternatives(pattern: str) -> list[str]:
    """The patterns of which a whole one between braces is made."""
    if pattern.startswith("{") and pattern.endswith("}") and pattern.count("{") == 1:
        return pattern[1:-1].split(",")
    return [pattern] if pattern else []
