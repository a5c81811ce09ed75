"""The one question to the terminal, over a real pair of terminal ends with a made-up terminal behind it."""

import contextlib
import os
import select
import termios
import threading
import time
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import TextIO

import pytest

from tiwtui.cli.terminal_width import draws_narrow

SHORT_S = 0.2


class Terminal:
    """A terminal that says some pieces once it is asked, each when the one before was taken."""

    def __init__(self, answers: Sequence[bytes]) -> None:
        self.outer, self.inner = os.openpty()
        self.answers = answers
        self.asked = b""

    def run(self) -> None:
        while not self.asked.endswith(b"\x1b[K"):
            if not select.select([self.outer], [], [], 5)[0]:
                return
            self.asked += os.read(self.outer, 1024)
        for piece in self.answers:
            os.write(self.outer, piece)
            # Each piece is taken before the next one is there.
            until = time.monotonic() + 5
            while select.select([self.inner], [], [], 0)[0] and time.monotonic() < until:
                os.sched_yield()

    def streams(self, encoding: str = "utf-8") -> tuple[TextIO, TextIO]:
        return (
            os.fdopen(os.dup(self.inner), "r", encoding=encoding),
            os.fdopen(os.dup(self.inner), "w", encoding=encoding),
        )

    def waiting(self) -> bytes:
        """Return the input that has not been read."""
        termios.tcgetattr(self.inner)
        return os.read(self.inner, 1024) if select.select([self.inner], [], [], 0)[0] else b""


@contextlib.contextmanager
def behind(*answers: bytes) -> Iterator[Terminal]:
    terminal = Terminal(answers)
    thread = threading.Thread(target=terminal.run)
    thread.start()
    try:
        yield terminal
    finally:
        thread.join()
        os.close(terminal.outer)
        os.close(terminal.inner)


def asked(terminal: Terminal, patience_s: float = 5.0) -> bool:
    source, drawn_on = terminal.streams()
    with source, drawn_on:
        return draws_narrow(source, drawn_on, patience_s)


def reports(cells: int) -> bytes:
    return b"\x1b[7;1R\x1b[7;%dR" % (1 + cells)


@pytest.mark.parametrize(("cells", "is_narrow"), [(2, True), (3, False), (4, False)])
def test_signs_are_narrow_where_each_takes_one_cell(cells: int, is_narrow: bool) -> None:
    with behind(reports(cells)) as terminal:
        assert asked(terminal) is is_narrow


def test_bytes_of_another_encoding_shown_as_they_come_are_not_narrow() -> None:
    """A terminal of GBK draws the six bytes of two signs as three, four or six cells."""
    with behind(reports(6)) as terminal:
        assert not asked(terminal)


def test_an_answer_in_pieces_is_one_answer() -> None:
    """A connection delivers it as it likes."""
    with behind(*(bytes((byte,)) for byte in reports(4))) as terminal:
        assert not asked(terminal)


def test_keys_typed_meanwhile_do_not_spoil_the_answer() -> None:
    with behind(b"j\x1b[Aq\x1b[7;1Rx\x1b[7;5R") as terminal:
        assert not asked(terminal)


def test_what_is_typed_behind_the_answer_is_left_for_the_screen() -> None:
    with behind(reports(2) + b"jj\n") as terminal:
        assert asked(terminal)
        assert terminal.waiting() == b"jj\n"


@pytest.mark.parametrize(
    "answer",
    [b"", b"\x1b[7;1R", b"\x1b[?62;1c", b"\x1b[;R\x1b[7R", b"\x00\xff\x1b\x1b[", b"\x1b[99999999;1R"],
)
def test_law_3_a_terminal_that_does_not_say_is_taken_for_narrow(answer: bytes) -> None:
    """The screen waits no longer than the time limit."""
    with behind(answer) as terminal:
        began = time.monotonic()
        assert asked(terminal, SHORT_S)
        assert SHORT_S <= time.monotonic() - began < SHORT_S + 2


@pytest.mark.parametrize(
    "answer", [b"\x1b[7;79R\x1b[8;2R", b"\x1b[7;1R\x1b[8;4R", b"\x1b[7;3R\x1b[7;3R", b"\x1b[7;9R\x1b[7;1R"]
)
def test_law_3_reports_that_make_no_sense_are_taken_for_narrow(answer: bytes) -> None:
    """The signs may have gone to the next line."""
    with behind(answer) as terminal:
        assert asked(terminal)


@pytest.mark.parametrize("answer", [reports(2), b""])
def test_law_5_the_terminal_is_left_as_it_was(answer: bytes) -> None:
    with behind(answer) as terminal:
        before = termios.tcgetattr(terminal.inner)
        asked(terminal, SHORT_S)
        assert termios.tcgetattr(terminal.inner) == before


def test_law_1_what_is_drawn_is_erased_again() -> None:
    with behind(reports(2)) as terminal:
        asked(terminal)
        assert terminal.asked == "\x1b7\x1b[6n…◐\x1b[6n\x1b8\x1b[K".encode()


@pytest.mark.parametrize("source", [None, StringIO("")])
def test_law_2_nothing_is_asked_where_nobody_could_answer(source: TextIO | None) -> None:
    """A closed input, and one that is no terminal."""
    terminal = Terminal(())
    terminals_own, drawn_on = terminal.streams()
    with terminals_own, drawn_on:
        assert draws_narrow(source, drawn_on, 0.0)
    assert not select.select([terminal.outer], [], [], 0)[0]
    os.close(terminal.outer)
    os.close(terminal.inner)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gbk"])
def test_law_2_a_terminal_without_utf_8_is_not_asked_and_gets_ascii(encoding: str) -> None:
    """None of the signs would arrive."""
    terminal = Terminal(())
    source, drawn_on = terminal.streams(encoding)
    with source, drawn_on:
        assert not draws_narrow(source, drawn_on, 0.0)
    assert not select.select([terminal.outer], [], [], 0)[0]
    os.close(terminal.outer)
    os.close(terminal.inner)
