"""How each forge opens a pull request by plain git, or which command does where git alone cannot."""

from __future__ import annotations

import re
import shlex
from typing import NamedTuple

_HOST = re.compile(r"(?:[a-z+]+://)?(?:[^@/]+@)?(?P<host>[^/:]+)")
_SIGNS = {
    "gitlab": ("gitlab",),
    "forgejo": ("forgejo", "gitea", "codeberg.org"),
    "github": ("github",),
    "bitbucket": ("bitbucket",),
    "azure": ("dev.azure.com", "visualstudio.com"),
}
NAMES = (*_SIGNS, "none")


class Request(NamedTuple):
    """A pull request: from the branch `head` into `base`; nobody can merge a draft before it is made ready."""

    base: str
    head: str
    title: str
    body: str
    draft: bool = False

    @property
    def marked(self) -> str:
        """The title by which GitLab and Gitea know a draft, in the words that both take."""
        return f"Draft: {self.title}" if self.draft else self.title


def of(url: str) -> str:
    """The forge that an address belongs to, as its host says, or `none`."""
    found = _HOST.match(url)
    host = found["host"].lower() if found else ""
    return next((name for name, signs in _SIGNS.items() if any(sign in host for sign in signs)), "none")


def is_reviewed(forge: str) -> bool:
    """Tell whether a push to `refs/for/` opens the pull request: AGit, which Gitea 1.13 and Forgejo have."""
    return forge == "forgejo"


def push_options(forge: str, request: Request) -> tuple[str, ...]:
    """Push options that open the request or update the one that is there; they hold no line breaks.

    GitLab 11.10 and Gitea 1.13 have them.
    """
    text = request.body.replace("\n", "<br>")
    if forge == "gitlab":
        said = {"create": "", "target": request.base, "title": request.marked, "description": text}
        return tuple(f"merge_request.{key}={value}" if value else f"merge_request.{key}" for key, value in said.items())
    if forge == "forgejo":
        said = {"topic": request.head, "title": request.marked, "description": text, "force-push": "true"}
        return tuple(f"{key}={value}" for key, value in said.items())
    return ()


def command(forge: str, request: Request) -> str:
    """The command that opens the request where git cannot; nothing where it has."""
    title, body = shlex.quote(request.title), shlex.quote(request.body)
    base, head = shlex.quote(request.base), shlex.quote(request.head)
    if forge == "github":
        draft = "--draft " if request.draft else ""
        return f"gh pr create {draft}--base {base} --head {head} --title {title} --body {body}"
    if forge == "azure":
        branches = f"{'--draft true ' if request.draft else ''}--target-branch {base} --source-branch {head}"
        return f"az repos pr create {branches} --title {title} --description {body}"
    if forge in ("gitlab", "forgejo"):
        return ""
    return f"open a pull request from {head} into {base}: {title}"
