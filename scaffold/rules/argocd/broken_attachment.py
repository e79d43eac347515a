"""Attachments or blocks of a Slack message of Argo CD's notifications are no JSON.

They are read once the template is filled in, and where they are no list in JSON, the message is not sent: a comma too
many is enough. A text with conditions or loops is not looked at, nor one with an action outside of quotes.

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
      template.sync-failed: |
        message: The sync failed.
        slack:
          attachments: |
            [{
              "title": "{{.app.metadata.name}}",
              "color": "#E96D76",
            }]

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
      template.sync-failed: |
        message: The sync failed.
        slack:
          attachments: |
            [{
              "title": "{{.app.metadata.name}}",
              "color": "#E96D76"
            }]
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold import parse
from scaffold.assemble import argocd_settings
from scaffold.model import Finding, Repository, Severity, dig, is_variable
from scaffold.model.values import text
from scaffold.rules import json_texts

ID = "broken-attachment"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_PARTS = ("attachments", "blocks")
_CONTROL = re.compile(r"-?\s*(?:block|define|else|end|if|range|template|with)\b")
_JINJA = re.compile(r"\{%")
_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_FILLED = "\ue000"  # stands for what an action gives
_COMMA = re.compile(r",\s*[\]}]")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every part of a template that no parameters make JSON of."""
    for settings in argocd_settings.of_repository(repository, argocd_settings.NOTIFICATIONS):
        for key, value in ((str(key), text(value)) for key, value in settings.data.items()):
            for part in _PARTS if key.startswith("template.") else ():
                flaw = _flaw(text(dig(parse.first(value), "slack", part)))
                if flaw and not argocd_settings.is_overruled(repository, settings, key):
                    line = next((n for n, each in enumerate(value.splitlines()) if f"{part}:" in each), 0)
                    fact = f"{part} of template {key.partition('.')[2]!r} {flaw}, so that the message is not sent"
                    yield Finding(settings.at(key, line), ID, f"{fact}; mend them", subject=f"{key}/{part}")


def _flaw(told: str) -> str:
    if _JINJA.search(told) or is_variable(told) or any(map(_CONTROL.match, parse.actions(told))):
        return ""
    filled = _filled(told)
    if not filled.strip() or "{{" in filled or _FILLED in _STRING.sub("", filled):
        return ""
    try:
        found = json_texts.read(filled)
    except json_texts.FlawError as error:
        comma = _COMMA.search(_STRING.sub('""', filled))
        why = "a comma stands before a closing bracket" if comma else f"{error} in line {error.line}"
        return f"are no JSON, {why}"
    return "" if isinstance(found, list) else "are no list in JSON"


def _filled(told: str) -> str:
    """The text with a sign for what each action gives, and without the white space that actions eat."""
    parts = parse.pieces(told)
    for number in range(1, len(parts), 2):
        if parts[number].startswith("{{-"):
            parts[number - 1] = parts[number - 1].rstrip()
        if parts[number].endswith("-}}"):
            parts[number + 1] = parts[number + 1].lstrip()
        parts[number] = _FILLED
    return "".join(parts)
