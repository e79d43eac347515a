"""A generator adds a hash to the name of a config map or a Secret that Argo CD reads by its name.

Argo CD asks for `argocd-cm`, `argocd-rbac-cm`, `argocd-notifications-cm`, `argocd-secret` and
`argocd-notifications-secret` by these very names (Argo CD 3.5, `common/common.go`), so that `argocd-cm-4h2mbtbbt6`
sets nothing. Kustomize gives the new name to the workloads of the same build that mount one or take variables from it:
of those that are read in this way, as `argocd-cmd-params-cm`, it is told where no workload is built with them. A
generator that merges into a written object adds no hash, and one above may take it away.

Fails:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    namespace: argocd
    configMapGenerator:
      - name: argocd-cm
        literals:
          - url=https://argocd.example.com

Passes:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    namespace: argocd
    configMapGenerator:
      - name: argocd-cm
        literals:
          - url=https://argocd.example.com
        options:
          disableNameSuffixHash: true
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scaffold.assemble import readers
from scaffold.model import Finding, Kustomization, Place, Repository, Severity, dig, mapping, sequence
from scaffold.model.values import text

ID = "hashed-settings"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_BY_NAME: Mapping[str, frozenset[str]] = {
    "configMapGenerator": frozenset(("argocd-cm", "argocd-notifications-cm", "argocd-rbac-cm")),
    "secretGenerator": frozenset(("argocd-notifications-secret", "argocd-secret")),
}
_MOUNTED = frozenset(("argocd-cmd-params-cm", "argocd-gpg-keys-cm", "argocd-ssh-known-hosts-cm", "argocd-tls-certs-cm"))
_KINDS: Mapping[str, str] = {"configMapGenerator": "ConfigMap", "secretGenerator": "Secret"}
_WORKLOADS = frozenset(("Deployment", "StatefulSet"))
_OFF = "disableNameSuffixHash"


class _Entry(NamedTuple):
    """What a generator makes: `created` tells it from what is merged into another one's."""

    field: str
    name: str
    hashed: bool
    created: bool
    place: Place


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every generator of one that no other one takes the hash from."""
    items = list(repository.kustomizations.values())
    every = [(item, entry) for item in items for entry in _entries(item)]
    freed = {(entry.field, entry.name) for _, entry in every if not (entry.created or entry.hashed)}
    for item, entry in every:
        if (
            entry.hashed
            and entry.created
            and (entry.field, entry.name) not in freed
            and _is_lost(repository, item, entry)
        ):
            fact = f"{_KINDS[entry.field]} {entry.name!r} is made with a hash behind its name"
            message = f"{fact}, while Argo CD reads {entry.name!r} alone; set {_OFF!r} in its options"
            yield Finding(entry.place, ID, message, subject=entry.name)


def _entries(item: Kustomization) -> Iterator[_Entry]:
    general = item.manifest.get("generatorOptions", _OFF)
    for field, names in _BY_NAME.items():
        for index, entry in enumerate(map(mapping, sequence(item.manifest.get(field)))):
            name = text(entry.get("name"))
            if name in names or (name in _MOUNTED and field == "configMapGenerator"):
                place = item.place(field, index, "name")
                yield _Entry(field, name, _is_hashed(entry, general), _is_created(entry), place)


def _is_hashed(entry: Mapping[str, Any], general: object) -> bool:
    """Tell whether there is a hash; what is true for all of a kustomization no entry takes back."""
    return True not in (general, dig(entry, "options", _OFF))


def _is_created(entry: Mapping[str, Any]) -> bool:
    return text(entry.get("behavior")).lower() in ("", "create", "unspecified")


def _is_lost(repository: Repository, item: Kustomization, entry: _Entry) -> bool:
    """Tell whether nothing reads an object by the name that it gets."""
    if item.manifest.get("namePrefix") or item.manifest.get("nameSuffix"):
        return False
    if entry.name not in _MOUNTED:
        return True
    builds = readers.of(repository, item.manifest.path)
    known = bool(builds) and not any(overlay.error or overlay.skipped for overlay in builds)
    return known and not any(each.kind in _WORKLOADS for overlay in builds for each in overlay.objects)
