"""The functions a template may call: Go's own, sprig's and Argo CD's; which exist, and which are implemented here."""

from __future__ import annotations

from scaffold.expand.go_templates.functions import (
    comparison,
    encoding,
    expressions,
    lists,
    maps,
    numbers,
    text,
    versions,
)
from scaffold.expand.go_templates.functions.signatures import Function, Table
from scaffold.expand.go_values import TemplateError
from scaffold.expand.unverifiable import UnverifiableError

_TABLES: tuple[Table, ...] = (
    comparison.TABLE,
    encoding.TABLE,
    expressions.TABLE,
    lists.TABLE,
    maps.TABLE,
    numbers.TABLE,
    text.TABLE,
    versions.TABLE,
)
_KNOWN: Table = {name: function for table in _TABLES for name, function in table.items()}
LAZY = frozenset(("and", "or"))
_NOT_IMPLEMENTED = frozenset(
    [
        "abbrev",
        "abbrevboth",
        "add1f",
        "adler32sum",
        "addf",
        "ago",
        "bcrypt",
        "buildCustomCert",
        "call",
        "camelcase",
        "chunk",
        "date",
        "dateInZone",
        "dateModify",
        "date_in_zone",
        "date_modify",
        "decryptAES",
        "derivePassword",
        "divf",
        "duration",
        "durationRound",
        "encryptAES",
        "genCA",
        "genCAWithKey",
        "genPrivateKey",
        "genSelfSignedCert",
        "genSelfSignedCertWithKey",
        "genSignedCert",
        "genSignedCertWithKey",
        "hello",
        "html",
        "htmlDate",
        "htmlDateInZone",
        "htpasswd",
        "initials",
        "js",
        "kebabcase",
        "mulf",
        "mustChunk",
        "mustDateModify",
        "mustToDate",
        "must_date_modify",
        "now",
        "plural",
        "randAlpha",
        "randAlphaNum",
        "randAscii",
        "randBytes",
        "randInt",
        "randNumeric",
        "semver",
        "shuffle",
        "snakecase",
        "subf",
        "swapcase",
        "toDate",
        "toPrettyJson",
        "mustToPrettyJson",
        "unixEpoch",
        "urlJoin",
        "urlParse",
        "urlquery",
        "uuidv4",
        "wrap",
        "wrapWith",
    ]
)


def check(name: str) -> None:
    """Raise TemplateError for a function that Argo CD lacks, UnverifiableError for one that is not done here."""
    if name in _KNOWN or name in LAZY:
        return
    if name in _NOT_IMPLEMENTED:
        raise UnverifiableError(f"the template function '{name}'")
    raise TemplateError(f'function "{name}" not defined')


def get(name: str) -> Function:
    return _KNOWN[name]
