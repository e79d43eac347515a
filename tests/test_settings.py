"""`.gitops-scaffold.yaml`: its schema for editors says what the reader says, and rules may differ by path."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest
from checking import check, write
from settings_schema import SCHEMA, text

from scaffold import parse, settings
from scaffold.errors import ScaffoldError

_EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("*/.gitops-scaffold.yaml"))
_VALIDATOR = jsonschema_rs.validator_for(settings.schema())
_PODS = "".join(
    f"""# {directory}/pod.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example.com/web
"""
    for directory in ("live", "sandbox/one")
)


def test_the_schema_is_up_to_date() -> None:
    assert SCHEMA.read_text() == text(), "run `python tests/settings_schema.py`"


def test_every_key_is_described() -> None:
    top = json.loads(text())["properties"]
    inner = [item["items"]["properties"] for item in top.values() if "properties" in item.get("items", {})]
    assert len(inner) == 5
    assert all(key["description"].endswith(".") for keys in (top, *inner) for key in keys.values())


@pytest.mark.parametrize("example", _EXAMPLES, ids=lambda path: path.parent.name)
def test_the_schema_takes_what_the_template_writes(example: Path) -> None:
    assert _VALIDATOR.is_valid(parse.documents(example.read_text(), "settings")[0])


RIGHT = {
    "nothing but a profile": "profile: security\n",
    "rules": "rules: {floating-image: off, plain-secret: error}\n",
    "overrides": "overrides: [{paths: ['a/*'], rules: {floating-image: info}}]\n",
    "ignore": "ignore: [{paths: [a], rules: [b-c], reason: d, until: '2027-01-31'}]\n",
    "a cluster": "clusters: [{name: a, server: b, kubernetes: '1.34', labels: {c: d}}]\n",
}
WRONG = {
    "a key that nobody knows": "profil: strict\n",
    "a key inside": "overrides: [{path: [a], rules: {}}]\n",
    "no rules": "overrides: [{paths: [a]}]\n",
    "a profile": "profile: strikt\n",
    "a level": "overrides: [{paths: [a], rules: {floating-image: loud}}]\n",
    "a number for a text": "kubernetes: 1.34\n",
    "a number among paths": "ignore: [{paths: [1], reason: x}]\n",
    "a text for a list": "environments: dev\n",
    "a stage before the first": "environments: [{name: dev, stage: first}]\n",
    "no reason": "ignore: [{paths: [a]}]\n",
}


@pytest.mark.parametrize("name", [*RIGHT, *WRONG])
def test_schema_and_reader_agree(name: str, tmp_path: Path) -> None:
    content = (RIGHT | WRONG)[name]
    (tmp_path / settings.NAME).write_text(content)
    assert _VALIDATOR.is_valid(parse.documents(content, "settings")[0]) == (name in RIGHT)
    if name in RIGHT:
        assert settings.read(tmp_path).text == content
    else:
        with pytest.raises(ScaffoldError, match=r"\.gitops-scaffold\.yaml:\d+:\d+: "):
            settings.read(tmp_path)


def _found(root: Path, text_: str, **options: object) -> list[str]:
    write(root, _PODS)
    (root / settings.NAME).write_text(text_)
    return [f"{f.location.path.partition('/')[0]} {f.severity} {f.rule}" for f in check(root, **options).findings]


_SANDBOX = "overrides:\n  - paths: ['sandbox/*']\n    rules: {floating-image: %s}\n"
LEVELS = {
    "off below a path": (_SANDBOX % "off", ["live warning floating-image"]),
    "another level below a path": (
        _SANDBOX % "error",
        ["live warning floating-image", "sandbox error floating-image"],
    ),
    "on below a path only": (
        "rules: {floating-image: off}\n" + _SANDBOX % "info",
        ["sandbox info floating-image"],
    ),
    "the last one counts": (
        _SANDBOX % "off" + "  - paths: ['sandbox/one/*']\n    rules: {floating-image: error}\n",
        ["live warning floating-image", "sandbox error floating-image"],
    ),
}


@pytest.mark.parametrize("name", LEVELS)
def test_levels_by_path(name: str, tmp_path: Path) -> None:
    content, expected = LEVELS[name]
    assert _found(tmp_path, content) == expected


def test_an_unknown_rule_of_an_override_is_an_error(tmp_path: Path) -> None:
    words = r"3:13: rule 'floating-imgae' is unknown; did you mean 'floating-image'\?"
    with pytest.raises(ScaffoldError, match=words):
        _found(tmp_path, _SANDBOX.replace("floating-image", "floating-imgae") % "off")
