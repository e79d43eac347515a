"""The files themselves, and what was said about them."""

from scaffold.rules.files import (
    duplicate_key,
    not_rendered,
    unfilled_placeholder,
    unused_ignore,
    yaml_syntax,
)
from scaffold.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    duplicate_key,
    not_rendered,
    unfilled_placeholder,
    unused_ignore,
    yaml_syntax,
)
