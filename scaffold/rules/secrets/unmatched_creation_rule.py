"""An encrypted file is one that no creation rule of SOPS is for.

`sops updatekeys` stops at it, so that it keeps the keys of those who have left: most often the file was moved, or the
pattern was written for another directory. Paths count from the directory of `.sops.yaml`.

Fails:

    # .sops.yaml
    creation_rules:
      - path_regex: clusters/production/
        encrypted_regex: ^(data|stringData)$
        age: age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p
    # clusters/prod/secret.yaml
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
        age: age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p
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
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import creation
from scaffold.expand import UnverifiableError
from scaffold.model import Finding, Place, Repository, Severity

ID = "unmatched-creation-rule"
SEVERITY = Severity.WARNING
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every encrypted file that none of the rules above it fits."""
    for file, number, _ in creation.encrypted(repository):
        known = creation.of(repository, file.path)
        try:
            if not known or creation.matching(known, file.path):
                continue
        except UnverifiableError:
            continue
        message = "file is encrypted, but no creation rule is for it ({0}); add its path there, or move it"
        place = Place(file.path, number, ("sops",), at_key=True)
        yield Finding(place, ID, message, SEVERITY, subject="sops", related=(known[0].place(),))
