"""What one overlay misses and another one renders is no flaw."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeVar

from scaffold.assemble.references import RELEASED
from scaffold.model import Confidence, Finding, Identity, LocatedFinding, Overlay, SourceFile, group_of
from scaffold.nearest import slipped

# Groups of kinds that make no objects that files name, or whose objects are known without them.
_MAKING_NONE = frozenset(
    "argoproj.io bitnami.com cert-manager.io external-secrets.io gateway.networking.k8s.io "
    "image.toolkit.fluxcd.io keda.sh kustomize.toolkit.fluxcd.io networking.istio.io notification.toolkit.fluxcd.io "
    "source.toolkit.fluxcd.io traefik.io".split()
)
# Groups of kinds whose objects make others in their own namespace only, which are called after them.
_NAMING_AFTER = frozenset(("flagger.app", "postgresql.cnpg.io"))
# The kind that is meant where none is told is a namespace's; the other one is easily forgotten.
_BESIDE = {
    ("cert-manager.io", "Issuer"): "ClusterIssuer",
    ("external-secrets.io", "SecretStore"): "ClusterSecretStore",
}
# What is found by its name in one namespace only, which an object of another one has to name.
_GATEWAY = ("gateway.networking.k8s.io", "Gateway")
_SPACED = frozenset((("cert-manager.io", "Issuer"), ("external-secrets.io", "SecretStore"), _GATEWAY))
_Kind = tuple[str, str, str]
_Either = TypeVar("_Either", Finding, LocatedFinding)


def standing(
    findings: Mapping[str, Iterable[_Either]], overlays: Mapping[str, Overlay], files: Mapping[str, SourceFile]
) -> dict[str, list[_Either]]:
    """The findings that no other overlay settles, by whatever they come by; of one without a result its files tell.

    Those that are not sure hold only where all objects are known, or where only a slip keeps the name from another's;
    those of low confidence only in the latter case, or where the object is there of which they miss a part.
    """
    found = {name: list(several) for name, several in findings.items()}
    wanted = {(each.unless.group, each.unless.kind) for several in found.values() for each in several if each.unless}
    if not wanted:
        return found
    wanted |= {(kind[0], _BESIDE[kind]) for kind in wanted if kind in _BESIDE}
    known = _Known(overlays.values(), wanted, files)
    return {name: [stood for each in several if (stood := known.left(each))] for name, several in found.items()}


def certain(findings: Iterable[LocatedFinding], *, whole: bool) -> Iterator[LocatedFinding]:
    """The findings that hold whatever else there is; where the whole repository was rendered, all of them."""
    return (finding for finding in findings if whole or finding.unless is None)


def _meaning(finding: _Either, guess: str) -> _Either:
    """The finding with the name that was meant for its remedy."""
    fact = finding.message.rpartition("; ")[0]
    return finding.surely(f"{fact}; did you mean {guess.rpartition('/')[2]!r}?")


class _Known:
    """The objects of some kinds, with the environments that have them, and what makes others that nobody can know."""

    def __init__(
        self, overlays: Iterable[Overlay], wanted: Collection[tuple[str, str]], files: Mapping[str, SourceFile]
    ) -> None:
        self._wanted = wanted
        self._environments: dict[str, str] = {}
        self._objects: dict[_Kind, list[tuple[str, str]]] = {}
        self._names: dict[tuple[str, str], set[str]] = {}
        self._wholes: dict[_Kind, list[tuple[str, str]]] = {}
        self._makers: set[str] = set()
        self._unbounded: set[str] = set()  # the namespaces in which something makes objects of any name
        self._guesses: dict[_Kind, str] = {}
        for overlay in overlays:
            self._environments[overlay.name or "."] = overlay.environment
            self._add(overlay)
            if overlay.skipped or overlay.error:
                self._makers |= {overlay.application, overlay.path.rpartition("/")[2]} - {""}
                self._unbounded.add("")
                self._declare(overlay, files)

    def _add(self, overlay: Overlay) -> None:
        for item in overlay.objects:
            group = group_of(item.api_version)
            if (group, item.kind) in self._wanted:
                self._note(item.identity, overlay.environment)
            for identity in item.makes:
                if (identity.group, identity.kind) in self._wanted:
                    self._note(identity, overlay.environment)
            if "." in group and not group.endswith(".k8s.io") and group not in _MAKING_NONE:
                self._makers.add(item.name)
                released = {identity.namespace for identity in item.makes if identity.kind == RELEASED}
                told = released or (set() if group in _NAMING_AFTER else {""})
                self._unbounded |= {"" if "${" in namespace else namespace for namespace in told}

    def _declare(self, overlay: Overlay, files: Mapping[str, SourceFile]) -> None:
        for path in overlay.reads:
            for head in files[path].heads if path in files else ():
                if (head.group, head.kind) in self._wanted:
                    self._note(Identity(head.group, head.kind, head.namespace, head.name), overlay.environment)

    def _note(self, identity: Identity, environment: str) -> None:
        key = (identity.group, identity.kind, identity.name)
        self._objects.setdefault(key, []).append((identity.namespace, environment))
        self._names.setdefault(key[:2], set()).add(identity.name)
        if _whole(identity.name):
            self._wholes.setdefault((*key[:2], _whole(identity.name)), []).append((identity.namespace, environment))

    def left(self, finding: _Either) -> _Either | None:
        """The finding, perhaps with a better remedy; None where what there is settles it."""
        wanted = finding.unless
        if wanted is None:
            return finding
        if self.has(wanted, finding.overlay):
            return None
        if near := self._near(wanted, finding.overlay):
            return finding.surely(f"{finding.message.rpartition('; ')[0]}{near}")
        guess = self.meant(wanted, finding.overlay)
        told = finding.confidence is Confidence.HIGH
        sure = told or (finding.confidence is Confidence.MEDIUM and self.all_told(wanted.namespace))
        if not guess and self.has_others(wanted, finding.overlay):
            return finding.surely(finding.message)
        if not guess and (not sure or self.makes(wanted.name)):
            return None
        return finding if told or not guess else _meaning(finding, guess)

    def all_told(self, namespace: str) -> bool:
        """Tell whether nothing makes objects there that nobody can know, as a chart or an operator does."""
        return self._unbounded.isdisjoint(("", namespace)) and (bool(namespace) or not self._unbounded)

    def makes(self, name: str) -> bool:
        """Tell whether an operator or a chart may make an object of a name."""
        return any(name.startswith(maker) for maker in self._makers)

    def has(self, wanted: Identity, overlay: str) -> bool:
        """Tell whether an object is rendered where an overlay meets it."""
        return self._has(wanted, wanted.name, overlay)

    def _near(self, wanted: Identity, overlay: str) -> str:
        """How the sentence on a missing object ends where one of that name is of another kind, or elsewhere."""
        if other := self.beside(wanted, overlay):
            return f"; set the kind to {other}, which is called so"
        space = self.space(wanted, overlay)
        return f" in {wanted.namespace!r}; it is in {space!r}" if space else ""

    def beside(self, wanted: Identity, overlay: str) -> str:
        """The kind of an object of that name which an overlay meets, the cluster's instead of a namespace's."""
        other = _BESIDE.get((wanted.group, wanted.kind), "")
        return other if other and self.has(wanted._replace(kind=other, namespace=""), overlay) else ""

    def space(self, wanted: Identity, overlay: str) -> str:
        """A namespace in which an overlay would meet an object that it misses in another one.

        Charts bring issuers and stores along with what uses them, and seldom a Gateway.
        """
        key = (wanted.group, wanted.kind)
        if key not in _SPACED or self.makes(wanted.name) or not (key == _GATEWAY or self.all_told("")):
            return ""
        environment = self._environments.get(overlay, "")
        there = self._objects.get((*key, wanted.name), ())
        return min((space for space, other in there if _same(environment, other)), default="")

    def has_others(self, wanted: Identity, overlay: str) -> bool:
        """Tell whether an object that an overlay meets has parts, `<object>/<part>`, but not the wanted one."""
        key = (wanted.group, wanted.kind, _whole(wanted.name))
        return bool(key[2]) and self._met(wanted, self._wholes.get(key, ()), overlay)

    def meant(self, wanted: Identity, overlay: str) -> str:
        """The name of an object that an overlay meets, of the same kind, from which only a slip keeps another one."""
        guess = self._guess((wanted.group, wanted.kind, wanted.name))
        of_it = _whole(guess) == _whole(wanted.name)
        return guess if guess and of_it and self._has(wanted, guess, overlay) else ""

    def _guess(self, key: _Kind) -> str:
        """As `meant`, whoever meets it; many overlays miss the same."""
        if key not in self._guesses:
            self._guesses[key] = slipped(key[2], self._names.get(key[:2], ()))
        return self._guesses[key]

    def _has(self, wanted: Identity, name: str, overlay: str) -> bool:
        return self._met(wanted, self._objects.get((wanted.group, wanted.kind, name), ()), overlay)

    def _met(self, wanted: Identity, there: Iterable[tuple[str, str]], overlay: str) -> bool:
        environment = self._environments.get(overlay, "")
        return any(_same(wanted.namespace, space) and _same(environment, other) for space, other in there)


def _whole(name: str) -> str:
    """The object that a name is of a part of, or nothing."""
    return name.rpartition("/")[0]


def _same(one: str, other: str) -> bool:
    """Tell whether two names are the same, or one is not told."""
    return not one or not other or one == other
