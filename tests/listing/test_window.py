"""The window over a view: cursor and screen stay where a person is, whatever comes, goes and moves."""

from collections.abc import Callable

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.factories import WALL, make_ref, make_task
from tiwtui.listing.order import Order
from tiwtui.listing.query.parser import read
from tiwtui.listing.tabs import Tab
from tiwtui.listing.view import Change, View
from tiwtui.listing.window import NOWHERE, Places, Window
from tiwtui.model import Phase, Task, TaskRef

TASKS = 40


def _active(name: int, since: float) -> Task:
    return make_task(name, phase=Phase.PROCESSING, phase_since=WALL + since, label=f"class {name}")


class Desk:
    """A window of ten lines over a hundred active tasks in the order of their numbers."""

    def __init__(self, count: int = 100, height: int = 10) -> None:
        self.tasks = {task.ref: task for task in (_active(n, n) for n in range(count))}
        self.view = View(self.tasks, WALL)
        self.window = Window(self.view)
        self.window.resize(height)
        self.places = Places()
        self.shows = ""

    def put(self, *tasks: Task) -> None:
        was = self.window.on_screen()
        self.tasks.update({task.ref: task for task in tasks})
        change = self.view.apply([task.ref for task in tasks], self.tasks, WALL)
        self.window.follow(was, is_resorted=change.is_resorted)

    def drop(self, *names: int) -> None:
        refs = [make_ref(name) for name in names]
        for ref in refs:
            del self.tasks[ref]
        was = self.window.on_screen()
        self.window.follow(was, is_resorted=self.view.apply(refs, self.tasks, WALL).is_resorted)

    def filter(self, text: str) -> None:
        self.view.show(WALL, query=read(text))
        self.window.show(self.view, self.places.turn(self.shows, text, self.window))
        self.shows = text

    @property
    def spot(self) -> tuple[TaskRef | None, int]:
        return self.window.cursor, self.window.index - self.window.top


def test_law_1_a_list_at_its_top_leaves_it_rather_than_the_cursor() -> None:
    """At the top new tasks pushed the cursor below the last line, and x removed a task nobody saw."""
    desk = Desk()
    desk.window.move_to(6)
    desk.put(*(_active(200 + n, -1 - n) for n in range(3)))
    assert (desk.window.top, desk.spot) == (0, (make_ref(6), 9))
    desk.put(*(_active(300 + n, -9 - n) for n in range(3)))
    assert desk.window.top > 0
    assert make_ref(6) in desk.window.on_screen()


@pytest.mark.parametrize("height", [1, 3, 30])
def test_law_1_another_height_has_the_cursor_in_sight(height: int) -> None:
    """The pane opens below: the list loses half of its lines at once."""
    desk = Desk(height=10)
    desk.window.move_to(57)
    desk.window.resize(height)
    assert make_ref(57) in desk.window.on_screen()
    assert len(desk.window.on_screen()) == height


def test_law_1_a_screen_that_is_scrolled_takes_the_cursor_along() -> None:
    """A key must not act on a task that was scrolled away."""
    desk = Desk()
    desk.window.move_to(5)
    for top, cursor in ((3, 5), (20, 20), (2, 11)):
        desk.window.scroll_to(top)
        assert (desk.window.top, desk.window.cursor) == (top, make_ref(cursor))


def test_law_2_a_task_that_is_gone_leaves_the_cursor_to_the_next() -> None:
    desk = Desk()
    desk.window.move_to(50)
    line = desk.spot[1]
    desk.drop(50)
    assert desk.spot == (make_ref(51), line)
    desk.window.move_to(200)
    desk.drop(99)
    assert desk.window.cursor == make_ref(98)


def test_law_2_a_pinned_cursor_is_on_the_first_line_until_it_is_moved() -> None:
    """One who looks at the top wants to see what comes there, not to be pushed away from it."""
    desk = Desk()
    assert desk.window.is_pinned
    desk.put(_active(200, -1))
    assert desk.spot == (make_ref(200), 0)
    desk.put(_active(200, 500))
    assert desk.spot == (make_ref(0), 0)
    desk.window.move_to(0)
    desk.put(_active(201, -1))
    assert desk.window.cursor == make_ref(0)
    desk.window.pin()
    assert (desk.window.top, desk.window.cursor) == (0, make_ref(201))


def test_law_3_a_sorted_task_takes_the_screen_along() -> None:
    """The eye is on that line of the screen."""
    desk = Desk()
    desk.window.move_to(4)
    desk.put(_active(4, 60.5))
    assert desk.spot == (make_ref(4), 4)
    assert desk.window.top == 56
    desk.put(_active(4, 99.5))
    assert desk.spot == (make_ref(4), 9)
    desk.put(_active(4, 1.5))
    assert desk.spot == (make_ref(4), 2)


def test_law_4_a_step_finds_few_tasks_however_long_the_view_is() -> None:
    """Movement among 100,000 tasks is as fast as among 100."""
    asked = 0

    class Counting(View):
        def ref_at(self, index: int) -> TaskRef:
            nonlocal asked
            asked += 1
            return super().ref_at(index)

        def index_of(self, ref: TaskRef) -> int | None:
            nonlocal asked
            asked += 1
            return super().index_of(ref)

    tasks = {task.ref: task for task in (_active(n, n) for n in range(5000))}
    window = Window(Counting(tasks, WALL))
    window.resize(40)
    asked = 0
    for _turn in range(100):
        window.move_to(window.index + 30)
    assert asked == 100
    was = window.on_screen()
    asked = 0
    window.follow(was, is_resorted=True)
    assert asked == 2


