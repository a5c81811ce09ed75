"""The driver between Textual and a real terminal: the terminal's title, and an input that sleeps.

1. The former title comes back with what else Textual restores: at the end, after a crash, while suspended.
2. The input thread wakes for keys and for the end. Textual's own looks ten times a second, which costs an
   idle screen a part of its time, and lets a quit wait for it.
3. Bytes that are not UTF-8 are read as a replacement character: a paste or an old mouse mode may send some.
"""

import os
import selectors
from codecs import getincrementaldecoder
from collections.abc import Callable
from threading import Event
from typing import Any

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

_PUSH_TITLE = "\x1b[22;0t"
_POP_TITLE = "\x1b[23;0t"
_ESCAPE_S = 0.1
_MOST_BYTES = 4096


class WakingEvent(Event):
    """An event that can be read from a file descriptor, so that a selector sees it."""

    def __init__(self) -> None:
        super().__init__()
        self._reads, self._writes = os.pipe()

    def fileno(self) -> int:
        return self._reads

    def set(self) -> None:
        if not self.is_set():
            super().set()
            os.write(self._writes, b"\0")

    def clear(self) -> None:
        if self.is_set():
            os.read(self._reads, 1)
        super().clear()

    def close(self) -> None:
        """Close the descriptor."""
        os.close(self._reads)
        os.close(self._writes)


class TerminalDriver(LinuxDriver):
    """Textual's driver with a title of its own."""

    title = ""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.exit_event: WakingEvent = WakingEvent()

    def start_application_mode(self) -> None:
        start: Callable[[], None] = super().start_application_mode
        start()
        self.write(_PUSH_TITLE)
        self._write_title()

    def stop_application_mode(self) -> None:
        self.write(_POP_TITLE)
        super().stop_application_mode()

    def close(self) -> None:
        super().close()
        self.exit_event.close()

    def show_title(self, text: str) -> None:
        """Show a title, if it is another one; it must hold no foreign text."""
        if text != self.title:
            self.title = text
            self._write_title()

    def _write_title(self) -> None:
        if self.title:
            self.write(f"\x1b]0;{self.title}\x07")

    def run_input_thread(self) -> None:
        """Pass on what is typed until the end."""
        parser, decode = XTermParser(self._debug), getincrementaldecoder("utf-8")("replace").decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self.exit_event, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                # An escape may be a key or begin one: the parser wants to be asked again.
                is_waiting = getattr(parser, "_timeout_time", 0.0) is not None
                ready = selector.select(_ESCAPE_S if is_waiting else None)
                if any(key.fd == self.fileno for key, _mask in ready):
                    data = os.read(self.fileno, _MOST_BYTES)
                    if not data:
                        # The terminal is gone, and would be readable for ever.
                        selector.unregister(self.fileno)
                    for event in parser.feed(decode(data)) if data else ():
                        self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)
