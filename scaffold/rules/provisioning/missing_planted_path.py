"""What Terraform makes to begin a cluster reads a directory that is not in this repository, or holds no manifest.

Argo CD answers "app path does not exist", Flux that it finds no such directory, and the cluster stays empty. Looked at
are Applications, Kustomizations of Flux and FluxInstances in `argocd_application`, `kubernetes_manifest` and
`kubectl_manifest`, in the values of the charts argo-cd, argocd-apps, flux-instance and flux2-sync, and
`flux_bootstrap_git`, which makes a directory that is not there: of that a slip is told. Followed are locals, files of
values and modules of this repository, from each root on. Passed over is what a pipeline gives (`-var`), a workspace of
HCP Terraform or an environment may give, what another repository or revision is read for, and what Terraform itself
writes (Argo CD 3.5, Flux 2.9, Terraform 1.14).

Fails:

    # bootstrap/production/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    # bootstrap/root.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: root
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/fleet.git
        targetRevision: main
        path: bootstrap/production
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # terraform/main.tf
    resource "argocd_application" "root" {
      spec {
        source {
          repo_url = "https://git.example.com/shop/fleet.git"
          path     = "bootstrap/prod"
        }
      }
    }

Passes:

    # bootstrap/production/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    # bootstrap/root.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: root
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/fleet.git
        targetRevision: main
        path: bootstrap/production
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # terraform/main.tf
    resource "argocd_application" "root" {
      spec {
        source {
          repo_url = "https://git.example.com/shop/fleet.git"
          path     = "bootstrap/production"
        }
      }
    }
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from scaffold.assemble import addresses, ranks
from scaffold.assemble.terraform import planted
from scaffold.assemble.terraform.objects import Planted
from scaffold.model import Finding, Manifest, Place, Repository, Severity
from scaffold.model.values import is_templated, is_to_fill_in, is_variable
from scaffold.nearest import near, slipped

ID = "missing-planted-path"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_HERE = frozenset(("", "HEAD", "main", "master"))
_ENDINGS = (".json", ".jsonnet", ".yaml", ".yml")
_WRITING = ("github_repository_file", "gitlab_repository_file", "gitea_repository_file", "local_file", "git_commit")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every directory of this repository that is not there for what is to read it."""
    found = list(planted.found(repository))
    own = _own(repository, found) if found else frozenset()
    writes = any(word in text for text in repository.terraform.texts.values() for word in _WRITING) if found else False
    named = {_plain(each.path) for each in found}
    for each in dict.fromkeys(found):
        path = _plain(each.path)
        if path and _is_here(repository, each) and addresses.same(each.url, own) and not writes:
            yield from _judged(repository, each, path, named)


def _own(repository: Repository, found: list[Planted]) -> frozenset[str]:
    """The addresses of this repository; where nothing else tells, those whose directories are mostly here."""
    sources = ({"spec": {"source": {"repoURL": each.url, "path": each.path}}} for each in found)
    return addresses.own(repository) or frozenset(
        addresses.of_this(repository, (Manifest(source, "") for source in sources))
    )


def _plain(path: str) -> str:
    plain = posixpath.normpath(path).strip("/")
    return "" if plain == "." else plain


def _is_here(repository: Repository, each: Planted) -> bool:
    branches = {environment.branch for environment in repository.conventions.environments}
    filled = is_templated(each.path) or is_variable(each.path) or is_to_fill_in(each.path) or "<" in each.path
    return each.revision in _HERE | branches and not filled and not repository.conventions.home(each.place.path)


def _judged(repository: Repository, each: Planted, path: str, named: set[str]) -> Iterator[Finding]:
    parent, name = posixpath.split(path)
    beside = {posixpath.basename(d) for d in repository.directories if posixpath.dirname(d) == parent}
    if path in repository.directories:
        if not (each.begun or each.built) and not _holds(repository, path, deep=each.deep):
            yield _finding(each, path, "which holds no manifest; name the directory that does")
    elif each.begun:
        free = {other for other in beside if posixpath.join(parent, other) not in named}
        if guess := _sure(name, free):
            fact = "which it makes anew, with nothing but itself in it"
            yield _finding(each, path, f"{fact}; did you mean '{posixpath.join(parent, guess)}'?")
    else:
        guess = _sure(name, beside) or near(name, beside)
        remedy = f"did you mean '{posixpath.join(parent, guess)}'?" if guess else "add the directory, or mend the path"
        fact = "which is a file" if path in repository.paths else "which is not in this repository"
        yield _finding(each, path, f"{fact}; {remedy}")


def _sure(name: str, beside: set[str]) -> str:
    """The name of the same environment, or that another one is a slip of."""
    return next(iter(sorted(beside & ranks.spelled([name]))), "") or slipped(name, beside)


def _holds(repository: Repository, path: str, *, deep: bool) -> bool:
    """Tell whether an engine finds something in a directory, which may be a chart or a kustomization."""
    paths = (*repository.files, *(other for other in repository.others if other.endswith(_ENDINGS)))
    below = (other for other in paths if other.startswith(f"{path}/"))
    return any(deep or "/" not in other[len(path) + 1 :] for other in below)


def _finding(each: Planted, path: str, fact: str) -> Finding:
    """At the value that makes the path what it is, where only one does."""
    wrong = {place for text, place in each.origins if text and text.strip("/") in path}
    place = next(iter(wrong)) if len(wrong) == 1 else each.place
    shown, related = (" ({0})", (each.place,)) if place != each.place else ("", ())
    verb = "bootstraps" if each.begun else "makes"
    message = f"{each.what}, which Terraform {verb}{shown}, reads '{path}', {fact}"
    return Finding(Place(*place), ID, message, SEVERITY, subject=f"{each.what}/{path}", related=related)
