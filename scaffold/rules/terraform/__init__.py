"""What is wrong in the Terraform that plants a fleet, and in what it is planned with."""

from scaffold.rules.rule import Rule
from scaffold.rules.terraform import (
    shared_state,
)

RULES: tuple[Rule, ...] = (shared_state,)
