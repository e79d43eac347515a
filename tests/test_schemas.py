"""Schemas: what a server takes passes, what it refuses is found, and the words help."""

from __future__ import annotations

import copy
import functools
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold import schemas
from scaffold.model import Pointer, dig
from scaffold.parse import parse
from scaffold.schemas import catalogue, validator

FIXTURES = Path(__file__).parent / "fixtures" / "schemas"
NEWEST = schemas.versions()[-1]
Manifest = dict[str, Any]

# Below these fields anything goes, or the names are the user's.
OPEN = frozenset(
    [
        "additionalProperties",
        "annotations",
        "binaryData",
        "capacity",
        "data",
        "default",
        "defaultRequest",
        "elements",
        "encryptedData",
        "expr",
        "fieldsV1",
        "hard",
        "hosts",
        "items",
        "labels",
        "limits",
        "matchLabels",
        "max",
        "nodeSelector",
        "openAPIV3Schema",
        "parameters",
        "podFixed",
        "properties",
        "requests",
        "routes",
        "selector",
        "status",
        "stringData",
        "substitute",
        "triggers",
        "values",
        "valuesObject",
    ]
)


@functools.cache
def examples(name: str) -> list[Manifest]:
    return parse((FIXTURES / name).read_text(encoding="utf-8")).documents


def every() -> list[Manifest]:
    return [*examples("kubernetes.yaml"), *examples("custom.yaml")]


def of_operators() -> list[Manifest]:
    return examples("operators.yaml")


def title(manifest: Manifest) -> str:
    metadata = manifest["metadata"]
    return f"{manifest['apiVersion']} {manifest['kind']} {metadata.get('name', metadata.get('generateName'))}"


def walk(value: Any, pointer: Pointer = ()) -> Iterator[tuple[Pointer, Any]]:
    yield pointer, value
    pairs: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in pairs:
        yield from walk(child, (*pointer, key))


def changed(manifest: Manifest, pointer: Pointer, value: Any) -> Manifest:
    result = copy.deepcopy(manifest)
    dig(result, *pointer[:-1])[pointer[-1]] = value
    return result


def check(text: str, version: str = NEWEST) -> list[str]:
    (manifest,) = parse(text).documents
    flaws = schemas.check(manifest, version)
    assert flaws is not None
    return [flaw.message for flaw in flaws]


@pytest.mark.parametrize("manifest", every(), ids=title)
def test_what_a_server_takes_has_no_flaw(manifest: Manifest) -> None:
    assert schemas.check(manifest, NEWEST) == []


def test_every_shipped_package_has_an_example() -> None:
    custom = catalogue.index()["custom"]
    shown = [*examples("custom.yaml"), *of_operators()]
    used = {custom[f"{m['apiVersion']} {m['kind']}"]["package"] for m in shown}
    assert used == {entry["package"] for entry in custom.values()} - {"kustomize"}
    assert all("partial" in custom[f"{m['apiVersion']} {m['kind']}"] for m in of_operators())


@pytest.mark.parametrize("manifest", of_operators(), ids=title)
def test_what_an_operator_takes_has_no_flaw(manifest: Manifest) -> None:
    assert schemas.check(manifest, NEWEST) == []


# Their definitions take any field.
_ANY_FIELD = ("Sensor", "TriggerBinding")


@pytest.mark.parametrize("manifest", [m for m in of_operators() if "spec" in m], ids=title)
def test_of_an_operators_fields_only_slips_are_flaws(manifest: Manifest) -> None:
    """Another release may have a field that no release here has."""
    spec = manifest["spec"]
    name = next(key for key in spec if len(key) > 4)
    slip = name[:2] + name[3:]
    misspelled = {slip if key == name else key: value for key, value in spec.items()}
    found = [flaw.message for flaw in schemas.check({**manifest, "spec": misspelled}, NEWEST) or ()]
    said = f"field {slip!r} is unknown in spec of {manifest['kind']}; did you mean {name!r}?"
    assert (said in found) is (manifest["kind"] not in _ANY_FIELD)
    assert schemas.check({**manifest, "spec": {**spec, "quiteElsewhere": {"of": "a later release"}}}, NEWEST) == []


