"""What must not stand in Git."""

from scaffold.rules.rule import Rule
from scaffold.rules.secrets import (
    plain_secret,
)

RULES: tuple[Rule, ...] = (plain_secret,)
