"""What an engine will do otherwise than what deployed it before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from scaffold.adopt.nouns import Objects
from scaffold.compare import engine_objects
from scaffold.model import dig, mapping

_HOOKS = {
    "pre-install": "before every synchronisation",
    "pre-upgrade": "before every synchronisation",
    "post-install": "after every synchronisation",
    "post-upgrade": "after every synchronisation",
    "pre-delete": "when the application is deleted",
    "post-delete": "when the application is deleted",
    "crd-install": "like any other object",
}
_RANDOM = re.compile(r"\b(?:rand(?:Alpha|Numeric|Ascii)\w*|gen\w*(?:Cert|CA|Key)\w*|uuidv4|now|htpasswd|bcrypt)\b")
_ASKS = re.compile(r"\.Release\.(?P<word>IsUpgrade|IsInstall|Revision)\b")
_INSTANCE = "app.kubernetes.io/instance"


def of_objects(before: Mapping[str, Objects]) -> Iterator[str]:
    """Hooks, which an engine runs at other times."""
    for item in (item for objects in before.values() for item in objects):
        name = f"{item.get('kind')} {dig(item, 'metadata', 'name')}"
        hooks = str(mapping(dig(item, "metadata", "annotations")).get("helm.sh/hook") or "")
        for hook in filter(None, (part.strip() for part in hooks.split(","))):
            yield f"{name} is a hook {hook}: Argo CD runs it {_HOOKS.get(hook, 'never')}"


def of_namespaces(before: Mapping[str, Objects], namespaces: Mapping[str, str]) -> Iterator[str]:
    """Namespaces that are not the one that the application is deployed to."""
    for environment, objects in before.items():
        theirs = {str(there) for item in objects if (there := dig(item, "metadata", "namespace")) is not None}
        for there in sorted(theirs - {namespaces[environment]}):
            fact = f"objects of {environment} are in namespace {there!r}, and the team's is {namespaces[environment]!r}"
            yield f"{fact}, outside of which it may deploy nothing; move them, or name another team"


def of_releases(before: Mapping[str, Objects], namespaces: Mapping[str, str]) -> Iterator[str]:
    """The releases of Helm that an engine goes on with, as their objects render as before."""
    for environment, objects in before.items():
        for item in objects:
            if item.get("kind") == "HelmRelease" and str(item.get("apiVersion")).startswith("helm.toolkit.fluxcd.io/"):
                release = engine_objects.release(item, namespaces[environment])
                yield f"HelmRelease {dig(item, 'metadata', 'name')} of {environment} stays release {release}"


def of_chart(chart: Path) -> Iterator[str]:
    """What templates ask for and do not get from an engine, or get anew each time."""
    for path in sorted((chart / "templates").rglob("*")):
        if path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            yield from (f"{path.name} {fact}" for fact in _facts(text))
    yield "Helm's own record of the release stays in the cluster; never run 'helm uninstall', but delete its Secrets"


def _facts(text: str) -> Iterator[str]:
    if re.search(r"\blookup\b", text):
        yield "looks objects up in the cluster, which finds none when an engine renders"
    for word in sorted(set(_RANDOM.findall(text))):
        yield f"uses {word}, which gives something else at every rendering"
    for word in sorted(set(_ASKS.findall(text))):
        yield f"asks for .Release.{word}, which an engine does not know"
    if _INSTANCE in text and "matchLabels" in text:
        yield f"selects by {_INSTANCE}, which Argo CD overwrites where it tracks by label; track by annotation"
