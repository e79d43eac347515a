"""What the settings say of how Argo CD reads a repository."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from scaffold import load
from scaffold.assemble import patched
from scaffold.assemble.argocd_settings.files import hidden, of_repository
from scaffold.assemble.argocd_settings.settings import CM, PARAMS, Settings
from scaffold.model import Place, Repository, dig, is_templated, is_variable

_BUILD_OPTIONS, _LOOSE = "kustomize.buildOptions", "LoadRestrictionsNone"
_SEGMENTED = "applicationsetcontroller.enable.new.git.file.globbing"


def is_loosened(repository: Repository) -> bool:
    """Tell whether Argo CD is told to let builds read files that stand elsewhere."""
    told = (each.data.items() for each in of_repository(repository, CM))
    return any(key.startswith(_BUILD_OPTIONS) and _LOOSE in str(value) for items in told for key, value in items)


def is_segmented(repository: Repository) -> bool:
    """Tell whether Argo CD 3.5 is told that `*` in the path of a files generator stays in one directory."""
    return any(str(each.data.get(_SEGMENTED)).lower() == "true" for each in of_repository(repository, PARAMS))


class Told(NamedTuple):
    """What a key says, where, and the namespace of its Argo CD, where the object says it."""

    value: str
    place: Place
    namespace: str

    def is_for(self, namespace: str) -> bool:
        """Tell whether an object of a namespace belongs to this Argo CD, as far as anything says."""
        return not (self.namespace and namespace) or self.namespace == namespace


def told(repository: Repository, name: str, key: str) -> Told | None:
    """What a config map says of a key; None where nothing does, several do, or something fills it in."""
    having = [each for each in of_repository(repository, name) if key in each.data]
    if len(having) != 1 or hidden(repository, name):
        return None
    value = having[0].data[key]
    if not isinstance(value, str) or is_variable(value) or is_templated(value):
        return None
    return Told(value, having[0].at(key), namespace(repository, having[0]))


def unset(repository: Repository, name: str, key: str) -> Told | None:
    """The one config map that is here as a manifest, where nothing here gives it a key, nor one that begins so."""
    written = of_repository(repository, name)
    if len(written) != 1 or hidden(repository, name) or any(str(each).startswith(key) for each in written[0].data):
        return None
    settings, file = written[0], repository.files.get(written[0].path)
    documents = (file.documents if file else None) or ()
    whole = settings.document < len(documents) and dig(documents[settings.document], "kind") == "ConfigMap"
    if not whole or settings.within or settings.path in patched.files(repository):
        return None
    return Told("", settings.whole(), namespace(repository, settings))


def namespace(repository: Repository, settings: Settings) -> str:
    """The namespace of a config map, where it stands in the object itself."""
    file = repository.files.get(settings.path)
    documents = (file.documents if file else None) or ()
    if settings.document >= len(documents) or dig(documents[settings.document], "kind") != "ConfigMap":
        return ""
    found = dig(documents[settings.document], "metadata", "namespace")
    return found if isinstance(found, str) else ""


def is_overruled(repository: Repository, settings: Settings, key: str) -> bool:
    """Tell whether a patch of a kustomization that reads a config map gives a key of it another value."""
    patches, known = patched.files(repository), repository.kustomizations
    if settings.within or settings.path in patches:
        return False
    others = (each for each in of_repository(repository, settings.name) if key in each.data)
    setting = {each.path for each in others if each.within or each.path in patches}
    return any(settings.path in load.read_by(place, known) for path in setting for place in _patching(repository, path))


def _patching(repository: Repository, path: str) -> Iterator[str]:
    """The directories of the kustomizations that have a file as a patch, or are that file."""
    for directory, item in repository.kustomizations.items():
        named = (each.target for each in item.references if each.field in patched.FIELDS)
        if path == item.manifest.path or path in named:
            yield directory
