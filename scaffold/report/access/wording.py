"""One access in words."""

from __future__ import annotations

from scaffold.report.access.outcome import Access, Deployed


def message(access: Access) -> str:
    """`subject, fact; remedy`: the job and what it runs, what that is, what replaces it."""
    subject = f"{access.system} job {access.job!r}, {access.text}" if access.job else f"file {access.text}"
    fact = access.pattern.fact
    if access.via:
        fact += f" (called from {access.via[-1]})"
    if access.untrusted:
        fact += ", and a pull request from a fork can start it"
    return f"{subject} {fact}; {remedy(access)}"


def remedy(access: Access) -> str:
    """What replaces it, with the names that the command gave."""
    target = access.deploys
    if target is None or not target.path:
        return access.pattern.remedy
    if target.kind == "chart":
        return f"make {_named(target)} an application from its chart: 'gitops-scaffold add app'"
    if target.kind == "overlay":
        return f"let an application follow {target.path!r}: 'gitops-scaffold add app'"
    return access.pattern.remedy


def _named(target: Deployed) -> str:
    return f"{target.path!r}" + (f" (release {target.release!r})" if target.release else "")
