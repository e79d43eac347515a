"""A container, an issuer, a store or a backup needs a key that its ConfigMap or Secret does not have.

A container does not start: it waits in `CreateContainerConfigError`, or its volume in `ContainerCreating`. An issuer of
cert-manager 1.19, a store of External Secrets and a backup of CloudNativePG or K8up do not get ready, or fail; the
Secrets of a ClusterIssuer are those of namespace `cert-manager`. Keys are judged where the same overlay renders what
lists all of them: a ConfigMap, a Secret, a SealedSecret, or an ExternalSecret that fetches them one by one. References
marked `optional` are not looked at, nor keys of what an annotation has a controller fill in, a generator of secrets for
one.

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
            - name: MODE
              valueFrom:
                configMapKeyRef:
                  name: web-settings
                  key: MODUS
    # settings.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web-settings
    data:
      MODE: quiet

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
            - name: MODE
              valueFrom:
                configMapKeyRef:
                  name: web-settings
                  key: MODE
    # settings.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web-settings
    data:
      MODE: quiet
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import config_keys, key_selectors
from scaffold.model import Finding, Manifest, Repository, Severity, is_variable
from scaffold.nearest import near

ID = "missing-config-key"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_NAMED = 5  # keys that a message names


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every key that a pod, or what an operator reads, asks for in vain."""
    for overlay in repository.overlays.values():
        known = config_keys.known(overlay)
        pods = ((pod.manifest, wanted) for pod in overlay.pods for wanted in config_keys.asked(pod))
        read = ((each, wanted) for each in overlay.of(*key_selectors.KINDS) for wanted in key_selectors.asked(each))
        for manifest, wanted in (*pods, *read) if known else ():
            keys = known.get(wanted.holder)
            if keys and wanted.key not in keys and not is_variable(wanted.key):
                yield _finding(manifest, wanted, keys)


def _finding(manifest: Manifest, wanted: config_keys.Asked, keys: frozenset[str]) -> Finding:
    holder = f"{wanted.holder.kind} {wanted.holder.name!r}"
    fact = f"{manifest.kind} {manifest.name!r} needs key {wanted.key!r} of {holder}, which does not have it"
    return Finding(manifest.place(*wanted.pointer), ID, f"{fact}; {_remedy(wanted.key, keys)}")


def _remedy(key: str, keys: frozenset[str]) -> str:
    guess = near(key, keys)
    if guess:
        return f"did you mean {guess!r}?"
    named = ", ".join(sorted(keys)[:_NAMED])
    return f"it has {named}" if len(keys) <= _NAMED else f"it has {named} and {len(keys) - _NAMED} more"
