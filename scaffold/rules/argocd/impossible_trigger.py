"""A trigger of Argo CD's notifications asks for a state that no Application has.

The states are compared letter by letter, so the condition is never met by it and nobody is notified. An operation is
Running, Terminating, Failed, Error or Succeeded; its health and whether it is synchronised have words of their own
(Argo CD 3.5).

Fails:

    # notifications.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-notifications-cm
      namespace: argocd
    data:
      service.slack: |
        token: $slack-token
      template.degraded: |
        message: |
          {{.app.metadata.name}} is degraded.
      trigger.on-degraded: |
        - when: app.status.health.status == 'degraded'
          send: [degraded]

Passes:

    # notifications.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-notifications-cm
      namespace: argocd
    data:
      service.slack: |
        token: $slack-token
      template.degraded: |
        message: |
          {{.app.metadata.name}} is degraded.
      trigger.on-degraded: |
        - when: app.status.health.status == 'Degraded'
          send: [degraded]
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold import parse
from scaffold.assemble import argocd_settings
from scaffold.model import Finding, Repository, Severity, dig, sequence
from scaffold.model.values import text
from scaffold.nearest import near

ID = "impossible-trigger"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_STATES = {
    "operationState.phase": ("Error", "Failed", "Running", "Succeeded", "Terminating"),
    "health.status": ("Degraded", "Healthy", "Missing", "Progressing", "Suspended", "Unknown"),
    "sync.status": ("OutOfSync", "Synced", "Unknown"),
}
_ASKED = re.compile(
    r"""\bapp\.status\.(operationState\.phase|health\.status|sync\.status)\s*(?:==|\bin\b)\s*(\[[^\]]*\]|'[^']*'|"[^"]*")"""
)
_WORD = re.compile(r"""'([^']*)'|"([^"]*)\"""")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every word that is none of the states it is compared with."""
    for settings in argocd_settings.of_repository(repository, argocd_settings.NOTIFICATIONS):
        for key, value in ((str(key), text(value)) for key, value in settings.data.items()):
            for field, word in _impossible(value) if key.startswith("trigger.") else ():
                if argocd_settings.is_overruled(repository, settings, key):
                    continue
                quoted = (f"'{word}'", f'"{word}"')
                line = next((n for n, each in enumerate(value.splitlines()) if any(q in each for q in quoted)), 0)
                fact = f"trigger {key.partition('.')[2]!r} asks for app.status.{field} {word!r}, which it never is"
                message = f"{fact}; {_remedy(word, _STATES[field])}"
                yield Finding(settings.at(key, line), ID, message, subject=f"{key}/{word}")


def _impossible(told: str) -> Iterator[tuple[str, str]]:
    for item in sequence(parse.first(told)):
        for found in _ASKED.finditer(text(dig(item, "when")).replace("?.", ".")):
            words = (word[1] or word[2] or "" for word in _WORD.finditer(found[2]))
            yield from ((found[1], word) for word in words if word and word not in _STATES[found[1]])


def _remedy(word: str, states: tuple[str, ...]) -> str:
    alike = near(word.lower(), [state.lower() for state in states])
    guess = next((state for state in states if state.lower() == alike), "")
    return f"did you mean {guess!r}?" if guess else f"it is one of {', '.join(states)}"
