"""Where a build comes from: read from its repository, written as trailers, and found again in the history."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from scaffold import git, instants
from scaffold.errors import ScaffoldError
from scaffold.model import Image

_FORMAT = "%H%x00%an <%ae>%x00%cI%x00%s"
_IMAGE, _TIME, _ENVIRONMENT = "Image", "Image-time", "Environment"
_CREDENTIALS = re.compile(r"(?<=://)[^/@]*@")
_LOOKED_AT = 200  # commits of a file; the build before this one is among the last few


class Source(NamedTuple):
    """The commit that an image was built from, as far as it is known; `time` is when it was committed."""

    time: datetime.datetime | None = None
    commit: str = ""
    author: str = ""
    subject: str = ""
    url: str = ""


def of_checkout(directory: Path) -> Source:
    """What is checked out in a directory; raises ToolError where that is no Git work tree with a commit."""
    commit, author, time, subject = git.run(directory, "log", "-1", f"--format={_FORMAT}").strip("\n").split("\0")
    # The address of what CI has checked out often holds a token, and a commit is for everybody.
    url = _CREDENTIALS.sub("", git.origin(directory))
    return Source(parsed(time), commit, author, subject, url)


def parsed(text: str) -> datetime.datetime:
    """A time in ISO 8601; raises ScaffoldError where it is none."""
    try:
        return instants.parsed(text)
    except ValueError as error:
        raise ScaffoldError(f"time {text!r} is not in ISO 8601; write one such as 2027-01-31T12:00:00Z") from error


def trailers(image: Image, environment: str, source: Source) -> list[str]:
    """Trailers for the commit; those of `Argocd-reference-commit` are what Argo CD 3.5's hydrator carries on."""
    lines = [f"{_IMAGE}: {image}", f"{_ENVIRONMENT}: {environment}", *times(source.time)]
    said = {"sha": source.commit, "author": source.author, "subject": source.subject, "repourl": source.url}
    if source.commit and source.time:
        said["date"] = source.time.isoformat()
    return lines + [f"Argocd-reference-commit-{key}: {text}" for key, text in said.items() if text]


def times(time: datetime.datetime | None) -> list[str]:
    """The trailer with the time of a build, where it is known."""
    return [f"{_TIME}: {instants.written(time)}"] if time else []


def time_of(root: Path, path: str, image: Image, environment: str) -> datetime.datetime | None:
    """When the build that a path names was committed, as the last commit that set the image in the environment says."""
    keys = "%x00".join(f"%(trailers:key={key},valueonly,separator=%x2C)" for key in (_IMAGE, _ENVIRONMENT, _TIME))
    listed = git.run(root, "log", f"-{_LOOKED_AT}", f"--format={keys}%x01", "--", path, check=False)
    for named, where, time in _records(listed):
        if where == environment and Image.of(named).is_same(image.name):
            return parsed(time) if time else None
    return None


def _records(listed: str) -> Iterator[tuple[str, str, str]]:
    """Image, environment and time of every image that a commit set; times are as many as images, or count for none."""
    for record in listed.split("\x01"):
        images, environments, times = (*record.strip("\n").split("\0"), "", "")[:3]
        names, known = images.split(","), times.split(",")
        paired = known if len(known) == len(names) else [""] * len(names)
        for name, time in zip(names, paired, strict=True):
            yield name.strip(), environments.partition(",")[0].strip(), time.strip()
