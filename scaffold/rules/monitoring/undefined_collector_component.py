"""A pipeline of an OpenTelemetry collector names a receiver, a processor or an exporter that is not defined.

The collector refuses its whole configuration and does not start: `references exporter "otlp/tempo" which is not
configured` (OpenTelemetry Collector 0.140). A connector is an exporter of one pipeline and a receiver of another one;
an extension that is switched on has to be defined too, except `health_check`, which the operator may define. Looked at
are OpenTelemetryCollectors, and ConfigMaps that hold a whole configuration and no other. Passed over are those where an
argument names a second configuration or sets a part of one, those with a section that is filled in, and components that
a variable names. Of one that is defined as null nothing is left where Kustomize 5.8 patches the object.

Fails:

    # collector.yaml
    apiVersion: opentelemetry.io/v1beta1
    kind: OpenTelemetryCollector
    metadata:
      name: shop
    spec:
      config:
        receivers:
          otlp:
            protocols:
              grpc:
                endpoint: 0.0.0.0:4317
        exporters:
          otlp/jaeger:
            endpoint: jaeger.example.com:4317
        service:
          pipelines:
            traces:
              receivers: [otlp]
              exporters: [otlp/tempo]

Passes:

    # collector.yaml
    apiVersion: opentelemetry.io/v1beta1
    kind: OpenTelemetryCollector
    metadata:
      name: shop
    spec:
      config:
        receivers:
          otlp:
            protocols:
              grpc:
                endpoint: 0.0.0.0:4317
        exporters:
          otlp/tempo:
            endpoint: tempo.example.com:4317
        service:
          pipelines:
            traces:
              receivers: [otlp]
              exporters: [otlp/tempo]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold import load
from scaffold.model import Finding, Manifest, Overlay, Pointer, Repository, Severity, dig, is_variable, mapping
from scaffold.model.values import is_templated
from scaffold.nearest import near
from scaffold.parse import locate
from scaffold.rules.listed import ANY, values

ID = "undefined-collector-component"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_SECTIONS = ("receivers", "processors", "exporters", "connectors", "extensions")
_OF_PIPELINES = ("receivers", "processors", "exporters")
_JOINED = ("receivers", "exporters")
_ADDED = ("health_check",)  # which the operator may define
_Missed = tuple[Pointer, str]


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every component that is used and not defined."""
    for overlay in repository.overlays.values():
        for collector in overlay.of("opentelemetry.io/OpenTelemetryCollector"):
            arguments = mapping(collector.get("spec", "args"))
            if not (overlay.is_partial(collector.path) or arguments.keys() & {"config", "set"}):
                yield from _of_config(collector, ("spec", "config"))
        if not _is_given_more(overlay):
            for settings in (each for each in overlay.of("/ConfigMap") if not overlay.is_partial(each.path)):
                yield from _of_settings(settings)


def _is_given_more(overlay: Overlay) -> bool:
    """Tell whether a container is given two configurations, or a part of one by an argument."""
    containers = (container.data for pod in overlay.pods for container in pod.containers)
    told = (f"{data.get('command')} {data.get('args')}" for data in containers)
    return any(line.count("--config") > 1 or "--set" in line for line in told)


def _of_settings(settings: Manifest) -> Iterator[Finding]:
    texts = mapping(settings.get("data"))
    configs = [key for key, told in texts.items() if isinstance(told, str) and any(f"{s}:" in told for s in _SECTIONS)]
    if len(configs) == 1 and "pipelines:" in texts[configs[0]]:
        yield from _of_config(settings, ("data", configs[0]))


def _of_config(manifest: Manifest, where: Pointer) -> Iterator[Finding]:
    told = manifest.get(*where)
    if isinstance(told, str):
        for pointer, fact in _missed(_read(told)):
            line, _ = locate(told, 0, pointer)
            yield _finding(manifest, (*where, line - 1), fact)
    else:
        for pointer, fact in _missed(mapping(told)):
            yield _finding(manifest, (*where, *pointer), fact)


def _read(told: str) -> Mapping[str, Any]:
    if is_templated(told):
        return {}
    file = load.source_file("", told.encode(errors="surrogateescape"), keep=True)
    return mapping((file.documents or (None,))[0])


def _finding(manifest: Manifest, pointer: Pointer, fact: str) -> Finding:
    return Finding(manifest.place(*pointer), ID, f"{manifest.kind} {manifest.name!r}, {fact}", SEVERITY)


def _missed(config: Mapping[str, Any]) -> Iterator[_Missed]:
    """Where a configuration uses what it does not define, and what that is; nothing of one that is not whole."""
    whole = all(config.get(section) for section in _JOINED)
    if not whole or any(config.get(section) and not mapping(config[section]) for section in _SECTIONS):
        return
    known = {section: {str(name).strip() for name in mapping(config.get(section))} for section in _SECTIONS}
    for section in _JOINED:
        known[section] |= known["connectors"]
    for pointer, used in _used(config):
        section = str(pointer[-2])
        if isinstance(used, str) and not is_variable(used) and used.strip() not in known[section]:
            what = f"{section.removesuffix('s')} {used!r}, which its configuration does not define"
            yield pointer, f"{_user(pointer)} uses {what}; {_remedy(used, known[section])}"


def _used(config: Mapping[str, Any]) -> Iterator[tuple[Pointer, object]]:
    """The components that a configuration uses, and where it names them."""
    for pipeline in mapping(dig(config, "service", "pipelines")):
        for section in _OF_PIPELINES:
            yield from values(config, ("service", "pipelines", pipeline, section, ANY))
    for pointer, name in values(config, ("service", "extensions", ANY)):
        if name not in _ADDED:
            yield pointer, name


def _remedy(used: str, known: set[str]) -> str:
    guess = near(used, known)
    return f"did you mean {guess!r}?" if guess else f"define it, as '{used}: {{}}' if it has no settings"


def _user(pointer: Pointer) -> str:
    return f"pipeline {pointer[2]!r}" if pointer[1] == "pipelines" else "its service"
