"""An object's hook is none that Argo CD knows.

An object with the annotation `argocd.argoproj.io/hook` is a hook whatever stands in it, and takes no part in the
ordinary sync; one of an unknown kind belongs to no phase, so it is never applied at all (Argo CD 3.5).

Fails:

    # job.yaml
    apiVersion: batch/v1
    kind: Job
    metadata:
      name: migrate
      annotations:
        argocd.argoproj.io/hook: PreSynch
        argocd.argoproj.io/hook-delete-policy: HookSucceeded
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

ID = "unknown-hook"
SEVERITY = Severity.ERROR
SCOPE = "file"
_ANNOTATION = "argocd.argoproj.io/hook"
_KNOWN = ("PreDelete", "PreSync", "PostDelete", "PostSync", "Skip", "Sync", "SyncFail")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every word of the annotation that names no phase."""
    for manifest in written.manifests(repository):
        text = manifest.get("metadata", "annotations", _ANNOTATION)
        words = [word.strip() for word in text.split(",")] if isinstance(text, str) and "{{" not in text else []
        for word in words:
            if word and word not in _KNOWN:
                fact = f"{manifest.kind} {manifest.name!r}, hook {word!r} is unknown, so it is never applied"
                place = manifest.place("metadata", "annotations", _ANNOTATION)
                remedy = Remedy(text, corrected(text, _KNOWN, _meant)) if _meant(word) else None
                message = f"{fact}; {_words(word)}"
                yield Finding(place, ID, message, subject=f"{manifest.name}/{word}", remedy=remedy)


def _same(word: str) -> str:
    plain = word.lower()
    return next((name for name in _KNOWN if name.lower() == plain), "")


def _meant(word: str) -> str:
    return _same(word) or misspelled(word, _KNOWN)


def _words(word: str) -> str:
    same = _same(word)
    return f"did you mean {same!r}?" if same else hint(word, _KNOWN)
