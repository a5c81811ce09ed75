"""Who sends, judged without a database: rows and times are arguments."""

from dataclasses import dataclass, field
from random import Random

import pytest
from msgspec.structs import replace

from tests.factories import make_ref
from tiwtui.coordination.lease import BEAT_S, HOLDS_S, TAKEN_AFTER_S, Lease, LeaseRow, Step
from tiwtui.coordination.peers import GONE_AFTER_S, Peer, Peers

FREE = LeaseRow(0, "", "", 0)
HELD = LeaseRow(7, "other", "pts/3", 41)


def seen(row: LeaseRow, now: float = 0.0) -> Lease:
    lease = Lease("me")
    lease.saw(row, now)
    return lease


def holding(asked_at: float = 0.0) -> Lease:
    lease = seen(FREE)
    lease.took(1, asked_at)
    return lease


def test_a_free_lease_is_taken_at_once() -> None:
    """See lease law 1."""
    assert seen(FREE).step(0.0, is_fit=True) is Step.TAKE


def test_a_lease_not_seen_yet_is_not_taken() -> None:
    assert Lease("me").step(1e9, is_fit=True) is Step.NOTHING


def test_a_silent_holder_is_replaced_after_three_seconds_of_the_observers_own_clock() -> None:
    """Wall clocks jump, and that of a holder on another machine says nothing. See lease law 1."""
    lease = seen(HELD, now=100.0)
    assert lease.step(100.0 + TAKEN_AFTER_S - 0.01, is_fit=True) is Step.NOTHING
    assert lease.step(100.0 + TAKEN_AFTER_S, is_fit=True) is Step.TAKE


def test_each_beat_begins_the_three_seconds_again() -> None:
    lease = seen(HELD, now=100.0)
    lease.saw(LeaseRow(7, "other", "pts/3", 42), 102.9)
    assert lease.step(105.0, is_fit=True) is Step.NOTHING


def test_seeing_the_same_beat_again_does_not() -> None:
    lease = seen(HELD, now=100.0)
    lease.saw(HELD, 102.9)
    assert lease.step(103.0, is_fit=True) is Step.TAKE


def test_a_holder_beats_each_second() -> None:
    lease = holding(asked_at=10.0)
    assert lease.step(10.9, is_fit=True) is Step.NOTHING
    assert lease.step(11.0, is_fit=True) is Step.BEAT


def test_a_holder_sends_for_two_seconds_after_it_asked_for_its_last_beat() -> None:
    """See lease law 2."""
    lease = holding(asked_at=10.0)
    assert lease.until >= 10.0 + HOLDS_S
    assert lease.until < 10.0 + HOLDS_S + 0.01


def test_a_holder_that_was_stopped_looks_before_it_sends() -> None:
    lease = holding(asked_at=10.0)
    assert lease.until < 50.0
    assert lease.step(50.0, is_fit=True) is Step.BEAT
    lease.extend(50.0)
    assert lease.until >= 50.1


def test_a_row_that_names_another_ends_the_holding_at_once() -> None:
    lease = holding(asked_at=10.0)
    lease.saw(LeaseRow(2, "other", "pts/3", 3), 10.1)
    assert lease.epoch is None
    assert lease.until < 10.1


def test_a_later_epoch_of_its_own_name_ends_the_holding_too() -> None:
    """A file that was restored from a backup: the epoch under which it sent is not the one that counts."""
    lease = holding(asked_at=10.0)
    lease.saw(LeaseRow(2, "me", "pts/1", 3), 10.1)
    assert lease.epoch is None
    assert lease.until < 10.1


def test_the_age_of_a_holders_own_beat_counts_from_when_it_asked_for_it() -> None:
    """Its row is seen again only where another process wrote."""
    lease = holding(asked_at=10.0)
    assert lease.beat_age_s(10.5) == 0.5
    assert seen(HELD, now=100.0).beat_age_s(102.0) == 2.0
    assert Lease("me").beat_age_s(1.0) is None


def test_a_free_lease_is_held_nowhere() -> None:
    assert not seen(FREE).is_held_elsewhere(0.0)
    assert seen(HELD, now=100.0).is_held_elsewhere(102.9)
    assert not seen(HELD, now=100.0).is_held_elsewhere(103.0)
    assert not holding().is_held_elsewhere(0.0)


