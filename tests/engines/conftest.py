"""Engines as fixtures: a session has one API server, one Argo CD and one Flux at most, started when first asked for.

`api_server` judges manifests and runs nothing; `argo` and `flux` are shared by tests that bring objects of their own;
`own_argo` and `own_flux` belong to one module, for a fleet that wants the whole engine; `new_argo` and `new_flux` to
one test. None of the kinds that the modules `argocd` and `flux` list as left out ever gets a status here, unless a
test has the module `elsewhere` give it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engines import agreements, binaries, golang
from engines.argocd import ArgoCD
from engines.control_plane import ControlPlane
from engines.definitions import custom_resources
from engines.flux import Flux
from engines.processes import Keeper

_LOG_LINES = 8
_running: dict[str, Keeper] = {}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave these tests out unless they were asked for."""
    here = Path(__file__).parent
    own = [item for item in items if item.path.is_relative_to(here)]
    for item in own:
        item.add_marker(pytest.mark.engines)
    if "engines" not in config.getoption("markexpr") and not any("engines" in path for path in config.args):
        items[:] = [item for item in items if item not in own]
        config.hook.pytest_deselected(items=own)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Attach the end of the logs of a failed test's engine."""
    report = yield
    names = getattr(item, "fixturenames", ())
    keepers = [keeper for name, keeper in _running.items() if name in names]
    if report.failed:
        report.sections += [(f"log of {name}", text) for keeper in keepers for name, text in keeper.logs(_LOG_LINES)]
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many cases of each area agree, and why the others do not have to."""
    for line in agreements.table(terminalreporter.stats):
        terminalreporter.write_line(line)


@pytest.fixture(scope="session", autouse=True)
def _programs() -> None:
    """Nothing is built here: `make engines` has done so, and says what is missing."""
    if absent := golang.missing():
        pytest.skip(f"{absent} is missing")
    if lacking := binaries.lacking():
        pytest.skip(f"not built: {', '.join(program.name for program in lacking)}; run `make engines`")


@pytest.fixture(scope="session")
def api_server(_programs: None, _own_git: None) -> Iterator[ControlPlane]:
    """An API server that knows every kind that generated repositories hold."""
    with _control_plane("api_server") as control:
        control.serve()
        control.kube.create(*custom_resources())
        control.keeper.wait("all kinds are served", 60, control.kube.established)
        yield control


@pytest.fixture(scope="session")
def argo(_programs: None, _own_git: None) -> Iterator[ArgoCD]:
    """Argo CD for tests that bring projects, generators and applications with names of their own."""
    with _argo("argo") as running:
        yield running


@pytest.fixture(scope="module")
def own_argo(_programs: None, _own_git: None) -> Iterator[ArgoCD]:
    """Argo CD as it is right after its installation, for one module."""
    with _argo("own_argo") as running:
        yield running


@pytest.fixture(scope="module")
def segmented_argo(_programs: None, _own_git: None) -> Iterator[ArgoCD]:
    """Argo CD that is told that `*` in the path of a files generator stays in one directory."""
    with _argo("segmented_argo", ARGOCD_APPLICATIONSET_CONTROLLER_ENABLE_NEW_GIT_FILE_GLOBBING="true") as running:
        yield running


@pytest.fixture
def new_argo(_programs: None, _own_git: None) -> Iterator[ArgoCD]:
    """Argo CD as it is right after its installation, for one test."""
    with _argo("new_argo") as running:
        yield running


@pytest.fixture(scope="session")
def flux(_programs: None, _own_git: None) -> Iterator[Flux]:
    """Flux that follows nothing yet."""
    with _flux("flux") as running:
        running.install()
        yield running


@pytest.fixture(scope="module")
def own_flux(_programs: None, _own_git: None) -> Iterator[Flux]:
    """A control plane that Flux is still to be installed in, for one module."""
    with _flux("own_flux") as running:
        yield running


@pytest.fixture
def new_flux(_programs: None, _own_git: None) -> Iterator[Flux]:
    """A control plane that Flux is still to be installed in, for one test."""
    with _flux("new_flux") as running:
        yield running


@contextmanager
def _argo(fixture: str, **told: str) -> Iterator[ArgoCD]:
    with _control_plane(fixture) as control:
        control.serve()
        control.run()
        running = ArgoCD(control, **told)
        running.install()
        yield running


@contextmanager
def _flux(fixture: str) -> Iterator[Flux]:
    with _control_plane(fixture) as control:
        control.serve()
        control.run()
        yield Flux(control)


@contextmanager
def _control_plane(fixture: str) -> Iterator[ControlPlane]:
    with Keeper() as keeper:
        _running[fixture] = keeper
        try:
            yield ControlPlane(keeper)
        finally:
            del _running[fixture]
