"""A setting of argocd-cm has a value that Argo CD cannot read.

It writes a warning to its log and goes on with the default, or, where a block is not YAML, without what the block says.

Fails:

    # argocd-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-cm
      namespace: argocd
    data:
      application.resourceTrackingMethod: annotations

Passes:

    # argocd-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-cm
      namespace: argocd
    data:
      application.resourceTrackingMethod: annotation
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from scaffold import parse
from scaffold.assemble import argocd_settings
from scaffold.errors import ScaffoldError
from scaffold.model import Finding, Repository, Severity, is_variable
from scaffold.nearest import hint

ID = "refused-setting"
SEVERITY = Severity.ERROR
SCOPE = "file"
_WORDS: Mapping[str, tuple[str, ...]] = {
    "application.resourceTrackingMethod": ("annotation", "annotation+label", "label"),
    "resource.respectRBAC": ("normal", "strict"),
}
# What is compared with these very words.
_SWITCHES = frozenset(
    """
    application.sync.impersonation.enabled cluster.inClusterEnabled exec.enabled helm.enable jsonnet.enable
    kustomize.enable oidc.tls.insecure.skip.verify statusbadge.enabled ui.bannerpermanent users.anonymous.enabled
    """.split()
)
_SWITCHED = ("false", "true")
_CAPABILITIES = ("apiKey", "login")
_DURATIONS = frozenset(
    ("timeout.reconciliation", "timeout.hard.reconciliation", "timeout.reconciliation.jitter", "users.session.duration")
)
_DURATION = re.compile(r"0|([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h|d))+")
_BLOCKS = (
    *("resource.customizations", "resource.exclusions", "resource.inclusions", "globalProjects"),
    *("dex.config", "oidc.config", "resource.compareoptions"),
)
_LISTS = frozenset(("resource.exclusions", "resource.inclusions", "globalProjects"))
_LUA = tuple(f"resource.customizations.{what}." for what in ("health", "useOpenLibs", "knownTypeFields"))


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every value that is none."""
    for file in repository.files.values():
        for settings in argocd_settings.of_file(file):
            for key, value in settings.data.items() if settings.name == argocd_settings.CM else ():
                readable = isinstance(value, str) and not is_variable(value) and "{{" not in value
                if readable and (flaw := _flaw(key, value)):
                    message = f"key {key!r} of {settings.name} {flaw}"
                    yield Finding(settings.at(key), ID, message, subject=key)


def _flaw(key: str, value: str) -> str:
    if key in _WORDS and value and value not in _WORDS[key]:
        return f"is {value!r}, which is unknown; {hint(value, _WORDS[key])}"
    if key in _SWITCHES and value and value not in _SWITCHED:
        return f"is {value!r}, which is neither true nor false; write one of them"
    if key in _DURATIONS and value and not _DURATION.fullmatch(value):
        return f"is {value!r}, which is no duration; write one such as 180s"
    if key.startswith("accounts.") and key.count(".") == 1:
        wrong = next((word for each in value.split(",") if (word := each.strip()) not in ("", *_CAPABILITIES)), "")
        return f"gives capability {wrong!r}, which is unknown; {hint(wrong, _CAPABILITIES)}" if wrong else ""
    return _unread(key, value) if key.startswith(_BLOCKS) and not key.startswith(_LUA) else ""


def _unread(key: str, value: str) -> str:
    """Say why a block is not what Argo CD wants there."""
    try:
        data = next(iter(parse.parse(value).documents), None)
    except ScaffoldError as error:
        return f"is not YAML, {getattr(error, 'problem', error)}; mend the block"
    wanted = list if key in _LISTS else dict
    if data is None or isinstance(data, wanted):
        return ""
    return f"holds no {'list' if wanted is list else 'mapping'} in YAML; mend the block, whose colons and dashes count"
