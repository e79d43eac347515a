"""YAML as Kubernetes reads it, with positions; what is no YAML has a place and words of our own."""

from __future__ import annotations

import contextlib
import json
import math
import re
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from scaffold import parse
from scaffold.errors import ScaffoldError

SCALARS: dict[str, Any] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "on", "On"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "off", "Off"), False),
    **dict.fromkeys(("~", "null", "Null", "NULL"), None),
    "0": 0,
    "12": 12,
    "-3": -3,
    "+4": 4,
    "0x1F": 31,
    "0o17": 15,
    "010": 8,
    "0b11": 3,
    "1_000": 1000,
    "1.5": 1.5,
    ".5": 0.5,
    "1e3": 1000.0,
    "-1.5E-2": -0.015,
    "1.30": 1.3,
    "0.0.1": "0.0.1",
    "1.2.3": "1.2.3",
    "12:30:45": "12:30:45",
    "2024-01-31": "2024-01-31",
    "0123abc": "0123abc",
    "+": "+",
    "-": None,
    ".": ".",
    "yEs": "yEs",
    "nope": "nope",
    "=": "=",
    "<<": "<<",
}


@pytest.mark.parametrize("text", [text for text in SCALARS if text != "-"])
def test_plain_scalars(text: str) -> None:
    (value,) = parse.parse(f"[{text}]").documents
    assert value == [SCALARS[text]]
    assert type(value[0]) is type(SCALARS[text])


@pytest.mark.parametrize("text", [text for text in SCALARS if text != "-"])
def test_quoted_scalars_are_texts(text: str) -> None:
    assert parse.parse(f"a: '{text}'\nb: \"{text}\"\nc: |-\n  {text}\n").documents == [
        {"a": text, "b": text, "c": text}
    ]


def test_nothing_behind_a_tag_is_a_text() -> None:
    """As kustomize 5.8 and sigs.k8s.io/yaml have it: an operator without quotes, `matchType: !=`, is lost."""
    (value,) = parse.parse("matchType: !=\nname: !!str\nnone:\n").documents
    assert value == {"matchType": "", "name": "", "none": None}


def test_special_floats() -> None:
    (value,) = parse.parse("[.inf, -.inf, .nan]").documents
    assert value[:2] == [math.inf, -math.inf]
    assert math.isnan(value[2])


def test_keys_are_texts_where_kubernetes_makes_them_so() -> None:
    assert parse.parse("on: 1\nno: 2\n1: 3\n~: 4\n").documents == [{"true": 1, "false": 2, "1": 3, "None": 4}]


def test_documents_keep_their_number() -> None:
    assert parse.parse("---\na: 1\n---\n---\n# nothing\n---\nb: 2\n").documents == [{"a": 1}, None, None, {"b": 2}]
    assert parse.parse("").documents == []
    assert parse.parse("# nothing\n").documents in ([], [None])


def test_anchors_merges_and_anchors_defined_again() -> None:
    text = "a: &x {k: 1, l: 2}\nb: {<<: *x, l: 3}\nc: {<<: [*x, {m: 4}]}\nd: &x 5\ne: *x\n"
    assert parse.parse(text).documents == [
        {"a": {"k": 1, "l": 2}, "b": {"k": 1, "l": 3}, "c": {"k": 1, "l": 2, "m": 4}, "d": 5, "e": 5}
    ]


def test_the_last_of_two_equal_keys_wins_and_both_have_lines() -> None:
    parsed = parse.parse("---\nx: 1\n---\na: 1\nb:\n  c: 1\n  c: 2\na: 3\n")
    assert parsed.documents[1] == {"a": 3, "b": {"c": 2}}
    assert [(d.document, d.key, d.line, d.column, d.first) for d in parsed.duplicates] == [
        (1, "c", 7, 3, 6),
        (1, "a", 8, 1, 4),
    ]


FLAWS = {
    "a: [b\nc: d\n": (1, 4, "a list in brackets is not closed"),
    "a: {b: c\nd: e\n": (1, 4, "a mapping in braces is not closed"),
    'a: "b\nc: d\n': (1, 4, "a quoted text is not closed"),
    "a: b: c\n": (1, 5, "a second ': ' stands in one line, or the indent is wrong"),
    "a:\n  b: c\n d: e\n": (3, 2, "the indent does not fit the lines above it"),
    "a:\n\tb: c\n": (2, 1, "a tab stands in the indent"),
    "a: @b\n": (1, 4, "a value begins with '@' and has no quotes"),
    "a: *b\n": (1, 4, "an alias names an anchor that is not there"),
    "a: {{ b }}\n": (1, 5, "a mapping or a list stands as a key, as in a template without quotes"),
    "a: &a [*a]\n": (1, 4, "refers to itself"),
    "a: \x01\n": (1, 4, "character '\\x01' is not allowed in YAML"),
    "a: b\nsome words \n": (2, 1, "a key has no ':'"),
    "a: [\n": (1, 4, "the text ends too early"),
}


