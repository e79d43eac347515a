"""Whatever a generated page tells to type is run by a test, or stands under words that name what it needs."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import examples
from scaffold.cli import main

_SECTION = re.compile(r"^#{1,6} ", re.MULTILINE)
_BLOCK = re.compile(r"^[ ]*```sh\n(.*?)^[ ]*```", re.MULTILINE | re.DOTALL)
_TEXT = re.compile(r"'[^']*'", re.DOTALL)
# A program begins a line or follows a pipe or `&&`, perhaps after values of variables.
_PROGRAM = re.compile(r"(?:^|\||&&)\s*(?:[A-Z_]+=\S+ )*([a-z][-a-z]*)", re.MULTILINE)
# What tests run as it stands in a page, and where.
_RUN = {
    "gitops-scaffold": "test_pages.py",
    "yamllint": "test_examples.py",
    "ansible-lint": "test_hosts.py",
    "ansible-pull": "engines/test_ansible_pull.py",
    "gpg": "engines/test_ansible_pull.py",
    "install": "engines/test_ansible_pull.py",
    "age-keygen": "engines/flux_fleets.py",
}
_POINTED = r"pointing (to|there)"
# Asks no cluster.
_OFFLINE = re.compile(r"kubectl [^|]*--(?:dry-run=client|local)[^|]*|kubeseal --cert [^|]*")
# What needs a cluster, an account or a network, and by which words a section says so.
_SAID = {
    "kubectl": _POINTED,
    "flux": _POINTED,
    "helm": _POINTED,
    "kubeseal": _POINTED,
    "argocd": r"[Ss]igned in|pointing (to|there)|sign in|[Ss]ingle sign-on",
    "copier": r"[Bb]y hand|all environments are given",
    "git": r"machine",
    "pip": r"machine",
    "pre-commit": r"machine",
    "terraform": r"[Pp]rovider",
    "sops": r"[Kk]ey|[Ee]ncrypt",
}
# Of the shell itself, or of what comes before them.
_SHELL = {"cd", "export", "mv", "printf", "wc"}
_SIGNED = ("signing_keys=[4AEE18F83AFDEB23]", "monitoring=true", "clusters=us-1")
# What no example has.
_OTHERS = (
    ("argocd", "environment_strategy=branches", "secrets=sealed-secrets", "argocd_install=chart", *_SIGNED),
    ("argocd", "image_updates=argocd-image-updater", "control_planes=per-cluster", "clusters=us-1"),
    ("flux", "environment_strategy=branches", "secrets=sealed-secrets", "flux_install=bootstrap", *_SIGNED),
    ("flux", "image_updates=flux", "notifications=slack", "webhook=github"),
)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The pages of every example, and of fleets with what the examples do not have."""
    directory = tmp_path_factory.mktemp("pages")
    for number, (engine, *answers) in enumerate(_OTHERS):
        fleet, data = directory / str(number), [f"engine={engine}", *answers]
        assert main(["new", str(fleet), "--defaults", *(part for answer in data for part in ("--data", answer))]) == 0
        assert main(["add", "team", "checkout", "--repository", str(fleet)]) == 0
    return sorted([*directory.rglob("*.md"), *examples.EXAMPLES.rglob("*.md")])


def test_every_command_is_run_by_a_test_or_says_what_it_needs(pages: list[Path]) -> None:
    named = {name for page in pages for _, name in _programs(page.read_text())}
    assert named <= _RUN.keys() | _SAID.keys() | _SHELL
    silent = [
        f"{page}: {section.splitlines()[0]}: {name}"
        for page in pages
        for section, name in _programs(page.read_text())
        if name in _SAID and not re.search(_SAID[name], _BLOCK.sub("", section))
    ]
    assert not silent, "\n".join(silent)


def test_what_is_said_to_be_run_is_run_where_it_is_said(pages: list[Path]) -> None:
    here = Path(__file__).parent
    assert [name for name, where in _RUN.items() if name not in (here / where).read_text()] == []
    named = {name for page in pages for _, name in _programs(page.read_text())}
    assert (_RUN.keys() | _SAID.keys() | _SHELL) - named == set(), "no page names it any more"


def test_steps_are_counted_without_a_gap(pages: list[Path]) -> None:
    for page in pages:
        prose = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
        assert not re.search(r"^\d+\. .*\n- ", prose, re.MULTILINE), f"{page}: two styles in one list"
        for section in _SECTION.split(prose):
            counted = [int(number) for number in re.findall(r"^(\d+)\. ", section, re.MULTILINE)]
            assert counted == list(range(1, len(counted) + 1)), f"{page}: {section.splitlines()[0]}"


def _programs(text: str) -> Iterator[tuple[str, str]]:
    """The programs of a page's shell blocks, each with the text of the section that it stands in."""
    starts = [0, *(match.start() for match in _SECTION.finditer(text)), len(text)]
    # A line of a block that looks like a heading is a comment, and no block here has one.
    for start, end in itertools.pairwise(starts):
        section = text[start:end]
        for block in _BLOCK.findall(section):
            yield from ((section, name) for name in _PROGRAM.findall(_joined(block)))


def _joined(block: str) -> str:
    """A block without its quoted texts, and with lines that go on made one."""
    return _OFFLINE.sub("", _TEXT.sub("''", block.replace("\\\n", " ")))