def test_the_seconds_leave_one_between_two_senders() -> None:
    """See lease law 2: a holder stops a second before another may take its place."""
    assert (BEAT_S, HOLDS_S, TAKEN_AFTER_S) == (1.0, 2.0, 3.0)


@pytest.mark.parametrize("row", [FREE, HELD])
def test_a_process_that_is_not_fit_takes_no_lease(row: LeaseRow) -> None:
    """See lease law 4."""
    assert seen(row).step(1e9, is_fit=False) is Step.NOTHING


def test_a_holder_that_is_fit_no_more_gives_it_back() -> None:
    """See lease law 4."""
    assert holding().step(0.1, is_fit=False) is Step.GIVE_BACK


@dataclass
class Life:
    """One process as it looks, asks and does, with any time between the three."""

    name: str
    lease: Lease = field(init=False)
    is_fit: bool = True
    asked: tuple[Step, float, LeaseRow] | None = None

    def __post_init__(self) -> None:
        self.lease = Lease(self.name)

    def ask(self, row: LeaseRow, now: float) -> None:
        """Look at the row and decide."""
        self.lease.saw(row, now)
        self.asked = (self.lease.step(now, is_fit=self.is_fit), now, row)
        if self.asked[0] is Step.GIVE_BACK:
            self.lease.lost()

    def do(self, row: LeaseRow) -> LeaseRow:
        """Carry out what was decided some time ago; return the row after that."""
        assert self.asked is not None
        (step, asked_at, judged), self.asked = self.asked, None
        is_mine = (row.holder, row.epoch) == (self.name, self.lease.epoch)
        after = replace(row, beat=row.beat + 1)
        match step:
            case Step.BEAT if is_mine:
                self.lease.extend(asked_at)
            case Step.TAKE if (row.epoch, row.beat) == (judged.epoch, judged.beat):
                after = replace(after, epoch=row.epoch + 1, holder=self.name)
                self.lease.took(after.epoch, asked_at)
            case Step.GIVE_BACK if row.holder == self.name:
                after = replace(after, holder="")
            case Step.BEAT:
                self.lease.lost()
                return row
            case _:
                return row
        return after


@pytest.mark.parametrize("seed", range(40))
def test_at_no_time_may_two_processes_send(seed: int) -> None:
    """However each is stopped and continued between looking and doing. See lease law 3."""
    random, row, now = Random(seed), FREE, 0.0
    lives = [Life(name) for name in "abc"]
    awake = lives
    for step in range(3000):
        now += random.choice([0.0, 0.05, 0.1, 0.25])
        if step % 30 == 0:
            awake = random.sample(lives, random.choice([1, 2, 3]))
        life = random.choice(awake)
        if life.asked is None:
            life.is_fit = random.random() < 0.98
            life.ask(row, now)
        else:
            row = life.do(row)
        assert sum(now <= other.lease.until for other in lives) <= 1
        epochs = [other.lease.epoch for other in lives if other.lease.epoch is not None]
        assert len(epochs) == len(set(epochs))
    assert row.epoch > 10, "this seed tests nothing"


def presence(holder: str, budget: float, beat: int = 1) -> Peer:
    return Peer(holder, holder, beat, budget, (make_ref(holder),))


def test_the_lowest_wanted_budget_counts() -> None:
    """See peers law 2."""
    peers = Peers("me")
    peers.saw([presence("me", 1.0), presence("a", 5.0), presence("b", 8.0)], 0.0)
    assert peers.lowest(10.0, 1.0) == (5.0, "a")
    assert peers.lowest(2.0, 1.0) == (2.0, "")


def test_a_process_whose_beat_stands_still_counts_no_more_after_a_while() -> None:
    """Killed, it cannot take its wish back; stopped, it wants nothing. See peers law 1."""
    peers = Peers("me")
    peers.saw([presence("a", 1.0)], 0.0)
    peers.saw([presence("a", 1.0)], 10.0)
    assert peers.lowest(10.0, GONE_AFTER_S - 0.1) == (1.0, "a")
    assert peers.lowest(10.0, GONE_AFTER_S) == (10.0, "")
    assert peers.gone(GONE_AFTER_S) == ("a",)
    assert peers.attended(GONE_AFTER_S) == frozenset()
    peers.saw([presence("a", 1.0, beat=2)], 20.0)
    assert peers.lowest(10.0, 20.0) == (1.0, "a")
    assert peers.attended(20.0) == {make_ref("a")}
