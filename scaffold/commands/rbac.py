"""`rbac`: who may do what in Argo CD."""

from __future__ import annotations

from pathlib import Path

import click

_root = click.option("--root", type=click.Path(path_type=Path), default=Path(), help="The repository (default: here).")
_policy = click.option(
    "--policy",
    "policy_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A config map, chart values or CSV to take the policy from, where the repository has several.",
)


@click.group(
    "rbac",
    short_help="Say who may do what in Argo CD, and which line of the policy decides.",
    epilog="Example: gitops-scaffold rbac who-can sync applications checkout/payments",
)
def command() -> None:
    """Evaluate the repository's argocd-rbac-cm, the roles of its AppProjects and what is built in, as Argo CD does."""


@command.command(
    "can", epilog="Example: gitops-scaffold rbac can proj:checkout:releaser sync applications 'checkout/*'"
)
@click.argument("subject")
@click.argument("action")
@click.argument("resource")
@click.argument("object_", metavar="[OBJECT]", default="")
@click.option(
    "--group", "groups", multiple=True, metavar="NAME", help="A group of SUBJECT; may be given several times."
)
@_root
@_policy
def can(
    subject: str,
    action: str,
    resource: str,
    object_: str,
    groups: tuple[str, ...],
    root: Path,
    policy_file: Path | None,
) -> int:
    """Say whether SUBJECT may take ACTION on OBJECT of RESOURCE; exit 0 for yes, 1 for no."""
    from scaffold import access

    question = access.question(action, resource, object_)
    allowed, why = access.read(root.resolve(), policy_file).can(subject, question, groups)
    click.echo(f"{'yes' if allowed else 'no'}: {why}")
    return 0 if allowed else 1


@command.command("who-can", epilog="Example: gitops-scaffold rbac who-can sync applications checkout/payments")
@click.argument("action")
@click.argument("resource")
@click.argument("object_", metavar="[OBJECT]", default="")
@_root
@_policy
def who_can(action: str, resource: str, object_: str, root: Path, policy_file: Path | None) -> int:
    """List everybody whom the policy names and who may take ACTION on OBJECT of RESOURCE; exit 1 for nobody."""
    from scaffold import access

    question = access.question(action, resource, object_)
    found = list(access.read(root.resolve(), policy_file).who_can(question))
    for name, why in found:
        click.echo(f"{name}: {why}")
    return 0 if found else 1
