"""`diff`: what a change does to what the engines deploy, and what of it is dangerous."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from checking import write
from running import Command, commit

from scaffold import git, parse
from scaffold.compare.dangers import dangers
from scaffold.compare.nouns import Change
from scaffold.model import Manifest

_APP = "apps/checkout/payments"


def _replace(path: Path, old: str, new: str) -> None:
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def _overlay(environment: str) -> str:
    return f"{_APP}/overlays/{environment}"


def _tag(fleet: Path, environment: str, version: str) -> None:
    path = fleet / _overlay(environment) / "kustomization.yaml"
    path.write_text(path.read_text().replace('newTag: "1.0.0"', f'newTag: "{version}"'))


def test_only_what_a_change_reaches_is_rendered(command: Command, fleet: Path) -> None:
    _tag(fleet, "production", "1.1.0")
    result = command("diff", "--root", fleet)
    assert result.out == (
        "=== apps/checkout/payments/overlays/production (production, gate manual)\n"
        "--- Deployment checkout-production/payments before\n"
        "+++ Deployment checkout-production/payments after\n"
        "@@ -19,7 +19,7 @@\n"
        "     spec:\n"
        "       automountServiceAccountToken: false\n"
        "       containers:\n"
        "-      - image: registry.example.com/checkout/payments:1.0.0\n"
        "+      - image: registry.example.com/checkout/payments:1.1.0\n"
        "         livenessProbe:\n"
        "           httpGet:\n"
        "             path: /healthz\n"
    )
    assert (result.code, result.err.startswith("objects that change: 1, dangers: 0, overlays rendered: 1 of ")) == (
        0,
        True,
    )
    assert command("diff", "--root", fleet, "--fail-on", "change").code == 1


def test_base_reaches_every_environment(command: Command, fleet: Path) -> None:
    _replace(fleet / _APP / "base/deployment.yaml", "revisionHistoryLimit: 3", "revisionHistoryLimit: 9")
    headings = [line for line in command("diff", "--root", fleet).out.splitlines() if line.startswith("===")]
    assert headings == [
        f"=== {_overlay('dev')} (dev, gate auto)",
        f"=== {_overlay('production')} (production, gate manual)",
        f"=== {_overlay('staging')} (staging, gate auto)",
    ]


def test_commits_and_files_are_told_apart(command: Command, fleet: Path) -> None:
    start = git.run(fleet, "rev-parse", "HEAD").strip()
    _tag(fleet, "dev", "1.1.0")
    commit(fleet)
    git.run(fleet, "switch", "--quiet", "-c", "change")
    _tag(fleet, "staging", "1.1.0")
    commit(fleet)
    git.run(fleet, "switch", "--quiet", "main")
    _tag(fleet, "production", "1.1.0")

    def places(*arguments: str) -> list[str]:
        found = json.loads(command("diff", *arguments, "--format", "json", "--root", fleet).out)
        return [item["environment"] for item in found["differences"]]

    assert places() == ["production"]
    assert places(start) == ["dev", "production"]
    assert places(f"{start}..main") == ["dev"]
    assert places("main...change") == ["staging"]
    assert places(f"{start}..change") == ["dev", "staging"]
    git.run(fleet, "restore", ".")
    assert places("HEAD..change") == ["staging"]
    assert git.run(fleet, "worktree", "list").count("\n") == 1
    unknown = command("diff", "v9", "--root", fleet)
    assert (unknown.code, unknown.out) == (2, "")


def test_removed_application_is_dangerous(command: Command, fleet: Path) -> None:
    shutil.rmtree(fleet / _overlay("dev"))
    result = command("diff", "--root", fleet)
    assert result.code == 1
    assert "=== what the engine creates\n--- Application argocd/checkout-payments-dev before\n" in result.out
    assert result.out.splitlines()[-1] == (
        "dangerous: what the engine creates: Application argocd/checkout-payments-dev: it goes, and everything that it "
        "deployed with it"
    )


def test_new_application_is_not(command: Command, fleet: Path) -> None:
    assert command("add", "app", "search", "--team", "checkout", "--repository", fleet).code == 0
    result = command("diff", "--root", fleet)
    assert result.code == 0
    assert "+++ Application argocd/checkout-search-production after\n" in result.out
    assert result.out.count("\n=== apps/checkout/search/overlays/") == 3


def test_page_for_a_pull_request(command: Command, fleet: Path) -> None:
    _replace(fleet / _APP / "base/deployment.yaml", "      app.kubernetes.io/name:", "      example.com/name:")
    page = command("diff", "--format", "markdown", "--root", fleet)
    assert page.code == 1
    assert page.out.startswith(
        "<!-- gitops-scaffold diff -->\n### What this changes\n\nobjects that change: 3, dangers: "
    )
    fact = (
        "Deployment checkout-dev/payments: spec.selector changes, which the API server refuses; it has to be made anew"
    )
    assert f"\n**Dangerous:**\n\n- `{_overlay('dev')}`: {fact}\n" in page.out
    assert "\n| dev | checkout/payments | 1 changed | auto |\n" in page.out
    assert page.out.count("<details>") == page.out.count("</details>") == 3
    short = command("diff", "--format", "markdown", "--limit", "2000", "--root", fleet)
    assert len(short.out) <= 2000
    assert " more do not fit here; `gitops-scaffold diff HEAD..` shows them.\n" in short.out


def test_what_cannot_be_rendered_is_said(command: Command, fleet: Path) -> None:
    _replace(fleet / _overlay("dev") / "kustomization.yaml", "../../base", "../../basis")
    result = command("diff", "--root", fleet, "--fail-on", "change")
    assert result.code == 1
    assert "cannot be rendered: 'apps/checkout/payments/basis' is not there\n" in result.out


def test_values_of_secrets_are_hidden(command: Command, tmp_path: Path) -> None:
    overlay = tmp_path / "apps/shop/web/overlays/dev"
    overlay.mkdir(parents=True)
    (overlay / "secret.yaml").write_text(
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: web\nstringData:\n  user: alice\n  password: first\n"
    )
    git.run(tmp_path, "init", "--quiet")
    commit(tmp_path)
    _replace(overlay / "secret.yaml", "first", "second")
    result = command("diff", "--root", tmp_path)
    assert "-  password: hidden\n+  password: hidden, changed\n   user: hidden\n" in result.out
    assert not {word for word in ("first", "second", "alice") if word in result.out}


_KEEP = "argocd.argoproj.io/sync-options: Prune=false"
_CLAIM = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: a}\n"
_DEFINITION = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a}\n"
_PAIRS = {
    "claim that shrinks": (
        _CLAIM + "spec: {resources: {requests: {storage: 1Ti}}}",
        _CLAIM + "spec: {resources: {requests: {storage: 900Gi}}}",
        "PersistentVolumeClaim a: the requested storage shrinks, which the API server refuses",
    ),
    "claim that grows": (
        _CLAIM + "spec: {resources: {requests: {storage: 900Mi}}}",
        _CLAIM + "spec: {resources: {requests: {storage: 1Gi}}}",
        "",
    ),
    "claim that goes": (
        _CLAIM,
        "",
        "PersistentVolumeClaim a: it is deleted: its data goes with it where the volume is not retained",
    ),
    "config map that goes": ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}", "", ""),
    "object that moves": (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: one}\ndata: {a: b}",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: two}\ndata: {a: b}",
        "ConfigMap one/a: it moves to ConfigMap two/a, so it is deleted here and made anew there",
    ),
    "service that selects others": (
        "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {selector: {app: a}}",
        "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {selector: {app: b}}",
        "Service a: spec.selector changes, so its traffic goes to other pods at once",
    ),
    "role of a binding": (
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: a}\nroleRef: {name: view}",
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: a}\nroleRef: {name: edit}",
        "RoleBinding a: roleRef changes, which the API server refuses; it has to be made anew",
    ),
    "volumes of a stateful set": (
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: a}\nspec: {volumeClaimTemplates: []}",
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: a}\nspec: {volumeClaimTemplates: [{metadata: {}}]}",
        "StatefulSet a: spec.volumeClaimTemplates changes, which the API server refuses; it has to be made anew",
    ),
    "immutable config map": (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nimmutable: true\ndata: {a: b}",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nimmutable: true\ndata: {a: c}",
        "ConfigMap a: its data changes though it is immutable, which the API server refuses",
    ),
    "version of a definition": (
        _DEFINITION + "spec: {versions: [{name: v1, served: true}, {name: v2, served: true}]}",
        _DEFINITION + "spec: {versions: [{name: v2, served: true}]}",
        "CustomResourceDefinition a: version v1 is not served any more, so objects written in it are refused",
    ),
}

_ARGO = "apiVersion: argoproj.io/v1alpha1\nkind: "
_FLUX = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a, namespace: b}\n"
_RELEASE = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: a, namespace: b}\n"
_WITH_IT = "it goes, and everything that it deployed with it"
_LEFT = "it goes, and what it deployed is left behind"
_PAIRS |= {
    "application that cascades": (
        _ARGO + "Application\nmetadata: {name: a, finalizers: [resources-finalizer.argocd.argoproj.io/background]}",
        "",
        f"Application a: {_WITH_IT}",
    ),
    "application that does not": (_ARGO + "Application\nmetadata: {name: a}", "", f"Application a: {_LEFT}"),
    "application that goes elsewhere": (
        _ARGO + "Application\nmetadata: {name: a}\nspec: {destination: {name: one}}",
        _ARGO + "Application\nmetadata: {name: a}\nspec: {destination: {name: two}}",
        "Application a: its destination changes; what it deployed is left behind where it was",
    ),
    "application set": (
        _ARGO + "ApplicationSet\nmetadata: {name: a}",
        "",
        "ApplicationSet a: it goes, and its applications with it, and everything that they deployed",
    ),
    "application set that preserves": (
        _ARGO + "ApplicationSet\nmetadata: {name: a}\nspec: {syncPolicy: {preserveResourcesOnDeletion: true}}",
        "",
        "ApplicationSet a: it goes, and its applications with it; what they deployed is left behind",
    ),
    "project": (
        _ARGO + "AppProject\nmetadata: {name: a}",
        "",
        "AppProject a: it goes, and applications in it deploy nothing any more",
    ),
    "kustomization that prunes": (_FLUX + "spec: {prune: true}", "", f"Kustomization b/a: {_WITH_IT}"),
    "kustomization that does not": (_FLUX + "spec: {prune: false}", "", f"Kustomization b/a: {_LEFT}"),
    "kustomization that deletes": (
        _FLUX + "spec: {prune: false, deletionPolicy: Delete}",
        "",
        f"Kustomization b/a: {_WITH_IT}",
    ),
    "kustomization that orphans": (
        _FLUX + "spec: {prune: true, deletionPolicy: Orphan}",
        "",
        f"Kustomization b/a: {_LEFT}",
    ),
    "kustomization with another name": (
        _FLUX + "spec: {prune: true}",
        _FLUX.replace("name: a", "name: c") + "spec: {prune: true}",
        f"Kustomization b/a: {_WITH_IT}",
    ),
    "kustomization of another cluster": (
        _FLUX + "spec: {kubeConfig: {secretRef: {name: one}}}",
        _FLUX + "spec: {kubeConfig: {secretRef: {name: two}}}",
        "Kustomization b/a: its kubeConfig changes; what it deployed is left behind where it was",
    ),
    "release": (_RELEASE, "", "HelmRelease b/a: it goes, and its release is uninstalled"),
    "release that is suspended": (
        _RELEASE + "spec: {suspend: true}",
        "",
        "HelmRelease b/a: it goes, and its release is left behind",
    ),
    "release in another namespace": (
        _RELEASE + "spec: {}",
        _RELEASE + "spec: {targetNamespace: c, releaseName: a}",
        "HelmRelease b/a: its release b/a kept in b becomes c/a kept in b, so the old one is uninstalled",
    ),
    "release with the name that it had": (_RELEASE + "spec: {}", _RELEASE + "spec: {releaseName: a}", ""),
    "release kept elsewhere": (
        _RELEASE + "spec: {}",
        _RELEASE + "spec: {storageNamespace: c}",
        "HelmRelease b/a: its release b/a kept in b becomes b/a kept in c, so the old one is uninstalled",
    ),
    "release of another chart": (
        _RELEASE + "spec: {chart: {spec: {chart: one}}}",
        _RELEASE + "spec: {chart: {spec: {chart: two}}}",
        "HelmRelease b/a: its chart 'one' becomes 'two', so the release of the old one is uninstalled",
    ),
    "namespace that is not pruned": (
        f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: a, annotations: {{{_KEEP}}}}}",
        "",
        "",
    ),
}


@pytest.mark.parametrize("name", _PAIRS)
def test_danger(name: str) -> None:
    before, after, said = _PAIRS[name]
    sides = [[Manifest(data, "") for data in parse.documents(text, "") if data] for text in (before, after)]
    identities = {manifest.identity for side in sides for manifest in side}
    known = [{manifest.identity: manifest.data for manifest in side} for side in sides]
    changes = [Change(item, known[0].get(item), known[1].get(item)) for item in sorted(identities)]
    assert [f"{item.subject}: {item.fact}" for item in dangers(changes, pruned=True, keep=_KEEP)] == (
        [said] if said else []
    )


_ENGINES = {
    "Flux": """
