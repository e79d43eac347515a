"""The options of a synchronisation: which there are, on an Application and on an object (Argo CD 3.5.7)."""

from __future__ import annotations

import enum
from collections.abc import Iterable

from scaffold.nearest import misspelled, near

_BOTH = ("true", "false")
_ON_BOTH: dict[str, tuple[str, ...]] = {
    "Delete": (*_BOTH, "confirm"),
    "Prune": (*_BOTH, "confirm"),
    "PruneLast": _BOTH,
    "Replace": _BOTH,
    "ServerSideApply": _BOTH,
    "SkipDryRunOnMissingResource": _BOTH,
    "Validate": _BOTH,
}
_ON_APPLICATION: dict[str, tuple[str, ...]] = {
    "ApplyOutOfSyncOnly": _BOTH,
    "ClientSideApplyMigration": _BOTH,
    "CreateNamespace": _BOTH,
    "FailOnSharedResource": _BOTH,
    "PrunePropagationPolicy": ("background", "foreground", "orphan"),
    "RespectIgnoreDifferences": _BOTH,
}
_ON_OBJECT: dict[str, tuple[str, ...]] = {"Force": _BOTH}
ANNOTATION = "argocd.argoproj.io/sync-options"


class Where(enum.StrEnum):
    """Where an option may stand."""

    APPLICATION = "spec.syncPolicy.syncOptions of an Application"
    OBJECT = f"annotation {ANNOTATION} of an object"


_KNOWN = {Where.APPLICATION: {**_ON_BOTH, **_ON_APPLICATION}, Where.OBJECT: {**_ON_BOTH, **_ON_OBJECT}}
_ALL = {**_ON_BOTH, **_ON_APPLICATION, **_ON_OBJECT}


def meant(option: str) -> str:
    """The option that one which nothing reads most likely is; empty where that is not clear."""
    name, equals, value = option.partition("=")
    right = name if name in _ALL else _slip(name, _ALL)
    if not right or not equals:
        return ""
    guess = value if value in _ALL[right] else _slip(value, _ALL[right])
    return f"{right}={guess}" if guess else ""


def flaw(option: str) -> str:
    """Why nothing reads an option, wherever it stands, with the nearest that is read; empty for one that is."""
    name, equals, value = option.partition("=")
    if name not in _ALL:
        guess = _nearest(name, _ALL)
        if not guess:
            return "is unknown; remove it"
        return f"is unknown; did you mean {guess}={value if value in _ALL[guess] else _ALL[guess][0]}?"
    if not equals:
        return f"has no value; write {name}={_ALL[name][0]}"
    if value not in _ALL[name]:
        guess = _nearest(value, _ALL[name])
        return f"has no value {value!r}; " + (
            f"did you mean {name}={guess}?" if guess else f"known are {_listed(name)}"
        )
    return ""


def elsewhere(option: str, where: Where) -> str:
    """Where an option has to stand to be read, if it is none that is read here."""
    name = option.partition("=")[0]
    if name not in _ALL or name in _KNOWN[where]:
        return ""
    return str(Where.OBJECT if where is Where.APPLICATION else Where.APPLICATION)


def of_annotation(text: str) -> list[str]:
    """The options of an annotation."""
    return [option.strip() for option in text.split(",") if option.strip()]


def _slip(word: str, known: Iterable[str]) -> str:
    """The known word that another one can only be a slip of, whatever its capitals."""
    words = {name.lower(): name for name in known}
    return words.get(misspelled(word.strip().lower(), words), "")


def _nearest(word: str, known: Iterable[str]) -> str:
    """The known word that is meant, whatever its capitals."""
    words = {name.lower(): name for name in known}
    return words.get(near(word.strip().lower(), words), "")


def _listed(name: str) -> str:
    return ", ".join(_ALL[name])
