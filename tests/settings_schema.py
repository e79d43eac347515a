"""Writes the JSON Schema of the settings anew: `python tests/settings_schema.py`; tests/test_settings.py compares."""

from __future__ import annotations

import json
from pathlib import Path

from scaffold import settings

SCHEMA = Path(settings.__file__).with_name("settings.schema.json")


def text() -> str:
    return json.dumps(settings.schema(), indent=2) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(text())
