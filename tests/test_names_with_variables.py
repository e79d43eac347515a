"""Names with variables of Flux, and what they may become, whatever the variables are."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from scaffold.assemble.flux import presence

_PART = st.text("ab-", max_size=3)


@given(st.lists(_PART, min_size=2, max_size=5), st.text("ab-", max_size=9))
def test_a_name_becomes_what_a_pattern_of_its_parts_fits(parts: list[str], wanted: str) -> None:
    """Every variable stands for any text."""
    fits = re.fullmatch(".*".join(map(re.escape, parts)), wanted) is not None
    assert presence.may_become("${X}".join(parts), wanted) == fits


def test_many_variables_take_no_time() -> None:
    """A pattern of as many stars would be tried in more ways than anybody can wait for."""
    assert not presence.may_become("a${X}" * 40 + "b", "a" * 60)


def test_a_variable_with_another_one_within_may_be_anything() -> None:
    assert presence.may_become("${X:-${Y}}-settings", "web")