# {name}.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: {name}, namespace: flux-system}}
spec:
  interval: 10m
  path: ./{name}
  prune: true
  dependsOn: {after}
  sourceRef: {{kind: GitRepository, name: flux-system}}
""",
    "Argo CD": """
# {name}.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, namespace: argocd, annotations: {{example.com/after: "{after}"}}}}
spec:
  project: default
  source: {{repoURL: https://git.example.com/fleet.git, path: {name}, targetRevision: main}}
  destination: {{name: in-cluster, namespace: web}}
  syncPolicy: {{automated: {{prune: true}}}}
""",
}
_STAYS = """
# {name}/stays.yaml
apiVersion: v1
kind: ConfigMap
metadata: {{name: {name}, namespace: web}}
"""
_DATABASE = """
# one/database.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: web}
spec: {serviceName: db}
# one/settings.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: web}
"""
_FATE = "if it is deleted here first, its pods go at once and its volumes are left behind"


@pytest.mark.parametrize(
    ("engine", "after", "said"),
    [
        ("Flux", "[]", f"it moves to Kustomization flux-system/two, and {_FATE}"),
        ("Flux", "[{name: two}]", ""),
        ("Argo CD", "", f"it moves to Application argocd/two, and {_FATE}"),
    ],
)
def test_what_another_one_takes_is_in_danger_while_it_is_nobodys(
    engine: str, after: str, said: str, command: Command, tmp_path: Path
) -> None:
    none = "[]" if engine == "Flux" else ""
    deployers = _ENGINES[engine].format(name="one", after=after) + _ENGINES[engine].format(name="two", after=none)
    root = write(tmp_path, deployers + _STAYS.format(name="one") + _STAYS.format(name="two") + _DATABASE)
    git.run(root, "init", "--quiet")
    git.run(root, "remote", "add", "origin", "https://git.example.com/fleet.git")
    commit(root)
    for name in ("database.yaml", "settings.yaml"):
        (root / "one" / name).rename(root / "two" / name)
    found = json.loads(command("diff", "--root", root, "--format", "json").out)
    facts = [(each["subject"], each["fact"]) for item in found["differences"] for each in item["dangers"]]
    assert facts == ([("StatefulSet web/db", said)] if said else [])
    assert [len(item["changes"]) for item in found["differences"]] == [2, 2]
