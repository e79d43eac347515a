"""What manifests the API server refuses: each case tried out on the real one and given to our schemas.

Cases by hand stand in `agree/schemas/`: `case`, `manifest`, `refused`, and `beyond` where only code of the server's own
refuses, which no schema shows: then our schemas have nothing to say. Others are made from good manifests by one change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from engines.control_plane import ControlPlane
from engines.mutations import mutations
from engines.programs import KUBERNETES
from scaffold import schemas
from scaffold.parse import parse

HERE = Path(__file__).parent / "agree" / "schemas"
FIXTURES = Path(__file__).parent.parent / "fixtures" / "schemas"
_PER_MANIFEST = 3
# A pod wants an account that nothing makes here.
_NOT_HERE = {"actions"}
# What the server answers when it could read a built-in kind, and its own code found fault.
_INVALID = 422
_KEYS = "omits all key fields"


class Case(NamedTuple):
    """One case: what it is about, the manifest, and for those by hand what is known of it."""

    name: str
    manifest: Mapping[str, Any]
    refused: bool = False
    beyond: str = ""


def _by_hand() -> Iterator[Case]:
    for path in sorted(HERE.glob("*.yaml")):
        for item in yaml.safe_load(path.read_text()):
            yield Case(item["case"], item["manifest"], item["refused"], item.get("beyond", ""))


def _made() -> Iterator[Case]:
    for seed, manifest in enumerate(parse((FIXTURES / "kubernetes.yaml").read_text()).documents):
        # Kinds in beta are not served unless asked for.
        if manifest["metadata"].get("name", "actions") not in _NOT_HERE and "beta" not in manifest["apiVersion"]:
            yield from (Case(*mutation) for mutation in mutations(manifest, _PER_MANIFEST, seed))


BY_HAND = tuple(_by_hand())


@pytest.mark.parametrize("case", BY_HAND, ids=lambda case: case.name)
def test_a_manifest_by_hand_is_judged_as_the_server_does(
    case: Case, api_server: ControlPlane, record_property: Callable[[str, object], None]
) -> None:
    answer = api_server.kube.try_out(case.manifest)
    found = schemas.check(case.manifest, KUBERNETES)
    assert (not answer.ok) == case.refused, answer.message
    if case.beyond:
        record_property("beyond", case.beyond)
        assert not found
    else:
        assert (found != []) == case.refused, found


@pytest.mark.parametrize("case", tuple(_made()), ids=lambda case: case.name)
def test_a_manifest_with_one_thing_wrong_is_judged_as_the_server_does(
    case: Case, api_server: ControlPlane, record_property: Callable[[str, object], None]
) -> None:
    answer = api_server.kube.try_out(case.manifest)
    found = schemas.check(case.manifest, KUBERNETES)
    if answer.status == _INVALID and not found:
        record_property("beyond", "absent or contradictory values of built-in kinds are found by the server's code")
    elif _KEYS in answer.message and not found:
        record_property("beyond", "applied on the server, an element of a list needs what tells it from the others")
    else:
        assert (found != []) == (not answer.ok), (answer.message, found)
