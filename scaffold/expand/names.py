"""Names and labels: what the API server accepts, and what Argo CD makes of others."""

from __future__ import annotations

import re
from functools import lru_cache

_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_LABEL_PART = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?")


def is_subdomain(name: str) -> bool:
    """Tell whether a name is a DNS-1123 subdomain of at most 253 characters."""
    return len(name) <= 253 and _SUBDOMAIN.fullmatch(name) is not None


@lru_cache(maxsize=8192)
def is_label_value(value: str) -> bool:
    """Tell whether a label value is empty, or at most 63 letters, digits, `-`, `_` and `.` between alphanumerics."""
    return value == "" or (len(value) <= 63 and _LABEL_PART.fullmatch(value) is not None)


@lru_cache(maxsize=8192)
def is_qualified_name(key: str) -> bool:
    """Tell whether a label key or an annotation key is `name` or `prefix/name`."""
    prefix, slash, name = key.rpartition("/")
    if slash and not is_subdomain(prefix):
        return False
    return len(name) <= 63 and _LABEL_PART.fullmatch(name) is not None


def sanitize_name(name: str) -> str:
    """Make a DNS name as Argo CD's `normalize` does: lower case, dashes for the rest, 253 characters."""
    return re.sub("[^-a-z0-9.]", "-", name.lower())[:253].strip("-.")


def slugify(name: str, size: int, *, smart: bool) -> str:
    """Make a slug as Argo CD's `slugify` does (gosimple/slug 1.15): a smart cut falls on a dash."""
    slug = sanitize_name(name)
    if not smart and len(slug) >= size:
        slug = slug[:size]
    slug = re.sub("-+", "-", re.sub("[^a-zA-Z0-9_-]", "-", slug)).strip("-_")
    if not smart or size <= 0 or len(slug) <= size:
        return slug
    cut = slug.rfind("-", 0, size + 1)
    return slug[:cut] if cut >= 0 else slug[:size]
