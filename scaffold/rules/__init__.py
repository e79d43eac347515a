"""What is checked: one module per rule, its docstring the manual, in registries that can be read, one per directory."""

from __future__ import annotations

from scaffold.rules import (
    argocd,
    charts,
    environments,
    files,
    flux,
    kubernetes,
    kustomize,
    monitoring,
    pipelines,
    provisioning,
    secrets,
)
from scaffold.rules.rule import FILE, OVERLAY, REPOSITORY, RESULT, Rule

__all__ = ["COVERAGE", "FILE", "OVERLAY", "REPOSITORY", "RESULT", "RULES", "Rule", "page", "profiles", "sentence"]

_GROUPS = (
    argocd,
    charts,
    environments,
    files,
    flux,
    kubernetes,
    kustomize,
    monitoring,
    pipelines,
    provisioning,
    secrets,
)

RULES: dict[str, Rule] = {
    rule.ID: rule for rule in sorted((rule for group in _GROUPS for rule in group.RULES), key=lambda rule: rule.ID)
}

COVERAGE = frozenset({"unchecked-kind"})
"""The rules that say what was not looked at: where no profile makes findings of that, the summary has it."""


def sentence(rule: Rule) -> str:
    """The first sentence of a rule's manual."""
    return (rule.__doc__ or "").strip().split("\n\n")[0].replace("\n", " ")


def profiles(rule: Rule) -> tuple[str, ...]:
    """The profiles that ask for a rule; none where every profile does."""
    return getattr(rule, "PROFILES", ())


def page(rule: Rule) -> str:
    """The page that holds a rule's manual, relative to the top of the project."""
    return f"{rule.__name__.rpartition('.')[0].replace('.', '/')}/README.md#{rule.ID}"
