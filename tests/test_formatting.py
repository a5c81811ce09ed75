"""Ages, times, sizes, phases and failures as text."""

from datetime import UTC, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiwtui.api.errors import advice
from tiwtui.formatting import (
    age_text,
    duration_text,
    failure_text,
    kind_word,
    moment_text,
    number_text,
    offset_text,
    phase_word,
    rough_time,
    size_text,
    stop_text,
    trouble_text,
)
from tiwtui.model import Failure, Phase, Trouble, TroubleKind


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "0s"),
        (0.9, "0s"),
        (12, "12s"),
        (59.9, "59s"),
        (60, "1m00s"),
        (252, "4m12s"),
        (600, "10m"),
        (3599, "59m"),
        (3720, "1h02m"),
        (86_399, "23h59m"),
        (3 * 86_400 + 5, "3d"),
    ],
)
def test_ages_are_finer_the_younger(seconds: float, text: str) -> None:
    """An age that changes every second where nobody looks costs a repaint and says nothing."""
    assert age_text(seconds) == text


@pytest.mark.parametrize(
    ("ms", "text"), [(0, "0:00"), (156_750, "2:36"), (3_756_000, "1:02:36"), (-6_000, "-0:06")]
)
def test_lengths_read_like_a_players(ms: int, text: str) -> None:
    assert duration_text(ms) == text


def test_offsets_are_signed() -> None:
    assert offset_text(6_000) == "+0:06"
    assert offset_text(-6_000) == "-0:06"


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (999, "999 B"), (318_384, "311 KB"), (4_299_136, "4.1 MB"), (42_000_000, "40 MB")],
)
def test_a_size_is_shown_in_the_largest_unit_that_fits(size: int, text: str) -> None:
    assert size_text(size) == text


@given(st.integers(min_value=0, max_value=1 << 60))
def test_sizes_stay_short(size: int) -> None:
    """The column has room for so many cells and no more."""
    assert len(size_text(size)) <= 12


def test_rates_lose_a_needless_zero() -> None:
    assert (number_text(10.0), number_text(9.84)) == ("10", "9.8")


def test_a_failure_is_shown_by_its_inner_code() -> None:
    """The service's own time in the message is no help beside the age of the row."""
    message = "code: 40004, msg: 2019-09-23 10:31:47, im login failed with code 6206, desc serSig expired\n"
    assert (
        failure_text(Failure("FailedOperation.Record", message))
        == "40004 im login failed with code 6206, desc serSig expired"
    )


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("code: 7, msg: no time here", "7 no time here"),
        ("code:-1,msg:tight", "-1 tight"),
        ("something else", "something else"),
        ("", "FailedOperation.Record"),
        ("two\nlines\x1b[31m", "two lines\\x1b[31m"),
    ],
)
def test_a_failure_of_another_form_is_shown_whole(message: str, text: str) -> None:
    """The document says messages may change at any time."""
    assert failure_text(Failure("FailedOperation.Record", message)) == text


def test_each_phase_has_its_own_word() -> None:
    """In monochrome, the sign and the word are all there is."""
    assert len({phase_word(phase).text for phase in Phase}) == len(Phase)
    assert phase_word(Phase.OTHER, "ARCHIVING").text == "ARCHIVING"
    assert phase_word(Phase.NOT_FOUND).text == "not found"


def test_a_kind_nobody_documented_is_shown_by_its_number() -> None:
    assert kind_word("type_7") == "type 7"


def test_a_refused_key_names_the_other_sites_once() -> None:
    """A key of another site is as unknown as a deleted one."""
    code = "AuthFailure.SecretIdNotFound"
    trouble = Trouble(TroubleKind.CREDENTIALS, code, "", "", 0.0)
    result = stop_text(trouble, "tiw.tencentcloudapi.com", "ap-singapore", "…Q7fX", "intl")
    assert result == (
        "tiw.tencentcloudapi.com refused the key …Q7fX (AuthFailure.SecretIdNotFound): "
        f"{advice(code)}. Other sites to try: intl."
    )
    assert "site" not in stop_text(trouble, "127.0.0.1:8787", "ap-singapore", "…Q7fX", "")


def test_a_task_the_service_forgot_is_reported_in_words() -> None:
    trouble = Trouble(TroubleKind.SERVICE, "InvalidParameter.TaskNotFound", "", "", 0.0)
    assert trouble_text(trouble) == "the service no longer knows it"


def test_an_estimate_is_written_no_finer_than_it_is() -> None:
    times = (3, 47, 55, 232, 5399, 5400, 129_599, 129_600)
    assert [rough_time(seconds) for seconds in times] == [
        *("10 s", "50 s", "1 min", "4 min", "90 min", "2 h", "36 h", "2 d"),
    ]


@pytest.mark.parametrize(
    ("before_s", "text"),
    [
        (0, "22:13"),
        (79_999, "00:00"),
        (80_001, "Mon 23:59"),
        (6 * 86_400, "Wed 22:13"),
        (7 * 86_400, "2023-11-07"),
        (-86_400, "2023-11-15"),
    ],
)
def test_a_moment_is_a_time_of_day_with_the_weekday_after_midnight(before_s: float, text: str) -> None:
    """A weekday that could be another week's would mislead; midnight is that of the zone."""
    assert moment_text(1_700_000_000.0 - before_s, UTC, 1_700_000_000.0) == text
    west = timezone(timedelta(hours=-23))
    assert moment_text(1_700_000_000.0, west, 1_700_000_000.0) == "23:13"
