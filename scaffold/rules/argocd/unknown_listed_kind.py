"""A list of kinds of an AppProject names one that its group does not have.

The entry permits, or denies, nothing, and Argo CD says nothing of it: an object of the kind that was meant ends with
"resource … is not permitted in project", or gets through. Only the groups of Kubernetes itself are looked at, in which
every kind is known, and only what can be nothing but a slip (3.5).

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
          namespace: payments
      clusterResourceWhitelist:
        - group: rbac.authorization.k8s.io
          kind: CluterRole

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
          namespace: payments
      clusterResourceWhitelist:
        - group: rbac.authorization.k8s.io
          kind: ClusterRole
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold import schemas
from scaffold.assemble import written
from scaffold.model import Finding, Repository, Severity, dig, sequence
from scaffold.nearest import slipped

ID = "unknown-listed-kind"
SEVERITY = Severity.WARNING
SCOPE = "file"
_LISTS = tuple(f"{scope}Resource{sort}" for scope in ("cluster", "namespace") for sort in ("Blacklist", "Whitelist"))


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every entry of a group of Kubernetes that has no such kind, but one that is called nearly so."""
    for project in written.manifests(repository, "argoproj.io/AppProject"):
        for name in _LISTS:
            for index, entry in enumerate(sequence(project.get("spec", name))):
                group, kind = (str(dig(entry, field)) for field in ("group", "kind"))
                if meant := _meant(group, kind):
                    named = f"group {group!r}" if group else "the core group"
                    fact = f"project {project.name!r} lists kind {kind!r}, which {named} does not have"
                    place = project.place("spec", name, index, "kind")
                    yield Finding(place, ID, f"{fact}; did you mean {meant}?", SEVERITY, subject=f"{group}/{kind}")


def _meant(group: str, kind: str) -> str:
    """A kind of that group with another letter, or the only group that has the kind."""
    if not schemas.is_builtin(group) or group in schemas.groups(kind):
        return ""
    if guess := slipped(kind, schemas.kinds_of(group)):
        return repr(guess)
    groups = schemas.groups(kind)
    if len(groups) != 1:
        return ""
    return f"group {groups[0]!r}" if groups[0] else "the core group"