_OPEN_IN = {"SealedSecret": {"template"}, "ResourceSet": {"inputs", "resources"}}


def is_open(manifest: Manifest, pointer: Pointer) -> bool:
    return bool((OPEN | _OPEN_IN.get(manifest["kind"], set())).intersection(pointer))


def closed() -> list[tuple[Manifest, Pointer]]:
    """Every mapping of the examples whose fields are a server's, not the user's."""
    return [
        (manifest, pointer)
        for manifest in every()
        for pointer, value in walk(manifest)
        if isinstance(value, dict) and not is_open(manifest, pointer)
    ]


def scalars() -> list[tuple[Manifest, Pointer]]:
    return [
        (manifest, pointer)
        for manifest in every()
        for pointer, value in walk(manifest)
        if isinstance(value, bool | int | str) and not is_open(manifest, pointer) and len(pointer) > 1
    ]


@given(st.sampled_from(closed()), st.from_regex(r"[a-z]{3,8}Zz", fullmatch=True))
def test_an_unknown_field_is_found_at_any_depth(place: tuple[Manifest, Pointer], name: str) -> None:
    manifest, pointer = place
    flaws = schemas.check(changed(manifest, (*pointer, name), "x"), NEWEST)
    assert ((*pointer, name), True) in [(flaw.pointer, flaw.at_key) for flaw in flaws or ()]


@given(st.sampled_from(scalars()), st.sampled_from([["a", "b"], {"a": "b"}]))
def test_a_wrong_type_is_found_at_any_depth(place: tuple[Manifest, Pointer], wrong: Any) -> None:
    manifest, pointer = place
    flaws = schemas.check(changed(manifest, pointer, wrong), NEWEST)
    assert any(flaw.pointer[: len(pointer)] == pointer for flaw in flaws or ())


@given(st.sampled_from(closed()), st.data())
def test_a_misspelled_field_is_found_with_its_right_name(place: tuple[Manifest, Pointer], data: st.DataObject) -> None:
    manifest, pointer = place
    fields = [key for key in dig(manifest, *pointer) if len(key) > 5 and key not in {"apiVersion", "metadata"}]
    if not fields:
        return
    field = data.draw(st.sampled_from(fields))
    wrong = field[:-2] + field[-1] + field[-2] if field[-1] != field[-2] else field + "x"
    result = copy.deepcopy(manifest)
    parent = dig(result, *pointer)
    parent[wrong] = parent.pop(field)
    flaws = {flaw.pointer: flaw.message for flaw in schemas.check(result, NEWEST) or ()}
    assert re.search(r"is unknown .*; did you mean '\w+'\?", flaws[*pointer, wrong])


@pytest.mark.parametrize("manifest", examples("custom.yaml"), ids=title)
def test_each_custom_resource_has_a_flawed_twin(manifest: Manifest) -> None:
    assert schemas.check({**manifest, "spec": {**manifest["spec"], "replicaz": 1}}, NEWEST)
    assert schemas.check({**manifest, "spec": []}, NEWEST)


