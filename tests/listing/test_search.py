"""Searching many tasks at once against testing each alone, and the texts that are searched."""

import re

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tests.factories import WALL, is_in_tab, make_ref, make_task
from tests.properties import reaching
from tiwtui.listing.query.parser import read
from tiwtui.listing.query.regex import Pattern, compiled, regex_parser
from tiwtui.listing.query.search import (
    READ_MOST,
    Matcher,
    NotSearchableAsOneText,
    fields_of,
    found_by,
    text_of,
)
from tiwtui.listing.query.terms import Context
from tiwtui.listing.tabs import Tab
from tiwtui.listing.view import View
from tiwtui.model import Failure, Phase, Task

ODD = tuple("ßẞİıſKΣςσǅﬁµΜéÉ物理カ\u2028")
"""Letters that case-folding changes in odd ways, and letters without case."""
letters = st.one_of(
    st.sampled_from((*ODD, "e\u0301", "👩‍🏫")), st.sampled_from(list("aAiIkKsS9 -_.\n")), st.characters()
)
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
    status=st.sampled_from(["", "FINISHED", "ARCHIVING", "İSS"]),
    kinds=st.sampled_from([(), ("camera",), ("screen", "type_9")]),
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


@example("^s$", [make_task("a", label="ſ"), make_task("b", label="ß"), make_task("c", label="s\ns")])
@example("a.*b", [make_task("a", label="b", group_id="xaxbx")])
@example("a\\s+b", [make_task("za", label="b"), make_task("z", label="a  b")])
@example("[^x]+z", [make_task("a", label="xz"), make_task("a", label="yz")])
@example("\\B", [make_task("a", label="", group_id="", room_id=None)])
@example("i", [make_task("x", label="İ"), make_task("x", label="ı")])
@example("$", [make_task("", label="y" * 300)])
@given(patterns, st.lists(tasks, max_size=4))
def test_law_3_a_pattern_finds_in_a_text_what_plain_re_finds_in_the_fields(
    text: str, known: list[Task]
) -> None:
    """Nothing is found across two fields, and nothing is missed for how letters are folded."""
    pattern = compiled(text, regex_parser())
    assume(isinstance(pattern, Pattern))
    assert isinstance(pattern, Pattern)
    plain = re.compile(text, re.IGNORECASE)
    wanted = [any(plain.search(field, 0, READ_MOST) for field in fields_of(task)) for task in known]
    matcher = Matcher([found_by(pattern)], Context(WALL))
    assert list(matcher.matching(known, list(map(text_of, known)))) == wanted
    assert [matcher.matches(task) for task in known] == wanted


def test_law_1_a_text_is_its_fields_case_folded() -> None:
    with reaching("searchable", "not searchable") as reached:

        @settings(max_examples=100)
        @given(tasks)
        def check(task: Task) -> None:
            text = text_of(task)
            assert text == "\n".join(fields_of(task)).casefold()
            if type(text) is NotSearchableAsOneText:
                reached("not searchable")
                return
            reached("searchable")
            assert text.split("\n") == [field.lower() for field in fields_of(task)]
            assert all(len(field) <= READ_MOST for field in fields_of(task))

        check()


def test_law_2_a_pattern_reads_only_the_beginning_of_a_field() -> None:
    """A label may be a page of text, and a pattern takes its time for each character."""
    last, beyond = ("-" * (READ_MOST - n) + "x" for n in (1, 0))
    assert read("/x/").matches(make_task("a", label=last), WALL)
    assert not read("/x/").matches(make_task("a", label=beyond), WALL)
    assert read("x").matches(make_task("a", label=beyond), WALL)


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


def test_law_4_a_query_finds_among_many_tasks_what_it_finds_in_each() -> None:
    """terms law 1: there is no second way to test many tasks."""
    with reaching("none", "some", "all") as reached:

        @settings(max_examples=60)
        @given(
            queries.map(" ".join),
            st.sampled_from(Tab),
            st.lists(tasks, min_size=1, max_size=6, unique_by=lambda task: task.ref),
        )
        def check(text: str, tab: Tab, known: list[Task]) -> None:
            query = read(text)
            view = View({task.ref: task for task in known}, WALL, tab=tab, query=query)
            wanted = {t.ref for t in known if is_in_tab(tab, t, WALL) and query.matches(t, WALL)}
            assert set(view.refs()) == wanted
            reached("none" if not wanted else "all" if len(wanted) == len(known) else "some")

        check()


def test_a_row_without_a_task_is_never_shown() -> None:
    """What looks at all rows looks at empty ones too."""
    known = {make_ref(n): make_task(n) for n in range(5)}
    view = View(known, WALL)
    del known[make_ref(2)]
    view.apply([make_ref(2)], known, WALL)
    view.show(WALL, query=read("!none"))
    assert view.refs() == [make_ref(n) for n in (0, 1, 3, 4)]
    assert set(view.recheck(Context(WALL, marks={make_ref(1)}))) <= {frozenset()}
