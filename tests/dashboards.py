"""Dashboards of Grafana: they are of one kind, ask for what there is, and show what their titles say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import promtool


class Query(NamedTuple):
    """What one panel asks Prometheus for."""

    dashboard: str
    panel: str
    text: str

    def concrete(self, **variables: str) -> str:
        """The query as Grafana sends it, for these values of the dashboard's variables."""
        found = self.text.replace("$__rate_interval", "5m")
        for name, value in variables.items():
            found = found.replace(f"${name}", value)
        return found


def read(directory: Path) -> list[dict[str, Any]]:
    """The dashboards of a directory, by file name."""
    return [json.loads(path.read_text()) for path in sorted(directory.glob("*.json"))]


def queries(dashboards: Iterable[dict[str, Any]]) -> Iterator[Query]:
    """Every query of every panel."""
    for dashboard in dashboards:
        for panel in dashboard["panels"]:
            for target in panel["targets"]:
                yield Query(dashboard["uid"], panel["title"], target["expr"])


def are_of_one_kind(dashboards: list[dict[str, Any]]) -> None:
    """Each is called by a name that stays, lets one choose its source, and says what each panel shows in which unit."""
    assert [dashboard["uid"] for dashboard in dashboards] == ["gitops-platform", "gitops-teams"]
    for dashboard in dashboards:
        assert (dashboard["editable"], "id" in dashboard) == (False, False)
        assert dashboard["templating"]["list"][0]["type"] == "datasource"
        for panel in dashboard["panels"]:
            assert panel["title"], panel
            assert panel["description"].endswith("."), panel
            assert panel["fieldConfig"]["defaults"]["unit"], panel
            assert {target["datasource"]["uid"] for target in panel["targets"]} == {"${datasource}"}
        places = [tuple(panel["gridPos"].values()) for panel in dashboard["panels"]]
        assert len(set(places)) == len(places)


def ask_for_what_there_is(texts: Iterable[str], metrics: Mapping[str, list[str]], names: str) -> None:
    """Every metric of the queries (`names` is a pattern of them) is known, and every label is one of its own."""
    for text in texts:
        asked = list(_asked(text, names))
        assert asked, text
        for metric, labels in asked:
            assert metric in metrics, text
            assert labels <= set(metrics[metric]), text
        assert _grouped(text) <= {label for metric, _ in asked for label in metrics[metric]}, text


def _asked(query: str, names: str) -> Iterator[tuple[str, set[str]]]:
    """Every metric of a query with the labels of its selector."""
    for metric, selector in re.findall(rf"\b((?:{names})\b)(?:\{{([^}}]*)\}})?", query):
        yield metric, set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", selector))


def _grouped(query: str) -> set[str]:
    found = re.findall(r"\bby \(([^)]*)\)", query)
    return {label.strip() for labels in found for label in labels.split(",")}


def show_what_is_told(directory: Path, asked: list[Query], told: dict[str, Any], **variables: str) -> None:
    """Prometheus answers each panel's query as `told` says, when it has had the series for an hour."""
    panels = {(uid, title): told[uid][title] for uid in told.keys() - {"series"} for title in told[uid]}
    assert panels.keys() == {(query.dashboard, query.panel) for query in asked}
    expected = [
        {
            "expr": query.concrete(**variables),
            "eval_time": "1h",
            "exp_samples": _samples(panels[query.dashboard, query.panel]),
        }
        for query in asked
    ]
    test = {"interval": "1m", "input_series": promtool.series(told["series"]), "promql_expr_test": expected}
    promtool.unit_tests(directory, {"rule_files": [], "evaluation_interval": "1m", "tests": [test]})


def _samples(told: dict[str, float]) -> list[dict[str, Any]]:
    return [{"labels": labels, "value": value} for labels, value in told.items()]