def test_a_filter_keeps_the_cursor_on_a_task_that_matches() -> None:
    desk = Desk()
    desk.window.move_to(57)
    desk.window.move_to(52)
    was = desk.spot
    for text in ("c", "class", '"class 5"', '"class 52"'):
        desk.filter(text)
        assert desk.window.cursor == make_ref(52)
    desk.filter("")
    assert desk.spot == was


@pytest.mark.parametrize(
    ("text", "nearest"), [('"class 6"', 60), ('"class 4"', 49), ("!5", 49), ("nothing", None)]
)
def test_a_filter_shows_the_nearest_match_and_gives_the_place_back(text: str, nearest: int | None) -> None:
    """Looking for another task must not cost the place in a list of a thousand."""
    desk = Desk()
    desk.window.move_to(59)
    desk.window.move_to(52)
    was = desk.spot
    desk.filter(text)
    assert desk.window.cursor == (None if nearest is None else make_ref(nearest))
    desk.filter('"class 5"')
    assert desk.window.cursor == make_ref(52)
    desk.filter(text)
    desk.filter("")
    assert desk.spot == was


def test_a_filter_in_which_the_person_moved_keeps_the_new_place() -> None:
    desk = Desk()
    desk.window.move_to(52)
    desk.filter('"class 6"')
    desk.window.move_to(desk.window.index + 3)
    found = desk.window.cursor
    desk.filter("")
    assert desk.window.cursor == found


def test_the_nearest_is_found_in_a_reversed_list() -> None:
    desk = Desk()
    desk.view.show(WALL, order=Order(is_reversed=True))
    desk.window.show(desk.view, NOWHERE)
    desk.window.move_to(47)
    assert desk.window.cursor == make_ref(52)
    desk.filter('"class 4"')
    assert desk.window.cursor == make_ref(49)


def test_another_source_leaves_the_place_in_the_first_one() -> None:
    """The removed tasks are looked through, and the watch list is as it was."""
    desk = Desk()
    desk.window.move_to(52)
    was = desk.window.spot
    other = View({make_ref(900 + n): make_task(900 + n) for n in range(20)}, WALL)
    desk.window.show(other, desk.places.turn("", "removed:yes", desk.window, is_other=True))
    desk.window.move_to(7)
    assert desk.places.turn("removed:yes", "", desk.window, is_other=True) == was
    desk.window.show(desk.view, was)
    assert desk.places.turn("", "x", desk.window) == desk.window.spot == was


class Watching(RuleBasedStateMachine):
    """Any moves, filters, tabs, changes, removals, sorting and heights, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.tasks = {task.ref: task for task in (_active(n, n) for n in range(TASKS))}
        self.now = WALL
        self.view = View(self.tasks, WALL)
        self.window = Window(self.view)
        self.places = Places()
        self.shows: tuple[object, ...] = ()
        self.is_held = False

    @rule(by=st.sampled_from([-TASKS, -20, -1, 1, 7, TASKS]))
    def move(self, by: int) -> None:
        self.window.move_to(self.window.index + by)
        self.is_held = True

    @rule()
    def go_to_top(self) -> None:
        self.window.pin()

    @rule(top=st.integers(0, TASKS))
    def scroll(self, top: int) -> None:
        self.window.scroll_to(top)

    @rule(height=st.integers(1, TASKS + 5))
    def resize(self, height: int) -> None:
        self.window.resize(height)

    @rule(
        name=st.integers(0, TASKS + 10),
        phase=st.sampled_from(Phase),
        since=st.integers(-TASKS, TASKS),
    )
    def settle(self, name: int, phase: Phase, since: int) -> None:
        task = make_task(name, phase=phase, phase_since=WALL + since, label=f"class {name}")
        self.tasks[task.ref] = task
        self._follow(lambda: self.view.apply([task.ref], self.tasks, self.now, is_held=self.is_held))

    @rule(names=st.sets(st.integers(0, TASKS + 10), max_size=12))
    def remove(self, names: set[int]) -> None:
        for name in names:
            self.tasks.pop(make_ref(name), None)
        refs = [make_ref(name) for name in names]
        self._follow(lambda: self.view.apply(refs, self.tasks, self.now, is_held=self.is_held))

    @rule(seconds=st.sampled_from([1.0, 4.0, 11.0]), is_held=st.booleans())
    def wait(self, seconds: float, is_held: bool) -> None:
        self.now += seconds
        self.is_held = is_held
        pinned = {self.window.cursor} if self.window.cursor else set()
        self._follow(lambda: self.view.release(self.now, is_held=is_held, pinned=pinned))

    @rule(
        tab=st.sampled_from(Tab),
        text=st.sampled_from(["", "class", "class 1", "!1", "nothing"]),
        order=st.builds(Order, st.sampled_from(["", "label", "phase"]), st.booleans()),
    )
    def show(self, tab: Tab, text: str, order: Order) -> None:
        self.view.show(self.now, tab=tab, query=read(text), order=order)
        self.window.show(self.view, self.places.turn(self.shows, (tab, text), self.window))
        self.shows = (tab, text)

    def _follow(self, act: Callable[[], Change]) -> None:
        cursor, was = self.window.cursor, self.window.on_screen()
        change = act()
        if change.has_moved:
            self.window.follow(was, is_resorted=change.is_resorted)
        if cursor is not None and self.view.index_of(cursor) is not None and not self.window.is_pinned:
            assert self.window.cursor == cursor

    @invariant()
    def the_cursor_is_painted_and_is_what_is_acted_on(self) -> None:
        window = self.window
        painted = window.on_screen()
        assert len(painted) == min(window.height, len(self.view))
        if painted:
            assert painted[window.index - window.top] == window.cursor
            assert window.cursor in self.tasks
        else:
            assert window.cursor is None
        assert not window.is_pinned or window.top == window.index == 0


TestWatching = Watching.TestCase
TestWatching.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
