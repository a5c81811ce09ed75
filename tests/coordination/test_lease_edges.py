"""The lease's seconds as literals, just below and just above, and what its holder and followers are shown."""

import pytest

from tiwtui.coordination.lease import Lease, LeaseRow, Step

FREE = LeaseRow(0, "", "", 0)
HELD = LeaseRow(7, "other", "pts/3", 41)


def _saw(row: LeaseRow, now: float) -> Lease:
    lease = Lease("me")
    lease.saw(row, now)
    return lease


def _holding(asked_at: float) -> Lease:
    lease = _saw(FREE, asked_at)
    lease.took(1, asked_at)
    return lease


@pytest.mark.parametrize(("silent_s", "step"), [(2.99, Step.NOTHING), (3.0, Step.TAKE), (9.0, Step.TAKE)])
def test_lease_is_taken_after_three_seconds_without_a_beat(silent_s: float, step: Step) -> None:
    """Law 1: sooner, two may send; later, nobody does."""
    lease = _saw(HELD, 100.0)
    assert lease.step(100.0 + silent_s, is_fit=True) is step
    assert lease.is_held_elsewhere(100.0 + silent_s) is (step is Step.NOTHING)


def test_holder_may_send_for_two_seconds() -> None:
    """Law 2: counted from when the beat was asked for, however long it took to be saved."""
    lease = _holding(10.0)
    assert lease.until == 12.0
    lease.extend(11.0)
    assert lease.until == 13.0


@pytest.mark.parametrize(("since_s", "step"), [(0.0, Step.NOTHING), (0.99, Step.NOTHING), (1.0, Step.BEAT)])
def test_holder_beats_after_one_second_and_not_before(since_s: float, step: Step) -> None:
    """A beat costs a write; one too few, and another takes over."""
    lease = _holding(10.0)
    assert lease.step(10.0 + since_s, is_fit=True) is step


def test_new_epoch_with_the_same_beat_is_a_sign_of_life() -> None:
    """Another has just taken over: its three seconds begin now."""
    lease = _saw(HELD, 100.0)
    lease.saw(LeaseRow(8, "third", "pts/4", HELD.beat), 102.9)
    assert lease.step(105.0, is_fit=True) is Step.NOTHING
    assert lease.step(105.9, is_fit=True) is Step.TAKE


@pytest.mark.parametrize("row", [LeaseRow(1, "other", "pts/3", 3), LeaseRow(2, "me", "pts/1", 3), FREE])
def test_row_with_another_holder_or_epoch_ends_the_holding(row: LeaseRow) -> None:
    """Either alone says that this process was replaced, perhaps by itself before it was stopped."""
    lease = _holding(10.0)
    lease.saw(LeaseRow(1, "me", "pts/1", 1), 10.1)
    assert lease.until == 12.0
    lease.saw(row, 10.2)
    assert lease.epoch is None
    assert lease.until == float("-inf")


def test_age_of_the_beat_is_that_of_what_was_seen_last() -> None:
    """The diagnostics show it: a follower's by its own look, a holder's by when it asked."""
    lease = Lease("me")
    assert lease.beat_age_s(5.0) is None
    lease.saw(HELD, 100.0)
    assert lease.beat_age_s(101.5) == 1.5
    assert lease.beat_age_s(99.0) == 0.0
    holder = _holding(10.0)
    holder.extend(11.0)
    assert holder.beat_age_s(11.5) == 0.5


def test_only_a_named_living_other_holds_it_elsewhere() -> None:
    """The header names who sends: nobody, where the lease is free, unknown or one's own."""
    assert not Lease("me").is_held_elsewhere(0.0)
    assert not _saw(FREE, 0.0).is_held_elsewhere(0.0)
    own = _holding(0.0)
    own.saw(LeaseRow(1, "me", "pts/1", 1), 0.1)
    assert not own.is_held_elsewhere(0.2)
    assert _saw(HELD, 0.0).is_held_elsewhere(2.9)


def test_row_is_the_one_that_was_seen_last() -> None:
    """It names the terminal that sends."""
    lease = _saw(FREE, 0.0)
    lease.saw(HELD, 1.0)
    assert lease.row == HELD
