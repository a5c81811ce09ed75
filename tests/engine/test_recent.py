"""The last ten minutes in slots."""

from tiwtui.engine.statistics.recent import SLOT_S, SLOTS, Recent


def test_a_slot_has_the_rate_and_the_means_of_its_five_seconds() -> None:
    recent = Recent()
    for _time in range(10):
        recent.at(1001.0).sent += 1
    slot = recent.at(1004.9)
    slot.answers, slot.took_s = 2, 0.5
    series = recent.series(1000.0, 1010.0)
    assert series.rates == (2.0, 0.0)
    assert series.latencies_s == (0.25, None)
    assert series.delays_s == (None, None)


def test_the_present_slot_is_left_out() -> None:
    """It is not full, and would always look like a fall."""
    recent = Recent()
    recent.at(1000.0).sent += 50
    assert recent.series(1000.0, 1004.0).rates == ()


def test_memory_and_series_are_bounded() -> None:
    """A screen is left open for weeks."""
    recent = Recent()
    for second in range(10_000):
        recent.at(float(second)).sent += 1
    assert len(recent._slots) == SLOTS
    assert recent.series(0.0, 10_000.0).rates == (1.0,) * SLOTS
    assert recent.series(0.0, 10_000.0 + SLOTS * SLOT_S).rates == (0.0,) * SLOTS


def test_a_clock_that_stands_behind_counts_in_the_last_slot() -> None:
    recent = Recent()
    recent.at(110.0).sent += 1
    recent.at(104.0).sent += 1
    assert recent.series(100.0, 115.0).rates[-1] == 2 / SLOT_S
