"""Edits: exactly the bytes that must change, in every style that YAML has."""

from __future__ import annotations

import textwrap
from typing import Any

import pytest
import styled
from hypothesis import example, given
from hypothesis import strategies as st

from scaffold import edit, parse
from scaffold.edit import Add, Remove, Rename, Set
from scaffold.errors import ScaffoldError


def _set(text: str, *pointer: str | int, value: str | int | bool, document: int = 0) -> str:
    return edit.changed(text.encode(), [Set(document, pointer, value)], "f.yaml").decode()


# Strings that some reader of YAML takes for something else, or that are hard to write.
TRAPS = (
    *(
        "1.10",
        "0123",
        "1e3",
        "on",
        "null",
        "~",
        "y",
        "0x1f",
        "1_000",
        "2026-01-02",
        "1:30",
        "true",
        "",
        " a ",
        "#a",
        "-",
    ),
    *("a: b", "a #b", "it's", 'say "x"', "tab\there", "two\nlines", "\x85", "😀", "*a", "&a", "!a", "{a}"),
    *("[a]", "%a", "@a", "`a", "a:", "?"),
)
STYLES = ("old", "'old'", '"old"', "|-\n  old", ">-\n  old", "|\n  old", "&x old", "!!str old", "&x !!str 'old'", "")


@pytest.mark.parametrize("written", STYLES)
def test_value_stays_the_string_that_it_is(written: str) -> None:
    for value in TRAPS:
        after = _set(f"a: 1 # kept\nb: {written}\nc: 2 # kept\n", "b", value=value)
        assert parse.parse(after).documents == [{"a": 1, "b": value, "c": 2}]
        assert after.startswith("a: 1 # kept\nb:")
        assert after.endswith("\nc: 2 # kept\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("t: 1.0.0\n", "t: 1.1.0\n"),
        ("t: '1.0.0'   # why\n", "t: '1.1.0'   # why\n"),
        ('t:   "1.0.0"\r\n', 't:   "1.1.0"\r\n'),
        ("t: &v 1.0.0\n", "t: &v 1.1.0\n"),
        ("t: &v\n  1.0.0\n", "t: &v\n  1.1.0\n"),
        ("t: !!str 1.0.0", "t: !!str 1.1.0"),
        ("t: |-\n    1.0.0\n\nu: 1\n", "t: |-\n    1.1.0\n\nu: 1\n"),
        ("t: |- # why\r\n    1.0.0\r\nu: 1\r\n", "t: |- # why\r\n    1.1.0\r\nu: 1\r\n"),
        ("t: >-\n  1.0.0", "t: >-\n  1.1.0"),
        ("t: |2-\n  1.0.0\n", "t: |2-\n  1.1.0\n"),
        ("{a: [1, 2], t: 1.0.0, b: 2}", "{a: [1, 2], t: 1.1.0, b: 2}"),
        ("t:\nb: 1\n", "t: 1.1.0\nb: 1\n"),
        ("t: # later\nb: 1\n", "t: 1.1.0 # later\nb: 1\n"),
        ("\ufefft: 1.0.0\n", "\ufefft: 1.1.0\n"),
        ("# 😀\n'😀': 😀😀\nt: 1.0.0 # 😀", "# 😀\n'😀': 😀😀\nt: 1.1.0 # 😀"),
        ('t: 1.0.0 # {"$imagepolicy": "a:b:tag"}\n', 't: 1.1.0 # {"$imagepolicy": "a:b:tag"}\n'),
        ("? t\n: 1.0.0\n", "? t\n: 1.1.0\n"),
        ("t: first\nt: 1.0.0\n", "t: first\nt: 1.1.0\n"),
        ("t: long\n  1.0.0\n", "t: 1.1.0\n"),
    ],
)
def test_nothing_else_changes(before: str, after: str) -> None:
    assert _set(before, "t", value="1.1.0") == after


def test_block_that_cannot_hold_the_value_becomes_quoted() -> None:
    assert _set("t: |\n  1.0.0\nu: 1\n", "t", value="1.1.0") == 't: "1.1.0"\nu: 1\n'


def test_lines_of_a_block() -> None:
    before = "patch: |-\n  - op: replace\n    value: a # x\n\n  - op: test\nnext: 1\n"
    after = _set(before, "patch", value="- op: replace\n  value: b # x\n\n- op: test")
    assert after == before.replace("value: a", "value: b")


def test_other_documents_are_left_alone() -> None:
    text = "---\na: 1\n---\n# second\na: x\n...\n---\na: 3\n"
    assert _set(text, "a", value="z", document=1) == text.replace("a: x", "a: z")


