"""Argo CD's settings that kustomizations make of files and literals: what rules of files say of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from scaffold import load
from scaffold.assemble.argocd_settings import generating, of_generators, reader
from scaffold.discover import Tree
from scaffold.model import Finding, GeneratedMap, LocatedFinding, Repository, SourceFile
from scaffold.rules import FILE, Rule
from scaffold.validate import asking, locating


def findings(tree: Tree, files: Mapping[str, SourceFile], rules: Sequence[Rule]) -> Iterator[LocatedFinding]:
    """Yield them, each in the file or at the literal that it is about; none has a remedy, since that is for YAML."""
    read = reader(tree)
    asked = [rule for rule in rules if rule.SCOPE == FILE]
    for item in load.kustomizations(generating(files)).values():
        for made in of_generators(item, read):
            alone = Repository({made.file.path: made.file})
            found = (finding for rule in asked for finding in asking.findings(rule, alone))
            yield from locating.in_files(tree.root, (_moved(finding, made) for finding in found))


def _moved(finding: Finding, made: GeneratedMap) -> Finding:
    related = tuple(made.source(place) for place in finding.related)
    return finding._replace(place=made.source(finding.place), related=related, remedy=None)
