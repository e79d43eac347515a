"""Changes each condition of each rule, one at a time, and says which of the changes no golden case notices.

`python tests/mutants.py [RULE or group…]`, which `make mutants` runs for all: a condition is made always true, then
always false, and each part of one is left out. What a rule is given while its cases and the examples of its manual are
validated is recorded once; every changed rule is asked about the same. A change that no finding shows is printed, and
makes the program fail.
"""

from __future__ import annotations

import ast
import copy
import inspect
import shutil
import signal
import sys
import tempfile
import types
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from checking import check, write

from scaffold.model import Finding, Repository
from scaffold.rules import RULES, Rule, profiles

_CASES = Path(__file__).parent / "cases"
_SECONDS = 10


class _Recorder:
    """Stands in for a rule, and keeps what it is asked about."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self.asked: list[Repository] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._rule, name)

    def check(self, repository: Repository) -> Iterator[Finding]:
        self.asked.append(repository)
        return self._rule.check(repository)


class Mutant(NamedTuple):
    """A changed rule: the line, the condition as it was, and what was made of it."""

    line: int
    was: str
    becomes: str
    module: types.ModuleType


def survivors(name: str) -> list[Mutant]:
    """The changes of a rule that none of its cases notices."""
    rule = RULES[name]
    asked = _recorded(rule)
    expected = _found(rule, asked)
    return [mutant for mutant in _mutants(rule) if _found(mutant.module, asked) == expected]


def _recorded(rule: Rule) -> list[Repository]:
    recorder = _Recorder(rule)
    RULES[rule.ID] = recorder
    options = {"require_rendered": rule.ID == "not-rendered", "profile": next(iter(profiles(rule)), "")}
    try:
        with tempfile.TemporaryDirectory() as directory:
            for number, tree in enumerate(_trees(rule)):
                root = Path(directory) / str(number) / "repository"
                if isinstance(tree, Path):
                    shutil.copytree(tree, root, symlinks=True, ignore=shutil.ignore_patterns("expected.txt"))
                else:
                    write(root, tree)
                check(root, **options)
    finally:
        RULES[rule.ID] = rule
    return recorder.asked


def _trees(rule: Rule) -> Iterator[Path | str]:
    yield from sorted(_CASES.glob(f"{rule.ID}/*/"))
    fails, _, passes = inspect.cleandoc(rule.__doc__ or "").partition("\nFails:\n")[2].partition("\nPasses:\n")
    yield from (fails, passes)


def _found(rule: Any, asked: list[Repository]) -> list[list[Any]]:
    """What a rule finds, as far as a report shows it; an error is found too, and that it finds no end."""
    return [list(_shown(rule, repository)) for repository in asked]


def _shown(rule: Any, repository: Repository) -> Iterator[Any]:
    signal.signal(signal.SIGALRM, _stop)
    signal.alarm(_SECONDS)
    try:
        for finding in rule.check(repository):
            sure = finding.confidence, finding.unless
            yield finding.place, finding.message, finding.severity, finding.related, finding.remedy, *sure
    except Exception as error:  # noqa: BLE001  # a changed rule may do anything
        yield type(error)
    finally:
        signal.alarm(0)


def _stop(*_: object) -> None:
    raise TimeoutError


def _mutants(rule: Any) -> Iterator[Mutant]:
    source = Path(rule.__file__).read_text(encoding="utf-8")
    count = len(list(_conditions(ast.parse(source))))
    for number in range(count):
        for change in _changes(list(_conditions(ast.parse(source)))[number].node):
            tree = ast.parse(source)
            site = list(_conditions(tree))[number]
            new = ast.copy_location(copy.deepcopy(change), site.node)
            site.put(new)
            yield Mutant(site.node.lineno, ast.unparse(site.node), ast.unparse(new), _module(rule, tree))


class _Site(NamedTuple):
    """Where a condition hangs in its tree."""

    parent: ast.AST
    field: str
    number: int
    node: ast.expr

    def put(self, node: ast.expr) -> None:
        if self.number < 0:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.number] = node


def _conditions(tree: ast.AST) -> Iterator[_Site]:
    for node in ast.walk(tree):
        if isinstance(node, ast.If | ast.IfExp):
            yield _Site(node, "test", -1, node.test)
        elif isinstance(node, ast.comprehension):
            yield from (_Site(node, "ifs", index, test) for index, test in enumerate(node.ifs))
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.BoolOp):
            yield _Site(node, "value", -1, node.value)


def _changes(test: ast.expr) -> Iterator[ast.expr]:
    yield ast.Constant(value=True)
    yield ast.Constant(value=False)
    if isinstance(test, ast.BoolOp):
        for index in range(len(test.values)):
            rest = [value for number, value in enumerate(test.values) if number != index]
            yield rest[0] if len(rest) == 1 else ast.BoolOp(op=test.op, values=rest)


def _module(rule: Any, tree: ast.Module) -> types.ModuleType:
    module = types.ModuleType(rule.__name__)
    module.__file__ = rule.__file__
    module.__package__ = rule.__package__
    exec(compile(ast.fix_missing_locations(tree), rule.__file__, "exec"), module.__dict__)
    return module


def _lines(name: str) -> list[str]:
    path = Path(RULES[name].__file__ or "").relative_to(Path(__file__).parent.parent)  # type: ignore[attr-defined]
    return [f"{path}:{m.line}: no case of {name} notices when '{m.was}' is '{m.becomes}'" for m in survivors(name)]


def _named(names: list[str]) -> list[str]:
    return [name for name in RULES if not names or {name, RULES[name].__name__.split(".")[-2]} & set(names)]


def main(names: list[str]) -> int:
    count = 0
    with ProcessPoolExecutor(2) as pool:
        for lines in pool.map(_lines, _named(names)):
            print(*lines, sep="\n", end="\n" if lines else "", flush=True)
            count += len(lines)
    print(f"{count} changes that no case notices")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
