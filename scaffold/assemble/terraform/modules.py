"""The uses of modules that can be followed from the roots, each with its variables."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping

from scaffold.assemble.terraform import files, states
from scaffold.assemble.terraform.scopes import Budget, Given, Scope
from scaffold.model import Place, Repository
from scaffold.parse import hcl

_DEEPEST, _MOST = 8, 500  # modules in modules, uses of them


def uses(repository: Repository, directories: Iterable[str]) -> Iterator[Scope]:
    """Every use of a module that stands in one of some directories, from the roots on."""
    wanted = frozenset(directories)
    reaching = _reaching(repository, wanted)
    budget, found = Budget(), 0
    for directory in sorted(reaching - states.called(repository)):
        pending = [(_scope(repository, directory, _values(repository, directory), budget), 0)]
        while pending and found < _MOST:
            scope, depth = pending.pop()
            found += 1
            if scope.directory in wanted:
                yield scope
            if depth < _DEEPEST:
                pending += [(each, depth + 1) for each in _called(repository, scope, reaching)]


def _reaching(repository: Repository, wanted: frozenset[str]) -> frozenset[str]:
    """The directories whose modules are some, or take them in."""
    users: dict[str, set[str]] = {}
    for user, source in states.calls(repository):
        users.setdefault(source, set()).add(user)
    found, pending = set(wanted), list(wanted)
    while pending:
        new = users.get(pending.pop(), set()) - found
        found |= new
        pending += new
    return frozenset(directory for directory in found if files.is_whole(repository, directory))


def _scope(repository: Repository, directory: str, variables: Mapping[str, Given], budget: Budget) -> Scope:
    known = {}
    for path, block in blocks(repository, directory, "locals"):
        known.update({name: (attribute, path) for name, attribute in block.attributes.items()})
    return Scope(directory, known, variables, budget)


def blocks(repository: Repository, directory: str, *types: str) -> Iterator[tuple[str, hcl.Block]]:
    """The blocks of some types in the files of a directory."""
    for path in files.of_directory(repository, directory):
        yield from ((path, block) for block in files.block(repository, path).of(*types))


def _called(repository: Repository, scope: Scope, reaching: frozenset[str]) -> Iterator[Scope]:
    for path, block in blocks(repository, scope.directory, "module"):
        source = block.attributes.get("source")
        target = states.local_source(scope.directory, source.value if source else None)
        if target in reaching:
            set_here = {
                name: Given(each.value, Place(path, line=each.line, column=each.column), scope)
                for name, each in block.attributes.items()
            }
            defaults = _defaults(repository, target, scope.budget)
            yield _scope(repository, target, {**defaults, **set_here}, scope.budget)


def _defaults(repository: Repository, directory: str, budget: Budget) -> dict[str, Given]:
    """What the variables of a module are where its user sets none."""
    alone = Scope(directory, budget=budget)
    told = ((path, block, block.attributes.get("default")) for path, block in blocks(repository, directory, "variable"))
    return {
        "".join(block.labels): Given(each.value, Place(path, line=each.line, column=each.column), alone)
        for path, block, each in told
        if each
    }


def _values(repository: Repository, directory: str) -> dict[str, Given]:
    """What a root's variables are by its own files of values, unless who runs it may say otherwise.

    Defaults are what is there for want of a value, which an environment or a workspace may give.
    """
    settings = (inner for _, block in blocks(repository, directory, "terraform") for inner in block.blocks)
    remote = any(inner.type == "cloud" or "remote" in inner.labels for inner in settings)
    named = sorted(files.values(repository, directory))
    own = [path for path in named if path.endswith(".auto.tfvars")]
    first = posixpath.join(directory, "terraform.tfvars")
    if remote or repository.terraform.varied or not set(named) <= {first, *own}:
        return {}
    found: dict[str, Given] = {}
    for path in (*({first} & set(named)), *own):
        for name, each in files.block(repository, path).attributes.items():
            found[name] = Given(each.value, Place(path, line=each.line, column=each.column), Scope(directory))
    return found
