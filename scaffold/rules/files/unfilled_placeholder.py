"""A placeholder such as `<CLUSTER_NAME>` or `<cluster-name>` stands where a value belongs.

Nothing on the way to the cluster fills it in: the engine takes it for a name, a host or a path, and is refused, or
deploys what nobody meant. It is of two words or more, and one in small letters, joined by dashes, is the whole value of
a key. A file that calls itself a template or an example, by its name, its directory's or the comment that it begins
with, and a SealedSecret, which a program writes whole, are passed over where nothing deploys them. One finding counts
all of a repository; what rules would say of the values themselves is left out, since only what is filled in can be
judged, and so it is of one word, `<name>`, in a file that its name or a directory calls a template or an example. A
repository that is a template, which another tool fills in, sets the rule to `off`.

Fails:

    # certificate.yaml
    apiVersion: cert-manager.io/v1
    kind: Certificate
    metadata:
      name: web
    spec:
      dnsNames:
        - web.<DOMAIN_NAME>
      issuerRef:
        name: letsencrypt
      secretName: web

Passes:

    # certificate.yaml
    apiVersion: cert-manager.io/v1
    kind: Certificate
    metadata:
      name: web
    spec:
      dnsNames:
        - web.example.com
      issuerRef:
        name: letsencrypt
      secretName: web
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Confidence, Finding, How, Place, Repository, Severity, SourceFile

ID = "unfilled-placeholder"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_SEALED = "SealedSecret"
_SECRET = frozenset(("Secret", _SEALED))


def check(repository: Repository) -> Iterator[Finding]:
    """Yield the first placeholder in a file that declares something, or is no YAML because of it."""
    deployed = (o for o in repository.overlays.values() if o.how is not How.PLAIN or o.application)
    used = {path for overlay in deployed for path in overlay.reads}
    declaring = (file for file in repository.files.values() if file.heads or file.problem)
    told = (file for file in declaring if file.path in used or not _is_filled_elsewhere(file))
    found = sorted((_is_secret(file), file.path, file.unfilled) for file in told if file.unfilled)
    if not found:
        return
    secret, path, first = found[0]
    count = sum(len(unfilled.lines) for _, _, unfilled in found)
    more = f", one of {count:,} in {len(found):,} file{'s' if len(found) > 1 else ''}" if count > 1 else ""
    remedy = "have a secret store give the value, or seal it" if secret else "write the value"
    message = f"placeholder {first.text!r} stands for a value{more}, and nothing here fills it in; {remedy}"
    place = Place(path, line=first.lines[0], column=first.column)
    yield Finding(place, ID, message, SEVERITY, Confidence.MEDIUM, subject="placeholder")


def _is_filled_elsewhere(file: SourceFile) -> bool:
    """Tell a template, and a sealed Secret, which a program writes whole."""
    template = file.is_called_template or bool(file.unfilled and file.unfilled.template)
    return template or any(head.kind == _SEALED for head in file.heads)


def _is_secret(file: SourceFile) -> bool:
    return any(head.kind in _SECRET for head in file.heads)
