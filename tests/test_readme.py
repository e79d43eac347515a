"""README.md says what is so: its lists and its outputs are made, its paths exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import readme
import rule_pages
import yaml

from scaffold.rules import RULES, page

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
TEXT = readme.README.read_text()


def test_made_parts_are_up_to_date() -> None:
    assert readme.written(TEXT) == TEXT, "run `python tests/readme.py`"


def test_pages_of_the_rules_are_up_to_date() -> None:
    made = rule_pages.pages()
    assert [str(path) for path, text in made.items() if path.read_text() != text] == [], "run `python tests/readme.py`"
    assert set(made) == set(ROOT.glob("scaffold/rules/**/README.md"))


@pytest.mark.parametrize("name", RULES)
def test_a_rule_stands_on_its_page(name: str) -> None:
    path, _, anchor = page(RULES[name]).partition("#")
    text = (ROOT / path).read_text().partition(f"\n## {anchor}\n")[2].partition("\n## ")[0]
    assert text.count("```yaml\n") == 2
    assert text.index("Fails:") < text.index("Passes:")


def test_paths_of_the_tree_are_in_the_examples() -> None:
    tree = TEXT.partition("<!-- tree:")[2].partition("```text\n")[2].partition("```")[0]
    patterns = [re.sub(r"<\w+>", "*", line.split()[0]) for line in tree.splitlines()]
    assert len(patterns) > 10
    assert [pattern for pattern in patterns if not list(EXAMPLES.glob(f"*/{pattern}"))] == []


def test_files_that_the_text_names_are_there() -> None:
    named = re.findall(r"`((?:scaffold|templates|tests|examples|\.ci)/[\w./-]*|[A-Z]+\.md)`", TEXT)
    assert len(named) >= 5
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_yaml_blocks_are_yaml() -> None:
    blocks = re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 9
    assert all(yaml.safe_load(block) for block in blocks)


def test_hook_is_the_one_that_the_project_offers() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert f"- id: {hook['id']}\n" in TEXT
