"""What is kept of a file, and what a kustomization refers to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold import load
from scaffold.model import SourceFile

_TWO = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: shop
  labels: {app: web, size: 3}
---
# nothing
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
"""


def _file(text: str, path: str = "a.yaml", *, keep: bool = False) -> SourceFile:
    return load.source_file(path, text.encode(), keep=keep)


def test_heads_of_every_document() -> None:
    heads = _file(_TWO).heads
    assert [(h.document, h.api_version, h.kind, h.name, h.namespace) for h in heads] == [
        (0, "v1", "ConfigMap", "web", "shop"),
        (2, "apps/v1", "Deployment", "web", ""),
    ]
    assert heads[0].labels == (("app", "web"),)
    assert heads[1].group == "apps"


def test_members_of_a_list_have_heads_and_places() -> None:
    text = (
        "apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: ConfigMap\n    metadata: {name: a}\n  - 3\n"
    )
    file = _file(text, keep=True)
    assert [head.name for head in file.heads] == ["a"]
    (member,) = [part for manifest in file.manifests() for part in load.members(manifest)]
    assert member.place("metadata", "name").pointer == ("items", 0, "metadata", "name")


@pytest.mark.parametrize(
    ("path", "text", "kept"),
    [
        ("a.yaml", _TWO, False),
        ("kustomization.yaml", "resources: []\n", True),
        ("web/Chart.yaml", "name: web\n", True),
        ("web/.copier-answers.yml", "kind: app\n", True),
        ("web/.argocd-source.yaml", "helm: {}\n", True),
        ("a.yaml", "apiVersion: argoproj.io/v1alpha1\nkind: Application\n", True),
        ("a.yaml", "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n", True),
        ("a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: argocd-cm}\n", True),
        (
            "a.yaml",
            "apiVersion: v1\nkind: List\nitems: [{apiVersion: argoproj.io/v1alpha1, kind: Application}]\n",
            True,
        ),
    ],
)
def test_only_what_spans_files_is_kept(path: str, text: str, kept: bool) -> None:
    assert (_file(text, path).documents is not None) is kept
    everything = _file(text, path, keep=True)
    assert everything.documents is not None
    assert (load.forget(everything).documents is not None) is kept


def test_what_is_no_text_has_a_place() -> None:
    problem = load.source_file("a.yaml", b"a: 1\nb: caf\xe9\n").problem
    assert problem is not None
    assert (problem.text, problem.line, problem.column) == ("not UTF-8 text", 2, 7)


def test_a_byte_order_mark_is_no_character() -> None:
    file = load.source_file("a.yaml", b"\xef\xbb\xbf" + _TWO.encode())
    assert file.problem is None
    assert file.heads[0].kind == "ConfigMap"


def test_ignore_comments_speak_of_a_line() -> None:
    text = """\
a: 1  # gitops-scaffold: ignore one-rule: it is so
# gitops-scaffold: ignore other-rule: for a reason until 2999-01-31
# another comment

b: 2
# gitops-scaffold: ignore bare-rule
c: 3
"""
    found = [(i.line, i.covers, i.rule, i.reason) for i in _file(text).comments.ignores]
    assert found == [
        (1, 1, "one-rule", "it is so"),
        (2, 5, "other-rule", "for a reason until 2999-01-31"),
        (6, 7, "bare-rule", ""),
    ]


