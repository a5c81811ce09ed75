"""All tasks looked through at once against each asked by itself, and the texts that takes."""

import re
import sys
from unicodedata import category

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tests.factories import WALL, is_in_tab, make_ref, make_task
from tiwtui.listing.query.parser import read
from tiwtui.listing.query.regex import Pattern, compiled, needed
from tiwtui.listing.query.search import searched
from tiwtui.listing.query.terms import Around, Term
from tiwtui.listing.query.texts import READ_MOST, Unlike, fields_of, text_of
from tiwtui.listing.tabs import Tab
from tiwtui.listing.view import View
from tiwtui.model import Failure, Phase, Task

CASED = "".join(char for char in map(chr, range(sys.maxunicode + 1)) if char.lower() != char.upper())
ODD = [
    "ß",
    "ẞ",
    "İ",
    "ı",
    "ſ",
    "K",
    "Σ",
    "ς",
    "σ",
    "ǅ",
    "ﬁ",
    "µ",
    "Μ",
    "é",
    "É",
    "e\u0301",
    "👩‍🏫",
    "物理",
    "カ",
    "\u2028",
]
letters = st.one_of(st.sampled_from(ODD), st.sampled_from(list("aAiIkKsS9 -_.\n")), st.characters())
texts = st.lists(letters, max_size=8).map("".join)

tasks = st.builds(
    make_task,
    texts,
    label=st.one_of(texts, st.sampled_from(["Maths 3A", "Straße", "ISTANBUL", "x" * 250 + "maths"])),
    group_id=texts,
    room_id=st.one_of(st.none(), st.integers(0, 10**9)),
    users=st.lists(texts, max_size=3).map(tuple),
    error=st.one_of(st.none(), st.builds(Failure, texts, texts)),
    phase=st.sampled_from(Phase),
    status=st.sampled_from(["", "FINISHED", "ARCHIVING"]),
    video_count=st.integers(0, 3),
    size_bytes=st.integers(0, 10**9),
    total_time_ms=st.one_of(st.none(), st.integers(0, 10**7)),
    phase_since=st.one_of(st.none(), st.floats(WALL - 10**6, WALL)),
    taken_at=st.sampled_from([None, WALL]),
)
pattern_parts = st.one_of(
    letters,
    st.sampled_from(
        [*"^$.|", ".*", "a+", "k?", "s{0,2}", "[a-k]", "[^s]", "(ma)", "(a|s)", "(?:th)", "ss", "im", "maths"]
    ),
    st.sampled_from(["\\" + char for char in "sSWwdbBAZn."] + ["\\x41"]),
)
patterns = st.lists(pattern_parts, max_size=6).map("".join)


def _judged(term: Term, known: list[Task]) -> list[bool]:
    around = Around(WALL)
    return [bool(passes) for passes in term.judge(around)(known, [text_of(task) for task in known])]


@given(patterns, st.lists(tasks, max_size=4))
@example("^s$", [make_task("a", label="ſ"), make_task("b", label="ß"), make_task("c", label="s\ns")])
@example("a.*b", [make_task("a", label="b", group_id="xaxbx")])
@example("a\\s+b", [make_task("za", label="b"), make_task("z", label="a  b")])
@example("[^x]+z", [make_task("a", label="xz"), make_task("a", label="yz")])
@example("\\B", [make_task("a", label="", group_id="", room_id=None)])
@example("i", [make_task("x", label="İ"), make_task("x", label="ı")])
@example("$", [make_task("", label="y" * 300)])
def test_a_pattern_finds_in_all_tasks_what_it_finds_in_each_field(text: str, known: list[Task]) -> None:
    """Nothing is found across two fields, and nothing is missed for how letters are folded."""
    pattern = compiled(text)
    assume(isinstance(pattern, Pattern))
    assert isinstance(pattern, Pattern)
    naive = re.compile(text, re.IGNORECASE)
    wanted = [any(naive.search(field, 0, READ_MOST) for field in fields_of(task)) for task in known]
    term = searched(pattern)
    assert _judged(term, known) == wanted
    assert [term.at(Around(WALL))(task) for task in known] == wanted


