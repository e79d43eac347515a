"""What must not stand in Git, and who may read what is hidden there."""

from scaffold.rules.rule import Rule
from scaffold.rules.secrets import (
    half_encrypted,
    malformed_creation_rule,
    narrow_creation_rule,
    plain_secret,
    plain_value,
    plain_variable,
    stale_recipients,
    unmatched_creation_rule,
    unsealed_value,
)

RULES: tuple[Rule, ...] = (
    half_encrypted,
    malformed_creation_rule,
    narrow_creation_rule,
    plain_secret,
    plain_value,
    plain_variable,
    stale_recipients,
    unmatched_creation_rule,
    unsealed_value,
)
