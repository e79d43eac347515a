"""What an AppProject permits: each line was seen on the running Argo CD."""

from __future__ import annotations

from typing import Any

import pytest

from scaffold.expand import ClusterEntry
from scaffold.expand.permission import (
    Destination,
    application_namespace_permitted,
    destination_permitted,
    kind_permitted,
    resolve_destination,
    source_permitted,
    with_globals,
)

HERE = "https://kubernetes.default.svc"
PROD = "https://prod.example.com"


def project(**spec: Any) -> dict[str, Any]:
    return {"metadata": {"name": "team"}, "spec": spec}


@pytest.mark.parametrize(
    ("repos", "url", "allowed"),
    [
        (["https://github.com/org/app"], "https://GitHub.com/org/App.git", True),
        (["git@github.com:org/app"], "ssh://git@github.com/org/app", True),
        (["https://github.com/org/app"], "https://github.com/org/app/", False),
        (["ssh://git@github.com/org/app"], "ssh://git@github.com:22/org/app", False),
        (["https://github.com/org/app"], "https://github.com:443/org/app", False),
        (["https://github.com/org/app"], "http://github.com/org/app", False),
        (["https://github.com/org/app"], "ssh://git@github.com/org/app", False),
        (["ssh://git@github.com/org/app"], "ssh://me@github.com/org/app", False),
        (["*"], "https://github.com/org/app", True),
        (["https://github.com/*"], "https://github.com/org/app", False),
        (["https://github.com/*/*"], "https://github.com/org/app", True),
        (["https://github.com/**"], "https://github.com/org/app", True),
        (["https://github.com/[a-o]rg/app"], "https://github.com/org/app", True),
        (["https://github.com/[!z]rg/app"], "https://github.com/org/app", True),
        (["https://github.com/{org,team}/app"], "https://github.com/org/app", False),
        (["!https://github.com/secret/**", "https://github.com/team/only"], "https://github.com/other/x", True),
        (["!https://github.com/secret/**", "https://github.com/team/only"], "https://github.com/secret/x", False),
        (["https://github.com/**", "!https://github.com/secret/**"], "https://github.com/secret/x", False),
        (["!*", "https://github.com/org/app"], "https://github.com/org/app", True),
        (["!https://github.com/org/app", "**"], "git@github.com:org/app", True),
        (["oci://ghcr.io/org/chart"], "ghcr.io/org/chart", False),
        (["ghcr.io/org/chart"], "oci://ghcr.io/org/chart", False),
        ([], "https://github.com/org/app", False),
        (None, "https://github.com/org/app", False),
    ],
)
def test_a_source_is_permitted_as_argo_does(repos: Any, url: str, allowed: bool) -> None:
    verdict = source_permitted(project(sourceRepos=repos), url)
    assert verdict.allowed is allowed
    assert not verdict.unverifiable


def test_a_verdict_names_the_entry_that_decided() -> None:
    held = project(sourceRepos=["**", "!https://github.com/secret/**"])
    verdict = source_permitted(held, "https://github.com/secret/x")
    assert verdict.pointer == ("spec", "sourceRepos", 1)
    assert "!https://github.com/secret/**" in verdict.reason
    assert source_permitted(held, "https://github.com/x").pointer == ("spec", "sourceRepos", 0)
    assert source_permitted(project(sourceRepos=["a"]), "b").pointer == ("spec", "sourceRepos")


def test_a_doubtful_glob_is_not_judged() -> None:
    verdict = source_permitted(project(sourceRepos=["https://h/***"]), "https://h/x")
    assert "asterisks" in verdict.unverifiable


@pytest.mark.parametrize(
    ("entry", "namespace", "allowed"),
    [
        ({"namespace": ""}, "", True),
        ({}, "", True),
        ({"namespace": ""}, "team", False),
        ({"namespace": "*"}, "", True),
        ({"namespace": "**"}, "", True),
        ({"namespace": "!kube-system"}, "", True),
        ({"namespace": "!kube-system"}, "anything", True),
        ({"namespace": "!kube-system"}, "kube-system", False),
        ({"namespace": "!*"}, "team", False),
        ({"namespace": "team-*"}, "team-a", True),
        ({"namespace": "team-*"}, "other", False),
        ({"namespace": "{team,shop}"}, "shop", True),
    ],
)
def test_a_namespace_is_permitted_as_argo_does(entry: dict[str, str], namespace: str, allowed: bool) -> None:
    held = project(destinations=[{"server": HERE, **entry}])
    assert destination_permitted(held, Destination(HERE, "in-cluster", namespace)).allowed is allowed


