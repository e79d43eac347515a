"""Go templates print what the controller prints, or say what they cannot tell."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.expand import UnverifiableError, fast_templates, go_templates
from scaffold.expand.go_templates import StringList, StringMap, TemplateError, render

PARAMETERS: dict[str, Any] = {
    "s": "Hello World",
    "e": "",
    "n": 10000000.0,
    "i": 3.0,
    "f": 1.5,
    "t": True,
    "null": None,
    "m": {"a": "x", "b": 2.0, "c": {"d": "deep"}},
    "l": ["a", "b", None, 3.0],
    "path": {"path": "apps/team/dev", "segments": StringList(["apps", "team", "dev"])},
    "labels": StringMap(env="dev"),
}


@pytest.mark.parametrize(
    ("template", "printed"),
    [
        ("plain", "plain"),
        ("{{ .s }}-{{.m.c.d}}", "Hello World-deep"),
        ("{{ .n }} {{ 1234567.0 }} {{ .i }} {{ .f }}", "1e+07 1.234567e+06 3 1.5"),
        ("{{ .n | int64 }}", "10000000"),
        ("{{ .l }} {{ .m }}", "[a b <nil> 3] map[a:x b:2 c:map[d:deep]]"),
        ("{{ .missing }} {{ .missing.deeper }} {{ .null }}", "<no value> <no value> <no value>"),
        ("{{ index .path.segments 1 }}", "team"),
        ('{{ index .labels "env" }}{{ index .labels "none" }}', "dev"),
        ('{{ index .m "none" }}', "<no value>"),
        ("{{ if eq .i 3.0 }}yes{{ else }}no{{ end }}", "yes"),
        ("{{ if .e }}a{{ else if .t }}b{{ else }}c{{ end }}", "b"),
        ("{{ with .m.c }}{{ .d }}{{ end }}", "deep"),
        ("{{ with .e }}x{{ else with .s }}{{ . }}{{ end }}", "Hello World"),
        ("{{ range $i, $v := .path.segments }}{{ $i }}={{ $v }};{{ end }}", "0=apps;1=team;2=dev;"),
        ("{{ range .m }}{{ . }},{{ end }}", "x,2,map[d:deep],"),
        ("{{ range .missing }}x{{ else }}none{{ end }}", "none"),
        ('{{ range .l }}{{ if eq (print .) "b" }}{{ break }}{{ end }}{{ . }}{{ end }}', "a"),
        ("{{ range 3 }}{{ . }}{{ end }}", "012"),
        ("{{ $x := .s }}{{ $x = upper $x }}{{ $x }}", "HELLO WORLD"),
        ("a {{- .e -}} \n b", "ab"),
        ("a{{/* note */}}b{{- /* note */ -}} c", "abc"),
        ("{{ and .t .s }} {{ or .e .s }} {{ not .e }}", "Hello World Hello World true"),
        ("{{ or .t (fail .s) }}", "true"),
        ('{{ printf "%s-%05d-%v" .m.a 42 .f }}', "x-00042-1.5"),
        ('{{ print 1 2 "a" "b" 3 }}', "1 2ab3"),
        ("{{ (.m).a }}{{ (index .l 0) }}", "xa"),
        ("{{ `raw` }}{{ 'x' }}{{ 0x1F }}{{ 010 }}{{ 1_000 }}", "raw1203181000"),
    ],
)
def test_language(template: str, printed: str) -> None:
    assert render(template, PARAMETERS) == printed


@pytest.mark.parametrize(
    ("template", "printed"),
    [
        ('{{ dig "c" "d" "none" .m }} {{ dig "c" "x" "none" .m }}', "deep none"),
        ('{{ get .m "a" }}{{ get .m "none" }} {{ hasKey .m "none" }}', "x false"),
        ('{{ .e | default "d" }} {{ default "d" .s }}', "d Hello World"),
        ("{{ .s | upper | trunc 5 | lower }}", "hello"),
        ("{{ trunc -5 .s }}", "World"),
        ('{{ .s | replace " " "-" | trimPrefix "Hello" | trimSuffix "d" }}', "-Worl"),
        ('{{ splitList "/" .path.path | join "." }}', "apps.team.dev"),
        ('{{ (split "/" .path.path)._1 }}', "team"),
        ("{{ .path.path | base }} {{ .path.path | dir }} {{ ext `a/b.tar.gz` }}", "dev apps/team .gz"),
        ('{{ quote .s 1 }} {{ squote .s }} {{ cat .s "x" }}', '"Hello World" "1" \'Hello World\' Hello World x'),
        ('{{ regexReplaceAll "(o)(r?)" .s "${2}$1" }}', "Hello Wrold"),
        ('{{ regexMatch "^H.*d$" .s }} {{ regexFind "[A-Z]o" .s }}', "true Wo"),
        ("{{ .m | toJson }}", '{"a":"x","b":2,"c":{"d":"deep"}}'),
        ("{{ .m | toYaml }}", "a: x\nb: 2\nc:\n  d: deep"),
        ("{{ (fromYaml `a: {b: 1}`).a.b }} {{ (index (fromYamlArray `[x]`) 0) }}", "1 x"),
        ('{{ (fromJson "[1]") }}', "[1]"),
        ("{{ keys .m | sortAlpha }} {{ len (keys .m) }}", "[a b c] 3"),
        ("{{ add 1 .i }} {{ sub 5 2 }} {{ div 7 2 }} {{ mod -7 3 }} {{ mul 2 3 4 }} {{ max 1 5 }}", "4 3 3 -1 24 5"),
        ('{{ int64 "010" }} {{ int64 "1.00" }} {{ int64 "x" }} {{ int .f }}', "8 1 0 1"),
        ('{{ b64enc "hi" }} {{ b64dec "aGk=" }} {{ sha256sum "" | trunc 6 }}', "aGk= hi e3b0c4"),
        ('{{ ternary "y" "n" .t }} {{ coalesce .e .null .s }}', "y Hello World"),
        ("{{ title `a-b c_d` }} {{ untitle `Ab Cd` }}", "A-B C_d ab cd"),
        ('{{ list "b" "a" "b" | uniq | sortAlpha | first }} {{ has "a" .l }}', "a true"),
        ("{{ $d := dict `a` 1 }}{{ $_ := set $d `b` 2 }}{{ $d }}", "map[a:1 b:2]"),
        ("{{ merge (dict `a` 1) (dict `a` 2 `b` 3) }}", "map[a:1 b:3]"),
        ("{{ mergeOverwrite (dict `a` 1) (dict `a` 2 `b` 3) }}", "map[a:2 b:3]"),
        ("{{ normalize `My_App.` }}", "my-app"),
        (
            "{{ slugify .s }} {{ slugify 7 true `hello-world` }} {{ slugify 7 false `hello-world` }}",
            "hello-world hello hello-w",
        ),
        ("{{ indent 2 `a\nb` }}|{{ nindent 1 `c` }}", "  a\n  b|\n c"),
        ("{{ until 3 }} {{ untilStep 4 0 -2 }} {{ seq 2 4 }}", "[0 1 2] [4 2] 2 3 4"),
        ("{{ kindOf .m }} {{ typeOf .path.segments }} {{ kindIs `string` .s }}", "map []string true"),
    ],
)
def test_functions(template: str, printed: str) -> None:
    assert render(template, PARAMETERS) == printed


@pytest.mark.parametrize(
    ("constraint", "version", "holds"),
    [
        (">=1.28", "1.30.2", True),
        (">=1.28", "1.24.0", False),
        (">=1.28-0", "1.30.2-gke.1", True),
        (">=1.28", "1.30.2-gke.1", False),
        ("^1.2", "1.9.9", True),
        ("^1.2", "2.0.0", False),
        ("^0.2.3", "0.2.9", True),
        ("^0.2.3", "0.3.0", False),
        ("^0.0.3", "0.0.4", False),
        ("~1.2", "1.2.9", True),
        ("~1.2", "1.3.0", False),
        ("~1", "1.9.0", True),
        ("1.2.x", "1.2.7", True),
        ("1.2.x", "1.3.0", False),
        ("*", "3.1.4", True),
        (">1", "1.9.0", False),
        (">1", "2.0.0", True),
        (">1.2", "1.2.9", False),
        (">1.2", "1.3.0", True),
        ("<=1.2", "1.2.9", True),
        ("<=1.2", "1.3.0", False),
        ("!=1.2", "1.2.9", False),
        ("!=1.2", "1.3.0", True),
        ("!=1", "1.3.0", False),
        ("1.2 - 1.4", "1.4.5", True),
        ("1.2 - 1.4", "1.5.0", False),
        (">=1.2, <2", "1.9.0", True),
        (">=1.2 <2", "2.0.0", False),
        ("<1 || >=3", "3.0.0", True),
        ("<1 || >=3", "2.0.0", False),
        ("=1.2.3+a", "v1.2.3+b", True),
        ("1.2.3", "1.2", False),
        (">1.2.3-alpha.2", "1.2.3-alpha.10", True),
        (">1.2.3-alpha", "1.2.3", True),
    ],
)
def test_a_version_is_compared(constraint: str, version: str, holds: bool) -> None:
    assert render(f"{{{{ semverCompare `{constraint}` `{version}` }}}}", {}) == str(holds).lower()


def test_a_missing_key_is_an_error_where_asked_for() -> None:
    for template in ("{{ .missing }}", "{{ .m.missing }}", "{{ .labels.missing }}", "{{ .s.missing }}"):
        with pytest.raises(TemplateError) as raised:
            render(template, PARAMETERS, "error")
        assert raised.value.missing
    assert render('{{ dig "x" "none" .m }}{{ hasKey .m "x" }}{{ get .m "x" }}', PARAMETERS, "error") == "nonefalse"
    assert render('{{ index .m "x" }}', PARAMETERS, "error") == "<no value>"


def test_a_missing_key_is_zero_where_asked_for() -> None:
    assert render("{{ .labels.missing }}|{{ .missing }}", PARAMETERS, "zero") == "|<no value>"


@pytest.mark.parametrize(
    "template",
    [
        "{{ .null.x }}",
        "{{ .s.x }}",
        '{{ get .labels "env" }}',
        '{{ dig "a" "b" "c" .m }}',
        "{{ upper .n }}",
        "{{ semverCompare `>1` `latest` }}",
        "{{ semverCompare `>1` `1.0.0-01` }}",
        "{{ trunc .n .s }}",
        "{{ index .l 9 }}",
        "{{ index .null 1 }}",
        "{{ eq .s 1 }}",
        "{{ lt .null 1 }}",
        "{{ len .n }}",
        "{{ div 1 0 }}",
        '{{ fail "no" }}',
        "{{ range .s }}{{ end }}",
        "{{ env `HOME` }}",
        "{{ nosuch .s }}",
        "{{ upper }}",
        "{{ upper .s .s }}",
        "{{ .s",
        "{{ .s }}{{ end }}",
        "{{ if .s }}",
        "{{ if }}x{{ end }}",
        "{{ $undefined }}",
        '{{ "open }}',
        "{{ 1 | 2 }}",
        "{{ .s .e }}",
        "{{ (.s }}",
        "{{ break }}",
        "{{}}",
        "{{/* open",
        "{{ fromYaml `[1]` }}",
        "{{ fromJson }}",
        "{{ slugify 5 }}",
        "{{ nil }}",
    ],
)
def test_what_argo_refuses_is_an_error(template: str) -> None:
    with pytest.raises(TemplateError):
        render(template, PARAMETERS)


@pytest.mark.parametrize(
    ("template", "named"),
    [
        ("{{ now }}", "'now'"),
        ("{{ uuidv4 }}", "'uuidv4'"),
        ("{{ randAlpha 3 }}", "'randAlpha'"),
        ("{{ semverCompare `>1 2a` `2` }}", "version constraint"),
        ("{{ semverCompare `1||2 - 3` `2` }}", "version constraint"),
        ('{{ define "x" }}{{ end }}', "'define'"),
        ("{{ keys .m }}", "order"),
        ("{{ range (values .m) }}{{ end }}", "order"),
        ("{{ set .m `a` 1 }}", "'set'"),
        ("{{ toYaml `a: b` }}", "toYaml"),
        ("{{ repeat 9999999 .s }}", "million"),
        ("{{ until 999999999 }}", "hundred thousand"),
        ("{{ range 99999999 }}{{ end }}", "steps"),
        ("{{ range 9999 }}{{ repeat 999 $.s }}{{ end }}", "million"),
        ('{{ regexMatch "(a+)+$" .s }}', "regular expression"),
        ('{{ printf "%x" .s }}', "format"),
        ("{{" + "(" * 100 + ".s" + ")" * 100 + "}}", "levels"),
    ],
)
def test_what_cannot_be_told_names_the_construct(template: str, named: str) -> None:
    with pytest.raises(UnverifiableError, match=named):
        render(template, PARAMETERS)


@given(st.text(alphabet='{}.|$()- "`abms:=/*\n', max_size=30))
def test_any_text_gets_an_answer(text: str) -> None:
    with contextlib.suppress(TemplateError, UnverifiableError):
        assert isinstance(render(text, PARAMETERS), str)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_printed_number_keeps_its_value(number: float) -> None:
    assert float(go_templates.show(number)) == number


@pytest.mark.parametrize(
    ("options", "meaning"), [((), "default"), (("missingkey=error",), "error"), (("missingkey=zero",), "zero")]
)
def test_options(options: tuple[str, ...], meaning: str) -> None:
    assert go_templates.missing_key(options) == meaning


def test_an_unknown_option_makes_the_controller_panic() -> None:
    with pytest.raises(TemplateError, match="panics"):
        go_templates.missing_key(["missingkey=bogus"])


@pytest.mark.parametrize(
    ("template", "printed"),
    [
        ("{{name}}-{{ path.basename }}", "web-dev"),
        ("{{unknown}} {{ .name }} {{name | upper}} {{}}", "{{unknown}} {{ .name }} {{name | upper}} {{}}"),
        ("{{number}}", "{{number}}"),
        ("{{open", "{{open"),
        ("{{\nname}}", "{{\nname}}"),
    ],
)
def test_fast_templates_keep_what_they_do_not_know(template: str, printed: str) -> None:
    assert fast_templates.render(template, {"name": "web", "path.basename": "dev", "number": 3.0}) == printed


def test_an_unclosed_tag_is_an_error_beside_a_complete_one() -> None:
    with pytest.raises(TemplateError, match="end of a tag"):
        fast_templates.render("{{name}}{{open", {"name": "web"})
