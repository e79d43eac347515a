"""What the comments of a file say to us, to controllers, to scanners, and to readers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.discover import KUSTOMIZATION_NAMES
from scaffold.load.markers import SIGN, markers
from scaffold.load.reasons import unwaited
from scaffold.model import Comments, Ignore

_IGNORE = re.compile(r"(?P<code>[^#\n]*)#\s*gitops-scaffold:\s*ignore\s+(?P<rule>[a-z0-9-]+)\s*(?::\s*(?P<reason>.*))?")
_ALLOWED = re.compile(r"#\s*(gitleaks:allow|pragma: allowlist secret|notsecret)\b")
# What says of the lines below that they are in clear text on purpose.
_PURPOSES = ("deliberate", "intentional", "on purpose")
_ON_PURPOSE = re.compile(r"(?i)\b(?:intentional(?:ly)?|deliberate(?:ly)?|on purpose)\b")
_IN_CLEAR = re.compile(r"(?i)\b(?:checked[- ]in|committed|clear[- ]?text|plain[- ]?text|in git|hard-?coded)\b")
_NAMED = re.compile(r"^ *#.*?([\w.-]+\.ya?ml)\b", re.MULTILINE)
_ENTRY = re.compile(r"^ *#[# ]*- +(?:\./)?([\w./-]+?)/?(?: +#.*)?$", re.MULTILINE)
_PATH = re.compile(r"""^ *#[# ]*(?:- +)?path: +["']?(?:\./)?([\w./-]+?)/?["']?(?: +#.*)?$""", re.MULTILINE)


def comments(path: str, text: str) -> Comments:
    """All that those of a file say."""
    if "#" not in text:
        return Comments()
    return Comments(
        tuple(ignores(text)) if "gitops-scaffold:" in text else (),
        tuple(markers(text)) if SIGN in text else (),
        _entries(text) if path.rpartition("/")[2] in KUSTOMIZATION_NAMES else (),
        tuple(_allowed(text)),
        tuple(unwaited(text)) if "wait: false" in text else (),
        tuple(dict.fromkeys(_PATH.findall(text))) if "path:" in text else (),
    )


def _entries(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*_NAMED.findall(text), *_ENTRY.findall(text))))


def _allowed(text: str) -> Iterator[int]:
    """The lines that a comment tells gitleaks or detect-secrets to pass over, or says to be in clear on purpose."""
    if _ALLOWED.search(text):
        yield from (number for number, line in enumerate(text.splitlines(), 1) if _ALLOWED.search(line))
    low = text.lower()  # which is quicker looked through than by what tells words apart
    if any(word in low for word in _PURPOSES):
        yield from _meant(text.splitlines())


def _meant(lines: list[str]) -> Iterator[int]:
    """The lines of a block below a comment that says so; at the top of a document, all of it."""
    depth, begun = -1, False
    for number, line in enumerate(lines, 1):
        bare = line.lstrip(" ")
        if (bare and len(line) - len(bare) < depth) or (begun and line.startswith("---")):
            depth = -1
        if bare.startswith("#") and _ON_PURPOSE.search(bare) and _IN_CLEAR.search(bare):
            depth, begun = len(line) - len(bare), False
        elif depth >= 0 and not line.startswith("---"):
            begun = True
            yield number


def ignores(text: str) -> Iterator[Ignore]:
    """The ignore comments of a text; one on a line of its own speaks of the next line that holds code."""
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        found = _IGNORE.match(line)
        if not found:
            continue
        covers = number
        if not found["code"].strip():
            rest = range(number, len(lines))
            covers = next((n + 1 for n in rest if lines[n].strip() and not lines[n].lstrip().startswith("#")), number)
        yield Ignore(number, line.index("#") + 1, found["rule"], (found["reason"] or "").strip(), covers)
