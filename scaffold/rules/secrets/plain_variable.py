"""A variable of a container holds a password, a token or a key in clear text.

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
from scaffold.model import Finding, Repository, Severity, dig, sequence
from scaffold.rules.clear import in_address, is_clear

ID = "plain-variable"
SEVERITY = Severity.ERROR
SCOPE = "file"
_NAME = re.compile(
    r"(?i)(.*_)?((access|admin|api|auth|bearer|bot|client|db|root)?(pass(word|wd|phrase)?|secret|token)"
    r"|(api|access|private|secret)_?key)\Z"
)


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such variable of a workload."""
    for file in repository.files.values():
        for manifest in (part for whole in file.manifests() for part in load.members(whole)):
            for pointer, container in manifest.containers():
                for index, entry in enumerate(sequence(container.get("env"))):
                    name, value = dig(entry, "name"), dig(entry, "value")
                    if not isinstance(name, str) or not isinstance(value, str):
                        continue
                    if (_NAME.match(name) and is_clear(value)) or in_address(value):
                        fact = f"{manifest.named(container)} holds a secret in clear text, variable {name!r}"
                        message = f"{fact}; take it from a Secret, and change it, since Git keeps it"
                        place = manifest.place(*pointer, "env", index, "value")
                        yield Finding(place, ID, message, subject=f"{manifest.name}/{name}")
