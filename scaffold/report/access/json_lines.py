"""One JSON object; version 1 keeps every key that is here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from scaffold.model import Location, fingerprint
from scaffold.report.access.outcome import Access, Audit, Deployed
from scaffold.report.access.wording import message, remedy


def lines(audit: Audit) -> Iterator[str]:
    """Yield the whole audit as indented JSON."""
    data = {
        "version": 1,
        "findings": [_finding(access) for access in audit.accesses],
        "summary": {
            "files": audit.files,
            "jobs": audit.jobs,
            "commands": audit.commands,
            "unresolved": [_said(place, "name", name) for place, name in audit.unresolved],
            "aside": [_said(place, "reason", reason) for place, reason in audit.aside],
        },
    }
    yield json.dumps(data, indent=2, ensure_ascii=False)


def _said(place: Location, key: str, text: str) -> dict[str, Any]:
    return {"path": place.path, "line": place.line, key: text}


def _finding(access: Access) -> dict[str, Any]:
    place = access.place
    return {
        "rule": access.pattern.id,
        "severity": access.severity.value,
        "message": message(access),
        "path": place.path,
        "line": place.line,
        "column": place.column,
        "fingerprint": fingerprint(access.pattern.id, place.path, f"{access.job}/{access.text}"),
        "system": access.system,
        "job": access.job,
        "via": list(access.via),
        "deploys": _deploys(access.deploys),
        "replacement": remedy(access),
    }


def _deploys(target: Deployed | None) -> dict[str, Any] | None:
    if target is None:
        return None
    return {
        "kind": target.kind,
        "path": target.path,
        "release": target.release,
        "namespace": target.namespace,
        "version": target.version,
        "values": list(target.values),
        "images": list(target.images),
    }
