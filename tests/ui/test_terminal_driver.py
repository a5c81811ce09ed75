"""The input of the terminal: it sleeps until a key or the end, and loses neither."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue
from threading import Thread
from typing import cast

import pytest
from textual._xterm_parser import XTermParser
from textual.events import Key
from textual.message import Message

from tiwtui.ui.input.terminal_driver import TerminalDriver, WakingEvent

PATIENCE_S = 10.0


class _Terminal:
    """What the input thread needs of its driver."""

    _debug = False

    def __init__(self) -> None:
        self.fileno, self.keyboard = os.pipe()
        self.exit_event = WakingEvent()
        self.said: Queue[Message] = Queue()

    def process_message(self, message: Message) -> None:
        self.said.put(message)

    def key(self) -> str:
        """Return the next key that comes through."""
        message = self.said.get(timeout=PATIENCE_S)
        assert isinstance(message, Key)
        return message.key


@contextmanager
def _reading() -> Iterator[tuple[_Terminal, Thread]]:
    terminal = _Terminal()
    thread = Thread(target=TerminalDriver.run_input_thread, args=(cast(TerminalDriver, terminal),))
    thread.start()
    try:
        yield terminal, thread
    finally:
        terminal.exit_event.set()
        thread.join(PATIENCE_S)
        assert not thread.is_alive()
        terminal.exit_event.clear()
        terminal.exit_event.close()


def test_keys_come_through_and_an_escape_alone_too() -> None:
    """A lone escape is only known by the time that passes after it."""
    with _reading() as (terminal, _thread):
        os.write(terminal.keyboard, b"a")
        assert terminal.key() == "a"
        os.write(terminal.keyboard, "é\x1b[A".encode())
        assert [terminal.key(), terminal.key()] == ["é", "up"]
        os.write(terminal.keyboard, b"\x1b")
        assert terminal.key() == "escape"


def test_it_ends_while_it_sleeps_also_where_the_terminal_is_gone() -> None:
    """A closed window must not keep the program, nor a whole core, busy."""
    with _reading() as (terminal, _thread):
        os.close(terminal.keyboard)


def test_textual_says_that_an_escape_is_waited_for() -> None:
    """The private attribute that lets the input sleep; without it the thread looks ten times a second."""
    parser = XTermParser()
    assert parser._timeout_time is None
    assert list(parser.feed("\x1b")) == []
    assert parser._timeout_time is not None


@pytest.mark.parametrize("times", [1, 2])
def test_an_event_that_is_cleared_leaves_nothing_to_read(times: int) -> None:
    """After a suspension the input begins again, and must not wake for the end of the time before."""
    event = WakingEvent()
    for _time in range(times):
        event.set()
    event.clear()
    os.set_blocking(event.fileno(), False)
    with pytest.raises(BlockingIOError):
        os.read(event.fileno(), 1)
    event.close()
