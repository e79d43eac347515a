"""Which rules a run asks: what the profile has, and what the settings say of it."""

from __future__ import annotations

from collections.abc import Iterator

from scaffold import parse
from scaffold.errors import SettingsError
from scaffold.model import Pointer
from scaffold.nearest import hint
from scaffold.rules import COVERAGE, RULES, Rule, profiles
from scaffold.settings import NAME, Settings


def rules(known: Settings) -> list[Rule]:
    """The rules that the profile asks for or the settings turn on, be it for some paths only, and those of the summary.

    Raises SettingsError for a rule that nobody knows.
    """
    _refuse_unknown(known)
    on = {name for override in known.exceptions for name, level in override.rules.items() if level != "off"}
    on |= {name for name, level in known.rules.items() if level != "off"}
    off = {name for name, level in known.rules.items() if level == "off"} - on
    asked_for = {name for name, rule in RULES.items() if asked(rule, known.profile)}
    active = on | (asked_for - off) | COVERAGE
    return [rule for name, rule in RULES.items() if name in active]


def asked(rule: Rule, profile: str) -> bool:
    """Tell whether a profile asks for a rule."""
    return profile in (profiles(rule) or (profile,))


def _refuse_unknown(known: Settings) -> None:
    for pointer, name in _named(known):
        if name not in RULES:
            line, column = parse.locate(known.text, 0, pointer, at_key=True)
            raise SettingsError(f"{NAME}:{line}:{column}: rule {name!r} is unknown; {hint(name, RULES)}")


def _named(known: Settings) -> Iterator[tuple[Pointer, str]]:
    """The rules that the settings name, each with where they do."""
    yield from ((("rules", name), name) for name in known.rules)
    for number, override in enumerate(known.overrides):
        yield from ((("overrides", number, "rules", name), name) for name in override.rules)
    for number, entry in enumerate(known.ignore):
        yield from ((("ignore", number, "rules", index), str(name)) for index, name in enumerate(entry.rules))