@pytest.mark.parametrize(
    ("entries", "destination", "allowed"),
    [
        ([{"server": HERE, "namespace": "*"}], {"server": HERE + "/"}, True),
        ([{"server": HERE + "/", "namespace": "*"}], {"server": HERE}, False),
        ([{"server": PROD.upper(), "namespace": "*"}], {"server": PROD}, False),
        ([{"name": "prod", "namespace": "*"}], {"server": PROD}, True),
        ([{"server": PROD, "namespace": "*"}], {"name": "prod"}, True),
        ([{"server": PROD, "name": "other", "namespace": "*"}], {"name": "prod"}, True),
        ([{"server": "*", "namespace": "*"}, {"name": "!prod", "namespace": "only"}], {"name": "prod"}, False),
        ([{"server": "*", "namespace": "*"}, {"server": f"!{PROD}", "namespace": "only"}], {"name": "prod"}, True),
        ([{"server": "*", "namespace": "*"}, {"server": f"!{PROD}", "namespace": "*"}], {"name": "prod"}, False),
        ([{"server": "*", "namespace": "*"}, {"name": "prod", "namespace": "!team"}], {"name": "prod"}, True),
        ([{"server": "*", "namespace": "*"}, {"server": PROD, "namespace": "!team"}], {"name": "prod"}, False),
        ([{"name": "in-cluster", "namespace": "team"}], {"server": HERE}, True),
    ],
)
def test_a_cluster_is_permitted_as_argo_does(
    entries: list[dict[str, str]], destination: dict[str, str], allowed: bool
) -> None:
    clusters = (ClusterEntry("prod", PROD),)
    resolved = resolve_destination({"namespace": "team", **destination}, clusters)
    verdict = destination_permitted(project(destinations=entries), resolved, clusters)
    assert verdict.allowed is allowed
    assert not verdict.unverifiable


def test_a_cluster_that_is_not_declared_is_not_judged() -> None:
    held = project(destinations=[{"server": PROD, "namespace": "*"}])
    verdict = destination_permitted(held, resolve_destination({"name": "prod", "namespace": "team"}, None))
    assert "not declared" in verdict.unverifiable
    denying = project(destinations=[{"server": "*", "namespace": "*"}, {"server": f"!{PROD}", "namespace": "*"}])
    assert destination_permitted(denying, resolve_destination({"name": "prod"}, None)).unverifiable


def test_a_namespace_that_no_entry_has_is_denied_whatever_the_cluster() -> None:
    held = project(destinations=[{"server": PROD, "namespace": "shop"}])
    verdict = destination_permitted(held, resolve_destination({"name": "prod", "namespace": "team"}, None))
    assert not verdict.allowed
    assert verdict.pointer == ("spec", "destinations")


@pytest.mark.parametrize(("owner", "allowed"), [("team", True), ("other", False), ("", False)])
def test_only_a_projects_own_clusters_where_it_says_so(owner: str, allowed: bool) -> None:
    held = project(destinations=[{"server": "*", "namespace": "*"}], permitOnlyProjectScopedClusters=True)
    clusters = (ClusterEntry("prod", PROD, project=owner),)
    resolved = resolve_destination({"name": "prod", "namespace": "team"}, clusters)
    assert destination_permitted(held, resolved, clusters).allowed is allowed
    assert destination_permitted(held, resolved, None).unverifiable


def test_a_cluster_of_another_project_is_usable_otherwise() -> None:
    clusters = (ClusterEntry("prod", PROD, project="other"),)
    resolved = resolve_destination({"name": "prod", "namespace": "team"}, clusters)
    assert destination_permitted(
        project(destinations=[{"server": PROD, "namespace": "team"}]), resolved, clusters
    ).allowed


