"""A file is not YAML.

Nothing in it reaches an engine: kustomize refuses the whole overlay, and Argo CD reports a ComparisonError.

Fails:

    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: [web

Passes:

    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold import load
from scaffold.model import Finding, Place, Repository, Severity
from scaffold.rules import templated

ID = "yaml-syntax"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield the first place of a file that cannot be parsed, and is neither a template nor copied as it is.

    One beside a chart, and none that Helm reads, may be a template too.
    What a placeholder makes unreadable is told by `unfilled-placeholder`.
    """
    copied, sources = load.copied(repository.kustomizations), templated.directories(repository)
    for path, file in repository.files.items():
        if not file.problem or path in copied or templated.is_of_chart(repository, file):
            continue
        if not templated.is_one(file, sources):
            place = Place(path, line=file.problem.line, column=file.problem.column)
            yield Finding(place, ID, f"the file is not YAML, {file.problem.text}; mend it there", subject="syntax")
