"""Plain lines: an id, an id with its label, text with ids in it."""

import pytest

from tests.intake.parsed import APP, SECOND, TASK, ids, result
from tiwtui.intake.reader import Intake, read


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_plain_ids_stand_one_a_line(line_end: str) -> None:
    """Terminals paste line ends as CR, files hold LF or CRLF."""
    assert ids(f"{TASK}{line_end}{SECOND}{line_end}") == [TASK, SECOND]


@pytest.mark.parametrize("word", ["weird-ID_1", "42", "a.b:c=", "8f14e45f-ceea-467f-9575-0b2b1a3c4d5e"])
def test_reader_law_3_a_line_of_one_word_is_an_id_whatever_its_shape(word: str) -> None:
    """The service documents no shape for ids, so none may be demanded."""
    assert result(word) == [(None, word, None)]


def test_ids_law_3_app_and_id_split_at_the_first_slash_after_digits() -> None:
    """An id may hold slashes itself."""
    assert result(f"{APP}/a/b\nx1/b") == [(APP, "a/b", None), (None, "x1/b", None)]


@pytest.mark.parametrize("app", ["0", "9223372036854775808", "9" * 5000])
def test_reader_law_9_an_impossible_application_is_not_understood(app: str) -> None:
    """Taking the whole word for an id would ask the service about a task that cannot be."""
    assert read(f"{app}/{TASK}").entries == ()
    assert len(read(f"{app}/{TASK}").not_understood) == 1


@pytest.mark.parametrize("space", [" ", "\t", ", ", "，", "\u3000", "：", ": "])
def test_lines_law_2_words_after_an_id_are_its_label(space: str) -> None:
    """Chinese input methods type full-width separators."""
    assert result(f"{TASK}{space}物理 第二讲") == [(None, TASK, "物理 第二讲")]


def test_app_and_id_take_a_label_too() -> None:
    """The form that commands print is a form that they read."""
    assert result(f"{APP}/{TASK} Maths 3A") == [(APP, TASK, "Maths 3A")]


@pytest.mark.parametrize("bullet", ["- ", "* ", "• ", "12. ", "3) "])
def test_a_bullet_before_an_id_is_no_part_of_it(bullet: str) -> None:
    """Lists are pasted from chats and documents."""
    assert result(f"{bullet}{TASK} Maths") == [(None, TASK, "Maths")]


@pytest.mark.parametrize("text", [f"{TASK} {SECOND}", f"{TASK},{SECOND}", f"{TASK}; {APP}/{SECOND},"])
def test_lines_law_2_a_line_of_nothing_but_tasks_gives_them_all(text: str) -> None:
    """A shell prints `$ids` on one line."""
    assert ids(text) == [TASK, SECOND]


def test_a_date_at_the_start_of_a_line_is_no_application() -> None:
    """`2024/01/02` has the form APP/ID."""
    assert result(f"2024/01/02 10:00:00 started {TASK}") == [(None, TASK, None)]


def test_lines_law_4_words_among_words_count_only_in_the_known_shape() -> None:
    """ids law 2: prose has no ids but those that look like one, between word boundaries."""
    assert ids(f"see ({TASK}) and x{SECOND} or {SECOND}9 please") == [TASK]


@pytest.mark.parametrize("text", [f"任务{TASK}已完成。", f"《{TASK}》", f"({TASK})", f'"{TASK}",'])
def test_lines_law_3_marks_and_text_without_spaces_around_an_id_are_no_part_of_it(text: str) -> None:
    """A Chinese sentence is one word to `split`, and would be watched whole."""
    assert ids(text) == [TASK]


def test_an_application_written_before_an_id_amid_text_is_its_own() -> None:
    """Else the task would be asked for in the default application."""
    assert result(f"please look at {APP}/{TASK} today") == [(APP, TASK, None)]


def test_reader_law_4_comments_and_lines_without_a_letter_or_digit_hold_nothing() -> None:
    """They are neither tasks nor something the user needs to know about."""
    assert read(f"# {TASK}\n\n----\n}}\n  \n") == Intake()


def test_colours_of_a_log_do_not_stick_to_words() -> None:
    """`tail -f` of a coloured log ends the colour with a letter right before the id."""
    assert ids(f"\x1b[32mdone\x1b[0m \x1b[1m{TASK}\x1b[0m") == [TASK]


def test_reader_law_6_invisible_characters_around_an_id_are_dropped() -> None:
    """Web pages and chats leave them, and the service would know no such task."""
    assert ids(f"\ufeff\u200b{TASK}\u200f\n\u2066{SECOND}\u2069") == [TASK, SECOND]


@pytest.mark.parametrize("text", ["two words", "foo\u202ebar", "TaskId=null", '{"a":', "[1]"])
def test_reader_law_4_a_line_without_a_task_is_returned(text: str) -> None:
    """The preview counts it, and `add` ends with 1."""
    assert read(text) == Intake((), (text,))


def test_ids_law_1_a_word_longer_than_any_id_is_no_task() -> None:
    """256 characters are far beyond every id seen."""
    assert ids("x" * 256) == ["x" * 256]
    assert ids("x" * 257) == []


def test_reader_law_4_long_text_is_returned_cut() -> None:
    """A pasted book would fill the preview."""
    (shown,) = read("no tasks " * 1000).not_understood
    assert len(shown) == 200
    assert shown.endswith("…")
