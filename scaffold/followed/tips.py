"""The commits that branches are at, each asked for once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from scaffold import git, publish
from scaffold.errors import ScaffoldError
from scaffold.model import Layer

_TRUNKS = ("fleet", "team-repo")


class Tips:
    """The branches of a repository as they were fetched last; with `fresh` the remote is asked."""

    def __init__(self, root: Path, remote: str, *, fresh: bool) -> None:
        self._root, self._remote, self._fresh = root, remote, fresh
        self._found: dict[str, str] = {}

    def commit(self, branch: str) -> str:
        """The commit of a branch; raises ScaffoldError where it is not here."""
        if branch not in self._found:
            self._found[branch] = self._tip(branch)
        return self._found[branch]

    def _tip(self, branch: str) -> str:
        tip = publish.fetched if self._fresh else git.tip
        found = tip(self._root, self._remote, branch)
        if not found:
            made = f"git push {self._remote} HEAD:refs/heads/{branch}"
            raise ScaffoldError(f"branch {branch!r} is not here; fetch it, or make it with '{made}'")
        return found

    def trunk(self, layers: Iterable[Layer]) -> str:
        """The branch that changes begin on, by the answers of a repository's own layer or by the remote.

        Raises ScaffoldError where neither says so.
        """
        answered = (layer.answers.get("branch") for layer in layers if layer.kind in _TRUNKS and not layer.path)
        named = next((name for name in answered if isinstance(name, str)), "") or git.default(self._root, self._remote)
        if not named:
            fact = f"nothing says which branch changes begin on, and {self._remote!r} has no default"
            raise ScaffoldError(f"{fact}; name it: git remote set-head {self._remote} BRANCH")
        return named
