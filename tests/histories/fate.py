"""Whether every edit of a history is where it belongs, and nothing else has changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

from histories.edits import Edit
from scaffold import answers
from scaffold.staging import Content, tree

Move = Callable[[str], str]


def losses(
    root: Path, done: Sequence[Edit], reported: Collection[str], fresh: Mapping[str, Content], moved: Move
) -> Iterator[str]:
    """What has become of a repository otherwise than it must, in words; `fresh` is a new one, `reported` its conflicts.

    An edit belongs to its own path, through a declared move to the new one, or it is reported there or where it was.
    """
    here = {path: content for path, content in tree(root).items() if not path.startswith((".git/", ".gitops"))}
    own = {edit.path for edit in done if edit.deed == "new"}
    for edit in done:
        if edit.deed != "delete" or moved(edit.path) not in own:  # else somebody's own file stands there
            yield from _of_edit(edit, here, reported, moved)
    touched = {path for edit in done for path in (edit.path, moved(edit.path))} | set(reported)
    for path in sorted({*here, *fresh}):
        if not touched & {path, moved(path)} and Path(path).name != answers.NAME and here.get(path) != fresh.get(path):
            yield f"{path} was not edited, and is not as a new one is"
    edited = {path for edit in done for path in (edit.path, moved(edit.path))}
    yield from (f"{path} is reported, and nobody edited it" for path in sorted(set(reported) - edited))


def _of_edit(edit: Edit, here: Mapping[str, Content], reported: Collection[str], moved: Move) -> Iterator[str]:
    target = moved(edit.path)
    conflict = bool({edit.path, target} & set(reported))
    allowed = {target, edit.path} if conflict else {target}
    if edit.mark:
        found = {path for path, content in here.items() if edit.mark in content.data}
        if not found:
            yield f"{edit.deed} of {edit.path} is lost"
        elif not found <= allowed or len(found) > 1:
            yield f"{edit.deed} of {edit.path} is at {', '.join(sorted(found))}"
    elif edit.deed == "delete":
        if target in here and not conflict:
            yield f"{edit.path} was deleted, and {target} is there"
    elif not any(_keeps(edit, here[path], conflict=conflict) for path in allowed & here.keys()):
        yield f"{edit.path} is not {edit.deed} any more"


def _keeps(edit: Edit, content: Content, *, conflict: bool) -> bool:
    """Tell whether a file has the line ends or the mode that somebody gave it."""
    if edit.deed == "dos":
        return conflict or content.data.count(b"\r\n") == content.data.count(b"\n") > 0
    return content.executable == (edit.deed == "executable")
