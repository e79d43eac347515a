"""What is wrong, and what was not looked at."""

from __future__ import annotations

import dataclasses
import enum
import hashlib
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from scaffold.model.places import NOWHERE, Identity, Location, Place


class Severity(enum.StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Confidence(enum.StrEnum):
    """How sure a finding is: high is what the engine does, medium what it will most likely do."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Remedy(NamedTuple):
    """The only right change: what the value at the finding's place, or its key where that is the place, has to become.

    It holds for a place that still says what it was. `place` is filled in when the finding is located.
    """

    was: str
    becomes: str
    place: Place = NOWHERE


class Finding(NamedTuple):
    """One flaw in the user's repository.

    `message` may hold `{0}`, `{1}`… for the places in `related`; `subject` is what the fingerprint is made from, so it
    names the flaw without line numbers and without the wording. `excuse` is what an annotation of the object says to
    silence it, filled in by whoever asks the rule. `unless` is an object that settles it where another overlay renders
    it, or its controller makes it. `guess` is the name that was meant, where only one can be. `rather` is the other
    half of a conflict, whose place is told where a patch sets that and the object's own file the first.
    """

    place: Place
    rule: str
    message: str
    severity: Severity = Severity.ERROR
    confidence: Confidence = Confidence.HIGH
    subject: str = ""
    related: tuple[Place, ...] = ()
    excuse: str = ""
    remedy: Remedy | None = None
    unless: Identity | None = None
    guess: str = ""
    rather: Place | None = None

    @property
    def overlay(self) -> str:
        """The overlay that shows it, as a place names it."""
        return self.place.overlay

    def surely(self, message: str) -> Self:
        """The same as something that the engine does, told in other words."""
        return self._replace(message=message, confidence=Confidence.HIGH)


@dataclass(frozen=True, order=True, slots=True)
class LocatedFinding:
    """A finding whose place has become a line and a column; what reporters print."""

    location: Location
    rule: str
    message: str
    severity: Severity = Severity.ERROR
    confidence: Confidence = Confidence.HIGH
    fingerprint: str = ""
    overlay: str = ""
    excuse: str = ""
    remedy: Remedy | None = field(default=None, compare=False)
    unless: Identity | None = field(default=None, compare=False)

    def surely(self, message: str) -> Self:
        """The same as something that the engine does, told in other words."""
        return dataclasses.replace(self, message=message, confidence=Confidence.HIGH)


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was not rendered or not checked, and why."""

    path: str
    reason: str


def fingerprint(rule: str, path: str, subject: str) -> str:
    """A name for a flaw that survives moved lines and reworded messages."""
    return hashlib.blake2b(f"{rule}\0{path}\0{subject}".encode(), digest_size=10).hexdigest()
