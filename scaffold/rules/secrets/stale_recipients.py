"""A file is encrypted for others than its creation rule names.

Who was added cannot read it, and who was taken away still can: the rule was changed, and `sops updatekeys` was not run.
Compared are the recipients of age, where the rule names any.

Fails:

    # .sops.yaml
    creation_rules:
      - path_regex: clusters/production/
        encrypted_regex: ^(data|stringData)$
        age: age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg
    # clusters/production/secret.yaml
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
      - path_regex: clusters/production/
        encrypted_regex: ^(data|stringData)$
        age: age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg
    # clusters/production/secret.yaml
    apiVersion: v1
    kind: Secret
    metadata:
      name: web
    stringData:
      token: ENC[AES256_GCM,data:ZXhhbXBsZQ==,iv:ZXhhbXBsZQ==,tag:ZXhhbXBsZQ==,type:str]
    sops:
      age:
        - recipient: age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg
          enc: example
      lastmodified: "2026-01-01T00:00:00Z"
      mac: ENC[AES256_GCM,data:ZXhhbXBsZQ==,iv:ZXhhbXBsZQ==,tag:ZXhhbXBsZQ==,type:str]
      encrypted_regex: ^(data|stringData)$
      version: 3.9.4
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import creation
from scaffold.expand import UnverifiableError
from scaffold.model import Finding, Place, Repository, Severity

ID = "stale-recipients"
SEVERITY = Severity.WARNING
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every encrypted file whose recipients are not those of the first rule that fits it."""
    for file, number, sops in creation.encrypted(repository):
        try:
            rule = creation.matching(creation.of(repository, file.path), file.path)
        except UnverifiableError:
            continue
        wanted, has = rule.age if rule else None, creation.recipients(sops)
        if rule and wanted and has is not None and wanted != has:
            message = f"file {_difference(wanted, has)} ({{0}}); run 'sops updatekeys {file.path}'"
            place = Place(file.path, number, ("sops", "age"), at_key=True)
            yield Finding(place, ID, message, SEVERITY, subject="age", related=(rule.place("age"),))


def _difference(wanted: frozenset[str], has: frozenset[str]) -> str:
    """What differs, by one key of each side."""
    parts = []
    if has - wanted:
        parts.append(f"is encrypted for {_short(min(has - wanted))}, which its creation rule does not name")
    if wanted - has:
        parts.append(f"is not encrypted for {_short(min(wanted - has))}, which its creation rule names")
    return ", and ".join(parts)


def _short(key: str) -> str:
    return f"{key[:12]}…"
