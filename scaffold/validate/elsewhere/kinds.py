"""What is known of the kinds whose objects other objects name."""

from __future__ import annotations

# Groups of kinds that make no objects that files name, or whose objects are known without them.
MAKING_NONE = frozenset(
    """
    argocd-image-updater.argoproj.io argoproj.io barmancloud.cnpg.io bitnami.com cert-manager.io cilium.io
    console.openshift.io crd.projectcalico.org external-secrets.io gateway.envoyproxy.io gateway.networking.k8s.io
    generators.external-secrets.io image.openshift.io image.toolkit.fluxcd.io k8s.cni.cncf.io karpenter.sh keda.sh
    kustomize.toolkit.fluxcd.io longhorn.io machineconfiguration.openshift.io metallb.io networking.istio.io nmstate.io
    notification.toolkit.fluxcd.io projectcalico.org route.openshift.io security.istio.io security.openshift.io
    source.toolkit.fluxcd.io telemetry.istio.io traefik.io user.openshift.io
    """.split()
)
# Kinds of other groups for which the same holds.
MAKING_NONE_OF = {
    "grafana.integreatly.org": frozenset(
        "GrafanaAlertRuleGroup GrafanaContactPoint GrafanaDashboard GrafanaDatasource GrafanaFolder".split()
    ),
    "kyverno.io": frozenset(("PolicyException",)),
    "monitoring.coreos.com": frozenset(
        "AlertmanagerConfig PodMonitor Probe PrometheusRule ScrapeConfig ServiceMonitor".split()
    ),
    "opentelemetry.io": frozenset(("Instrumentation",)),
    "operator.victoriametrics.com": frozenset(
        "VMAlertmanagerConfig VMNodeScrape VMPodScrape VMProbe VMRule VMScrapeConfig VMServiceScrape "
        "VMStaticScrape".split()
    ),
    "operators.coreos.com": frozenset(("OperatorGroup",)),
    "secrets.hashicorp.com": frozenset(
        "HCPAuth SecretTransformation VaultAuth VaultAuthGlobal VaultConnection".split()
    ),
    "tekton.dev": frozenset(("ClusterTask", "Pipeline", "Task")),
    "velero.io": frozenset(("Backup", "BackupStorageLocation", "Schedule", "VolumeSnapshotLocation")),
}
# Kinds whose objects make Secrets and nothing else, in their own namespace.
MAKING_SECRETS = frozenset(
    "HCPVaultSecretsApp KafkaUser OnePasswordItem PostgresUser SecretProviderClass User VaultDynamicSecret "
    "VaultPKISecret VaultStaticSecret".split()
)
# Groups of kinds whose objects make others in their own namespace only, which are called after them.
NAMING_AFTER = frozenset(
    "dragonflydb.io flagger.app grafana.integreatly.org k8s.mariadb.com kafka.strimzi.io postgresql.cnpg.io "
    "serving.kserve.io volsync.backube".split()
)
# Groups of kinds whose objects make others in their own namespace only, under any name.
IN_OWN_NAMESPACE = frozenset(
    "k8s.keycloak.org k8up.io monitoring.coreos.com objectbucket.io opentelemetry.io "
    "operator.victoriametrics.com postgres-operator.crunchydata.com rabbitmq.com upgrade.cattle.io".split()
)
# The kind that is meant where none is told is a namespace's; the other one is easily forgotten.
BESIDE = {
    ("cert-manager.io", "Issuer"): "ClusterIssuer",
    ("external-secrets.io", "SecretStore"): "ClusterSecretStore",
}
# What is found by its name in one namespace only, which an object of another one has to name.
GATEWAY = ("gateway.networking.k8s.io", "Gateway")
FOLDER = ("grafana.integreatly.org", "GrafanaFolder")
SPACED = frozenset((("cert-manager.io", "Issuer"), ("external-secrets.io", "SecretStore"), FOLDER, GATEWAY))
# What files declare, where they declare any of the kind: no chart and no operator brings these along.
BY_FILES = frozenset(
    (
        ("cert-manager.io", "ClusterIssuer"),
        ("cert-manager.io", "Issuer"),
        ("external-secrets.io", "ClusterSecretStore"),
        ("external-secrets.io", "SecretStore"),
        ("kafka.strimzi.io", "Kafka"),
        ("postgres-operator.crunchydata.com", "PostgresCluster"),
        ("postgresql.cnpg.io", "Cluster"),
        ("scheduling.k8s.io", "PriorityClass"),
        FOLDER,
        GATEWAY,
    )
)
# What one object alone names, and nothing has but for a word: a slip of whoever renamed it.
AKIN = frozenset(
    (
        ("", "ConfigMap"),
        ("", "PersistentVolumeClaim"),
        ("", "Service"),
        ("", "ServiceAccount"),
        ("apps", "Deployment"),
        ("apps", "StatefulSet"),
        ("rbac.authorization.k8s.io", "Role"),
    )
)
SYSTEM = "system-"  # how the classes of priority begin that every cluster has
