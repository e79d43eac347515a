"""ConfigMaps and Secrets that a controller copies into other namespaces, as annotations ask for it.

Reflector, Replicator and Config Syncer do so; those of a Secret that is made of another object stand in that one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from scaffold.model import Manifest, Pointer, mapping

COPIED = "Copied into other namespaces"
_ASKING = re.compile(r"reflect|replicat|appscode\.com/sync")
_NOTES: Mapping[str, Pointer] = {
    "/ConfigMap": ("metadata", "annotations"),
    "/Secret": ("metadata", "annotations"),
    "bitnami.com/SealedSecret": ("spec", "template", "metadata", "annotations"),
    "cert-manager.io/Certificate": ("spec", "secretTemplate", "annotations"),
    "external-secrets.io/ExternalSecret": ("spec", "target", "template", "metadata", "annotations"),
}


def asks(manifest: Manifest) -> bool:
    """Tell whether an object, or what is made of it, asks to be copied."""
    pointer = _NOTES.get(f"{manifest.group}/{manifest.kind}")
    return bool(pointer) and any(map(_ASKING.search, map(str, mapping(manifest.get(*pointer or ())))))
