"""A container uses a variable that is not set where it is used.

The kubelet puts values for `$(NAME)` in values of variables, commands and arguments. It leaves what it does not know as
it is, and knows in the value of a variable only those that stand before it. Nothing is said of a container that takes
variables from elsewhere, nor of what a shell is given, where `$(name)` is a command; so may it be in a text of several
lines and in a name with small letters, unless that is a slip of a variable that is set. Those are left alone, too, that
clouds and agents give to pods by themselves, such as `AWS_REGION`.

Fails:

    # pod.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.0.0
          env:
            - name: STORE
              value: https://$(STORE_HOST)/v1
            - name: STORE_HOST
              value: store.example.com

Passes:

    # pod.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.0.0
          env:
            - name: STORE_HOST
              value: store.example.com
            - name: STORE
              value: https://$(STORE_HOST)/v1
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.model import Container, Finding, Pod, Repository, Severity, is_variable, mapping, sequence
from scaffold.nearest import misspelled

ID = "unexpanded-variable"
SEVERITY = Severity.WARNING
SCOPE = "overlay"
_USE = re.compile(r"\$\$|\$\(([A-Za-z_]\w*)\)", re.ASCII)
_OF_SERVICE = re.compile(r"_(?:SERVICE_HOST|SERVICE_PORT\w*|PORT\w*)\Z")
_CAPITALS = re.compile(r"[A-Z_][A-Z0-9_]*\Z")
_INJECTED = re.compile(r"AWS_|AZURE_|GOOGLE_|DD_|DT_|INSTANA_|K_|OTEL_")  # by webhooks that see the pod later
_SHELL = re.compile(r"(?:^|/)(?:ba|da|z|k|a)?sh\b")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every use of a variable that the kubelet leaves as it is."""
    for overlay in repository.overlays.values():
        for pod in overlay.pods:
            for container in pod.containers:
                if not container.data.get("envFrom"):
                    yield from _in_variables(pod, container)
                    yield from _in_arguments(pod, container)


def _in_variables(pod: Pod, container: Container) -> Iterator[Finding]:
    names = _names(container)
    for index, data in enumerate(map(mapping, sequence(container.data.get("env")))):
        value, name = data.get("value"), data.get("name")
        for used in _uses(value, set(names[:index])):
            subject = f"{pod.named(container)}, variable {name!r}"
            place = pod.manifest.place(*container.pointer, "env", index, "value")
            if used in names[index + 1 :]:
                why = f"as {used!r} is set after it; set it before"
            elif used == name:
                why = "as it is not set before; write the whole value"
            else:
                why = _unset(container, used, value, {*names} - {str(name)})
            if why:
                yield Finding(place, ID, f"{subject} uses '$({used})', which stays as it is, {why}", SEVERITY)


def _in_arguments(pod: Pod, container: Container) -> Iterator[Finding]:
    words = [(field, i, word) for field in ("command", "args") for i, word in _words(container, field)]
    if any(_SHELL.search(word) for _, _, word in words):
        return
    names = set(_names(container))
    for field, index, word in words:
        for used in _uses(word, names):
            if why := _unset(container, used, word, names):
                fact = f"{pod.named(container)} is given '$({used})', which stays as it is, {why}"
                yield Finding(pod.manifest.place(*container.pointer, field, index), ID, fact, SEVERITY)


def _unset(container: Container, used: str, value: object, names: set[str]) -> str:
    """What is said of a variable that nothing sets; nothing of what may be no variable, or is set by others."""
    if guess := misspelled(used, names):
        return f"as no such variable is set; did you mean {guess!r}?"
    whole = "image" in container.data and "\n" not in str(value)
    told = whole and _CAPITALS.match(used) and not _INJECTED.match(used)
    return "as no such variable is set; set it, or write the value itself" if told else ""


def _words(container: Container, field: str) -> Iterator[tuple[int, str]]:
    return ((i, word) for i, word in enumerate(sequence(container.data.get(field))) if isinstance(word, str))


def _names(container: Container) -> list[str]:
    return [str(mapping(entry).get("name")) for entry in sequence(container.data.get("env"))]


def _uses(text: object, known: set[str]) -> list[str]:
    """The unknown variables that a text uses; those of Services the kubelet sets by itself."""
    if not isinstance(text, str) or "$(" not in text or is_variable(text):
        return []
    used = dict.fromkeys(found[1] for found in _USE.finditer(text) if found[1])
    return [name for name in used if name not in known and not _OF_SERVICE.search(name)]
