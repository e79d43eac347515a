"""API groups whose definitions others publish: what is known of them is that they are there.

A name stands for itself and all below it. Of Flux's own old versions it is known since when they are gone.
"""

from __future__ import annotations

from scaffold.nearest import slipped
from scaffold.schemas import catalogue

_GROUPS = frozenset(
    """
    1password.com 3scale.net aadpodidentity.k8s.io actions.github.com actions.summerwind.dev aiven.io akuity.io
    altinity.com amazonaws.com amq.io ansible.com apache.org apicur.io app.kiegroup.org app.terraform.io
    appscode.com aquasecurity.github.io authzed.com autoscaling.k8s.io azure.com backube banzaicloud.com
    banzaicloud.io cattle.io cert-manager.io chaos-mesh.org cilium.io clastix.io cloud.google.com
    cloudflare-operator.io cncf.io cnpg.io cockroachlabs.com coreos.com crossplane.io crunchydata.com dapr.io
    databases.spotahome.com datadoghq.com datastax.com devfile.io doppler.com dragonflydb.io dynatrace.com
    eclipse.org elastic.co emqx.io envoyproxy.io external-secrets.io externaldns.k8s.io fission.io flagger.app
    gatekeeper.sh getambassador.io giantswarm.io gitlab.com gke.io goharbor.io grafana.com
    groupsnapshot.storage.k8s.io hashicorp.com home-operations.com ibm.com infisical.com infra.contrib.fluxcd.io
    integreatly.org intel.com istio.io jaegertracing.io k6.io k8s-sigs.io k8s.aws k8s.mariadb.com k8s.ovn.org
    k8up.io karpenter.sh keda.sh keptn.sh keycloak.org kgateway.dev kiali.io knative.dev konghq.com kratix.io
    kro.run kruise.io kserve.io kuadrant.io kubeblocks.io kubedb.com kubeflow.org kubevirt.io kyverno.io linbit.com
    linkerd.io litmuschaos.io loft.sh longhorn.io maistra.io mariadb.mmontes.io metal3.io metallb.io
    metallb.universe.tf min.io mittwald.de mongodb.com movetokube.com nats.io netobserv.io newrelic.com nginx.org
    nmstate.io noobaa.io nvidia.com objectbucket.io onepassword.com open-cluster-management.io opendatahub.io
    openebs.io openfaas.com opensearch.opster.io openshift.io opentelemetry.io operatorframework.io opstreelabs.in
    oracle.com org.eclipse.che percona.com perses.dev pingcap.com piraeus.io planetscale.com presslabs.org
    projectcalico.org projectcontour.io pulpproject.org pulumi.com pyrra.dev rabbitmq.com ray.io redhat.com rhobs
    rhtpa.io robusta.dev rook.io sailoperator.io scylladb.com seldon.io sidero.dev slok.dev snapshot.storage.k8s.io
    solo.io sparkoperator.k8s.io stackrox.io stakater.com strimzi.io submariner.io tailscale.com talos.dev
    tekton.dev temporal.io testkube.io tigera.io tinkerbell.org topolvm.io traefik.containo.us traefik.io upbound.io
    uptimerobot.com vcluster.com velero.io victoriametrics.com vitess.io volcano.sh wgpolicyk8s.io x-k8s.io zalan.do
    """.split()
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
