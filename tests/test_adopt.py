"""`adopt`: what was there renders as before, environment by environment, and nothing is written where it would not."""

from __future__ import annotations

import re
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import Command, files

from scaffold import answers, parse
from scaffold.adopt.exported import clean
from scaffold.adopt.patching import operations

_KUSTOMIZATION = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
_BUDGET = """\
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: legacy}
spec: {maxUnavailable: 1, selector: {matchLabels: {app.kubernetes.io/name: legacy}}}
"""
_DEPLOYMENT = """\
# kept as it is
apiVersion: apps/v1
kind: Deployment
metadata:
    name: legacy
    labels: {app.kubernetes.io/name: legacy}
spec:
    replicas: 2
    selector:
        matchLabels: {app.kubernetes.io/name: legacy}
    template:
        metadata:
            labels: {app.kubernetes.io/name: legacy}
        spec:
            automountServiceAccountToken: false
            securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
            containers:
                -   name: legacy
                    image: registry.example.com/checkout/legacy:1.0.0
                    resources: {requests: {cpu: 10m, memory: 32Mi}, limits: {memory: 32Mi}}
                    securityContext:
                        allowPrivilegeEscalation: false
                        readOnlyRootFilesystem: true
                        capabilities: {drop: [ALL]}
                    readinessProbe: {httpGet: {path: /, port: 8080}}
                    livenessProbe: {httpGet: {path: /, port: 8080}}
"""
_SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: legacy
  labels: {app.kubernetes.io/name: legacy}
spec:
  selector: {app.kubernetes.io/name: legacy}
  ports: [{name: http, port: 80, targetPort: 8080}]
