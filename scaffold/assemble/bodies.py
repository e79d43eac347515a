"""Rendered objects that are remembered as a whole, since rules compare them across overlays."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scaffold.assemble import deployed, ranks
from scaffold.model import How, Identity, Manifest, Overlay, Place, RenderedObject, Repository, group_of, mapping

_ADMISSION = ("ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration")
_ROUTES = ("GRPCRoute", "HTTPRoute", "TCPRoute", "TLSRoute", "UDPRoute")
# What an operator gives to the instances of Grafana that it selects.
OF_GRAFANA = tuple(
    f"grafana.integreatly.org/Grafana{kind}"
    for kind in "AlertRuleGroup ContactPoint Dashboard Datasource Folder LibraryPanel MuteTiming".split()
)
KINDS = frozenset(
    (
        "/Namespace",
        *(f"admissionregistration.k8s.io/{kind}" for kind in _ADMISSION),
        "admissionregistration.k8s.io/MutatingAdmissionPolicyBinding",
        "bitnami.com/SealedSecret",
        "cert-manager.io/Certificate",
        "external-secrets.io/ClusterExternalSecret",
        "external-secrets.io/ClusterSecretStore",
        *(f"gateway.networking.k8s.io/{kind}" for kind in ("Gateway", "ReferenceGrant", *_ROUTES)),
        *(f"kyverno.io/{kind}" for kind in ("ClusterPolicy", "Policy", "PolicyException")),
        "grafana.integreatly.org/Grafana",
        *OF_GRAFANA,
        "networking.k8s.io/Ingress",
        "networking.k8s.io/NetworkPolicy",
        *(f"velero.io/{kind}" for kind in ("Backup", "Schedule")),
    )
)
# Nothing is called so: a finding that holds unless this is there holds where the whole repository was rendered.
WHOLE = Identity("", "Whole repository", "", " ")
_LONG = 400  # signs; a longer text is compared, and not read
_DIGEST = "blake2b:"
_BUILT = (How.FLUX, How.KUSTOMIZE)


class Kept(NamedTuple):
    """Such an object, and the overlay that has it."""

    overlay: Overlay
    item: RenderedObject
    manifest: Manifest


def body(manifest: Manifest) -> str:
    """The object as JSON where its kind is one of these; a long text in it is a digest."""
    if f"{manifest.group}/{manifest.kind}" not in KINDS:
        return ""
    told = {key: value for key, value in manifest.data.items() if key != "status"}
    return json.dumps(_shortened(told), default=str, separators=(",", ":"))


def is_digest(value: object) -> bool:
    """Tell whether a long text stood there."""
    return isinstance(value, str) and value.startswith(_DIGEST)


def of(repository: Repository, *kinds: str) -> Iterator[Kept]:
    """The objects of some of these kinds, each written `group/Kind`."""
    found = repository.once(_by_kind)
    for kind in kinds:
        yield from found.get(kind, ())


def read(overlay: Overlay, item: RenderedObject) -> Manifest:
    """The object as it was rendered."""
    built = overlay.how in _BUILT
    data = json.loads(item.body)
    return Manifest(data, item.template, item.document, (overlay.name or ".") if built else "")


def place(repository: Repository, kept: Kept, *pointer: str | int, at_key: bool = False) -> Place:
    """Where a field of it stands: to be traced where kustomize builds it, else in the file that declares it."""
    path, document = declaring(repository, kept.overlay, kept.item)
    overlay = kept.manifest.overlay
    return Place(path, document, pointer, at_key, overlay=overlay, identity=kept.item.identity if overlay else None)


def beside(repository: Repository, kept: Kept, *pointer: str | int) -> Place:
    """The same as the other end of a finding, which is not traced: the file that declares it."""
    return place(repository, kept, *pointer)._replace(overlay="", identity=None)


def declaring(repository: Repository, overlay: Overlay, item: RenderedObject) -> tuple[str, int]:
    """The file and the document that declare it, of those that the overlay reads; one of a chart is its template."""
    if item.template:
        return item.template, item.document
    group, reads = group_of(item.api_version), overlay.reads
    heads = ((path, head) for path in reads if path in repository.files for head in repository.files[path].heads)
    alike = [(path, h) for path, h in heads if (h.group, h.kind) == (group, item.kind) and h.name in item.name]
    listed = repository.once(_listed)  # and no patches
    best = max(alike, default=None, key=lambda a: (a[0] in listed, a[1].namespace == item.namespace, len(a[1].name)))
    return (best[0], best[1].document) if best else (overlay.entry, 0)


def meet(repository: Repository, one: Overlay, other: Overlay) -> bool:
    """Tell whether two overlays may come to one cluster, as far as files tell."""
    if one.name == other.name:
        return True
    told = repository.once(_homes)
    pairs = zip(told[one.name], told[other.name], strict=True)
    return all(not here or not there or here == there or _is_url(here) != _is_url(there) for here, there in pairs)


def _is_url(cluster: str) -> bool:
    """Tell the address of a cluster, which may be that of a name, from a name."""
    return "://" in cluster


def _by_kind(repository: Repository) -> Mapping[str, list[Kept]]:
    found: dict[str, list[Kept]] = defaultdict(list)
    for overlay in repository.overlays.values():
        for item in overlay.objects:
            if item.body:
                manifest = read(overlay, item)
                found[f"{manifest.group}/{manifest.kind}"].append(Kept(overlay, item, manifest))
    return found


def _homes(repository: Repository) -> Mapping[str, tuple[str, ...]]:
    """Where every overlay is deployed to, its environment and the word for one in its path; empty is not known."""
    places, known = deployed.places(repository), ranks.known(repository.directories)
    return {
        each.name: (*places.get(each.name, ("", "", "")), each.environment, ranks.part(each.path, known))
        for each in repository.overlays.values()
    }


def _listed(repository: Repository) -> frozenset[str]:
    every = (reference for item in repository.kustomizations.values() for reference in item.references)
    return frozenset(reference.target for reference in every if reference.field == "resources")


def _shortened(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _shortened(mapping(value)[key]) for key in value}
    if isinstance(value, list):
        return [_shortened(item) for item in value]
    if isinstance(value, str) and len(value) > _LONG:
        return _DIGEST + hashlib.blake2b(value.encode(errors="surrogateescape"), digest_size=20).hexdigest()
    return value
