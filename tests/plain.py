"""Copier by hand, with the address that a repository records redirected to the template: for comparison with ours.

In this process: Copier's own start costs more than what it writes. The command itself runs in `test_wheel`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import copier
import yaml
from plumbum import local

from scaffold import answers, template
from scaffold.template import Template


def copy(fleet: Path, layer: str, destination: Path) -> None:
    """Write a layer of a fleet somewhere else, by the answers that it records."""
    recorded = yaml.safe_load((fleet / layer / answers.NAME).read_text())
    with _redirected(fleet) as source:
        copier.run_copy(
            source.address,
            destination,
            recorded,
            defaults=True,
            quiet=True,
            vcs_ref=source.version,
            settings=copier.Settings(),
        )


def update(fleet: Path, layer: str) -> None:
    """Update a layer of a fleet to the version that it has."""
    with _redirected(fleet) as source:
        copier.run_update(
            fleet / layer,
            defaults=True,
            overwrite=True,
            quiet=True,
            vcs_ref=source.version,
            settings=copier.Settings(),
        )


@contextmanager
def _redirected(fleet: Path) -> Iterator[Template]:
    source = template.recorded(*answers.read(fleet)[:2])
    with template.opened(source) as store, local.env():
        # plumbum, by which Copier starts Git, took a copy of the environment when it was imported
        local.env.clear()
        local.env.update({**os.environ, **template.redirection(source.address, store)})
        yield source
