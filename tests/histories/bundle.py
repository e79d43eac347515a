"""A small template in three versions that does to its files all that a template can do.

v1.0.0  many byte-identical files: teams and environments that are equal
v1.1.0  a file of every application moves, text changes in equal files, a script loses its mode, a question its name
v2.0.0  a directory of every team moves, so does a page; files go, come and change, a binary one and a link among them
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from scaffold import generate, git, staging
from scaffold.template import Template

VERSIONS = ("v1.0.0", "v1.1.0", "v2.0.0")
LAYERS: dict[str, dict[str, Any]] = {
    "": {"kind": "fleet"},
    "teams/checkout": {"kind": "team", "team": "checkout"},
    "teams/basket": {"kind": "team", "team": "basket"},
    "apps/checkout/payments": {"kind": "app", "team": "checkout", "app": "payments"},
    "apps/basket/web": {"kind": "app", "team": "basket", "app": "web"},
}
_EACH = "[% yield environment from environments %][[ environment ]][% endyield %]"
_QUESTIONS = """\
_min_copier_version: "9.17.2"
_subdirectory: "templates/[[ kind ]]"
_templates_suffix: .jinja
_answers_file: .copier-answers.yml
_preserve_symlinks: true
_envops:
  undefined: jinja2.StrictUndefined
  line_statement_prefix: "#%"
  variable_start_string: "[["
  variable_end_string: "]]"
  block_start_string: "[%"
  block_end_string: "%]"
  comment_start_string: "[#"
  comment_end_string: "#]"
_skip_if_exists: [OWNERS]
kind: {type: str, default: fleet}
team: {type: str, default: checkout, when: "[[ kind in ('team', 'app') ]]"}
app: {type: str, default: payments, when: "[[ kind == 'app' ]]"}
quota: {type: str, default: "8", when: "[[ kind == 'team' ]]"}
environments: {type: yaml, default: [dev, staging, production], when: "[[ kind in ('team', 'app') ]]"}
"""
_ANSWERS = "#% set own = _copier_answers\n[[ own | to_nice_yaml(indent=2) | trim ]]\n"


def _lines(name: str, number: int) -> str:
    """A manifest of some lines, so that edits and changes meet in all ways."""
    return "".join([f"kind: {name}\n", "spec:\n", *(f"  field{each}: {each}\n" for each in range(number))])


_FIRST: dict[str, str | bytes] = {
    "copier.yml": _QUESTIONS,
    "templates/moves.yml": "moves: {}\n",
    "templates/fleet/README.md": "# Fleet\n\nOne.\n\nTwo.\n\nThree.\n",
    "templates/fleet/OWNERS": "* @example-org/platform\n",
    "templates/fleet/settings.yaml": _lines("Settings", 12),
    "templates/fleet/docs/a.md": "# A page\n\nText.\n",
    "templates/fleet/docs/b.md": "# A page\n\nText.\n",
    "templates/fleet/docs/c.md": "# A page\n\nText.\n",
    "templates/fleet/icon.png": bytes(range(64)),
    "templates/fleet/check.sh": "#!/bin/sh\nset -eu\nexit 0\n",
    "templates/team/README.md.jinja": "# Team [[ team ]]\n\nQuota [[ quota ]].\n",
    f"templates/team/environments/{_EACH}/limits.yaml": _lines("LimitRange", 8),
    f"templates/team/environments/{_EACH}/policies.yaml": _lines("NetworkPolicy", 8),
    f"templates/team/environments/{_EACH}/namespace.yaml.jinja": "kind: Namespace\nname: [[ team ]]\n",
    "templates/app/notes.md": "# Notes\n\nText.\n",
    "templates/app/base/deployment.yaml.jinja": _lines("Deployment", 6) + "name: [[ app ]]\n",
    "templates/app/base/budget.yaml": _lines("PodDisruptionBudget", 4),
    "templates/app/base/kustomization.yaml": "resources:\n  - deployment.yaml\n",
    f"templates/app/overlays/{_EACH}/kustomization.yaml": "resources:\n  - ../../base\nimages:\n  - newTag: 1.0.0\n",
    **{f"templates/{kind}/[[ _copier_conf.answers_file ]].jinja": _ANSWERS for kind in ("fleet", "team", "app")},
}


def write(repository: Path) -> dict[str, Template]:
    """Make the template's repository; give the template at each version."""
    repository.mkdir(parents=True)
    git.run(repository, "init", "--quiet")
    for path, content in _FIRST.items():
        data = content if isinstance(content, bytes) else content.encode()
        staging.put(repository / path, staging.Content(data, executable=path.endswith(".sh")))
    (repository / "templates/fleet/first.md").symlink_to("docs/a.md")
    changes: tuple[Callable[[Path], None] | None, ...] = (None, _to_first, _to_second)
    for version, change in zip(VERSIONS, changes, strict=True):
        if change:
            change(repository / "templates")
        git.run(repository, "add", "--all")
        git.run(repository, "commit", "--quiet", "--message", version)
        git.run(repository, "tag", version)
    return {version: Template(f"file://{repository}", version) for version in VERSIONS}


