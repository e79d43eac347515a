"""What a script, a pipeline or a manual does with manifests: those it applies no kustomization need list.

Those it writes need not be there.
"""

from __future__ import annotations

import itertools
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from scaffold.model import Repository, dig, sequence

_SCRIPT = re.compile(
    r"\.(?:sh|bash|ps1|mk|md)\Z|(?:\A|/)(?:(?:GNUm|M|m)akefile|[Jj]ustfile|Tiltfile|[Tt]askfile\.ya?ml)\Z"
    r"|(?:\A|/)(?:\.github/workflows/[^/]+|\.gitlab-ci)\.ya?ml\Z"
)
_CLIENTS, _APPLYING = ("kubectl ", "oc ", "argocd "), (" apply ", " create ")
_PATH = r"[\"']?([^\s\"'`;|<>&,)]+)"
_BLANK = re.compile(r"<[\w .-]{1,40}>")  # for which a reader writes a name
_INTO = re.compile(r"[^\s>-][ \t]+>>?[ \t]*[^\s>]+\.ya?ml\b")  # what a command prints; a quotation begins a line
_WRITING = re.compile(rf"(?:>|\btee(?:\s+-a)?|\s-o|--output[=\s])\s*{_PATH}|\b(?:cp|mv)\s[^\n;|&]*\s{_PATH}")
_COPY = re.compile(r"(?i)\b(?:redacted|saniti[sz]ed)\s+(?:\w+\s+){0,3}?(?:copy|mirror|version)\b")
_WORD = re.compile(r"[^\s\"'`=:;|<>&,]+")
_ENDS = (".yaml", ".yml")
_LONGEST = 400  # characters; what is longer is no path
_VARIABLE = re.compile(r"\$\{[^}]*\}|\$\([^)]*\)|\A[^()]*\)|\$\w+")  # one in parentheses may have begun a word before
_ONE = "\0"  # stands for a variable
_UNKNOWN = frozenset(("", ".", "..", _ONE))
_TASKS = frozenset(
    (
        *(("tekton.dev", kind) for kind in ("ClusterTask", "Pipeline", "PipelineRun", "Task", "TaskRun")),
        *(("argoproj.io", f"{whose}Workflow{what}") for whose in ("", "Cluster", "Cron") for what in ("", "Template")),
    )
)


def scripts(repository: Repository) -> list[str]:
    """The files that may name one."""
    return sorted(path for path in repository.others | frozenset(repository.files) if _SCRIPT.search(path))


def tasks(repository: Repository) -> list[str]:
    """The files that hold tasks of Tekton or Argo Workflows, which may write what a kustomization refers to."""
    if not absent(repository):
        return []
    return sorted(
        path for path, file in repository.files.items() if any((head.group, head.kind) in _TASKS for head in file.heads)
    )


def commands(path: str, text: str) -> str:
    """What of a file is done: all of a script, and of a manual the lines that apply or write something."""
    if not path.endswith(".md"):
        return text
    done = (line for line in text.splitlines() if _applies(line) or _INTO.search(line))
    return "\n".join(_BLANK.sub("*", line) for line in done)


def _applies(line: str) -> bool:
    return any(word in line for word in _APPLYING) and any(word in line for word in _CLIENTS)


def manifests(repository: Repository, texts: Iterable[str]) -> frozenset[str]:
    """The files that the texts name: with their directory as they say it, or alone where no other is called so.

    What applies `apps/*.yaml` names all of a directory.
    """
    called: dict[str, list[str]] = {}
    for path in repository.files:
        called.setdefault(posixpath.basename(path), []).append(path)
    several = list(texts)
    words = (word.rstrip("),.") for text in several for word in _WORD.findall(text))
    names = {word for word in words if word.endswith(_ENDS) and len(word) <= _LONGEST}
    whole = set(_whole(several))
    told = {path for name in names for path in _meant(_VARIABLE.sub(_ONE, name), called.get)}
    return frozenset(told | {path for path, file in repository.files.items() if file.directory in whole})


def _whole(texts: Iterable[str]) -> Iterator[str]:
    """The directories all of whose files a command applies, as `apps/*.yaml`."""
    lines = (line for text in texts if "*." in text for line in text.splitlines() if _applies(line))
    for word in (word for line in lines for word in _WORD.findall(line)):
        directory, _, last = word.removeprefix("./").rpartition("/")
        if last.startswith("*.") and last.endswith(_ENDS):
            yield directory


def absent(repository: Repository) -> frozenset[str]:
    """What kustomizations refer to and is not there."""
    references = (leaf for item in repository.kustomizations.values() for leaf in item.references if not leaf.remote)
    return frozenset(leaf.target for leaf in references) - repository.paths


def withheld(repository: Repository, texts: Mapping[str, str]) -> frozenset[str]:
    """The secrets that are not there, where the manual says that this is a copy without what others may not see."""
    told = any(path.lower() == "readme.md" and _COPY.search(text) for path, text in texts.items())
    return frozenset(path for path in absent(repository) if told and "secret" in posixpath.basename(path).lower())


def images(repository: Repository, texts: Iterable[str]) -> tuple[str, ...]:
    """The images that kustomizations name and that a text names too: a pipeline may read or write their versions."""
    entries = (entry for item in repository.kustomizations.values() for entry in sequence(item.manifest.get("images")))
    names = {name for entry in entries if isinstance(name := dig(entry, "name"), str) and "/" in name}
    several = list(texts) if names else []
    return tuple(sorted(name for name in names if any(name in each for each in several)))


def made(repository: Repository, texts: Mapping[str, str]) -> frozenset[str]:
    """The files that kustomizations refer to, which are not there, and which the texts, by their paths, write."""
    called: dict[str, list[str]] = {}
    for path in absent(repository):
        called.setdefault(posixpath.basename(path), []).append(path)
    found = ((where, first or second) for where, text in texts.items() for first, second in _WRITING.findall(text))
    pairs = ((where, _VARIABLE.sub(_ONE, name)) for where, name in found if len(name) <= _LONGEST) if called else ()
    told = ((where, name) for where, name in pairs if _is_told(name))
    return frozenset(path for where, name in told for path in _written(where, name, called.get))


def _written(where: str, name: str, called: Callable[[str], list[str] | None]) -> Iterator[str]:
    """The files that a name means: without a directory those beside the text."""
    beside = "/" not in name.removeprefix("./")
    yield from (p for p in _meant(name, called) if not beside or posixpath.dirname(p) == posixpath.dirname(where))


def _is_told(name: str) -> bool:
    """Tell whether a name is that of one file, and not of one in each directory that somebody adds and keeps."""
    known = list(itertools.dropwhile(_UNKNOWN.__contains__, name.split("/")))
    return _ONE not in name or (len(known) > 1 and _ONE not in "".join(known))


def _meant(name: str, called: Callable[[str], list[str] | None]) -> Iterator[str]:
    directory, _, last = name.rpartition("/")
    paths = called(last) or []
    if name.startswith("//"):  # an address without its scheme, which ends in the path
        yield from (path for path in paths if name.endswith(f"/{path}"))
        return
    known = list(itertools.dropwhile(_UNKNOWN.__contains__, directory.split("/")))
    if not known:
        yield from paths if len(paths) == 1 else ()
        return
    pattern = re.escape("/".join((*known, last))).replace(_ONE, "[^/]*")
    yield from (path for path in paths if re.search(rf"(?:\A|/){pattern}\Z", path))