def test_alias_is_written_out_where_only_it_changes() -> None:
    assert _set("a: &x old\nb: *x # why\n", "b", value="new") == "a: &x old\nb: new # why\n"


def test_alias_follows_an_anchor_that_changes_alike() -> None:
    changes = [Set(0, ("a",), "new"), Set(0, ("b",), "new")]
    assert edit.changed(b"a: &x old\nb: *x\n", changes, "f.yaml") == b"a: &x new\nb: *x\n"


def test_mapping_that_is_used_elsewhere_changes_everywhere_at_once() -> None:
    changes = [Set(0, ("a", "t"), "new"), Set(0, ("b", "t"), "new"), Set(0, ("c", "t"), "new")]
    made = edit.changed(b"a: &x\n  t: old # why\nb: *x\nc:\n  <<: *x\n", changes, "f.yaml")
    assert made == b"a: &x\n  t: new # why\nb: *x\nc:\n  <<: *x\n"


@pytest.mark.parametrize(
    ("text", "pointer", "why"),
    [
        ("a: &x old\nb: *x\n", ("a",), "'a' cannot change alone, as where an anchor is used elsewhere"),
        ("a: &x {t: 1}\nb: *x\n", ("b", "t"), "'b.t' cannot change alone, as where an anchor is used elsewhere"),
        (
            "a: &x {t: 1}\nb: {<<: *x, u: 2}\n",
            ("b", "t"),
            "'b.t' cannot change alone, as where an anchor is used elsewhere",
        ),
        ("a: [1]\n", ("a",), "a is no scalar"),
        ("a: !!binary aGk=\n", ("a",), "a has the tag 'tag:yaml.org,2002:binary'"),
        ("a: 1\n", ("b",), "'b' cannot be changed in place"),
        ("a: [1]\n", ("a", 3), "'a.3' cannot be changed in place"),
    ],
)
def test_what_cannot_change_alone_is_refused(text: str, pointer: tuple[str | int, ...], why: str) -> None:
    with pytest.raises(ScaffoldError) as error:
        _set(text, *pointer, value="new")
    assert str(error.value) == f"f.yaml: {why}; change it by hand"


@pytest.mark.parametrize(("content", "why"), [(b"a: \xff", "not UTF-8"), (b"a: [", "f.yaml:1:.*mend the YAML there")])
def test_what_is_no_yaml_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(ScaffoldError, match=why):
        edit.changed(content, [Set(0, ("a",), "b")], "f.yaml")


def _changed(text: str, *changes: edit.Change) -> str:
    before = textwrap.dedent(text)
    return edit.changed(before.encode(), changes, "f.yaml").decode()


def test_key_takes_another_name() -> None:
    entry: tuple[str | int, ...] = ("images", 0, "newTag")
    made = _changed(
        'images:\n  - name: a\n    newTag: "1"  # why\n', Set(0, entry, "sha256:0"), Rename(0, entry, "digest")
    )
    assert made == 'images:\n  - name: a\n    digest: "sha256:0"  # why\n'


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        ("a: 1\n", Add(0, ("b",), "x"), "a: 1\nb: x\n"),
        ("a: 1", Add(0, ("b",), "1"), 'a: 1\nb: "1"'),
        ("a: 1 # why\r\n# end\r\n", Add(0, ("b",), True), "a: 1 # why\r\nb: true\r\n# end\r\n"),
        ("r:\n- x\ni: 1\n", Add(0, ("images",), [{"name": "web", "newTag": "1.2"}]),
         'r:\n- x\ni: 1\nimages:\n- name: web\n  newTag: "1.2"\n'),
        ("r:\n    - x\n", Add(0, ("images",), [{"name": "web", "o": {"p": 1}}]),
         "r:\n    - x\nimages:\n    - name: web\n      o:\n        p: 1\n"),
        ("- a: 1\n  b: 2\n# end\n", Add(0, (1,), {"a": "x"}), "- a: 1\n  b: 2\n- a: x\n# end\n"),
        ("i:\n  - a: 1\n\nj: 1\n", Add(0, ("i", 0, "b"), "x"), "i:\n  - a: 1\n    b: x\n\nj: 1\n"),
        ("i: [a, b]\n", Add(0, ("i", 2), "c"), "i: [a, b, c]\n"),
        ("i: []\nj: 1\n", Add(0, ("i", 0), {"a": "c"}), "i:\n  - a: c\nj: 1\n"),
        ("k: {i: []}\n", Add(0, ("k", "i", 0), {"a": "c"}), 'k: {i: [{"a": "c"}]}\n'),
        ("i: {a: 1}\n", Add(0, ("i", "b"), "c"), "i: {a: 1, b: c}\n"),
        ("i: {} # why\n", Add(0, ("i", "b"), {"d": "c"}), "i:\n  b:\n    d: c # why\n"),
        ("p: |\n  text\n\nq: 1\n", Add(0, ("r",), "c"), "p: |\n  text\n\nq: 1\nr: c\n"),
        ("q: 1\np: |\n  text\n", Add(0, ("r",), "c"), "q: 1\np: |\n  text\nr: c\n"),
        ('a:\n    b: "1"\n', Add(0, ("c",), {"d": "e"}), 'a:\n    b: "1"\nc:\n    d: "e"\n'),
        ("a: 1\nb: 2\n", Remove(0, ("a",)), "b: 2\n"),
        ("a: 1\nb: 2 # why", Remove(0, ("b",)), "a: 1"),
        ("a: 1\nb:\n  c: 2\n  d: 3\n\ne: 1\n", Remove(0, ("b",)), "a: 1\n\ne: 1\n"),
        ("i:\n  - a: 1\n    b: 2\n", Remove(0, ("i", 0, "a")), "i:\n  - b: 2\n"),
        ("i:\n  - a\n  - b\n  - c\n", Remove(0, ("i", 1)), "i:\n  - a\n  - c\n"),
        ("i:\n-\n  a: 1\n- - b\n  - c\n", Remove(0, ("i", 1, 0)), "i:\n-\n  a: 1\n- - c\n"),
        ("i: [a, b, c]\n", Remove(0, ("i", 1)), "i: [a, c]\n"),
        ("i: [a, b, c]\n", Remove(0, ("i", 2)), "i: [a, b]\n"),
        ("i: [a]\n", Remove(0, ("i", 0)), "i: []\n"),
        ("i: {a: 1, b: 2}\n", Remove(0, ("i", "a")), "i: {b: 2}\n"),
    ],
)  # fmt: skip
def test_what_is_added_and_removed(before: str, change: edit.Change, after: str) -> None:
    assert _changed(before, change) == after


