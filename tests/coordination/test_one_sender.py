"""One of several processes sends, the others follow and show the same."""

from pathlib import Path

import pytest

from tests.coordination.several import Process, processes, until_taken_over
from tests.factories import FakeClock, finished, make_ref, observed, refused
from tests.store.stores import execute
from tiwtui.engine.status import Mode
from tiwtui.model import Done, Phase, Trouble, TroubleKind

pytestmark = pytest.mark.anyio


async def test_the_first_process_sends_and_the_next_follows(tmp_path: Path) -> None:
    async with processes(tmp_path, 10.0, 10.0) as (first, second):
        await first.add(1)
        await second.turn()
        assert (first.sends(), second.sends()) == (True, False)
        assert second.check() is None
        assert first.check() == make_ref(1)


async def test_a_follower_shows_what_the_sender_found(tmp_path: Path) -> None:
    """See merging law 1."""
    async with processes(tmp_path, 10.0, 10.0) as (first, second):
        await first.add(1)
        await second.turn()
        assert second.phase() is Phase.NEW
        first.check()
        await first.store.flush()
        await second.turn()
        assert second.watcher.tasks == first.watcher.tasks
        assert second.watcher.has_settled(make_ref(1))
        assert (await second.store.details(make_ref(1))).videos


async def test_a_task_that_a_follower_adds_is_checked_by_the_sender(tmp_path: Path) -> None:
    async with processes(tmp_path, 10.0, 10.0) as (first, second):
        await second.add(1)
        await first.turn()
        assert first.check() == make_ref(1)


async def test_a_label_set_elsewhere_at_the_moment_of_settling_survives(tmp_path: Path) -> None:
    async with processes(tmp_path, 10.0, 10.0) as (first, second):
        ref = await first.add(1)
        await second.turn()
        await second.store.label(ref, "Maths 3A")
        first.check()
        await first.store.flush()
        for process in (first, second, first):
            await process.turn()
        for process in (first, second):
            task = process.watcher.tasks[ref]
            assert (task.label, task.phase) == ("Maths 3A", Phase.READY)


async def test_a_removal_elsewhere_at_the_moment_of_settling_survives(tmp_path: Path) -> None:
    async with processes(tmp_path, 10.0, 10.0) as (first, second):
        ref = await first.add(1)
        await second.turn()
        await second.store.remove([ref], first.clock.wall())
        second.watcher.remove(ref)
        first.check()
        await first.store.flush()
        for process in (first, second, first):
            await process.turn()
        assert (first.phase(), second.phase()) == (None, None)


async def test_a_sender_keeps_its_own_findings_when_others_change_the_same_task(tmp_path: Path) -> None:
    """What it found last may not be on disk yet, and the row that a label changed is older.

    See merging law 2.
    """
    async with processes(tmp_path, 10.0, 10.0) as (first, second):
        ref = await first.add(1)
        await second.turn()
        await execute(first.store, "PRAGMA query_only = 1")
        first.check()
        await second.store.label(ref, "Maths")
        await second.store.take({ref: ()}, 5.0)
        await second.store.mark_seen([ref], first.clock.wall() + 9)
        await first.turn()
        task = first.watcher.tasks[ref]
        assert (task.phase, task.label, task.taken_at) == (Phase.READY, "Maths", 5.0)
        assert not task.is_unseen
        await execute(first.store, "PRAGMA query_only = 0")


async def test_what_others_noted_of_an_earlier_phase_does_not_count_for_the_present_one(
    tmp_path: Path,
) -> None:
    """They acknowledged a slow task while this process saw it become ready. See merging law 2."""
    async with processes(tmp_path, 10.0, 10.0) as (first, second):
        ref = await first.add(1)
        await second.turn()
        await execute(first.store, "PRAGMA query_only = 1")
        first.check()
        ready_at = first.watcher.tasks[ref].phase_since or 0.0
        await second.store.mark_done({ref: Done(ready_at - 0.1, "bert", ("slow",))})
        await second.store.flag([ref], 5.0)
        await first.turn()
        task = first.watcher.tasks[ref]
        assert (task.phase, task.done, task.flagged_at) == (Phase.READY, None, 5.0)
        await execute(first.store, "PRAGMA query_only = 0")


async def test_a_sender_takes_what_others_note_and_take_back(tmp_path: Path) -> None:
    async with processes(tmp_path, 10.0, 10.0) as (first, second):
        ref = await first.add(1)
        await first.turn()
        done = Done(first.clock.wall() + 9, "bert", ("slow",))
        for each in (done, None):
            at = None if each is None else each.at
            await second.store.mark_done({ref: each})
            await second.store.take({ref: ("a",)}, 5.0)
            await second.store.flag([ref], at)
            await first.turn()
            task = first.watcher.tasks[ref]
            assert (task.done, task.flagged_at, task.taken_videos) == (each, at, ("a",))


