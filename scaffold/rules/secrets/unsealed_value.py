"""A value of a SealedSecret is none that `kubeseal` has written.

Somebody has put the secret itself there, or a placeholder. The controller decrypts neither and makes no Secret; and a
secret that was once in Git is known. A sealed value is base64 text that holds an encrypted session key, its length
before it, and what was encrypted with it (sealed-secrets, `pkg/crypto`, 0.40).

Fails:

    # secret.yaml
    apiVersion: bitnami.com/v1alpha1
    kind: SealedSecret
    metadata:
      name: web
    spec:
      encryptedData:
        password: example

Passes:

    # secret.yaml
    apiVersion: bitnami.com/v1alpha1
    kind: SealedSecret
    metadata:
      name: web
    spec:
      encryptedData: {}
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from scaffold import load
from scaffold.model import Finding, Repository, Severity, mapping

ID = "unsealed-value"
SEVERITY = Severity.ERROR
SCOPE = "file"
_LENGTH = 2  # bytes that say how long the session key is, which RSA makes as long as its own key
_KEYS = (128, 256, 384, 512, 1024)
_TAG = 16  # bytes that AES-GCM adds
_FILLED = re.compile(r"\$\{|\{\{|\A\.+\Z")  # by Flux or a chart, before the cluster sees it, or by who reads an example


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every value below `encryptedData` that no controller can decrypt, whatever its key."""
    for file in repository.files.values():
        for manifest in (part for whole in file.manifests() for part in load.members(whole)):
            if (manifest.group, manifest.kind) != ("bitnami.com", "SealedSecret"):
                continue
            for key, value in mapping(manifest.get("spec", "encryptedData")).items():
                if isinstance(value, str) and not (_FILLED.search(value) or _is_sealed(value)):
                    fact = f"SealedSecret {manifest.name!r} holds key {key!r} that is not sealed"
                    message = f"{fact}; seal it with kubeseal, and change the secret if it stands there in clear"
                    place = manifest.place("spec", "encryptedData", key, at_key=True)
                    yield Finding(place, ID, message, subject=f"{manifest.name}/{key}")


def _is_sealed(value: str) -> bool:
    try:
        found = base64.b64decode(re.sub(r"[\r\n]", "", value), validate=True)  # as Go does
    except (binascii.Error, ValueError):
        return False
    key = int.from_bytes(found[:_LENGTH])
    return key in _KEYS and len(found) >= _LENGTH + key + _TAG