def test_references_of_a_kustomization() -> None:
    text = """\
resources: [../base, ./a.yaml, https://example.com/x, "git@example.com:a/b", github.com/a/b, 3]
components: [../../c]
patches: [{path: p.yaml}, {patch: "inline"}, 3]
patchesStrategicMerge: [s.yaml, "kind: Pod\\n"]
configMapGenerator: [{files: [x.ini, "key=y.ini"], envs: [z.env]}, {env: old.env}]
replacements: [{path: r.yaml}]
openapi: {path: schema.json}
generators: [g.yaml, "apiVersion: builtin\\nkind: X"]
"""
    files = {"o/dev/kustomization.yaml": _file(text, "o/dev/kustomization.yaml")}
    item = load.kustomizations(files)["o/dev"]
    assert [(r.field, r.target, r.remote) for r in item.references] == [
        ("resources", "o/base", False),
        ("resources", "o/dev/a.yaml", False),
        ("resources", "", True),
        ("resources", "", True),
        ("resources", "", True),
        ("components", "c", False),
        ("generators", "o/dev/g.yaml", False),
        ("patches", "o/dev/p.yaml", False),
        ("patchesStrategicMerge", "o/dev/s.yaml", False),
        ("configMapGenerator", "o/dev/x.ini", False),
        ("configMapGenerator", "o/dev/y.ini", False),
        ("configMapGenerator", "o/dev/z.env", False),
        ("configMapGenerator", "o/dev/old.env", False),
        ("replacements", "o/dev/r.yaml", False),
        ("openapi", "o/dev/schema.json", False),
    ]


def test_a_closure_ends_in_circles_too() -> None:
    files = {
        f"{name}/kustomization.yaml": _file(f"resources: [../{other}, {name}.yaml]", f"{name}/kustomization.yaml")
        for name, other in (("a", "b"), ("b", "a"))
    }
    entered, leaves = load.closure("a", load.kustomizations(files))
    assert sorted(entered) == ["a", "b"]
    assert sorted(leaf.target for leaf in leaves) == ["a/a.yaml", "b/b.yaml"]
    assert set(load.read_by("a", load.kustomizations(files))) == {
        *("a/kustomization.yaml", "b/kustomization.yaml", "a/a.yaml", "b/b.yaml"),
    }


@given(st.binary(max_size=300))
def test_any_content_is_read_or_has_a_problem(content: bytes) -> None:
    file = load.source_file("a.yaml", content, keep=True)
    assert (file.documents is None) is (file.problem is not None)


_LINES = st.sampled_from(
    (
        ("host: web.<DOMAIN_NAME>", True),
        ("  - <CLUSTER-NAME>", True),
        ('name: "<TEAM_NAME>-web"  # one for each team', True),
        ("mode: fast", False),
        ("page: <BR>", False),
        ("usage: backup <POD_NAME> now", False),
        ("# for each <CLUSTER_NAME>", False),
        ("name: web # not <CLUSTER_NAME>", False),
    )
)


@given(st.lists(_LINES, max_size=20), st.sampled_from(("\n", "\r\n")))
def test_placeholders_are_found_in_the_lines_whose_values_they_are(lines: list[tuple[str, bool]], end: str) -> None:
    file = load.source_file("a.yaml", end.join(line for line, _ in lines).encode())
    wanted = tuple(number for number, (_, holds) in enumerate(lines, 1) if holds)
    assert (file.unfilled.lines if file.unfilled else ()) == wanted


def test_a_placeholder_is_told_with_its_column() -> None:
    file = load.source_file("a.yaml", b"mode: fast\nhost: web.<DOMAIN_NAME>\n")
    assert file.unfilled == ("<DOMAIN_NAME>", 11, (2,), False)


def test_a_template_is_one_whose_first_comment_says_so() -> None:
    said = (
        b"---\n# A template.\n\nhost: <DOMAIN_NAME>\n",
        b"host: <DOMAIN_NAME>\n# a template\n",
        b"# templates\na: <A_B>\n",
    )
    found = [load.source_file("a.yaml", text).unfilled for text in said]
    assert [unfilled and unfilled.template for unfilled in found] == [True, False, False]


def test_documents_that_say_why_they_do_not_wait_are_counted_as_they_are_read() -> None:
    parts = (
        b"# first\n---\na:\n  wait: false  # as it never ends\n",
        b"",
        b"a:\n  # for this\n  # reason\n  wait: false\n",
        b"a:\n  wait: false  # no\n",
    )
    text = b"---\n".join(parts)
    assert load.source_file("a.yaml", text).comments.unwaited == (0, 2)
