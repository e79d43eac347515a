"""What rules say that the API server refuses: their examples, tried out on the real one.

Rules of this kind know what the schemas do not, so that they are held to the server: it refuses what `Fails` shows, for
that reason alone, and takes what `Passes` shows.
"""

from __future__ import annotations

import copy
import re
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from engines.control_plane import ControlPlane
from scaffold.rules import RULES, Rule

_SAYS = re.compile(r"API\s+server\s+(refuses|does\s+not\s+accept|accepts)")
_JUDGED = [rule for rule in RULES.values() if _SAYS.search(rule.__doc__ or "")]
_CASES = Path(__file__).parents[1] / "cases"
_REFUSED = re.compile(r"error: (?P<kind>\w+) '(?P<name>[^']+)',.* '(?P<value>[^']+)' is not accepted")
# These say so of one case among several, and their example shows another, or of what comes after a first object.
_OTHER = {"duplicate-entry", "second-default", "version-in-selector"}


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
    for name in {m["metadata"].get("namespace") for part in ("Fails", "Passes") for m in _manifests(rule, part)} - {
        None
    }:
        api_server.kube.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    refused = [answer for m in _manifests(rule, "Fails") if not (answer := api_server.kube.try_out(m)).ok]
    assert refused
    taken = [api_server.kube.try_out(manifest) for manifest in _manifests(rule, "Passes")]
    assert taken
    assert [answer.message for answer in taken if not answer.ok] == []


def test_the_server_refuses_a_second_default(api_server: ControlPlane) -> None:
    first, second = _manifests(RULES["second-default"], "Fails")
    api_server.kube.apply(first)
    try:
        answer = api_server.kube.try_out(second)
    finally:
        api_server.kube.delete(first["apiVersion"], first["kind"], "", first["metadata"]["name"])
    assert not answer.ok
    assert "default" in answer.message


def test_the_server_refuses_another_version_in_a_selector(api_server: ControlPlane) -> None:
    _, deployment = _manifests(RULES["version-in-selector"], "Fails")
    api_server.kube.apply(_of_version(deployment, "1.0.0"))
    try:
        answer = api_server.kube.try_out(_of_version(deployment, "1.1.0"))
    finally:
        api_server.kube.delete("apps/v1", "Deployment", "default", "web")
    assert not answer.ok
    assert "immutable" in answer.message


def _of_version(deployment: Mapping[str, Any], version: str) -> Mapping[str, Any]:
    """The Deployment with a version in its selector, as kustomize's `includeSelectors` leaves it."""
    made = copy.deepcopy(dict(deployment))
    for labels in (made["spec"]["selector"]["matchLabels"], made["spec"]["template"]["metadata"]["labels"]):
        labels["app.kubernetes.io/version"] = version
    return made


def test_the_server_refuses_every_value_of_a_list(api_server: ControlPlane) -> None:
    manifests = [m for m in yaml.safe_load_all((_CASES / "invalid-value/of-many-kinds/all.yaml").read_text()) if m]
    expected = (_CASES / "invalid-value/of-many-kinds/expected.txt").read_text().splitlines()
    told = {(kind, name): api_server.kube.try_out(m).message for m in manifests for kind, name in [_identity(m)]}
    wanted = [found for line in expected if (found := _REFUSED.search(line))]
    assert len(wanted) > len(manifests)
    assert [found[0] for found in wanted if found["value"] not in told[found["kind"], found["name"]]] == []


def _identity(manifest: Mapping[str, Any]) -> tuple[str, str]:
    return manifest["kind"], manifest["metadata"]["name"]
