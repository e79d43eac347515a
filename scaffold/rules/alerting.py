"""The rules of PrometheusRules, one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scaffold.model import Manifest, Overlay, Place, Pointer, mapping, sequence

KIND = "monitoring.coreos.com/PrometheusRule"


class AlertingRule(NamedTuple):
    """An alert or a recording, its group, and where it stands in its object."""

    manifest: Manifest
    group: str
    pointer: Pointer
    data: Mapping[str, Any]

    def __str__(self) -> str:
        return f"PrometheusRule {self.manifest.name!r}, {self._name}"

    @property
    def _name(self) -> str:
        for noun, key in (("alert", "alert"), ("recording", "record")):
            if self.data.get(key):
                return f"{noun} {str(self.data[key])!r}"
        return f"rule {self.pointer[-1]} of group {self.group!r}"

    @property
    def subject(self) -> str:
        """What tells the rule from others of its object."""
        return f"{self.manifest.name}/{self.group}/{self._name}"

    def place(self, *pointer: str | int, at_key: bool = False) -> Place:
        return self.manifest.place(*self.pointer, *pointer, at_key=at_key)


def rules(overlay: Overlay) -> Iterator[AlertingRule]:
    """Every rule of an overlay's PrometheusRules."""
    for manifest in overlay.of(KIND):
        for number, group in enumerate(map(mapping, sequence(manifest.get("spec", "groups")))):
            for index, data in enumerate(map(mapping, sequence(group.get("rules")))):
                pointer = ("spec", "groups", number, "rules", index)
                yield AlertingRule(manifest, str(group.get("name", "")), pointer, data)
