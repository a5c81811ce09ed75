"""How many of the marked tasks are shown, and which are meant, few or many."""

import pytest

from tests.ui.fake_session import StillSession, make_task
from tests.ui.pilot import open_screen
from tiwtui.model import TaskRef

pytestmark = pytest.mark.anyio


def _many(count: int) -> StillSession:
    """Tasks of two classes in turns, whose ids are in the order of the list."""
    return StillSession([make_task(f"t{n:04}", label=("Maths", "Physics")[n % 2]) for n in range(count)])


async def test_marks_are_counted_anew_only_when_marks_changed_or_lines_came_or_went() -> None:
    """The line below the list says the number each second: with 100,000 marks counting takes long."""
    session = _many(6)
    async with open_screen(session) as hand:
        main, counted, marked = hand.main, [0], hand.main.marked_here

        def counting() -> list[TaskRef]:
            counted[0] += 1
            return marked()

        main.marked_here = counting  # type: ignore[method-assign]
        main.marks = frozenset(session.tasks)
        assert (main.shown_marks, counted) == (6, [1])
        await hand.wait(1)
        assert (main.shown_marks, counted) == (6, [1])
        main.filter_text = "maths"
        assert (main.shown_marks, counted) == (3, [2])
        session.put(make_task("t9999", label="Maths"))
        await hand.settle()
        main.marks = frozenset(session.tasks)
        assert (main.shown_marks, counted) == (4, [4])


@pytest.mark.parametrize("count", [100, 1200])
async def test_those_marked_and_shown_are_meant_in_the_order_of_the_list(count: int) -> None:
    """Few are looked up one by one, of many the list is read: both must say the same."""
    session = _many(count)
    async with open_screen(session) as hand:
        main = hand.main
        main.marks = frozenset(session.tasks) | {TaskRef(1, "gone")}
        main.filter_text = "physics"
        await hand.press("s", "S")
        shown = [ref.task_id for ref in main.view.refs()]
        assert [ref.task_id for ref in main.meant()] == shown
        assert len(shown) == count // 2
