"""A key of argocd-cm or of argocd-cmd-params-cm is none that Argo CD reads there.

Nobody complains, and the default counts. Of argocd-cm only keys that are almost one of Argo CD's are named, since
plugins and extensions may read others, those about a kind without its group, as `apps_Deployment` has it, and of both
those that Argo CD reads from the other one (the keys are those of Argo CD 3.5).

Fails:

    # argocd-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-cm
      namespace: argocd
    data:
      url: https://argocd.example.com
      resource.customization.health.example.com_Widget: return {}

Passes:

    # argocd-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-cm
      namespace: argocd
    data:
      url: https://argocd.example.com
      resource.customizations.health.example.com_Widget: return {}
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold import schemas
from scaffold.assemble import argocd_settings
from scaffold.expand import settings_keys
from scaffold.model import Finding, Repository, Severity

ID = "unread-setting"
SEVERITY = Severity.ERROR
SCOPE = "file"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every key that is nearly one, or that is one of the other config map."""
    for file in repository.files.values():
        for settings in argocd_settings.of_file(file):
            for key in settings.data:
                if flaw := _flaw(settings.name, str(key)):
                    message = f"key {key!r} of {settings.name} is read {flaw}"
                    yield Finding(settings.at(key, at_key=True), ID, message, subject=key)


def _flaw(name: str, key: str) -> str:
    if name == argocd_settings.CM and settings_keys.is_parameter(key):
        return f"from {argocd_settings.PARAMS} only; move it there"
    if name == argocd_settings.PARAMS and settings_keys.is_setting(key) and not settings_keys.is_parameter(key):
        return f"from {argocd_settings.CM} only; move it there"
    if name == argocd_settings.CM and (kind := settings_keys.customised(key)) and (groups := _groups(kind)):
        guess = f"{key.removesuffix(kind)}{groups[-1]}_{kind}"
        return f"for kind {kind!r} of the core group, which has no such kind; did you mean {guess!r}?"
    guess = settings_keys.meant(key) if name == argocd_settings.CM else ""
    return f"by nobody; did you mean {guess!r}?" if guess else ""


def _groups(kind: str) -> list[str]:
    """The groups that have a kind, which the core one has not."""
    known = list(schemas.groups(kind))
    return [] if "" in known else known
