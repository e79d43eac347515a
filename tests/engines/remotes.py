"""Git repositories that the engines follow: bare ones on disk."""

from __future__ import annotations

import shutil
from pathlib import Path

from scaffold import git

# The address that generated trees name; nobody answers there.
ADDRESS = "https://git.example.com/platform/fleet.git"


class Remote:
    """A bare repository, and the tree that is published in it with real addresses in place of those that it names.

    `addresses` maps what a tree names to where it is; another repository that the tree names may be added.
    """

    def __init__(self, directory: Path, served: str = "", name: str = "fleet", address: str = ADDRESS) -> None:
        """Make a repository in a directory; `served` is the address under which the directory is reached."""
        self.bare = directory / f"{name}.git"
        self.url = f"{served or directory.as_uri()}/{self.bare.name}"
        self.addresses = {address: self.url}
        self.published = directory / f"published-{name}"
        self.published.mkdir(parents=True)
        git.run(directory, "init", "--quiet", "--bare", "--initial-branch=main", str(self.bare))
        git.run(self.published, "init", "--quiet", "--initial-branch=main")
        git.run(self.published, "remote", "add", "origin", str(self.bare))

    def push(self, tree: Path, *branches: str) -> str:
        """Publish a tree as it stands in its directory, on some branches (default: the trunk); return the commit."""
        for entry in self.published.iterdir():
            if entry.name != ".git":
                _remove(entry)
        shutil.copytree(tree, self.published, ignore=shutil.ignore_patterns(".git"), dirs_exist_ok=True, symlinks=True)
        for path in self.published.rglob("*"):
            if path.is_file() and ".git" not in path.relative_to(self.published).parts:
                self._rewrite(path)
        git.run(self.published, "add", "--all", "--force")
        git.run(self.published, "commit", "--quiet", "--allow-empty", "--message", "A state")
        git.run(
            self.published, "push", "--quiet", "origin", *(f"HEAD:refs/heads/{name}" for name in branches or ("main",))
        )
        return git.run(self.published, "rev-parse", "HEAD").strip()

    def tip(self, branch: str) -> str:
        """The commit of a branch."""
        return git.run(self.bare, "rev-parse", f"refs/heads/{branch}").strip()

    def _rewrite(self, path: Path) -> None:
        content = path.read_bytes()
        real = content
        for address, url in self.addresses.items():
            real = real.replace(address.encode(), url.encode())
        if real != content:
            path.write_bytes(real)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
