"""Which objects a cluster of Flux will have, as far as files say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from scaffold import schemas
from scaffold.assemble.copies import COPIED
from scaffold.assemble.flux import foreign, objects
from scaffold.assemble.references import unhashed
from scaffold.model import FluxCluster, Head, Manifest, Overlay, Repository
from scaffold.model.flux import SYNC, Reference, is_flux
from scaffold.model.values import text
from scaffold.nearest import is_kin, misspelled, near, slipped

_OPERATORS = ("FluxInstance",)
_DATA = frozenset(("ConfigMap", "Secret"))
_SOURCES = frozenset(("Bucket", "ExternalArtifact", "GitRepository", "HelmChart", "HelmRepository", "OCIRepository"))
_OF_FLUX = _SOURCES | {"HelmRelease", "ImagePolicy", "ImageRepository", "Kustomization", "Provider", "Receiver"}
_FETCHED = frozenset(("Bucket", "GitRepository", "OCIRepository"))
_BOOTSTRAPPED = "flux-system"  # the source that `flux bootstrap` makes, which need not be in files
_BOUND = frozenset(("ConfigMap", "Secret", "ServiceAccount"))  # referred to without a namespace
_LOCAL = _BOUND | {"Provider", "ResourceSetInputProvider"}  # of Flux, whose namespace no reference can name
_COPYING = frozenset(("ClusterPolicy", "Policy", "GeneratingPolicy", "NamespacedGeneratingPolicy"))  # of Kyverno
_VARIABLE = re.compile(r"\$\{[^{}]*\}")
_ANYTHING = _COPYING | frozenset(("HelmRelease", "ResourceSet", "Terraform", "Application"))


class Presence:
    """What the Kustomizations of one cluster make; `repository` is one whose overlays are rendered."""

    def __init__(self, repository: Repository, cluster: FluxCluster, others: Sequence[Presence] = ()) -> None:
        self._repository = repository
        self._others = others  # all clusters, this one among them
        self.cluster = cluster

    @cached_property
    def overlays(self) -> list[Overlay]:
        """What the cluster builds of this repository; several clusters may be without a name."""
        own = {sync.overlay for sync in self.cluster.syncs} - {""}
        built = ((overlay, overlay.build) for overlay in self._repository.overlays.values() if overlay.build)
        return [overlay for overlay, build in built if not own.isdisjoint((overlay.name, build.whole))]

    @cached_property
    def _known(self) -> dict[str, set[tuple[str, str]]]:
        """Namespaces and names by kind; a cluster that builds nothing of this repository may have all of it."""
        found: dict[str, set[tuple[str, str]]] = {}
        builds = any(sync.here for sync in self.cluster.syncs)
        overlays = self.overlays if builds else tuple(self._repository.overlays.values())
        for kind, namespace, name in objects.of(self._repository, self.cluster, overlays):
            found.setdefault(kind, set()).add((namespace, name))
        return found

    def has(self, reference: Reference) -> bool:
        """Tell whether an object is there, or may be: copied, or hidden by a variable or a missing namespace."""
        if reference.kind in _DATA and reference.name in self._copied:
            return True
        return any(
            (namespace == reference.namespace or not (namespace and reference.namespace) or "${" in namespace)
            and (reference.name in (name, unhashed(name)) or ("${" in name and may_become(name, reference.name)))
            for namespace, name in self._known.get(reference.kind, ())
        )

    def tells(self, wanted: Reference) -> bool:
        """Tell whether an object is there by this very name, but for the hash of a generated one."""
        known = self._plain.get(wanted.kind, ())
        return any((namespace, unhashed(wanted.name)) in known for namespace in (wanted.namespace, ""))

    @cached_property
    def _plain(self) -> dict[str, set[tuple[str, str]]]:
        return {kind: {(namespace, unhashed(n)) for namespace, n in known} for kind, known in self._known.items()}

    def lacks(self, wanted: Reference) -> bool:
        """Tell whether an object of Flux is missing for sure, or something else is called nearly so."""
        begun = wanted.name == _BOOTSTRAPPED and wanted.kind in (*_FETCHED, "Kustomization")  # perhaps by a chart
        by_hand = begun and not any(sync.manifest.name == _BOOTSTRAPPED for sync in self.cluster.syncs)
        followed = (self.is_followed and not by_hand) or (
            wanted.kind in _OF_FLUX and not begun and self.is_told(wanted.namespace)
        )
        return wanted.is_literal and not self.has(wanted) and (followed or self.is_near(wanted))

    def names(self, kind: str, namespace: str) -> list[str]:
        """The names of all objects of a kind in a namespace, or in none that is known, as they are referred to."""
        known = self._known.get(kind, ())
        return sorted({unhashed(name) for where, name in known if not namespace or where in ("", namespace)})

    def remedy(self, wanted: Reference, by: Manifest) -> str:
        """What to write in the place of a reference to what is not there, without harm to others that have the file."""
        sharing = [other for other in self._others if other is not self and (by.path, by.document) in other.files]
        if has := next((other.cluster.name for other in sharing if other.has(wanted)), ""):
            return f"add it to cluster {self.cluster.name!r}, as {has!r} has it, or leave this out there"
        if kind := self._sibling(wanted):
            return f"did you mean {kind} {wanted.name!r}?"
        guess = near(wanted.name, self.names(wanted.kind, wanted.namespace))
        if guess and all(guess in other.names(wanted.kind, wanted.namespace) for other in sharing):
            return f"did you mean {guess!r}?"
        known = self._known.get(wanted.kind, ())
        elsewhere = sorted({where for where, name in known if name == wanted.name and where})
        if elsewhere and wanted.kind in _LOCAL:
            return f"it is in namespace {elsewhere[0]!r}, and has to be in {wanted.namespace!r}"
        if elsewhere:
            return f"it is in namespace {elsewhere[0]!r}, so name that"
        return "name one that is there, or add it"

    @cached_property
    def files(self) -> frozenset[tuple[str, int]]:
        """Where the objects of Flux are written that the cluster has."""
        return frozenset((manifest.path, manifest.document) for manifest in self.cluster.objects)

    def is_nowhere(self, wanted: Reference) -> bool:
        """Tell whether the only thing that hides objects of a cluster is a source that no file declares."""
        begun, hidden = self.cluster.source, [sync for sync in self.cluster.syncs if not sync.here]
        if (
            not begun
            or wanted.name in (begun.name, _BOOTSTRAPPED)
            or wanted.kind not in _FETCHED
            or not wanted.is_literal
        ):
            return False
        declared = self.has(wanted) or any(head[2:4] == (wanted.kind, wanted.name) for head in self._heads())
        whole = len(hidden) == len(self.cluster.unknown) and all(sync.source == wanted for sync in hidden)
        return whole and not declared

    def is_misplaced(self, wanted: Reference) -> bool:
        """Tell whether what is referred to is there, in a namespace where it does not count."""
        known = self._known.get(wanted.kind, ())
        others = any(name == wanted.name and namespace for namespace, name in known)
        return self.is_followed and others and _COPYING.isdisjoint(self._known)

    @cached_property
    def _copied(self) -> frozenset[str]:
        """The names of the objects that a controller copies into other namespaces, whichever."""
        made = (identity for overlay in self.overlays for item in overlay.objects for identity in item.makes)
        return frozenset(unhashed(identity.name) for identity in made if identity.kind == COPIED)

    def _heads(self) -> Iterator[Head]:
        return (head for file in self._repository.files.values() for head in file.heads)

    def is_near(self, wanted: Reference) -> bool:
        """Tell whether a reference to what is not there can only be a mistake: something is called nearly so."""
        known = () if wanted.kind in _BOUND else self._known.get(wanted.kind, ())
        elsewhere = any(name == wanted.name for _, name in known) or bool(self._sibling(wanted))
        return elsewhere or bool(misspelled(wanted.name, self.names(wanted.kind, wanted.namespace)))

    def is_abridged(self, wanted: Reference) -> bool:
        """Tell whether what is not there is called as one object alone is, without a word at one end, or short for it.

        A single word says that only where there is nothing else of the kind.
        """
        if not wanted.is_literal or self.has(wanted):
            return False
        known = self.names(wanted.kind, wanted.namespace)
        longer = [n for n in known if n.startswith(f"{wanted.name}-") or n.endswith(f"-{wanted.name}")]
        short = [n for n in known if n.startswith(wanted.name) and "-" not in n.removeprefix(wanted.name)]
        return len(longer or short) == 1 and (len(known) == 1 or "-" in wanted.name)

    def is_lengthened(self, wanted: Reference) -> bool:
        """Tell whether what is not there is called as the only object of its kind is, with a word more."""
        known = self.names(wanted.kind, wanted.namespace)
        alike = len(known) == 1 and known[0] in wanted.name and is_kin(known[0], wanted.name)
        return wanted.is_literal and not self.has(wanted) and alike

    def may_be_made(self, wanted: Reference) -> bool:
        """Tell whether a controller may make an object of another one, after which it is called."""
        return any(
            item.namespace in ("", wanted.namespace) and f"-{item.name}-" in f"-{wanted.name}-"
            for overlay in self.overlays
            for item in overlay.objects
            if not (schemas.is_builtin(item.identity.group) or is_flux(item.identity.group))
        )

    def is_slip(self, wanted: Reference) -> bool:
        """Tell whether a letter keeps a reference from something that is there."""
        return bool(slipped(wanted.name, self.names(wanted.kind, wanted.namespace)))

    def _sibling(self, wanted: Reference) -> str:
        """The kind of an object that is called as one of another kind is, which is not there."""
        others = sorted(kind for kinds in (_SOURCES, _DATA) if wanted.kind in kinds for kind in kinds - {wanted.kind})
        names = {(wanted.namespace, wanted.name)} | ({("", wanted.name)} if wanted.kind in _DATA else set())
        return next((kind for kind in others if not names.isdisjoint(self._known.get(kind, ()))), "")

    @cached_property
    def is_complete(self) -> bool:
        """Tell whether nothing but what files say makes plain objects: no chart, no template, nothing unrendered."""
        return self.is_followed and _ANYTHING.isdisjoint(self._known)

    def is_complete_in(self, namespace: str, but: Reference | None = None) -> bool:
        """Tell the same of one namespace: a chart makes what it makes where it is released; one may not count."""
        releases = [m for m in self.cluster.of_kinds("HelmRelease") if not but or (m.namespace, m.name) != but[1:]]
        targets = {text(release.get("spec", "targetNamespace")) or release.namespace for release in releases}
        others = (_ANYTHING - {"HelmRelease"}).isdisjoint(self._known)
        return self.is_followed and others and targets.isdisjoint(("", namespace))

    @cached_property
    def is_followed(self) -> bool:
        """Tell whether every Kustomization of the cluster was followed, so that no object is missed."""
        built = all(not (overlay.error or overlay.skipped) for overlay in self.overlays)
        return self._is_whole and built and foreign.is_flux_alone(self.cluster)

    @property
    def _is_whole(self) -> bool:
        """Tell whether the cluster begins here, with nothing beside that, and with more than a team's part of it.

        What a team's own repository has, the fleet applies, beside objects that stand there.
        """
        is_part = bool(self._repository.conventions.team) and not self.cluster.name
        return bool(self.cluster.syncs) and not is_part and not self._is_begun_beside

    @cached_property
    def _is_begun_beside(self) -> bool:
        """Tell whether a script applies a Kustomization, too, that no cluster has: what that builds is not followed."""
        known = self._repository.files
        named = ((path, head) for path in self._repository.scripted if path in known for head in known[path].heads)
        syncs = ((path, head.document) for path, head in named if (head.group, head.kind) == SYNC)
        return any(not any(sync in other.files for other in self._others) for sync in syncs)

    def is_told(self, namespace: str) -> bool:
        """Tell whether every object of Flux in a namespace is in files, though some of the rest could not be built."""
        return not self._hidden or (bool(namespace) and self._hidden.isdisjoint(("", namespace)))

    @cached_property
    def _hidden(self) -> frozenset[str]:
        """The namespaces in which objects of Flux may be that no file tells, with "" for all of them.

        A text for a ConfigMap and definitions of kinds that come from elsewhere are no such objects.
        """
        known, conventions = self._repository.kustomizations, self._repository.conventions
        owners = foreign.owners_of(self.cluster, conventions.repository_urls)
        skipped = all(foreign.is_harmless(overlay, known, owners) for overlay in self.overlays if overlay.skipped)
        broken = all(foreign.is_local(overlay, known) for overlay in self.overlays if overlay.error)
        if not (self._is_whole and skipped and broken):
            return frozenset(("",))
        return foreign.reached(self.cluster, conventions.repository_urls, self._repository.directories)


def may_become(name: str, wanted: str) -> bool:
    """Tell whether a name with variables may become another one, whatever these are."""
    first, *parts = _VARIABLE.split(name)
    if any("${" in part for part in (first, *parts)):
        return True
    *between, last = parts or [""]
    start, end = len(first), len(wanted) - len(last)
    for part in between:
        found = wanted.find(part, start)
        start = found + len(part) if found >= 0 else end + 1
    return wanted.startswith(first) and wanted.endswith(last) and start <= end


def of(repository: Repository) -> Iterator[Presence]:
    """Every cluster with what it will have."""
    found: list[Presence] = []
    found += [Presence(repository, cluster, found) for cluster in repository.flux]
    yield from found


def is_managed(cluster: FluxCluster, namespace: str) -> bool:
    """Tell whether flux-operator makes objects of its own in a namespace."""
    return any(item.namespace == namespace for item in cluster.of_kinds(*_OPERATORS))
