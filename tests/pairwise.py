"""Sets of answers in which every two values that go together meet at least once, and those at the limits.

What can be answered is read from `copier.yml`: every choice and every switch, and of other questions the values that
are named here. A new question is therefore in every run.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

_QUESTIONS = yaml.safe_load((Path(__file__).parent.parent / "copier.yml").read_text(encoding="utf-8"))
_REGIONS = "[{name: dev}, {name: eu-1, stage: 1, cluster: eu-1, gate: manual}, {name: us-1, stage: 1, cluster: us-1}]"
_KEYS = "0123456789ABCDEF, FEDCBA9876543210"
_MORE = {
    "environments": ["dev, staging, production", "production", _REGIONS, ", ".join(f"stage-{n}" for n in range(9))],
    "clusters": ["[]", "eu-1, us-1"],
    "signing_keys": ["[]", _KEYS],
    "git_secret": ["", "git"],
    "repository_url": [
        "https://git.example.com/platform/fleet.git",
        "ssh://git@git.example.com:2222/platform/fleet.git",
    ],
    "argocd_version": ["3.3", "3.4", "3.5"],
    "flux_version": ["2.7", "2.8", "2.9"],
    "kubernetes_version": ["1.34", "1.37"],
}
# `kind` is every layer's own, and who adopts an application brings its files along.
_LEFT_OUT = {"kind": None, "source": "adopted"}
_FORBIDDEN = (
    ({"engine": "argocd"}, {"secrets": "sops"}),
    ({"engine": "argocd"}, {"image_updates": "flux"}),
    ({"engine": "flux"}, {"image_updates": "argocd-image-updater"}),
    ({"secrets": "sops"}, {"image_updates": "argocd-image-updater"}),
    ({"signing_keys": _KEYS}, {"image_updates": "argocd-image-updater"}),
    ({"topology": "multi-repo"}, {"image_updates": "ci"}),
    ({"ci": "none"}, {"image_updates": "ci"}),
    ({"terraform": "atlantis"}, {"flux_install": "bootstrap"}),
    ({"terraform": "hcp"}, {"flux_install": "bootstrap"}),
    ({"argocd_version": "3.3"}, {"argocd_install": "chart"}),
    ({"environments": _REGIONS}, {"clusters": "[]"}),
    ({"control_planes": "per-cluster"}, {"progressive_sync": True}),
)
# Names that are put together are as long as may be: `<team>-<environment>-baseline` and `<team>-<app>-<environment>`.
_LONG = {
    "fleet": "fleet-of-many".ljust(63, "x"),
    "control_plane_cluster": "hub-of-many".ljust(63, "x"),
    "clusters": ["eu-1".ljust(63, "x")],
    "environments": [
        {"name": f"environment-{number}".ljust(20, "x"), "cluster": cluster.ljust(63, "x")}
        for number, cluster in enumerate(["hub-of-many", "eu-1"] * 4 + ["eu-1"])
    ],
    "team": "checkout".ljust(33, "x"),
    "app": "payments",
}
Row = dict[str, Any]


def factors() -> dict[str, list[Any]]:
    """What can be answered: the values of each question."""
    found: dict[str, list[Any]] = {}
    for name, question in _QUESTIONS.items():
        if name.startswith("_") or question.get("when") is False:
            continue
        values = question.get("choices") or ([True, False] if question["type"] == "bool" else _MORE.get(name, []))
        if name not in _LEFT_OUT or _LEFT_OUT[name]:
            found[name] = [value for value in values if value != _LEFT_OUT.get(name, "")]
    return {name: values for name, values in found.items() if values}


def is_legal(row: Row) -> bool:
    """Tell whether the template takes these answers together."""
    return not any(_holds(row, one) and _holds(row, other) for one, other in _FORBIDDEN)


def _holds(row: Row, told: Row) -> bool:
    return all(row.get(name) == value for name, value in told.items())


def rows(at_least: int) -> Iterator[Row]:
    """Rows until every legal pair has been there, and some more until there are enough."""
    chance, values = random.Random(0), factors()
    missing = set(_legal_pairs(values))
    count = 0
    while missing or count < at_least:
        candidates = [row for row in (_random(chance, values) for _ in range(60)) if is_legal(row)]
        best = max([*candidates, _with(chance, values, missing)], key=lambda row: len(_pairs(row) & missing))
        missing -= _pairs(best)
        count += 1
        yield best


def extremes() -> Iterator[Row]:
    """For both engines and both topologies: no team, and nine environments with names at their limits."""
    chance, values = random.Random(0), factors()
    for engine, topology in itertools.product(values["engine"], values["topology"]):
        for limits in ({"team": None}, _LONG):
            yield _legal(chance, values, {"engine": engine, "topology": topology, **limits})


def _legal_pairs(values: dict[str, list[Any]]) -> Iterator[tuple[Any, ...]]:
    for (one, ones), (other, others) in itertools.combinations(values.items(), 2):
        for left, right in itertools.product(ones, others):
            if is_legal({one: left, other: right}):
                yield one, left, other, right


def _pairs(row: Row) -> set[tuple[Any, ...]]:
    return {(one, left, other, right) for (one, left), (other, right) in itertools.combinations(row.items(), 2)}


def _random(chance: random.Random, values: dict[str, list[Any]]) -> Row:
    return {name: chance.choice(several) for name, several in values.items()}


def _with(chance: random.Random, values: dict[str, list[Any]], missing: set[tuple[Any, ...]]) -> Row:
    """A legal row that has one of the missing pairs, where there is one."""
    if not missing:
        return _legal(chance, values, {})
    one, left, other, right = min(missing, key=repr)
    return _legal(chance, values, {one: left, other: right})


def _legal(chance: random.Random, values: dict[str, list[Any]], told: Row) -> Row:
    """A legal row that has what is told; where none is found, what forbids it is missing above."""
    several = (_random(chance, values) | told for _ in range(100_000))
    found = next(filter(is_legal, several), None)
    assert found, f"nothing goes with {told}"
    return found
