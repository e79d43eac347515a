"""Plain scalars to values, as sigs.k8s.io/yaml of Kubernetes 1.37 resolves them."""

from __future__ import annotations

import re
from typing import Any

import yaml

TAG = "tag:yaml.org,2002:"
_TRUE = frozenset("y Y yes Yes YES true True TRUE on On ON".split())
_FALSE = frozenset("n N no No NO false False FALSE off Off OFF".split())
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_SPECIAL = {
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
_MAYBE = frozenset("yYnNtTfFoO~")
_NUMERIC = frozenset("+-.0123456789")
_INTEGER = re.compile(r"[-+]?(0b[01]+|0x[0-9a-fA-F]+|0o?[0-7]+|0|[1-9][0-9]*)\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_LONGEST = 400  # digits; Python refuses to read much longer numbers


def scalar(node: Any) -> Any:
    value: str = node.value
    if node.style:
        return value
    tag = node.tag
    if not value:  # `!=` is a tag, and what it stands before a text
        return None if tag == TAG + "null" else ""
    if tag == TAG + "str" and value[0] not in _NUMERIC and value[0] not in _MAYBE:
        return value
    if tag not in _KNOWN:
        return value
    return resolve(value)


_KNOWN = frozenset(TAG + kind for kind in ("str", "bool", "int", "float", "null", "timestamp", "value", "merge"))


def resolve(text: str) -> Any:
    """The value of a plain scalar as Kubernetes reads it: bool, int, float, None or the text itself."""
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    if text in _NULL:
        return None
    if text in _SPECIAL:
        return _SPECIAL[text]
    if text[0] in _NUMERIC:
        return _number(text)
    return text


def _number(text: str) -> Any:
    plain = text.replace("_", "")
    if len(plain) > _LONGEST:
        return text
    if _INTEGER.match(plain):
        sign, digits = (-1, plain[1:]) if plain[0] == "-" else (1, plain.lstrip("+"))
        if len(digits) > 1 and digits[0] == "0" and digits[1] in "01234567":
            digits = "0o" + digits[1:]
        return sign * int(digits, 0)
    return float(plain) if _FLOAT.match(plain) else text


def is_text(text: str) -> bool:
    """Tell whether a plain scalar is a string to every reader: Kubernetes' and one of YAML 1.1."""
    tag = yaml.SafeLoader("").resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    return isinstance(resolve(text), str) and tag == "tag:yaml.org,2002:str"
