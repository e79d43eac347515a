"""The commands, one module each; a module is imported when its command runs, and offers it as `command`."""

from __future__ import annotations

import importlib

import click

import scaffold
from scaffold import nearest

_NAMES = (
    "add",
    "adopt",
    "audit",
    "bump",
    "diff",
    "explain",
    "hold",
    "init",
    "inventory",
    "new",
    "promote",
    "rbac",
    "remove",
    "rename",
    "render",
    "report",
    "rollback",
    "rules",
    "set",
    "status",
    "template",
    "update",
    "validate",
)
_MODULES = {name: f"scaffold.commands.{name}" for name in _NAMES}


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = _MODULES.get(cmd_name)
        if module is None:
            return None
        command = importlib.import_module(module).command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _MODULES and not args[0].startswith("-"):
            ctx.fail(f"command {args[0]!r} is unknown; {nearest.hint(args[0], _MODULES)}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=_Lazy,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: gitops-scaffold new fleet && cd fleet && gitops-scaffold validate",
)
@click.version_option(scaffold.__version__, message="%(prog)s %(version)s", help="Show the version and exit.")
def group() -> None:
    """Write, grow and validate GitOps repositories for Argo CD and Flux."""
