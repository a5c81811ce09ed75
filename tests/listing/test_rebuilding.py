"""All tasks sorted and looked through in slices, while they change."""

import random
from array import array
from collections.abc import Iterator
from datetime import UTC, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import WALL, make_ref, make_task
from tests.listing.test_view import _active, _afresh, _tasks
from tiwtui.listing import tab_counts
from tiwtui.listing.attention.reasons import Limits, attention
from tiwtui.listing.index import SortedRows, move, sorted_in_slices
from tiwtui.listing.order import Order
from tiwtui.listing.query.parser import read
from tiwtui.listing.query.terms import Context
from tiwtui.listing.tabs import Tab
from tiwtui.listing.view import LINGER_S, View
from tiwtui.model import Done, Phase, Task, TaskRef

DAY = 86_400.0


@pytest.mark.parametrize("order", [Order(), Order("label")])
def test_view_law_6_a_line_that_was_held_and_moves_during_a_rebuild_is_where_it_belongs(order: Order) -> None:
    """What waited for the person to rest may move between two slices, without any task changing."""
    many = [make_task(n, phase=Phase.READY, phase_since=WALL - n, label=f"l{n % 7}") for n in range(2, 5000)]
    known = _tasks(_active(1, WALL), *many)
    view = View(known, WALL)
    known[make_ref(1)] = make_task(1, phase=Phase.READY, phase_since=WALL - 2500.5)
    view.apply([make_ref(1)], known, WALL, is_held=True)
    slices = view.rebuild(WALL, query=read("!none"), order=order)
    next(slices)
    assert view.release(WALL + 9).has_moved
    for _slice in slices:
        pass
    assert view.refs() == _afresh(view, known, WALL + 9)
    assert view.index_of(make_ref(1)) is not None


@given(st.lists(st.floats(0, 50) | st.just(7.0), max_size=400), st.integers(1, 60))
def test_index_law_3_sorting_in_slices_is_sorting(keys: list[float], size: int) -> None:
    """Rows of one key stay in the order they came in, however many slices they are in."""
    rows = array("I", reversed(range(len(keys))))
    done: list[int] = []

    def sorting() -> Iterator[None]:
        done.extend((yield from sorted_in_slices(rows, keys, size)))

    for _slice in sorting():
        pass
    assert done == sorted(rows, key=keys.__getitem__)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=30), st.data())
def test_index_law_2_sorted_rows_are_those_of_a_sorted_list(keys: list[int], data: st.DataObject) -> None:
    """Of rows with one key the reference decides; one by one or many at once, nothing is lost or doubled."""
    count = len(keys) * 5
    refs = [make_ref(n ^ 5) for n in range(count)]
    places = SortedRows(array("I"), [keys[n % len(keys)] for n in range(count)], refs)
    inside: set[int] = set()

    def are_sorted() -> bool:
        return list(places.rows) == sorted(inside, key=lambda row: (places.keys[row], refs[row]))

    for _step in range(6):
        rows = data.draw(st.sets(st.integers(0, count - 1)))
        match data.draw(st.sampled_from(["put", "take", "drop", "move"])):
            case "put":
                places.add_all(list(rows - inside))
                inside |= rows
            case "take":
                assert set(places.remove_all(list(rows))) == rows & inside
                inside -= rows
            case "drop":
                for row in rows:
                    places.keys[row] = 5
                places.drop(rows)
                inside -= rows
            case _:
                move((places,), {row: (row * 3) % 10 for row in rows})
        assert are_sorted()
        assert all(places.find(row) == place for place, row in enumerate(places.rows))
        assert places.find(next(iter(set(range(count)) - inside), count - 1)) is None or len(inside) == count


def test_index_law_1_a_row_that_another_task_gets_during_a_rebuild_shows_that_task() -> None:
    """What is removed and what is added between two slices may have had the same row."""
    known = _tasks(*(make_task(n, label=f"l{n % 7}") for n in range(5000)))
    view = View(known, WALL)
    slices = view.rebuild(WALL, query=read("!none"), order=Order("label"))
    next(slices)
    for gone, new in ((17, 9001), (4999, 9002), (9001, 9003)):
        del known[make_ref(gone)]
        known[make_ref(new)] = make_task(new, label="l3")
        view.apply([make_ref(gone), make_ref(new)], known, WALL)
    for _slice in slices:
        pass
    assert view.refs() == _afresh(view, known, WALL)


def test_texts_are_read_before_anybody_looks_for_a_word() -> None:
    """It takes ten times as long as looking: the first word is to be found as soon as the second."""
    known = _tasks(*(make_task(n, label="maths") for n in range(5000)))
    view = View(known, WALL)
    list(view.recheck(view.context))
    slices = len(list(view.rebuild(WALL, query=read("maths"))))
    assert slices == len(list(view.rebuild(WALL, query=read("physics"))))
    assert slices < len(list(View(known, WALL).rebuild(WALL, query=read("maths"))))


