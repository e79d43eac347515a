"""What tests of the validator share."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from scaffold.report import text
from scaffold.rules import Rule
from scaffold.validate import Options, Report, validate

_EXAMPLES = re.compile(r"\n\nFails:\n\n(?P<fails>.*)\n\nPasses:\n\n(?P<passes>.*)\Z", re.DOTALL)
_HEADING = re.compile(r"^# (\S+)\n", re.MULTILINE)


def example(rule: Rule, name: str) -> str:
    """The tree of an example in a rule's manual, `fails` or `passes`."""
    found = _EXAMPLES.search((rule.__doc__ or "").rstrip())
    assert found, f"{rule.ID}: the manual has to end in Fails: and Passes:"
    return found[name]


def write(root: Path, tree: str) -> Path:
    """Write the files of a text in which each is headed by `# path`; an indent that all lines share is dropped."""
    parts = _HEADING.split(textwrap.dedent(tree).lstrip("\n"))
    assert not parts[0].strip(), f"text before the first path: {parts[0]!r}"
    for path, content in zip(parts[1::2], parts[2::2], strict=True):
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    return root


def check(root: Path, **options: object) -> Report:
    """Validate in this process, without a cache.

    Where there is a directory `here`, that is validated, together with the repositories beside it.
    """
    if (root / "here").is_dir():
        options["beside"] = tuple(path for path in sorted(root.iterdir()) if path.is_dir() and path.name != "here")
        root /= "here"
    return validate(root, Options(jobs=1, **options))  # type: ignore[arg-type]


def lines(report: Report, root: Path) -> list[str]:
    """The finding lines as the tool prints them, without the lines of source below them."""
    return [line for line in text.lines(report, root) if not line.startswith("    ")]
