"""A selector of namespaces asks for a label that no namespace has, while one has nearly the same.

The API server takes it, and nothing is selected: a Gateway accepts no route of the namespace that it was written for,
a policy or a webhook is never asked, and a NetworkPolicy lets nobody in. Reported are the selectors of listeners of a
Gateway, of bindings of admission policies, of webhooks and of peers of a NetworkPolicy, where no Namespace that may be
in the same cluster has the label, and one has the same value under a key of the same words, or under the key one that
only a slip keeps from it. A name that `kubernetes.io/metadata.name` asks for is that of a namespace (Kubernetes 1.36,
Gateway API 1.4). Labels that Argo CD sets by `managedNamespaceMetadata` count, and nothing is said where an admission
policy of the repository may set labels of namespaces.

Fails:

    # all.yaml
    apiVersion: v1
    kind: Namespace
    metadata:
      name: shop
      labels:
        edge.example.com/expose: "true"
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata:
      name: public
      namespace: edge
    spec:
      gatewayClassName: edge
      listeners:
        - name: web
          protocol: HTTP
          port: 80
          allowedRoutes:
            namespaces:
              from: Selector
              selector:
                matchLabels:
                  edge.example.com/exposed: "true"

Passes:

    # all.yaml
    apiVersion: v1
    kind: Namespace
    metadata:
      name: shop
      labels:
        edge.example.com/exposed: "true"
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata:
      name: public
      namespace: edge
    spec:
      gatewayClassName: edge
      listeners:
        - name: web
          protocol: HTTP
          port: 80
          allowedRoutes:
            namespaces:
              from: Selector
              selector:
                matchLabels:
                  edge.example.com/exposed: "true"
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from scaffold.assemble import bodies
from scaffold.assemble.bodies import Kept
from scaffold.model import Finding, Pointer, Repository, Severity, dig, is_variable, mapping, sequence
from scaffold.nearest import slipped

ID = "unmatched-namespace-selector"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_NAME = "kubernetes.io/metadata.name"
_STEM = 4  # letters that two forms of a word begin with
_BINDINGS = ("ValidatingAdmissionPolicyBinding", "MutatingAdmissionPolicyBinding")
_WEBHOOKS = ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration")
_GROUP = "admissionregistration.k8s.io"
_KINDS = (
    "gateway.networking.k8s.io/Gateway",
    *(f"{_GROUP}/{kind}" for kind in (*_BINDINGS, *_WEBHOOKS)),
    "networking.k8s.io/NetworkPolicy",
)


class _Wanted(NamedTuple):
    """A label that a selector asks for, with a value that will do, empty for any, and where that stands."""

    key: str
    value: str
    pointer: Pointer


class _Label(NamedTuple):
    """A label of a Namespace."""

    key: str
    value: str
    kept: Kept


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every label that a selector asks for and no namespace has, with the one that was meant."""
    if "namespace" in repository.conventions.completed:
        return
    for kept in bodies.of(repository, *_KINDS):
        for where in _selectors(kept):
            for wanted in _labels(kept.manifest.get(*where), where):
                if meant := _meant(repository, kept, wanted):
                    yield _finding(repository, kept, wanted, meant)


def _selectors(kept: Kept) -> Iterator[Pointer]:
    """Where an object selects namespaces."""
    manifest = kept.manifest
    if manifest.kind in _BINDINGS:
        yield ("spec", "matchResources", "namespaceSelector")
    for index, _ in enumerate(sequence(manifest.get("webhooks"))):
        yield ("webhooks", index, "namespaceSelector")
    for index, listener in enumerate(sequence(manifest.get("spec", "listeners"))):
        if dig(listener, "allowedRoutes", "namespaces", "from") == "Selector":
            yield ("spec", "listeners", index, "allowedRoutes", "namespaces", "selector")
    for way, ends in (("ingress", "from"), ("egress", "to")) if manifest.kind == "NetworkPolicy" else ():
        for number, rule in enumerate(sequence(manifest.get("spec", way))):
            for index, _ in enumerate(sequence(dig(rule, ends))):
                yield ("spec", way, number, ends, index, "namespaceSelector")


def _labels(selector: object, where: Pointer) -> Iterator[_Wanted]:
    for key, value in mapping(mapping(selector).get("matchLabels")).items():
        yield _Wanted(str(key), str(value), (*where, "matchLabels", key))
    for index, item in enumerate(sequence(mapping(selector).get("matchExpressions"))):
        key, inner = str(dig(item, "key")), (*where, "matchExpressions", index)
        if dig(item, "operator") == "Exists":
            yield _Wanted(key, "", (*inner, "key"))
        for number, value in enumerate(sequence(dig(item, "values")) if dig(item, "operator") == "In" else ()):
            yield _Wanted(key, str(value), (*inner, "values", number))


