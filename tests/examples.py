"""Write the trees in examples/ anew, with the commands that a user would type: `python tests/examples.py [NAME…]`.

An answers file records the commit of the template that wrote it. The examples belong to the version that carries them,
so they record its tag.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import scaffold
from scaffold import git
from scaffold.cli import main

EXAMPLES = Path(__file__).parent.parent / "examples"
_CHART = Path(__file__).parent / "fixtures" / "charts" / "web"
_WEB_CHART = (
    "source=chart",
    "chart_name=web",
    "chart_version=1.0.0",
    "chart_repository=file://../../../../../charts/web",
)
_TWO_CLUSTERS = (
    "environments=[{name: dev}, {name: staging}, {name: production, cluster: eu-1, gate: manual}]",
    "clusters=[{name: eu-1, server: 'https://eu-1.example.com:6443'}]",
    "monitoring=true",
)


def argocd_monorepo(repository: Path) -> None:
    """Two teams on two clusters: an application from manifests with every option, one from a chart kept here."""
    _new(repository, *_TWO_CLUSTERS)
    _keep_chart(repository)
    _add(repository, "team", "checkout")
    _add(repository, "team", "catalog", "--environment", "dev", "--environment", "production")
    every = ("autoscaling=true", "route=gateway", "host=payments.example.com", "service_monitor=true")
    _add(repository, "app", "payments", "--team", "checkout", *_data(*every))
    _add(repository, "app", "search", "--team", "checkout", *_data(*_WEB_CHART))
    _add(repository, "app", "shelf", "--team", "catalog")


def flux_monorepo(repository: Path) -> None:
    """Two teams on two clusters, each with a Flux of its own: applications from manifests and from a chart."""
    _new(repository, "engine=flux", *_TWO_CLUSTERS)
    _add(repository, "team", "checkout")
    _add(repository, "team", "catalog", "--environment", "dev", "--environment", "production")
    every = ("autoscaling=true", "route=gateway", "host=payments.example.com", "service_monitor=true")
    _add(repository, "app", "payments", "--team", "checkout", *_data(*every))
    _add(repository, "app", "search", "--team", "checkout", *_data("source=chart"))
    _add(repository, "app", "shelf", "--team", "catalog")


def argocd_regions(repository: Path) -> None:
    """One cluster, and environments with names of their own, of which two are regions of one stage."""
    regions = "{name: eu-1, stage: 1, gate: manual}, {name: us-1, stage: 1, gate: manual}"
    _new(repository, f"environments=[{{name: lab}}, {regions}]", "ci=gitlab", "image_updates=ci")
    _add(repository, "team", "checkout")
    _add(repository, "app", "payments", "--team", "checkout", *_data("route=ingress", "host=payments.example.com"))


def argocd_platform(repository: Path) -> None:
    """Argo CD from its chart with sign-on, alerts, messages and credentials from a store, and a cluster elsewhere."""
    _new(
        repository,
        "environments=[{name: dev}, {name: staging}, {name: production, cluster: eu-1, gate: manual}]",
        "clusters=[{name: eu-1, server: 'https://eu-1.example.com:6443'}]",
        *("argocd_install=chart", "argocd_route=gateway", "high_availability=true", "sso=oidc", "webhook=github"),
        *(
            "ansible_pull=true",
            "terraform=atlantis",
            "monitoring=true",
            "notifications=slack",
            "secrets=external-secrets",
            "image_updates=ci",
        ),
    )
    _add(repository, "team", "checkout")
    every = ("route=gateway", "host=payments.example.com", "service_monitor=true", "external_secret=true")
    _add(repository, "app", "payments", "--team", "checkout", *_data(*every))


def argocd_empty(repository: Path) -> None:
    """A fleet before its first team."""
    _new(repository)


_FEW_REPOSITORIES = (
    "topology=multi-repo",
    "secrets=external-secrets",
    "monitoring=true",
    "ci=gitlab",
    "environments=[{name: dev}, {name: production, cluster: eu-1, gate: manual}]",
    "clusters=[{name: eu-1, server: 'https://eu-1.example.com:6443'}]",
)


def argocd_multi_repo(repository: Path) -> None:
    """A fleet whose team has a repository of its own, which the next one is."""
    _new(repository, *_FEW_REPOSITORIES)
    _register(repository)


def argocd_multi_repo_checkout(repository: Path) -> None:
    """That team's repository: an application from manifests, one from a chart kept there."""
    fleet = repository.with_name("registered")
    argocd_multi_repo(fleet)
    _run("new", str(repository), "--fleet", str(fleet), "--team", "checkout", "--data", "image_updates=ci")
    _keep_chart(repository)
    every = ("route=gateway", "host=payments.example.com", "service_monitor=true", "external_secret=true")
    _add(repository, "app", "payments", *_data(*every))
    _add(repository, "app", "search", *_data(*_WEB_CHART[:-1], "chart_repository=file://../../../../charts/web"))