def test_letters_that_are_needed_match_only_what_is_the_same_case_folded() -> None:
    """Else a pattern would be looked for only where it cannot be found: `i` is `İ` and `ı` too."""
    alone = [char for char in map(chr, range(128)) if needed(re.escape(char))]
    assert "i" not in alone
    assert {"a", "k", "s", "9", "-", " "} <= set(alone)
    for char in alone:
        found = re.findall(re.escape(char), CASED + char, re.IGNORECASE)
        assert {other.casefold() for other in found} == {char.casefold()}
    assert not [char for char in CASED if "Lo" in map(category, char.lower() + char.upper() + char)]


@pytest.mark.parametrize(
    ("pattern", "run"),
    [
        ("ma.*9$", "ma"),
        ("MATHS 3A", "maths 3a"),
        ("^物理.第二讲", "第二讲"),
        ("ab*c", "a"),
        ("ab+cd", "ab"),
        ("ab{0,2}cde", "cde"),
        ("a|b", ""),
        ("(?:abc)?d", "d"),
        ("(a|b)cd", "cd"),
        ("[abc]de", "de"),
        ("\\.mp4", ".mp4"),
        ("\\x41bc", ""),
        ("zwei", "zwe"),
    ],
)
def test_what_a_pattern_needs_is_found_out(pattern: str, run: str) -> None:
    assert needed(pattern) == run


@given(tasks)
def test_a_text_is_its_fields_case_folded(task: Task) -> None:
    text = text_of(task)
    assert text == "\n".join(fields_of(task)).casefold()
    if type(text) is not Unlike:
        assert text.split("\n") == [field.lower() for field in fields_of(task)]
        assert all(len(field) <= READ_MOST for field in fields_of(task))


words = st.builds(
    lambda sign, text: f'{sign}"{text}"',
    st.sampled_from(["", "!"]),
    st.one_of(texts, st.sampled_from(["maths", "STRASSE", "ss", "istanbul", "：", "物"])),
)
named = st.builds(
    lambda sign, name, text: f'{sign}{name}:"{text}"',
    st.sampled_from(["", "!"]),
    st.sampled_from(["id", "label", "room", "group", "user", "error", "app"]),
    st.one_of(texts, st.just("1")),
)
MEASURED = """length>30m size<100mb videos>1 in>1d settled:..2023 phase:active phase:ready,failed
status:archiving has:label taken:no !seen:no !phase:other label:ma,str removed:no"""
measured = st.sampled_from(MEASURED.split())
queries = st.lists(st.one_of(words, named, measured, patterns.map(lambda text: f"/{text}/")), max_size=3)


@given(
    queries.map(" ".join), st.sampled_from(Tab), st.lists(tasks, max_size=6, unique_by=lambda task: task.ref)
)
def test_all_terms_find_in_all_tasks_what_they_find_in_each(text: str, tab: Tab, known: list[Task]) -> None:
    query = read(text)
    view = View({task.ref: task for task in known}, WALL, tab=tab, query=query)
    wanted = {t.ref for t in known if is_in_tab(tab, t, WALL) and query.matches(t, WALL)}
    assert set(view.refs()) == wanted


def test_a_row_without_a_task_is_never_shown() -> None:
    """What looks at all rows looks at empty ones too."""
    known = {make_ref(n): make_task(n) for n in range(5)}
    view = View(known, WALL)
    del known[make_ref(2)]
    view.apply([make_ref(2)], known, WALL)
    view.show(WALL, query=read("!none"))
    assert view.refs() == [make_ref(n) for n in (0, 1, 3, 4)]
    assert set(view.look_around(Around(WALL, marks={make_ref(1)}))) <= {frozenset()}
