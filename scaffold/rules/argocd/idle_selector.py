"""A generator of an ApplicationSet selects nothing of what it has.

Its `selector` fits none of the elements of its list, or none of the clusters that the repository declares; or what it
excludes is all that it looks for, since an exclusion wins whatever the order (Argo CD 3.5). Nothing says so: the
ApplicationSet is healthy, and has no applications. An element of a merge whose key none of the first generator has is
dropped as silently, and so is one of several values that a selector of clusters lists, where no declared cluster has
it, but one that it is short for or a slip of.

Fails:

    # set.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: shop
      namespace: argocd
    spec:
      goTemplate: true
      goTemplateOptions:
        - missingkey=error
      generators:
        - list:
            elements:
              - name: web-dev
                environment: dev
              - name: web-production
                environment: production
          selector:
            matchLabels:
              environment: development
      template:
        metadata:
          name: '{{ .name }}'
        spec:
          project: default
          source:
            repoURL: https://git.example.com/shop/deploy.git
            targetRevision: main
            path: web
          destination:
            name: in-cluster
            namespace: web
    # web/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    data: {}

Passes:

    # set.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: shop
      namespace: argocd
    spec:
      goTemplate: true
      goTemplateOptions:
        - missingkey=error
      generators:
        - list:
            elements:
              - name: web-dev
                environment: dev
              - name: web-production
                environment: production
          selector:
            matchLabels:
              environment: dev
      template:
        metadata:
          name: '{{ .name }}'
        spec:
          project: default
          source:
            repoURL: https://git.example.com/shop/deploy.git
            targetRevision: main
            path: web
          destination:
            name: in-cluster
            namespace: web
    # web/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    data: {}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scaffold.expand import paths
from scaffold.expand.generation import GenerationError
from scaffold.expand.nested import generators
from scaffold.expand.selectors import Selector
from scaffold.expand.urls import normalize
from scaffold.model import Confidence, Finding, Manifest, Pointer, Repository, Severity, dig, mapping, sequence
from scaffold.model.values import is_templated
from scaffold.nearest import misspelled, near, slipped

ID = "idle-selector"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_CLUSTER = ("argocd.argoproj.io/secret-type", "cluster")
_SWITCHED = ("false", "true")  # which many labels are
_SHORT = 3  # letters of a word that stands for a longer one
_Labels = Mapping[str, str]


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every selector and every exclusion that leaves nothing, in combined generators too."""
    heads = (head for file in repository.files.values() for head in file.heads)
    clusters = [dict(head.labels) for head in heads if _CLUSTER in head.labels]  # sealed and encrypted Secrets too
    own = {normalize(source.repo_url) for each in repository.foreseen for source in each.sources if source.here}
    own.update(map(normalize, repository.conventions.repository_urls))  # where all are of another branch
    for item in repository.sets:
        who = f"ApplicationSet {item.manifest.name!r}"
        for where, generator in generators(item.manifest.get("spec", "generators"), ("spec", "generators")):
            flaws = (_of_list(where, generator), _of_clusters(where, generator, clusters))
            more = (*_of_git(where, generator, own, repository), *_of_merge(where, generator))
            listed = _of_values(where, generator, clusters)
            for pointer, fact in (*(flaw for flaw in flaws if flaw), *listed, *more):
                yield _finding(item.manifest, pointer, f"{who} {fact}")


def _finding(manifest: Manifest, pointer: Pointer, message: str) -> Finding:
    place = manifest.place(*pointer)
    return Finding(place, ID, message, SEVERITY, Confidence.MEDIUM, subject=f"{manifest.name}/{pointer[-1]}")


def _of_list(where: Pointer, generator: Mapping[str, Any]) -> tuple[Pointer, str] | None:
    """A selector of a list whose elements are all plain, of which it fits none."""
    selector, elements = _selector(generator.get("selector")), sequence(dig(generator, "list", "elements"))
    told = [{str(k): str(v) for k, v in mapping(element).items()} for element in elements]
    plain = not any(isinstance(v, dict | list) or is_templated(v) for e in elements for v in mapping(e).values())
    if not selector or not told or not plain or any(selector.matches(labels) for labels in told):
        return None
    return (*where, "selector"), "selects no element of its list; mend the selector"


