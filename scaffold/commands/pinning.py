"""What `promote` says and does about pins."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scaffold.commands.pinned import Pinned

if TYPE_CHECKING:
    from scaffold.followed import States
    from scaffold.promote import Wanted
    from scaffold.promote.release import Releases
    from scaffold.publish import Proposal


@dataclass(frozen=True)
class Pinning:
    """The pins that a promotion comes to."""

    pinned: Pinned
    wanted: Wanted

    def write(self, *, dry_run: bool) -> None:
        """Move the pins in the files at hand."""
        with self.pinned.states(fresh=False) as states:
            found = self._found(states)
            self._show(found)
            if found.releases and not dry_run:
                self.pinned.write(states, found.contents(states.pinning.root))
        if found.releases:
            click.echo("nothing is written" if dry_run else "next: gitops-scaffold validate, then commit", err=True)

    def refuse(self) -> None:
        """Raise what moving the pins would raise, before anything else is pushed."""
        with self.pinned.states(fresh=True) as states:
            self._found(states)

    def push(self, *, after: bool = False) -> None:
        """Push the pins, for pull requests one for each team; `after` something else was pushed, none is no news."""
        with self.pinned.states(fresh=True) as states:
            found = self._found(states)
            branch = self.pinned.branch(states) if found.releases else ""
        if not found.releases:
            self._show(found, after=after)
        for each in found.releases:
            wanted = dataclasses.replace(self.wanted, applications=each.applications, others=True)
            one = dataclasses.replace(self, wanted=wanted)
            one.deliver(branch, f"release/{wanted.environment}/{each.pin.team}")

    def deliver(self, branch: str, head: str) -> None:
        """Push them in one commit."""
        from scaffold.promote import release
        from scaffold.publish import Proposal

        found: list[Releases] = []

        def propose(states: States, tree: Path) -> Proposal:
            found.append(self._found(states))
            return Proposal(found[-1].contents(tree), release.message(found[-1]))

        self.pinned.deliver(branch, head, propose)
        self._show(found[-1])

    def announce(self) -> None:
        """Say that a pin moves once what is to be merged is so."""
        from scaffold.promote import release

        with self.pinned.states(fresh=False) as states:
            pinned = release.pinned(states, self.wanted)
        for pin in pinned:
            said = f"{self.wanted.environment} runs the commit that {pin.path} names"
            click.echo(f"{said}; run this again after the merge, and the pin moves", err=True)

    def _found(self, states: States) -> Releases:
        import datetime

        from scaffold.promote import release

        return release.releases(states, self.wanted, datetime.datetime.now(datetime.UTC))

    def _show(self, found: Releases, *, after: bool = False) -> None:
        from scaffold.promote import release

        for item in found.releases:
            for line in release.lines(item):
                click.echo(line)
        for note in found.notes:
            click.echo(note, err=True)
        if not (found.releases or after):
            of = f" of {found.commit[:12]}" if found.commit else ""
            click.echo(f"{self.wanted.environment} has everything{of} already", err=True)
