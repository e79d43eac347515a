"""A Secret of a cluster has a `config` that is no JSON.

Argo CD then cannot read the cluster, and nothing is deployed there. What something fills in later is not looked at.

Fails:

    # prod.yaml
    apiVersion: v1
    kind: Secret
    metadata:
      name: prod
      namespace: argocd
      labels:
        argocd.argoproj.io/secret-type: cluster
    stringData:
      name: prod
      server: https://prod.example.com
      config: |
        {
          "tlsClientConfig": {
            "insecure": false,
          }
        }

Passes:

    # prod.yaml
    apiVersion: v1
    kind: Secret
    metadata:
      name: prod
      namespace: argocd
      labels:
        argocd.argoproj.io/secret-type: cluster
    stringData:
      name: prod
      server: https://prod.example.com
      config: |
        {
          "tlsClientConfig": {
            "insecure": false
          }
        }
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.assemble import written
from scaffold.model import Finding, Repository, Severity, dig, mapping
from scaffold.rules import json_texts

ID = "broken-cluster-config"
SEVERITY = Severity.ERROR
SCOPE = "file"
_LABEL = "argocd.argoproj.io/secret-type"
_FILLED = re.compile(r"\$|\{\{|<[a-z]+:|ENC\[")  # by Flux, a template, a plugin, SOPS


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every config that cannot be read."""
    for manifest in written.manifests(repository, "/Secret"):
        config = dig(manifest.data, "stringData", "config")
        labelled = mapping(manifest.metadata.get("labels")).get(_LABEL) == "cluster"
        if not labelled or not isinstance(config, str) or not config.strip() or _FILLED.search(config):
            continue
        if found := _flaw(config):
            line, why = found
            fact = f"Secret {manifest.name!r} of a cluster has a config that is no JSON, {why}"
            message = f"{fact}, so that Argo CD cannot use it; mend it"
            yield Finding(manifest.place("stringData", "config", line), ID, message, subject=manifest.name)


def _flaw(config: str) -> tuple[int, str] | None:
    try:
        found = json_texts.read(config)
    except json_texts.FlawError as error:
        return error.line - 1, f"{error} in its line {error.line}"
    return None if isinstance(found, dict) else (0, "but no map")
