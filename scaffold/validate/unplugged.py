"""An overlay without what plugins of kustomize make, which are never run: most of them give Secrets and no more."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from scaffold import load
from scaffold.model import Finding, Kustomization, Manifest, Overlay, Repository, sequence
from scaffold.render import NotRenderedError, RenderError, kustomize, parts
from scaffold.render.builders import Builder

LEFT_OUT = "what plugins of kustomize make is left out, and none is ever run"
_MAKING = ("generators", "validators")  # which leave alone what others make
_BUILT_IN = "builtin"
_API_VERSION = re.compile(r"^apiVersion:\s*[\"']?(?P<value>[^\"'\s]+)", re.MULTILINE)
_MADE = frozenset(("ConfigMap", "Secret"))


def copy(root: Path, repository: Repository, overlay: Overlay) -> AbstractContextManager[Path]:
    """A copy of all that an overlay reads, in which no plugin makes anything; it is gone afterwards.

    Raises NotRenderedError where a plugin changes what others make, or a file cannot be copied.
    """
    return parts.copied(root, overlay.reads, dict(_changed(repository, overlay)))


def manifests(builder: Builder, whole: Path, overlay: Overlay) -> tuple[Manifest, ...]:
    """What kustomize gives of such a copy; raises RenderError with the reason where it gives nothing."""
    result = kustomize.build_many(builder, whole, [overlay.path])[overlay.path]
    if isinstance(result, RenderError):
        raise result
    return tuple(Manifest(item, "", overlay=overlay.path or ".") for item in result if isinstance(item, Mapping))


def is_settled(finding: Finding) -> bool:
    """Tell whether a finding misses nothing that a plugin may make."""
    return finding.unless is None or finding.unless.kind not in _MADE


def _changed(repository: Repository, overlay: Overlay) -> Iterator[tuple[str, str]]:
    """The kustomizations that name plugins, by path, without them."""
    for directory in load.closure(overlay.path, repository.kustomizations)[0]:
        item = repository.kustomizations[directory]
        if any(_is_plugin(repository, item, entry) for entry in sequence(item.manifest.get("transformers"))):
            raise NotRenderedError("a plugin of kustomize changes what it builds, and none is ever run")
        lists = {field: sequence(item.manifest.get(field)) for field in _MAKING}
        left = {field: [e for e in told if not _is_plugin(repository, item, e)] for field, told in lists.items()}
        if left != lists:
            data = {key: value for key, value in item.manifest.data.items() if key not in _MAKING}
            yield (
                item.manifest.path,
                json.dumps({**data, **{f: e for f, e in left.items() if e}}, default=str, skipkeys=True),
            )


def _is_plugin(repository: Repository, item: Kustomization, entry: Any) -> bool:
    """Tell whether an entry is, or names, anything but what is built into kustomize."""
    if not isinstance(entry, str):
        return False
    if "\n" in entry:
        return any(found != _BUILT_IN for found in _API_VERSION.findall(entry))
    target = posixpath.normpath(posixpath.join(item.directory, entry))
    if target in repository.kustomizations:
        paths = load.read_by(target, repository.kustomizations)
        heads = [head for path in paths if path in repository.files for head in repository.files[path].heads]
        return any(h.api_version != _BUILT_IN and "kustomize.config.k8s.io" not in h.api_version for h in heads)
    return target in repository.files and any(h.api_version != _BUILT_IN for h in repository.files[target].heads)
