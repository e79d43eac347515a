"""What Helm's parameters set: the library with our reading of them, and Helm itself, print the same values."""

from __future__ import annotations

from pathlib import Path

import pytest

from engines import binaries
from engines.programs import PROGRAMS
from scaffold.model import Parameter, Release
from scaffold.render import NotRenderedError, helm

_HELM = next(program for program in PROGRAMS if program.name == "helm")
_VALUES = "image:\n  tag: 1.0.0\n  pull: Always\nsize: 1\nflags:\n  - a\n"
_ALIKE = [
    [("image.tag", "1.2.3", False)],
    [("size", "07", False), ("image.tag", "7", True)],
    [("size", "-3", False), ("new.deep.name", "0", False)],
    [("size", "1.5", False), ("image", "plain", False)],
    [("a", "true", False), ("b", "true", True), ("c", "True", False), ("d", "false", False)],
    [("image.pull", "null", False), ("x", "null", True), ("size", "NULL", False)],
    [("text", "a: b # c", False), ("empty", "", False), ("other", "a=b", False), ("quoted", '"q"', False)],
    [("big", "9223372036854775808", False), ("bigger", "1e3", False), ("dash-name", "-", False)],
    [("size", "3", False), ("size", "4", False)],
]
_NOT_OURS = [[("flags[0]", "b", False)], [("list", "{a,b}", False)], [("a\\.b", "1", False)], [("a", "b\\,c", False)]]


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    for name, text in {
        "Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\n",
        "values.yaml": _VALUES,
        "templates/map.yaml": (
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\ndata:\n  all: {{ .Values | toJson | quote }}\n"
        ),
    }.items():
        (tmp_path / "chart" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "chart" / name).write_text(text)
    return tmp_path


def _release(parameters: list[tuple[str, str, bool]]) -> Release:
    return Release("chart", "web", "web", parameters=tuple(Parameter(*item) for item in parameters))


@pytest.mark.parametrize("parameters", _ALIKE, ids=str)
def test_the_same_is_set(parameters: list[tuple[str, str, bool]], chart: Path) -> None:
    program = binaries.find(_HELM)
    assert program
    theirs = helm.template(str(program), chart, _release(parameters), None)
    assert helm.template("library", chart, _release(parameters), None) == theirs


@pytest.mark.parametrize("parameters", _NOT_OURS, ids=str)
def test_what_is_not_read_is_said(parameters: list[tuple[str, str, bool]], chart: Path) -> None:
    with pytest.raises(NotRenderedError, match="put helm on PATH"):
        helm.template("library", chart, _release(parameters), None)
