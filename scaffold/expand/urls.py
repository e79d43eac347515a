"""Repository URLs as Argo CD compares them: lower case, one `.git` less, the scp form as `ssh://`."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache

_SSH = re.compile(r"(ssh://)?([^/:]*?)@[^@]+")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:")
_ALWAYS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~"
_IN_PATH = frozenset(_ALWAYS + "$&+,/:;=@")
_IN_RAW_PATH = _IN_PATH | frozenset("!'()*[]%")
_IN_USER = frozenset(_ALWAYS + "$&+,;=")
_IN_HOST = frozenset(_ALWAYS + "!\"$&'()*+,:;<=>[]")
_IN_FRAGMENT = frozenset(_ALWAYS + "!$&()*+,/:;=?@")
_IN_RAW_FRAGMENT = _IN_FRAGMENT | frozenset("'[]%")
_VALID_USER = re.compile(r"[A-Za-z0-9\-._:~!$&'()*+,;=%@]*")
_PORT = re.compile(r"(:[0-9]*)?")
_PIECE = re.compile(r"%[0-9a-f]{2}|.", re.DOTALL)
_HEX = re.compile(r"%(?:([0-9A-Fa-f]{2})|)")


class _InvalidURLError(ValueError):
    """Go's net/url refuses the text."""


@lru_cache(maxsize=8192)
def normalize(url: str) -> str:
    """Give the form in which two repository URLs are compared; empty when Go cannot parse it (Argo CD 3.5)."""
    url = "".join(_lower(character) for character in url.strip())
    if _SSH.fullmatch(url) and not url.startswith("ssh://"):
        url = "ssh://" + url.replace(":", "/", 1)
    try:
        text = _reprint(url.removesuffix(".git").encode().decode("latin-1"))
    except _InvalidURLError:
        return ""
    return text.encode("latin-1").decode(errors="replace").removeprefix("ssh://")


def _lower(character: str) -> str:
    """As Go does, one for one: `İ` is an `i` with a dot for Python, and `i` for Go."""
    return character.lower()[0]


def same(left: str, right: str) -> bool:
    """Tell whether two URLs mean one repository; one that cannot be parsed is compared as it is."""
    return (normalize(left) or left) == (normalize(right) or right) != ""


def _reprint(url: str) -> str:
    """Parse and print again, as url.Parse and URL.String do; characters are bytes."""
    url, _, fragment = url.partition("#")
    if re.search(r"[\x00-\x1f\x7f]", url):
        raise _InvalidURLError
    text = "*" if url == "*" else _without_fragment(url)
    return text + ("#" + _escaped(fragment, _IN_FRAGMENT, _IN_RAW_FRAGMENT) if fragment else "")


def _without_fragment(url: str) -> str:
    scheme = found[0] if (found := _SCHEME.match(url)) else ""
    if url.startswith(":"):
        raise _InvalidURLError
    rest, mark, query = url.removeprefix(scheme).partition("?")
    query = mark + query
    if not rest.startswith("/"):
        if scheme and rest:
            return scheme + rest + query
        if ":" in rest.partition("/")[0]:
            raise _InvalidURLError
    authority = ""
    if rest.startswith("//") and (scheme or not rest.startswith("///")):
        authority, slash, rest = rest[2:].partition("/")
        rest = slash + rest
        authority = _authority(authority, strict=scheme in {"http:", "https:"})
        authority = "//" + authority if authority or rest else ""
    return scheme + authority + _escaped(rest, _IN_PATH, _IN_RAW_PATH) + query


def _authority(text: str, *, strict: bool) -> str:
    user, at, host = text.rpartition("@")
    host = _host(host, strict=strict)
    if not at:
        return host
    if not _VALID_USER.fullmatch(user):
        raise _InvalidURLError
    name, colon, password = user.partition(":")
    return _escape(_unescape(name), _IN_USER) + colon + _escape(_unescape(password), _IN_USER) + at + host


def _host(host: str, *, strict: bool) -> str:
    if (bracket := host.rfind("[")) >= 0:
        address, closing, port = host[1:].rpartition("]")
        if bracket or not closing or not _PORT.fullmatch(port):
            raise _InvalidURLError
        return f"[{_literal(address)}]{port}"
    colon = host.find(":") if strict else host.rfind(":")
    if (colon >= 0 and not _PORT.fullmatch(host[colon:])) or re.search(r"%(?!25)[0-7]", host):
        raise _InvalidURLError
    if any(c < "\x80" and c not in _IN_HOST for c in re.sub(r"%[0-9a-f]{2}", "", host)):
        raise _InvalidURLError
    return _escape(_unescape(host), _IN_HOST)


def _literal(text: str) -> str:
    """An address of IPv6, with a zone or without one."""
    address, percent, zone = text.partition("%25")
    try:
        ipaddress.IPv6Address(address)
    except ValueError:
        raise _InvalidURLError from None
    if "%" in address or bool(percent) is not bool(zone) or not all(map(_fits_zone, _PIECE.findall(zone))):
        raise _InvalidURLError
    return address + percent + _escape(_unescape(zone), _IN_HOST)


def _fits_zone(piece: str) -> bool:
    """A zone may encode what it may hold, a blank and a percent sign."""
    if len(piece) == 1:
        return piece in _IN_HOST or piece >= "\x80"
    return piece in {"%20", "%25"} or _unescape(piece) in _IN_HOST


def _escaped(text: str, plain: frozenset[str], raw: frozenset[str]) -> str:
    """Keep a text that is a valid encoding of what it means, else encode its meaning afresh."""
    meaning = _unescape(text)
    return text if raw.issuperset(text) else _escape(meaning, plain)


def _unescape(text: str) -> str:
    return _HEX.sub(_byte, text)


def _byte(found: re.Match[str]) -> str:
    if not found[1]:
        raise _InvalidURLError
    return chr(int(found[1], 16))


def _escape(text: str, plain: frozenset[str]) -> str:
    return "".join(c if c in plain else f"%{ord(c):02X}" for c in text)
