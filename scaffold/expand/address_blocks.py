"""Blocks of addresses, as the API server reads them."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network


def is_part(part: object, whole: object) -> bool | None:
    """Tell whether a block is within another one and less than all of it; None where one of them cannot be read."""
    inner, outer = _block(part), _block(whole)
    if inner is None or outer is None:
        return None
    if isinstance(inner, IPv4Network) and isinstance(outer, IPv4Network):
        return inner != outer and inner.subnet_of(outer)
    if isinstance(inner, IPv6Network) and isinstance(outer, IPv6Network):
        return inner != outer and inner.subnet_of(outer)
    return False


def _block(value: object) -> IPv4Network | IPv6Network | None:
    """A block is written with its length: an address alone is none."""
    try:
        return ip_network(value, strict=False) if isinstance(value, str) and "/" in value else None
    except ValueError:
        return None
