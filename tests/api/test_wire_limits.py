"""Limits and special values of an answer's fields: the last value that is read and the first that is not."""

import pytest

from tests.factories import envelope
from tiwtui.api import wire
from tiwtui.api.answers import Garbled, Observed, Refused


@pytest.mark.parametrize("value", [2**63 - 1, -(2**63 - 1), str(-(2**63 - 1))])
def test_the_greatest_numbers_of_64_bits_are_read(value: int | str) -> None:
    """Room ids may use all bits, and text needs twenty characters for the lowest one."""
    answer = wire.parse(envelope(Status="QUEUED", RoomId=value))
    assert isinstance(answer, Observed)
    assert answer.room_id == int(value)


def test_zero_is_a_size_and_a_late_start_is_an_offset() -> None:
    """Only a negative size and an offset of more than three years are wrong."""
    entry = {"VideoUrl": "http://a/b", "VideoSize": 0, "VideoPlayTime": 10**11}
    answer = wire.parse(envelope(Status="FINISHED", VideoInfoList=[entry]))
    assert isinstance(answer, Observed)
    assert (answer.videos[0].size_bytes, answer.videos[0].play_offset_ms) == (0, 10**11)
    later = {**entry, "VideoPlayTime": 10**11 + 1}
    answer = wire.parse(envelope(Status="FINISHED", VideoInfoList=[later]))
    assert isinstance(answer, Observed)
    assert answer.videos[0].play_offset_ms is None


def test_long_texts_are_cut() -> None:
    """A hostile answer must not fill the rows: 256 characters of a word, 4,096 of a message."""
    long = "x" * 9999
    answer = wire.parse(envelope(Status=long, GroupId=long))
    assert isinstance(answer, Observed)
    assert (len(answer.status), len(answer.group_id)) == (256, 256)
    answer = wire.parse(envelope(Error={"Code": long, "Message": long}))
    assert isinstance(answer, Refused)
    assert (len(answer.code), len(answer.message)) == (256, 4096)


def test_at_most_a_thousand_videos_and_fifty_oddities_are_read() -> None:
    """A running list may name a thousand videos without files; the first fifty tell enough."""
    answer = wire.parse(envelope(Status="QUEUED", VideoInfoList=[{"VideoUrl": ""}] * 1000))
    assert isinstance(answer, Observed)
    assert len(answer.oddities) == 50


def test_user_that_is_the_word_null_is_no_user() -> None:
    """The international document gives a whiteboard's user as "null"."""
    entry = {"VideoUrl": "http://a/b", "UserId": "null"}
    answer = wire.parse(envelope(Status="FINISHED", VideoInfoList=[entry]))
    assert isinstance(answer, Observed)
    assert answer.videos[0].user_id == ""


def test_null_error_and_blank_code_are_not_refusals() -> None:
    """A null `Error` is a success; a blank code says nothing."""
    assert isinstance(wire.parse(envelope(Status="QUEUED", Error=None)), Observed)
    assert isinstance(wire.parse(envelope(Error={"Code": " "})), Garbled)


def test_deprecation_warning_is_named() -> None:
    """It announces that the action will end: the person should see it in time."""
    answer = wire.parse(envelope(Status="QUEUED", DeprecatedWarning="soon"))
    assert isinstance(answer, Observed)
    assert answer.oddities == ("$.Response.DeprecatedWarning: soon",)


def test_flat_success_and_a_lone_code_are_not_refusals() -> None:
    """Only a code with its name or message is an error of the old gateways."""
    assert isinstance(wire.parse(b'{"code":0,"message":"","codeDesc":"Success"}'), Garbled)
    assert isinstance(wire.parse(b'{"code":4100}'), Garbled)


def test_half_a_character_in_an_error_code_is_replaced() -> None:
    """A code is saved and shown like any other text."""
    answer = wire.parse(b'{"Response":{"Error":{"Code":"A\\ud83d"}}}')
    assert isinstance(answer, Refused)
    assert answer.code == "A\ufffd"


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
def test_redirect_is_reported_as_one(status: int) -> None:
    """A wrong endpoint shows itself by a redirect, and the person should see that none is followed."""
    answer = wire.parse(b"", status)
    assert isinstance(answer, Refused)
    assert answer.message == "redirects are not followed"


def test_first_24_bytes_of_an_unreadable_answer_are_shown() -> None:
    """They tell a portal's page from a cut answer, and are too few to quote a key."""
    answer = wire.parse(b"x" * 30)
    assert isinstance(answer, Garbled)
    assert answer.what == f"not JSON ({'x' * 24})"
