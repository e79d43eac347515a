"""An encrypted file is one that no creation rule of SOPS is for.

`sops updatekeys` stops at it, so that it keeps the keys of those who have left: most often the file was moved, or the
pattern was written for another directory. Paths count from the directory of `.sops.yaml`. Where a rule fits no file at
all, it is what is reported.

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

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

from scaffold.assemble import creation
from scaffold.expand import UnverifiableError
from scaffold.model import Finding, Place, Repository, Severity

ID = "unmatched-creation-rule"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_PLAIN = re.compile(r"\^?(?P<first>[\w-]+/)")


class _Missed(NamedTuple):
    """An encrypted file that no rule is for, and for whom it is encrypted, as far as that is told."""

    place: Place
    recipients: frozenset[str] | None


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every encrypted file that none of the rules above it fits, or the rule that was to be for such files."""
    missed: dict[str, list[_Missed]] = {}
    for file, number, sops in creation.encrypted(repository):
        known = creation.of(repository, file.path)
        try:
            if not known or creation.matching(known, file.path):
                continue
        except UnverifiableError:
            continue
        place = Place(file.path, number, ("sops",), at_key=True)
        missed.setdefault(known[0].file.path, []).append(_Missed(place, creation.recipients(sops)))
    for path, several in missed.items():
        yield from _of_rules(repository, list(creation.rules(repository.files[path])), several)


def _of_rules(repository: Repository, known: list[creation.Rule], missed: list[_Missed]) -> Iterator[Finding]:
    idle = [rule for rule in known if _is_idle(repository, rule)]
    used = [rule.age for rule in known if rule not in idle and rule.age]
    meant = [(rule, each) for rule in idle for each in missed if each.recipients not in used and _is_for(rule, each)]
    for each in missed:
        if not any(each is other for _, other in meant):
            message = "file is encrypted, but no creation rule is for it ({0}); add its path there, or move it"
            yield Finding(each.place, ID, message, SEVERITY, subject="sops", related=(known[0].place(),))
    for rule in idle:
        yield from _of_rule(rule, [each.place for other, each in meant if other is rule])


def _of_rule(rule: creation.Rule, missed: list[Place]) -> Iterator[Finding]:
    if not missed:
        return
    files = {place.path for place in missed}
    others = (", as one more is" if len(files) == 2 else f", as {len(files) - 1} more are") if len(files) > 1 else ""
    fact = f"creation rule for '{rule.pattern}' is for no file here, while {{0}} is encrypted without a rule{others}"
    place = rule.place("path_regex")
    yield Finding(place, ID, f"{fact}; mend the pattern", SEVERITY, subject=rule.pattern, related=(missed[0],))


def _is_idle(repository: Repository, rule: creation.Rule) -> bool:
    """Tell whether a rule names a directory and fits none of the files that there are."""
    try:
        return bool(_PLAIN.match(rule.pattern)) and not any(map(rule.fits, (*repository.files, *repository.others)))
    except UnverifiableError:
        return False


def _is_for(rule: creation.Rule, missed: _Missed) -> bool:
    """Tell whether the upper directory that a rule names is that of a file, and the recipients are the file's own."""
    begins = _PLAIN.match(rule.pattern)
    alike = not (rule.age and missed.recipients) or rule.age == missed.recipients
    top = posixpath.join(rule.file.directory, begins["first"]) if begins else ""
    return alike and bool(begins) and missed.place.path.startswith(top)