async def test_another_takes_over_within_four_seconds_of_a_kill(tmp_path: Path) -> None:
    async with processes(tmp_path, 10.0, 10.0) as (first, second):
        await first.add(1)
        await second.turn()
        assert await until_taken_over(first.clock, second) < 4.0
        assert second.check() == make_ref(1)


async def test_a_sender_that_was_stopped_sends_nothing_before_it_has_looked(tmp_path: Path) -> None:
    """Ctrl-z, a terminal that stopped reading, a lid that was shut. See coordinator law 1."""
    async with processes(tmp_path, 10.0, 10.0) as (first, second):
        await first.add(1)
        await second.turn()
        await until_taken_over(first.clock, second)
        assert first.sends()
        assert first.check() is None
        await first.turn()
        assert not first.sends()
        assert first.check() is None
        assert second.check() == make_ref(1)


async def test_a_sole_sender_that_was_stopped_goes_on_once_it_has_looked(tmp_path: Path) -> None:
    async with processes(tmp_path, 10.0) as (only,):
        await only.add(1)
        only.clock.now += 60
        assert only.check() is None
        wakes = only.wakes
        await only.turn()
        assert only.wakes > wakes
        assert only.check() == make_ref(1)


async def test_the_poller_is_woken_when_the_gate_was_shut_while_a_beat_was_written(tmp_path: Path) -> None:
    """It looked at the plan just then, found nothing to send and waits without an end."""
    async with processes(tmp_path, 10.0) as (only,):
        await only.add(1)
        only.clock.now += 1.95
        only.beat_s = 0.1
        wakes = only.wakes
        await only.turn()
        assert only.wakes > wakes


async def test_a_beat_that_took_too_long_opens_nothing(tmp_path: Path) -> None:
    """It was asked for so long ago that another may have taken over since."""
    async with processes(tmp_path, 10.0) as (only,):
        await only.add(1)
        only.clock.now += 1.5
        only.beat_s = 2.5
        await only.turn()
        assert only.sends()
        assert only.check() is None


async def test_what_a_deposed_sender_found_gives_way_to_the_true_state(tmp_path: Path) -> None:
    """See sender_requests law 1."""
    async with processes(tmp_path, 10.0, 10.0) as (first, second):
        await first.add(1)
        await second.turn()
        first.clock.now += 1
        await first.turn()
        ref = first.watcher.due(first.clock.now)
        assert ref is not None
        first.watcher.flights.leave(ref, first.clock.now)
        await until_taken_over(first.clock, second)
        found = first.watcher.complete(ref, finished(), first.clock.now, first.clock.wall())
        assert found is not None
        first.store.record(found)
        await first.store.flush()
        await first.turn()
        assert (first.phase(), second.phase()) == (Phase.NEW, Phase.NEW)


async def test_a_process_that_leaves_hands_over_at_once(tmp_path: Path) -> None:
    async with processes(tmp_path, 10.0, 10.0) as (first, second):
        await first.store.close()
        await second.turn()
        assert second.sends()


async def test_one_that_takes_over_keeps_one_gap_of_the_budget(tmp_path: Path) -> None:
    """The one before may have sent a moment ago: no one-second window may hold more than the budget.

    See coordinator law 2.
    """
    async with processes(tmp_path, 1.0, 1.0) as (first, second):
        await first.add(1)
        await second.turn()
        await first.store.close()
        await second.turn()
        now = first.clock.now
        assert second.watcher.due(now + 0.9) is None
        assert second.watcher.due(now + 1.1) == make_ref(1)


async def test_a_process_without_keys_does_not_send(tmp_path: Path) -> None:
    """A terminal without the environment of the others must not stop them."""
    async with processes(tmp_path) as _none:
        clock = FakeClock()
        keyless = Process(tmp_path / "y.db", clock, "pts/1", 10.0)
        missing = Trouble(TroubleKind.CREDENTIALS, "none", "", "", 0.0)
        keyless.watcher.breaker.no_keys(missing, clock.now)
        await keyless.start()
        assert not keyless.sends()
        assert keyless.coordinator.status().mode is Mode.STOPPED
        with_keys = Process(tmp_path / "y.db", clock, "pts/2", 10.0)
        await with_keys.start()
        assert with_keys.sends()
        await keyless.turn()
        assert keyless.coordinator.status().by == "pts/2"
        await keyless.store.close()
        await with_keys.store.close()


