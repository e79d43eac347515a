"""An ignore comment gives no reason, has expired, or silences nothing.

`# gitops-scaffold: ignore RULE: why` on a line, or on the line above it, silences one rule there; `until 2027-01-31`
at the end of the reason sets an end. One that does nothing hides the next flaw of its kind.

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

from scaffold.model import Finding, Place, Repository, Severity

ID = "unused-ignore"
SEVERITY = Severity.WARNING
SCOPE = "result"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every comment that did nothing."""
    for path, comment, fact in repository.idle:
        place = Place(path, line=comment.line, column=comment.column)
        yield Finding(place, ID, f"ignore comment for {comment.rule!r} {fact}", SEVERITY, subject=comment.rule)
