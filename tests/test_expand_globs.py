"""Globs, paths and repository addresses match as Argo CD's own libraries do."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.expand import TreeView, doublestar, globs, paths, regexes, urls
from scaffold.expand.unverifiable import UnverifiableError

PLAIN = st.text(alphabet="abcXYZ019-._/:@ é", max_size=20)
WILD = st.text(alphabet="ab/*?[]{},!-\\^", max_size=10)


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("a*c", "abc", True),
        ("a*c", "a/c", False),
        ("a**c", "a/b/c", True),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
        ("[a-c]", "b", True),
        ("[a-c]", "d", False),
        ("[!z]x", "yx", True),
        ("[!z]x", "zx", False),
        ("[abc]", "c", True),
        ("{a,b}/x", "b/x", True),
        ("{a,b}/x", "c/x", False),
        ("{a,b", "b", True),
        (r"a\*", "a*", True),
        (r"a\*", "ab", False),
        ("a]", "a]", True),
        ("a}", "a}", True),
        ("?", "", True),
        ("[!a]", "", True),
        ("[^a]", "^", True),
        ("*", "", True),
        ("a*a", "a", False),
        ("a**a", "a", True),
        ("/a**/b", "/a/b", True),
    ],
)
def test_a_glob_matches_as_gobwas_does(pattern: str, text: str, matches: bool) -> None:
    assert globs.matches(pattern, text, "/") is matches


def test_without_separators_an_asterisk_crosses_slashes() -> None:
    assert globs.matches("a*c", "a/b/c")


def test_without_separators_both_ends_may_overlap() -> None:
    assert globs.matches("team-*-team", "team-team")
    assert not globs.matches("team-*-team*", "team-team")


@pytest.mark.parametrize("pattern", ["[", "[a", "[]", "[b-a]", "[a-bc]", "x[!]"])
def test_a_malformed_glob_says_so_and_matches_nothing(pattern: str) -> None:
    assert globs.malformed(pattern)
    assert not globs.matches(pattern, pattern)


@pytest.mark.parametrize(("pattern", "text"), [("?a", "éa"), ("é?", "éa"), ("[!a]b", "éb"), ("{a,b}c", "é")])
def test_one_character_of_several_bytes_is_doubtful(pattern: str, text: str) -> None:
    assert pattern in globs.doubtful(pattern, text)
    assert not globs.doubtful("é*", text)


@pytest.mark.parametrize("pattern", ["{a*,b}", "{,a}", "***", "[!a][!a]", "{a,{b,c}}"])
def test_rare_combinations_are_doubtful(pattern: str) -> None:
    assert pattern in globs.doubtful(pattern)


@pytest.mark.parametrize("pattern", ["*", "**", "a*b?c", "{a,b}", "[!a]b[!c]", "*-[a-z]", "["])
def test_ordinary_globs_are_not_doubtful(pattern: str) -> None:
    assert globs.doubtful(pattern) == ""


@given(PLAIN)
def test_a_literal_matches_itself_only(text: str) -> None:
    assert globs.matches(text, text, "/")
    assert not globs.matches(text, text + "x", "/")


@given(PLAIN)
def test_an_asterisk_never_crosses_the_separator(text: str) -> None:
    assert globs.matches("*", text, "/") is ("/" not in text)
    assert globs.matches("**", text, "/")


@given(WILD, PLAIN)
def test_every_pattern_gets_an_answer(pattern: str, text: str) -> None:
    if globs.malformed(pattern):
        assert globs.doubtful(pattern) == ""
        assert not globs.matches(pattern, text, "/") or pattern == text


def test_a_hostile_glob_takes_no_time() -> None:
    assert not globs.matches("*a" * 200 + "b", "a" * 2000)


@pytest.mark.parametrize(
    ("pattern", "name", "matches"),
    [
        ("apps/*", "apps/a", True),
        ("apps/*", "apps/a/b", False),
        ("apps/**", "apps/a/b", False),
        ("apps/**", "apps/a", True),
        ("apps/[ab]", "apps/b", True),
        ("apps/[^ab]", "apps/b", False),
        ("[^a]", "/", True),
        ("a?c", "a/c", False),
        (r"a\*", "a*", True),
        ("[a", "a", False),
        ("[]a]", "a", False),
        ("a\\", "a\\", False),
        ("*[^b]**", "c-/", False),
    ],
)
def test_a_path_pattern_matches_as_go_does(pattern: str, name: str, matches: bool) -> None:
    assert paths.matches(pattern, name) is matches


@given(PLAIN)
def test_a_path_without_wildcards_matches_itself(text: str) -> None:
    assert paths.matches(text, text)


@pytest.mark.parametrize(
    ("pathspec", "path", "matches"),
    [
        ("apps/*/config.yaml", "apps/b/c/config.yaml", True),
        ("apps/**/config.yaml", "apps/config.yaml", False),
        ("apps/?/x", "apps/b/x", True),
        ("apps/[!b]/x", "apps/b/x", False),
        ("apps/[[:alpha:]]/x", "apps/b/x", True),
        ("apps", "apps/b/x", True),
        ("apps/", "apps/b/x", True),
        ("app", "apps/b/x", False),
        ("*.json", "deep/er/x.json", True),
        (r"\*.json", "a.json", False),
        ("[a", "[a", False),
    ],
)
def test_a_pathspec_matches_as_git_does(pathspec: str, path: str, matches: bool) -> None:
    assert (paths.compile_pathspec(pathspec).fullmatch(path) is not None) is matches


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("apps/*/app.yaml", "apps/web/app.yaml", True),
        ("apps/*/app.yaml", "apps/shop/web/app.yaml", False),
        ("apps/**/app.yaml", "apps/app.yaml", True),
        ("apps/**/app.yaml", "apps/shop/web/app.yaml", True),
        ("apps/**", "apps/shop/web/app.yaml", True),
        ("apps/a**/app.yaml", "apps/ab/app.yaml", True),
        ("apps/a**/app.yaml", "apps/a/b/app.yaml", False),
        ("apps/[!w]*/app.yaml", "apps/shop/app.yaml", True),
        ("apps/[!w]*/app.yaml", "apps/web/app.yaml", False),
        ("apps/{web,sh?p}/*.y{,a}ml", "apps/shop/app.yml", True),
        ("apps/{web,sh?p}/*.y{a,}ml", "apps/shop/app.yml", False),
        ("apps/{web,{shop/{a,b},c}}/app.yaml", "apps/shop/b/app.yaml", True),
        ("apps/[-w]eb/app.yaml", "apps/web/app.yaml", True),
        ("/apps/../root.yaml", "root.yaml", True),
        ("../root.yaml", "root.yaml", False),
        ("apps/{web,sh?p}/*.y{a,}ml", "apps/blog/app.yml", False),
        ("apps/{a/b,c}/app.yaml", "apps/a/b/app.yaml", True),
        ("apps/web", "apps/web/app.yaml", False),
    ],
)
def test_a_glob_of_doublestar_matches_as_that_does(pattern: str, path: str, matches: bool) -> None:
    """What doublestar 4.10.0 said of each."""
    assert doublestar.compile_glob(pattern).picks(path) is matches


@pytest.mark.parametrize(
    ("pattern", "directory", "picked"),
    [
        ("apps/*", "apps/web", True),
        ("apps/*", "apps", False),
        ("apps/**", "apps", True),
        ("**", "", True),
        ("", "", True),
        ("apps/**/app.yaml", "apps", False),
    ],
)
def test_a_glob_of_doublestar_picks_directories(pattern: str, directory: str, picked: bool) -> None:
    assert doublestar.compile_glob(pattern).picks_directory(directory) is picked


@pytest.mark.parametrize("pattern", ["apps/{web", "apps/web}", "apps/[w", "apps/[]", "apps/{[}", "apps/w\\"])
def test_a_glob_of_doublestar_that_is_malformed(pattern: str) -> None:
    with pytest.raises(paths.BadPatternError):
        doublestar.compile_glob(pattern)


@given(WILD, st.text(alphabet="ab/", max_size=12))
def test_any_directories_before_a_glob_are_none_too(pattern: str, path: str) -> None:
    try:
        glob, deep = doublestar.compile_glob(pattern), doublestar.compile_glob(f"**/{pattern}")
    except paths.BadPatternError:
        return
    if path and glob.picks(path):
        assert deep.picks(path)
        assert deep.picks(f"x/y/{path}")


@pytest.mark.parametrize("pattern", ["{a,b}" * 40, "{a}" * 5000, "**/a/" * 300 + "b"])
def test_a_glob_of_doublestar_takes_no_time(pattern: str) -> None:
    path = "a/" * 300 + "c"
    if pattern.startswith("{a,b}"):
        with pytest.raises(paths.BadPatternError):
            doublestar.compile_glob(pattern)
    else:
        assert not doublestar.compile_glob(pattern).picks(path)


def test_files_are_picked_as_argo_cd_is_told_to() -> None:
    files = ("apps/web/app.yaml", "apps/shop/web/app.yaml")
    assert TreeView(files).files_matching("apps/*/app.yaml") == sorted(files)
    assert TreeView(files, segmented=True).files_matching("apps/*/app.yaml") == ["apps/web/app.yaml"]


@pytest.mark.parametrize(
    ("pattern", "directory"),
    [("apps/*", "apps/shop"), ("apps/**", "apps"), ("*", ".git"), ("", "."), ("apps/web", "apps/web")],
)
def test_a_glob_that_picks_a_directory_fails(pattern: str, directory: str) -> None:
    files = ("apps/web/app.yaml", "apps/shop/web/app.yaml", "root.yaml")
    with pytest.raises(ValueError, match=f"^'{re.escape(directory)}' is a directory$"):
        TreeView(files, segmented=True).files_matching(pattern)


def test_files_of_git_itself_are_no_guess() -> None:
    with pytest.raises(UnverifiableError):
        TreeView(("root.yaml",), segmented=True).files_matching("**/config")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("https://github.com/Org/App.git", "https://github.com/org/app"),
        ("git@github.com:org/app.git", "ssh://git@github.com/org/app"),
        (" https://github.com/org/app ", "https://github.com/org/app"),
        ("not a url at all%", "not a url at all%"),
    ],
)
def test_these_addresses_are_one_repository(left: str, right: str) -> None:
    assert urls.same(left, right)


@pytest.mark.parametrize(
    "other",
    [
        "https://github.com/org/app/",
        "https://github.com:443/org/app",
        "http://github.com/org/app",
        "ssh://git@github.com/org/app",
        "https://me@github.com/org/app",
        "https://github.com/org/app.git.git",
        "oci://github.com/org/app",
        "",
    ],
)
def test_these_addresses_are_another_repository(other: str) -> None:
    assert not urls.same("https://github.com/org/app", other)


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("ssh://git@github.com:22/a", "git@github.com:22/a"),
        ("https://github.com/{a,b}/x", "https://github.com/%7Ba,b%7D/x"),
        ("https://github.com/[a-c]/x", "https://github.com/[a-c]/x"),
        ("https://github.com/[a-c] x", "https://github.com/%5Ba-c%5D%20x"),
        ("https://git[ab].com/x", ""),
        ("git.example.com:x", "git.example.com:x"),
        ("1x:y", ""),
        ("https://h/%zz", ""),
        ("*", "*"),
        ("https://h/ä?q#f", "https://h/%C3%A4?q#f"),
        ("https://h/İΣ", "https://h/i%CF%83"),
        ("https://[fe80::1%25en0].git[::1]", ""),
        ("https://[fe80::1%25e]n0]", "https://[fe80::1%25e]n0]"),
        ("https://[fe80::1%25a%20%25é]", "https://[fe80::1%25a%20%25%C3%A9]"),
        ("https://[fe80::1%25a b]", ""),
        ("https://[fe80::1%25]", ""),
        ("%2a", "%2a"),
    ],
)
def test_an_address_is_printed_as_go_prints_it(url: str, normal: str) -> None:
    assert urls.normalize(url) == normal


@given(st.text(max_size=30))
def test_normalizing_never_fails(url: str) -> None:
    assert isinstance(urls.normalize(url), str)


@pytest.mark.parametrize("pattern", ["(a+)+b", r"(a)\1", "(?=a)", "[[:alpha:]]", "a++", r"\pL", "(", "ä"])
def test_a_regular_expression_that_python_reads_otherwise_is_not_run(pattern: str) -> None:
    with pytest.raises(UnverifiableError, match="regular expression"):
        regexes.compile_go(pattern)


@pytest.mark.parametrize("pattern", ["[[a]", "[b||a]", "[&&a]", "[+--a]"])
def test_a_class_that_python_warns_of_is_read_in_silence(pattern: str) -> None:
    assert regexes.compile_go(pattern).search("a")
    assert regexes.found(pattern, "a")


def test_a_dollar_stands_at_the_very_end_only() -> None:
    assert regexes.compile_go("a$").search("a\n") is None
    assert regexes.compile_go("[$]a").search("$a\n") is not None
