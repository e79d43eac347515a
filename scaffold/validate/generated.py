"""Argo CD's settings that kustomizations make of files and literals: what rules of files say of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from scaffold.assemble import argocd_settings
from scaffold.discover import Tree
from scaffold.model import Finding, GeneratedMap, LocatedFinding, Repository, SourceFile
from scaffold.rules import FILE, Rule
from scaffold.validate import asking, locating


def findings(tree: Tree, files: Mapping[str, SourceFile], rules: Sequence[Rule]) -> Iterator[LocatedFinding]:
    """Yield them, each in the file or at the literal that it is about; none has a remedy, since that is for YAML."""
    asked = [rule for rule in rules if rule.SCOPE == FILE]
    for item in argocd_settings.made(tree, files):
        alone = Repository({item.file.path: item.file})
        found = (finding for rule in asked for finding in asking.findings(rule, alone))
        yield from locating.in_files(tree.root, (_moved(finding, item) for finding in found))


def _moved(finding: Finding, made: GeneratedMap) -> Finding:
    related = tuple(made.source(place) for place in finding.related)
    return finding._replace(place=made.source(finding.place), related=related, remedy=None)
