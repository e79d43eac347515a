"""What Prometheus and its operator would refuse, or never look at."""

from scaffold.rules.monitoring import (
    refused_alert,
    unknown_monitor_port,
    unmatched_monitor,
    unreadable_query,
    unselected_monitor,
)
from scaffold.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    refused_alert,
    unknown_monitor_port,
    unmatched_monitor,
    unreadable_query,
    unselected_monitor,
)
