"""`gitops-scaffold init`: what a repository shows becomes settings that validate takes, and nothing is overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest
from checking import check, lines, write
from running import Command

from scaffold import git, settings
from scaffold.assemble.ranks import rank
from scaffold.infer import infer
from scaffold.survey import survey


def _application(name: str, path: str, destination: str, sync: str = "") -> str:
    return f"""
# applications/{name}.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: {name}
  namespace: argocd
spec:
  project: default
  source:
    repoURL: https://git.example.com/example-org/deploy.git
    path: {path}
    targetRevision: v1.0.0
  destination:
    namespace: web
    {destination}
{sync}"""


_AUTOMATED = "  syncPolicy:\n    automated: {}\n"
_LOCAL, _AWAY = "server: https://kubernetes.default.svc", "server: https://eu-1.example.com:6443"


def _overlay(path: str) -> str:
    return f"# {path}/config.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n  namespace: web\n"


_ARGOCD = "\n".join(
    (
        _application("web-dev", "web/overlays/dev", _LOCAL, _AUTOMATED),
        _application("web-prod", "web/overlays/prod", _AWAY),
        _application("web-qa", "web/overlays/qa", _LOCAL, _AUTOMATED),
        *(_overlay(f"web/overlays/{name}") for name in ("dev", "qa", "prod")),
    )
)
_WRITTEN = """\
engine: argocd
# strict holds it to the layout that `gitops-scaffold new` writes, security hardens what it deploys.
profile: default
repository: "https://git.example.com/example-org/deploy.git"
control_plane: "in-cluster"
# Minor version of Kubernetes where a cluster names none; the newest where nothing is said.
# kubernetes: "1.34"
# Where overlays stand; the first that fits a directory says where it belongs.
paths:
  - "**/{application}/overlays/{environment}"
# In promotion order; environments of one stage are promoted to together.
environments:
  - name: "dev"
    stage: 0
    cluster: "in-cluster"
    gate: auto
  - name: "qa"
    stage: 1
    cluster: "in-cluster"
    gate: auto
  - name: "prod"
    stage: 2
    cluster: "eu-1.example.com"
    gate: manual
clusters:
  - name: "eu-1.example.com"
    server: "https://eu-1.example.com:6443"
  - name: "in-cluster"
    server: "https://kubernetes.default.svc"
"""


def test_everything_that_a_repository_of_argocd_shows(tmp_path: Path, command: Command) -> None:
    root = write(tmp_path, _ARGOCD)
    before = lines(check(root), root)
    result = command("init", root)
    assert (result.code, result.out) == (0, f"create {root / settings.NAME}\n")
    assert result.err == "environments: 3, clusters: 2; correct the file, then run `gitops-scaffold validate`\n"
    head, *_, body = (root / settings.NAME).read_text().partition("engine: ")
    assert head.startswith(f"# yaml-language-server: $schema={settings.schema()['$id']}\n")
    assert f"engine: {body}" == _WRITTEN
    assert lines(check(root), root) == before


def test_nothing_is_overwritten(tmp_path: Path, command: Command) -> None:
    root = write(tmp_path, _ARGOCD + "# .gitops-scaffold.yaml\nprofile: strict\n")
    result = command("init", root)
    assert (result.code, result.out) == (2, "")
    assert "'.gitops-scaffold.yaml' is there already; change it by hand, or remove it first" in result.err
    assert (root / settings.NAME).read_text() == "profile: strict\n"


def test_here_is_the_default_and_without_manifests_nothing_is_written(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert command("init").code == 3
    assert not list(tmp_path.iterdir())


_FLUX = "".join(
    f"""
# clusters/{name}/apps.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 10m
  path: ./apps/{name}
  prune: true
  sourceRef:
    kind: GitRepository
    name: flux-system
# clusters/{name}/flux-system/gotk-sync.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 1m
  url: https://git.example.com/example-org/fleet
  ref:
    branch: main
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 10m
  path: ./clusters/{name}
  prune: true
  sourceRef:
    kind: GitRepository
    name: flux-system
{_overlay(f"apps/{name}")}"""
    for name in ("staging", "production")
)


def test_clusters_of_flux_are_environments(tmp_path: Path) -> None:
    root = write(tmp_path, _FLUX)
    git.run(root, "init", "--quiet")
    git.run(root, "remote", "add", "origin", "https://git.example.com/example-org/fleet.git")
    (root / settings.NAME).write_text(infer(root).text)
    known = settings.read(root)
    assert (known.engine, known.repository) == ("flux", "https://git.example.com/example-org/fleet.git")
    found = [(item.name, item.stage, item.cluster, item.gate) for item in known.environments]
    assert found == [("staging", 0, "staging", "auto"), ("production", 1, "production", "auto")]
    assert [cluster.name for cluster in known.clusters] == ["production", "staging"]
    assert known.paths == ("**/clusters/{environment}", "apps/{environment}")
    assert survey(root).overlays["apps/production"].environment == "production"


def test_where_generators_choose_among_clusters_none_counts_before_all_are_there(tmp_path: Path) -> None:
    generator = """
