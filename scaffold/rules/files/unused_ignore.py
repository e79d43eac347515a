"""An ignore comment or annotation gives no reason, has expired, or silences nothing.

`# gitops-scaffold: ignore RULE: why` on a line, or on the line above it, silences one rule there; `until 2027-01-31`
at the end of the reason sets an end. The annotation `ignore.gitops-scaffold.github.io/RULE: why` does the same for
everything that a rule says of the object. One that does nothing hides the next flaw of its kind.

Fails:

    # pod.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          # gitops-scaffold: ignore floating-image: the registry keeps one build only
          image: registry.example.com/web:1.0.0

Passes:

    # pod.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          # gitops-scaffold: ignore floating-image: the registry keeps one build only
          image: registry.example.com/web
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Repository, Severity

ID = "unused-ignore"
SEVERITY = Severity.WARNING
SCOPE = "result"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every comment and every annotation that did nothing."""
    for item in repository.idle:
        yield Finding(item.place, ID, f"{item.noun} for {item.rule!r} {item.fact}", SEVERITY, subject=item.rule)
