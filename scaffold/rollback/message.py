"""The commit message of a rollback."""

from __future__ import annotations

from scaffold import instants
from scaffold.choice import full_name
from scaffold.rollback.going import Plan, Wanted


def message(plan: Plan, wanted: Wanted, head: str) -> str:
    """The commit message, with trailers that a later rollback reads; `head` is the commit that it goes back from."""
    title = f"Roll back {full_name(plan.overlay)} in {plan.overlay.environment} to {plan.target.commit[:12]}"
    undone = ["Takes back, in its own files:", *(f"- {state}" for state in plan.undone)] if plan.undone else []
    held = [f"Held until {instants.written(wanted.until)}."] if wanted.until else []
    parts = [[wanted.reason], plan.versions, undone, plan.notes, held]
    body = "\n\n".join("\n".join(part) for part in parts if part)
    trailers = [f"Rolled-back-to: {plan.target.commit}", f"Environment: {plan.overlay.environment}"]
    if plan.undone:
        trailers.append(f"Rolled-back-from: {head}")
    return f"{title}\n\n{body}\n\n" + "\n".join(trailers) + "\n"
