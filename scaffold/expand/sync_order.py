"""In which phase and wave of a synchronisation Argo CD 3.5.7 applies an object first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from scaffold.model import dig

_PHASES = ("PreSync", "Sync", "PostSync")
_OF_HELM = {
    "pre-install": "PreSync",
    "pre-upgrade": "PreSync",
    "post-install": "PostSync",
    "post-upgrade": "PostSync",
}
_HOOK, _HELM_HOOK = "argocd.argoproj.io/hook", "helm.sh/hook"
_WAVE, _HELM_WEIGHT = "argocd.argoproj.io/sync-wave", "helm.sh/hook-weight"
_NUMBER = re.compile(r"[-+]?[0-9]+\Z")


class Step(NamedTuple):
    """A phase by its number, and a wave within it; the lesser comes first."""

    phase: int
    wave: int

    def shown(self, other: Step) -> str:
        """What tells it from another step."""
        return f"phase {_PHASES[self.phase]}" if self.phase != other.phase else f"wave {self.wave}"


def step(metadata: Mapping[str, Any], *, helm: bool) -> Step | None:
    """The first step that an object is applied in; None for one that an ordinary synchronisation leaves out.

    Hooks of Helm count only in charts, and only where there is none of Argo CD.
    """
    hooks = _words(metadata, _HOOK)
    if not hooks and helm:
        hooks = [_OF_HELM.get(word, word) for word in _words(metadata, _HELM_HOOK)]
    phases = [_PHASES.index(word) for word in hooks if word in _PHASES]
    if hooks and not phases:
        return None
    return Step(min(phases, default=_PHASES.index("Sync")), _wave(metadata, helm=helm))


def _wave(metadata: Mapping[str, Any], *, helm: bool) -> int:
    for name in (_WAVE, *([_HELM_WEIGHT] if helm else [])):
        text = dig(metadata, "annotations", name)
        if isinstance(text, str) and _NUMBER.match(text):
            return int(text)
    return 0


def _words(metadata: Mapping[str, Any], name: str) -> list[str]:
    text = dig(metadata, "annotations", name)
    return [word.strip() for word in text.split(",") if word.strip()] if isinstance(text, str) else []
