"""The cluster in which Flux applies what an object says."""

from __future__ import annotations

from scaffold.model import Manifest
from scaffold.model.values import text


def of(manifest: Manifest) -> str:
    """A name for the cluster of a Kustomization or a HelmRelease, where it is another one than its own.

    The kubeconfig is in the object's namespace, so that one name means another cluster in each of them.
    """
    kinds = ("secretRef", "configMapRef")
    names = [f"{kind}/{name}" for kind in kinds if (name := text(manifest.get("spec", "kubeConfig", kind, "name")))]
    return "/".join((manifest.namespace, *names)) if names else ""
