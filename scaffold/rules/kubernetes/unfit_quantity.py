"""A quantity of CPU, memory or storage is none, or a thousandth or a million of what was meant.

No API server reads `256MB` or `1 core`, so that the pods are never made. It does read `128m` of memory, which is less
than a byte, and `500Mi` of CPU, which no machine has. Looked at is what stands under `limits` and `requests` of
`resources`: in manifests, in the values of a HelmRelease or an Application, and in files of values. Where a schema
knows the field, `schema-violation` says what cannot be read; services of Docker Compose have units of their own.

Fails:

    # release.yaml
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: web
      namespace: web
    spec:
      interval: 10m
      chartRef:
        kind: OCIRepository
        name: web
      values:
        resources:
          limits:
            memory: 256MB
    ---
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: OCIRepository
    metadata:
      name: web
      namespace: web
    spec:
      interval: 10m
      url: oci://registry.example.com/charts/web
      ref:
        tag: 1.4.2

Passes:

    # release.yaml
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: web
      namespace: web
    spec:
      interval: 10m
      chartRef:
        kind: OCIRepository
        name: web
      values:
        resources:
          limits:
            memory: 256M
    ---
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: OCIRepository
    metadata:
      name: web
      namespace: web
    spec:
      interval: 10m
      url: oci://registry.example.com/charts/web
      ref:
        tag: 1.4.2
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scaffold import load, schemas
from scaffold.model import Finding, Manifest, Place, Pointer, Repository, Severity, SourceFile, mapping, quantity
from scaffold.nearest import near

ID = "unfit-quantity"
SEVERITY = Severity.ERROR
SCOPE = "file"
_DEFINITION = "CustomResourceDefinition"  # which says what quantities are
_FIELDS = ("limits", "requests")
_CPU, _BYTES = "cpu", ("memory", "ephemeral-storage", "storage")
_CLAIMED = "storage"  # of which a claim for local disks may ask for any size
_UNITS = {_CPU: ("m",), **dict.fromkeys(_BYTES, ("Ki", "Mi", "Gi", "Ti", "k", "M", "G", "T"))}
_EXAMPLES = {_CPU: "500m or 0.5", **dict.fromkeys(_BYTES, "256Mi or 1Gi")}
_MOST, _LEAST = 1000, 1_000_000  # cores of a machine, bytes that anything can run in
# A quantity, well written or not, and no variable.
_WRITTEN = re.compile(r"([+-]?(?:\d++(?:\.\d++)?|\.\d++))\s*+([A-Za-z]*)")
_FREE = (("spec", "values"), ("spec", "source", "helm"), ("spec", "sources"), ("spec", "template"))  # of engines


class _Unfit(NamedTuple):
    where: Pointer
    fact: str
    readable: bool


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such quantity."""
    for file in repository.files.values():
        manifests = (part for whole in file.manifests() for part in load.members(whole))
        for manifest in (item for item in manifests if item.kind != _DEFINITION):
            for found in _unfit(manifest.data, ()):
                if found.readable or not _is_typed(manifest, found.where):
                    yield _finding(f"{manifest.kind} {manifest.name!r}", manifest.place(*found.where), found)
        yield from _of_values(file)


def _of_values(file: SourceFile) -> Iterator[Finding]:
    """A file without manifests holds values of something."""
    for document, data in enumerate(() if file.heads else file.documents or ()):
        for found in _unfit(data, ()):
            if not _is_composed(found.where):
                yield _finding(f"file {file.path!r}", Place(file.path, document, found.where), found)


def _is_composed(where: Pointer) -> bool:
    """Tell what is below `deploy` of a service of Docker Compose, whose units are others."""
    return where[:1] == ("services",) and where[2:4] == ("deploy", "resources")


def _is_typed(manifest: Manifest, where: Pointer) -> bool:
    """Tell whether the schema of a kind says what a field holds."""
    group, _, _ = manifest.api_version.rpartition("/")
    engine = group == "argoproj.io" or group.endswith(".fluxcd.io")
    known = bool(schemas.scope(manifest.api_version, manifest.kind))
    return known and not (engine and any(where[: len(free)] == free for free in _FREE))


def _finding(what: str, place: Place, found: _Unfit) -> Finding:
    subject = f"{what}/{'.'.join(map(str, found.where))}"
    return Finding(place, ID, f"{what}, {found.fact}", SEVERITY, subject=subject)


def _unfit(value: Any, where: Pointer) -> Iterator[_Unfit]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unfit(item, (*where, index))
    for key, item in mapping(value).items():
        if key in _FIELDS and where and str(where[-1]).lower().endswith("resources"):
            yield from _of_quantities(mapping(item), (*where, key))
        else:
            yield from _unfit(item, (*where, key))


def _of_quantities(quantities: Mapping[str, Any], where: Pointer) -> Iterator[_Unfit]:
    for name in (name for name in quantities if name in _UNITS):
        text = str(quantities[name]).strip()
        if found := _WRITTEN.fullmatch(text):
            amount = quantity(text)
            fact = _fact(name, text, found[1], found[2])
            if fact:
                yield _Unfit((*where, name), fact, amount is not None)


def _fact(name: str, text: str, number: str, unit: str) -> str:
    amount = quantity(text)
    if amount is None:
        units = {known.lower(): known for known in _UNITS[name]}
        guess = units.get(unit.lower()) or near(unit, _UNITS[name])
        remedy = f"did you mean {number + guess!r}?" if guess else f"write it like {_EXAMPLES[name]}"
        return f"{text!r} of {name} is no quantity; {remedy}"
    if name == _CPU and amount >= _MOST:
        return f"{text!r} of {name} is {amount:f} cores; write it like {_EXAMPLES[name]}"
    if name in _BYTES and 0 < amount < (1 if name == _CLAIMED else _LEAST):
        size = f"{amount:f} bytes" if amount >= 1 else "less than a byte"
        return f"{text!r} of {name} is {size}; write it like {_EXAMPLES[name]}"
    return ""