def test_several_changes_at_once() -> None:
    text = "i:\n  - name: a\n    newTag: 1.0.0\n    digest: sha256:0 # pinned\n  - name: b\n"
    made = _changed(
        text, Remove(0, ("i", 0, "digest")), Set(0, ("i", 0, "newTag"), "1.1.0"), Add(0, ("i", 2), {"name": "c"})
    )
    assert made == "i:\n  - name: a\n    newTag: 1.1.0\n  - name: b\n  - name: c\n"


@pytest.mark.parametrize(
    ("text", "change", "why"),
    [
        ("i:\n  a: 1\n", Remove(0, ("i", "a")), "nothing would be left beside it"),
        ("i: 1\n", Add(0, ("i", "a"), "x"), "'i.a' cannot be changed in place"),
        ("i: 1\n", Add(0, ("i",), "x"), "'i' cannot be changed in place"),
        (
            "a: &x {t: 1}\nb: *x\n",
            Add(0, ("b", "u"), "x"),
            "'b.u' cannot change alone, as where an anchor is used elsewhere",
        ),
        (
            "a: &x\n  t: 1\nb: *x\n",
            Add(0, ("a", "u"), "x"),
            "'a.u' cannot change alone, as where an anchor is used elsewhere",
        ),
    ],
)
def test_what_cannot_be_added_or_removed_is_refused(text: str, change: edit.Change, why: str) -> None:
    with pytest.raises(ScaffoldError) as error:
        _changed(text, change)
    assert str(error.value) == f"f.yaml: {why}; change it by hand"


def _at(value: Any, pointer: tuple[str | int, ...]) -> Any:
    for part in pointer:
        value = value[part]
    return value


@given(
    styled.texts(),
    st.one_of(st.sampled_from((*TRAPS, "1.2.3", "sha256:00ff")), st.text(st.characters(codec="utf-8"), max_size=8)),
    st.sampled_from(("", "\ufeff")),
)
@example(styled.Written("target: &here old", ("target",), 8, 17), "1.10", "\ufeff")
def test_exactly_the_scalar_changes(written: styled.Written, value: str, mark: str) -> None:
    text = written.text
    document = text.count("---")
    document = document - 1 if document else 0
    assert _at(parse.parse(text).documents[document], written.pointer) == "old"
    change = Set(document, written.pointer, value)
    made = edit.changed((mark + text).encode(), [change], "f.yaml").decode()
    assert made.startswith(mark + text[: written.start])
    assert made.endswith(text[written.end :])
    assert ("&here" in made) is ("&here" in text)
    assert _at(parse.parse(made.removeprefix(mark)).documents[document], written.pointer) == value
    again = edit.changed(made.encode(), [Set(document, written.pointer, "old")], "f.yaml")
    assert parse.parse(again.decode().removeprefix(mark)).documents == parse.parse(text).documents