"""


def _write(root: Path, tree: Mapping[str, str]) -> Path:
    for path, text in tree.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def _rendered(command: Command, root: Path, overlay: str) -> list[Any]:
    result = command("render", overlay, "--root", root)
    assert (result.code, result.err) == (0, "")
    return sorted(filter(None, parse.documents(result.out, overlay)), key=str)


def _adopt(command: Command, fleet: Path, source: Path, *arguments: str) -> str:
    given_ = ("--team", "checkout", "--app", "legacy", "--repository", fleet)
    result = command("adopt", source, *arguments, *given_)
    assert result.code == 0, result.err
    return result.err


def _clean(command: Command, fleet: Path) -> None:
    result = command("validate", fleet)
    assert (result.code, result.out) == (0, ""), result.out


def test_kustomize_tree_of_another_layout(command: Command, fleet: Path, tmp_path: Path) -> None:
    overlay = "namespace: {}\nresources: [../../common]\ncomponents: [../../features/pdb]\nimages:\n"
    image = "- name: registry.example.com/checkout/legacy\n  newTag: '{}' # by CI\n"
    source = _write(
        tmp_path / "legacy",
        {
            "k8s/common/kustomization.yml": _KUSTOMIZATION + "resources:\n- workload/deployment.yaml\n- service.yaml\n",
            "k8s/common/workload/deployment.yaml": _DEPLOYMENT,
            "k8s/common/service.yaml": _SERVICE,
            "k8s/features/pdb/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
            "resources: [budget.yaml]\n",
            "k8s/features/pdb/budget.yaml": _BUDGET,
            "k8s/envs/dev/kustomization.yaml": _KUSTOMIZATION + overlay.format("checkout-dev") + image.format("1.1"),
            "k8s/envs/prod/kustomization.yaml": _KUSTOMIZATION
            + overlay.format("checkout-production")
            + image.format("1.0"),
        },
    )
    before = {name: _rendered(command, source, f"k8s/envs/{name}") for name in ("dev", "prod")}
    untouched = files(source)
    assert "dev renders as before, objects: 3\nproduction renders as before, objects: 3" in _adopt(
        command, fleet, source / "k8s"
    )
    layer = fleet / "apps/checkout/legacy"
    assert sorted(path for path in files(layer) if not path.startswith("overlays/")) == [
        ".copier-answers.yml",
        "README.md",
        "base/kustomization.yml",
        "base/service.yaml",
        "base/workload/deployment.yaml",
        "components/pdb/budget.yaml",
        "components/pdb/kustomization.yaml",
    ]
    assert (layer / "base/workload/deployment.yaml").read_text() == _DEPLOYMENT
    assert (layer / "overlays/production/kustomization.yaml").read_text() == untouched[
        "k8s/envs/prod/kustomization.yaml"
    ].decode().replace("../../common", "../../base").replace("../../features/pdb", "../../components/pdb")
    for name, objects in zip(("dev", "production"), before.values(), strict=True):
        assert _rendered(command, fleet, f"apps/checkout/legacy/overlays/{name}") == objects
    recorded = answers.read(layer)
    assert (recorded.answers["source"], recorded.answers["environments"]) == ("adopted", ["dev", "production"])
    assert recorded[:2] == answers.read(fleet)[:2]
    assert files(source) == untouched
    _clean(command, fleet)


def test_kustomization_of_one_environment(command: Command, fleet: Path, tmp_path: Path) -> None:
    tree = {
        "kustomization.yaml": _KUSTOMIZATION + "resources: [web/s.yaml]\nnamespace: checkout-dev\n",
        "web/s.yaml": _SERVICE,
    }
    _adopt(command, fleet, _write(tmp_path / "web", tree), "-e", "dev=.")
    overlay = fleet / "apps/checkout/legacy/overlays/dev"
    assert {path: text.decode() for path, text in files(overlay).items()} == tree


def test_one_kustomization_of_several_environments(command: Command, fleet: Path, tmp_path: Path) -> None:
    tree = {
        "k8s/kustomization.yaml": f"{_KUSTOMIZATION}resources:\n  - ../s\n  - d.yaml\n",
        "k8s/d.yaml": _DEPLOYMENT,
        "s/kustomization.yaml": f"{_KUSTOMIZATION}resources:\n  - s.yaml\n",
        "s/s.yaml": _SERVICE,
        "live/kustomization.yaml": f"{_KUSTOMIZATION}resources:\n  - ../k8s\nnamePrefix: live-\n",
    }
    places = ("-e", "dev=k8s", "-e", "staging=k8s", "-e", "production=live")
    said = _adopt(command, fleet, _write(tmp_path / "shop", tree), *places)
    assert said.count(" renders as before, objects: 2\n") == 3
    overlays = fleet / "apps/checkout/legacy/overlays"
    for name in ("dev", "staging"):
        assert (overlays / name / "kustomization.yaml").read_text() == f"{_KUSTOMIZATION}resources:\n  - ../../base\n"
    assert "- ../../base\n" in (overlays / "production/kustomization.yaml").read_text()
    _clean(command, fleet)


def test_manifests_of_several_environments(command: Command, fleet: Path, tmp_path: Path) -> None:
    other = _DEPLOYMENT.replace(":1.0.0", ":1.2.0").replace("replicas: 2", "replicas: 5")
    source = _write(
        tmp_path / "manifests",
        {
            "dev/all.yaml": f"{_DEPLOYMENT}---\n{_SERVICE}",
            "staging/deployment.yaml": _DEPLOYMENT,
            "staging/service.yaml": _SERVICE,
            "production/deployment.yaml": other,
            "production/service.yaml": _SERVICE,
            "production/budget.yaml": _BUDGET,
        },
    )
    _adopt(command, fleet, source)
    layer = fleet / "apps/checkout/legacy"
    assert (layer / "overlays/dev/kustomization.yaml").read_text() == _KUSTOMIZATION + "resources:\n  - ../../base\n"
    assert (layer / "overlays/production/kustomization.yaml").read_text() == (
        f"{_KUSTOMIZATION}resources:\n  - ../../base\n  - poddisruptionbudget-legacy.yaml\n"
        "images:\n  - name: registry.example.com/checkout/legacy\n    newTag: 1.2.0\n"
        "patches:\n  - target:\n      group: apps\n      kind: Deployment\n      name: legacy\n"
        "    patch: |\n      - op: replace\n        path: /spec/replicas\n        value: 5\n"
    )
    for name, texts in {"dev": (_DEPLOYMENT, _SERVICE), "production": (other, _SERVICE)}.items():
        wanted = [parse.documents(text, "")[0] for text in texts]
        found = _rendered(command, fleet, f"apps/checkout/legacy/overlays/{name}")
        assert all(item in found for item in wanted)
        assert len(found) == len(wanted) + (name == "production")
    bumped = ("bump", "registry.example.com/checkout/legacy:1.3.0", "-e", "production", "--repository", fleet)
    assert command(*bumped).code == 0, "what is adopted can be worked with"
    _clean(command, fleet)


_LIVE = """\
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: ConfigMap
    metadata: {name: kube-root-ca.crt, namespace: checkout-dev, uid: a}
    data: {ca.crt: x}
  - apiVersion: v1
    kind: Service
    metadata:
      name: legacy
      namespace: checkout-dev
      uid: b
      resourceVersion: "12"
      creationTimestamp: "2026-01-01T00:00:00Z"
      annotations: {kubectl.kubernetes.io/last-applied-configuration: "{}", team: checkout}
      labels: {app.kubernetes.io/name: legacy}
    spec:
      clusterIP: 10.0.0.1
      clusterIPs: [10.0.0.1]
      ipFamilies: [IPv4]
      ipFamilyPolicy: SingleStack
      selector: {app.kubernetes.io/name: legacy}
      ports: [{name: http, port: 80, targetPort: 8080}]
    status: {loadBalancer: {}}
  - apiVersion: v1
    kind: Pod
    metadata: {name: legacy-1, namespace: checkout-dev, uid: c, ownerReferences: [{kind: ReplicaSet, name: legacy}]}
