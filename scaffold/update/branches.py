"""A change as a commit on a new branch, made without the work tree and without its index."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from scaffold import git
from scaffold.errors import ScaffoldError
from scaffold.staging import Content

_FALLBACK = ("-c", "user.name=gitops-scaffold", "-c", "user.email=gitops-scaffold@localhost")


def commit(root: Path, name: str, contents: Mapping[str, Content | None], message: str) -> None:
    """Commit changed files on a branch that begins at HEAD; raises ScaffoldError where the branch is there already."""
    if not git.run(root, "check-ref-format", "--branch", name, check=False):
        raise ScaffoldError(f"{name!r} is no name of a branch; choose one such as 'template-update'")
    branch = f"refs/heads/{name}"
    if git.run(root, "rev-parse", "--verify", "--quiet", branch, check=False):
        raise ScaffoldError(f"branch {name!r} is there already; choose another name, or delete it")
    git.run(root, "update-ref", branch, loose(root, contents, message), "")


def loose(root: Path, contents: Mapping[str, Content | None], message: str) -> str:
    """Make a commit on HEAD that no branch leads to; Git forgets it in time."""
    head = git.run(root, "rev-parse", "HEAD").strip()
    known = git.run(root, "var", "GIT_AUTHOR_IDENT", check=False)
    signed = git.run(root, "config", "--type=bool", "--get", "commit.gpgsign", check=False).strip() == "true"
    options = ("-S",) if signed else ()
    tree = _tree(root, head, contents)
    identity = () if known else _FALLBACK
    return git.run(root, *identity, "commit-tree", *options, "-p", head, "-m", message, tree).strip()


def _tree(root: Path, head: str, contents: Mapping[str, Content | None]) -> str:
    prefix = git.run(root, "rev-parse", "--show-prefix").strip()
    with tempfile.TemporaryDirectory(prefix="gitops-scaffold-") as directory:
        index = {"GIT_INDEX_FILE": str(Path(directory, "index"))}
        git.run(root, "read-tree", head, variables=index)
        names = _stored(root, contents, Path(directory))
        lines = [_entry(prefix + path, content, names.get(path, "0" * 40)) for path, content in contents.items()]
        git.run(root, "update-index", "--index-info", stdin="".join(lines), variables=index)
        return git.run(root, "write-tree", variables=index).strip()


def _stored(root: Path, contents: Mapping[str, Content | None], workshop: Path) -> dict[str, str]:
    """Put contents into Git's store, all in one process; give their names there by path."""
    kept = {path: content for path, content in contents.items() if content is not None}
    files = [workshop / str(number) for number in range(len(kept))]
    for file, content in zip(files, kept.values(), strict=True):
        file.write_bytes(content.data)
    listed = "".join(f"{file}\n" for file in files)
    names = git.run(root, "hash-object", "-w", "--no-filters", "--stdin-paths", stdin=listed).split()
    return dict(zip(kept, names, strict=True))


def _entry(path: str, content: Content | None, name: str) -> str:
    if content is None:
        return f"0 {name}\t{path}\n"
    mode = "120000" if content.link else "100755" if content.executable else "100644"
    return f"{mode} {name}\t{path}\n"
