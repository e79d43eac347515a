"""Terraform's language, as far as it is read: what is written is told as it means, the rest as unread."""

from __future__ import annotations

import time

import pytest

from scaffold.assemble.terraform.scopes import Scope
from scaffold.parse import hcl
from scaffold.parse.hcl import UNREAD, Call, Name, Template


def _value(text: str) -> object:
    return hcl.read(f"a = {text}\n").attributes["a"].value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"b"', "b"),
        ('""', ""),
        ('" b "', " b "),
        (r'"\u00fc\n\"\\"', 'ü\n"\\'),
        ('"$${b}"', "${b}"),
        ('("b")', "b"),
        ("12", 12),
        ("-1", UNREAD),
        ("1.5", UNREAD),
        ("true", True),
        ("null", None),
        ("[1, # one\n 2]", [1, 2]),
        ("var.b", Name(("var", "b"))),
        ('local.b["c"][0].d', Name(("local", "b", "c", 0, "d"))),
        ("local.b[*].c", UNREAD),
        ("local.b[var.c]", UNREAD),
        ('"b/${var.c} "', Template(("b/", Name(("var", "c")), " "))),
        ('"${var.c}"', Template((Name(("var", "c")),))),
        ('"b ${~ var.c ~}"', Template(("b ", UNREAD))),
        ('"%{ if b }c%{ endif }"', Template((UNREAD,))),
        ("<<E\n b\nE", " b\n"),
        ("<<E\nE", ""),
        ("<<-E\n  b: ${c}\n    d\n  E", Template(("b: ", Name(("c",)), "\n  d\n"))),
        ('file("b")', Call("file", ("b",))),
        ("b ? c : d", UNREAD),
        ("[for b in c : b]", UNREAD),
        ('{ (b) = "c" }', UNREAD),
    ],
)
def test_a_value(text: str, value: object) -> None:
    assert _value(text) == value


def test_an_object_tells_where_its_values_stand() -> None:
    (block,) = hcl.read('resource "é" "b" {\n  c = { "ü/d" = 1, e : "f" }\n}\n').blocks
    assert (block.type, block.labels, block.line) == ("resource", ("é", "b"), 1)
    found = block.attributes["c"].value
    assert {key: (each.value, each.line, each.column) for key, each in found.items()} == {
        "ü/d": (1, 2, 17),
        "e": ("f", 2, 24),
    }


def test_blocks_stand_in_blocks() -> None:
    root = hcl.read('terraform {\n  backend "s3" {\n    key = "a"\n  }\n}\n')
    (settings,) = root.of("terraform")
    (backend,) = settings.of("backend")
    assert (backend.labels, backend.attributes["key"].value) == (("s3",), "a")


@pytest.mark.parametrize("text", ["a = \n", "a {", 'a = "b', "{{ a }}", "\0", "a = <<E\nb"])
def test_of_a_file_with_a_flaw_nothing_is_told(text: str) -> None:
    assert hcl.read(text) == hcl.Block("")
    assert not hcl.is_readable(text)


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 30_000 + "]" * 30_000,
        "a = " + "(" * 30_000 + "1" + ")" * 30_000,
        "a = " + "f(" * 20_000 + ")" * 20_000,
        "a = " + "{a=" * 10_000 + "1" + "}" * 10_000,
        "a = {" + "a=1," * 15_000 + "}",
        "a = " + '"${' * 10_000 + "b" + '}"' * 10_000,
        'a = "' + "${b}" * 15_000 + '"',
        'a = "' + "$" * 60_000 + '"',
        'a = "' + "\\\\" * 30_000 + '"',
        'a = "' * 15_000,
        "a = b" + ".c" * 30_000,
        "a = <<-E\n" + "  ${b}\n" * 8_000 + "E\n",
        "<<E\n" * 15_000,
        "a {" * 20_000 + "}" * 20_000,
        "a = [" * 12_000,
        "/*" * 30_000,
    ],
    ids=range(16),
)
def test_long_and_deep_texts_end_soon(text: str) -> None:
    began = time.process_time()
    hcl.read(f"{text}\n")
    assert time.process_time() - began < 5


def test_names_that_stand_for_many_names_end_soon() -> None:
    doubled = "\n".join(f'  a{number} = "${{local.a{number + 1}}}${{local.a{number + 1}}}"' for number in range(200))
    listed = "\n".join(f"  b{number} = [local.b{number + 1}, local.b{number + 1}]" for number in range(200))
    (block,) = hcl.read(f'locals {{\n{doubled}\n  a200 = "a"\n{listed}\n  c = local.d\n  d = local.c.e\n}}\n').blocks
    scope = Scope("", {name: (each, "main.tf") for name, each in block.attributes.items()})
    began = time.process_time()
    assert scope.value(Name(("local", "c"))) is UNREAD
    for name in ("a0", "b0", "d"):
        scope.value(Name(("local", name)))
        list(scope.origins(Name(("local", name))))
    assert scope.budget.left < 0
    assert time.process_time() - began < 5
