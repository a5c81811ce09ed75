"""Standard input as it comes: whole lines at once, half ones never, and signals while nothing comes."""

import io
import os
import select
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import TextIO

import pytest

from tiwtui.cli import stdin
from tiwtui.cli.stdout import Unreadable


class Pipe:
    """What another program writes into this one's standard input."""

    def __init__(self) -> None:
        self.read_from, self._write_to = os.pipe()

    def write(self, data: bytes) -> None:
        os.write(self._write_to, data)

    def close(self) -> None:
        os.close(self._write_to)


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pipe]:
    pipe = Pipe()
    with open(pipe.read_from) as standard_input:
        monkeypatch.setattr(sys, "stdin", standard_input)
        yield pipe


def given(monkeypatch: pytest.MonkeyPatch, standard_input: TextIO | None) -> None:
    monkeypatch.setattr(sys, "stdin", standard_input)


def test_law_2_line_is_given_out_as_soon_as_it_is_whole(pipe: Pipe) -> None:
    """A log that grows by a line an hour must not wait for the next one."""
    lines = stdin.lines()
    pipe.write(b"one\ntwo\nthr")
    assert [next(lines), next(lines)] == ["one\n", "two\n"]
    pipe.write(b"ee\n")
    assert next(lines) == "three\n"
    pipe.close()
    assert list(lines) == []


def test_last_line_needs_no_end_when_the_input_has_one(pipe: Pipe) -> None:
    pipe.write(b"one\ntwo")
    pipe.close()
    assert list(stdin.lines()) == ["one\n", "two"]


def test_empty_lines_are_lines(pipe: Pipe) -> None:
    """A blank line ends a table or a document."""
    pipe.write(b"\n\none\n\n")
    pipe.close()
    assert list(stdin.lines()) == ["\n", "\n", "one\n", "\n"]


def test_line_in_pieces_is_one_line(pipe: Pipe) -> None:
    lines = stdin.lines()
    pipe.write(b"a\n" + b"x" * 9000)
    assert next(lines) == "a\n"
    pipe.write(b"y" * 9000 + b"\nb\n")
    pipe.close()
    assert list(lines) == ["x" * 9000 + "y" * 9000 + "\n", "b\n"]


def test_half_a_character_between_two_pieces_is_whole(pipe: Pipe) -> None:
    pipe.write("第一".encode()[:4])
    lines = stdin.lines()
    pipe.write("第一".encode()[4:])
    pipe.close()
    assert list(lines) == ["第一"]


def test_another_encoding_is_no_reason_to_stop(pipe: Pipe) -> None:
    pipe.write("one gebühr\n".encode("latin-1"))
    pipe.close()
    assert stdin.text() == "one geb\ufffdhr\n"


def test_closed_standard_input_has_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, None)
    assert list(stdin.lines()) == []


def test_what_stands_in_for_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, io.TextIOWrapper(io.BytesIO(b"one\ntwo\n")))
    assert list(stdin.lines()) == ["one\n", "two\n"]


def test_folder_as_standard_input_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = os.open("/", os.O_RDONLY)
    with open(os.devnull) as nowhere:
        os.dup2(folder, nowhere.fileno())
        os.close(folder)
        given(monkeypatch, nowhere)
        with pytest.raises(Unreadable, match="cannot read standard input"):
            stdin.text()


def test_law_1_signal_just_before_the_wait_ends_it(pipe: Pipe, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the byte that the signal writes shows it: a blocking read would not return."""
    heard: list[int] = []

    def take(number: int, _frame: object) -> None:
        heard.append(number)
        if len(heard) == 2:
            pipe.write(b"one\n")

    def late(wanted: list[int], *_none: object) -> tuple[list[int], list[int], list[int]]:
        signal.raise_signal(signal.SIGUSR1)
        return select.select(wanted, [], [], 0)

    before = signal.signal(signal.SIGUSR1, take)
    monkeypatch.setattr(stdin, "select", SimpleNamespace(select=late))
    try:
        assert next(stdin.lines()) == "one\n"
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert len(heard) == 2
    # Nothing listens any more.
    assert signal.set_wakeup_fd(-1) == -1


def test_other_threads_can_read_too(pipe: Pipe) -> None:
    """Only the main one may ask to be woken by signals."""
    pipe.write(b"one\n")
    pipe.close()
    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(stdin.text).result() == "one\n"
