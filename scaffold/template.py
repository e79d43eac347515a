"""Where the template comes from: the bundle that a wheel carries, the checkout that runs, or its public address.

Copier always sees the address, so that is what answers record. What stands in for it, a bundle or a checkout, is handed
to Git alone, as an `insteadOf`. Such a stand-in holds nothing but the template, tagged with its version.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import scaffold
from scaffold import git
from scaffold.errors import ScaffoldError, ToolError

ADDRESS = "https://github.com/gitops-scaffold/gitops-scaffold.git"
_BUNDLE = Path(__file__).with_name("template.bundle")
_CHECKOUT = Path(__file__).parent.parent
_PATHS = ("copier.yml", "templates")
_DIRTY = "-dirty"
_NOBODY = {f"GIT_{who}_{what}": "gitops-scaffold" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
_RELEASE = re.compile(r"v\d+(\.\d+)*")
_FORGES = {"gh:": "https://github.com/", "gl:": "https://gitlab.com/"}  # Copier's own short forms


@dataclass(frozen=True)
class Template:
    """The template at one version; `stand_in` is a bundle or a checkout to take it from instead of the address."""

    address: str
    version: str
    stand_in: Path | None = None

    @property
    def dirty(self) -> bool:
        """Whether it holds changes that no commit has, so that nobody can update from it later."""
        return self.version.endswith(_DIRTY)

    @property
    def ours(self) -> bool:
        """Whether it is this project's, and no fork of it."""
        return _expanded(self.address) == ADDRESS


def installed() -> Template:
    """The template of the installed version; from a checkout, of what is checked out."""
    if _BUNDLE.is_file():
        return Template(ADDRESS, f"v{scaffold.__version__}", _BUNDLE)
    if (_CHECKOUT / _PATHS[0]).is_file() and git.top(_CHECKOUT) == _CHECKOUT.resolve():
        return Template(ADDRESS, _described(_CHECKOUT), _CHECKOUT)
    return Template(ADDRESS, f"v{scaffold.__version__}")


def recorded(address: str, version: str) -> Template:
    """The template that a layer was written with; without a stand-in where the version is not at hand."""
    if not version:
        fact = "the answers record no _commit, so the template's version is unknown"
        raise ScaffoldError(f"{fact}; write the repository again from a template in Git")
    if address.startswith((".", "~")) or not re.search("[/:]", address):
        fact = f"the template's address {address!r} in _src_path depends on the current directory"
        raise ScaffoldError(f"{fact}; record an absolute path or an address there")
    here = installed()
    if _expanded(address) == ADDRESS and here.stand_in and _holds(here.stand_in, version, here.version):
        return Template(address, version, here.stand_in)
    if version.endswith(_DIRTY):
        fact = f"template version {version!r} means uncommitted changes, and they are not there any more"
        raise ScaffoldError(f"{fact}; commit the template and write the repository again")
    return Template(address, version)


def newer(version: str) -> str:
    """The installed version where it is a release later than another one, else nothing."""
    if not _RELEASE.fullmatch(version):
        return ""
    here = installed().version
    return here if is_before(version, here) else ""


