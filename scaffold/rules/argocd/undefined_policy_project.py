"""A rule of Argo CD's RBAC policy is about a project that no AppProject is called.

Nobody is permitted anything by it. It is looked at where the repository has AppProjects; `default` is always there.
Where it has none, a project is named that is a letter off from one that several other rules are about. So is a pattern
without a slash, as `cart-*`, that begins as no project does: it is held against `project/name`.

Fails:

    # project.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: shop
      namespace: argocd
    spec:
      destinations: []
    # argocd-rbac-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-rbac-cm
      namespace: argocd
    data:
      policy.csv: |
        p, role:buyer, applications, sync, shopp/*, allow
        g, example:buyers, role:buyer

Passes:

    # project.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: shop
      namespace: argocd
    spec:
      destinations: []
    # argocd-rbac-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-rbac-cm
      namespace: argocd
    data:
      policy.csv: |
        p, role:buyer, applications, sync, shop/*, allow
        g, example:buyers, role:buyer
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from scaffold.assemble.argocd_settings import RBAC, of_repository
from scaffold.assemble.policies import PolicyText
from scaffold.expand import globs, rbac
from scaffold.model import Confidence, Finding, Manifest, Repository, Severity
from scaffold.nearest import hint, slipped

ID = "undefined-policy-project"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_OF_PROJECTS = frozenset(("applications", "applicationsets", "exec", "logs", "projects"))
_PATTERN = frozenset("*?[{!\\")
_SEVERAL = 3


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every rule whose object begins with a project that is not there."""
    projects = list(repository.manifests("argoproj.io/AppProject"))
    for policy in map(PolicyText, of_repository(repository, RBAC)):
        names = {project.name for project in projects if _is_beside(repository, policy, project)}
        named = [] if policy.regex else [(line, project) for line in policy.rules if (project := _project(line))]
        often = {project for project, times in Counter(name for _, name in named).items() if times >= _SEVERAL}
        for line, project in named:
            if project not in {*names, "default"} if names else project not in often and slipped(project, often):
                other = "which no AppProject is called" if names else "as no other line is"
                message = (
                    f"policy line {str(line)!r} is about project {project!r}, {other}; {hint(project, names or often)}"
                )
                yield Finding(line.place, ID, message, SEVERITY, Confidence.MEDIUM, subject=str(line))
        for line, start in [] if policy.regex or not names else _patterns(policy):
            if not any(f"{name}/".startswith(start) for name in {*names, "default"}):
                resource, object_ = line.fields[1], line.fields[3]
                fact = f"policy line {str(line)!r} does nothing, since {resource} are named as project/name"
                message = f"{fact}, and no project begins with {start!r}; {_remedy(repository, object_)}"
                yield Finding(line.place, ID, message, SEVERITY, Confidence.MEDIUM, subject=str(line))


def _is_beside(repository: Repository, policy: PolicyText, project: Manifest) -> bool:
    """Tell whether a project may be of the Argo CD that has a policy: of two namespaces each has one of its own."""
    settings = policy.settings
    file = repository.files.get(settings.path)
    own = next((head.namespace for head in file.heads if head.document == settings.document), "") if file else ""
    return not own or not project.namespace or own == project.namespace


def _patterns(policy: PolicyText) -> Iterator[tuple[rbac.Line, str]]:
    """The rules whose object is a pattern without a slash, and what stands before the first sign of it."""
    for line in policy.rules:
        resource, object_ = line.fields[1], line.fields[3]
        start = next((object_[:end] for end, sign in enumerate(object_) if sign in _PATTERN), object_)
        if start and start != object_ and "/" not in object_ and resource in _OF_PROJECTS - {"projects"}:
            yield line, start


def _remedy(repository: Repository, pattern: str) -> str:
    """What was meant, where all applications that are called so are of one project."""
    matching = {each.project for each in repository.applications if globs.matches(pattern, each.name)}
    meant = f"{next(iter(matching))}/{pattern}" if len(matching) == 1 else ""
    return f"did you mean {meant!r}?" if meant else f"write the project before it, as 'PROJECT/{pattern}'"


def _project(line: rbac.Line) -> str:
    """The project that a rule is about, where it is about one."""
    _, resource, _, object_, _ = line.fields
    project = object_.partition("/")[0]
    return project if resource in _OF_PROJECTS and _PATTERN.isdisjoint(project) else ""