def test_several_flaws_are_all_reported() -> None:
    text = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, lables: {}}
    spec:
      replica: 2
      replicas: "3"
      template: {spec: {containers: [{image: 1}]}}
    """
    assert check(text) == [
        "field 'lables' is unknown in metadata of Deployment; did you mean 'labels'?",
        "required field 'selector' is missing in spec of Deployment; add it",
        "field 'replica' is unknown in spec of Deployment; did you mean 'replicas'?",
        "'3' is a string in spec.replicas of Deployment where an integer is needed; drop the quotes",
        "required field 'name' is missing in spec.template.spec.containers[0] of Deployment; add it",
        "1 is an integer in spec.template.spec.containers[0].image of Deployment where a string is needed; quote it",
    ]


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (
            "replicas: three",
            "'three' is a string in spec.replicas of Deployment where an integer is needed; write an integer",
        ),
        (
            "replicas: 1.5",
            "1.5 is a fraction in spec.replicas of Deployment where an integer is needed; write an integer",
        ),
        (
            "paused: 'true'",
            "'true' is a string in spec.paused of Deployment where true or false is needed; drop the quotes",
        ),
        (
            "paused: 1",
            "1 is an integer in spec.paused of Deployment where true or false is needed; write true or false",
        ),
        (
            "strategy: {rollingUpdate: {maxSurge: true}}",
            (
                "True is a boolean in spec.strategy.rollingUpdate.maxSurge of Deployment"
                " where an integer or a string is needed; quote it"
            ),
        ),
        (
            "strategy: [a]",
            "the value of spec.strategy of Deployment is a list where a mapping is needed; drop the dash",
        ),
        (
            "strategy: Recreate",
            (
                "'Recreate' is a string in spec.strategy of Deployment where a mapping is needed;"
                " write it as fields and values"
            ),
        ),
        (
            "template: {spec: {containers: {name: a}}}",
            (
                "the value of spec.template.spec.containers of Deployment is a mapping where a list is needed;"
                " write it as a list, each item after a dash"
            ),
        ),
        (
            "template: {spec: {containers: [{name: a, resources: {limits: {memory: 512MB}}}]}}",
            "'512MB' is no quantity; write a number and a suffix such as m, Ki, Mi or Gi",
        ),
        (
            "minReadySeconds: 4294967296",
            "4294967296 is out of range in spec.minReadySeconds of Deployment; it has to be at most 2147483647",
        ),
        ("blah: 1", "field 'blah' is unknown in spec of Deployment; remove it, or move it to where it belongs"),
    ],
)
def test_a_message_says_the_remedy(spec: str, message: str) -> None:
    base = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  selector: {}\n  "
    rest = "" if spec.startswith("template") else "\n  template: {}"
    assert check(f"{base}{spec}{rest}") == [message]


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (
            "description: " + "a" * 256,
            "the value of spec.description of AppProject has too many characters; it takes at most 255 characters",
        ),
        (
            "syncWindows: [{kind: 1}]",
            "1 is an integer in spec.syncWindows[0].kind of AppProject where a string is needed; quote it",
        ),
    ],
)
def test_limits_of_custom_resources(spec: str, message: str) -> None:
    head = "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: a}\nspec:\n  "
    assert check(head + spec) == [message]


def test_a_value_outside_an_enumeration_names_the_nearest() -> None:
    text = """
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata: {name: a}
    spec: {interval: ten, prune: true, sourceRef: {kind: GitRepo, name: a}}
    """
    nearest, form = sorted(check(text))
    assert form.startswith("'ten' has a wrong form in spec.interval of Kustomization; it has to match ^")
    assert nearest == (
        "'GitRepo' is not allowed in spec.sourceRef.kind of Kustomization; did you mean 'GitRepository'?"
    )


def test_null_is_as_good_as_absent() -> None:
    assert not check("{apiVersion: v1, kind: Service, metadata: {name: a, labels: }, spec: {ports: , type: }}")
    assert check("{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: }") == [
        "required field 'spec' is missing in Deployment; add it"
    ]
    assert check("{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {tpye: }}") == [
        "field 'tpye' is unknown in spec of Service; did you mean 'type'?"
    ]


@pytest.mark.parametrize("metadata", ["{}", "{name: }", "{labels: {a: b}}"])
def test_an_object_needs_a_name(metadata: str) -> None:
    assert check(f"{{apiVersion: v1, kind: ConfigMap, metadata: {metadata}}}") == [
        "required field 'name' is missing in metadata of ConfigMap; add it"
    ]


def test_keys_that_are_no_strings_are_judged_as_a_server_reads_them() -> None:
    manifest = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {7: "a", True: "b", 2: 3}}
    flaws = schemas.check(manifest, NEWEST)
    assert flaws == [
        schemas.Flaw(("data", "2"), "3 is an integer in data.2 of ConfigMap where a string is needed; quote it")
    ]


WORDS = st.text("abcdefghij", min_size=9, max_size=20)


@given(WORDS, st.sampled_from(["data", "stringData"]), st.booleans())
def test_a_secret_value_is_in_no_message(word: str, field: str, wrapped: bool) -> None:
    values = {"a": f"{word}!", "b": [word], "c": {"d": word}, "e": word}
    secret: Manifest = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, field: values, "type": 1}
    manifest = {"apiVersion": "v1", "kind": "List", "items": [secret]} if wrapped else secret
    flaws = schemas.check(manifest, NEWEST)
    assert flaws
    assert len(flaws) >= 3
    assert not any(word in flaw.message for flaw in flaws)


def test_a_password_in_an_environment_is_in_no_message() -> None:
    env = "[{name: DB_PASSWORD, value: 123456}, {name: PORT, value: 80}]"
    pod = f"{{apiVersion: v1, kind: Pod, metadata: {{name: a}}, spec: {{containers: [{{name: a, env: {env}}}]}}}}"
    assert check(pod) == [
        "the value of spec.containers[0].env[0].value of Pod is an integer where a string is needed; quote it",
        "80 is an integer in spec.containers[0].env[1].value of Pod where a string is needed; quote it",
    ]


def test_an_encrypted_secret_is_judged_as_it_will_be() -> None:
    head = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n"
    assert not check(head + "data: {a: 'ENC[AES256_GCM,data:x]'}\nimmutable: 'ENC[x]'\nsops: {mac: a}")
    assert len(check(head + "data: {a: 'ENC[AES256_GCM,data:x]'}")) == 1


def test_versions_are_sorted_as_numbers() -> None:
    assert schemas.versions()[0] == "1.25"
    assert "1.37" in schemas.versions()
    numbers = [int(version.partition(".")[2]) for version in schemas.versions()]
    assert numbers == list(range(numbers[0], numbers[-1] + 1))


@pytest.mark.parametrize(
    ("version", "minor"),
    [
        ("", NEWEST),
        ("1.30", "1.30"),
        ("v1.31.4-gke.100", "1.31"),
        ("1.32.1+k3s1", "1.32"),
        ("1.9", "1.25"),
        ("1.99.1", NEWEST),
        ("2.0", NEWEST),
    ],
)
def test_a_version_is_judged_by_the_nearest_that_is_bundled(version: str, minor: str) -> None:
    assert schemas.nearest(version) == minor


@pytest.mark.parametrize("version", ["latest", "1", "1.x", "v", "1.30 or so"])
def test_what_is_no_version_is_an_error(version: str) -> None:
    with pytest.raises(schemas.VersionError, match=r"is no Kubernetes version; write it like 1\.37"):
        schemas.check({"apiVersion": "v1", "kind": "Pod"}, version)


def test_a_kind_is_known_only_where_it_is_served() -> None:
    beta = {"apiVersion": "autoscaling/v2beta2", "kind": "HorizontalPodAutoscaler"}
    assert schemas.check(beta, "1.26") is None
    assert schemas.check(beta, "1.25") is not None
    assert schemas.known_elsewhere("autoscaling/v2beta2", "HorizontalPodAutoscaler") == ("1.25",)
    assert schemas.known_elsewhere("policy/v1beta1", "PodDisruptionBudget") == ()
    assert schemas.removal("policy/v1beta1", "PodDisruptionBudget") == schemas.Removal("1.25", "policy/v1")
    assert schemas.removal("policy/v1", "PodDisruptionBudget") is None


def test_what_has_no_apiversion_or_kind_is_unknown() -> None:
    assert schemas.check({}, "") is None
    assert schemas.check({"apiVersion": 1, "kind": ["a"]}, "") is None
    assert schemas.check({"apiVersion": "example.com/v1", "kind": "Widget"}, "") is None


def test_the_api_versions_of_a_kind_are_known() -> None:
    assert schemas.api_versions("external-secrets.io", "ExternalSecret") == (
        "external-secrets.io/v1",
        "external-secrets.io/v1beta1",
    )
    assert schemas.api_versions("autoscaling", "HorizontalPodAutoscaler", "1.25") == (
        "autoscaling/v1",
        "autoscaling/v2",
        "autoscaling/v2beta2",
    )


@pytest.mark.parametrize("removed", catalogue._removed())
def test_a_removed_version_is_not_served_any_more(removed: str) -> None:
    api_version, kind = removed.split(" ")
    removal = schemas.removal(api_version, kind)
    assert removal
    gone = catalogue.number(removal.version)
    assert all(catalogue.number(minor) < gone for minor in schemas.known_elsewhere(api_version, kind))
    assert not removal.replacement or schemas.known_elsewhere(removal.replacement, kind)


@pytest.mark.parametrize(
    ("api_version", "kind", "scope"),
    [
        ("v1", "Pod", "Namespaced"),
        ("v1", "Namespace", "Cluster"),
        ("rbac.authorization.k8s.io/v1", "ClusterRole", "Cluster"),
        ("resource.k8s.io/v1alpha2", "ResourceClass", "Cluster"),
        ("argoproj.io/v1alpha1", "AppProject", "Namespaced"),
        ("cert-manager.io/v1", "ClusterIssuer", "Cluster"),
        ("example.com/v1", "Widget", None),
        ("kustomize.config.k8s.io/v1beta1", "Kustomization", None),
    ],
)
def test_scopes(api_version: str, kind: str, scope: str | None) -> None:
    assert schemas.scope(api_version, kind) == scope


def test_every_kept_kind_has_a_scope() -> None:
    unscoped = {key.split(" ")[1] for key, entry in catalogue.index()["core"].items() if not entry["scope"]}
    assert {kind for kind in unscoped if not kind.endswith("List")} == {"Eviction", "Scale", "TokenRequest"}


def test_a_list_is_judged_item_by_item() -> None:
    items = [
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}},
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "b"}, "date": {}},
    ]
    manifest = {"apiVersion": "v1", "kind": "List", "items": items}
    assert schemas.check(manifest, "") == [
        schemas.Flaw(
            ("items", 1, "date"),
            "field 'date' is unknown in ConfigMap; did you mean 'data'?",
            at_key=True,
            is_slip=False,
        )
    ]


def widget(spec: str) -> list[str]:
    (crd,) = [m for m in examples("kubernetes.yaml") if m["kind"] == "CustomResourceDefinition"]
    own = dict(schemas.crd_schemas(crd))
    assert schemas.scope("example.com/v1", "Widget", own) == "Namespaced"
    (manifest,) = parse(f"apiVersion: example.com/v1\nkind: Widget\nmetadata: {{name: w}}\nspec: {spec}").documents
    flaws = schemas.check(manifest, "", own)
    assert flaws is not None
    return [flaw.message for flaw in flaws]


@pytest.mark.parametrize(
    "spec",
    [
        "{}",  # `a` is required and has a default
        "{a: }",
        "{b: 1}",
        "{b: 10%}",
        "{c: {any: [thing]}}",
        "{f: {mine: a}}",
        "{g: {apiVersion: v1, kind: A, metadata: {name: a}, any: thing}}",
        "{h: }",
        "{h: a}",
        "{j: 0.1}",
        "{k: {l: a}}",
    ],
)
def test_a_definition_of_the_repository_is_honoured(spec: str) -> None:
    assert widget(spec) == []


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("{a: b}", "'b' has a wrong form in spec.a of Widget; it has to match ^a"),
        ("{b: 1.5}", "1.5 is a fraction in spec.b of Widget where an integer or a string is needed; quote it"),
        ("{d: [{ee: 1}]}", "field 'ee' is unknown in spec.d[0] of Widget; did you mean 'e'?"),
        ("{f: {mine: 1}}", "1 is an integer in spec.f.mine of Widget where a string is needed; quote it"),
        ("{g: {kind: A, apiVersion: v1, metadata: {nam: a}}}", "'nam' is unknown in spec.g.metadata"),
        ("{h: c}", "'c' is not allowed in spec.h of Widget; use one of a, b"),
        ("{j: 0}", "0 is out of range in spec.j of Widget; it has to be above 0"),
        ("{k: {l: a, m: b}}", "fields 'l' and 'm' exclude each other in spec.k of Widget; keep one of them"),
        ("{k: {}}", "required field 'l' is missing in spec.k of Widget; add it"),
        ("{k: {}}", "none of the fields 'l' or 'm' stands in spec.k of Widget; add one of them"),
    ],
)
def test_a_definition_of_the_repository_is_enforced(spec: str, message: str) -> None:
    assert any(message in flaw for flaw in widget(spec))


@pytest.mark.parametrize(
    "spec",
    ["a", "{}", "{group: a}", "{names: {kind: A}, versions: a}", "{names: {kind: A}, versions: [1, {}, {schema: 1}]}"],
)
def test_a_malformed_definition_defines_nothing(spec: str) -> None:
    (crd,) = parse(f"{{kind: CustomResourceDefinition, spec: {spec}}}").documents
    assert not list(schemas.crd_schemas(crd))


def test_an_expression_that_only_go_reads_is_left_out() -> None:
    version = {
        "name": "v1",
        "schema": {"openAPIV3Schema": {"properties": {"a": {"type": "string", "pattern": "\\Q["}}}},
    }
    crd = {"spec": {"group": "g.io", "names": {"kind": "K"}, "versions": [version]}}
    own = dict(schemas.crd_schemas(crd))
    assert schemas.check({"apiVersion": "g.io/v1", "kind": "K", "metadata": {"name": "a"}, "a": "b"}, "", own) == []


KUSTOMIZATION = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("resources: [a]\nnamePrefix: b-\nreplicas: [{name: a, count: 2}]", []),
        ("nameprefix: b-", []),  # Kustomize does not tell cases apart
        ("resource: [a]", ["field 'resource' is unknown in Kustomization; did you mean 'resources'?"]),
        (
            "images: [{name: a, newTag: 1.2}]",
            ["1.2 is a fraction in images[0].newTag of Kustomization where a string is needed; quote it"],
        ),
        (
            "configMapGenerator: [{name: a, literal: [a=b]}]",
            ["field 'literal' is unknown in configMapGenerator[0] of Kustomization; did you mean 'literals'?"],
        ),
    ],
)
def test_a_kustomization_file_is_judged_as_kustomize_reads_it(text: str, messages: list[str]) -> None:
    assert check(KUSTOMIZATION + text) == messages


@pytest.mark.parametrize("version", schemas.versions())
def test_every_core_schema_compiles(version: str) -> None:
    for key, entry in catalogue.index()["core"].items():
        schema = catalogue.find(*key.split(" "), version)
        assert (schema is not None) == (version in entry["at"])
        if schema and version in {entry["at"].get(schemas.versions()[0]), schemas.versions()[-1], "1.31"}:
            validator._compiled(schema.text)


def test_every_custom_schema_compiles() -> None:
    for key in catalogue.index()["custom"]:
        schema = catalogue.find(*key.split(" "), NEWEST)
        assert schema
        validator._compiled(schema.text)


def test_the_data_is_small_and_its_sources_are_named() -> None:
    files = list(catalogue.DATA.glob("*.json"))
    assert sum(file.stat().st_size for file in files) < 2_200_000
    made = {file.stem for file in files} - {"index", "metadata", "removed"}
    assert made == set(catalogue.index()["sources"])
    for file, source in itertools.product(files, catalogue.index()["sources"].values()):
        assert json.loads(file.read_text(encoding="utf-8"))
        assert all(re.search(r"[@ ]v?\d+\.\d+\.\d+", text) for text in source)
