"""Loki is told how long to keep logs, and nothing deletes what is older.

`limits_config.retention_period` and `retention_stream` are applied by the compactor alone, and by that only with
`retention_enabled: true`, which is not the default (Loki 3.5). Looked at are whole configurations, which have a
`schema_config`, in ConfigMaps, and values of the chart `loki` in a release of Flux or an application of Argo CD that
has no others. Passed over are those that keep everything (`0s`), have the older table manager delete, or hold
templates, and all where an argument of a container beside them sets it.

Fails:

    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: loki
    data:
      loki.yaml: |
        schema_config:
          configs:
            - from: "2025-01-01"
              store: tsdb
              object_store: s3
              schema: v13
        limits_config:
          retention_period: 336h
        compactor:
          working_directory: /var/loki/compactor

Passes:

    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: loki
    data:
      loki.yaml: |
        schema_config:
          configs:
            - from: "2025-01-01"
              store: tsdb
              object_store: s3
              schema: v13
        limits_config:
          retention_period: 336h
        compactor:
          working_directory: /var/loki/compactor
          retention_enabled: true
          delete_request_store: s3
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold import load
from scaffold.expand.sources import used_sources
from scaffold.model import Finding, Manifest, Place, Pointer, Repository, Severity, dig, mapping
from scaffold.model.values import text
from scaffold.parse import locate

ID = "unapplied-log-retention"
SEVERITY = Severity.WARNING
SCOPE = "overlay"
_PERIOD, _STREAM, _ENABLED = "retention_period", "retention_stream", "retention_enabled"
_KEPT = ("", "0", "0s", "0m", "0h", "0d")
_CHART = "loki"
_FLAG = "retention-enabled"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every retention of a configuration, or of values, that nothing applies."""
    for overlay in repository.overlays.values():
        if not any(_FLAG in str(container.data.get("args")) for pod in overlay.pods for container in pod.containers):
            for manifest in overlay.of("/ConfigMap"):
                yield from _of_texts(manifest)
        for manifest in overlay.of("helm.toolkit.fluxcd.io/HelmRelease", "argoproj.io/Application"):
            for pointer, values in _of_release(manifest) if manifest.group != "argoproj.io" else _of_sources(manifest):
                if field := _of_values(values):
                    yield _finding(manifest, field, manifest.place(*pointer, _CHART, "limits_config", field))


def _finding(manifest: Manifest, field: str, place: Place) -> Finding:
    fact = f"{manifest.kind} {manifest.name!r} sets {field} for Loki, whose compactor has no '{_ENABLED}: true'"
    message = f"{fact}, so nothing is ever deleted; set that, with a delete_request_store"
    return Finding(place, ID, message, SEVERITY, subject=f"{manifest.name}/{field}")


def _unapplied(config: object) -> str:
    """The field of a configuration that sets a retention, where nothing applies it; else nothing."""
    limits = mapping(dig(config, "limits_config"))
    field = next((name for name in (_PERIOD, _STREAM) if str(limits.get(name) or "") not in _KEPT), "")
    deletes = dig(config, "table_manager", "retention_deletes_enabled") is True
    return "" if deletes or dig(config, "compactor", _ENABLED) not in (None, False) else field


def _of_texts(manifest: Manifest) -> Iterator[Finding]:
    """The configurations in a ConfigMap; a finding stands at the line of the text."""
    for key, told in mapping(manifest.get("data")).items():
        if _PERIOD not in text(told) and _STREAM not in text(told):
            continue
        file = load.source_file("", told.encode(), keep=True)
        config = mapping((file.documents or (None,))[0])
        field = _unapplied(config) if mapping(config.get("schema_config")) and "{{" not in told else ""
        if field:
            line, _ = locate(told, 0, ("limits_config", field), at_key=True)
            yield _finding(manifest, field, manifest.place("data", key, line - 1))


def _of_release(release: Manifest) -> Iterator[tuple[Pointer, Mapping[str, Any]]]:
    chart = text(release.get("spec", "chart", "spec", "chart")).rpartition("/")[2]
    if chart == _CHART and not release.get("spec", "valuesFrom"):
        yield ("spec", "values"), mapping(release.get("spec", "values"))


def _of_sources(application: Manifest) -> Iterator[tuple[Pointer, Mapping[str, Any]]]:
    for pointer, source in used_sources(application.data):
        helm = mapping(source.get("helm"))
        alone = not any(helm.get(key) for key in ("fileParameters", "parameters", "valueFiles", "values"))
        if source.get("chart") == _CHART and alone:
            yield (*pointer, "helm", "valuesObject"), mapping(helm.get("valuesObject"))


def _of_values(values: Mapping[str, Any]) -> str:
    """The field of the chart's values that sets a retention which nothing applies."""
    own = mapping(values.get(_CHART))
    elsewhere = own.get("config") or dig(own, "structuredConfig", "compactor") or _FLAG in str(values)
    deletes = dig(values, "tableManager", "retention_deletes_enabled") is True
    return "" if elsewhere or deletes else _unapplied(own)
