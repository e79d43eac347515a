"""What rules say that the API server refuses: their examples, tried out on the real one.

Rules of this kind know what the schemas do not, so that they are held to the server: it refuses what `Fails` shows, for
that reason alone, and takes what `Passes` shows.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from engines.control_plane import ControlPlane
from scaffold.rules import RULES, Rule

_SAYS = re.compile(r"API\s+server\s+(refuses|does\s+not\s+accept|accepts)")
_JUDGED = [rule for rule in RULES.values() if _SAYS.search(rule.__doc__ or "")]
# These say so of one case among several, and their example shows another.
_OTHER = {"duplicate-entry"}


def _manifests(rule: Rule, part: str) -> list[Mapping[str, Any]]:
    _, _, rest = (rule.__doc__ or "").partition(f"\n{part}:\n")
    text = textwrap.dedent(rest.partition("\nPasses:\n")[0])
    documents = yaml.safe_load_all(re.sub(r"^# \S+\n", "---\n", text, flags=re.MULTILINE))
    return [document for document in documents if document]


@pytest.fixture(autouse=True)
def _account(api_server: ControlPlane) -> None:
    """The account of every pod, which a controller would make; without it a pod is refused for that."""
    api_server.kube.apply({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}})


@pytest.mark.parametrize("rule", [rule for rule in _JUDGED if rule.ID not in _OTHER], ids=lambda rule: rule.ID)
def test_the_server_refuses_what_fails_and_takes_what_passes(rule: Rule, api_server: ControlPlane) -> None:
    refused = [answer for m in _manifests(rule, "Fails") if not (answer := api_server.kube.try_out(m)).ok]
    assert refused
    taken = [api_server.kube.try_out(manifest) for manifest in _manifests(rule, "Passes")]
    assert taken
    assert [answer.message for answer in taken if not answer.ok] == []
