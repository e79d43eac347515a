"""A release as the in-process library renders it, where `helm` is not there."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scaffold import parse
from scaffold.model import Parameter, Release, layered, mapping
from scaffold.render import NotRenderedError, RenderError
from scaffold.render.helm import reasons

_STANDARD_ERROR = 2
_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)*")
_SCALAR = re.compile(r"[^\\{}\[\],]*")
_INTEGER = re.compile(r"0|-?[1-9]\d{0,17}")
_WORDS = {"true": True, "false": False, "null": None}
# Helm 4.2, `SplitManifests`: what follows may stand in the same line.
_SEPARATOR = re.compile(r"(?:^|(?<!\s)\s*\n)---\s*")


def render(root: Path, chart: Path, release: Release) -> str:
    """Render in process; the library cannot be told a Kubernetes version, so charts that ask need helm itself."""
    import helm_python  # loads 85 MB, so only where a chart is rendered

    try:
        with _silent(), helm_python.Chart.load(chart) as loaded:
            if _asks_capabilities(chart):
                raise NotRenderedError("the chart asks for the cluster's capabilities; put helm on PATH")
            rendered = loaded.render(
                _values(root, release), name=release.name, namespace=release.namespace or "default"
            )
            crds = [] if release.skip_crds else [item["data"] for item in loaded.crds]
    except helm_python.HelmError as error:
        raise RenderError(reasons.printed(str(error), chart, root)) from error
    texts = [(path, text) for path, text in sorted(rendered.items()) if _is_manifest(path.rpartition("/")[2])]
    parts = (f"# Source: {path}\n{part}" for path, text in texts for part in _SEPARATOR.split(text))
    return "\n---\n".join([*crds, *parts])  # as the program prints it


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """Keep what Helm logs of merging values off standard error, where it names neither a chart nor a file."""
    kept = os.dup(_STANDARD_ERROR)
    try:
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            os.dup2(nowhere.fileno(), _STANDARD_ERROR)
        yield
    finally:
        os.dup2(kept, _STANDARD_ERROR)
        os.close(kept)


def _is_manifest(name: str) -> bool:
    """What of templates/ Helm deploys, whatever its suffix (Helm 4.2, `SortManifests`)."""
    return not name.startswith("_") and name != "NOTES.txt"


def _asks_capabilities(chart: Path) -> bool:
    return any(b".Capabilities" in path.read_bytes() for path in chart.rglob("templates/**/*") if path.is_file())


def _values(root: Path, release: Release) -> dict[str, Any]:
    given = map(_given, release.parameters)
    return layered((*_value_documents(root, release), release.values, *given))


def _given(parameter: Parameter) -> dict[str, Any]:
    """What `--set` makes of a parameter (Helm 4.2, `pkg/strvals`), but for lists, indices and what is escaped."""
    if not _NAME.fullmatch(parameter.name) or not _SCALAR.fullmatch(parameter.value):
        raise NotRenderedError(f"the application sets the Helm parameter {parameter.name!r}; put helm on PATH")
    value: Any = parameter.value if parameter.text else _typed(parameter.value)
    for part in reversed(parameter.name.split(".")):
        value = {part: value}
    return dict(value)


def _typed(text: str) -> object:
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    return int(text) if _INTEGER.fullmatch(text) else text


def _value_documents(root: Path, release: Release) -> Iterator[Mapping[str, Any]]:
    for path in release.value_files:
        try:
            documents = parse.documents((root / path).read_text(encoding="utf-8"), path)
        except (OSError, UnicodeDecodeError) as error:
            raise RenderError(f"values file {path!r} cannot be read, {reasons.unread(error)}") from error
        yield mapping(documents[0] if documents else None)
