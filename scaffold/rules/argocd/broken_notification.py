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

import re
from collections.abc import Iterator

from scaffold import parse
from scaffold.assemble import argocd_settings
from scaffold.expand import UnverifiableError, go_templates
from scaffold.model import Finding, Repository, Severity, dig, sequence
from scaffold.model.values import text
from scaffold.rules.brackets import closed

ID = "broken-notification"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_JINJA = re.compile(r"\{%|\blookup\(| ~ ")  # what Ansible reads, and Go does not
_END = "EOF"  # where something that was begun is missed


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every template and every condition that stops the controller."""
    for settings in argocd_settings.of_repository(repository, argocd_settings.NOTIFICATIONS):
        for key, value in ((key, text(value)) for key, value in settings.data.items()):
            if _JINJA.search(value):
                continue  # in a file that Ansible fills in first
            noun, _, name = str(key).partition(".")
            flaws = _templates(value) if noun == "template" else _conditions(value)
            for line, fact in flaws:
                message = f"{noun} {name!r} of notifications {fact}, so that nobody is notified of anything; mend it"
                yield Finding(settings.at(key, line), ID, message, subject=f"{noun}/{name}")


def _templates(told: str) -> Iterator[tuple[int, str]]:
    """The line for which Go refuses a template: one that is refused by itself, or without which the rest is taken."""
    whole = _refusal(told)
    if whole:
        lines = told.splitlines()
        alone = [number for number, line in enumerate(lines) if _refusal(line) == whole]
        cause = (n for n in alone if not _refusal("\n".join(lines[:n] + lines[n + 1 :])))
        yield next(cause, alone[0] if alone and _END not in whole else 0), f"is no template of Go, {whole}"


def _refusal(told: str) -> str:
    try:
        go_templates.parse(told, foreign=True)
    except go_templates.TemplateError as error:
        return str(error)
    except UnverifiableError:
        pass
    return ""


def _conditions(told: str) -> Iterator[tuple[int, str]]:
    for item in sequence(parse.first(told)):
        when = text(dig(item, "when"))
        if not closed(when):
            start = when.splitlines()[0]
            line = next((n for n, each in enumerate(told.splitlines()) if start in each), 0)
            yield line, f"has the condition {when!r} as its `when`, which is no expression"