# all.yaml
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: all
  namespace: argocd
spec:
  goTemplate: true
  goTemplateOptions: ["missingkey=error"]
  generators:
    - matrix:
        generators:
          - list:
              elements:
                - name: web
          - clusters: {}
  template:
    metadata:
      name: "{{ .name }}"
    spec:
      project: default
      source:
        repoURL: https://git.example.com/example-org/deploy.git
        path: web/overlays/dev
        targetRevision: v1.0.0
      destination:
        server: "{{ .server }}"
        namespace: web
"""
    root = write(tmp_path, _ARGOCD + generator)
    before = check(root)
    text = infer(root).text
    (root / settings.NAME).write_text(text)
    assert '    # cluster: "in-cluster"\n' in text
    assert '#   - name: "in-cluster"\n' in text
    assert not settings.read(root).clusters
    after = check(root)
    assert lines(after, root) == lines(before, root)
    assert after.summary.skipped == before.summary.skipped


OWN = {
    "an environment above": (["dev/web", "prod/web", "base/web"], ["{environment}/{application}"]),
    "an environment below": (["web/dev", "web/prod", "shop/dev"], ["{application}/{environment}"]),
    "among what is none": (["apps/dev", "apps/prod", "infra/a", "infra/b"], ["apps/{environment}"]),
    "deep down": (["k8s/web/eu-prod/x", "k8s/shop/eu-dev/x"], ["k8s/{application}/{environment}/*"]),
    "one only": (["k8s/dev", "k8s/web"], []),
    "mostly no environments": (["ns/dev", "ns/prod", "ns/a", "ns/b", "ns/c"], []),
    "usual ones": (
        ["a/envs/dev", "b/overlays/x/web"],
        ["**/{application}/envs/{environment}", "**/overlays/{environment}/{application}"],
    ),
}


@pytest.mark.parametrize("name", OWN)
def test_patterns_that_directories_suggest(name: str, tmp_path: Path) -> None:
    directories, expected = OWN[name]
    root = write(tmp_path, "".join(_overlay(path) for path in directories))
    (root / settings.NAME).write_text(infer(root).text)
    assert list(settings.read(root).paths) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("dev", 0),
        ("prod-eu", 3),
        ("eu-staging-2", 2),
        ("qa1", 1),
        ("home", None),
        ("production", 3),
        ("developer", None),
    ],
)
def test_names_say_where_in_the_order(name: str, expected: int | None) -> None:
    assert rank(name) == expected


def test_paths_of_the_settings_say_where_overlays_belong(tmp_path: Path) -> None:
    tree = (
        _overlay("live/eu/shop/web")
        + _overlay("overlays/dev")
        + "# .gitops-scaffold.yaml\npaths: ['*/{environment}/{team}/{application}']\n"
    )
    overlays = survey(write(tmp_path, tree)).overlays
    own = overlays["live/eu/shop/web"]
    assert (own.environment, own.team, own.application) == ("eu", "shop", "web")
    assert overlays["overlays/dev"].environment == ""


@pytest.mark.parametrize(
    ("paths", "why"),
    [
        ("['a/{enviroment}']", "2:3: part 'enviroment' is unknown; did you mean 'environment'?"),
        ("['{team}/{team}']", "2:3: '{team}/{team}' has a part twice; name each once"),
        ("[1]", "2:3: 1 is no string; put it in quotes"),
        ("{a: b}", "paths is no list; begin each entry with a dash"),
    ],
)
def test_paths_that_are_none(paths: str, why: str, tmp_path: Path, command: Command) -> None:
    root = write(tmp_path, _overlay("a") + f"# .gitops-scaffold.yaml\npaths:\n  {paths}\n")
    result = command("validate", root)
    assert result.code == 2
    assert why.removeprefix("2:3: ") in result.err
