"""What `rollback` does where a pin decides."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scaffold.commands.pinned import Pinned

if TYPE_CHECKING:
    from scaffold import staging
    from scaffold.followed import States
    from scaffold.model import Overlay
    from scaffold.pins import Pin
    from scaffold.publish import Proposal
    from scaffold.rollback import Wanted
    from scaffold.rollback.pinned import Return


@dataclass(frozen=True)
class Returning:
    """A way back by the pin of a team; the hold goes where the overlay is, which may be another branch."""

    pinned: Pinned
    wanted: Wanted
    now: datetime.datetime

    def is_pinned(self) -> bool:
        """Tell whether a pin decides what the application runs.

        Raises ScaffoldError where one does that stands in a repository which is not given.
        """
        from scaffold.errors import ScaffoldError

        with self.pinned.states(fresh=self.pinned.chosen.push) as states:
            where = states.pinned_elsewhere(self.wanted.environment)
            if where:
                fact = f"what {self.wanted.environment!r} runs, a pin in {where} says"
                raise ScaffoldError(f"{fact}; --fleet PATH takes that back, --alone the files for the next release")
            return self._pin(states)[1] is not None

    def write(self, *, dry_run: bool) -> int:
        """Move the pin in the files at hand, and write the hold."""
        from scaffold import staging

        with self.pinned.states(fresh=False) as states:
            found = self._found(states)
            self._show(found)
            if not dry_run:
                self.pinned.write(states, found.contents(states.pinning.root))
                staging.files(self.pinned.chosen.root, self._held(found, self.pinned.chosen.root))
        click.echo("nothing is written" if dry_run else "next: gitops-scaffold validate, then commit", err=True)
        return 0

    def push(self) -> int:
        """Push the pin, and the hold with it or to the branch where the overlay is."""
        from scaffold import followed
        from scaffold.publish import Proposal
        from scaffold.rollback import pinned

        with self.pinned.states(fresh=True) as states:
            branch = self.pinned.branch(states)
        apart = bool(self.pinned.fleet or followed.branch(self.pinned.chosen.root, self.wanted.environment))
        name = self.wanted.application.replace("/", "-")
        head = f"rollback/{self.wanted.environment}/{name}"
        found: list[Return] = []

        def propose(states: States, tree: Path) -> Proposal:
            found.append(self._found(states))
            held = {} if apart else self._held(found[-1], tree)
            return Proposal({**found[-1].contents(tree), **held}, pinned.message(found[-1], self.wanted))

        self.pinned.deliver(branch, head, propose)
        if apart:
            self._hold(found[-1], head)
        self._show(found[-1])
        return 0

    def _hold(self, found: Return, head: str) -> None:
        """Push the hold alone."""
        from scaffold.choice import full_name
        from scaffold.publish import Proposal

        chosen = self.pinned.chosen.towards(self.wanted.environment)
        title = f"Hold {full_name(found.overlay)} in {found.pin.environment} at {found.commit[:12]}"
        said = f"{title}\n\n{self.wanted.reason}\n"
        chosen.deliver(lambda tree: Proposal(self._held(found, tree), said), head if chosen.pull_request else "")

    def _held(self, found: Return, root: Path) -> dict[str, staging.Content | None]:
        return found.held(root, self.wanted, self.now)

    def _pin(self, states: States) -> tuple[Overlay, Pin | None]:
        from scaffold.choice import chosen

        known = states.of(self.wanted.environment).layout
        (overlay, *_) = chosen(known, self.wanted.environment, [self.wanted.application])
        return overlay, states.pin(overlay)

    def _found(self, states: States) -> Return:
        from scaffold.rollback import pinned

        overlay, pin = self._pin(states)
        assert pin is not None
        return pinned.plan(states, overlay, pin, self.wanted)

    def _show(self, found: Return) -> None:
        for line in found.lines():
            click.echo(line)
