"""A mapping holds the same key twice.

Argo CD and the API server keep the last value and drop the first without a word; kustomize does so in
kustomization.yaml (seen with 5.8), refuses it in a resource, and puts two `annotations` together.

Fails:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    namespace: web
    namespace: shop

Passes:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    namespace: web
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scaffold.model import Duplicate, Finding, Place, Repository, Severity, SourceFile

ID = "duplicate-key"
SEVERITY = Severity.ERROR
SCOPE = "file"
_HEAD = frozenset(("apiVersion", "kind", "metadata"))
_MERGED = "annotations"
_PARTS = (("inputs",), ("filters",), ("outputs",))


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every second use of a key."""
    for path, file in repository.files.items():
        joined = _joined(file)
        for item in file.duplicates if not _is_of_fluent_bit(file) else ():
            if first := joined.get(item.document):
                if item is first:
                    fact = f"a second object begins here, and hides the one of line {item.first}"
                    message = f"{fact}; write '---' before it"
                    place = Place(path, item.document, line=item.line, column=item.column)
                    yield Finding(place, ID, message, subject=f"{item.document}/{item.key}")
                continue
            which = "what counts depends on the engine" if item.key == _MERGED else "the last one wins"
            message = f"key {item.key!r} is here and in line {item.first}, and {which}; merge the two"
            place = Place(path, item.document, line=item.line, column=item.column)
            yield Finding(place, ID, message, subject=f"{item.document}/{item.key}")


def _joined(file: SourceFile) -> Mapping[int, Duplicate]:
    """Where two objects have become one by a separator that is missing: the documents, with where the second begins."""
    found: dict[int, dict[str, Duplicate]] = {}
    for item in file.duplicates:
        if item.column == 1 and item.key in _HEAD:
            found.setdefault(item.document, {})[item.key] = item
    return {
        document: min(keys.values(), key=lambda each: each.line)
        for document, keys in found.items()
        if keys.keys() == _HEAD
    }


def _is_of_fluent_bit(file: SourceFile) -> bool:
    """Tell a configuration of Fluent Bit, which takes a key as often as it is there (Fluent Bit 4, "YAML format")."""
    return not file.heads and any(key[:1] == ("pipeline",) and key[1:2] in _PARTS for key in file.keys)