def flux_multi_repo(repository: Path) -> None:
    """The same for Flux, with a credential for each repository."""
    _new(repository, "engine=flux", "git_secret=git", *_FEW_REPOSITORIES)
    _register(repository)


def flux_multi_repo_checkout(repository: Path) -> None:
    """That team's repository, with an application from manifests and one from a chart."""
    fleet = repository.with_name("registered")
    flux_multi_repo(fleet)
    _run("new", str(repository), "--fleet", str(fleet), "--team", "checkout")
    _add(repository, "app", "payments", *_data("route=gateway", "host=payments.example.com", "external_secret=true"))
    _add(repository, "app", "search", *_data("source=chart"))


WRITERS: dict[str, Callable[[Path], None]] = {
    "argocd-empty": argocd_empty,
    "argocd-monorepo": argocd_monorepo,
    "argocd-multi-repo": argocd_multi_repo,
    "argocd-multi-repo-checkout": argocd_multi_repo_checkout,
    "argocd-platform": argocd_platform,
    "argocd-regions": argocd_regions,
    "flux-monorepo": flux_monorepo,
    "flux-multi-repo": flux_multi_repo,
    "flux-multi-repo-checkout": flux_multi_repo_checkout,
}


def write(name: str, target: Path) -> None:
    """Write one example into a directory that is not there yet."""
    with tempfile.TemporaryDirectory() as directory:
        repository = Path(directory, "fleet")
        WRITERS[name](repository)
        shutil.rmtree(repository / ".git")
        for path in repository.rglob(".copier-answers.yml"):
            version = f"_commit: v{scaffold.__version__}"
            path.write_text(re.sub(r"^_commit: .*$", version, path.read_text(), flags=re.MULTILINE))
        shutil.copytree(repository, target)


def _new(repository: Path, *answers: str) -> None:
    _run("new", str(repository), "--defaults", *_data(*answers))


def _add(repository: Path, *arguments: str) -> None:
    _run("add", *arguments, "--repository", str(repository))
    _commit(repository)


def _register(fleet: Path) -> None:
    _add(fleet, "team", "checkout", *_data("team_repository_url=https://git.example.com/checkout/applications.git"))


def _keep_chart(repository: Path) -> None:
    shutil.copytree(_CHART, repository / "charts" / "web")
    _commit(repository)


def _commit(repository: Path) -> None:
    git.run(repository, "add", "--all")
    who = ("-c", "user.name=example", "-c", "user.email=example@example.com")
    git.run(repository, *who, "commit", "--quiet", "--message", "A state")


def _data(*answers: str) -> list[str]:
    return [part for answer in answers for part in ("--data", answer)]


def _run(*arguments: str) -> None:
    code = main(arguments)
    if code:
        sys.exit(f"gitops-scaffold {' '.join(arguments)} ended with {code}")


if __name__ == "__main__":
    for example in sys.argv[1:] or WRITERS:
        shutil.rmtree(EXAMPLES / example, ignore_errors=True)
        write(example, EXAMPLES / example)
