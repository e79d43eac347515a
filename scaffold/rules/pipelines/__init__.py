"""What the repository's own CI lets strangers do."""

from scaffold.rules.pipelines import unlimited_token, unpinned_action, untrusted_checkout
from scaffold.rules.rule import Rule

RULES: tuple[Rule, ...] = (unlimited_token, unpinned_action, untrusted_checkout)
