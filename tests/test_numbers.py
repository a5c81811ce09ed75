"""Every number of the specification, just below and just above, as behaviour and as a literal.

A test that compares with the product's own constant passes whatever the constant is. This table says where
each number is tested; `test_every_number_has_its_tests` checks that these tests exist.

Words and phases
    empty is checked again after 10 s, 60 s, 5 min:
        test_empty_task_is_asked_again_after_ten_sixty_and_three_hundred_seconds
    not found counts after 60 s:
        test_not_found_counts_once_a_task_is_a_minute_old
    an unknown id is asked again after 5 min, 30 min, 2 h:
        test_unknown_task_is_asked_again_after_five_and_thirty_minutes_and_two_hours
    files end after 3 days:
        test_files_end_three_days_after_the_earliest_possible_end
    seen after 1 s:
        test_settled_task_is_seen_after_one_second_under_the_cursor
    attended for 2 min:
        test_screen_is_attended_for_two_minutes_after_a_sign_of_a_person
Screen
    a line that left the view stays 10 s:
        test_task_that_left_the_view_keeps_its_line_for_ten_seconds
    a re-sort waits 3 s:
        test_live_resort_waits_until_no_key_came_for_three_seconds
    painting 4 Hz, unfocused 1 Hz:
        test_news_are_painted_four_times_a_second_and_once_while_unfocused
    40 x 12, 60 columns, 20 rows:
        test_screen_is_usable_from_40_by_12_on
        test_messages_are_toasts_from_60_columns_on
        test_detail_has_a_pane_from_20_rows_on
    Name under 80 columns:
        test_under_80_cells_task_and_label_are_one_name
    Attention: trouble for 60 s, empty for 5 min, 30 min or 5 times the usual, 24 h, files in their last 24 h:
        test_it_begins_on_time_is_announced_and_stays
    the warning of files that expire begins 24 h before, 72 h at most:
        test_the_warning_begins_when_the_configuration_says
        test_a_mistake_names_line_key_and_what_is_right
    usual time of the last 50, from 10 on:
        test_usual_time_is_the_median_of_the_last_fifty_once_there_are_ten
    over from the 95th percentile on:
        test_over_begins_at_the_95th_percentile_of_the_last_fifty
Keys
    budget steps 1 2 5 10 15 18:
        test_budget_steps_are_one_two_five_ten_fifteen_eighteen
    six keys within 50 ms:
        test_six_keys_within_fifty_milliseconds_are_a_paste
    checks above 10 s of budget ask:
        test_checking_all_asks_above_ten_seconds_of_the_budget
    removed tasks stay 30 days:
        test_removed_tasks_stay_thirty_days
Checking
    budget 10, 0.1 to 18:
        test_budget_is_ten_unless_chosen_and_between_a_tenth_and_eighteen
    5 % within 5 and 60 s, 10 min after 24 h:
        test_resting_task_waits_a_twentieth_of_its_time_in_phase
    selected 2 s, on screen 5 s:
        test_selected_task_is_asked_each_two_seconds_and_one_on_screen_each_five
    1.25 x active / rate:
        test_no_task_is_promised_sooner_than_the_budget_can_serve_all
    one slot in five:
        test_attended_tasks_get_at_most_one_slot_in_five_while_others_are_overdue
    in flight max(4, 2 x rate):
        test_in_flight_are_at_most_four_or_twice_the_rate
    two wait for a slot:
        test_none_is_planned_while_two_wait
    20 s over an exchange:
        test_exchange_is_given_up_after_twenty_seconds
    10 MB of an answer:
        test_answer_of_ten_megabytes_is_the_largest_that_is_read
    throttled halves once a second, climbs 5 %:
        test_throttled_halves_at_most_once_a_second_and_climbs_a_twentieth_a_second
    backs off to 60 s:
        test_task_in_trouble_backs_off_to_a_minute_at_most
    offline after 10 s and 5 checks:
        test_offline_is_ten_seconds_without_an_answer_and_five_checks
    refused keys: 30 s, 60 s, 2 min, 5 min:
        test_refused_keys_are_probed_after_30_s_60_s_2_min_then_every_5_min
    two tasks refused alike:
        test_two_tasks_refused_alike_are_a_wrong_setting
Results
    a clipboard program has 1 s:
        test_every_program_has_a_second
    74 kB:
        test_more_than_74_kb_of_utf_8_takes_no_route
        test_74_kb_still_go_out
    four named filters become tabs:
        test_a_mistake_names_line_key_and_what_is_right
Several processes
    SQLite waits at most 250 ms for a lock:
        test_law_1_sqlite_waits_in_short_steps
    a finding is on disk within 0.5 s:
        test_finding_is_on_disk_within_half_a_second
    a look four times a second:
        test_each_process_looks_four_times_a_second
    beat 1 s, sends for 2 s, taken after 3 s:
        test_holder_beats_after_one_second_and_not_before
        test_holder_may_send_for_two_seconds
        test_lease_is_taken_after_three_seconds_without_a_beat
    a wish to check waits 60 s:
        test_wish_is_served_for_a_minute
    SIGTERM and SIGHUP end within 2 s:
        test_signal_ends_the_screen_within_two_seconds
Command line
    get asks twice a second:
        test_get_asks_twice_a_second
    wait gives up after 30 s:
        test_wait_gives_up_after_thirty_seconds
"""

