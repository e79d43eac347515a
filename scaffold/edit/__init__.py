"""Edits of files that people own too: exactly the bytes that must change."""

from scaffold.edit.changes import Add, Change, Remove, Rename, Set
from scaffold.edit.files import changed
from scaffold.edit.lines import insert_sorted, remove_lines

__all__ = ["Add", "Change", "Remove", "Rename", "Set", "changed", "insert_sorted", "remove_lines"]