def test_view_law_6_a_task_that_comes_while_the_texts_of_many_changed_ones_are_read_is_found() -> None:
    """A word was looked for after 3,000 tasks had changed, one more came, and the program ended."""
    known = _tasks(*(make_task(n, label="maths") for n in range(3000)))
    view = View(known, WALL, query=read("maths"))
    known |= _tasks(*(make_task(n, label="physics") for n in range(3000)))
    view.apply(known, known, WALL)
    slices = view.rebuild(WALL, query=read("physics"))
    next(slices)
    known[make_ref(3000)] = make_task(3000, label="physics")
    view.apply([make_ref(3000)], known, WALL)
    for _slice in slices:
        pass
    view.show(WALL, query=read("!maths"))
    assert view.refs() == _afresh(view, known, WALL)
    assert len(view) == 3001


def test_view_law_6_a_look_around_that_was_abandoned_is_finished_by_the_next() -> None:
    """The next second began another while the texts were still read: marked tasks were never looked for."""
    known = _tasks(*(make_task(n) for n in range(5000)))
    view = View(known, WALL, query=read("marked:yes"))
    marks = frozenset((make_ref(1), make_ref(4999)))
    for abandoned_after in (1, 2, 4, 5):
        for _slice, judged in zip(range(abandoned_after), view.recheck(Context(WALL, marks)), strict=False):
            view.apply(judged, known, WALL)
    for judged in view.recheck(Context(WALL, marks)):
        view.apply(judged, known, WALL)
    assert view.refs() == [make_ref(1), make_ref(4999)]


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("marked:yes", Context(WALL, marks=frozenset((make_ref(1),)))),
        ("removed:yes", Context(WALL, removed=frozenset((make_ref(1),)))),
        ("added:2023-11-15", Context(WALL, zone=timezone(timedelta(hours=2)))),
    ],
)
def test_a_change_of_anything_around_the_tasks_is_judged_at_once(text: str, context: Context) -> None:
    """In UTC it was still the day before."""
    known = _tasks(make_task(1))
    view = View(known, WALL, query=read(text), context=Context(WALL, zone=UTC))
    assert view.refs() == []
    assert frozenset((make_ref(1),)) in set(view.recheck(context))


def test_view_law_6_a_rebuild_that_was_abandoned_leaves_the_marks_to_be_looked_at() -> None:
    known = _tasks(*(make_task(n) for n in range(5000)))
    view = View(known, WALL, query=read("marked:yes"))
    context = Context(WALL, frozenset((make_ref(1),)))
    next(view.rebuild(WALL, order=Order("label"), context=context))
    for judged in view.recheck(context):
        view.apply(judged, known, WALL)
    assert view.refs() == [make_ref(1)]


@pytest.mark.parametrize("order", [Order(), Order("label")])
def test_view_law_6_a_task_that_comes_during_a_rebuild_is_shown_after_it(order: Order) -> None:
    known = _tasks(*(make_task(n, label=f"l{n % 7}") for n in range(5000)))
    view = View(known, WALL)
    slices = view.rebuild(WALL, query=read("!none"), order=order)
    next(slices)
    known[make_ref(5000)] = make_task(5000, label="l3")
    view.apply([make_ref(5000)], known, WALL)
    list(slices)
    assert view.refs() == _afresh(view, known, WALL)
    known[make_ref(5000)] = make_task(5000, label="l5")
    view.apply([make_ref(5000)], known, WALL)
    assert view.refs() == _afresh(view, known, WALL)


def test_view_law_6_a_second_rebuild_abandons_the_first() -> None:
    """A person types the next letter before the first is looked for."""
    known = _tasks(*(make_task(n, label=f"l{n % 7}") for n in range(5000)))
    view = View(known, WALL)
    first = view.rebuild(WALL, order=Order("label"))
    next(first)
    list(view.rebuild(WALL, query=read("l3")))
    list(first)
    assert view.order == Order()
    assert view.refs() == _afresh(view, known, WALL)


def test_view_law_6_after_a_rebuild_nothing_is_left_to_be_looked_at() -> None:
    known = _tasks(*(make_task(n) for n in range(5000)))
    view = View(known, WALL, query=read("marked:yes"))
    list(view.recheck(Context(WALL)))
    marked = Context(WALL, frozenset((make_ref(1),)))
    next(view.recheck(marked))
    list(view.rebuild(WALL, context=marked))
    assert view.refs() == [make_ref(1)]
    assert list(view.recheck(marked)) == []


