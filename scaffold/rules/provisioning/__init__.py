"""What is wrong in what makes clusters and machines: Terraform, Atlantis, Ansible."""

from scaffold.rules.provisioning import (
    missing_planted_path,
    refused_atlantis_setting,
    shared_state,
    unknown_inventory_name,
)
from scaffold.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    missing_planted_path,
    refused_atlantis_setting,
    shared_state,
    unknown_inventory_name,
)
