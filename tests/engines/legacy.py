"""What somebody deployed by hand before there was a fleet, and runs."""

from __future__ import annotations

from pathlib import Path

import yaml

from engines.kube import Kube
from engines.processes import Keeper

ARGUMENTS = ("--team", "checkout", "--app", "legacy", "-e", "dev=live.yaml")
_LEGACY = """\
apiVersion: v1
kind: Service
metadata: {name: legacy, labels: {app: legacy}}
spec: {selector: {app: legacy}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: legacy, labels: {app: legacy}}
spec:
  selector: {matchLabels: {app: legacy}}
  template:
    metadata: {labels: {app: legacy}}
    spec:
      automountServiceAccountToken: false
      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
      containers:
        - name: legacy
          image: registry.example.com/checkout/legacy:1.0.0
          resources: {requests: {cpu: 10m, memory: 32Mi}, limits: {memory: 32Mi}}
          securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
"""
_KINDS = (("v1", "Service"), ("apps/v1", "Deployment"))


def running(kube: Kube, keeper: Keeper, namespace: str, directory: Path) -> Path:
    """Deploy it and wait for its pod; returns the file that `kubectl get --output yaml` would write."""
    kube.apply(*yaml.safe_load_all(_LEGACY), namespace=namespace)
    keeper.wait("it runs", 60, lambda: any(_is_ours(item, namespace) for item in kube.items("v1", "Pod")))
    live = [
        {"apiVersion": version, "kind": kind, **kube.get(version, kind, namespace, "legacy")}
        for version, kind in _KINDS
    ]
    path = directory / "live.yaml"
    path.write_text(yaml.safe_dump({"apiVersion": "v1", "kind": "List", "items": live}))
    return path


def _is_ours(item: dict[str, dict[str, str]], namespace: str) -> bool:
    return item["metadata"]["namespace"] == namespace and item["metadata"]["name"].startswith("legacy")
