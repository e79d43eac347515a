"""What must not stand in Git."""

from scaffold.rules.rule import Rule
from scaffold.rules.secrets import half_encrypted, plain_secret

RULES: tuple[Rule, ...] = (half_encrypted, plain_secret)
