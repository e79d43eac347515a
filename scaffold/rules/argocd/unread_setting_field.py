"""A block in argocd-cm has a field that Argo CD drops.

Argo CD reads `resource.exclusions` and the like as YAML and says nothing of fields that it does not know (Argo CD 3.5,
`util/settings`): an exclusion with `kind` for `kinds` is about every kind, so that Argo CD no longer sees any. It does
not tell upper from lower case there. Of `oidc.config`, `resource.compareoptions` and links, to which versions add,
those fields are named that are a letter off; `dex.config` is read by Dex.

Fails:

    # argocd-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-cm
      namespace: argocd
    data:
      resource.exclusions: |
        - apiGroups: [example.com]
          kind: [Report]
          clusters: ['*']

Passes:

    # argocd-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-cm
      namespace: argocd
    data:
      resource.exclusions: |
        - apiGroups: [example.com]
          kinds: [Report]
          clusters: ['*']
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold import parse
from scaffold.assemble import argocd_settings
from scaffold.assemble.argocd_settings import Settings
from scaffold.expand import setting_fields
from scaffold.model import Finding, Pointer, Repository, Severity, is_variable, mapping, sequence
from scaffold.model.values import is_templated
from scaffold.nearest import hint, slipped

ID = "unread-setting-field"
SEVERITY = Severity.ERROR
SCOPE = "file"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such field in every block."""
    for file in repository.files.values():
        for settings in argocd_settings.of_file(file):
            for key, value in settings.data.items() if settings.name == argocd_settings.CM else ():
                block = setting_fields.of(str(key))
                if block and isinstance(value, str) and not is_variable(value) and not is_templated(value):
                    yield from _of_block(settings, key, value, block)


def _of_block(settings: Settings, key: str, value: str, block: setting_fields.Block) -> Iterator[Finding]:
    for pointer, entry in _entries(parse.first(value), block):
        for name in block.unknown(entry):
            guess = slipped(name, block.fields)
            if guess or block.whole:
                line, _ = parse.locate(value, 0, (*pointer, name), at_key=True)
                effect = _effect(entry, block)
                message = f"{key!r} of argocd-cm has the unknown field {name!r}, which Argo CD drops{effect}"
                remedy = f"did you mean {guess!r}?" if guess else hint(name, block.fields)
                yield Finding(settings.at(key, line - 1), ID, f"{message}; {remedy}", subject=f"{key}/{name}")


def _entries(data: Any, block: setting_fields.Block) -> Iterator[tuple[Pointer, Mapping[str, Any]]]:
    """What holds the fields: the block itself, or each entry of its list."""
    if block.listed:
        yield from (((index,), mapping(entry)) for index, entry in enumerate(sequence(data)))
    else:
        yield (), mapping(data)


def _effect(entry: Mapping[str, Any], block: setting_fields.Block) -> str:
    """What an entry is about that lacks a field, where that is more than was meant."""
    told = {str(name).lower() for name in entry}
    lacking = (noun for field, noun in block.about if field.lower() not in told)
    return next((f", so that the entry is about every {noun}" for noun in lacking), "")
