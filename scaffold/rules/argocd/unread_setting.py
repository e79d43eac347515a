"""A key of argocd-cm or of argocd-cmd-params-cm is none that Argo CD reads there.

Nobody complains, and the default counts. Of argocd-cm only keys that are almost one of Argo CD's are named, since
plugins and extensions may read others, those about a kind without its group, as `apps_Deployment` has it, and of both
those that Argo CD reads from the other one (the keys are those of Argo CD 3.5). Of argocd-cmd-params-cm, to which
versions add, those are named that are a parameter but for a letter, for what parts its words, or for `enable`, and
former names. A mapping that values of the chart have there becomes one text: keys are flat, and their dots are part
of them.

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

from collections.abc import Iterator, Mapping

from scaffold import schemas
from scaffold.assemble import argocd_settings
from scaffold.expand import settings_keys
from scaffold.model import Finding, Repository, Severity

ID = "unread-setting"
SEVERITY = Severity.ERROR
SCOPE = "file"
_READ = {argocd_settings.CM: settings_keys.is_setting, argocd_settings.PARAMS: settings_keys.is_parameter}
_VALUES = "configs"  # where values of the chart hold them
_DEEPEST = 8  # no key has more parts
_MEANT = {argocd_settings.CM: settings_keys.meant, argocd_settings.PARAMS: settings_keys.meant_parameter}


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every key that is nearly one, or that is one of the other config map."""
    for file in repository.files.values():
        for settings in argocd_settings.of_file(file):
            for key in settings.data:
                if flaw := _nested(settings, key) or _flaw(settings.name, str(key)):
                    message = f"key {key!r} of {settings.name} is {flaw}"
                    yield Finding(settings.at(key, at_key=True), ID, message, subject=key)


def _nested(settings: argocd_settings.Settings, key: str) -> str:
    """Say what values of the chart meant by a mapping: the first flat key in it that Argo CD reads."""
    is_read, value = _READ.get(settings.name), settings.data[key]
    if is_read is None or _VALUES not in settings.keys[key] or not isinstance(value, Mapping):
        return ""
    guess = next((flat for flat in _flat(str(key), value) if is_read(flat)), "")
    return f"a mapping, which becomes one text that nobody reads; did you mean {guess!r}?" if guess else ""


def _flat(key: str, value: object, depth: int = 0) -> Iterator[str]:
    if isinstance(value, Mapping):
        for inner, each in value.items() if depth < _DEEPEST else ():
            yield from _flat(f"{key}.{inner}", each, depth + 1)
    else:
        yield key


def _flaw(name: str, key: str) -> str:
    if name == argocd_settings.CM and settings_keys.is_parameter(key):
        return f"read from {argocd_settings.PARAMS} only; move it there"
    if name == argocd_settings.PARAMS and settings_keys.is_setting(key) and not settings_keys.is_parameter(key):
        return f"read from {argocd_settings.CM} only; move it there"
    if name == argocd_settings.CM and (kind := settings_keys.customised(key)) and (groups := _groups(kind)):
        guess = f"{key.removesuffix(kind)}{groups[-1]}_{kind}"
        return f"read for kind {kind!r} of the core group, which has no such kind; did you mean {guess!r}?"
    guess = _MEANT[name](key) if name in _MEANT else ""
    return f"read by nobody; did you mean {guess!r}?" if guess else ""


def _groups(kind: str) -> list[str]:
    """The groups that have a kind, which the core one has not."""
    known = list(schemas.groups(kind))
    return [] if "" in known else known
