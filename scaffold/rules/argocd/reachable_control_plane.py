"""An AppProject may deploy into Argo CD's own namespace.

Who may write there makes Applications, projects and credentials, and so has every right that Argo CD has. Projects that
manage Argo CD itself need it, and name the namespace; the projects of teams, whose own namespaces are called like them,
do not.

Fails:

    # project.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: checkout
      namespace: argocd
    spec:
      sourceRepos:
        - https://git.example.com/checkout/deploy.git
      destinations:
        - name: in-cluster
          namespace: "argo*"

Passes:

    # project.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: checkout
      namespace: argocd
    spec:
      sourceRepos:
        - https://git.example.com/checkout/deploy.git
      destinations:
        - name: in-cluster
          namespace: "payments"
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.expand.permission import destination_permitted, kind_permitted, resolve_destination
from scaffold.model import Finding, Manifest, Repository, Severity, dig, sequence

ID = "reachable-control-plane"
SEVERITY = Severity.WARNING
SCOPE = "overlay"
PROFILES = ("security",)
_ANY = ("*", "**")
_LOCAL = {"server": "https://kubernetes.default.svc"}


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every project that may make Applications beside itself, unless it says so, or may do so everywhere."""
    projects = (m for overlay in repository.overlays.values() for m in overlay.of("argoproj.io/AppProject"))
    for project in projects:
        if not project.namespace:
            continue
        there = resolve_destination({**_LOCAL, "namespace": project.namespace}, None)
        verdict = destination_permitted(project.data, there, None)
        kind = kind_permitted(project.data, "argoproj.io", "Application", "any", namespaced=True)
        said = project.get(*verdict.pointer, "namespace")
        named = said not in (*_ANY, project.namespace) or (said == project.namespace and _is_of_team(project))
        if verdict.allowed and not verdict.unverifiable and kind.allowed and named:
            fact = f"project {project.name!r} may deploy into namespace {project.namespace!r}, which is Argo CD's own"
            message = f"{fact}; narrow it, or deny '!{project.namespace}' by server"
            yield Finding(project.place(*verdict.pointer, "namespace"), ID, message, SEVERITY, subject=project.name)


def _is_of_team(project: Manifest) -> bool:
    """Tell whether a project is for the namespaces that are called like it, and none of these is Argo CD's."""
    names = [str(dig(item, "namespace")) for item in sequence(project.get("spec", "destinations"))]
    own = any(f"{name}-".startswith(f"{project.name}-") for name in names)
    return own and not f"{project.namespace}-".startswith(f"{project.name}-")
