"""API groups whose definitions others publish: what is known of them is that they are there.

A name stands for itself and all below it. Of Flux's own old versions it is known since when they are gone.
"""

from __future__ import annotations

from scaffold.nearest import slipped
from scaffold.schemas import catalogue

_GROUPS = frozenset(
    """
    1password.com 3scale.net aadpodidentity.k8s.io absa.oss actions.github.com actions.summerwind.dev
    agentgateway.dev agones.dev aiven.io akuity.io altinity.com amazonaws.com amq.io ansible.com antrea.io
    apache.org apicur.io app.k8s.io app.kiegroup.org app.terraform.io appscode.com aquasecurity.github.io
    arangodb.com authzed.com autoscaling.k8s.io azconfig.io azure.com backstage.io backube banzaicloud.com
    banzaicloud.io bitwarden.com carto.run carvel.dev cattle.io cert-manager.io chaos-mesh.org cilium.io clastix.io
    clickhouse.com cloud.google.com cloudflare-operator.io cloudflare.com clusterregistry.k8s.io cncf.io cnpg.io
    cockroachlabs.com comcast.github.io coralogix.com coreos.com couchbase.com crossplane.io crowdstrike.com
    crunchydata.com cybozu.com dapr.io databases.spotahome.com datadoghq.com datastax.com devfile.io doppler.com
    dragonflydb.io dynatrace.com eclipse.org elastic.co emqx.io envoyproxy.io external-secrets.io externaldns.k8s.io
    fairwinds.com falcosecurity.dev fission.io flagger.app fluent.io gardener.cloud gatekeeper.sh getambassador.io
    giantswarm.io gitlab.com gke.io goharbor.io googleapis.com grafana.com gravitee.io groupsnapshot.storage.k8s.io
    haproxy.com haproxy.org harvesterhci.io hashicorp.com hazelcast.com higress.io home-operations.com ibm.com
    identitatem.io infinispan.org infisical.com infra.contrib.fluxcd.io inlets.dev integreatly.org intel.com
    isindir.github.com istio.io jaegertracing.io jenkins.io k-orc.cloud k0smotron.io k0sproject.io k14s.io k6.io
    k8c.io k8gb.io k8s-sigs.io k8s.aws k8s.mariadb.com k8s.ovn.org k8sgpt.ai k8ssandra.io k8up.io kagent.dev
    kaito.sh kaniop.rs kanister.io karmada.io karpenter.sh kasten.io keda.sh keptn.sh keycloak.hostzero.com
    keycloak.org kgateway.dev kguardian.dev kiali.io knative.dev konghq.com konveyor.io koordinator.sh kpack.io
    kratix.io kro.run kruise.io kserve.io kuadrant.io kube-green.com kubearmor.com kubeblocks.io kubedb.com
    kubeedge.io kubeflow.org kubegres.reactive-tech.io kubeovn.io kubescape.io kubevirt.io kubewarden.io kuma.io
    kyma-project.io kyverno.io l7mp.io libopenstorage.org linbit.com linkerd.io liqo.io litmuschaos.io llmkube.dev
    loft.sh longhorn.io maistra.io mariadb.mmontes.io medik8s.io mellanox.com metal3.io metallb.io
    metallb.universe.tf milvus.io min.io mirantis.com mittwald.de mogenius.com mongodb.com movetokube.com nais.io
    nats.io netapp.io netbird.io netobserv.io neuvector.com newrelic.com nginx.org ngrok.com nmstate.io noobaa.io
    numaproj.io nvidia.com oam.dev objectbucket.io onepassword.com open-cluster-management.io opendatahub.io
    openebs.io openfaas.com openfeature.dev openliberty.io opensearch.opster.io opensearch.org openshift.io
    opentelemetry.io operatorframework.io opstreelabs.in oracle.com org.eclipse.che ory.sh pachyderm.com percona.com
    perses.dev pingcap.com piraeus.io planetscale.com pocketid.internal policy.networking.k8s.io portworx.io
    presslabs.org projectcalico.org projectcapsule.dev projectcontour.io projectsveltos.io pulpproject.org
    pulumi.com pyrra.dev rabbitmq.com ray.io reactiveops.io redhat.com redhat.io redislabs.com redpanda.com rhobs
    rhtpa.io ricoberger.de robusta.dev rook.io sailoperator.io scylladb.com seaweedfs.com seldon.io shipwright.io
    sidero.dev sigstore.dev skupper.io slok.dev smi-spec.io snapshot.storage.k8s.io solo.io sparkoperator.k8s.io
    spiffe.io spinkube.dev splunk.com stackable.tech stackgres.io stacklok.dev stackrox.io stakater.com step.sh
    streamnative.io strimzi.io submariner.io sustainable.computing.io sysdig.com tailscale.com talos.dev tekton.dev
    teleport.dev temporal.io testkube.io tigera.io tinkerbell.org topolvm.io traefik.containo.us traefik.io tyk.io
    upbound.io uptimerobot.com valkey.io vcluster.com vectorized.io velero.io victoriametrics.com vitess.io
    vmware.com volcano.sh wasmcloud.dev weave.works wgpolicyk8s.io wildfly.org x-k8s.io yugabyte.com zalan.do
    """.split()
)
# Kinds that operators add to groups of others.
_ADDED = frozenset(
    (
        *(("keda.sh", "KedaController"), ("operator.openshift.io", "KubeDescheduler")),
        *(("operator.openshift.io", kind) for kind in ("CertManager", "ExternalSecretsConfig", "IstioCSR")),
        *(("operator.openshift.io", kind) for kind in ("JobSetOperator", "LeaderWorkerSetOperator", "TrustManager")),
        *(("operator.openshift.io", kind) for kind in ("RunOnceDurationOverride", "SecondaryScheduler")),
    )
)
_LEAST = 8  # letters of a group of which a slip can be told from another group
_GONE = {
    "helm.toolkit.fluxcd.io/v2beta1": "2.7",
    "helm.toolkit.fluxcd.io/v2beta2": "2.8",
    "image.toolkit.fluxcd.io/v1beta1": "2.7",
    "image.toolkit.fluxcd.io/v1beta2": "2.9",
    "kustomize.toolkit.fluxcd.io/v1beta1": "2.7",
    "kustomize.toolkit.fluxcd.io/v1beta2": "2.8",
    "notification.toolkit.fluxcd.io/v1beta1": "2.7",
    "notification.toolkit.fluxcd.io/v1beta2": "2.9",
    "source.toolkit.fluxcd.io/v1beta1": "2.7",
    "source.toolkit.fluxcd.io/v1beta2": "2.8",
}


def is_added(group: str, kind: str) -> bool:
    """Tell whether a kind is one that an operator adds to a group of others."""
    return (group, kind) in _ADDED


def is_published(group: str) -> bool:
    """Tell whether a group is one that others publish."""
    parts = group.split(".")
    return any(".".join(parts[start:]) in _GROUPS for start in range(len(parts)))


def meant_group(group: str) -> str:
    """The group that another one is but for a slip, of those that are published or bundled; or nothing."""
    parts = group.split(".")
    known = _GROUPS | catalogue.bundled_groups()
    for start in range(len(parts) - 1):
        guess = slipped(".".join(parts[start:]), known)
        if len(guess) >= _LEAST:
            return ".".join((*parts[:start], guess))
    return ""


def flux_without(api_version: str) -> str:
    """The first version of Flux that does not serve one of its API versions any more; nothing where all do."""
    return _GONE.get(api_version, "")
