"""A variable of a container, or a ConfigMap, holds a password, a token or a key in clear text.

Everybody who reads the repository, or may look at the object in the cluster, knows it. So it is with one within an
address, such as that of a database. What is a path, a name, a placeholder or a word without digits is none.

Fails:

    # deployment.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      replicas: 1
      selector:
        matchLabels:
          app: web
      template:
        metadata:
          labels:
            app: web
        spec:
          containers:
            - name: web
              image: registry.example.com/web:1.0.0
              env:
                - name: DATABASE_PASSWORD
                  value: fK2rt8WqLz5u

Passes:

    # deployment.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      replicas: 1
      selector:
        matchLabels:
          app: web
      template:
        metadata:
          labels:
            app: web
        spec:
          containers:
            - name: web
              image: registry.example.com/web:1.0.0
              env:
                - name: DATABASE_PASSWORD
                  valueFrom:
                    secretKeyRef:
                      name: database
                      key: password
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold import load
from scaffold.model import Finding, Manifest, Pointer, Repository, Severity, dig, mapping, sequence
from scaffold.rules.clear import in_address, is_clear

ID = "plain-variable"
SEVERITY = Severity.ERROR
SCOPE = "file"
_OF_ARGOCD = ("argocd-cm", "argocd-notifications-cm")
_NAME = re.compile(
    r"(?i)(.*_)?((access|admin|api|auth|bearer|bot|client|db|root)?(pass(word|wd|phrase)?|secret|token)"
    r"|(api|access|private|secret)_?key)\Z"
)
_SETTING = re.compile(r"""(?m)^[ \t]*["']?([\w.-]+)["']?[ \t]*[:=][ \t]*["']?([^\s"',;]+)["']?[ \t]*,?[ \t]*$""")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such variable of a workload, and every such key of a ConfigMap."""
    for file in repository.files.values():
        for manifest in (part for whole in file.manifests() for part in load.members(whole)):
            for pointer, said, name, value in (*_variables(manifest), *_keys(manifest)):
                if (_NAME.match(name) and is_clear(value)) or in_address(value):
                    message = f"{said}; take it from a Secret, and change it, since Git keeps it"
                    yield Finding(manifest.place(*pointer), ID, message, subject=f"{manifest.name}/{name}")


def _variables(manifest: Manifest) -> Iterator[tuple[Pointer, str, str, str]]:
    for pointer, container in manifest.containers():
        for index, entry in enumerate(sequence(container.get("env"))):
            name, value = dig(entry, "name"), dig(entry, "value")
            if isinstance(name, str) and isinstance(value, str):
                said = f"{manifest.named(container)} holds a secret in clear text, variable {name!r}"
                yield (*pointer, "env", index, "value"), said, name, value


def _keys(manifest: Manifest) -> Iterator[tuple[Pointer, str, str, str]]:
    """The keys of a ConfigMap, and the settings of a file in it, each in its line; the first that tells is enough.

    Those of Argo CD itself are for `plain-value`.
    """
    whose = f"ConfigMap {manifest.name!r} holds a secret in clear text"
    plain = manifest.kind == "ConfigMap" and manifest.name not in _OF_ARGOCD
    for key, value in mapping(manifest.get("data")).items() if plain else ():
        if not isinstance(value, str):
            continue
        if "\n" not in value.strip():
            yield ("data", key), f"{whose}, key {key!r}", str(key), value
        for found in _SETTING.finditer(value) if "\n" in value else ():
            name, text = found.groups()
            last = re.split(r"[.-]", name)[-1]
            if _NAME.match(last) and is_clear(text):
                line = value.count("\n", 0, found.start())
                yield ("data", key, line), f"{whose}, {name!r} of key {key!r}", last, text
                break
