"""`rbac can` and `rbac who-can`: the policy of a repository, asked from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from checking import write
from running import Command

from scaffold import discover, load, parse
from scaffold.assemble.argocd_settings import made
from scaffold.render import builders, kustomize

_FLEET = """
# argocd/rbac.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-rbac-cm
data:
  policy.csv: |
    # people
    p, role:dev, applications, sync, shop/*, allow

    p, role:dev, applications, delete, shop/*, deny
    g, example-org:dev, role:dev
# argocd/shop.yaml
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: shop
spec:
  roles:
    - name: releaser
      policies:
        - p, proj:shop:releaser, applications, sync, shop/*, allow
      groups: [shop-releasers]
"""
_SYNC = "p, role:dev, applications, sync, shop/*, allow"
_DENY = "p, role:dev, applications, delete, shop/*, deny"
_RELEASER = "p, proj:shop:releaser, applications, sync, shop/*, allow"
_VALUES = """
# platform/values.yaml
argo-cd:
  configs:
    rbac:
      create: true
      policy.default: role:readonly
      policy.csv: |
        g, example-org:platform, role:admin
"""

_GENERATED = """
# argocd/namespace.yaml
apiVersion: v1
kind: Namespace
metadata:
  name: argocd
# argocd/envs
# argocd/kustomization.yaml
resources: [namespace.yaml]
configMapGenerator:
  - name: argocd-rbac-cm
    files: [policy.csv]
    literals: [policy.default=, 'scopes="[groups]"', "policy.matchMode='glob'", 'policy.x="', "y=a=b"]
  - name: argocd-cm
    envs: [envs]
generatorOptions:
  disableNameSuffixHash: true
"""


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        ("example-org:dev sync app shop/web", 0, f"yes: {_SYNC!r} in argocd/rbac.yaml:8"),
        ("example-org:dev delete app shop/web", 1, f"no: {_DENY!r} in argocd/rbac.yaml:10"),
        ("alice sync app shop/web", 1, "no: no line permits it"),
        ("alice sync app shop/web --group shop-releasers", 0, f"yes: {_RELEASER!r} in argocd/shop.yaml:9"),
        ("admin get projects shop", 0, "yes: 'p, role:readonly, projects, get, *, allow' is built in"),
    ],
)
def test_an_answer_with_its_line(command: Command, tmp_path: Path, asked: str, code: int, said: str) -> None:
    write(tmp_path, _FLEET)
    result = command("rbac", "can", *asked.split(), "--root", str(tmp_path))
    assert (result.code, result.out) == (code, f"{said}\n")


def test_who_can(command: Command, tmp_path: Path) -> None:
    write(tmp_path, _FLEET)
    result = command("rbac", "who-can", "sync", "app", "shop/web", "--root", str(tmp_path))
    names = [line.partition(": '")[0] for line in result.out.splitlines()]
    assert names == ["admin", "example-org:dev", "proj:shop:releaser", "role:admin", "role:dev", "shop-releasers"]
    assert command("rbac", "who-can", "invoke", "extensions", "x", "--root", str(tmp_path)).code == 1


def test_values_of_the_chart_set_a_policy_too(command: Command, tmp_path: Path) -> None:
    write(tmp_path, _VALUES)
    (tmp_path / "namespace.yaml").write_text("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: argocd\n")
    result = command("rbac", "can", "example-org:platform", "delete", "app", "a/b", "--root", str(tmp_path))
    assert result.code == 0
    assert command("rbac", "can", "anybody", "get", "app", "a/b", "--root", str(tmp_path)).code == 0


def test_a_policy_that_a_kustomization_makes_of_a_file(command: Command, tmp_path: Path) -> None:
    write(tmp_path, _GENERATED)
    (tmp_path / "argocd/policy.csv").write_text("# people\np, anybody, applications, get, shop/*, allow\n")
    answered = "yes: 'p, anybody, applications, get, shop/*, allow' in argocd/policy.csv:2\n"
    assert command("rbac", "can", "anybody", "get", "app", "shop/b", "--root", str(tmp_path)).out == answered


def test_what_is_made_is_what_kustomize_makes(tmp_path: Path) -> None:
    write(tmp_path, _GENERATED)
    (tmp_path / "argocd/policy.csv").write_text("p, anybody, applications, get, shop/*, allow\n# näher\n\n")
    (tmp_path / "argocd/envs").write_text("# known\na=1\n  b = 2 \nc=x=y\nd=\n\n e='q'\n")
    built = parse.rendered(kustomize.build(builders.find(), tmp_path, "argocd"))
    expected = {item["metadata"]["name"]: item["data"] for item in built if item["kind"] == "ConfigMap"}
    path = "argocd/kustomization.yaml"
    file = load.source_file(path, (tmp_path / path).read_bytes())
    found = [item.file.documents for item in made(discover.tree(tmp_path), {path: file})]
    assert {item[0]["metadata"]["name"]: item[0]["data"] for item in found if item} == expected


def test_nothing_outside_the_tree_is_read(command: Command, tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("a secret\n")
    root = tmp_path / "root"
    root.mkdir()
    write(root, _GENERATED)
    (root / "argocd/policy.csv").symlink_to(tmp_path / "outside")
    found = command("validate", str(root))
    assert "secret" not in found.out + found.err


def test_two_policies_are_told_apart_by_their_file(command: Command, tmp_path: Path) -> None:
    write(tmp_path, _FLEET)
    write(tmp_path, _VALUES)
    asked = ("rbac", "can", "anybody", "get", "app", "a/b", "--root", str(tmp_path))
    result = command(*asked)
    assert (result.code, result.out) == (2, "")
    assert "in 'argocd/rbac.yaml' and 'platform/values.yaml'; name one file with --policy" in result.err
    assert command(*asked, "--policy", str(tmp_path / "platform/values.yaml")).code == 0
    csv = tmp_path / "policy.csv"
    csv.write_text("# nothing\np, anybody, applications, get, */*, allow\n")
    assert command(*asked, "--policy", str(csv)).out.endswith("in policy.csv:2\n")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("snc", "app"), "applications have no action 'snc'; did you mean 'sync'?"),
        (("get", "pods"), "resource 'pods' does not exist; known are accounts"),
        (("sync/web", "app"), "action 'sync' of applications takes no path"),
    ],
)
def test_what_cannot_be_asked_says_what_can(
    command: Command, tmp_path: Path, asked: tuple[str, str], said: str
) -> None:
    write(tmp_path, _FLEET)
    result = command("rbac", "can", "alice", *asked, "--root", str(tmp_path))
    assert result.code == 2
    assert said in result.err


def test_a_policy_that_argo_cd_refuses_is_named(command: Command, tmp_path: Path) -> None:
    write(tmp_path, _FLEET)
    csv = tmp_path / "policy.csv"
    csv.write_text("p, alice\n")
    result = command("rbac", "can", "alice", "get", "app", "--root", str(tmp_path), "--policy", str(csv))
    assert result.code == 2
    assert "policy.csv: policy line 'p, alice' is refused, it has 2 fields, not the 6 of" in result.err