def _of_clusters(
    where: Pointer, generator: Mapping[str, Any], clusters: Sequence[_Labels]
) -> tuple[Pointer, str] | None:
    """A label that none of the declared clusters has, and that is nearly one which they have."""
    pointer = ("clusters", "selector", "matchLabels")
    for key, value in mapping(dig(generator, *pointer)).items():
        values = {labels[key] for labels in clusters if key in labels}
        if other := _other_key(str(key), str(value), clusters):
            fact = f"selects no cluster that is declared here, by label {key!r}, which none has"
            return (*where, *pointer, key), f"{fact}; did you mean {other!r}?"
        guess = near(str(value), values)
        if guess and str(value) not in values:
            fact = f"selects no cluster that is declared here, by label {key!r}"
            return (*where, *pointer, key), f"{fact} with {str(value)!r}; did you mean {guess!r}?"
    return None


def _of_values(
    where: Pointer, generator: Mapping[str, Any], clusters: Sequence[_Labels]
) -> Iterator[tuple[Pointer, str]]:
    """A value in an expression that none of the declared clusters has, while one that it does not list was meant."""
    pointer = ("clusters", "selector", "matchExpressions")
    for index, expression in enumerate(map(mapping, sequence(dig(generator, *pointer)))):
        key, listed = str(expression.get("key")), [str(value) for value in sequence(expression.get("values"))]
        left = {labels[key] for labels in clusters if key in labels}.difference(listed)
        for number, value in enumerate(listed if expression.get("operator") == "In" else ()):
            guess = _meant(value, left)
            if guess and not any(labels.get(key) == value for labels in clusters):
                fact = f"selects no cluster that is declared here, by label {key!r} with {value!r}"
                yield (*where, *pointer, index, "values", number), f"{fact}; did you mean {guess!r}?"


def _meant(value: str, others: set[str]) -> str:
    """The one that a word is short for, or long for, or but for a slip."""
    words = [other for other in sorted(others) if other.isalpha() and len(value) >= _SHORT <= len(other)]
    akin = [other for other in words if value.isalpha() and (other.startswith(value) or value.startswith(other))]
    return akin[0] if len(akin) == 1 else slipped(value, others)


def _other_key(key: str, value: str, clusters: Sequence[_Labels]) -> str:
    """The key that begins alike, or nearly is one that no cluster has, and under which one has the value."""
    if value in _SWITCHED or any(key in labels for labels in clusters):
        return ""
    others = {other for labels in clusters for other, had in labels.items() if had == value}
    short = [other for other in sorted(others) if other.startswith(key) or key.startswith(other)]
    return short[0] if short else misspelled(key, others)


def _of_merge(where: Pointer, generator: Mapping[str, Any]) -> Iterator[tuple[Pointer, str]]:
    """An element that overrides none of the first list, where its key is nearly that of one; merged by one key."""
    keys, children = (sequence(dig(generator, "merge", field)) for field in ("mergeKeys", "generators"))
    if len(keys) != 1 or not all(_plain(child, keys[0]) for child in children):
        return
    base, *others = ([str(mapping(each).get(keys[0])) for each in _elements(child)] for child in children)
    for number, values in enumerate(others, 1):
        for index, value in enumerate(values):
            guess = next((each for each in base if value and each.startswith(value)), "") or misspelled(value, base)
            if value not in base and guess and guess not in values:
                pointer = (*where, "merge", "generators", number, "list", "elements", index, keys[0])
                yield pointer, f"overrides nothing by {keys[0]!r} {value!r}, so it is dropped; did you mean {guess!r}?"


def _elements(generator: Any) -> list[Any]:
    return list(sequence(dig(generator, "list", "elements")))


def _plain(generator: Any, key: Any) -> bool:
    """Tell whether a generator is a list whose elements all say a key, and nothing fills it in."""
    told = [mapping(each).get(key) for each in _elements(generator)]
    return bool(told) and all(value is not None and not is_templated(value) for value in told)


def _selector(told: Any) -> Selector | None:
    try:
        return Selector.of(told)
    except GenerationError:
        return None


def _of_git(
    where: Pointer, generator: Mapping[str, Any], own: set[str], repository: Repository
) -> Iterator[tuple[Pointer, str]]:
    """An exclusion of every directory of this repository that the others find."""
    entries = [mapping(entry) for entry in sequence(dig(generator, "git", "directories"))]
    excluded = {n: str(e.get("path")) for n, e in enumerate(entries) if e.get("exclude") is True}
    if not excluded or normalize(str(dig(generator, "git", "repoURL") or "")) not in own:
        return
    wanted = [str(entry.get("path")) for entry in entries if entry.get("exclude") is not True]
    found = [path for path in repository.directories if any(paths.matches(each, path) for each in wanted)]
    for index, pattern in excluded.items():
        if found and all(paths.matches(pattern, path) for path in found):
            fact = f"excludes with {pattern!r} every directory that it looks for"
            yield (*where, "git", "directories", index, "path"), f"{fact}; exclude less"
