"""How long tasks usually take: who is over that, and in which order."""

from tests.factories import WALL, make_task
from tiwtui.listing.attention.usual import Usual, over_s
from tiwtui.listing.order import Order
from tiwtui.listing.view import View
from tiwtui.model import Phase

USUAL = Usual(130.0, 240.0)


def test_only_a_task_that_is_processed_can_be_over() -> None:
    """The time in the queue is not known to have a usual length."""
    for phase in Phase:
        task = make_task(phase=phase, phase_since=WALL - 300)
        assert over_s(task, WALL, USUAL) == (170.0 if phase is Phase.PROCESSING else None)
    assert over_s(make_task(phase=Phase.PROCESSING, phase_since=WALL - 300), WALL, None) is None


def test_by_note_the_task_that_is_most_over_is_on_top() -> None:
    """It is the one to ask about."""
    known = [
        make_task("ready", phase=Phase.READY, phase_since=WALL - 9000),
        make_task("long", phase=Phase.PROCESSING, phase_since=WALL - 600),
        make_task("queued", phase=Phase.QUEUED, phase_since=WALL - 9000),
        make_task("longest", phase=Phase.PROCESSING, phase_since=WALL - 900),
    ]
    view = View({task.ref: task for task in known}, WALL, order=Order("note"))
    assert [ref.task_id for ref in view.refs()][:2] == ["longest", "long"]