import asyncio
import re
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.api.client import asking
from tests.cli.runner import ENVIRONMENT, JumpingClock
from tests.coordination.several import processes
from tests.factories import APP, WALL, FastClock, envelope, make_ref
from tests.raw_server import Then, Wire, answer, raw_server
from tests.standstill import standstill
from tests.store.stores import opened, processing, saved_tasks, take_lease, task_number
from tests.store.test_edits import removed, use
from tiwtui.api.answers import Answer, NoAnswer
from tiwtui.api.endpoint import parse_endpoint
from tiwtui.cli.commands.get import _get
from tiwtui.cli.commands.wait import _wait
from tiwtui.cli.exit_codes import Exit
from tiwtui.cli.output import JSON
from tiwtui.config.settings import Settings, settings_from
from tiwtui.engine.watcher import Watcher
from tiwtui.model import Phase
from tiwtui.store.database import Database
from tiwtui.store.task_store import TaskStore
from tiwtui.ui.input.shutdown import ended_by_signals

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parent.parent
DAY_S = 86_400


async def test_every_number_has_its_tests() -> None:
    """A table of tests that were renamed or dropped would prove nothing."""
    named = re.findall(r"^ {8}(test_\w+)$", __doc__ or "", re.MULTILINE)
    texts = [path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py")]
    assert len(named) > 35
    missing = [name for name in named if not any(f"def {name}(" in text for text in texts)]
    assert missing == []


@pytest.mark.parametrize(
    ("seconds", "typical_processing_s"),
    [
        ([100.0] * 9, None),
        ([100.0] * 10, 100.0),
        ([500.0] + [100.0] * 25 + [200.0] * 25, 150.0),
        ([500.0] + [100.0] * 25 + [200.0] * 24, 150.0),
    ],
)
async def test_usual_time_is_the_median_of_the_last_fifty_once_there_are_ten(
    seconds: list[float], typical_processing_s: float | None
) -> None:
    """Before, it would be an anecdote; what is long ago says little about today."""
    watcher = Watcher()
    watcher.processing_times.load(seconds)
    assert watcher.processing_times.typical_s() == typical_processing_s


@pytest.mark.parametrize(
    ("seconds", "p95_s"),
    [
        ([100.0] * 9, None),
        ([100.0] * 10, 100.0),
        ([float(n) for n in range(1, 21)], 19.0),
        ([500.0] + [float(n) for n in range(1, 51)], 48.0),
    ],
)
async def test_over_begins_at_the_95th_percentile_of_the_last_fifty(
    seconds: list[float], p95_s: float | None
) -> None:
    """One slow class in twenty is no news; more would make the warning cry wolf."""
    watcher = Watcher()
    watcher.processing_times.load(seconds)
    assert watcher.processing_times.p95_s() == p95_s


async def test_removed_tasks_stay_thirty_days(tmp_path: Path) -> None:
    """No call of the service could list them again."""
    async with opened(tmp_path / "x.db") as store:
        await store.add([task_number(1)])
        await store.remove([make_ref(1)], WALL)
        await use(store, [WALL + day * DAY_S for day in range(1, 31)])
        assert await removed(store) == {make_ref(1)}
        await use(store, [WALL + 30 * DAY_S + 1])
        assert await removed(store) == set()


async def test_finding_is_on_disk_within_half_a_second(tmp_path: Path) -> None:
    """As much may be lost by `kill -9`. A busy machine gets three tries."""
    path, took = tmp_path / "x.db", []
    store = TaskStore(Database(path, wall=lambda: WALL))
    await store.open()
    await take_lease(store)
    for number in (1, 2, 3):
        await store.add([task_number(number)])
        began = time.monotonic()
        store.record(processing(task_number(number)))
        while (await saved_tasks(path))[make_ref(number)].phase is not Phase.PROCESSING:
            assert time.monotonic() < began + 5.0
        took.append(time.monotonic() - began)
        if took[-1] <= 0.5:
            break
    await store.close()
    assert min(took) <= 0.5


async def test_each_process_looks_four_times_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one finds, all show within a second."""
    async with processes(tmp_path, 10.0) as (process,):
        clock, looked_at = process.clock, list[float]()

        async def look() -> None:
            looked_at.append(clock.now)

        monkeypatch.setattr(process.coordinator, "look", look)
        looking = asyncio.create_task(process.coordinator.run())
        began = clock.now
        await clock.run_until(began + 2.125)
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
        assert [at - began for at in looked_at] == [number / 4 for number in range(9)]


async def test_exchange_is_given_up_after_twenty_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection is made and the bytes are out: nothing but this limit ends it."""
    loop, slept_s = asyncio.get_running_loop(), 0.0
    real: Callable[[], float] = loop.time

    never: asyncio.Future[httpx.Response] = loop.create_future()

    async def silent(_request: httpx.Request) -> httpx.Response:
        return await never

    monkeypatch.setattr(loop, "time", lambda: real() + slept_s)
    async with asking("https://tiw.invalid", transport=httpx.MockTransport(silent)) as client:
        check: asyncio.Task[Answer] = asyncio.create_task(client.describe(make_ref()))
        await standstill()
        slept_s = 19.0
        await standstill()
        assert not check.done()
        slept_s = 20.1
        await standstill()
        assert check.done()
    found = check.result()
    assert isinstance(found, NoAnswer)
    assert found.code == "timeout"


async def test_signal_ends_the_screen_within_two_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that stopped reading stops the loop: then a thread ends the process."""
    limits: list[float] = []

    class Timer(threading.Thread):
        def __init__(self, limit_s: float, _end: Callable[..., None], _arguments: tuple[int]) -> None:
            super().__init__(target=lambda: None)
            limits.append(limit_s)

    # Elsewhere no handler is set, and the signals would end the tests themselves.
    assert threading.current_thread() is threading.main_thread()
    monkeypatch.setattr(threading, "Timer", Timer)
    ended: list[int] = []
    undo = ended_by_signals(ended.append)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.raise_signal(number)
    await standstill()
    undo()
    assert ended == [143, 129]
    assert [1.0 < limit_s < 2.0 for limit_s in limits] == [True, True]


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("keys")
async def test_get_asks_twice_a_second() -> None:
    """A script over a thousand ids must leave the screen its budget."""
    clock, asked_at = JumpingClock(), list[float]()

    async def ready(wire: Wire) -> Then:
        asked_at.append(clock.now)
        body = envelope(Status="FINISHED", VideoInfoList=[{"VideoUrl": "http://a/b"}])
        return await answer(body)(wire)

    async with raw_server(ready) as server:
        settings = Settings(parse_endpoint(server.endpoint), "ap-singapore")
        refs = [make_ref(number) for number in range(5)]
        assert await _get(settings, refs, JSON, clock=clock) is Exit.READY
    assert asked_at[-1] - asked_at[0] == pytest.approx(2.0, abs=0.02)


@pytest.mark.usefixtures("keys")
async def test_wait_gives_up_after_thirty_seconds(tmp_path: Path) -> None:
    """Long enough to renew a key that expired, short enough for a script."""
    clock = FastClock(20.0)
    refused_at: list[float] = []

    async def refuse(wire: Wire) -> Then:
        refused_at.append(clock.monotonic())
        error = {"Code": "AuthFailure.UnauthorizedOperation", "Message": "m"}
        return await answer(envelope(Error=error))(wire)

    async with raw_server(refuse) as server:
        settings = settings_from(state_dir=tmp_path, endpoint=server.endpoint, sdk_app_id=APP)
        ended = await _wait(settings, ["x"], None, None, JSON, clock=clock)
    assert ended is Exit.REFUSED
    assert 30.0 <= clock.monotonic() - refused_at[0] < 59.0
