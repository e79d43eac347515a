"""Random histories and random kills, a bounded number of them; `make histories` runs many."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from histories import fate, kills, run
from histories.edits import Edit
from histories.run import Past

from scaffold.staging import Content


@pytest.fixture(scope="module")
def known(_own_git: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Past]:
    with run.past(tmp_path_factory.mktemp("past")) as made:
        yield made


@pytest.mark.parametrize("first", range(0, 30, 10))
def test_every_edit_ends_where_it_belongs(first: int, known: Past, tmp_path: Path) -> None:
    found = {seed: run.losses(known, seed, tmp_path / str(seed)) for seed in range(first, first + 10)}
    assert {seed: losses for seed, losses in found.items() if losses} == {}


@pytest.mark.parametrize(
    ("edit", "here", "reported"),
    [
        (Edit("a", "value", b"mark"), {"b": b"x"}, set()),
        (Edit("a", "value", b"mark"), {"a": b"mark", "b": b"x"}, set()),
        (Edit("a", "value", b"mark"), {"b": b"mark", "c": b"mark"}, {"b"}),
        (Edit("a", "delete"), {"b": b"x"}, set()),
        (Edit("a", "dos"), {"b": b"x\n"}, set()),
        (Edit("a", "dos"), {}, set()),
        (Edit("a", "executable"), {"b": b"x"}, set()),
    ],
)
def test_a_loss_is_seen(edit: Edit, here: dict[str, bytes], reported: set[str], tmp_path: Path) -> None:
    """What the histories look for is found where it is: the template moved `a` to `b`."""
    for path, data in here.items():
        (tmp_path / path).write_bytes(data)
    fresh = {"b": Content(b"x")}
    assert list(fate.losses(tmp_path, [edit], reported, fresh, lambda path: "b" if path == "a" else path))


def test_a_file_of_ones_own_where_a_deleted_one_would_move_is_no_loss(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("mark\n")
    done = [Edit("b", "new", b"mark"), Edit("a", "delete")]
    moved = {"a": "b"}
    assert not list(fate.losses(tmp_path, done, set(), {"b": Content(b"x")}, lambda path: moved.get(path, path)))


def test_what_was_not_edited_is_as_new(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old\n")
    assert list(fate.losses(tmp_path, [], {"c"}, {"a": Content(b"new\n")}, str)) == [
        "a was not edited, and is not as a new one is",
        "c is reported, and nobody edited it",
    ]


@pytest.mark.parametrize("deed", kills.DEEDS)
def test_a_killed_command_leaves_a_way_on(deed: str, fleet: Path, known: Past, tmp_path: Path) -> None:
    root = run.committed(known, "v1.0.0", tmp_path / "old") if deed == "update" else fleet
    victim = kills.victim(root, deed, tmp_path / "after")
    chance = random.Random(deed)
    assert [kills.flaws(victim, tmp_path / str(number), chance) for number in range(3)] == [[], [], []]
