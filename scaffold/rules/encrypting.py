"""Which fields of a file SOPS encrypts, as the file itself says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from scaffold.expand import UnverifiableError, regexes
from scaffold.model import Pointer

# Go lets flags stand behind what opens a pattern, Python only before all of it.
_FLAGS = re.compile(r"\A(?P<opening>[(^]+)\(\?(?P<flags>[is]+)\)")


def hidden(sops: Mapping[str, Any]) -> Callable[[Pointer], bool] | None:
    """What the file says is encrypted; None where it does not say, or by comments, or in a way that cannot be read.

    SOPS 3.9 (`sops.go`, `shouldBeEncrypted`): one key of the path that fits decides.
    """
    if sops.get("encrypted_comment_regex") or sops.get("unencrypted_comment_regex"):
        return None
    try:
        encrypted, unencrypted = (_compiled(str(sops.get(f"{key}encrypted_regex", ""))) for key in ("", "un"))
    except UnverifiableError:
        return None
    suffix, bare = str(sops.get("encrypted_suffix", "")), str(sops.get("unencrypted_suffix", ""))
    if suffix:
        return lambda path: any(str(key).endswith(suffix) for key in path)
    if encrypted.pattern:
        return lambda path: any(encrypted.search(str(key)) for key in path)
    if unencrypted.pattern:
        return lambda path: not any(unencrypted.search(str(key)) for key in path)
    return (lambda path: not any(str(key).endswith(bare) for key in path)) if bare else None


def _compiled(pattern: str) -> re.Pattern[str]:
    return regexes.compile_go(_FLAGS.sub(r"(?\g<flags>)\g<opening>", pattern))
