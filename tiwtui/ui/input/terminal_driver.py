"""The driver between Textual and a real terminal: the terminal's title, which is given back at the end.

What starts and stops the application starts and stops the title: also a crash, and a suspension.
"""

from collections.abc import Callable

from textual.drivers.linux_driver import LinuxDriver

_PUSH_TITLE = "\x1b[22;0t"
_POP_TITLE = "\x1b[23;0t"


class TerminalDriver(LinuxDriver):
    """Textual's driver with a title of its own."""

    title = ""

    def start_application_mode(self) -> None:
        start: Callable[[], None] = super().start_application_mode
        start()
        self.write(_PUSH_TITLE)
        self._write_title()

    def stop_application_mode(self) -> None:
        self.write(_POP_TITLE)
        super().stop_application_mode()

    def show_title(self, text: str) -> None:
        """Show a title, if it is another one; it must hold no foreign text."""
        if text != self.title:
            self.title = text
            self._write_title()

    def _write_title(self) -> None:
        if self.title:
            self.write(f"\x1b]0;{self.title}\x07")