@pytest.mark.parametrize("text", FLAWS)
def test_flaws_have_a_place_and_words(text: str) -> None:
    with pytest.raises(parse.YamlError) as caught:
        parse.parse(text)
    assert (caught.value.line, caught.value.column, caught.value.problem) == FLAWS[text]


def test_an_error_of_a_named_file_says_where() -> None:
    with pytest.raises(ScaffoldError, match=r"^a\.yaml:1:4: a list in brackets is not closed; mend the YAML there$"):
        parse.documents("a: [b\nc: d\n", "a.yaml")


_TEXT = """\
# a comment
a:
  b: 1
  list:
    - name: x
      value: y
    - {name: z, value: w}
empty:
---
c: {d: [1, 2]}
"""
PLACES = [
    (0, (), False, (2, 1)),
    (0, ("a",), False, (2, 1)),
    (0, ("a", "b"), False, (3, 6)),
    (0, ("a", "b"), True, (3, 3)),
    (0, ("a", "list"), False, (4, 3)),
    (0, ("a", "list", 0), False, (5, 7)),
    (0, ("a", "list", 0, "value"), False, (6, 14)),
    (0, ("a", "list", 1, "value"), False, (7, 24)),
    (0, ("a", "list", 1, "value"), True, (7, 17)),
    (0, ("a", "gone", "on"), False, (2, 1)),
    (0, ("a", "list", 5), False, (4, 3)),
    (0, ("empty",), False, (8, 7)),
    (1, ("c", "d", 1), False, (10, 12)),
    (7, ("c",), False, (1, 1)),
]


@pytest.mark.parametrize(("document", "pointer", "at_key", "place"), PLACES)
def test_places(document: int, pointer: tuple[str | int, ...], at_key: bool, place: tuple[int, int]) -> None:
    assert parse.locate(_TEXT, document, pointer, at_key=at_key) == place


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcdefgh", min_size=1), inner, max_size=4),
    max_leaves=20,
)


class _Quoting(yaml.SafeDumper):
    """Quotes what PyYAML reads as text, and so writes bare, though it is none to Kubernetes: `y`, `0E0`, `0o7`."""


_Quoting.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("[yYnN]$"), list("yYnN"))
_NUMBER = re.compile(r"[-+]?_*([0-9._]+([eE][-+0-9_]+)?|0_*(o[0-7_]+|x[0-9a-fA-F_]+|b[01_]+))$")
_Quoting.add_implicit_resolver("tag:yaml.org,2002:float", _NUMBER, list("-+.0123456789"))


@given(_VALUES)
@example("0E0")
@example("0o7")
def test_what_is_written_is_read(value: Any) -> None:
    assert parse.parse(yaml.dump(value, Dumper=_Quoting, allow_unicode=True)).documents == [value]
    assert parse.parse(json.dumps(value, ensure_ascii=False)).documents == [value]


@given(st.text("ab:-[]{},\"'&*!|>#%@`\n\t ? \u00e9"))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(parse.YamlError):
        parse.parse(text)
        return
    with pytest.raises(parse.YamlError) as caught:
        parse.parse(text)
    assert 1 <= caught.value.line <= text.count("\n") + 1
    assert caught.value.column >= 1


@given(st.text("a:- {}\n\"'#"))
def test_template_keeps_its_lines_and_columns(text: str) -> None:
    plain = parse.plain(text)
    assert "{{" not in plain or "}}" not in plain.partition("{{")[2]
    before, after = text.split("\n"), plain.split("\n")
    assert len(before) == len(after)
    assert all(not new or len(new) == len(old) for old, new in zip(before, after, strict=True))


def test_template_is_read_as_far_as_it_tells() -> None:
    text = "{{- if .a }}\nkind: A\nname: {{ .Release.Name }}-web\nspec:\n  {{- toYaml .b | nindent 2 }}\n{{- end }}\n"
    assert parse.template(text) == [{"kind": "A", "name": "xxxxxxxxxxxxxxxxxxx-web", "spec": None}]
    assert parse.template("a: [") == []
