"""A release as the program `helm` renders it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from scaffold.model import Release
from scaffold.render import RenderError
from scaffold.render.helm import reasons

_SECONDS = 120


def render(helm: str, root: Path, chart: Path, release: Release) -> str:
    """What `helm template` prints; raises RenderError where it refuses or takes too long."""
    command = [helm, "template", release.name, str(chart), "--namespace", release.namespace or "default"]
    command += [] if release.skip_crds else ["--include-crds"]
    for path in release.value_files:
        command += ["--values", str(root / path)]
    if release.kubernetes_version:
        command += ["--kube-version", release.kubernetes_version]
    for version in release.api_versions:
        command += ["--api-versions", version]
    if release.values:
        inline = chart.parent / "inline-values.yaml"
        inline.write_text(json.dumps(release.values))
        command += ["--values", str(inline)]
    for name, value, is_text in release.parameters:
        command += ["--set-string" if is_text else "--set", f"{name}={value}"]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise RenderError(f"no result in {_SECONDS} s") from error
    if done.returncode:
        raise RenderError(reasons.printed(done.stderr.decode(errors="replace"), chart, root))
    return done.stdout.decode()
