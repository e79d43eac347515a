"""One access in words."""

from __future__ import annotations

from scaffold.report.access.outcome import Access, Deployed

_OUTCOME = "makes it an application that renders as before"


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
    if target.kind == "chart" and "://" in target.path:
        return f"'helm pull {target.path}', then 'gitops-scaffold adopt{_release(target)}' {_OUTCOME}"
    if target.kind in ("chart", "overlay"):
        return f"'gitops-scaffold adopt {target.path}{_release(target)}' {_OUTCOME}"
    return access.pattern.remedy


def _release(target: Deployed) -> str:
    return f" --release {target.release}" if target.release else ""
