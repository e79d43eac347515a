"""Kubeconfigs that somebody has committed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.audit.jobs import Remark, Sources, mapping, sequence

_LIKELY = re.compile(r"^[ \t]*+['\"]?kind['\"]?[ \t]*+:[ \t]*+['\"]?Config\b", re.MULTILINE)
_CREDENTIALS = ("client-key-data", "token", "password", "client-certificate-data")
_LARGEST = 1 << 20
_NAMES = re.compile(r"(\.ya?ml|\.conf|\.config|kube-?config[^/]*|(^|/)config)$", re.IGNORECASE)


def committed(sources: Sources) -> Iterator[Remark]:
    """Every file that is a kubeconfig with a credential; where one is, never what it is."""
    for path in sorted(sources.paths):
        if not _NAMES.search(path) or (sources.root / path).stat().st_size > _LARGEST:
            continue
        text = sources.text(path) or ""
        if not _LIKELY.search(text):
            continue
        for document in sources.documents(path):
            yield from _credentials(document)


def _credentials(document: object) -> Iterator[Remark]:
    data = mapping(document)
    if str(data.get("kind")) != "Config" or "clusters" not in data:
        return
    for entry in sequence(data.get("users")):
        user = mapping(mapping(entry).get("user"))
        for key in user:
            if key in _CREDENTIALS and str(user[key]).strip():
                yield Remark("committed-kubeconfig", key.at(), key.path)
                return
