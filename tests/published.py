"""Writes the schemas in fixtures/schemas anew, from packages that carry them: `python tests/published.py`, with npm.

SARIF 2.1.0 (`sarif-2.1.0-rtm.5.json`) is taken from @microsoft/jest-sarif 1.0.0-beta.0 on npm, without its
descriptions, and with one bracket in a pattern escaped, which only some dialects of regular expressions take as it is.
"""

from __future__ import annotations

import json
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

SCHEMAS = Path(__file__).parent / "fixtures" / "schemas"
_SOURCES = {
    "sarif-2.1.0.json": ("@microsoft/jest-sarif@1.0.0-beta.0", "package/lib/schemas/sarif-2.1.0-rtm.5.json"),
}
_BRACKET = ("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}\\\\]?$")
_NAMED = "properties"  # below it stand names, and one of them may be `description`


def _plain(node: Any, *, names: bool = False) -> Any:
    """The schema without what only people read."""
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {key: value for key, value in node.items() if names or key != "description"}
    return {key: _plain(value, names=key == _NAMED and not names) for key, value in kept.items()}


def _taken(package: str, member: str) -> Any:
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run(["npm", "pack", "--silent", package], cwd=directory, check=True, capture_output=True)
        (archive,) = Path(directory).iterdir()
        with tarfile.open(archive) as packed:
            found = packed.extractfile(member)
            assert found is not None
            return json.load(found)


if __name__ == "__main__":
    SCHEMAS.mkdir(exist_ok=True)
    for name, (package, member) in _SOURCES.items():
        text = json.dumps(_plain(_taken(package, member)), separators=(",", ":"), sort_keys=True)
        (SCHEMAS / name).write_text(f"{text.replace(*_BRACKET)}\n")
