"""Tables with a header, and what tiwtui itself prints."""

from collections.abc import Sequence

import pytest

from tests.intake.parsed import APP, RECORDING, SECOND, TASK, ids, result
from tiwtui.intake.reader import Intake, read


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize(
    "names", [("SdkAppId", "TaskId", "Label"), ("sdk_app_id", "task id", "Title"), ("APP", "ID", "name")]
)
def test_laws_1_and_2_a_header_says_where_the_columns_are(delimiter: str, names: Sequence[str]) -> None:
    """Spreadsheets use semicolons where the comma is the decimal mark."""
    rows = [
        delimiter.join(names),
        delimiter.join([str(APP), TASK, '"Maths, 3A; b"']),
        delimiter.join(["", "x-1", ""]),
    ]
    assert result("\ufeff" + "\r\n".join(rows)) == [(APP, TASK, "Maths, 3A; b"), (None, "x-1", None)]


def test_law_4_the_guard_against_formulas_is_no_part_of_a_cell() -> None:
    """The export puts `'` before a cell that a spreadsheet would run."""
    assert result("TaskId,Label\r\n'-abc,'=1+1\r\n'x,y") == [(None, "-abc", "=1+1"), (None, "'x", "y")]


def test_law_3_a_quoted_cell_may_hold_line_ends() -> None:
    """Spreadsheets allow them."""
    assert result(f'TaskId,Label\r\n{TASK},"two\r\nlines"\r\n{SECOND},x') == [
        (None, TASK, "two lines"),
        (None, SECOND, "x"),
    ]


def test_law_3_a_stray_quote_costs_no_other_row() -> None:
    """A quote left open would swallow the rest of the file."""
    rows = "".join(f"id-{n},x\r\n" for n in range(50))
    assert ids(f'TaskId,Label\r\n{TASK},a "b\r\n"{rows}')[-40:] == [f"id-{n}" for n in range(10, 50)]


def test_a_row_without_an_id_is_not_understood() -> None:
    """It is no line of free text either: its label could look like an id."""
    assert read(f"TaskId,Label\n,{RECORDING}") == Intake((), (f",{RECORDING}",))


def test_a_header_without_rows_has_no_tasks() -> None:
    """An empty export."""
    assert read("task_id,sdk_app_id,label\r\n") == Intake()


def test_a_line_of_the_list_command_is_read_without_a_header() -> None:
    """`tiwtui list | grep Maths | tiwtui --profile other add -`."""
    assert result(f"any-1\t{APP}\tnot_found\tMaths 3A\t900822\t0\t\t") == [(APP, "any-1", "Maths 3A")]


def test_reader_law_7_a_line_in_brackets_is_a_document_also_within_a_table() -> None:
    """A log may print both."""
    assert result('id,label\n{"TaskId": "q1"}\nq2,y') == [(None, "q1", None), (None, "q2", "y")]


def test_reader_law_8_a_table_goes_on_to_the_next_header() -> None:
    """Exports that were joined; a lone word among the rows is an id that somebody added."""
    text = f"TaskId,Label\n,x\nq1,Maths\nq2\n{SECOND} Physics\nLabel,TaskId\nMaths,q3"
    assert result(text) == [
        (None, "q1", "Maths"),
        (None, "q2", None),
        (None, SECOND, "Physics"),
        (None, "q3", "Maths"),
    ]
    assert read(text).not_understood == (",x",)
