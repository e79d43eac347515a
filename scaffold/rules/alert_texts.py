"""The templates in the labels and annotations of an alert, as Prometheus 3 reads them."""

from __future__ import annotations

import re

from scaffold.expand import UnverifiableError, go_templates
from scaffold.nearest import near

# The last ones are those of vmalert, which reads the same objects.
_VARIABLES = "labels externalLabels externalURL value activeAt alertID expr for groupID isPartial type".split()
_DECLARED = "".join(f"{{{{${name} := .}}}}" for name in _VARIABLES)
# Functions of Prometheus 3; which one is called makes no difference here.
_KNOWN = frozenset(
    """
    args externalURL first graphLink humanize humanize1024 humanizeDuration humanizePercentage humanizeTimestamp label
    match now parseDuration parseDurationTime pathPrefix query reReplaceAll safeHtml sortByLabel stripDomain stripPort
    strvalue tableLink title toDuration toLower toTime toUpper urlQueryEscape value
    """.split()
)
_FUNCTIONS = re.compile(rf"(?<![.$\w])(?:{'|'.join(sorted(_KNOWN, key=len, reverse=True))})\b")
_UNKNOWN = re.compile(r'function "(\w+)" not defined')
_NEAR = 0.8


def refusal(text: str) -> str:
    """Why Prometheus cannot read a text; a function may be one of another version unless it is nearly a known one."""
    if "{{" not in text:
        return ""
    try:
        go_templates.parse(_DECLARED + _FUNCTIONS.sub("print", text))
    except go_templates.TemplateError as error:
        found = _UNKNOWN.search(str(error))
        return "" if found and not near(found[1], _KNOWN, _NEAR) else str(error)
    except UnverifiableError:
        pass
    return ""
