"""An annotation or a label that Argo CD or Flux reads has a value that neither knows.

Nothing refuses it, and the object is as if it were not there: `prune: disable` prunes, a Secret of the type
`repositories` is no repository. Argo CD compares letter by letter, Flux whatever the case (Argo CD 3.5, Flux 2.9).

Fails:

    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      annotations:
        argocd.argoproj.io/compare-options: IgnoreExtranous
    data: {}

Passes:

    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      annotations:
        argocd.argoproj.io/compare-options: IgnoreExtraneous
    data: {}
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import written
from scaffold.model import Finding, Manifest, Remedy, Repository, Severity, dig, is_variable, mapping
from scaffold.model.values import is_templated
from scaffold.nearest import corrected, hint, misspelled

ID = "unread-value"
SEVERITY = Severity.ERROR
SCOPE = "file"
_ARGOCD, _FLUX = "argocd.argoproj.io", "kustomize.toolkit.fluxcd.io"
_SUBSTITUTE = f"{_FLUX}/substitute"  # the only one of Flux that is compared letter by letter
_WHERE = ((), ("spec", "template"), ("spec", "target", "template"))
_COMPARE = f"{_ARGOCD}/compare-options"
_SWITCH = ("disabled", "enabled")
_FLAG = ("true", "false")
_VALUES = {
    _COMPARE: (
        *("IgnoreExtraneous", "ServerSideDiff=true", "ServerSideDiff=false"),
        *("IncludeMutationWebhook=true", "IncludeMutationWebhook=false"),
    ),
    f"{_ARGOCD}/ignore-healthcheck": _FLAG,
    f"{_ARGOCD}/ignore-default-links": _FLAG,
    f"{_ARGOCD}/secret-type": (
        *("cluster", "repository", "repo-creds", "repository-write", "repo-write-creds", "scm-creds"),
    ),
    **{f"{_FLUX}/{name}": _SWITCH for name in ("decrypt", "force", "prune", "reconcile", "substitute")},
    f"{_FLUX}/ssa": ("IfNotPresent", "Ignore", "Merge", "Override"),
}


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such value in manifests, patches and what controllers make objects of."""
    for manifest in written.manifests(repository):
        for within in _WHERE:
            for field in ("annotations", "labels"):
                held = mapping(dig(manifest.data, *within, "metadata", field))
                for key in held.keys() & _VALUES.keys():
                    yield from _flawed(manifest, (*within, "metadata", field, key), str(key), held[key])


def _flawed(manifest: Manifest, where: tuple[str, ...], key: str, text: object) -> Iterator[Finding]:
    """One finding for each word; what is no text is refused by the schema of all objects."""
    if isinstance(text, str):
        for word in map(str.strip, text.split(",") if key == _COMPARE else [text]):
            if word and not is_templated(word) and not is_variable(word) and not _is_known(key, word):
                yield _finding(manifest, where, word, text)


def _finding(manifest: Manifest, where: tuple[str, ...], word: str, text: str) -> Finding:
    field, key = where[-2:]
    fact = f"{manifest.kind} {manifest.name!r} gives {field[:-1]} {key!r} the value {word!r}, which means nothing"
    guess = _meant(key, word)
    said = f"did you mean {guess!r}?" if guess else hint(word, _VALUES[key])
    remedy = Remedy(text, corrected(text, _VALUES[key], lambda each: _meant(key, each))) if guess else None
    place, subject = manifest.place(*where), f"{manifest.name}/{key}/{word}"
    return Finding(place, ID, f"{fact}; {said}", SEVERITY, subject=subject, remedy=remedy)


def _is_known(key: str, word: str) -> bool:
    any_case = key.startswith(_FLUX) and key != _SUBSTITUTE
    return word in _VALUES[key] or (any_case and word.lower() in map(str.lower, _VALUES[key]))


def _meant(key: str, word: str) -> str:
    """The value that can only be meant: by another case, or but for a slip."""
    by_case = {value.lower(): value for value in _VALUES[key]}
    return by_case.get(word.lower()) or misspelled(word, _VALUES[key])
