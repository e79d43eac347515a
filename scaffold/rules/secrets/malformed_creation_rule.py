"""A creation rule of SOPS is one that it refuses, or does nothing by.

`sops` then encrypts and edits nothing below it: the pattern of a path is no regular expression of Go, or a rule says in
two ways what is encrypted. A pattern of keys that is none is worse: it fits no key, and the values stay as they are.

Fails:

    # .sops.yaml
    creation_rules:
      - path_regex: clusters/(production.*
        encrypted_regex: ^(data|stringData)$
        age: age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p
    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web

Passes:

    # .sops.yaml
    creation_rules:
      - path_regex: clusters/production/.*
        encrypted_regex: ^(data|stringData)$
        age: age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p
    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import creation
from scaffold.expand import UnverifiableError, regexes
from scaffold.model import Finding, Repository, Severity

ID = "malformed-creation-rule"
SEVERITY = Severity.ERROR
SCOPE = "file"
_EFFECTS = {
    "path": "reads no rule of this file",
    "encrypted": "encrypts nothing by this rule",
    "unencrypted": "encrypts everything by this rule",
}
_PATTERNS = (
    "path_regex",
    "encrypted_regex",
    "unencrypted_regex",
    "encrypted_comment_regex",
    "unencrypted_comment_regex",
)
_WAYS = tuple(f"{word}encrypted_{what}" for what in ("suffix", "regex", "comment_regex") for word in ("", "un"))


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every rule that is not read."""
    for file in repository.files.values():
        for rule in creation.rules(file):
            yield from _malformed(rule)


def _malformed(rule: creation.Rule) -> Iterator[Finding]:
    for key in _PATTERNS:
        pattern = rule.data.get(key)
        if isinstance(pattern, str) and _is_broken(pattern):
            effect = _EFFECTS[key.partition("_")[0]]
            fact = f"{key} {pattern!r} is no regular expression, so SOPS {effect}"
            yield Finding(rule.place(key), ID, f"{fact}; mend it")
    ways = [way for way in _WAYS if rule.data.get(way)]
    if len(ways) > 1:
        fact = f"creation rule says with {ways[0]!r} and {ways[1]!r} what is encrypted, and SOPS takes one"
        yield Finding(rule.place(ways[1]), ID, f"{fact}; remove the other")


def _is_broken(pattern: str) -> bool:
    try:
        regexes.compile_go(pattern)
    except regexes.MalformedError:
        return True
    except UnverifiableError:
        pass
    return False
