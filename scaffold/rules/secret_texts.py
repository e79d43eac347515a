"""Whether a text in a Secret gives something away, or is a setting, the name of a thing, or yet to be filled in."""

from __future__ import annotations

import re

from scaffold.model.values import is_mark
from scaffold.rules.clear import is_published

_REFERENCE = re.compile(
    r"ENC\[|<path:|<[a-z]+:[^<>\s]+>|<[a-zA-Z0-9_./ -]+>\Z|\$[{(A-Z_a-z]|\{\{|vault:|ref\+|op://|/[\w./-]+\Z|\Z"
)
_PLACEHOLDER = re.compile(
    r"(?i:(your|my)[-_ ]|.*-goes-here\Z|x{4,}\Z|(replace|change)[-_ ]me[-_ ]with|not[-_ ]needed\Z"
    r"|(enter|insert|paste|put)[-_ ]?(your|my|the)|(.*[-_])?(dummy|fake|stub)([-_].*)?\Z"
    r"|\s*_*(place[-_ ]?holder|(replace|change|update)[-_ ]?me|redacted|todo)[_!.]*\s*\Z"
    r"|[<\[(.]*truncated[>\])...]*\s*\Z)"
    r"|(UPDATE|REPLACE|CHANGE|INSERT)[-_][A-Z0-9_-]+\s*\Z"
)
_TELLS_NOTHING = re.compile(
    r"(?i).*(known[-_]hosts|host|port|name|db|database|schema|user|e?mail|role|kind|type|region|bucket|endpoint|insecure|enabled|path"
    r"|access[-_]?key[-_]?id|labels|annotations|[-_]cipher|driver|provider|backend|engine|server|domain|group|ssl[-_]?mode|scopes?|level|protocol|mechanism|source|admin|policy|cidr|from|locale|time[-_]?zone|[a-z_-][Mm]?time|[-_]ips?"
    r"|image|(installation|client|tenant|subscription|account|project|app|application|object|directory|org|zone|tunnel)[-_]?id)\Z"
)
# Of a password, behind the name of a user or not, as crypt and htpasswd write them.
_HASHED = re.compile(r"([\w.@-]+:)?(\$(apr1|[156]|2[abxy]?|y|argon2\w*)\$|\{SHA\}|\{SSHA\})")
_OF_SSH = re.compile(r"(ssh-(rsa|dss|ed25519)|ecdsa-sha2-[\w-]+|sk-[\w.@-]+) AAAA")
_CERTIFICATE, _KEY = "-----BEGIN CERTIFICATE-----", "PRIVATE KEY-----"
_FILES = (".properties", ".conf", ".config", ".cfg", ".ini", ".toml", ".yaml", ".yml")
_SETTING = re.compile(r"[\w.-]+ *= *(?:true|false|\d+)\Z|[A-Za-z]+_[\w.-]* *= *[\"']?[\w*.:/-]+[\"']?\Z")
_PUBLIC = re.compile(r"(ca|tls|client|server)\.crt\Z|.*\.pub\Z")
_SWITCH = re.compile(r"(?i)(true|false|yes|no|on|off)\Z")
# What names a Secret or a host is none itself.
_NAME = re.compile(r"[a-z]+(-[a-z]+)*-(secret|key|token|credentials?|password)s?\Z|[\w.-]+\.svc(\.[\w.-]+)?(:\d+)?\Z")
_WORD = re.compile(
    r"(?i)(trace|debug|info|notice|warn(ing)?|error|critical|fatal|none|null|default|localhost|production|prod|staging"
    r"|development|dev|test|json|text|tcp|udp|https?|enabled?|disabled?|always|never|auto|sha\d{1,3}|argon2i?d?|pbkdf2|aes-[a-z\d-]+|[A-Z][a-z]+/[A-Z][a-z_]+)\Z"
)
_IP = r"(\d{1,3}(\.\d{1,3}){3}|\[?([\da-f]{0,4}:){1,7}:?([\da-f]{1,4}(:[\da-f]{1,4})*)?\]?)(/\d+|:\d+)?"
_IPS = re.compile(rf"(?i){_IP}([\s,;]+{_IP})*\s*\Z")
_HOST = re.compile(r"([\w.+-]{1,64}@)?([a-z\d-]{1,20}\.)+[a-z]{2,12}(:\d{1,5})?\Z")  # or who has post there
_NUMBER = re.compile(r"\d{1,5}(ms|[smhd])?\Z")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.:-]*://(?P<who>[^\s/@?]*@)?[^\s/?]*(?P<path>[^\s?]*)(?P<query>\S*)\Z")
_PASSWORD = re.compile(r":(?![A-Z_]+@)[^$@]")  # behind the name in an address
_VARIABLE = re.compile(r"\$\{[^{}]*\}")
# Words around variables, such as `s3:${HOST}/restic/${APP}`, once each variable is a `$`.
_FRAME = re.compile(r"(?=.*\$)(?!.*:[^$@/]*@)(?!.*\w{16})([a-z\d]{1,8}:)?[A-Za-z_$:/.,=@ -]+(:\d{1,5})?\Z")
_COMMAND = re.compile(r"(?:/[\w/]{1,40}/)?(?:ba|da|z|a)?sh -\w+ |eval |exec |echo ")
_LONG = re.compile(r"(?<![^/])(?=[^/]*\d)[^/]{16,}")  # a part of a path that may be what lets one in
_IN_A_FILE = re.compile(
    r"(?i)(pass(word|wd|phrase)?|secret|token|(api|access|private)[-_]?key|key[-_]data|credentials?"
    r"|auth(?!or(?!ization)|enti))"
    r"(?!\w{0,60}(?:endpoint|ur[il]|name|_id|type|method|mode|host|header|scheme|file|path)s?\b)\w{0,60}[\"']?\s*[:=]"
    r"[ \t]*[\"']?(?![\"'${<{[\s]|(?:my|your)[-_]|(?:true|false)\b|_*(?:replace|change)[-_]?me)[^\s\"']{4,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY|://[^/\s:@$]+:[^/\s@$]+@"
)
# The rest of a name of which a part is known.
_BEGINS, _ENDS, _LONGEST = re.compile(r"[\w.-]+\Z"), re.compile(r"[\w.-]{0,60}"), 60
SECRET_WORDS = re.compile(r"(pass(word|wd|phrase)?|secret|token|(api|access|private)[-_]?key)\Z", re.IGNORECASE)


