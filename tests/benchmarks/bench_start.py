"""The program as a person starts it: process start to first row, quitting, and CPU when idle. Prints a table.

Each figure comes from a child process in a pseudo-terminal, beside an empty Textual app started in turn with
it. Bytecode is written by a first start that is not counted. The terminal answers how wide two signs are.
"""

import asyncio
import fcntl
import os
import pty
import selectors
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.saved_list import save
from tiwtui.config.state_paths import state_path

STARTS = 10
IDLE_S = 20.0
SIZE = (140, 42)
EMPTY = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("nothing to see")
Empty().run()
"""


class Child:
    """A process in a pseudo-terminal, and when it wrote what."""

    def __init__(self, command: Sequence[str], env: dict[str, str]) -> None:
        outer, inner = pty.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
        self.begun = time.perf_counter()
        self.process = subprocess.Popen(
            command, stdin=inner, stdout=inner, stderr=inner, env=env, start_new_session=True
        )
        os.close(inner)
        self.fd = outer
        self.written = b""
        self.has_answered = False

    def seconds_until(self, text: bytes, limit_s: float = 20.0) -> float:
        """Read until the text was written; return how long after the start that was."""
        while text not in self.written:
            if not self._read(limit_s):
                raise RuntimeError(f"{text!r} was not written: {self.written[-2000:]!r}")
        return time.perf_counter() - self.begun

    def read_for(self, seconds: float) -> None:
        """Take what it writes for so long."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self._read(left)

    def cpu_s(self) -> float:
        """Return the processor time that it has used so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def seconds_to_quit(self) -> float:
        """Press ctrl+q, which ends both; return how long that took."""
        begun = time.perf_counter()
        os.write(self.fd, b"\x03" if b"tiwtui" in self.written else b"\x11")
        while self._read(20.0):
            pass
        self.process.wait(20)
        return time.perf_counter() - begun

    def _read(self, limit_s: float) -> bool:
        with selectors.DefaultSelector() as selector:
            selector.register(self.fd, selectors.EVENT_READ)
            if not selector.select(limit_s):
                return False
        try:
            data = os.read(self.fd, 65_536)
        except OSError:
            return False
        self.written += data
        if not self.has_answered and self.written.count(b"\x1b[6n") == 2:
            self.has_answered = True
            os.write(self.fd, b"\x1b[1;1R\x1b[1;3R")
        return bool(data)


@contextmanager
def child(command: Sequence[str], env: dict[str, str]) -> Iterator[Child]:
    started = Child(command, env)
    try:
        yield started
    finally:
        if started.process.poll() is None:
            started.process.kill()
        started.process.wait()
        os.close(started.fd)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        env = {
            "PATH": os.environ["PATH"], "HOME": folder, "TERM": "xterm-256color", "LANG": "C.UTF-8",
            "PYTHONPATH": str(Path(__file__).parents[2]), "TENCENTCLOUD_SECRET_ID": "AKIDnotarealkeyid",
            "TENCENTCLOUD_SECRET_KEY": "NotARealSecretKeyAtAll", "TIWTUI_STATE_DIR": folder,
            "TIWTUI_ENDPOINT": "http://127.0.0.1:9", "TIWTUI_REGION": "ap-singapore",
        }  # fmt: skip
        asyncio.run(save(state_path(home, "default", "127.0.0.1:9", "ap-singapore"), 1000, 0))
        ours = [sys.executable, "-m", "tiwtui"], b"ready"
        empty = [sys.executable, "-c", EMPTY], b"nothing to see"
        starts: dict[str, list[float]] = {"ours": [], "empty": []}
        ends: dict[str, list[float]] = {"ours": [], "empty": []}
        for turn in range(STARTS + 1):
            for name, (command, text) in (("ours", ours), ("empty", empty)):
                with child(command, env) as started:
                    took = started.seconds_until(text)
                    started.read_for(1.0)
                    left = started.seconds_to_quit()
                if turn:
                    starts[name].append(took)
                    ends[name].append(left)
        ratio = median(a / b for a, b in zip(starts["ours"], starts["empty"], strict=True))
        print(f"process start to first row, 1,000 saved tasks: median {median(starts['ours']):.3f} s,")
        print(f"  an empty Textual app {median(starts['empty']):.3f} s: {ratio:.2f} times (reach 1.5)")
        ended = {name: median(times) for name, times in ends.items()}
        print(f"quitting: median {ended['ours']:.3f} s (reach 0.2), empty {ended['empty']:.3f} s")
        for name, (command, text) in (("1,000 tasks, none active", ours), ("an empty Textual app", empty)):
            with child(command, env) as started:
                started.seconds_until(text)
                started.read_for(5.0)
                before = started.cpu_s()
                started.read_for(IDLE_S)
                print(f"idle, {name}: {(started.cpu_s() - before) / IDLE_S * 100:.2f} % (reach 0.5)")


if __name__ == "__main__":
    main()