def test_the_keys_of_an_order_that_was_replaced_are_freed_in_slices() -> None:
    """To free a hundred thousand at once would delay the next key."""
    known = _tasks(*(make_task(n) for n in range(40_000)))
    view = View(known, WALL)
    list(view.rebuild(WALL, order=Order("label")))
    assert len(list(view.free_keys())) == 3
    assert list(view.free_keys()) == []


def test_tab_counts_law_3_who_wants_attention_after_a_long_sleep_is_found_second_by_second() -> None:
    """To look at a hundred thousand tasks at once would hold the next key back."""
    known = _tasks(*(_active(n, WALL) for n in range(12_000)))
    view = View(known, WALL)
    counts = [len(view.release(WALL + 2 * DAY + second).touched) for second in range(3)]
    assert max(counts) <= 5000
    assert view.count(Tab.ATTENTION) == 12_000


def test_tab_counts_law_2_what_turns_hours_from_now_turns_on_time() -> None:
    """Turns are planned an hour ahead, and while that passes, for the next."""
    ends = [WALL + DAY + 5000 * n for n in range(20)]
    known = _tasks(*(make_task(n, phase=Phase.READY, files_end_at=end) for n, end in enumerate(ends)))
    view = View(known, WALL)
    for second in range(0, 110_000, 500):
        now = WALL + second
        view.release(now)
        assert view.count(Tab.ATTENTION) == sum(end - DAY <= now for end in ends)


def test_counting_attention_looks_at_what_changed_and_a_thousandth_of_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ten checks a second on 100,000 tasks must not look at each of them each time."""
    looked: list[TaskRef] = []

    def counted(task: Task, now: float, limits: Limits) -> tuple[bool, float]:
        looked.append(task.ref)
        return attention(task, now, limits)

    known = _tasks(*(_active(n, WALL) for n in range(20_000)))
    view = View(known, WALL)
    monkeypatch.setattr(tab_counts, "attention", counted)
    done = msgspec.structs.replace(known[make_ref(7)], done=Done(WALL, "", ("slow",)))
    view.apply([done.ref], {done.ref: done}, WALL)
    assert looked == [done.ref]
    looked.clear()
    view.release(WALL + 1)
    assert len(looked) == 100


def test_tab_counts_law_3_other_limits_count_second_by_second() -> None:
    """The usual time changes with each task that becomes ready; all tasks at once would hold a key back."""
    known = _tasks(*(_active(n, WALL) for n in range(12_000)))
    view = View(known, WALL)
    for slow_after_s, wanted in ((1800.0, 12_000), (3600.0, 0)):
        context = Context(WALL + 1801, limits=Limits(slow_after_s=slow_after_s))
        list(view.recheck(context))
        counts = [len(view.release(WALL + 1801 + second).touched) for second in range(3)]
        assert max(counts) <= 5000
        assert view.count(Tab.ATTENTION) == wanted


@pytest.mark.parametrize("seed", range(12))
def test_view_law_6_whatever_happens_between_slices_it_ends_as_a_fresh_view_would(
    seed: int,
) -> None:
    """Tasks come, go, change places, are held and let go while all are sorted and looked through."""
    chance = random.Random(seed)

    def some(name: int) -> Task:
        since = WALL - chance.randrange(300)
        label = f"maths {chance.randrange(9)}"
        phase = chance.choice((Phase.READY, Phase.PROCESSING))
        return make_task(name, phase=phase, phase_since=since, label=label, seen_at=WALL, total_time_ms=seed)

    known = _tasks(*(some(n) for n in range(9000)))
    order = Order(chance.choice(("", "label")), chance.choice((True, False)))
    view = View(known, WALL, order=order, query=read(chance.choice(("", "maths"))))
    for _round in range(3):
        text, tab = chance.choice(("", "maths", "!label:7 phase:ready")), chance.choice((Tab.ALL, Tab.READY))
        order = Order(chance.choice(("", "label", "length")), chance.choice((True, False)))
        for _slice in view.rebuild(WALL, tab=tab, query=read(text), order=order):
            names = [chance.randrange(9500) for _change in range(chance.choice((0, 3, 3, 90)))]
            for name in names:
                if chance.random() < 0.3:
                    known.pop(make_ref(name), None)
                else:
                    known[make_ref(name)] = some(name)
            view.apply(map(make_ref, names), known, WALL, is_held=chance.random() < 0.5)
            if chance.random() < 0.2:
                view.release(WALL)
        refs = view.refs()
        assert len(refs) == len(set(refs))
        assert [view.index_of(ref) for ref in refs] == list(range(len(refs)))
    view.release(WALL + LINGER_S)
    assert view.refs() == _afresh(view, known, WALL)
    view.show(WALL, tab=Tab.ALL, query=read(""), order=Order("task"))
    assert view.refs() == sorted(known)
