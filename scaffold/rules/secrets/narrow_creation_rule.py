"""A creation rule of SOPS does not hide what a Secret that it is for has encrypted.

The file keeps to what it says itself, but the next one that SOPS encrypts by the rule, or this one after it was
decrypted, has its values in clear text. SOPS tells upper from lower case in names of keys, so that `stringdata` is not
`stringData`, which is told of without such a Secret, too. Passed over is a rule that hides some values of the field, by
their own keys.

Fails:

    # .sops.yaml
    creation_rules:
      - path_regex: secrets/
        encrypted_regex: ^(data|stringdata)$
        age: age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p
    # secrets/web.yaml
    apiVersion: v1
    kind: Secret
    metadata:
      name: web
    stringData:
      token: ENC[AES256_GCM,data:ZXhhbXBsZQ==,iv:ZXhhbXBsZQ==,tag:ZXhhbXBsZQ==,type:str]
    sops:
      age:
        - recipient: age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p
          enc: example
      lastmodified: "2026-01-01T00:00:00Z"
      mac: ENC[AES256_GCM,data:ZXhhbXBsZQ==,iv:ZXhhbXBsZQ==,tag:ZXhhbXBsZQ==,type:str]
      encrypted_regex: ^(data|stringData)$
      version: 3.9.4

Passes:

    # .sops.yaml
    creation_rules:
      - path_regex: secrets/
        encrypted_regex: ^(data|stringData)$
        age: age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p
    # secrets/web.yaml
    apiVersion: v1
    kind: Secret
    metadata:
      name: web
    stringData:
      token: ENC[AES256_GCM,data:ZXhhbXBsZQ==,iv:ZXhhbXBsZQ==,tag:ZXhhbXBsZQ==,type:str]
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
from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.assemble import creation
from scaffold.expand import UnverifiableError
from scaffold.model import Finding, Place, Repository, Severity, SourceFile, mapping
from scaffold.model.values import is_encrypted
from scaffold.rules import encrypting

ID = "narrow-creation-rule"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_FIELD = "stringData"
_SLIP = re.compile(rf"\b{_FIELD}\b", re.IGNORECASE)
_KEYS = ("encrypted_regex", "unencrypted_regex", "encrypted_suffix", "unencrypted_suffix")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such rule once, with the first Secret that it would not hide."""
    told: set[Place] = set()
    for file, number, _ in creation.encrypted(repository):
        try:
            rule = creation.matching(creation.of(repository, file.path), file.path)
        except UnverifiableError:
            continue
        field = _open(mapping((file.documents or ())[number]), rule) if rule else ""
        if rule and field and _place(rule) not in told:
            told.add(_place(rule))
            yield _finding(rule, field, Place(file.path, number, (field,), at_key=True))
    for file in repository.files.values():
        yield from (finding for finding in _slips(file) if finding.place not in told)


def _slips(file: SourceFile) -> Iterator[Finding]:
    for rule in creation.rules(file):
        pattern = str(rule.data.get("encrypted_regex") or "")
        hidden = encrypting.hidden(rule.data)
        if _SLIP.search(pattern) and hidden and not hidden((_FIELD,)):
            yield _finding(rule, _FIELD)


def _open(document: Mapping[str, Any], rule: creation.Rule) -> str:
    """The field of a Secret whose values are encrypted, all of which the rule would leave as they are."""
    hidden = encrypting.hidden(rule.data) if document.get("kind") == "Secret" else None
    for field in ("data", _FIELD) if hidden else ():
        keys = [key for key, value in mapping(document.get(field)).items() if is_encrypted(value)]
        if hidden and keys and not any(hidden((field, key)) for key in keys):
            return field
    return ""


def _place(rule: creation.Rule) -> Place:
    return rule.place(next((key for key in _KEYS if rule.data.get(key)), "path_regex"))


def _finding(rule: creation.Rule, field: str, *now: Place) -> Finding:
    slip = _SLIP.search(str(rule.data.get("encrypted_regex") or "")) if field == _FIELD else None
    because = f" names {slip[0]!r}, so that it" if slip else ""
    fact = f"creation rule{because} leaves {field!r} in clear text" + (", which is encrypted in {0}" if now else "")
    remedy = f"did you mean {field!r}?" if slip else "let its pattern fit that, too"
    return Finding(_place(rule), ID, f"{fact}; {remedy}", SEVERITY, subject=field, related=now)
