"""The teams of the fleet that Argo CD runs in these tests, and what is to become of each."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

from engines.fleets import OPEN, Fleet

_CHART = Path(__file__).parent.parent / "fixtures" / "charts" / "web"
_KEPT_HERE = ("source=chart", "chart_repository=file://../../../../../charts/web")
_HEALTHY = ("checkout", "billing")
_ENVIRONMENTS = ("dev", "staging", "production")

WAITING = {"checkout-payments-production", "checkout-search-production", "billing-invoices-production"}
CONVERGED = {
    "root",
    *(f"team-{team}-{environment}" for team in _HEALTHY for environment in _ENVIRONMENTS),
    *(f"{team}-{environment}-baseline" for team in _HEALTHY for environment in _ENVIRONMENTS),
    *(f"checkout-{app}-{environment}" for app in ("payments", "search") for environment in ("dev", "staging")),
    *(f"billing-invoices-{environment}" for environment in ("dev", "staging")),
    # The broken team has no other application that works.
    "team-lost-dev",
    "lost-dev-baseline",
    "team-lost-production",
    "lost-production-baseline",
}


def add(fleet: Fleet) -> None:
    """Add two healthy teams, one that may release now and one that may not, and one whose files are broken."""
    shutil.copytree(_CHART, fleet.tree / "charts" / "web")
    fleet.add("team", "checkout", *OPEN)
    fleet.add("app", "payments", "--team", "checkout")
    fleet.add("app", "search", "--team", "checkout", *_KEPT_HERE)
    fleet.add("team", "billing", *_closed())
    fleet.add("app", "invoices", "--team", "billing")
    fleet.add("team", "lost")
    fleet.add("app", "cause", "--team", "lost")
    (fleet.tree / "apps/lost/cause/overlays/dev/kustomization.yaml").write_text("resources:\n  - absent.yaml\n")
    # Without a head that looks like an object's, Argo CD would pass over the file and say nothing.
    broken = fleet.tree / "teams/lost/control-plane/staging/applications.yaml"
    broken.write_text(broken.read_text().replace("spec:", "spec: [", 1))


def _closed() -> tuple[str, str]:
    """A window of one minute, half a year away."""
    month = (datetime.datetime.now(datetime.UTC).month + 5) % 12 + 1
    return f"sync_window_schedule=0 0 1 {month} *", "sync_window_duration=1m"
