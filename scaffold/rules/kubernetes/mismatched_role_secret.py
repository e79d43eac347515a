"""A role of PostgreSQL takes its password from a Secret with the username of another role.

CloudNativePG 1.29 compares the two before it sets a password, for roles that are managed and for the owner of the first
database, and refuses the Secret: `wrong username 'cart' in secret, expected 'shop'`. The role has no password, or keeps
the one it had. Usernames are those of Secrets, and of templates of ExternalSecrets and SealedSecrets, as far as they
are told in plain text.

Fails:

    # cluster.yaml
    apiVersion: postgresql.cnpg.io/v1
    kind: Cluster
    metadata:
      name: shared
      namespace: database
    spec:
      instances: 3
      storage:
        size: 8Gi
      managed:
        roles:
          - name: shop
            login: true
            passwordSecret:
              name: shared-cart
    # secret.yaml
    apiVersion: external-secrets.io/v1
    kind: ExternalSecret
    metadata:
      name: shared-cart
      namespace: database
    spec:
      secretStoreRef:
        kind: ClusterSecretStore
        name: vault
      target:
        template:
          data:
            username: cart
            password: "{{ .password }}"
      data:
        - secretKey: password
          remoteRef:
            key: cart

Passes:

    # cluster.yaml
    apiVersion: postgresql.cnpg.io/v1
    kind: Cluster
    metadata:
      name: shared
      namespace: database
    spec:
      instances: 3
      storage:
        size: 8Gi
      managed:
        roles:
          - name: cart
            login: true
            passwordSecret:
              name: shared-cart
    # secret.yaml
    apiVersion: external-secrets.io/v1
    kind: ExternalSecret
    metadata:
      name: shared-cart
      namespace: database
    spec:
      secretStoreRef:
        kind: ClusterSecretStore
        name: vault
      target:
        template:
          data:
            username: cart
            password: "{{ .password }}"
      data:
        - secretKey: password
          remoteRef:
            key: cart
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scaffold.assemble import role_secrets
from scaffold.assemble.role_secrets import Taken, User
from scaffold.model import Finding, Identity, Manifest, Repository, Severity

ID = "mismatched-role-secret"
SEVERITY = Severity.ERROR
SCOPE = "overlay"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every role whose Secret is that of another one."""
    for overlay in repository.overlays.values():
        asking = list(overlay.of(*role_secrets.KINDS))
        users = role_secrets.users(overlay) if asking else {}
        for manifest in asking:
            for taken in role_secrets.taken(manifest):
                user = users.get(Identity("", "Secret", manifest.namespace, taken.secret))
                if user and user.name != taken.role:
                    yield _finding(manifest, taken, user, users)


def _finding(manifest: Manifest, taken: Taken, user: User, users: Mapping[Identity, User]) -> Finding:
    of_role = f"{manifest.kind} {manifest.name!r} takes the password of role {taken.role!r}"
    fact = f"{of_role} from Secret {taken.secret!r}, whose username is {user.name!r} ({{0}})"
    beside = ((each, other) for each, other in users.items() if each.namespace == manifest.namespace)
    meant = [each.name for each, other in beside if other.name == taken.role]
    remedy = "name the Secret of that role, or correct the username"
    message = f"{fact}; " + (f"did you mean {meant[0]!r}?" if len(meant) == 1 else remedy)
    related = (user.manifest.place(*user.pointer),)
    return Finding(manifest.place(*taken.pointer), ID, message, SEVERITY, related=related)