def gives_away(key: str, value: str) -> bool:
    """Tell whether a value gives something away."""
    if _is_to_fill_in(value) or _SWITCH.match(value) or _is_public(key, value):
        return False
    if _HASHED.match(value) or _NAME.match(value) or (_says_where(value) and not SECRET_WORDS.search(key)):
        return False
    if _NUMBER.match(value):
        return bool(SECRET_WORDS.search(key))
    if _is_a_whole(key, value):
        return bool(_IN_A_FILE.search(value))
    filled = _filled(value)
    if address := _ADDRESS.match(filled):
        told = _PASSWORD.search(address["who"] or "") or _LONG.search(address["path"])
        return bool(told or _IN_A_FILE.search(address["query"]))
    framed = filled != value and _FRAME.match(filled)
    return not framed and not _TELLS_NOTHING.match(key)


def within(key: str, value: str) -> tuple[int, str]:
    """The line of a file, counted from 0, that gives something away, and what stands there; nothing of other values."""
    found = _IN_A_FILE.search(value) if not _NUMBER.match(value) and _is_a_whole(key, value) else None
    if found is None:
        return 0, ""
    line = value.count("\n", 0, found.start())
    if found[1] is None:
        return line, "a private key" if found[0].startswith("-") else "an address with a password"
    middle = found.end(1)
    parts = _BEGINS.search(value[max(0, middle - _LONGEST) : middle]), _ENDS.match(value, middle)
    return line, repr("".join(part[0] for part in parts if part).lstrip("-."))


def _is_a_whole(key: str, value: str) -> bool:
    """Tell a file, a setting, or a command, which may hold a secret among other things."""
    listed = key.endswith(_FILES) or value.startswith(("{", "["))
    return "\n" in value.strip() or listed or bool(_SETTING.match(value) or _COMMAND.match(value))


def _is_to_fill_in(value: str) -> bool:
    return bool(_REFERENCE.match(value) or _PLACEHOLDER.match(value) or is_mark(value))


def _is_public(key: str, value: str) -> bool:
    """Tell certificates and public keys alone."""
    begun = value.lstrip()
    if is_published(begun):
        return True
    public = _PUBLIC.match(key) or _OF_SSH.match(begun) or begun.startswith(_CERTIFICATE)
    return bool(public) and _KEY not in value


def _says_where(value: str) -> bool:
    """Tell words of settings, addresses of hosts and names of time zones, which a password may still be."""
    return bool(_WORD.match(value) or _IPS.match(value) or _HOST.match(value))


def _filled(value: str) -> str:
    """An address with a mark for each variable, whose default may be one too."""
    return _VARIABLE.sub("$", _VARIABLE.sub("$", value))
