"""The JSON Schema of the settings file, for editors."""

from __future__ import annotations

from typing import Any

from scaffold.settings.keys import TOP, schema_of


def schema() -> dict[str, Any]:
    """What `scaffold/settings/settings.schema.json` holds."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "https://github.com/gitops-scaffold/gitops-scaffold/raw/main/scaffold/settings/settings.schema.json",
        "title": ".gitops-scaffold.yaml, the settings of gitops-scaffold",
        **schema_of(TOP),
    }
