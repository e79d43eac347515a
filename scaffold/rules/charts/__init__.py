"""What Helm makes of a chart otherwise than it looks."""

from scaffold.rules.charts import (
    missing_chart_file,
    overruled_tag,
    scientific_number,
    swallowed_value,
    unknown_helm_hook,
)
from scaffold.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    missing_chart_file,
    overruled_tag,
    scientific_number,
    swallowed_value,
    unknown_helm_hook,
)
