"""What Argo CD's notifications are told: triggers, templates and services by name, and who names them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from scaffold import parse
from scaffold.assemble import argocd_settings
from scaffold.model import Place, Repository, mapping, sequence

_OPERATED = "NotificationsConfiguration"  # to which argocd-operator adds the catalogue
_PREFIX = "notifications.argoproj.io/subscribe."
_NOUNS = ("trigger", "template", "service")
_CONTEXT = "context key"
_GIVEN = "notificationType"  # in each context
_READ = re.compile(r"\.context\.([A-Za-z_]\w*)")
_OPTIONAL = re.compile(r"^-?\s*(?:else\s+)?(?:if|with)\b|\b(?:and|default|or)\b")


class Named(NamedTuple):
    """A name that something uses: `noun` says of what, `user` who."""

    noun: str
    name: str
    user: str
    place: Place


@dataclass
class Known:
    """The names that are defined, by noun, and what uses them within the config map; `whole` where that is all."""

    names: dict[str, set[str]] = field(default_factory=lambda: {noun: set() for noun in (*_NOUNS, _CONTEXT)})
    used: list[Named] = field(default_factory=list)
    whole: bool = True


def known(repository: Repository) -> Known | None:
    """What argocd-notifications-cm defines; None where what makes it is not here, or it is nothing.

    Beside a remote base it may have more than is told here, and so it has from the operator. Argo CD 3.5
    (notifications-engine, `pkg/api/config.go`).
    """
    name = argocd_settings.NOTIFICATIONS
    written = argocd_settings.of_repository(repository, name)
    remote = any(r.remote for item in repository.kustomizations.values() for r in item.references)
    operated = any(head.kind == _OPERATED for file in repository.files.values() for head in file.heads)
    legacy = any("config.yaml" in settings.data for settings in written)
    if legacy or argocd_settings.hidden(repository, name):
        return None
    found = Known(whole=not (remote or operated))
    for settings in written:
        for key, value in settings.data.items():
            _read(found, settings, key, value)
    return found if found.names["trigger"] and found.names["service"] else None


def _read(found: Known, settings: argocd_settings.Settings, key: str, value: Any) -> None:
    noun, _, name = key.partition(".")
    if noun in _NOUNS and name:
        found.names[noun].add(name.rpartition(".")[2] if noun == "service" else name)
    user, place = f"{key!r} of {settings.name}", settings.at(key)
    for item in sequence(_parsed(value)):
        if noun == "trigger":
            names = _texts(mapping(item).get("send"))
            found.used += [Named("template", name, user, settings.at(key, _line(value, name))) for name in names]
        elif noun == "defaultTriggers" and isinstance(item, str):
            found.used.append(Named("trigger", item, user, place))
        elif key == "subscriptions":
            found.used += _recipients(mapping(item), user, place)
    if noun == "template":
        hooks = [str(name) for name in mapping(mapping(_parsed(value)).get("webhook"))]
        found.used += [Named("service", hook, user, settings.at(key, _line(value, f"{hook}:"))) for hook in hooks]
        found.used += _contextual(found, settings, key, value)


def _contextual(found: Known, settings: argocd_settings.Settings, key: str, value: Any) -> Iterator[Named]:
    """The keys that a template reads of the context of its own config map, but for those that it asks for first."""
    known = mapping(_parsed(settings.data.get("context")))
    found.names[_CONTEXT] |= {*map(str, known), _GIVEN} if known else set()
    actions = parse.actions(value) if known and isinstance(value, str) else []
    asked = {name for action in actions if _OPTIONAL.search(action) for name in _READ.findall(action)}
    for name in dict.fromkeys(name for action in actions for name in _READ.findall(action)):
        if name not in asked:
            line = next((n for n, text in enumerate(value.splitlines()) if f".context.{name}" in text), 0)
            yield Named(_CONTEXT, name, f"{key!r} of {settings.name}", settings.at(key, line))


def _line(value: Any, name: str) -> int:
    """The line of a block that names something, the first one where none does."""
    lines = str(value).splitlines()
    return next((n for n, line in enumerate(lines) if name in re.split(r"[\s,\[\]'\"]+", line)), 0)


def _recipients(item: Mapping[str, Any], user: str, place: Place) -> Iterator[Named]:
    yield from (Named("trigger", name, user, place) for name in _texts(item.get("triggers")))
    recipients = (text.partition(":")[0] for text in _texts(item.get("recipients")))
    yield from (Named("service", name, user, place) for name in recipients if "$" not in name)


def _parsed(value: Any) -> Any:
    return parse.first(value) if isinstance(value, str) else None


def _texts(value: Any) -> list[str]:
    return [item for item in sequence(value) if isinstance(item, str)]


def subscribed(repository: Repository) -> Iterator[Named]:
    """The triggers and services that annotations of Applications and AppProjects subscribe to."""
    for application in repository.applications:
        held = mapping(mapping(application.data.get("metadata")).get("annotations"))
        for key in held:
            place = application.at("metadata", "annotations", key, at_key=True)
            yield from _named(str(key), f"application {application.name!r}", place)
    for project in repository.manifests("argoproj.io/AppProject"):
        for key in mapping(project.metadata.get("annotations")):
            place = project.place("metadata", "annotations", key, at_key=True)
            yield from _named(str(key), f"project {project.name!r}", place)


def _named(key: str, user: str, place: Place) -> Iterator[Named]:
    """A key is `subscribe.TRIGGER.SERVICE`, or `subscribe.SERVICE` for the default triggers."""
    if not key.startswith(_PREFIX) or "{{" in key:
        return
    parts = key.removeprefix(_PREFIX).split(".")
    if len(parts) > 1:
        yield Named("trigger", parts[0], user, place)
    yield Named("service", parts[1] if len(parts) > 1 else parts[0], user, place)
