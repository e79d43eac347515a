"""The page about a fleet: each question that it is opened for is answered by one place of it."""

from __future__ import annotations

import datetime
import json
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup, Tag
from running import Command

from scaffold import git

OVERLAYS = Path("apps/checkout/payments/overlays")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")


def _say(repository: Path, environment: str, tag: str, days_ago: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commit a tag for payments in one environment, some days ago."""
    path = repository / OVERLAYS / environment / "kustomization.yaml"
    before = path.read_text()
    old = next(line for line in before.splitlines() if "newTag:" in line)
    path.write_text(before.replace(old, f"{old.partition(':')[0]}: {tag}"))
    date = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=days_ago)
    for name in ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"):
        monkeypatch.setenv(name, date.isoformat())
    git.run(repository, "commit", "--quiet", "--all", "--message", f"checkout: Bump payments to {tag} in {environment}")


@pytest.fixture
def moved(fleet: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fleet where payments 2.4.1 went to production 30 days ago, and 2.5.0 to staging 9 days ago."""
    for environment in ("dev", "staging", "production"):
        _say(fleet, environment, "2.4.1", 30, monkeypatch)
    for environment in ("dev", "staging"):
        _say(fleet, environment, "2.5.0", 9, monkeypatch)
    return fleet


def _page(repository: Path, command: Command) -> BeautifulSoup:
    done = command("report", repository)
    assert done.code == 0
    return BeautifulSoup(done.out, "html.parser")


def _one(page: BeautifulSoup, selector: str) -> Tag:
    found = page.select(selector)
    assert len(found) == 1, f"{len(found)} places answer {selector}"
    return found[0]


PAYMENTS = "tr[data-application=payments] td[data-environment=production]"


def test_what_is_declared_for_production(moved: Path, command: Command) -> None:
    assert _one(_page(moved, command), f"{PAYMENTS} .version").text == "2.4.1"


def test_since_when(moved: Path, command: Command) -> None:
    declared = datetime.datetime.now(datetime.UTC).date() - datetime.timedelta(days=30)
    page = _page(moved, command)
    assert _one(page, f"{PAYMENTS} time")["datetime"] == declared.isoformat()
    assert "30 days" in _one(page, f"{PAYMENTS} summary").text


def test_whether_it_waits_for_a_releaser(moved: Path, command: Command) -> None:
    page = _page(moved, command)
    assert _one(page, f"{PAYMENTS} .gate").text.startswith("manual, waits for a releaser after each commit")
    staging = "tr[data-application=payments] td[data-environment=staging]"
    assert _one(page, f"{staging} .gate").text.startswith("auto, deployed by the engine")


def test_who_may_change_that(moved: Path, command: Command) -> None:
    page = _page(moved, command)
    assert _one(page, f"{PAYMENTS} .owners").text == "@example-org/checkout-releasers (code owners)"
    assert _one(page, f"{PAYMENTS} .releasers").text == "example-org:checkout-releasers"


def test_what_is_behind_and_for_how_long(moved: Path, command: Command) -> None:
    rows = [[cell.text for cell in row.select("th, td")] for row in _page(moved, command).select("#behind tbody tr")]
    assert rows == [["checkout/payments", "production", "2.4.1", "payments 2.5.0", "9 days"]]


def test_what_is_ahead_is_not_behind(moved: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    _say(moved, "production", "2.10.0", 1, monkeypatch)
    page = _page(moved, command)
    assert _one(page, f"{PAYMENTS} .tag.ahead")["title"] == "the environment before has payments 2.5.0"
    assert page.select("#behind tbody tr") == []


def test_the_graph_leads_from_the_root_to_the_clusters(moved: Path, command: Command) -> None:
    page = _page(moved, command)
    boxes = {kind: [box.text for box in page.select(f"svg g.{kind} > title")] for kind in ("entry", "team", "cluster")}
    assert boxes == {"entry": ["root"], "team": ["checkout"], "cluster": ["hub"]}
    assert len(page.select("svg path")) == 1 + 3 + 3


def test_everything_from_the_repository_is_text(fleet: Path, command: Command) -> None:
    path = fleet / OVERLAYS / "production/kustomization.yaml"
    path.write_text(path.read_text() + "# <script>alert(1)</script>\n")
    git.run(fleet, "commit", "--quiet", "--all", "--message", "<script>alert(2)</script> & more")
    old = next(line for line in path.read_text().splitlines() if "newTag:" in line)
    path.write_text(path.read_text().replace(old, f"{old.partition(':')[0]}: 2.0.0"))
    git.run(fleet, "commit", "--quiet", "--all", "--message", "<img src=x onerror=alert(3)>")
    page = _page(fleet, command)
    assert len(page.select("script")) == 1
    assert not page.select("img")
    assert "<img src=x onerror=alert(3)>" in _one(page, PAYMENTS).text


def test_a_fleet_without_teams_has_a_page(command: Command, tmp_path: Path) -> None:
    assert command("new", tmp_path / "fleet", "--defaults").code == 0
    page = _page(tmp_path / "fleet", command)
    assert page.select("#versions tbody tr") == []
    assert "No application is declared yet." in page.text


def test_without_history_nothing_is_said_of_time(fleet: Path, command: Command) -> None:
    shutil.rmtree(fleet / ".git")
    page = _page(fleet, command)
    assert page.select("time") == []
    assert "not committed" in _one(page, PAYMENTS).text


def test_the_page_needs_nothing_else(moved: Path, command: Command) -> None:
    page = _page(moved, command)
    assert page.select("[src], link") == []
    assert {str(link["href"])[0] for link in page.select("a")} == {"#"}
    missing = [link["href"] for link in page.select("a") if not page.find(id=str(link["href"]).removeprefix("#"))]
    assert missing == []


def test_markdown_has_the_same_versions(moved: Path, command: Command) -> None:
    done = command("report", moved, "--format", "markdown")
    row = next(line for line in done.out.splitlines() if line.startswith("| checkout | payments |"))
    assert [cell.split()[0] for cell in row.split("|")[3:6]] == ["2.5.0", "2.5.0", "2.4.1"]
    assert row.endswith("(manual, behind) |")


def test_json_answers_what_the_page_is_opened_for(moved: Path, command: Command) -> None:
    told = json.loads(command("report", moved, "--format", "json").out)
    cells = {(row["team"], row["application"]): row["environments"] for row in told["applications"]}
    cell = cells["checkout", "payments"]["production"]
    day = (datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=30)).date().isoformat()
    assert (told["version"], cell["versions"], cell["since"]["date"]) == (1, {"payments": "2.4.1"}, day)
    assert (cell["gate"], cell["waits"].startswith("waits for a releaser")) == ("manual", True)
    assert (cell["behind"], cell["lag"]) == (["payments 2.5.0"], 9)
    assert cell["owners"]
    assert cell["releasers"]


def test_to_a_file(moved: Path, command: Command, tmp_path: Path) -> None:
    done = command("report", moved, "--output", tmp_path / "fleet.html")
    assert (done.code, done.out) == (0, "")
    assert (tmp_path / "fleet.html").read_text().startswith("<!doctype html>")


def test_a_path_that_is_not_there(command: Command, tmp_path: Path) -> None:
    done = command("report", tmp_path / "absent")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("gitops-scaffold: error: ")
    assert "absent" in done.err


@pytest.mark.skipif(not CHROMIUM, reason="no Chromium on PATH")
def test_a_browser_runs_its_script(moved: Path, command: Command, tmp_path: Path) -> None:
    assert command("report", moved, "--output", tmp_path / "fleet.html").code == 0
    address = f"file://{quote(str(tmp_path / 'fleet.html'))}"
    program = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    done = subprocess.run([*program, "--dump-dom", address], capture_output=True, text=True, timeout=120, check=True)
    page = BeautifulSoup(done.stdout, "html.parser")
    assert _one(page, "#shown").text == "1 of 1"
    assert "hidden" not in _one(page, ".tools").attrs
