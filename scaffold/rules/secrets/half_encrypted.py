"""A value stands in clear text in a file that SOPS encrypted.

It was added by hand, without `sops edit`: whoever reads the repository has it, and SOPS refuses to decrypt the whole
file, so that nothing in it is applied any more. What is encrypted is what the file's own `encrypted_regex`,
`unencrypted_regex` or suffix say.

Fails:

    # secret.yaml
    apiVersion: v1
    kind: Secret
    metadata:
      name: web
    stringData:
      password: ENC[AES256_GCM,data:ZXhhbXBsZQ==,iv:ZXhhbXBsZQ==,tag:ZXhhbXBsZQ==,type:str]
      token: example
    sops:
      age:
        - recipient: age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p
          enc: example
      lastmodified: "2026-01-01T00:00:00Z"
      mac: ENC[AES256_GCM,data:ZXhhbXBsZQ==,iv:ZXhhbXBsZQ==,tag:ZXhhbXBsZQ==,type:str]
      encrypted_regex: ^(data|stringData)$
      version: 3.9.4

Passes:

    # secret.yaml
    apiVersion: v1
    kind: Secret
    metadata:
      name: web
    stringData:
      password: ENC[AES256_GCM,data:ZXhhbXBsZQ==,iv:ZXhhbXBsZQ==,tag:ZXhhbXBsZQ==,type:str]
    sops:
      age:
        - recipient: age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p
          enc: example
      lastmodified: "2026-01-01T00:00:00Z"
      mac: ENC[AES256_GCM,data:ZXhhbXBsZQ==,iv:ZXhhbXBsZQ==,tag:ZXhhbXBsZQ==,type:str]
      encrypted_regex: ^(data|stringData)$
      version: 3.9.4
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from scaffold.expand import UnverifiableError, regexes
from scaffold.model import Finding, Place, Pointer, Repository, Severity, mapping

ID = "half-encrypted"
SEVERITY = Severity.ERROR
SCOPE = "file"
# What no tool hides: what tells an object from others, and how the file is encrypted.
_OPEN = frozenset(("apiVersion", "kind", "metadata", "sops"))
_FLAGS = re.compile(r"\A(?P<opening>[(^]+)\(\?(?P<flags>[is]+)\)")  # in Python they stand first
_ENCRYPTED = "ENC[AES256_GCM,"
# Go lets flags stand behind what opens a pattern, Python only before all of it.
_REMEDY = "add it with 'sops edit', and change it, since Git keeps it"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every value that SOPS would have encrypted and that is not."""
    for file in repository.files.values():
        for number, document in enumerate(file.documents or ()):
            sops = mapping(mapping(document).get("sops"))
            if sops.get("mac") and sops.get("version"):
                hidden = _hidden(sops)
                for pointer in _clear(mapping(document), hidden, ()) if hidden else ():
                    name = ".".join(map(str, pointer))
                    fact = f"the file is encrypted with SOPS, but field {name!r} is in clear text"
                    yield Finding(Place(file.path, number, pointer), ID, f"{fact}; {_REMEDY}")


def _hidden(sops: Mapping[str, Any]) -> Callable[[Pointer], bool] | None:
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


def _clear(value: Any, hidden: Callable[[Pointer], bool], at: Pointer) -> Iterator[Pointer]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            if at or key not in _OPEN:
                yield from _clear(item, hidden, (*at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _clear(item, hidden, (*at, index))
    elif value not in (None, "") and not str(value).startswith(_ENCRYPTED) and hidden(_keys(at)):
        yield at


def _keys(pointer: Pointer) -> Pointer:
    """The names of a path; the numbers of its lists are none."""
    return tuple(part for part in pointer if isinstance(part, str))
