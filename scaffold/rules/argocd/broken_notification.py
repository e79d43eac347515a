"""A template or a condition of Argo CD's notifications cannot be read.

The controller reads all of argocd-notifications-cm before it notifies anybody: where one template is none of Go's, or
one condition of a trigger is no expression, nothing is sent at all (Argo CD 3.5). Of conditions only brackets and
quotes are looked at here.

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
        message: |
          {{.app.metadata.name} could not be synced.
      trigger.on-sync-failed: |
        - when: app.status.operationState.phase in ['Error', 'Failed']
          send: [sync-failed]

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
        message: |
          {{.app.metadata.name}} could not be synced.
      trigger.on-sync-failed: |
        - when: app.status.operationState.phase in ['Error', 'Failed']
          send: [sync-failed]
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scaffold import parse
from scaffold.assemble import argocd_settings
from scaffold.errors import ScaffoldError
from scaffold.expand import UnverifiableError, go_templates
from scaffold.model import Finding, Repository, Severity, dig, sequence
from scaffold.model.values import text
from scaffold.rules.brackets import closed

ID = "broken-notification"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_UNKNOWN = "not defined"  # a function of the controller's own, which is not known here


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every template and every condition that stops the controller."""
    for settings in argocd_settings.of_repository(repository, argocd_settings.NOTIFICATIONS):
        for key, value in ((key, text(value)) for key, value in settings.data.items()):
            noun, _, name = str(key).partition(".")
            flaws = _templates(value) if noun == "template" else _conditions(value)
            for line, fact in flaws:
                message = f"{noun} {name!r} of notifications {fact}, so that nobody is notified of anything; mend it"
                yield Finding(settings.at(key, line), ID, message, subject=f"{noun}/{name}")


def _templates(told: str) -> Iterator[tuple[int, str]]:
    """The lines with a template that Go refuses; one over several lines is shown where the value begins."""
    whole = _refusal(told)
    if whole:
        lines = [(number, _refusal(line)) for number, line in enumerate(told.splitlines())]
        flawed = [(number, reason) for number, reason in lines if reason and "EOF" not in reason]
        number, reason = flawed[0] if flawed else (0, whole)
        yield number, f"is no template of Go, {reason}"


def _refusal(told: str) -> str:
    try:
        go_templates.parse(told)
    except go_templates.TemplateError as error:
        return "" if _UNKNOWN in str(error) else str(error)
    except UnverifiableError:
        pass
    return ""


def _conditions(told: str) -> Iterator[tuple[int, str]]:
    for item in sequence(_parsed(told)):
        when = text(dig(item, "when"))
        if not closed(when):
            start = when.splitlines()[0]
            line = next((n for n, each in enumerate(told.splitlines()) if start in each), 0)
            yield line, f"has the condition {when!r} as its `when`, which is no expression"


def _parsed(told: str) -> Any:
    try:
        return parse.documents(told, "")[0]
    except (ScaffoldError, IndexError):
        return None
