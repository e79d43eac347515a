"""A placeholder such as `<CLUSTER_NAME>` stands where a value belongs.

Nothing on the way to the cluster fills it in: the engine takes it for a name, a host or a path, and is refused, or
deploys what nobody meant. One finding counts all of a repository; what rules would say of the values themselves is
left out, since only what is filled in can be judged. A repository that is a template, which another tool fills in, sets
the rule to `off`.

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

from scaffold.model import Confidence, Finding, Place, Repository, Severity

ID = "unfilled-placeholder"
SEVERITY = Severity.WARNING
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield the first placeholder in a file that declares something, or is no YAML because of it."""
    declaring = (file for file in repository.files.values() if file.heads or file.problem)
    found = sorted((file.path, file.unfilled) for file in declaring if file.unfilled)
    if not found:
        return
    path, first = found[0]
    count = sum(len(unfilled.lines) for _, unfilled in found)
    more = f", one of {count:,} in {len(found):,} file{'s' if len(found) > 1 else ''}" if count > 1 else ""
    message = f"placeholder {first.text!r} stands for a value{more}, and nothing here fills it in; write the value"
    place = Place(path, line=first.lines[0], column=first.column)
    yield Finding(place, ID, message, SEVERITY, Confidence.MEDIUM, subject="placeholder")
