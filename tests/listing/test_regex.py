"""Which regular expressions are accepted, and what every text they find something in contains."""

import re
import sys
import time
from unicodedata import category

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.properties import reaching
from tiwtui.listing.query.regex import LONGEST, Pattern, compiled, regex_parser

CASED = "".join(char for char in map(chr, range(sys.maxunicode + 1)) if char.lower() != char.upper())
PARSER = regex_parser()


def _compiled(text: str) -> Pattern:
    pattern = compiled(text, PARSER)
    assert isinstance(pattern, Pattern), pattern
    return pattern


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("(a+)+$", "around a repeat"),
        ("(a|aa)*$", "around a repeat or a choice"),
        ("(a*)*", "around a repeat"),
        ("(a?a?)*", "around a repeat"),
        ("((a+))+b", "around a repeat"),
        ("(?:(a+)?)*", "around a repeat"),
        ("((a+b){2,3})", "around a repeat"),
        ("(a++)*?", "around a repeat"),
        (r"(.+)\1", "references"),
        ("(?P<n>a)(?P=n)", "plain groups"),
        ("(?=a)", "plain groups"),
        ("(?<!a)b", "plain groups"),
        ("(?i:a)", "plain groups"),
        ("(?s)a.b", "plain groups"),
        ("(?>a)", "plain groups"),
        ("(a)?(?(1)b|c)", "plain groups"),
        ("a" * (LONGEST + 1), "100 characters"),
        ("a?" * 6, "too many"),
        ("a+" * 4, "too many"),
        ("|".join(["ab", "cd"] * 6), "too many"),
        ("a{51}", "50 times"),
        ("a{2,51}", "50 times"),
        ("a(b", "not a pattern"),
        ("[a", "not a pattern"),
        ("a{99999999999999999999}", "not a pattern"),
    ],
)
def test_law_1_a_pattern_that_could_take_very_long_is_refused(text: str, reason: str) -> None:
    """It would stop the screen at the next key."""
    assert reason in str(compiled(text, PARSER))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "^a.*b$",
        "[(?+*]",
        "(ma|ph)ysics",
        "(?:ab|cd)?e",
        r"\d{2,4}\.mp4",
        "a{50}",
        "a?b?c?d?e?",
        "a+b*c{2}",
        "a++b*?c",
        "|".join("ab" for _ in range(11)),
        "a" * LONGEST,
        r"\bma",
        "[[a]",
    ],
)
def test_other_patterns_mean_what_they_mean_to_re(text: str) -> None:
    """Also those that a later Python may read otherwise, which warns today."""
    assert _compiled(text).field.pattern == text


def test_law_1_no_accepted_pattern_takes_long() -> None:
    with reaching("accepted", "refused") as reached:

        @settings(max_examples=100)
        @given(st.text(alphabet="ab()[]|*+?{}1,\\^$.:]", max_size=40))
        def check(text: str) -> None:
            pattern = compiled(text, PARSER)
            if isinstance(pattern, str):
                reached("refused")
                return
            reached("accepted")
            begun = time.process_time()
            pattern.field.search("a" * 60 + "b" * 60 + "!")
            assert time.process_time() - begun < 1.0

        check()


def test_law_2_this_python_has_the_parser_and_it_names_its_nodes_as_expected() -> None:
    """The parser is private: where this fails the walk has to be adapted."""
    assert PARSER is not None
    tree = PARSER.parse("a[^b].^(?:c|de)f*?g++h{2,3}", re.IGNORECASE)
    names = [repr(node) for node, _arguments in tree]
    assert names == [
        *("LITERAL", "IN", "ANY", "AT", "SUBPATTERN", "MIN_REPEAT"),
        *("POSSESSIVE_REPEAT", "MAX_REPEAT"),
    ] or names == ["LITERAL", "NOT_LITERAL", *names[2:]]
    assert tree[-1][1][:2] == (2, 3)
    assert tree[5][1][1] == PARSER.MAXREPEAT


@pytest.mark.parametrize("text", ["a+", "a*", "a?", "a{2}", "a|b", "(a)", r"\d", r"(a)\1"])
def test_law_2_without_the_parser_only_plain_patterns_are_accepted(text: str) -> None:
    """Slow forms look the same as others then."""
    assert "plain text" in str(compiled(text, None))
    plain = compiled("^ma.hs [0-9]$", None)
    assert isinstance(plain, Pattern)
    assert plain.field.search("Maths 3")
    assert plain.needed == ""


def test_law_3_letters_that_are_needed_match_only_what_is_the_same_case_folded() -> None:
    """Else a pattern would be looked for only where it cannot be found: `i` is `İ` and `ı` too."""
    alone = [char for char in map(chr, range(128)) if _compiled(re.escape(char)).needed]
    assert "i" not in alone
    assert {"a", "k", "s", "9", "-", " "} <= set(alone)
    for char in alone:
        found = re.findall(re.escape(char), CASED + char, re.IGNORECASE)
        assert {other.casefold() for other in found} == {char.casefold()}
    assert not [char for char in CASED if "Lo" in map(category, char.lower() + char.upper() + char)]


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("ma.*9$", "ma"),
        ("MATHS 3A", "maths 3a"),
        ("^物理.第二讲", "第二讲"),
        ("ab*c", "a"),
        ("ab+cde", "cde"),
        ("ab{0,2}cde", "cde"),
        ("ab|cd", ""),
        ("(?:abc)?d", "d"),
        ("(ab|cd)cd", "cd"),
        ("[abc]de", "de"),
        ("\\.mp4", ".mp4"),
        ("\\x41bc", "abc"),
        ("zwei", "zwe"),
    ],
)
def test_law_3_the_longest_needed_run_is_found(text: str, needed: str) -> None:
    assert _compiled(text).needed == needed


pieces = st.sampled_from(
    ["ma", "MA", "th", "ss", "ß", "K", "K", "i", "İ", ".", "a?", "a+", "^", "[km]", "ca"]
)


def test_law_3_what_a_pattern_finds_contains_what_is_needed() -> None:
    with reaching("found", "needed and found") as reached:

        @settings(max_examples=300)
        @given(st.lists(pieces, max_size=3).map("".join), st.lists(pieces, max_size=3).map("".join))
        def check(text: str, field: str) -> None:
            pattern = compiled(text, PARSER)
            if isinstance(pattern, Pattern) and pattern.field.search(field):
                reached("needed and found" if pattern.needed else "found")
                assert pattern.needed in field.casefold()

        check()
