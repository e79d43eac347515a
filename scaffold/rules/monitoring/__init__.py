"""What Prometheus and its operator would refuse, or never look at."""

from scaffold.rules.monitoring import (
    foreign_alert_route,
    long_scrape_timeout,
    refused_alert,
    refused_alert_route,
    removed_metric,
    unapplied_log_retention,
    undefined_collector_component,
    unimported_by_grafana,
    unknown_monitor_port,
    unmatched_monitor,
    unreachable_receiver,
    unreached_alert_route,
    unreached_route_in_file,
    unread_dashboard,
    unreadable_query,
    unselected_monitor,
    void_quantile,
)
from scaffold.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    foreign_alert_route,
    long_scrape_timeout,
    refused_alert,
    refused_alert_route,
    removed_metric,
    unapplied_log_retention,
    undefined_collector_component,
    unimported_by_grafana,
    unknown_monitor_port,
    unmatched_monitor,
    unreachable_receiver,
    unreached_alert_route,
    unreached_route_in_file,
    unread_dashboard,
    unreadable_query,
    unselected_monitor,
    void_quantile,
)
