"""What the evaluation of policies says, against what the engine was seen to say."""

from __future__ import annotations

import contextlib
import itertools

import pytest
from engines import policies
from hypothesis import given
from hypothesis import strategies as st

from scaffold.expand import UnverifiableError, rbac

_CHARACTERS = st.text(st.sampled_from('pg,"# \t*/:[]{}(ab\\'), max_size=40)


def policy(text: str, **settings: str) -> rbac.Policy:
    return rbac.policy({"policy.csv": text, **settings})


def chain(length: int) -> rbac.Policy:
    """A role of alice that is `length` memberships away from the one that may do something."""
    roles = ["alice", *(f"role:{number}" for number in range(length))]
    lines = [f"g, {member}, {role}" for member, role in itertools.pairwise(roles)]
    return policy("\n".join([f"p, {roles[-1]}, applications, get, */*, allow", *lines]))


@pytest.mark.parametrize("case", policies.CASES, ids=lambda case: f"{case.identity}: {case.told['case']}")
def test_a_policy_answers_as_the_engine_did(case: policies.Case) -> None:
    assert policies.predicted(case) == case.told["answer"]


@pytest.mark.parametrize(("length", "allowed"), [(1, True), (10, True), (11, False)])
def test_memberships_are_followed_as_far_as_casbin_does(length: int, allowed: bool) -> None:
    assert chain(length).can("alice", rbac.request("get", "app")).allowed is allowed


def test_groups_are_asked_one_by_one_and_only_members() -> None:
    lines = """
        p, role:dev, applications, sync, shop/*, allow
        p, frozen, applications, sync, shop/*, deny
        p, alone, applications, sync, pay/*, allow
        g, dev, role:dev
        g, frozen, role:dev
    """
    known = policy(lines)
    asked = rbac.request("sync", "app", "shop/web")
    assert not known.can("alice", asked, ["frozen"]).allowed
    assert known.can("alice", asked, ["frozen", "dev"]).allowed
    assert not known.can("alice", rbac.request("sync", "app", "pay/web"), ["alone"]).allowed


def test_an_answer_names_the_line_that_decided() -> None:
    known = policy("p, alice, applications, *, shop/*, allow\np, alice, applications, delete, shop/*, deny")
    assert str(known.can("alice", rbac.request("get", "app", "shop/web")).line) == (
        "p, alice, applications, *, shop/*, allow"
    )
    denied = known.can("alice", rbac.request("delete", "app", "shop/web"))
    assert (denied.allowed, denied.line and denied.line.fields[-1]) == (False, "deny")
    assert known.can("bob", rbac.request("get", "app", "shop/web")).line is None


def test_everybody_who_may_is_listed() -> None:
    known = policy("p, role:dev, applications, sync, shop/*, allow\ng, dev, role:dev")
    names = [name for name, _ in known.who_can(rbac.request("sync", "app", "shop/web"))]
    assert names == ["admin", "dev", "role:admin", "role:dev"]


def test_a_pattern_without_a_sure_meaning_is_not_judged() -> None:
    with pytest.raises(UnverifiableError):
        policy("p, alice, applications, sync, shop/***, allow").can("alice", rbac.request("sync", "app", "shop/web"))
    with pytest.raises(UnverifiableError):
        policy(r"p, alice, applications, sync, \pL, allow", **{"policy.matchMode": "regex"}).can(
            "alice", rbac.request("sync", "app", "shop/web")
        )


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ('p, "a,b", c', ["p", "a,b", "c"]),
        ('p, "a ""b""", c ', ["p", 'a "b"', "c "]),
        ("p,,", ["p", "", ""]),
        ('"p"', ["p"]),
    ],
)
def test_fields_are_read_as_go_reads_them(text: str, fields: list[str]) -> None:
    assert rbac.csv_fields(text) == fields


@pytest.mark.parametrize("text", ['p, a"b', 'p, "a', 'p, "a" b, c'])
def test_what_go_cannot_read_is_refused(text: str) -> None:
    with pytest.raises(rbac.LineError):
        rbac.csv_fields(text)


@given(st.lists(_CHARACTERS, max_size=6).map("\n".join), st.sampled_from(["", "regex"]))
def test_no_policy_text_is_too_strange(text: str, mode: str) -> None:
    with contextlib.suppress(rbac.LineError, UnverifiableError):
        policy(text, **{"policy.matchMode": mode}).can("a", rbac.request("get", "app", "a/b"))