"""


def test_what_was_read_from_a_cluster(command: Command, fleet: Path, tmp_path: Path) -> None:
    source = _write(tmp_path, {"live.yaml": _LIVE}) / "live.yaml"
    said = _adopt(command, fleet, source, "-e", "dev=live.yaml")
    assert said.splitlines()[:3] == [
        "dev renders as before, objects: 1",
        "note: left out, because the cluster makes it: ConfigMap kube-root-ca.crt, Pod legacy-1",
        "note: left out of objects: status and the fields that the API server fills",
    ]
    (found,) = _rendered(command, fleet, "apps/checkout/legacy/overlays/dev")
    assert found["metadata"] == {
        "name": "legacy",
        "namespace": "checkout-dev",
        "annotations": {"team": "checkout"},
        "labels": {"app.kubernetes.io/name": "legacy"},
    }
    assert found["spec"].keys() == {"selector", "ports"}
    _clean(command, fleet)


def test_objects_of_another_namespace_are_refused(command: Command, fleet: Path, tmp_path: Path) -> None:
    tree = {
        f"{name}/s.yaml": _SERVICE.replace("  name:", f"  namespace: shop-{name}\n  name:", 1)
        for name in ("dev", "staging")
    }
    source, before = _write(tmp_path / "shop", tree), files(fleet)
    result = command("adopt", source, "--team", "checkout", "--app", "legacy", "--repository", fleet)
    fact = (
        "objects of dev are in namespace 'shop-dev', and the team's is 'checkout-dev', outside of which it may deploy"
    )
    assert (result.code, f"{fact} nothing; move them, or name another team\n" in result.err) == (1, True)
    assert files(fleet) == before
    _adopt(command, fleet, source, "--allow-findings")
    overlay = fleet / "apps/checkout/legacy/overlays/staging/kustomization.yaml"
    assert overlay.read_text() == f"{_KUSTOMIZATION}resources:\n  - ../../base\nnamespace: shop-staging\n"


_HELM_RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: podinfo
  namespace: checkout-dev
spec:
  interval: 10m
  releaseName: shop
  storageNamespace: records
  chart: {spec: {chart: podinfo, version: 6.9.0, sourceRef: {kind: HelmRepository, name: podinfo}}}
"""
_NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n"


