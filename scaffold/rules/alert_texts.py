"""The templates in the labels and annotations of an alert, as Prometheus 3 reads them."""

from __future__ import annotations

import re

from scaffold.expand import UnverifiableError, go_templates

# The last ones are those of vmalert, which reads the same objects.
_VARIABLES = "labels externalLabels externalURL value activeAt alertID expr for groupID isPartial type".split()
_DECLARED = "".join(f"{{{{${name} := .}}}}" for name in _VARIABLES)
# Functions of Prometheus; which one is called makes no difference here.
_FUNCTIONS = re.compile(
    r"(?<![.$\w])(?:args|externalURL|first|graphLink|humanize\w*|label|match|now|parseDuration\w*|pathPrefix|query"
    r"|reReplaceAll|safeHtml|sortByLabel|stripDomain|stripPort|strvalue|tableLink|title|to(?:Duration|Lower|Time|Upper)"
    r"|urlQueryEscape|value)\b"
)
_UNKNOWN = "not defined"


def refusal(text: str) -> str:
    """Why Prometheus cannot read a text; a function that is not known here may be one of another version."""
    if "{{" not in text:
        return ""
    try:
        go_templates.parse(_DECLARED + _FUNCTIONS.sub("print", text))
    except go_templates.TemplateError as error:
        return "" if _UNKNOWN in str(error) else str(error)
    except UnverifiableError:
        pass
    return ""
