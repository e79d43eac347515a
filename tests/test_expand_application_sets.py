"""What an ApplicationSet generates, and how far each mistake reaches: seen on the running controller."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.expand import ClusterEntry, TreeView, expand
from scaffold.expand.expansion import Expansion

URL = "https://git.example.com/fleet"
HERE = "https://kubernetes.default.svc"
FINALIZER = "resources-finalizer.argocd.argoproj.io"
FILES = {
    "apps/shop/web/overlays/dev/kustomization.yaml": "",
    "apps/shop/web/config.yaml": "app: web\nteam: shop\nlabels: {tier: front, on: yes}\ntags: [x, y]\nbig: 10000000\n",
    "apps/shop/api/overlays/dev/kustomization.yaml": "",
    "apps/shop/api/config.yaml": "app: api\nteam: shop\nlabels: {tier: back}\ntags: []\nbig: 1\n",
    "apps/pay/cart/overlays/dev/kustomization.yaml": "",
    "apps/.hidden/x/y.yaml": "a: 1",
    "list.yaml": "- {name: one}\n- {name: two}\n",
    "numbers.yaml": "a: 1.50\nb: 010\nc: 0x1F\nd: 1e3\ne: 1_000\nf: null\ny: n\n",
    "bad.yaml": "a: [",
    "text.yaml": "only text",
    "empty.yaml": "",
}
CLUSTERS = (
    ClusterEntry("dev.one", "https://dev.example.com", {"env": "dev"}, {"note": "hi"}),
    ClusterEntry("prod", "https://prod.example.com", {"env": "prod"}, project="team"),
)


def view(**changes: Any) -> TreeView:
    settings = {"files": FILES, "read": FILES.__getitem__, "repository_urls": (URL,), "clusters": CLUSTERS}
    return TreeView(**{**settings, **changes})


def listing(*elements: Any) -> dict[str, Any]:
    return {"list": {"elements": list(elements)}}


def directories(*paths: str, exclude: Iterable[str] = (), **more: Any) -> dict[str, Any]:
    items = [{"path": path} for path in paths] + [{"path": path, "exclude": True} for path in exclude]
    return {"git": {"repoURL": f"{URL}.git", "revision": "HEAD", "directories": items, **more}}


def files(*paths: str, **more: Any) -> dict[str, Any]:
    return {"git": {"repoURL": URL, "files": [{"path": path} for path in paths], **more}}


def application_set(
    *generators: Mapping[str, Any],
    name: str = "{{ .name }}",
    go: bool = True,
    options: Iterable[str] = ("missingkey=error",),
    template: Mapping[str, Any] | None = None,
    **spec: Any,
) -> dict[str, Any]:
    body = {
        "metadata": {"name": name},
        "spec": {"project": "team", "source": {"repoURL": URL, "path": "x"}, "destination": {"server": HERE}},
    }
    settings = {"goTemplate": True, "goTemplateOptions": list(options)} if go else {}
    spec = {"generators": list(generators), "template": template or body, **settings, **spec}
    return {"kind": "ApplicationSet", "metadata": {"name": "set", "namespace": "argocd"}, "spec": spec}


def names(expansion: Expansion) -> list[str]:
    return [application["metadata"]["name"] for application in expansion.applications]


def made(*generators: Mapping[str, Any], tree: TreeView | None = None, **settings: Any) -> list[str]:
    """The names of the applications, which must come without any problem."""
    expansion = expand(application_set(*generators, **settings), tree or view())
    assert not expansion.errors
    assert not expansion.unverifiable
    return names(expansion)


def refused(*generators: Mapping[str, Any], tree: TreeView | None = None, **settings: Any) -> str:
    """The one error that leaves the set without applications."""
    expansion = expand(application_set(*generators, **settings), tree or view())
    assert not expansion.applications
    (problem,) = expansion.errors
    assert not problem.application
    return problem.message


class TestApplications:
    def test_one_is_made_as_the_controller_makes_it(self) -> None:
        template = {
            "metadata": {"name": "{{ .name }}", "namespace": "ignored", "labels": {"{{ .key }}": "v"}},
            "spec": {
                "project": "team",
                "destination": {"server": HERE},
                "info": [{"name": "n", "value": "{{ .name }}"}],
            },
        }
        expansion = expand(application_set(listing({"name": "a", "key": "k"}), template=template), view())
        (application,) = expansion.applications
        assert application == {
            "apiVersion": "argoproj.io/v1alpha1",
            "kind": "Application",
            "metadata": {"name": "a", "namespace": "argocd", "labels": {"k": "v"}, "finalizers": [FINALIZER]},
            "spec": {"project": "team", "destination": {"server": HERE}, "info": [{"name": "n", "value": "a"}]},
        }
        assert expansion.origins == (("spec", "generators", 0),)

    def test_kept_resources_mean_no_finalizer(self) -> None:
        spec = application_set(listing({"name": "a"}), syncPolicy={"preserveResourcesOnDeletion": True})
        assert "finalizers" not in expand(spec, view()).applications[0]["metadata"]

    def test_an_empty_element_gives_the_raw_template_without_the_finalizer(self) -> None:
        (application,) = expand(application_set(listing({}), name="raw"), view()).applications
        assert application["metadata"] == {"name": "raw", "namespace": "argocd"}

    def test_no_generators_are_no_error(self) -> None:
        assert made() == []

    def test_structures_without_templates_survive(self) -> None:
        template = {
            "metadata": {"name": "{{ .name }}"},
            "spec": {
                "project": "team",
                "destination": {"server": HERE},
                "source": {"helm": {"valuesObject": {"n": 1, "deep": ["{{ .name }}", {"{{ .name }}": True}]}}},
            },
        }
        (application,) = expand(application_set(listing({"name": "a"}), template=template), view()).applications
        assert application["spec"]["source"]["helm"]["valuesObject"] == {"n": 1, "deep": ["a", {"a": True}]}


class TestScopeOfErrors:
    def test_one_missing_key_makes_nothing_at_all(self) -> None:
        assert "no entry for key" in refused(listing({"name": "a"}, {"other": "b"}))

    def test_one_failing_generator_makes_nothing_at_all(self) -> None:
        assert "bad.yaml" in refused(listing({"name": "a"}), files("bad.yaml"))

    def test_without_the_option_a_missing_value_becomes_text(self) -> None:
        expansion = expand(application_set(listing({"other": "b"}), options=()), view())
        assert "<no value>" in expansion.errors[0].message
        assert expansion.errors[0].application == "<no value>"

    def test_every_copy_of_a_duplicate_is_dropped_also_across_generators(self) -> None:
        expansion = expand(application_set(listing({"name": "a"}, {"name": "b"}), listing({"name": "a"})), view())
        assert names(expansion) == ["b"]
        (problem,) = expansion.errors
        assert problem.application == "a"
        assert problem.pointer == ("spec", "template", "metadata", "name")

    def test_a_project_that_does_not_exist_drops_its_application_only(self) -> None:
        template = {
            "metadata": {"name": "{{ .name }}"},
            "spec": {"project": "{{ .name }}", "destination": {"server": HERE}},
        }
        tree = view(projects=frozenset(["a"]))
        expansion = expand(application_set(listing({"name": "a"}, {"name": "b"}), template=template), tree)
        assert names(expansion) == ["a"]
        assert "project 'b' does not exist" in expansion.errors[0].message

    @pytest.mark.parametrize(
        ("destination", "message"),
        [
            ({"server": HERE, "name": "prod"}, "both"),
            ({}, "neither"),
            ({"name": "none"}, "no cluster 'none'"),
            ({"server": "https://none.example.com"}, "no cluster"),
        ],
    )
    def test_a_bad_destination_drops_its_application_only(self, destination: dict[str, str], message: str) -> None:
        template = {"metadata": {"name": "{{ .name }}"}, "spec": {"project": "team", "destination": destination}}
        expansion = expand(application_set(listing({"name": "a"}), template=template), view())
        assert not expansion.applications
        assert message in expansion.errors[0].message
        assert expansion.errors[0].application == "a"

    @pytest.mark.parametrize("destination", [{"server": HERE + "/"}, {"name": "in-cluster"}, {"name": "prod"}])
    def test_a_known_cluster_is_accepted(self, destination: dict[str, str]) -> None:
        template = {"metadata": {"name": "{{ .name }}"}, "spec": {"project": "team", "destination": destination}}
        assert made(listing({"name": "a"}), template=template) == ["a"]

    @pytest.mark.parametrize("name", ["Upper", "under_score", "-dash", "x" * 254, ""])
    def test_the_api_server_rejects_a_name_application_by_application(self, name: str) -> None:
        expansion = expand(application_set(listing({"name": name}, {"name": "good"})), view())
        assert names(expansion) == ["good"]
        assert "DNS-1123" in expansion.errors[0].message

    @pytest.mark.parametrize("value", ["x" * 64, "has space", "-x"])
    def test_the_api_server_rejects_a_label_value(self, value: str) -> None:
        template = {
            "metadata": {"name": "{{ .name }}", "labels": {"l": "{{ .value }}"}},
            "spec": {"project": "team", "destination": {"server": HERE}},
        }
        elements = listing({"name": "a", "value": value}, {"name": "b", "value": "fine"})
        expansion = expand(application_set(elements, template=template), view())
        assert names(expansion) == ["b"]
        assert expansion.errors[0].pointer == ("spec", "template", "metadata", "labels", "l")

    def test_an_unknown_option_makes_nothing(self) -> None:
        assert "panics" in refused(listing({"name": "a"}), options=["missingkey=bogus"])


class TestTemplatePatch:
    @pytest.mark.parametrize("go", [True, False])
    def test_it_renames_but_keeps_project_and_namespace(self, go: bool) -> None:
        tag = "{{ .name }}" if go else "{{name}}"
        patch = f"metadata: {{name: new-{tag}, namespace: other}}\nspec: {{project: evil, source: {{path: z}}}}"
        spec = application_set(listing({"name": "a"}), name=tag, go=go, templatePatch=patch)
        (application,) = expand(spec, view()).applications
        assert application["metadata"]["name"] == "new-a"
        assert application["metadata"]["namespace"] == "argocd"
        assert application["spec"]["project"] == "team"
        assert application["spec"]["source"] == {"repoURL": URL, "path": "z"}

    def test_the_last_of_two_keys_wins(self) -> None:
        patch = "spec: {syncPolicy: {automated: null}}\nspec: {revisionHistoryLimit: 3}\n"
        (application,) = expand(application_set(listing({"name": "a"}), templatePatch=patch), view()).applications
        assert application["spec"]["revisionHistoryLimit"] == 3

    def test_null_deletes_lists_are_replaced_and_finalizers_are_added(self) -> None:
        patch = '{"metadata": {"finalizers": ["extra"]}, "spec": {"source": null, "info": [1]}}'
        template = {
            "metadata": {"name": "a"},
            "spec": {"project": "team", "destination": {"server": HERE}, "source": {"path": "x"}, "ref": [1, 2]},
        }
        patch = patch.replace('"info": [1]', '"ref": [3]')
        (application,) = expand(
            application_set(listing({"name": "a"}), template=template, templatePatch=patch), view()
        ).applications
        assert application["metadata"]["finalizers"] == ["extra", FINALIZER]
        assert application["spec"] == {"project": "team", "destination": {"server": HERE}, "ref": [3]}

    def test_a_patch_that_renders_to_nothing_changes_nothing(self) -> None:
        assert made(listing({"name": "a"}), templatePatch="{{ if false }}spec: {}{{ end }}") == ["a"]

    @pytest.mark.parametrize(
        "patch",
        ["spec: [", "[1]", "metadata: {labels: {a: y}}", "spec: {syncPolicy: {automated: {prune: 'true'}}}"],
    )
    def test_a_patch_that_does_not_fit_makes_nothing_at_all(self, patch: str) -> None:
        assert "templatePatch" in refused(listing({"name": "a"}), templatePatch=patch)

    def test_nothing_nested_merges_into_values_that_are_there(self) -> None:
        template = {
            "metadata": {"name": "a"},
            "spec": {
                "project": "team",
                "destination": {"server": HERE},
                "source": {"helm": {"valuesObject": {"a": {"b": 1}}}},
            },
        }
        patch = "spec: {source: {helm: {valuesObject: {a: {c: 1}}}}}"
        assert "valuesObject" in refused(listing({"name": "a"}), template=template, templatePatch=patch)
        spec = application_set(listing({"name": "a"}), template=template, templatePatch=patch.replace("a:", "z:"))
        values = expand(spec, view()).applications[0]["spec"]["source"]["helm"]["valuesObject"]
        assert values == {"a": {"b": 1}, "z": {"c": 1}}

    def test_a_merge_directive_is_not_resolved(self) -> None:
        spec = application_set(listing({"name": "a"}), templatePatch="spec: {$patch: replace}")
        assert "$patch" in expand(spec, view()).unverifiable[0].message


class TestGitDirectories:
    def test_one_asterisk_is_one_level_and_two_are_the_same(self) -> None:
        name = "{{ .path.basename }}"
        assert made(directories("apps/*"), name=name) == ["pay", "shop"]
        assert made(directories("apps/**"), name=name) == ["pay", "shop"]
        assert made(directories("apps/*/*"), name=name) == ["cart", "api", "web"]

    def test_exclusion_wins_whatever_the_order(self) -> None:
        generator = directories("apps/*/*", exclude=["apps/shop/*"])
        generator["git"]["directories"].reverse()
        assert made(generator, name="{{ .path.basename }}") == ["cart"]

    def test_hidden_directories_are_skipped_and_no_match_is_no_error(self) -> None:
        assert made(directories("apps/.hidden", "apps/.hidden/*", "none/*")) == []

    def test_a_malformed_pattern_matches_nothing(self) -> None:
        assert made(directories("apps/[a")) == []

    def test_classes_match(self) -> None:
        assert made(directories("apps/[ps]*"), name="{{ .path.basename }}") == ["pay", "shop"]

    def test_parameters(self) -> None:
        name = "{{ index .path.segments 1 }}-{{ .path.basenameNormalized }}-{{ len .path.path }}"
        assert made(directories("apps/*/cart"), name=name) == ["pay-cart-13"]
        assert made(directories("apps/*/cart", pathParamPrefix="p"), name="{{ .p.path.basename }}") == ["cart"]
        fast = "{{path[1]}}-{{path.basename}}-{{values.x}}"
        assert made(directories("apps/*/cart", values={"x": "{{path.basename}}1"}), name=fast, go=False) == [
            "pay-cart-cart1"
        ]

    def test_values_do_not_see_one_another(self) -> None:
        values = {"a": "{{path.basename}}", "b": "{{values.a}}"}
        spec = application_set(directories("apps/pay", values=values), name="{{values.b}}", go=False)
        assert expand(spec, view()).errors[0].application == "{{values.a}}"

    @pytest.mark.parametrize("change", [{"repoURL": "https://git.example.com/other"}, {"revision": "v1"}])
    def test_another_tree_is_not_resolved(self, change: dict[str, str]) -> None:
        generator = directories("apps/*")
        generator["git"].update(change)
        expansion = expand(application_set(generator, listing({"name": "a"})), view())
        assert names(expansion) == ["a"]
        assert "another tree" in expansion.unverifiable[0].message
        assert expansion.unverifiable[0].pointer == ("spec", "generators", 0)

    def test_a_declared_revision_is_this_tree(self) -> None:
        generator = directories("apps/*", revision="refs/heads/main")
        assert made(generator, tree=view(revisions=frozenset(["main"])), name="{{ .path.basename }}") == ["pay", "shop"]

    def test_a_literal_project_that_does_not_exist_fails_the_generator(self) -> None:
        assert "project team" in refused(directories("apps/*"), tree=view(projects=frozenset(["other"])))

    @given(st.sets(st.from_regex(r"[a-c.]{1,2}(/[a-c.]{1,2}){0,3}/f", fullmatch=True), max_size=8), st.sampled_from(
        ["*", "*/*", "a/*", "*/a", "a*/*/b?", "?", "a/b", "**/a", "*/", "/*"]
    ))  # fmt: skip
    def test_the_walk_finds_what_testing_every_directory_finds(self, tree: set[str], pattern: str) -> None:
        held = TreeView(files=tree)
        escaped = pattern.replace("a", "[a]", 1) if "a" in pattern else pattern
        assert held.directories_matching(pattern) == held.directories_matching(escaped)


class TestGitFiles:
    def test_an_asterisk_crosses_slashes(self) -> None:
        assert made(files("apps/*/config.yaml"), name="{{ .app }}") == ["api", "web"]

    def test_a_list_gives_several_and_exclusion_wins(self) -> None:
        assert made(files("list.yaml")) == ["one", "two"]
        generator = files("list.yaml")
        generator["git"]["files"].append({"path": "*.yaml", "exclude": True})
        assert made(generator) == []

    def test_numbers_are_floats(self) -> None:
        spec = application_set(files("apps/shop/web/config.yaml"), name="x{{ .big | int64 }}-{{ .big }}")
        assert expand(spec, view()).errors[0].application == "x10000000-1e+07"

    def test_a_file_at_the_root(self) -> None:
        name = "{{ .path.path | len }}{{ .path.basename }}{{ .path.basenameNormalized }}{{ .path.filename }}"
        assert made(files("empty.yaml"), name=name) == ["1.empty.yaml"]

    @pytest.mark.parametrize("path", ["bad.yaml", "text.yaml"])
    def test_one_file_that_cannot_be_read_makes_nothing(self, path: str) -> None:
        assert path in refused(files(path, "list.yaml"))

    def test_a_path_outside_is_an_error(self) -> None:
        assert "outside" in refused(files("/etc/*"))
        assert "outside" in refused(files("../x"))

    def test_flat_values_are_text(self) -> None:
        name = "{{a}}x{{b}}x{{c}}x{{d}}x{{e}}x{{f}}x{{y}}"
        expansion = expand(application_set(files("numbers.yaml"), name=name, go=False), view())
        assert expansion.errors[0].application == "1.5x8x31x1000x1000x<nil>x{{y}}"

    def test_yaml_1_1_makes_keys_of_booleans(self) -> None:
        expansion = expand(application_set(files("numbers.yaml"), name="{{ index . `true` }}"), view())
        assert names(expansion) == ["false"]

    def test_lists_flatten_with_numbers(self) -> None:
        assert made(files("apps/shop/web/config.yaml"), name="{{tags.0}}-{{labels.tier}}", go=False) == ["x-front"]


class TestList:
    def test_text_only_without_go_templates_but_for_values(self) -> None:
        assert made(listing({"name": "a", "values": {"k": "v"}}), name="{{name}}{{values.k}}", go=False) == ["av"]
        assert "'n'" in refused(listing({"name": "a", "n": 1}), name="{{name}}", go=False)
        assert "'m'" in refused(listing({"name": "a", "m": {"k": "v"}}), name="{{name}}", go=False)

    def test_elements_and_their_yaml_are_both_used(self) -> None:
        generator = {"list": {"elements": [{"name": "a"}], "elementsYaml": "- name: b\n"}}
        assert made(generator) == ["a", "b"]

    @pytest.mark.parametrize("text", ["a: [", "- 3", "a: b"])
    def test_yaml_that_is_no_list_of_maps_is_refused(self, text: str) -> None:
        assert "ElementsYaml" in refused({"list": {"elementsYaml": text}})

    def test_one_item_may_hold_two_kinds(self) -> None:
        generator = {**listing({"name": "a"}), **directories("apps/pay", values={"n": "x"})}
        assert made(generator, name="{{ if .name }}{{ .name }}{{ else }}{{ .values.n }}{{ end }}", options=()) == [
            "a",
            "x",
        ]


class TestClusters:
    def test_in_cluster_is_included_without_metadata_and_any_selector_drops_it(self) -> None:
        name = "{{ .nameNormalized }}"
        assert made({"clusters": {}}, name=name) == ["dev.one", "prod", "in-cluster"]
        assert made({"clusters": {"selector": {"matchLabels": {"env": "dev"}}}}, name=name) == ["dev.one"]
        assert "metadata" in refused({"clusters": {}}, name="{{ .metadata.labels.env }}")

    def test_parameters(self) -> None:
        selector = {"matchExpressions": [{"key": "env", "operator": "In", "values": ["dev"]}]}
        generator = {"clusters": {"selector": selector, "values": {"where": "{{ .metadata.labels.env }}"}}}
        assert made(generator, name="{{ .values.where }}-{{ .metadata.annotations.note }}") == ["dev-hi"]

    def test_a_flat_list_is_one_parameter(self) -> None:
        name = "all{{ range .clusters }}-{{ .name }}{{ end }}"
        assert made({"clusters": {"flatList": True}}, name=name) == ["all-dev.one-prod-in-cluster"]

    def test_clusters_that_are_not_declared_are_not_guessed(self) -> None:
        expansion = expand(application_set({"clusters": {}}), view(clusters=None))
        assert "not declared" in expansion.unverifiable[0].message

    def test_a_selector_that_is_not_valid_is_refused(self) -> None:
        assert "In" in refused({"clusters": {"selector": {"matchExpressions": [{"key": "env", "operator": "In"}]}}})
        assert "label value" in refused({"clusters": {"selector": {"matchLabels": {"env": "not ok"}}}})


class TestMatrixAndMerge:
    @staticmethod
    def matrix(*children: Any) -> dict[str, Any]:
        return {"matrix": {"generators": list(children)}}

    @staticmethod
    def merge(*children: Any, keys: Iterable[str] = ("name",)) -> dict[str, Any]:
        return {"merge": {"mergeKeys": list(keys), "generators": list(children)}}

    def test_every_pair(self) -> None:
        both = self.matrix(listing({"a": "1"}, {"a": "2"}), listing({"b": "x"}, {"b": "y"}))
        assert made(both, name="n{{ .a }}{{ .b }}") == ["n1x", "n1y", "n2x", "n2y"]

    def test_the_second_sees_the_first(self) -> None:
        second = directories("apps/{{ .team }}/*")
        assert made(self.matrix(listing({"team": "pay"}), second), name="{{ .path.basename }}") == ["cart"]
        yaml = {"list": {"elementsYaml": "{{ .items | toJson }}"}}
        assert made(self.matrix(listing({"items": [{"name": "x"}, {"name": "y"}]}), yaml)) == ["x", "y"]

    def test_the_same_key_with_two_values(self) -> None:
        both = self.matrix(listing({"name": "first", "m": "1"}), listing({"name": "second"}))
        assert made(both) == ["first"]
        assert "duplicate key name" in refused(both, name="{{name}}", go=False)

    def test_git_by_git_takes_the_firsts_path(self) -> None:
        both = self.matrix(directories("apps/pay"), directories("apps/shop"))
        assert made(both, name="{{ .path.basename }}") == ["pay"]
        assert "duplicate key path" in refused(both, name="{{path.basename}}", go=False)
        prefixed = self.matrix(
            directories("apps/pay", pathParamPrefix="a"), directories("apps/shop", pathParamPrefix="b")
        )
        assert made(prefixed, name="{{ .a.path.basename }}-{{ .b.path.basename }}") == ["pay-shop"]

    def test_nested_maps_merge(self) -> None:
        both = self.matrix(listing({"m": {"a": "1"}}), listing({"m": {"a": "2", "b": "3"}}))
        assert made(both, name="n{{ .m.a }}{{ .m.b }}") == ["n13"]

    def test_values_of_one_side_only(self) -> None:
        first = listing({"team": "pay"})
        mixed = directories("apps/pay", values={"x": "{{ .team }}-{{ .path.basename }}"})
        assert "no entry for key" in refused(self.matrix(first, mixed), name="{{ .values.x }}")
        for text in ("{{ .team }}", "{{ .path.basename }}"):
            assert made(self.matrix(first, directories("apps/pay", values={"x": text})), name="{{ .values.x }}") == [
                "pay"
            ]

    @pytest.mark.parametrize("count", [0, 1, 3])
    def test_a_matrix_has_two_children(self, count: int) -> None:
        assert "Matrix support only two" in refused(self.matrix(*[listing({"name": "a"})] * count))

    def test_a_matrix_in_a_matrix_but_no_deeper(self) -> None:
        one = listing({"name": "a"})
        assert made(self.matrix(self.matrix(one, listing({"b": "c"})), listing({"d": "e"}))) == ["a"]
        deep = self.matrix(self.matrix(self.matrix(one, one), one), one)
        assert "no parameters" in refused(deep)

    def test_a_merge_overrides_by_key(self) -> None:
        base = listing({"name": "a", "v": "1"}, {"name": "b", "v": "1"})
        over = listing({"name": "b", "v": "2"}, {"name": "nobody", "v": "3"})
        for go, name in ((True, "{{ .name }}{{ .v }}"), (False, "{{name}}{{v}}")):
            assert made(self.merge(base, over), name=name, go=go) == ["a1", "b2"]

    def test_a_base_without_the_key_is_kept(self) -> None:
        assert made(self.merge(listing({"v": "x"}), listing({"name": "b"})), name="{{ .v }}") == ["x"]

    def test_keys_must_be_unique(self) -> None:
        twice = listing({"name": "a"}, {"name": "a"})
        assert "not unique" in refused(self.merge(twice, listing()))
        assert "no merge keys" in refused(self.merge(twice, listing(), keys=()))
        assert "less than two" in refused(self.merge(twice))

    def test_a_nested_merge_key_is_seen_as_null(self) -> None:
        base = listing({"values": {"sel": "1"}}, {"values": {"sel": "2"}})
        assert "not unique" in refused(self.merge(base, listing(), keys=["values.sel"]))

    def test_values_of_clusters_and_of_a_list_panic(self) -> None:
        base = {"clusters": {"values": {"a": "1"}}}
        over = listing({"name": "prod", "values": {"b": "2"}})
        assert "panics" in refused(self.merge(base, over))

    def test_a_huge_matrix_is_not_resolved(self) -> None:
        many = listing(*({"name": f"n{index}"} for index in range(500)))
        expansion = expand(application_set(self.matrix(many, many)), view())
        assert "matrix of more than" in expansion.unverifiable[0].message


class TestSelectorsAndTemplates:
    @pytest.mark.parametrize(
        ("selector", "expected"),
        [
            ({"matchLabels": {"env": "dev"}}, ["a"]),
            ({"matchLabels": {"deep.key": "x y"}}, ["b"]),
            ({"matchExpressions": [{"key": "env", "operator": "NotIn", "values": ["dev"]}]}, ["b"]),
            ({"matchExpressions": [{"key": "env", "operator": "Exists"}]}, ["a"]),
            ({"matchExpressions": [{"key": "env", "operator": "DoesNotExist"}]}, ["b"]),
            ({}, ["a", "b"]),
        ],
    )
    def test_a_selector_reads_flat_names(self, selector: dict[str, Any], expected: list[str]) -> None:
        generator = {
            **listing({"name": "a", "env": "dev"}, {"name": "b", "deep": {"key": "x y"}}),
            "selector": selector,
        }
        assert made(generator) == expected

    def test_a_childs_selector_counts(self) -> None:
        child = {**listing({"name": "a"}, {"name": "b"}), "selector": {"matchLabels": {"name": "b"}}}
        assert made({"matrix": {"generators": [child, listing({"x": "y"})]}}) == ["b"]

    def test_an_unknown_operator_is_refused(self) -> None:
        selector = {"matchExpressions": [{"key": "env", "operator": "Gt", "values": ["1"]}]}
        assert "Gt" in refused({**listing({"name": "a"}), "selector": selector})

    def test_a_generators_own_template_comes_first(self) -> None:
        own = {"metadata": {"labels": {"own": "yes"}}, "spec": {"source": {"path": "own"}}}
        generator = listing({"name": "a"})
        generator["list"]["template"] = own
        (application,) = expand(application_set(generator), view()).applications
        assert application["metadata"]["labels"] == {"own": "yes"}
        assert application["spec"]["source"] == {"path": "own", "repoURL": URL}


@pytest.mark.parametrize("kind", ["scmProvider", "pullRequest", "plugin", "clusterDecisionResource"])
def test_generators_that_ask_a_service_are_not_resolved(kind: str) -> None:
    expansion = expand(application_set({kind: {}}), view())
    assert kind in expansion.unverifiable[0].message
    assert not expansion.errors


def test_a_file_that_the_caller_cannot_read_is_not_resolved() -> None:
    def fail(path: str) -> str:
        raise OSError(path)

    expansion = expand(application_set(files("list.yaml")), view(read=fail))
    assert "list.yaml" in expansion.unverifiable[0].message


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"spec": None},
        {"spec": {"generators": [None, 1, {"list": 3}], "template": []}},
        {
            "spec": {
                "generators": [{"list": {"elements": [{"a": 1}]}}],
                "template": {"spec": [1]},
                "templatePatch": "{}",
            }
        },
    ],
)
def test_a_broken_set_never_raises(broken: dict[str, Any]) -> None:
    assert isinstance(expand(broken, view()), Expansion)
