"""Whether a text is a password in clear text, and not the name, the path or the placeholder of one."""

from __future__ import annotations

import re

_FILLED = re.compile(r"\$[({A-Za-z_]|\{\{|ENC\[|<|vault:|ref\+|op://|AVP_|\$2[aby]\$|%\{|\{[a-z]{2,8}:[A-Za-z_]")
_HARMLESS = re.compile(
    r"(?i)(your|(?<![a-z0-9])my|change|example|dummy|test|fake|placeholder|secret|password|token|none|null|x{4})"
)
# Keys of Datadog, Mapbox, PostHog and Stripe that are for browsers, so that everybody may see them.
_PUBLISHED = re.compile(r"(pub[\da-f]{32}|pk\.eyJ[\w.-]{1,400}|phc_\w{1,80}|pk_(live|test)_\w{1,200})\s*\Z")
_LEAST = 8
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}+://[^\s:/@]*:([^\s/@]+)@")


def is_clear(value: str) -> bool:
    """Tell a password from the path, the address or the name of one, by digits among its letters."""
    mixed = any(c.isdigit() for c in value) and any(c.isalpha() for c in value)
    telling = mixed and len(value) >= _LEAST and not is_published(value)
    return telling and not _FILLED.search(value) and not _HARMLESS.search(value) and not set(value) & set("/ \n")


def is_published(value: str) -> bool:
    """Tell a key that programs in browsers carry, by its form."""
    return bool(_PUBLISHED.match(value))


def in_address(value: str) -> bool:
    """Tell whether a text is, or holds, an address with a password, such as that of a database."""
    return any(is_clear(password) for password in _ADDRESS.findall(value))
