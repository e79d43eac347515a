"""A backup of Velero names a namespace that nothing is in, and not the one that is called nearly so.

Velero takes it and passes over what is not there (Velero 1.17): no backup fails, and none has the namespace. Reported
is a name of a Backup or a Schedule that no object of the repository and no Application is in, where a Namespace that
the repository renders differs from it by a slip or by the end of the word, and is not named itself.

Fails:

    # all.yaml
    apiVersion: v1
    kind: Namespace
    metadata:
      name: shop
    ---
    apiVersion: v1
    kind: Namespace
    metadata:
      name: reporting
    ---
    apiVersion: velero.io/v1
    kind: Schedule
    metadata:
      name: nightly
      namespace: velero
    spec:
      schedule: "15 1 * * *"
      template:
        includedNamespaces:
          - shop
          - reports

Passes:

    # all.yaml
    apiVersion: v1
    kind: Namespace
    metadata:
      name: shop
    ---
    apiVersion: v1
    kind: Namespace
    metadata:
      name: reporting
    ---
    apiVersion: velero.io/v1
    kind: Schedule
    metadata:
      name: nightly
      namespace: velero
    spec:
      schedule: "15 1 * * *"
      template:
        includedNamespaces:
          - shop
          - reporting
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import bodies
from scaffold.assemble.bodies import Kept
from scaffold.model import Finding, Pointer, Repository, Severity, dig, sequence
from scaffold.nearest import slipped

ID = "unmatched-backup"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_FIELDS = {"Schedule": ("spec", "template"), "Backup": ("spec",)}
_STEM, _END = 5, 3  # letters that two forms of a word begin with, and by which they end at most


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every namespace that is not there, with the one that was meant."""
    for kept in bodies.of(repository, *(f"velero.io/{kind}" for kind in _FIELDS)):
        where: Pointer = (*_FIELDS[kept.item.kind], "includedNamespaces")
        named = [str(name) for name in sequence(kept.manifest.get(*where))]
        for index, name in enumerate(named):
            meant = _meant(repository, kept, name, named)
            if meant and name not in repository.once(_told):
                yield _finding(repository, kept, (*where, index), meant)


def _told(repository: Repository) -> frozenset[str]:
    """The namespaces that objects are in, those that files name for them, and those that Applications go to."""
    items = [item for overlay in repository.overlays.values() for item in overlay.objects]
    found = {item.name for item in items if item.kind == "Namespace"} | {item.namespace for item in items}
    found |= {made.namespace for item in items for made in item.makes}
    found |= {head.namespace for file in repository.files.values() for head in file.heads}
    found |= {str(dig(each.data, "spec", "destination", "namespace")) for each in repository.foreseen}
    return frozenset(found)


def _meant(repository: Repository, kept: Kept, name: str, named: list[str]) -> Kept | None:
    """A Namespace that is called nearly so, which the backup does not name; no pattern and no variable is."""
    for other in bodies.of(repository, "/Namespace"):
        there = other.item.name
        alike = there not in named and (slipped(name, [there]) or _is_form(name, there))
        if alike and bodies.meet(repository, kept.overlay, other.overlay):
            return other
    return None


def _is_form(name: str, other: str) -> bool:
    """Tell whether two names are forms of one word, as `reports` and `reporting` are."""
    pairs = enumerate(zip(name, other, strict=False))
    stem = next((index for index, (one, two) in pairs if one != two), min(len(name), len(other)))
    ends = f"{name[stem:]}{other[stem:]}"
    return stem >= _STEM and max(len(name), len(other)) - stem <= _END and ends.isalpha()


def _finding(repository: Repository, kept: Kept, pointer: Pointer, meant: Kept) -> Finding:
    name = kept.manifest.get(*pointer)
    fact = f"{kept.item.kind} {kept.item.name!r} backs up namespace {name!r}, which nothing is in"
    message = f"{fact}; did you mean {meant.item.name!r} ({{0}})?"
    related = (bodies.beside(repository, meant, "metadata", "name"),)
    return Finding(
        bodies.place(repository, kept, *pointer), ID, message, SEVERITY, related=related, unless=bodies.WHOLE
    )
