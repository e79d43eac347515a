"""What the controllers of a cluster forbid: references to other namespaces, and bases from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from scaffold.model import Kustomization, Manifest, dig, sequence

_ARGUMENTS = {"--no-cross-namespace-refs=true": "references", "--no-remote-bases=true": "remote-bases"}
_PATCHING = ("FluxInstance", "Kustomization")  # which may install the controllers, with patches for them


def by_objects(manifests: Iterable[Manifest]) -> frozenset[str]:
    """What arguments of controllers forbid, and those that flux-operator v0.58 gives to them."""
    return frozenset(what for manifest in manifests for what in _of(manifest))


def _of(manifest: Manifest) -> Iterator[str]:
    if manifest.kind == "FluxInstance" and manifest.get("spec", "cluster", "multitenant") is True:
        yield from _ARGUMENTS.values()
    elif manifest.kind in _PATCHING:
        patches = (*sequence(manifest.get("spec", "patches")), *sequence(manifest.get("spec", "kustomize", "patches")))
        yield from _forbidden(str(dig(patch, "patch")) for patch in patches)
    elif manifest.kind == "Deployment":
        arguments = [item for _, container in manifest.containers() for item in sequence(container.get("args"))]
        yield from (what for argument, what in _ARGUMENTS.items() if argument in arguments)


def below(cluster: str, kustomizations: Mapping[str, Kustomization]) -> Iterator[Kustomization]:
    """The kustomizations in the directory that a cluster is called after."""
    return (item for path, item in kustomizations.items() if f"{path}/".startswith(f"{cluster}/"))


def by_patches(kustomizations: Iterable[Kustomization]) -> frozenset[str]:
    """What patches for controllers forbid, which `flux bootstrap` may still have to write to the repository."""
    patches = (patch for item in kustomizations for patch in sequence(item.manifest.get("patches")))
    return frozenset(_forbidden(str(dig(patch, "patch")) for patch in patches))


def _forbidden(patches: Iterable[str]) -> Iterator[str]:
    told = list(patches)
    yield from (what for argument, what in _ARGUMENTS.items() if any(argument in text for text in told))
