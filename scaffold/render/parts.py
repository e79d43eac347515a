"""A copy of some files of a repository, in which others stand in the place of some: to build a part of it."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from scaffold.render import NotRenderedError


@contextlib.contextmanager
def copied(root: Path, paths: Iterable[str], changed: Mapping[str, str]) -> Iterator[Path]:
    """The directory of such a copy; `changed` has the texts of those that differ. It is gone afterwards.

    What is outside the root, and what is no file, is left out. Raises NotRenderedError where a file cannot be copied.
    """
    with tempfile.TemporaryDirectory(prefix="gitops-scaffold-") as temporary:
        whole = Path(temporary)
        for path in (path for path in paths if not path.startswith(("/", "../"))):
            try:
                _put(root / path, whole / path, changed.get(path))
            except OSError as error:
                raise NotRenderedError(f"{path!r} cannot be copied, {error.strerror}") from error
        yield whole


def _put(source: Path, target: Path, text: str | None) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if text is not None:
        target.write_text(text)
    elif source.is_file():
        shutil.copyfile(source, target)
