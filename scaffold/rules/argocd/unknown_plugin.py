"""An Application names a plugin otherwise than Argo CD knows it.

A plugin that declares a version is known as `name-version`, and one without by its name alone: the socket is called so,
and by any other name no plugin is found (Argo CD 3.5, `cmpserver/plugin/config.go`). Plugins that are not declared
here, be it in a file, a config map or values of the chart, also those in an Application or a HelmRelease, are not
judged, nor are Applications that leave it to the plugins to discover what is theirs.

Fails:

    # plugin.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ConfigManagementPlugin
    metadata:
      name: cue
    spec:
      version: v1.2
      generate:
        command: [cue, cmd, dump]
    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/web.git
        targetRevision: 1.2.3
        path: deploy
        plugin:
          name: cue
      destination:
        name: in-cluster
        namespace: kube-system

Passes:

    # plugin.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ConfigManagementPlugin
    metadata:
      name: cue
    spec:
      version: v1.2
      generate:
        command: [cue, cmd, dump]
    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/web.git
        targetRevision: 1.2.3
        path: deploy
        plugin:
          name: cue-v1.2
      destination:
        name: in-cluster
        namespace: kube-system
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.assemble import plugins
from scaffold.assemble.plugins import Plugin
from scaffold.expand.sources import used_sources
from scaffold.model import Finding, Place, Repository, Severity, dig
from scaffold.model.values import text

ID = "unknown-plugin"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_VERSION = re.compile(r"v?[0-9][\w.+-]*")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such name once, where it stands."""
    known = plugins.declared(repository)
    addresses, seen = {plugin.address for plugin in known}, set()
    for user, name, place in _named(repository) if known else ():
        meant = "" if name in addresses else _meant(name, known)
        if meant and place not in seen:
            seen.add(place)
            plugin = next(plugin for plugin in known if plugin.address == meant)
            fact = "declares that version" if plugin.version else "declares no version"
            message = f"{user} takes plugin {name!r}, which Argo CD knows as {meant!r}, since {{0}} {fact}; write that"
            yield Finding(place, ID, message, subject=f"{user}/{name}", related=(plugin.place,), guess=meant)


def _named(repository: Repository) -> Iterator[tuple[str, str, Place]]:
    for application in repository.foreseen:
        for pointer, source in used_sources(application.data):
            name = text(dig(source, "plugin", "name"))
            yield f"application {application.name!r}", name, application.at(*pointer, "plugin", "name")


def _meant(name: str, known: list[Plugin]) -> str:
    """The one plugin that has the name but for its version; none has a name that is to be filled in."""
    alike = {plugin.address for plugin in known if plugin.name == name or _is_versioned(name, plugin.name)}
    return next(iter(alike)) if len(alike) == 1 else ""


def _is_versioned(name: str, plugin: str) -> bool:
    rest = name.removeprefix(f"{plugin}-")
    return rest != name and _VERSION.fullmatch(rest) is not None
