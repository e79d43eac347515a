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

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from scaffold.model import Finding, Place, Pointer, Repository, Severity, mapping
from scaffold.rules import encrypting

ID = "half-encrypted"
SEVERITY = Severity.ERROR
SCOPE = "file"
# What no tool hides: what tells an object from others, and how the file is encrypted.
_OPEN = frozenset(("apiVersion", "kind", "metadata", "sops"))
_ENCRYPTED = "ENC[AES256_GCM,"
_REMEDY = "add it with 'sops edit', and change it, since Git keeps it"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every value that SOPS would have encrypted and that is not."""
    for file in repository.files.values():
        for number, document in enumerate(file.documents or ()):
            sops = mapping(mapping(document).get("sops"))
            if sops.get("mac") and sops.get("version"):
                hidden = encrypting.hidden(sops)
                for pointer in _clear(mapping(document), hidden, ()) if hidden else ():
                    name = ".".join(map(str, pointer))
                    fact = f"the file is encrypted with SOPS, but field {name!r} is in clear text"
                    yield Finding(Place(file.path, number, pointer), ID, f"{fact}; {_REMEDY}")


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
