"""A step of RollingSync has a `maxUpdate` that Argo CD cannot read.

It is a number, or a text with a percent sign. Any other text is left out, and all applications of the step are
synchronised at once (3.5). What a kustomization patches is judged as it comes out.

Fails:

    # set.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: web
      namespace: argocd
    spec:
      generators:
        - list:
            elements:
              - region: east
      strategy:
        type: RollingSync
        rollingSync:
          steps:
            - matchExpressions:
                - key: region
                  operator: In
                  values: [east]
              maxUpdate: "1"
      template:
        metadata:
          name: web-{{region}}
          labels:
            region: '{{region}}'
        spec:
          project: default
          source:
            repoURL: https://charts.example.com
            chart: web
            targetRevision: 1.2.3
          destination:
            name: in-cluster
            namespace: kube-system

Passes:

    # set.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: web
      namespace: argocd
    spec:
      generators:
        - list:
            elements:
              - region: east
      strategy:
        type: RollingSync
        rollingSync:
          steps:
            - matchExpressions:
                - key: region
                  operator: In
                  values: [east]
              maxUpdate: 1
      template:
        metadata:
          name: web-{{region}}
          labels:
            region: '{{region}}'
        spec:
          project: default
          source:
            repoURL: https://charts.example.com
            chart: web
            targetRevision: 1.2.3
          destination:
            name: in-cluster
            namespace: kube-system
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.assemble import patched
from scaffold.model import Finding, Repository, Severity, dig, is_variable, sequence

ID = "unread-step-limit"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_STEPS = ("spec", "strategy", "rollingSync", "steps")
_PERCENT = re.compile(r"[+-]?\d+%")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such text."""
    for manifest in patched.deployed(repository, "ApplicationSet"):
        for index, step in enumerate(sequence(manifest.get(*_STEPS))):
            limit = dig(step, "maxUpdate")
            if isinstance(limit, str) and not _PERCENT.fullmatch(limit) and not is_variable(limit):
                fact = (
                    f"step {index + 1} of ApplicationSet {manifest.name!r} has maxUpdate {limit!r}, which is left out"
                )
                message = f"{fact}, so all its applications are synchronised at once; {_remedy(limit)}"
                place = manifest.place(*_STEPS, index, "maxUpdate")
                yield Finding(place, ID, message, SEVERITY, subject=f"{manifest.name}/{index}")


def _remedy(limit: str) -> str:
    if limit.isdecimal():
        return f"write {limit} without quotes"
    whole = "".join(limit.split())
    return f"write {whole!r}" if _PERCENT.fullmatch(whole) else "write a number, or one with a percent sign"
