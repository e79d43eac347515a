"""What `make demo` shows: a repository from nothing, grown by a team and applications, validated."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from scaffold.render import helm

ROOT = Path(__file__).parent.parent
FLEET = ROOT / ".demo/fleet"
CHART = ROOT / "examples/argocd-monorepo/charts/web"
COMMAND = Path(sys.executable).with_name("gitops-scaffold")


def main() -> int:
    """Run the demo below `.demo/`; what an earlier one left there is replaced."""
    shutil.rmtree(FLEET.parent, ignore_errors=True)
    FLEET.parent.mkdir()
    _say("new", "fleet", "--defaults", "--data", "fleet=demo", directory=FLEET.parent)
    _say("add", "team", "checkout")
    _say("add", "app", "payments", "--team", "checkout")
    if helm.find():
        _add_chart()
    else:
        print("\nhelm is not there, so no application from a chart; pip install 'gitops-scaffold[helm]' brings it")
    _say("inventory")
    _say("validate", "--require-rendered")
    _git("add", "--all")
    _git("commit", "--quiet", "--message", "Add the team checkout and its applications")
    print(f"\nThe repository is in {FLEET}. Next:")
    print(f"  cd {FLEET}")
    print("  less README.md            # what is where, what is applied once, the daily tasks")
    print("  edit an overlay, then     gitops-scaffold validate")
    print(f"  export PATH={COMMAND.parent}:$PATH    # for the command above")
    return 0


def _add_chart() -> None:
    print("\n$ mkdir charts && cp -r .../web charts/    # a chart that the repository keeps itself")
    shutil.copytree(CHART, FLEET / "charts/web")
    chart = ("source=chart", "chart_name=web", "chart_repository=file://../../../../../charts/web")
    _say("add", "app", "search", "--team", "checkout", *(part for answer in chart for part in ("--data", answer)))


def _say(*arguments: str, directory: Path = FLEET) -> None:
    print(f"\n$ gitops-scaffold {shlex.join(arguments)}", flush=True)
    _run(directory, str(COMMAND), *arguments)


def _git(*arguments: str) -> None:
    name = ("-c", "user.name=demo", "-c", "user.email=demo@localhost")
    _run(FLEET, "git", *name, *arguments)


def _run(directory: Path, *command: str) -> None:
    done = subprocess.run(command, cwd=directory, check=False)
    if done.returncode:
        sys.exit(done.returncode)


if __name__ == "__main__":
    sys.exit(main())