async def refuse_keys(process: Process) -> None:
    """Have the keys refused, read again, and refused once more."""
    for _once in range(2):
        while process.check(refused("AuthFailure.SecretIdNotFound")) is None:
            await process.turn()
        if process.watcher.keys_are_due(process.clock.now):
            process.watcher.keys_read(process.clock.now, changed=False)


async def test_a_sender_whose_keys_are_refused_hands_over(tmp_path: Path) -> None:
    async with processes(tmp_path, 10.0, 10.0) as (first, second):
        await first.add(1)
        await second.turn()
        await refuse_keys(first)
        for process in (first, second, first):
            await process.turn()
        assert (first.sends(), second.sends()) == (False, True)
        assert first.coordinator.status().by == "pts/2"


async def test_refused_keys_that_nobody_has_better_are_shown_as_refused(tmp_path: Path) -> None:
    async with processes(tmp_path, 10.0) as (only,):
        await only.add(1)
        await refuse_keys(only)
        await only.turn()
        await only.turn()
        assert not only.sends()
        status = only.coordinator.status()
        assert status.mode is Mode.STOPPED
        assert status.trouble is not None
        assert status.trouble.kind is TroubleKind.CREDENTIALS


async def test_new_keys_make_a_process_fit_again(tmp_path: Path) -> None:
    async with processes(tmp_path, 10.0) as (only,):
        await only.add(1)
        await refuse_keys(only)
        await only.turn()
        only.watcher.keys_read(only.clock.now, changed=True)
        await only.turn()
        assert only.sends()


async def test_a_check_by_hand_is_sent_also_with_refused_keys_if_nobody_else_sends(tmp_path: Path) -> None:
    """A person who has just paid the bill presses r."""
    async with processes(tmp_path, 10.0) as (only,):
        ref = await only.add(1)
        await refuse_keys(only)
        await only.turn()
        only.coordinator.check_now([ref])
        await only.turn()
        assert only.sends()
        assert only.check(observed()) == ref


async def test_a_check_by_hand_looks_for_keys_also_in_a_process_that_never_sent(tmp_path: Path) -> None:
    """Its person has just written the file with the key."""
    async with processes(tmp_path, 10.0) as (only,):
        ref = await only.add(1)
        missing = Trouble(TroubleKind.CREDENTIALS, "no credentials", "none", "", only.clock.wall())
        only.watcher.breaker.no_keys(missing, only.clock.now)
        await only.turn()
        assert not only.watcher.keys_are_due(only.clock.now)
        only.coordinator.check_now([ref])
        assert only.watcher.keys_are_due(only.clock.now)


async def test_a_follower_without_keys_says_so_once_its_sender_is_gone(tmp_path: Path) -> None:
    """`tiwtui wait` beside a process that was killed would else wait for ever."""
    async with processes(tmp_path, 10.0, 10.0) as (sender, keyless):
        clock = sender.clock
        missing = Trouble(TroubleKind.CREDENTIALS, "no credentials", "none", "", clock.wall())
        keyless.watcher.breaker.no_keys(missing, clock.now)
        await keyless.turn()
        assert keyless.coordinator.status().mode is Mode.FOLLOWING
        clock.now += 3.0
        await keyless.turn()
        status = keyless.coordinator.status()
        assert (status.mode, status.trouble) == (Mode.STOPPED, missing)
        await sender.turn()
        await keyless.turn()
        assert keyless.coordinator.status().mode is Mode.FOLLOWING


async def test_each_process_knows_who_sends_and_who_else_is_there(tmp_path: Path) -> None:
    """The diagnostics of a follower name the process whose own tell more."""
    async with processes(tmp_path, 10.0, 10.0) as (first, second):
        await second.turn()
        await first.turn()
        here, there = first.coordinator.sharers(), second.coordinator.sharers()
        assert (here.is_here, there.is_here) == (True, False)
        assert here.sender == there.sender
        assert here.epoch == there.epoch == 1
        assert there.others == (here.sender,)
        assert len(here.others) == 1
        assert there.beat_age_s == pytest.approx(0.0)
        first.clock.now += 1.5
        assert second.coordinator.sharers().beat_age_s == pytest.approx(1.5)


async def test_where_the_sender_is_gone_nobody_is_named(tmp_path: Path) -> None:
    async with processes(tmp_path, 10.0, 10.0) as (first, second):
        await second.turn()
        first.clock.now += 3.5
        assert second.coordinator.sharers().sender == ""
