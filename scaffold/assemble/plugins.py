"""The plugins of Argo CD that are declared here, and what Argo CD calls them (3.5, `cmpserver/plugin/config.go`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scaffold import parse
from scaffold.expand.sources import used_sources
from scaffold.model import Application, Manifest, Place, Pointer, Repository, dig, is_templated, is_variable, mapping
from scaffold.model.values import text

KIND = "ConfigManagementPlugin"
_UNKNOWN = "${}"
_IN_VALUES = ("configs", "cmp", "plugins")


class Plugin(NamedTuple):
    """One of them; `place` is that of its version, or of its name where it has none."""

    name: str
    version: str
    place: Place

    @property
    def address(self) -> str:
        """What an Application has to say."""
        return f"{self.name}-{self.version}" if self.version else self.name


def declared(repository: Repository) -> list[Plugin]:
    """Those in files of their own, in config maps and in values of the chart; a fault of one is not told here."""
    found = [*repository.once(_written), *repository.once(_in_values), *repository.once(_inline)]
    told = (plugin for plugin in found if not is_templated(plugin.address))
    return [plugin for plugin in told if plugin.name and not is_variable(plugin.address)]


def _written(repository: Repository) -> list[Plugin]:
    objects = [_plugin(manifest, manifest.data) for manifest in repository.manifests(f"argoproj.io/{KIND}")]
    for manifest in repository.manifests("/ConfigMap"):
        for key, value in mapping(manifest.get("data")).items():
            inner = mapping(parse.first(value)) if isinstance(value, str) and KIND in value else {}
            if inner.get("kind") == KIND:
                objects.append(_plugin(manifest, inner, ("data", key)))
    return objects


def _plugin(manifest: Manifest, data: Mapping[str, Any], within: tuple[str, ...] = ()) -> Plugin:
    version = _version(data.get("spec"))
    place = manifest.place(*(within or (("spec", "version") if version else ("metadata", "name"))))
    return Plugin(text(dig(data, "metadata", "name")), version, place)


def _version(spec: object) -> str:
    """The version as a text: a number, which Argo CD does not read, stands for what is not known."""
    found = dig(spec, "version")
    return text(found) if isinstance(found, str) or found is None else _UNKNOWN


def _in_values(repository: Repository) -> list[Plugin]:
    """Those of the chart argo-cd, or of one that has it as a dependency: a plugin's key is its name."""
    return [plugin for path in sorted(repository.files) for plugin in _of_values(repository, path)]


def _of_values(repository: Repository, path: str) -> Iterator[Plugin]:
    for index, data in enumerate(repository.files[path].documents or ()):
        values: Mapping[str, Any] = mapping(data) if "kind" not in mapping(data) else {}
        for name, version, pointer in _among(values):
            yield Plugin(name, version, Place(path, index, pointer, at_key=True))


def _among(values: Mapping[str, Any]) -> Iterator[tuple[str, str, Pointer]]:
    """The names and versions in values, and where each stands."""
    for within in ((), *((key,) for key in values if "argo" in str(key))):
        for name, spec in mapping(dig(values, *within, *_IN_VALUES)).items():
            yield str(name), _version(spec), (*within, *_IN_VALUES, name)


def _inline(repository: Repository) -> list[Plugin]:
    """Those in values that an Application gives its chart on the spot, or a release of Flux."""
    found = [plugin for each in repository.foreseen for plugin in _of_application(each)]
    for release in repository.manifests("helm.toolkit.fluxcd.io/HelmRelease"):
        for name, version, pointer in _among(mapping(release.get("spec", "values"))):
            found.append(Plugin(name, version, release.place("spec", "values", *pointer, at_key=True)))
    return found


def _of_application(application: Application) -> Iterator[Plugin]:
    for pointer, source in used_sources(application.data):
        written = dig(source, "helm", "values")
        if isinstance(written, str) and _IN_VALUES[-1] in written:
            for name, version, inner in _among(mapping(parse.first(written))):
                line, _ = parse.locate(written, 0, inner, at_key=True)
                yield Plugin(name, version, application.at(*pointer, "helm", "values", line - 1))
        for name, version, inner in _among(mapping(dig(source, "helm", "valuesObject"))):
            yield Plugin(name, version, application.at(*pointer, "helm", "valuesObject", *inner, at_key=True))
