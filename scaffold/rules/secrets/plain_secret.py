"""A secret value stands in Git in clear text.

Whoever can read the repository, or a clone of it from years ago, has it; removing the line does not remove it from
history. Keep it in a secret store and refer to it (ExternalSecret), or encrypt it (SOPS, SealedSecret); and change the
secret, because it is known. Values that are references of a plugin, paths, placeholders, and encrypted ones, are left
alone, and so is what tells nothing: the name of a user, a host, a port, a switch, an address without a password, words
around variables, and a whole file in which nothing is called a password, a key or a token; and a line that a comment
`gitleaks:allow` or `pragma: allowlist secret` tells scanners to pass over, or that stands below a comment which says
that it is committed on purpose. Files of examples and of tests, and Secrets that are called a placeholder, hold what is
made up. In a directory for a cluster on one's own machine (kind, minikube, k3d, local) a password that everybody would
guess, as the user's name, is none.

Fails:

    # secret.yaml
    apiVersion: v1
    kind: Secret
    metadata:
      name: web
    stringData:
      password: example

Passes:

    # secret.yaml
    apiVersion: external-secrets.io/v1
    kind: ExternalSecret
    metadata:
      name: web
    spec:
      secretStoreRef:
        kind: SecretStore
        name: store
      target:
        name: web
      dataFrom:
        - extract:
            key: web
"""

from __future__ import annotations

import base64
import binascii
import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

from scaffold import load
from scaffold.discover import KUSTOMIZATION_NAMES
from scaffold.model import Finding, Manifest, Repository, Severity, dig, mapping, sequence
from scaffold.rules import encrypting
from scaffold.rules.secret_texts import SECRET_WORDS, gives_away, within

ID = "plain-secret"
SEVERITY = Severity.ERROR
SCOPE = "file"
_FIELDS = ("data", "stringData")
_ARGOCD_SECRET = "argocd.argoproj.io/secret-type"  # noqa: S105  # the name of a label
_HARMLESS = frozenset("name server url type project namespaces clusterResources enableOCI insecure".split())


# Where what is told is made up, for readers, for tests, or for those who have yet to give something else.
_SAMPLES = re.compile(
    r"(?i)(?:\A|/)(?:(?:examples?|samples?|__snapshots?__)/"
    r"|[^/]*(?:example|sample|template)[^/]*\Z|[^/]*\.snap\.ya?ml\Z)"
)
_LOCAL = re.compile(r"(?:\A|/)(?:(?:kind|minikube|k3d)\d*(?:-[\w.-]+)?|local(?:host)?)/")
_USERS = ("username", "user")
_GUESSED = re.compile(r"(?i)(?:admin|changeme|pass|password|postgres|root|secret|test)\d{0,4}")
_STUB = re.compile(r"(?:\A|.*-)(?:dummy|example|fake|placeholder|sample)(?:-.*)?\Z")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield the most telling clear value of every Secret, and every clear literal of a secretGenerator."""
    for file in repository.files.values():
        for manifest in (part for whole in file.manifests() for part in load.members(whole)):
            if (manifest.api_version, manifest.kind) == ("v1", "Secret") and not _is_sample(manifest):
                found = sorted(_secret(manifest), key=lambda each: not SECRET_WORDS.search(each.subject))
                # A comment for scanners silences one line, not those behind it.
                yield from found if file.comments.allowed else found[:1]
        if posixpath.basename(file.path) in KUSTOMIZATION_NAMES and file.documents:
            yield from _generated(Manifest(mapping(file.documents[0]), file.path))


def _secret(manifest: Manifest) -> Iterator[Finding]:
    sops = mapping(manifest.get("sops"))
    for name in _left_out(sops) if sops else _FIELDS:
        for key, value in mapping(manifest.get(name)).items():
            plain = _decoded(value) if name == "data" else value
            known = _harmless(manifest, key) or _is_of_local_cluster(manifest, plain)
            if isinstance(plain, str) and gives_away(key, plain) and not known:
                why = f", since SOPS encrypts no {name!r} of this file" if sops else ""
                line, part = within(key, plain)
                told = (manifest.place(name, key, line),) if part and plain == value and "\n" in value.strip() else ()
                what = f"{part}{' ({0})' if told else ''} in key" if part else "key"
                message = f"Secret {manifest.name!r} holds {what} {key!r} in clear text{why}; {_REMEDY}"
                place, subject = manifest.place(name, key, at_key=True), f"{manifest.name}/{key}"
                yield Finding(place, ID, message, subject=subject, related=told)


def _left_out(sops: Mapping[str, Any]) -> Iterator[str]:
    """The field of a Secret that SOPS passes over, where it was told to encrypt the other one."""
    hidden = encrypting.hidden(sops)
    told = [field for field in _FIELDS if hidden and hidden((field,))]
    if sops.get("encrypted_regex") and told:
        yield from (field for field in _FIELDS if field not in told)


def _is_sample(manifest: Manifest) -> bool:
    return bool(_SAMPLES.search(manifest.path) or _STUB.match(manifest.name))


def _is_of_local_cluster(manifest: Manifest, value: Any) -> bool:
    """Tell what everybody would guess, as the name of its own user, in a cluster of one's own machine."""
    if not _LOCAL.search(manifest.path):
        return False
    named = [manifest.get(field, key) for field in _FIELDS for key in _USERS]
    return value in named or value in map(_decoded, named) or bool(_GUESSED.fullmatch(str(value)))


def _decoded(value: Any) -> Any:
    """What the base64 text of a value says; the text itself where it is none."""
    try:
        return base64.b64decode(value, validate=True).decode() if isinstance(value, str) else value
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return value


_REMEDY = "keep it in a secret store or encrypt it, and change the secret, since Git keeps it"


def _harmless(manifest: Manifest, key: str) -> bool:
    """A cluster or a repository of Argo CD is declared as a Secret, most of whose keys are none."""
    return bool(manifest.get("metadata", "labels", _ARGOCD_SECRET)) and key in _HARMLESS


def _generated(manifest: Manifest) -> Iterator[Finding]:
    for generator in ("secretGenerator", "configMapGenerator"):
        for index, entry in enumerate(sequence(manifest.get(generator))):
            for number, literal in enumerate(sequence(dig(entry, "literals"))):
                key, _, value = literal.partition("=") if isinstance(literal, str) else ("", "", "")
                value = value.strip("'\"")
                told = gives_away(key, value) and gives_away(key, _decoded(value))  # a placeholder may be in base64
                if not (told and (generator == "secretGenerator" or _telling(key, value))):
                    continue
                message = f"{generator} {dig(entry, 'name')!r} holds literal {key!r} in clear text; {_REMEDY}"
                place = manifest.place(generator, index, "literals", number)
                yield Finding(place, ID, message, subject=f"{dig(entry, 'name')}/{key}")


def _telling(key: str, value: str) -> bool:
    """Tell a password in a ConfigMap from the name, the path or the switch of one."""
    return bool(SECRET_WORDS.search(key)) and len(value) >= 6 and "/" not in value and not value.isalpha()
