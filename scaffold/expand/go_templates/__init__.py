"""Go's text/template with sprig 3.3 and Argo CD's own functions, as far as it can be told without running Go.

What is not supported raises UnverifiableError and names the construct; what Argo CD refuses raises TemplateError.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scaffold.expand.go_templates.evaluator import run
from scaffold.expand.go_templates.options import missing_key
from scaffold.expand.go_templates.parser import parse
from scaffold.expand.go_values import StringList, StringMap, TemplateError, from_json, show

__all__ = ["StringList", "StringMap", "TemplateError", "from_json", "missing_key", "parse", "render", "show"]


def render(template: str, parameters: Mapping[str, Any], missing: str = "default") -> str:
    """Render one string; `missing` is `default`, `zero` or `error`. Raises TemplateError and UnverifiableError."""
    if "{{" not in template:
        return template
    return run(parse(template), parameters, missing)