@pytest.mark.parametrize("server", [PROD, ""])
@pytest.mark.parametrize(
    ("owner", "entries", "namespace", "allowed"),
    [
        ("team", [], "team", True),
        ("team", [{"name": "prod", "namespace": "shop"}], "team", True),
        ("team", [{"name": "prod", "namespace": "!kube-system"}, {"name": "!prod"}], "team", False),
        ("other", [], "team", False),
        ("", [], "team", False),
    ],
)
def test_a_projects_own_cluster_adds_itself(
    server: str, owner: str, entries: list[dict[str, str]], namespace: str, allowed: bool
) -> None:
    clusters = (ClusterEntry("prod", server, project=owner),)
    resolved = resolve_destination({"name": "prod", "namespace": namespace}, clusters)
    verdict = destination_permitted(project(destinations=entries), resolved, clusters)
    assert (verdict.allowed, verdict.unverifiable) == (allowed, "")


def test_global_projects_add_but_own_denies_win() -> None:
    own = project(sourceRepos=["!https://h/secret"], destinations=[])
    merged = with_globals(own, [project(sourceRepos=["**"], destinations=[{"server": HERE, "namespace": "x"}])])
    assert source_permitted(merged, "https://h/open").allowed
    assert not source_permitted(merged, "https://h/secret").allowed
    assert destination_permitted(merged, Destination(HERE, "in-cluster", "x")).allowed
    assert own["spec"]["destinations"] == []


@pytest.mark.parametrize(
    ("entries", "namespace", "allowed"),
    [
        (["team-*"], "team-a", True),
        (["/eam-./"], "team-a", True),
        (["/^(?!team).*$/"], "team-a", False),
        (["!other"], "team-a", False),
        (["//"], "team-a", False),
        ([], "argocd", True),
        ([], "", True),
        ([], "team-a", False),
    ],
)
def test_source_namespaces(entries: list[str], namespace: str, allowed: bool) -> None:
    assert application_namespace_permitted(project(sourceNamespaces=entries), namespace, "argocd").allowed is allowed


def test_a_regular_expression_that_could_run_away_is_not_judged() -> None:
    assert application_namespace_permitted(project(sourceNamespaces=["/(a+)+$/"]), "a" * 60, "argocd").unverifiable


@pytest.mark.parametrize(
    ("spec", "kind", "namespaced", "allowed"),
    [
        ({}, ("apps", "Deployment"), True, True),
        ({"namespaceResourceWhitelist": []}, ("apps", "Deployment"), True, False),
        ({"namespaceResourceWhitelist": [{"group": "apps", "kind": "Deployment"}]}, ("apps", "Deployment"), True, True),
        (
            {"namespaceResourceWhitelist": [{"group": "apps", "kind": "deployment"}]},
            ("apps", "Deployment"),
            True,
            False,
        ),
        ({"namespaceResourceWhitelist": [{"group": "*", "kind": "ConfigMap"}]}, ("", "ConfigMap"), True, True),
        ({"namespaceResourceWhitelist": [{"group": "", "kind": "ConfigMap"}]}, ("", "ConfigMap"), True, True),
        ({"namespaceResourceWhitelist": [{"group": "core", "kind": "ConfigMap"}]}, ("", "ConfigMap"), True, False),
        ({"namespaceResourceBlacklist": [{"group": "", "kind": "Res*"}]}, ("", "ResourceQuota"), True, False),
        ({}, ("", "Namespace"), False, False),
        ({"clusterResourceWhitelist": [{"group": "", "kind": "Namespace"}]}, ("", "Namespace"), False, True),
        (
            {"clusterResourceWhitelist": [{"group": "", "kind": "Namespace", "name": "team-*"}]},
            ("", "Namespace"),
            False,
            True,
        ),
        (
            {"clusterResourceWhitelist": [{"group": "", "kind": "Namespace", "name": "x-*"}]},
            ("", "Namespace"),
            False,
            False,
        ),
        (
            {
                "clusterResourceWhitelist": [{"group": "*", "kind": "*"}],
                "clusterResourceBlacklist": [{"group": "", "kind": "Namespace"}],
            },
            ("", "Namespace"),
            False,
            False,
        ),
    ],
)
def test_a_kind_is_permitted_as_argo_does(
    spec: dict[str, Any], kind: tuple[str, str], namespaced: bool, allowed: bool
) -> None:
    assert kind_permitted(project(**spec), *kind, "team-a", namespaced=namespaced).allowed is allowed


def test_a_kind_verdict_names_its_list() -> None:
    held = project(namespaceResourceBlacklist=[{"group": "", "kind": "Secret"}, {"group": "", "kind": "Pod"}])
    assert kind_permitted(held, "", "Pod", "x", namespaced=True).pointer == ("spec", "namespaceResourceBlacklist", 1)
