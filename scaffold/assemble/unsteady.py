"""What of a chart each rendering makes anew, as two of them tell: a password that nothing keeps."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from scaffold.model import Manifest, Overlay, Pointer, mapping

# The functions of templates that give something else each time (Helm 4.2, sprig 3.3).
_RANDOM = re.compile(
    rb"\b(?:rand(?:AlphaNum|Alpha|Ascii|Numeric|Bytes|Int)|gen(?:CA|SelfSignedCert|SignedCert)(?:WithKey)?"
    rb"|genPrivateKey|uuidv4|htpasswd|bcrypt|encryptAES|shuffle)\b"
)
_KINDS = ("ConfigMap", "Secret")
_HELD = ("binaryData", "data", "stringData")
_HOOKS = ("argocd.argoproj.io/hook", "helm.sh/hook")


def may_be(root: Path, overlay: Overlay, made: Iterable[Manifest]) -> bool:
    """Tell whether it is worth another rendering: there is such an object, and a file that may make it so."""
    return any(map(_is_kept, made)) and any(_RANDOM.search(_content(root / path)) for path in overlay.reads)


def told(made: Sequence[Manifest], again: Sequence[Manifest]) -> list[Manifest]:
    """What the first of two renderings made, with what differs in the second; nothing where they are not alike."""
    if [manifest.identity for manifest in made] != [manifest.identity for manifest in again]:
        return list(made)
    pairs = zip(made, again, strict=True)
    return [dataclasses.replace(one, unsteady=_differing(one, two)) if _is_kept(one) else one for one, two in pairs]


def _is_kept(manifest: Manifest) -> bool:
    """Tell a ConfigMap or a Secret that is there from one sync to the next, as hooks are not."""
    notes: Any = mapping(manifest.metadata.get("annotations"))
    return manifest.kind in _KINDS and not manifest.group and not any(hook in notes for hook in _HOOKS)


def _differing(one: Manifest, two: Manifest) -> Pointer:
    for field in _HELD:
        other = mapping(two.get(field))
        for key, value in mapping(one.get(field)).items():
            if value != other.get(key):
                return (field, key)
    return ()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
