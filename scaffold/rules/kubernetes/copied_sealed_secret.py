"""Two SealedSecrets of other names, or in other namespaces, hold the same sealed text.

It is sealed for one name in one namespace, which are part of the encryption, so that at most one of them can be
unsealed: the controller says `no key could decrypt secret`, and there is no Secret (sealed-secrets 0.40, whose scope is
`strict` by default). Nothing is said of the scopes `namespace-wide` and `cluster-wide`, as far as those allow it.

Fails:

    # dev/shop.yaml
    apiVersion: bitnami.com/v1alpha1
    kind: SealedSecret
    metadata:
      name: shop
      namespace: shop-dev
    spec:
      encryptedData:
        token: |-
          AICCtw7ufxpQOb7wfsI0fwZu0I9dx1EkR+NAQwACa25UVZSgZWhdZMSYC7jUVEqHIamaAa0hnrWc9qFe9vFaHYMLt84J1rvABOcX
          XGQ8feywtYDsN7yXEt0uaq65S66NL5+inFooTJ73UhgpzxB5sIDp10ocEPyrakJD0zZW3r5MHteWSOhW6Pmi9YyV8M5LOcFb/61c
    # production/shop.yaml
    apiVersion: bitnami.com/v1alpha1
    kind: SealedSecret
    metadata:
      name: shop
      namespace: shop-production
    spec:
      encryptedData:
        token: |-
          AICCtw7ufxpQOb7wfsI0fwZu0I9dx1EkR+NAQwACa25UVZSgZWhdZMSYC7jUVEqHIamaAa0hnrWc9qFe9vFaHYMLt84J1rvABOcX
          XGQ8feywtYDsN7yXEt0uaq65S66NL5+inFooTJ73UhgpzxB5sIDp10ocEPyrakJD0zZW3r5MHteWSOhW6Pmi9YyV8M5LOcFb/61c

Passes:

    # dev/shop.yaml
    apiVersion: bitnami.com/v1alpha1
    kind: SealedSecret
    metadata:
      name: shop
      namespace: shop-dev
    spec:
      encryptedData:
        token: |-
          AICCtw7ufxpQOb7wfsI0fwZu0I9dx1EkR+NAQwACa25UVZSgZWhdZMSYC7jUVEqHIamaAa0hnrWc9qFe9vFaHYMLt84J1rvABOcX
          XGQ8feywtYDsN7yXEt0uaq65S66NL5+inFooTJ73UhgpzxB5sIDp10ocEPyrakJD0zZW3r5MHteWSOhW6Pmi9YyV8M5LOcFb/61c
    # production/shop.yaml
    apiVersion: bitnami.com/v1alpha1
    kind: SealedSecret
    metadata:
      name: shop
      namespace: shop-production
    spec:
      encryptedData:
        token: |-
          AIAt+4u4ILYRnLqP+IeWrlsF8oCmjO2TtrKMsNGzWOa6q0hVZbn0kCjVV9eaig5kUeFccFwV8XNUG0Q4olz3YxLU7rPCJGh5vwCz
          z47ROr8SmjCXrZa0QtbRve9IUMP0ZUQuswDDN6ZIpsDb3XP8lfXCxFGFmv6A1AqjnfuSSfQMPuN9lhRFyAb1jHzyEn36iU+Slvzz
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from scaffold.assemble import bodies, ranks
from scaffold.assemble.bodies import Kept
from scaffold.model import Finding, Pointer, Repository, Severity, is_variable, mapping

ID = "copied-sealed-secret"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_LENGTH = 190  # signs of a text that is sealed by the shortest key of RSA
_SCOPES = "sealedsecrets.bitnami.com/"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every copy but the first, where those before production come first; a SealedSecret is told of once."""
    known = ranks.known(repository.directories)
    told = set()
    for ends in _texts(repository).values():
        first, *rest = sorted(ends, key=lambda end: ranks.rank(ranks.part(end[0].overlay.path, known)) or 0)
        for kept, pointer in rest:
            if not _is_open(kept, first[0]) and kept.item.identity not in told:
                told.add(kept.item.identity)
                yield _finding(repository, kept, pointer, first[0])


def _texts(repository: Repository) -> dict[str, list[tuple[Kept, Pointer]]]:
    """Where each sealed text stands, once for each SealedSecret."""
    found: dict[str, dict[tuple[str, str], tuple[Kept, Pointer]]] = defaultdict(dict)
    for kept in bodies.of(repository, "bitnami.com/SealedSecret"):
        item = kept.item
        for key, value in mapping(kept.manifest.get("spec", "encryptedData")).items():
            if item.namespace and not is_variable(item.namespace) and _is_sealed(value):
                found[str(value)].setdefault((item.namespace, item.name), (kept, ("spec", "encryptedData", key)))
    return {text: list(ends.values()) for text, ends in found.items()}


def _is_sealed(value: object) -> bool:
    """Tell a sealed text from a placeholder."""
    return isinstance(value, str) and (len(value) >= _LENGTH or bodies.is_digest(value))


def _is_open(one: Kept, other: Kept) -> bool:
    """Tell whether the scope of either lets both have one text."""
    scopes = ["cluster-wide", *(["namespace-wide"] if one.item.namespace == other.item.namespace else [])]
    notes = [mapping(kept.manifest.metadata.get("annotations")) for kept in (one, other)]
    return any(str(each.get(f"{_SCOPES}{scope}", "false")).lower() != "false" for each in notes for scope in scopes)


def _finding(repository: Repository, kept: Kept, pointer: Pointer, first: Kept) -> Finding:
    item, other = kept.item, first.item
    fact = f"SealedSecret {item.name!r} of namespace {item.namespace!r} has the same sealed text as"
    of = f"of {other.namespace!r} " if other.namespace != item.namespace else ""
    told = f"{fact} SealedSecret {other.name!r} {of}({{0}}), and only one of them can be unsealed"
    message = f"{told}; seal the value for each with kubeseal"
    related = (bodies.beside(repository, first, *pointer),)
    place = bodies.place(repository, kept, *pointer)
    return Finding(place, ID, message, SEVERITY, related=related, unless=bodies.WHOLE)
