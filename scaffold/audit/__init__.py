"""Who still deploys behind Git's back: every CI pipeline of a repository to findings, each with what replaces it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scaffold import discover, load
from scaffold.audit import kubeconfigs, systems
from scaffold.audit.jobs import Sources
from scaffold.audit.judging import Access, Judged, judge
from scaffold.audit.patterns import PATTERNS
from scaffold.errors import NothingCheckedError
from scaffold.model import Location

__all__ = ["Access", "Audit", "audit"]


@dataclass(frozen=True)
class Audit:
    """What was found, worst first within a file, and what it covers: files, jobs and commands looked at.

    `unresolved` names what stands elsewhere and was not followed; `aside` what was found harmless, and why.
    """

    accesses: tuple[Access, ...]
    unresolved: tuple[tuple[Location, str], ...]
    aside: tuple[tuple[Location, str], ...]
    files: int
    jobs: int
    commands: int


def audit(root: Path) -> Audit:
    """Audit the repository at a root; raises NothingCheckedError where no pipeline is found."""
    tree = discover.tree(root)
    sources = Sources(root, frozenset((*tree.yaml, *tree.others)), tree.directories)
    found = list(systems.jobs(sources))
    result = Judged()
    for job in found:
        judge(sources, job, result)
    for remark in kubeconfigs.committed(sources):
        pattern = PATTERNS[remark.pattern]
        result.accesses.append(Access(pattern, pattern.severity, remark.place, repr(remark.subject), "file", ""))
    if not found and not result.accesses:
        raise NothingCheckedError(f"no pipeline stands below {str(root)!r}; name the root of a repository with CI")
    accesses = _merged(_spoken(sources, result))
    return Audit(
        accesses,
        tuple(sorted(set(result.unresolved))),
        tuple(sorted(set(result.aside))),
        len({job.place.path for job in found}),
        len(found),
        result.commands,
    )


def _spoken(sources: Sources, result: Judged) -> list[Access]:
    """What no comment `# gitops-scaffold: ignore PATTERN: why` on its line takes away; what one does is set aside."""
    kept = []
    for access in result.accesses:
        place = access.place
        comments = load.ignores(sources.text(place.path) or "")
        reasons = [item.reason for item in comments if (item.covers, item.rule) == (place.line, access.pattern.id)]
        if any(reasons):
            result.aside.append((place, f"{access.pattern.id} is ignored, {reasons[0]}"))
        else:
            kept.append(access)
    return kept


def _merged(accesses: list[Access]) -> tuple[Access, ...]:
    """Each place and pattern once, however many jobs lead there; the first one is named."""
    known: dict[tuple[Location, str], Access] = {}
    for access in accesses:
        known.setdefault((access.place, access.pattern.id), access)
    return tuple(sorted(known.values(), key=lambda access: (access.place, access.pattern.id)))
