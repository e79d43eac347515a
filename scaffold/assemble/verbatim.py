"""What Argo CD deploys as it is, with no plugin that fills anything in.

A plugin that the repository declares may discover directories by itself (`discover`, Argo CD 3.5): none is sure then.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from scaffold.model import How, Overlay, Repository, Source, dig, mapping

_AS_IS = frozenset((How.KUSTOMIZE, How.PLAIN))
_PLUGIN = "ConfigManagementPlugin"
_IN_VALUES = ("configs", "cmp")  # of the argo-cd chart, or of one that has it as a dependency


def marked(repository: Repository, planned: Mapping[str, Overlay]) -> dict[str, Overlay]:
    """The overlays, of which those that an application, or a draft of one, names are marked so."""
    if _discovers(repository):
        return dict(planned)
    sources = [source for application in repository.foreseen for source in application.sources if _is_plain(source)]
    named = frozenset(source.path for source in sources)
    entered = tuple(f"{s.path}/" for s in sources if dig(s.options, "directory", "recurse") is True)
    return {
        name: dataclasses.replace(overlay, verbatim=True) if _is_deployed(overlay, named, entered) else overlay
        for name, overlay in planned.items()
    }


def _discovers(repository: Repository) -> bool:
    """Tell whether a plugin is declared, by itself or in values of Argo CD's chart."""
    files = repository.files.values()
    declared = any(head.kind == _PLUGIN for file in files for head in file.heads)
    kept = (mapping(document) for file in files for document in file.documents or ())
    told = any(dig(values, *_IN_VALUES) for document in kept for values in (document, *document.values()))
    return declared or told or any(_IN_VALUES in (key, key[1:]) for file in files for key in file.keys)


def _is_plain(source: Source) -> bool:
    return source.here and source.how in _AS_IS and "plugin" not in source.options


def _is_deployed(overlay: Overlay, named: frozenset[str], entered: tuple[str, ...]) -> bool:
    """Tell it of what no other engine builds; Argo CD enters directories below one for plain manifests alone."""
    below = overlay.how is How.PLAIN and overlay.path.startswith(entered)
    return overlay.how in _AS_IS and (overlay.path in named or below)
