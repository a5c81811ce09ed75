"""A stream of lines: which tasks are read at once and which wait for more lines."""

import json

from tests.intake.parsed import APP, SECOND, TASK, fed
from tiwtui.intake.ids import Entry
from tiwtui.intake.reader import Intake, LineReader


def test_a_task_is_read_as_soon_as_its_line_is_complete() -> None:
    """`tail -f log | tiwtui add -` never ends."""
    assert LineReader().feed(f"TaskId={TASK}\n") == Intake((Entry(TASK),))


def test_a_header_holds_for_the_lines_after_it() -> None:
    """`tiwtui list --csv | tiwtui add -`."""
    assert [len(intake.entries) for intake in fed(f"\ufefflabel,task_id\r\nx,{TASK}\r\ny,{SECOND}\r\n")] == [
        0,
        1,
        1,
        0,
    ]


def test_pretty_printed_json_is_held_until_it_closes() -> None:
    """`curl … | jq . | tiwtui add -`: the application stands after the task."""
    text = json.dumps([{"EventData": {"TaskId": TASK, "n": [1, None]}, "SdkAppId": APP}], indent=2)
    assert fed(f"{text}\n{SECOND}\n")[-3:] == [
        Intake((Entry(TASK, APP),)),
        Intake((Entry(SECOND),)),
        Intake(),
    ]


def test_a_bracket_left_open_holds_back_no_log_line() -> None:
    """Else a stray `{` would end the watching of a log without a word."""
    assert fed(f"begin {{\nthen TaskId={TASK} came\n")[1] == Intake((Entry(TASK),), ("begin {",))


def test_a_bracket_that_never_closes_is_not_held_for_ever() -> None:
    """What is held costs memory, and its tasks are waited for."""
    reader = LineReader()
    piece = '"' + "x" * 100_000 + '",\n'
    assert not any(reader.feed(line) != Intake() for line in ["[\n", *[piece] * 9])
    assert reader.feed(piece).not_understood != ()


def test_json_that_never_closes_is_read_at_the_end() -> None:
    """The stream broke off."""
    assert fed(f'{{\n"TaskId": "{TASK}",\n')[-1] == Intake((Entry(TASK),))
