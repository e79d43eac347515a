"""The creation rules of SOPS: which of them is for a file, and for whom it encrypts (SOPS 3.11, `config/config.go`)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scaffold.expand import regexes
from scaffold.model import Place, Repository, SourceFile, dig, mapping, sequence

NAME = ".sops.yaml"


class Rule(NamedTuple):
    """An entry of `creation_rules` and where it stands."""

    file: SourceFile
    number: int
    data: Mapping[str, Any]

    def place(self, *pointer: str | int) -> Place:
        return Place(self.file.path, 0, ("creation_rules", self.number, *pointer))

    @property
    def pattern(self) -> str:
        value = self.data.get("path_regex")
        return value if isinstance(value, str) else ""

    def fits(self, path: str) -> bool:
        """Tell whether the rule is for a file; raises UnverifiableError for a pattern that Python reads otherwise."""
        relative = posixpath.relpath(path, self.file.directory or ".")
        return not self.pattern or regexes.compile_go(self.pattern).search(relative) is not None

    @property
    def age(self) -> frozenset[str] | None:
        """The age recipients that it names; None where keys are in several groups, or come from a plugin.

        Of groups SOPS asks first, and writes the keys of a single one as if there were none.
        """
        groups = sequence(self.data.get("key_groups"))
        if len(groups) > 1 or self.data.get("plugins") or any(dig(group, "merge") for group in groups):
            return None
        named = dig(groups[0], "age") if groups else self.data.get("age")
        return frozenset(map(_key, _listed(named)))


def rules(file: SourceFile) -> Iterator[Rule]:
    """The creation rules of a `.sops.yaml`."""
    if posixpath.basename(file.path) == NAME:
        for document in (file.documents or ())[:1]:
            for number, data in enumerate(sequence(mapping(document).get("creation_rules"))):
                yield Rule(file, number, mapping(data))


def of(repository: Repository, path: str) -> list[Rule]:
    """The rules that are for a file's directory; none where several files of them might be meant.

    What is only called like them, as a Secret without a name of its own may be, is none.
    """
    directories = {""}
    parent = posixpath.dirname(path)
    while parent:
        directories.add(parent)
        parent = posixpath.dirname(parent)
    names = (posixpath.join(directory, NAME) for directory in directories)
    told = (list(rules(repository.files[name])) for name in names if name in repository.files)
    found = [each for each in told if each]
    return found[0] if len(found) == 1 else []


def matching(known: list[Rule], path: str) -> Rule | None:
    """The first rule that fits a file, which is the one that counts; raises as `Rule.fits` does."""
    return next((rule for rule in known if rule.fits(path)), None)


def encrypted(repository: Repository) -> Iterator[tuple[SourceFile, int, Mapping[str, Any]]]:
    """The documents that SOPS encrypted, with what it says of them."""
    for path, file in sorted(repository.files.items()):
        for number, document in enumerate(file.documents or ()):
            sops = mapping(mapping(document).get("sops"))
            if sops.get("mac") and sops.get("version") and not path.endswith(f"/{NAME}"):
                yield file, number, sops


def recipients(sops: Mapping[str, Any]) -> frozenset[str] | None:
    """The age recipients of an encrypted file; None where its keys are in groups."""
    if sops.get("key_groups"):
        return None
    named = (mapping(item).get("recipient") for item in sequence(sops.get("age")))
    return frozenset(_key(name) for name in named if isinstance(name, str))


def _listed(value: Any) -> list[str]:
    parts = value.split(",") if isinstance(value, str) else sequence(value)
    return [part.strip() for part in parts if isinstance(part, str) and part.strip()]


def _key(text: str) -> str:
    """A recipient without the comment that an SSH key may end in."""
    return " ".join(text.split()[:2])