def test_what_validate_would_find_is_refused(command: Command, fleet: Path, tmp_path: Path) -> None:
    source, before = _write(tmp_path / "shop", {"dev/r.yaml": _HELM_RELEASE, "dev/n.yaml": _NAMESPACE}), files(fleet)
    arguments = ("adopt", source, "--team", "checkout", "--app", "legacy", "--repository", fleet)
    result = command(*arguments)
    kept = "note: HelmRelease podinfo of dev stays release checkout-dev/shop kept in records\n"
    forbidden = "error: Namespace 'shop' may not be deployed by application 'checkout-legacy-dev'"
    assert (result.code, kept in result.err, forbidden in result.err) == (1, True, True)
    assert "refused: the fleet would have flaws with it, 1; mend them in " in result.err
    assert files(fleet) == before
    (source / "dev/n.yaml").unlink()
    assert command(*arguments).code == 0
    _clean(command, fleet)


_CHART = {
    "Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.2.3\n",
    "values.yaml": "replicas: 1\nimage: {repository: registry.example.com/shop, tag: 1.0.0}\nhook: false\n",
    "templates/deployment.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}-shop
  namespace: {{ .Release.Namespace }}
  labels: {app.kubernetes.io/instance: {{ .Release.Name }}, helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}}
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels: {app.kubernetes.io/instance: {{ .Release.Name }}}
  template:
    metadata:
      labels: {app.kubernetes.io/instance: {{ .Release.Name }}}
    spec:
      containers:
        - name: shop
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          args: {{ .Values.args | default list | toJson }}
""",
    "templates/hook.yaml": """\
{{- if .Values.hook }}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}-migrate
  annotations: {helm.sh/hook: "pre-upgrade,post-rollback"}
