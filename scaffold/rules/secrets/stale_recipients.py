"""A file is encrypted for others than its creation rule names.

Who was added cannot read it, and who was taken away still can: the rule was changed, and `sops updatekeys` was not run.
Compared are the recipients of age, where the rule names any. Where a later rule is narrower and names just those that
the file is encrypted for, the rule before it shadows it: SOPS takes the first that fits.

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

from collections.abc import Iterator, Sequence

from scaffold.assemble import creation
from scaffold.expand import UnverifiableError
from scaffold.model import Finding, Place, Repository, Severity

ID = "stale-recipients"
SEVERITY = Severity.WARNING
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every encrypted file whose recipients are not those of the first rule that fits it."""
    shadowed: set[Place] = set()
    for file, number, sops in creation.encrypted(repository):
        known = creation.of(repository, file.path)
        try:
            rule = creation.matching(known, file.path)
            narrower = _narrower(known, rule, file.path, creation.recipients(sops)) if rule else None
        except UnverifiableError:
            continue
        wanted, has = rule.age if rule else None, creation.recipients(sops)
        if rule and narrower:
            if narrower.place() not in shadowed:
                yield _shadowing(rule, narrower, file.path)
            shadowed.add(narrower.place())
        elif rule and wanted and has is not None and wanted != has:
            message = f"file {_difference(wanted, has)} ({{0}}); run 'sops updatekeys {file.path}'"
            place = Place(file.path, number, ("sops", "age"), at_key=True)
            yield Finding(place, ID, message, SEVERITY, subject="age", related=(rule.place("age"),))


def _narrower(
    known: Sequence[creation.Rule], rule: creation.Rule, path: str, has: frozenset[str] | None
) -> creation.Rule | None:
    """A later rule that fits a file better than the one that counts, and names exactly whom the file is for."""
    if not (rule.age and has and rule.age != has):
        return None
    later = (each for each in known if each.number > rule.number and len(each.pattern) > len(rule.pattern))
    return next((each for each in later if each.age == has and each.fits(path)), None)


def _shadowing(rule: creation.Rule, narrower: creation.Rule, path: str) -> Finding:
    fact = f"creation rule {rule.pattern!r} shadows the later {narrower.pattern!r} ({{0}})"
    message = f"{fact}, for whose recipients {path!r} is encrypted; put the narrower rule first"
    related = (narrower.place("path_regex"),)
    return Finding(rule.place("path_regex"), ID, message, SEVERITY, subject=narrower.pattern, related=related)


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
