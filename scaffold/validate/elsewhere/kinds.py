"""What is known of the kinds whose objects other objects name."""

from __future__ import annotations

# Groups of kinds that make no objects that files name, or whose objects are known without them.
MAKING_NONE = frozenset(
    "argoproj.io bitnami.com cert-manager.io external-secrets.io gateway.networking.k8s.io "
    "image.toolkit.fluxcd.io keda.sh kustomize.toolkit.fluxcd.io networking.istio.io notification.toolkit.fluxcd.io "
    "source.toolkit.fluxcd.io traefik.io".split()
)
# Kinds whose objects make Secrets and nothing else.
MAKING_SECRETS = frozenset("KafkaUser OnePasswordItem PostgresUser User VaultDynamicSecret VaultStaticSecret".split())
# Groups of kinds whose objects make others in their own namespace only, which are called after them.
NAMING_AFTER = frozenset(("flagger.app", "postgresql.cnpg.io"))
# The kind that is meant where none is told is a namespace's; the other one is easily forgotten.
BESIDE = {
    ("cert-manager.io", "Issuer"): "ClusterIssuer",
    ("external-secrets.io", "SecretStore"): "ClusterSecretStore",
}
# What is found by its name in one namespace only, which an object of another one has to name.
GATEWAY = ("gateway.networking.k8s.io", "Gateway")
SPACED = frozenset((("cert-manager.io", "Issuer"), ("external-secrets.io", "SecretStore"), GATEWAY))
# What files declare, where they declare any of the kind: no chart and no operator brings these along.
BY_FILES = frozenset(
    (
        ("cert-manager.io", "ClusterIssuer"),
        ("cert-manager.io", "Issuer"),
        ("external-secrets.io", "ClusterSecretStore"),
        ("external-secrets.io", "SecretStore"),
        ("scheduling.k8s.io", "PriorityClass"),
        GATEWAY,
    )
)
SYSTEM = "system-"  # how the classes of priority begin that every cluster has
