"""An AppProject permits everything of a kind.

A lone `*` among its sources, destinations or allowed kinds, or a role that may do everything, makes the project no
boundary; one finding names them all, with the namespaces that are denied beside a wildcard. Every kind of a group
that is named is a choice. Deny lists may hold wildcards, and so may the object of a role's policy, which never reaches
beyond the project (Argo CD 3.5). Where `destinationServiceAccounts` tell as whom to synchronise, the rights of those
accounts are the boundary, unless argocd-cm does not switch that on. A project that no Application is in, where others
are used, is passed over, unless Applications of other namespaces may be in it, or settings give what it permits to
others.

Fails:

    # project.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: checkout
      namespace: argocd
    spec:
      sourceRepos:
        - "*"

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
      clusterResourceBlacklist:
        - group: "*"
          kind: "*"
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import argocd_settings, projects
from scaffold.model import Finding, Manifest, Pointer, Repository, Severity, dig, sequence

ID = "project-wildcard"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_AS_ACCOUNTS = "application.sync.impersonation.enabled"
_ANY = ("*", "**")  # a tuple, since a field may hold what cannot be hashed


def check(repository: Repository) -> Iterator[Finding]:
    """Yield one finding for each project with wildcards that permit, at the first of them."""
    unused = projects.unused(repository)
    for manifest in repository.manifests("argoproj.io/AppProject"):
        found = [*(() if _is_bounded(repository, manifest) else _entries(manifest)), *_roles(manifest)]
        idle = manifest.name in unused and not manifest.get("spec", "sourceNamespaces")
        if found and not idle:
            every = dict.fromkeys(what for _, what in found)
            message = f"project {manifest.name!r} permits {_and(list(every))}; name those that it needs"
            yield Finding(manifest.place(*found[0][0]), ID, message, SEVERITY, subject=f"{manifest.name}/{list(every)}")


def _is_bounded(repository: Repository, project: Manifest) -> bool:
    """Tell whether what is in a project is applied by service accounts, as it is or may be switched on."""
    accounts = sequence(project.get("spec", "destinationServiceAccounts"))
    said = [get(repository, argocd_settings.CM, _AS_ACCOUNTS) for get in (argocd_settings.told, argocd_settings.unset)]
    return bool(accounts) and all(told is None or told.value == "true" for told in said)


def _and(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if parts[1:] else parts)


def _entries(manifest: Manifest) -> Iterator[tuple[Pointer, str]]:
    for index, value in enumerate(sequence(manifest.get("spec", "sourceRepos"))):
        if value in _ANY:
            yield ("spec", "sourceRepos", index), "every source"
    namespaces, clusters = _every(manifest, "namespace"), _every(manifest, "cluster", "name", "server")
    for index, item in enumerate(sequence(manifest.get("spec", "destinations"))):
        for key, what in (("namespace", namespaces), ("server", clusters), ("name", clusters)):
            if dig(item, key) in _ANY:
                yield ("spec", "destinations", index, key), what
    for field in ("clusterResourceWhitelist", "namespaceResourceWhitelist"):
        for index, item in enumerate(sequence(manifest.get("spec", field))):
            if _is_any(item):
                yield ("spec", field, index, "kind"), _kinds(manifest)


def _every(manifest: Manifest, what: str, *keys: str) -> str:
    """What a wildcard of namespaces or clusters permits: an entry that denies wins over it (Argo CD 3.5)."""
    named = (dig(item, key) for item in sequence(manifest.get("spec", "destinations")) for key in keys or (what,))
    denied = [repr(name[1:]) for name in named if isinstance(name, str) and name.startswith("!")]
    return f"every {what} but {_and(denied)}" if denied else f"every {what}"


def _kinds(manifest: Manifest) -> str:
    """What a wildcard of kinds permits: those of namespaces are all permitted where none is named (Argo CD 3.5)."""
    wide = any(_is_any(item) for item in sequence(manifest.get("spec", "clusterResourceWhitelist")))
    return "every kind" if wide else "every kind within namespaces"


def _is_any(item: object) -> bool:
    """Tell whether an entry is for every kind there is: one of a group that is named is a choice."""
    return dig(item, "group") in _ANY and dig(item, "kind") in _ANY


def _roles(manifest: Manifest) -> Iterator[tuple[Pointer, str]]:
    for number, role in enumerate(sequence(manifest.get("spec", "roles"))):
        for index, line in enumerate(sequence(dig(role, "policies"))):
            fields = [part.strip() for part in line.split(",")] if isinstance(line, str) else []
            own = f"proj:{manifest.name}:{dig(role, 'name')}"  # one for another subject grants the role nothing
            if len(fields) == 6 and fields[1] == own and fields[3] == "*" and fields[5] == "allow":
                yield ("spec", "roles", number, "policies", index), f"every action to role {dig(role, 'name')!r}"
