"""A hook's deletion policy is none that Argo CD knows.

Where no policy is known, `BeforeHookCreation` counts: what should go after its success stays until the next sync.
Helm's words, such as `hook-succeeded`, belong into Helm's own annotation.

Fails:

    # job.yaml
    apiVersion: batch/v1
    kind: Job
    metadata:
      name: migrate
      annotations:
        argocd.argoproj.io/hook: PreSync
        argocd.argoproj.io/hook-delete-policy: hook-succeeded
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: migrate
              image: registry.example.com/checkout/payments:1.4.2

Passes:

    # job.yaml
    apiVersion: batch/v1
    kind: Job
    metadata:
      name: migrate
      annotations:
        argocd.argoproj.io/hook: PreSync
        argocd.argoproj.io/hook-delete-policy: HookSucceeded
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: migrate
              image: registry.example.com/checkout/payments:1.4.2
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import written
from scaffold.model import Finding, Remedy, Repository, Severity
from scaffold.nearest import corrected, hint, misspelled

ID = "unknown-hook-delete-policy"
SEVERITY = Severity.ERROR
SCOPE = "file"
_ANNOTATION = "argocd.argoproj.io/hook-delete-policy"
_KNOWN = ("BeforeHookCreation", "HookFailed", "HookSucceeded")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every word of the annotation that is no policy."""
    for manifest in written.manifests(repository):
        text = manifest.get("metadata", "annotations", _ANNOTATION)
        words = [word.strip() for word in text.split(",")] if isinstance(text, str) and "{{" not in text else []
        for word in words:
            if word and word not in _KNOWN:
                fact = f"{manifest.kind} {manifest.name!r}, hook-delete-policy {word!r} is unknown and does nothing"
                place = manifest.place("metadata", "annotations", _ANNOTATION)
                remedy = Remedy(text, corrected(text, _KNOWN, _meant)) if _meant(word) else None
                message = f"{fact}; {_words(word)}"
                yield Finding(place, ID, message, subject=f"{manifest.name}/{word}", remedy=remedy)


def _same(word: str) -> str:
    plain = word.replace("-", "").lower()
    return next((name for name in _KNOWN if name.lower() == plain), "")


def _meant(word: str) -> str:
    return _same(word) or misspelled(word, _KNOWN)


def _words(word: str) -> str:
    same = _same(word)
    return f"did you mean {same!r}?" if same else hint(word, _KNOWN)
