"""What a file declares, and what a kustomization refers to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from scaffold.model.manifests import Head, Manifest
from scaffold.model.places import Place
from scaffold.model.values import Pointer

_TEMPLATE = re.compile(r"(?i)(?:\A|[-_./])(?:template|example|sample)s?(?:[-_./]|\Z)")
_TEMPLATES = frozenset(f"{word}{end}" for word in ("template", "example", "sample") for end in ("", "s"))


class Problem(NamedTuple):
    """Why a file could not be read as YAML, and whether it may be a template; line and column count from 1.

    `filled_in` tells that it is one for sure: it says so, or declares nothing.
    """

    text: str
    line: int
    column: int
    templated: bool = False
    filled_in: bool = False


class Duplicate(NamedTuple):
    """A key that a mapping holds twice: where the second stands, and the line of the first."""

    document: int
    key: str
    line: int
    column: int
    first: int


class Ignore(NamedTuple):
    """A comment `# gitops-scaffold: ignore RULE: why` and the line of code that it speaks of."""

    line: int
    column: int
    rule: str
    reason: str
    covers: int


class Idle(NamedTuple):
    """A comment, an annotation or whatever `noun` says that silences nothing for a rule, and why."""

    place: Place
    noun: str
    rule: str
    fact: str


class Marker(NamedTuple):
    """A comment `# {"$imagepolicy": "namespace:name:tag"}`: where it stands, what it says, what it stands behind.

    `policy` is empty where the comment is not JSON of that form; `form` is `image`, `digest` or `word`,
    or `text` where it is no comment, but a part of a text of several lines.
    """

    line: int
    column: int
    policy: str
    part: str
    form: str


class Unfilled(NamedTuple):
    """The first placeholder of a file, as `<CLUSTER_NAME>`, its column, and the lines that hold one.

    `template` tells that the comment which the file begins with calls it one.
    """

    text: str
    column: int
    lines: tuple[int, ...]
    template: bool = False


class Action(NamedTuple):
    """What an action of a template does with one value, or with one file: `verb` is what, `path` and `text` with which.

    `default` puts `text` where the value is empty, `embedded` prints it within a string; `file` reads the file `text`,
    and `hook` is an annotation that names the events `text`.
    """

    line: int
    column: int
    verb: str
    path: Pointer = ()
    text: str = ""


class Scoped(NamedTuple):
    """A repository or a cluster that Argo CD is told for one project; `*` is what nobody can read."""

    kind: str
    project: str
    address: str
    namespaces: tuple[str, ...]


class Comments(NamedTuple):
    """What the comments of a file say.

    `entries` are the files that those of a kustomization name, and the entries that are commented out in it as they
    stand there, `allowed` the lines that scanners for secrets are told to pass, `unwaited` the documents of which one
    says why they do not wait, and `paths` those from the root that stand in what is commented out.
    """

    ignores: tuple[Ignore, ...] = ()
    markers: tuple[Marker, ...] = ()
    entries: tuple[str, ...] = ()
    allowed: tuple[int, ...] = ()
    unwaited: tuple[int, ...] = ()
    paths: tuple[str, ...] = ()


class SourceFile(NamedTuple):
    """One file of the repository: what it declares, and the whole documents where a repository-wide rule needs them.

    `documents` are kept for kustomizations, charts, bundles of Fleet, engine objects and answers; in the scope `file`
    always. `keys` are the upper keys of a file that declares nothing and is one mapping, such as values of a chart, and
    `telling` the values of these, at any depth, that are booleans or whole numbers; `scoped` is what Secrets for
    Argo CD add to a project; `exported` tells that all its objects were read from a cluster.
    """

    path: str
    digest: str
    heads: tuple[Head, ...] = ()
    documents: tuple[Any, ...] | None = None
    problem: Problem | None = None
    duplicates: tuple[Duplicate, ...] = ()
    comments: Comments = Comments()
    keys: tuple[Pointer, ...] = ()
    unfilled: Unfilled | None = None
    telling: tuple[tuple[Pointer, bool | int], ...] = ()
    scoped: tuple[Scoped, ...] = ()
    exported: bool = False

    @property
    def directory(self) -> str:
        return self.path.rpartition("/")[0]

    @property
    def is_called_template(self) -> bool:
        """Tell whether its name, or that of a directory above, says that it is a template or an example."""
        *above, name = self.path.split("/")
        return bool(_TEMPLATE.search(name)) or not _TEMPLATES.isdisjoint(above)

    def manifests(self) -> Iterator[Manifest]:
        """The documents with apiVersion and kind, where documents were kept."""
        for index, data in enumerate(self.documents or ()):
            if isinstance(data, Mapping) and isinstance(data.get("kind"), str) and data.get("apiVersion"):
                yield Manifest(data, self.path, index)


class Reference(NamedTuple):
    """A path that a kustomization names: `field` is the key it stands in, `target` is relative to the root."""

    field: str
    text: str
    target: str
    pointer: Pointer
    remote: bool = False


@dataclass(frozen=True)
class Kustomization:
    """A directory that Kustomize can build: its file and what that refers to."""

    directory: str
    manifest: Manifest
    references: tuple[Reference, ...] = ()

    @property
    def is_component(self) -> bool:
        return self.manifest.kind == "Component"

    def place(self, *pointer: str | int, at_key: bool = False) -> Place:
        return self.manifest.place(*pointer, at_key=at_key)


class GeneratedMap(NamedTuple):
    """A config map as the one document of a file, and where each of its keys begins: in a file, or in a literal.

    `hidden` are the keys whose values are not here, or the files of keys that are not, and `named` are where keys are
    written that a kustomization gives to files.
    """

    file: SourceFile
    keys: Mapping[str, Place]
    entry: Place
    named: Mapping[str, Place]
    hidden: tuple[str, ...] = ()

    def source(self, place: Place) -> Place:
        """Where that stands which a place in the document is about."""
        key, *inner = place.pointer[1:] or ("",)
        if place.at_key and str(key) in self.named:
            return self.named[str(key)]
        begins = self.keys.get(str(key), self.entry)
        lines = inner[0] if inner and isinstance(inner[0], int) else 0
        return begins._replace(line=begins.line + lines) if begins.line else begins