@contextmanager
def opened(template: Template, *others: Template) -> Iterator[Path]:
    """Give a bare repository that holds the version, and others of the same source; it is gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="gitops-scaffold-") as directory:
        store = Path(directory, "template.git")
        if template.stand_in is not None and template.stand_in.is_dir():
            wanted = {each.version: None if each.dirty else each.version for each in (template, *others)}
            _extract(template.stand_in, store, wanted)
        else:
            source = str(template.stand_in or _expanded(template.address))
            git.run(Path(directory), "clone", "--quiet", "--bare", "--", source, str(store))
        yield store


def latest(address: str) -> Template:
    """The newest version at an address: the installed one where it is ours, else the highest release that is tagged."""
    here = installed()
    if _expanded(address) == ADDRESS:
        return Template(address, here.version, here.stand_in)
    try:
        listed = git.run(Path.cwd(), "ls-remote", "--tags", "--refs", "--", _expanded(address)).split()
    except ToolError as error:
        raise ScaffoldError(f"template {address!r} cannot be reached; {error}") from error
    tags = (name.removeprefix("refs/tags/") for name in listed)
    released = sorted((tag for tag in tags if _RELEASE.fullmatch(tag)), key=_numbers)
    if not released:
        raise ScaffoldError(f"template {address!r} has no tag such as v1.0.0; name a version with --to")
    return Template(address, released[-1])


def is_before(version: str, other: str) -> bool:
    """Tell whether both are releases and one is earlier; of other versions nothing is known."""
    both = _RELEASE.fullmatch(version) and _RELEASE.fullmatch(other)
    return bool(both) and _numbers(version) < _numbers(other)


def redirection(address: str, stand_in: Path | None) -> dict[str, str]:
    """The variables that let any Git command, and so plain Copier, find the address at a bundle or a repository."""
    url = _expanded(address)
    if stand_in is None or "://" not in url:
        return {}
    key = f"url.{stand_in}.insteadOf"
    return {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": key, "GIT_CONFIG_VALUE_0": url}


def bundle(checkout: Path, target: Path, version: str) -> None:
    """Write a bundle of every released version that leads to a checkout's HEAD, which becomes `version`.

    Raises ScaffoldError where the version is tagged at another commit.
    """
    tags = git.run(checkout, "tag", "--list", "v*", "--merged", "HEAD", "--sort", "version:refname").split()
    named = git.run(checkout, "rev-parse", "--verify", "--quiet", f"refs/tags/{version}^{{commit}}", check=False)
    if named and named != git.run(checkout, "rev-parse", "HEAD"):
        raise ScaffoldError(f"version {version} is tagged at another commit; raise the version in scaffold/__init__.py")
    with tempfile.TemporaryDirectory(prefix="gitops-scaffold-") as directory:
        store = Path(directory, "template.git")
        _extract(checkout, store, {**{tag: tag for tag in tags}, version: "HEAD"})
        git.run(store, "bundle", "create", "--quiet", str(target), "HEAD", "--tags")


def _extract(checkout: Path, store: Path, versions: dict[str, str | None]) -> None:
    """Write a bare repository with nothing but the template, each revision tagged with its version.

    A revision of None is the work tree as it is. The same content makes the same commits, whoever writes them.
    """
    git.run(checkout, "init", "--quiet", "--bare", "--template=", "--initial-branch=main", str(store))
    objects = git.run(checkout, "rev-parse", "--path-format=absolute", "--git-path", "objects")
    (store / "objects/info/alternates").write_text(objects)
    parent: tuple[str, ...] = ()
    for version, revision in versions.items():
        date = git.run(checkout, "show", "--no-patch", "--format=%ct", f"{revision or 'HEAD'}^{{commit}}").strip()
        commit = _commit(store, _tree(checkout, store, revision), parent, version, f"{date} +0000")
        git.run(store, "update-ref", f"refs/tags/{version}", commit)
        git.run(store, "update-ref", "refs/heads/main", commit)
        parent = ("-p", commit)


def _tree(checkout: Path, store: Path, revision: str | None) -> str:
    if revision is None:
        git.run(checkout, "--git-dir", str(store), "--work-tree", str(checkout), "add", "--all", "--", *_PATHS)
        return git.run(store, "write-tree").strip()
    return git.run(store, "mktree", stdin=git.run(checkout, "ls-tree", revision, "--", *_PATHS)).strip()


def _commit(store: Path, tree: str, parent: tuple[str, ...], version: str, date: str) -> str:
    signature = {**_NOBODY, "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
    return git.run(store, "commit-tree", *parent, "-m", version, tree, variables=signature).strip()


def _described(checkout: Path) -> str:
    """What `git describe` says, in its long form also before the first release, since a bare hash may read as a number.

    Git resolves that form by the hash at its end, and Copier reads a version from it (Copier 9.18).
    """
    commit = git.run(checkout, "rev-parse", "--short", "--verify", "--quiet", "HEAD", check=False).strip()
    if not commit:
        raise ScaffoldError(f"the checkout {str(checkout)!r} has no commit; commit the template first")
    name = git.run(checkout, "describe", "--tags", check=False).strip()
    if not name:
        name = f"v0.0.0-{git.run(checkout, 'rev-list', '--count', 'HEAD').strip()}-g{commit}"
    return name + (_DIRTY if git.run(checkout, "status", "--porcelain", "--", *_PATHS).strip() else "")


def _holds(stand_in: Path, version: str, current: str) -> bool:
    """Tell whether a stand-in has a version: a bundle as a tag, a checkout as anything that Git can resolve."""
    if version in (current, ""):
        return version == current
    if stand_in.is_file():
        return f" refs/tags/{version}\n" in git.run(stand_in.parent, "bundle", "list-heads", str(stand_in))
    arguments = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{version}^{{commit}}")
    return bool(git.run(stand_in, *arguments, check=False))


def _numbers(release: str) -> list[int]:
    return [int(part) for part in release.removeprefix("v").split(".")]


def _expanded(address: str) -> str:
    """The address as Copier hands it to Git."""
    for short, forge in _FORGES.items():
        if address.startswith(short):
            address = forge + address.removeprefix(short).lstrip("/")
    address = address.removeprefix("git+")
    return address if "://" not in address or address.endswith(".git") else f"{address}.git"