spec:
  template:
    spec: {restartPolicy: Never, containers: [{name: a, image: registry.example.com/shop:1.0.0}]}
{{- end }}
""",
}
_BASE_VALUES = "# for everybody\nreplicas: 2\nargs:\n- |\n  two\n  lines\n"


def test_release_of_helm(command: Command, fleet: Path, tmp_path: Path) -> None:
    chart = _write(tmp_path / "shop", _CHART)
    values = {"all.yaml": _BASE_VALUES, "dev.yaml": "hook: true\n", "prod.yaml": "image:\n  tag: 2.0.0 # stable\n"}
    _write(tmp_path, values)
    named = [
        f"{name}={tmp_path / 'all.yaml'},{tmp_path / file}"
        for name, file in (("dev", "dev.yaml"), ("production", "prod.yaml"))
    ]
    options = [word for pair in named for word in ("--values", pair)]
    said = _adopt(command, fleet, chart, *options, "--release", "old-shop")
    assert "dev renders as before, objects: 2\nproduction renders as before, objects: 1\n" in said
    assert "note: Job old-shop-migrate is a hook pre-upgrade: Argo CD runs it before every synchronisation\n" in said
    assert "note: Job old-shop-migrate is a hook post-rollback: Argo CD runs it never\n" in said
    assert "note: deployment.yaml selects by app.kubernetes.io/instance, which Argo CD overwrites" in said
    layer = fleet / "apps/checkout/legacy"
    assert (layer / "base/values.yaml").read_text() == (
        "shop:\n  # for everybody\n  replicas: 2\n  args:\n  - |\n    two\n    lines\n"
    )
    assert (layer / "overlays/production/values.yaml").read_text() == "shop:\n  image:\n    tag: 2.0.0 # stable\n"
    source = (layer / "overlays/production/.argocd-source.yaml").read_text()
    assert 'releaseName: "old-shop"' in source
    (found,) = _rendered(command, fleet, "apps/checkout/legacy/overlays/production")
    assert found["metadata"]["name"] == "old-shop-shop"
    assert found["spec"]["template"]["spec"]["containers"][0]["image"] == "registry.example.com/shop:2.0.0"
    assert (fleet / "charts/shop/templates/deployment.yaml").is_file()


def test_packaged_chart(command: Command, fleet: Path, tmp_path: Path) -> None:
    _write(tmp_path / "shop", _CHART)
    with tarfile.open(tmp_path / "shop-1.2.3.tgz", "w:gz") as packed:
        packed.add(tmp_path / "shop", "shop")
    archive = tmp_path / "shop-1.2.3.tgz"
    call = ("adopt", archive, "--team", "checkout", "--app", "legacy", "-e", "dev=.", "--repository", fleet)
    assert command(*call).err.endswith("is a packaged chart; say with --chart-repository where it comes from\n")
    said = command(*call, "--chart-repository", "oci://registry.example.com/charts")
    assert (said.code, said.err.splitlines()[0]) == (0, "dev renders as before, objects: 1")
    chart = (fleet / "apps/checkout/legacy/overlays/dev/Chart.yaml").read_text()
    assert '    version: "1.2.3"\n    repository: "oci://registry.example.com/charts"\n' in chart
    assert not (fleet / "charts").exists()


def test_chart_that_gives_something_else_every_time(command: Command, fleet: Path, tmp_path: Path) -> None:
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {password: {{ randAlphaNum 16 }}}\n"
    chart = _write(tmp_path / "shop", {**_CHART, "templates/secret.yaml": secret})
    before = files(fleet)
    result = command("adopt", chart, "--team", "checkout", "--app", "legacy", "--repository", fleet)
    assert (result.code, result.out) == (2, "")
    assert result.err == "gitops-scaffold: error: dev would render otherwise, first Secret a; nothing is written\n"
    assert files(fleet) == before


@pytest.mark.parametrize(
    ("tree", "arguments", "said"),
    [
        ({"web/s.yaml": _SERVICE}, [], "is called as one of dev, staging, production; name one with --environment"),
        ({"web/s.yaml": _SERVICE}, ["-e", "dev=k8s"], "of 'dev' is not there; name a directory or a file"),
        ({"dev/values.txt": ""}, [], "holds no manifest; name a directory or a file that does"),
        ({"dev/s.yaml": f"{_SERVICE}---\n{_SERVICE}"}, [], "Service legacy is declared twice; say which one counts"),
        (
            {"dev/web/kustomization.yaml": "resources: [s.yaml]\n"},
            [],
            "is no kustomization, but holds some, such as 'web'",
        ),
        ({"dev/kustomization.yaml": "resources: [gone.yaml]\n"}, [], "dev cannot be built, "),
        (
            {"dev/s.yaml": _SERVICE},
            ["-e", "dev"],
            "--environment 'dev' is no pair; write an environment, '=' and a path",
        ),
    ],
)
def test_nothing_is_written(
    command: Command, fleet: Path, tmp_path: Path, tree: dict[str, str], arguments: list[str], said: str
) -> None:
    source = _write(tmp_path / "source", tree)
    before = files(fleet)
    result = command("adopt", source, *arguments, "--team", "checkout", "--app", "legacy", "--repository", fleet)
    assert (result.code, result.out) == (2, "")
    assert re.fullmatch(rf"gitops-scaffold: error: .*{re.escape(said)}.*\n", result.err)
    assert files(fleet) == before


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


def _applied(value: Any, operation: Mapping[str, Any]) -> Any:
    """RFC 6902, as far as it is used."""
    if not operation["path"]:
        return operation["value"]
    *way, last = [part.replace("~1", "/").replace("~0", "~") for part in operation["path"].split("/")[1:]]
    parent = value
    for part in way:
        parent = parent[int(part) if isinstance(parent, list) else part]
    if operation["op"] == "remove":
        del parent[last]
    else:
        parent[int(last) if isinstance(parent, list) else last] = operation["value"]
    return value


@given(_VALUES, _VALUES)
def test_operations_turn_one_value_into_the_other(before: Any, after: Any) -> None:
    value = parse.parse(parse.written([before])).documents[0][0]
    for operation in operations(before, after):
        value = _applied(value, parse.parse(parse.written(operation)).documents[0])
    assert value == after


@given(_VALUES)
def test_written_values_are_read_as_they_were(value: Any) -> None:
    assert parse.parse(parse.written({"a": value})).documents == [{"a": value}]


def test_object_that_no_cluster_has_seen_stays_as_it_is() -> None:
    item = {"kind": "Service", "metadata": {"name": "a", "annotations": {}}, "spec": {"clusterIP": "10.0.0.1"}}
    assert clean(item) is item