def generate_into(root: Path, made: generate.Generator) -> None:
    """Write the repository at one version."""
    renamed = {} if made.template.version == VERSIONS[0] else {"quota": "cpu_quota"}
    for directory, given in LAYERS.items():
        answers: Mapping[str, Any] = {renamed.get(name, name): value for name, value in given.items()}
        staging.files(root / directory, made.render(answers))


def moved(path: str, old: str, new: str) -> str:
    """Where a path of a repository is after an update, by what the versions declare; written again, to check that."""
    versions = VERSIONS[VERSIONS.index(old) + 1 : VERSIONS.index(new) + 1]
    parts = path.split("/")
    if "v1.1.0" in versions and parts[0] == "apps" and parts[3:] == ["base", "budget.yaml"]:
        parts[4] = "pod-disruption-budget.yaml"
    if "v2.0.0" in versions and parts[0] == "teams" and parts[2:3] == ["environments"] and len(parts) > 4:
        parts[2] = "namespaces"
    if "v2.0.0" in versions and parts == ["docs", "a.md"]:
        parts = ["docs", "guide", "a.md"]
    return "/".join(parts)


def _to_first(templates: Path) -> None:
    base = templates / "app/base"
    (base / "budget.yaml").rename(base / "pod-disruption-budget.yaml")
    _edit(templates / f"team/environments/{_EACH}/limits.yaml", "spec:\n", "# Defaults.\nspec:\n")
    _edit(templates / "fleet/docs/b.md", "Text.", "Other text.")
    _edit(templates / "team/README.md.jinja", "[[ quota ]]", "[[ cpu_quota ]]")
    _edit(templates.parent / "copier.yml", "\nquota:", "\ncpu_quota:")
    (templates / "fleet/check.sh").chmod(0o644)
    (templates / "moves.yml").write_text(_MOVES.format(second=""))


def _to_second(templates: Path) -> None:
    shutil.move(templates / "team/environments", templates / "team/namespaces")
    (templates / "fleet/docs/guide").mkdir()
    (templates / "fleet/docs/a.md").rename(templates / "fleet/docs/guide/a.md")
    (templates / "fleet/first.md").unlink()
    (templates / "fleet/first.md").symlink_to("docs/guide/a.md")
    (templates / "fleet/icon.png").write_bytes(bytes(range(64, 128)))
    (templates / "fleet/docs/c.md").unlink()
    (templates / "app/notes.md").unlink()
    (templates / "app/base/service.yaml").write_text(_lines("Service", 3))
    _edit(templates / "fleet/settings.yaml", "  field3: 3\n", "  field3: three\n")
    _edit(templates / "fleet/settings.yaml", "  field9: 9\n", "")
    _edit(templates / "app/base/deployment.yaml.jinja", "  field2: 2\n", "  field2: 2\n  fresh: true\n")
    _edit(templates / "app/base/kustomization.yaml", "deployment.yaml\n", "deployment.yaml\n  - service.yaml\n")
    _edit(templates / f"team/namespaces/{_EACH}/policies.yaml", "  field7: 7\n", "  field7: seven\n")
    (templates / "moves.yml").write_text(_MOVES.format(second=_SECOND))


_SECOND = """\
  "2.0.0":
    - {kind: team, from: environments/*, to: namespaces/*}
    - {kind: fleet, from: docs/a.md, to: docs/guide/a.md}
"""
_MOVES = """\
moves:
  "1.1.0":
    - {{kind: app, from: base/budget.yaml, to: base/pod-disruption-budget.yaml}}
{second}answers:
  "1.1.0":
    - {{kind: team, from: quota, to: cpu_quota}}
"""


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
