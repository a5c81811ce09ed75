"""The small file beside the saved state that holds how the screen was left.

It is a convenience: where it cannot be read the screen starts as it does the first time, and where it cannot
be written the next start reads what was saved before. It is replaced whole, so that of two processes the
last one that writes wins, and a process that is killed leaves the old file or the new one. Power that fails
may cost it, since nothing waits for the disk.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp
from threading import Lock

LARGEST_BYTES = 65_536


def view_path(state: Path, view: str = "") -> Path:
    """Return the path of the file that belongs to the state saved in the database at `state`.

    A `view` that has a name has a file of its own.
    """
    named = f".{view}" if view else ""
    return state.with_name(f"{state.name.removesuffix('.db')}{named}.view.json")


def saved_views(state: Path) -> tuple[str, ...]:
    """Return the names of the views that are saved beside the database at `state`."""
    start, end = f"{state.name.removesuffix('.db')}.", ".view.json"
    with suppress(OSError):
        names = (path.name for path in state.parent.iterdir())
        return tuple(
            sorted(
                name.removeprefix(start).removesuffix(end)
                for name in names
                if name.startswith(start) and name.endswith(end) and len(name) >= len(start) + len(end)
            )
        )
    return ()


class ViewFile:
    """The file as this process last read or wrote it. `put` and `write` may run in different threads.

    `keeps_tab` is for a view that has a name: it opens on its own tab.
    """

    def __init__(self, path: Path, *, keeps_tab: bool = False) -> None:
        self.path = path
        self.keeps_tab = keeps_tab
        self._wanted = ""
        self._saved = ""
        self._writing = Lock()

    def read(self) -> str:
        """Return what is saved; nothing where there is no plain file of a fitting size that can be read."""
        with suppress(OSError):
            # Opening a pipe for reading would wait for a writer.
            handle = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            try:
                about = os.fstat(handle)
                if stat.S_ISREG(about.st_mode) and about.st_size <= LARGEST_BYTES:
                    data = os.read(handle, LARGEST_BYTES)
                    self._saved = self._wanted = data.decode("utf-8", "replace")
            finally:
                os.close(handle)
        return self._saved

    def put(self, text: str) -> bool:
        """Note what is to be saved; return whether it changed."""
        is_new = text != self._wanted
        self._wanted = text
        return is_new

    def write(self) -> None:
        """Save what was put last, if it is not saved yet and the disk lets it."""
        with self._writing, suppress(OSError):
            text = self._wanted
            if text == self._saved:
                return
            _replace(self.path, text.encode("utf-8", "replace"))
            self._saved = text


def _replace(path: Path, data: bytes) -> None:
    handle, part = mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(handle, "wb") as file:
            file.write(data)
        os.replace(part, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(part)
        raise
