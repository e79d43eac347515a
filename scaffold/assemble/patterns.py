"""Where overlays stand: patterns of paths that say to which team, application and environment a directory belongs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

_OVERLAYS = ("overlays", "envs", "environments")
# What counts where the settings name no paths; the first that fits.
USUAL = (
    "**/apps/{team}/{application}/overlays/{environment}",
    "**/teams/{team}/environments/{environment}",
    *(f"**/{{application}}/{name}/{{environment}}" for name in _OVERLAYS),
    *(f"**/{name}/{{environment}}/{{application}}" for name in (*_OVERLAYS, "clusters")),
    *(f"**/{name}/{{environment}}" for name in (*_OVERLAYS, "clusters")),
)
# What a cluster runs for all teams is placed by the cluster's name, which an environment may have, too.
_OF_CLUSTER = "**/platform/{component}/overlays/{cluster}"
_TOKEN = re.compile(r"\*\*/|\*|\{(\w+)\}")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    written, end = "", 0
    for token in _TOKEN.finditer(pattern):
        written += re.escape(pattern[end : token.start()])
        written += f"(?P<{token[1]}>[^/]+)" if token[1] else "(?:.+?/)?" if token[0] == "**/" else "[^/]*"
        end = token.end()
    return re.compile(rf"{written}{re.escape(pattern[end:])}\Z", re.DOTALL)


def fitting(path: str, patterns: Iterable[str]) -> str:
    """The first pattern that fits a path, or nothing."""
    return next((pattern for pattern in patterns or USUAL if _compiled(pattern).match(path)), "")


def cluster(path: str) -> str:
    """The cluster that a directory of the platform is for, by the generated layout; empty for others."""
    found = _compiled(_OF_CLUSTER).match(path)
    return found["cluster"] if found else ""


def parts(path: str, patterns: Iterable[str]) -> Mapping[str, str]:
    """What the first of the patterns that fits a path says of it; the usual ones where there are none."""
    found = next((match for pattern in patterns or USUAL if (match := _compiled(pattern).match(path))), None)
    return found.groupdict() if found else {}