def _known(repository: Repository) -> Mapping[str, Mapping[str, list[_Label]]]:
    """The labels of all namespaces by key and value."""
    found: dict[str, dict[str, list[_Label]]] = defaultdict(lambda: defaultdict(list))
    for kept in bodies.of(repository, "/Namespace"):
        for key, value in {_NAME: kept.item.name, **mapping(kept.manifest.metadata.get("labels"))}.items():
            found[str(key)][str(value)].append(_Label(str(key), str(value), kept))
    return found


def _told(repository: Repository) -> frozenset[str]:
    """The labels that Argo CD gives to the namespaces of applications, and the namespaces that files name anyhow."""
    found = {item.namespace for overlay in repository.overlays.values() for item in overlay.objects}
    for application in repository.foreseen:
        labels = dig(application.data, "spec", "syncPolicy", "managedNamespaceMetadata", "labels")
        found |= {*map(str, mapping(labels)), str(dig(application.data, "spec", "destination", "namespace"))}
    return frozenset(found)


def _answers(_: Repository) -> dict[tuple[str, str, str], _Label | None]:
    """What was meant by what an overlay asks for, which hundreds of its objects may do."""
    return {}


def _meant(repository: Repository, kept: Kept, wanted: _Wanted) -> _Label | None:
    """The label that was meant, where no namespace that may be in one cluster with an object has what it asks for."""
    key, value, _ = wanted
    told, answers = repository.once(_told), repository.once(_answers)
    if is_variable(key) or is_variable(value) or key in told or (key == _NAME and value in told):
        return None
    question = (key, value, kept.overlay.name)
    if question not in answers:
        answers[question] = _sought(repository, kept, key, value)
    return answers[question]


def _sought(repository: Repository, kept: Kept, key: str, value: str) -> _Label | None:
    known = repository.once(_known)
    every = {each: _first(repository, kept, labels) for each, labels in known.get(key, {}).items()}
    there = {each: label for each, label in every.items() if label}
    if value in there or (there and not value) or any(map(is_variable, there)):
        return None
    if there:
        return there.get(slipped(value, there))
    alike = (known[other] for other in known if _is_akin(key, other))
    fitting = (labels for many in alike for each, labels in many.items() if value in ("", each))
    return next((label for labels in fitting if (label := _first(repository, kept, labels))), None)


def _first(repository: Repository, kept: Kept, labels: Iterable[_Label]) -> _Label | None:
    return next((label for label in labels if bodies.meet(repository, kept.overlay, label.kept.overlay)), None)


def _is_akin(key: str, other: str) -> bool:
    """Tell whether two keys are of the same words, whatever their order and form; without a domain, but for a slip."""
    (domain, _, name), (home, _, own) = key.rpartition("/"), other.rpartition("/")
    if domain != home:
        return False
    if slipped(name, [own]):
        return True
    words, rest = name.split("-"), own.split("-")
    if not domain or domain.endswith("kubernetes.io") or len(words) != len(rest):
        return False
    return all(any(_is_form(word, each) for each in rest) for word in words) and all(
        any(_is_form(word, each) for each in words) for word in rest
    )


def _is_form(word: str, other: str) -> bool:
    """Tell whether two words are one, as `expose` and `exposed` are."""
    shorter, longer = sorted((word, other), key=len)
    return word == other or (len(shorter) >= _STEM and longer.startswith(shorter) and longer.isalpha())


def _finding(repository: Repository, kept: Kept, wanted: _Wanted, meant: _Label) -> Finding:
    subject = f"{kept.item.kind} {kept.item.name!r} selects namespaces"
    there = f"Namespace {meant.kept.item.name!r} ({{0}})"
    if wanted.key == _NAME:
        message = f"{subject} called {wanted.value!r}, and none is; did you mean {there}?"
    elif wanted.key == meant.key:
        fact = f"{subject} by label {wanted.key!r} with {wanted.value!r}, which none has"
        message = f"{fact}; did you mean {meant.value!r}, as {there} has it?"
    else:
        fact = f"{subject} by label {wanted.key!r}, which none has"
        message = f"{fact}; did you mean {meant.key!r}, which {there} has?"
    place = bodies.place(repository, kept, *_pointer(wanted, meant), at_key=wanted.key != meant.key)
    pointer = ("metadata", "name") if wanted.key == _NAME else ("metadata", "labels", meant.key)
    related = (bodies.beside(repository, meant.kept, *pointer),)
    return Finding(place, ID, message, SEVERITY, related=related, unless=bodies.WHOLE)


def _pointer(wanted: _Wanted, meant: _Label) -> Pointer:
    """Where the key, or the value, stands that is wrong."""
    listed = wanted.pointer[-2] == "values" and wanted.key != meant.key
    return (*wanted.pointer[:-2], "key") if listed else wanted.pointer
