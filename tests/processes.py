"""The program in processes of its own on one watch list, beside a service that knows each by its keys."""

import asyncio
import contextlib
import fcntl
import json
import os
import pty
import sqlite3
import struct
import sys
import termios
import time
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from urllib.parse import quote

from tests.child_environment import child_environment
from tests.factories import APP, make_task
from tests.service import PATIENCE_S, Answering, answering
from tiwtui.config.settings import settings_from
from tiwtui.store.database import Database
from tiwtui.store.task_store import TaskStore

Line = tuple[float, dict[str, object]]


async def comes(condition: Callable[[], object], what: str, patience_s: float = PATIENCE_S) -> float:
    """Look again and again until something has come about elsewhere; return when (monotonic)."""
    ends_at = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < ends_at, f"in {patience_s:g} s never {what}"
        await asyncio.sleep(0.01)
    return time.monotonic()


class Command:
    """A command at work, and the JSON lines it printed, each with the time it came."""

    def __init__(self, name: str, process: asyncio.subprocess.Process) -> None:
        self.name = name
        self.process = process
        self.lines: list[Line] = []
        self.said = b""
        self._reading = [asyncio.ensure_future(self._read()), asyncio.ensure_future(self._listen())]

    async def _read(self) -> None:
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            if line.startswith(b"{"):
                self.lines.append((time.monotonic(), json.loads(line)))

    async def _listen(self) -> None:
        assert self.process.stderr is not None
        self.said += await self.process.stderr.read()

    def output(self) -> str:
        """Return what it said on standard error."""
        return self.said.decode()

    def printed_at(self, task_id: str, phase: str) -> float | None:
        """Return when a line first reported a task in a phase."""
        return next(
            (at for at, task in self.lines if (task["task_id"], task["phase"]) == (task_id, phase)), None
        )

    def last(self, task_id: str) -> tuple[object, object] | None:
        """Return phase and label of a task by the last line about it."""
        output = [(task["phase"], task["label"]) for _at, task in self.lines if task["task_id"] == task_id]
        return output[-1] if output else None

    async def end(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()
        await asyncio.gather(*self._reading)


class Screen:
    """The full screen in a terminal of 120 × 40 cells; `stop_reading` is what a lost connection does."""

    def __init__(self, name: str, process: asyncio.subprocess.Process, master: int) -> None:
        self.name = name
        self.process = process
        self.shown = b""
        self._master = master
        self._loop = asyncio.get_running_loop()
        self.read_on()

    def read_on(self) -> None:
        self._loop.add_reader(self._master, self._read)

    def stop_reading(self) -> None:
        self._loop.remove_reader(self._master)

    def output(self) -> str:
        """Return the last of what it painted."""
        return ascii(self.shown[-200:])

    def type(self, keys: bytes) -> None:
        os.write(self._master, keys)

    def _read(self) -> None:
        try:
            self.shown += os.read(self._master, 65536)
        except OSError:
            # The last process of the terminal has gone.
            self.stop_reading()

    async def end(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()
        self.stop_reading()
        os.close(self._master)


class House:
    """One watch list, one service, and the processes that share them."""

    def __init__(self, folder: Path, service: Answering) -> None:
        self.folder = folder
        self.service = service
        self.everyone: list[Command | Screen] = []

    @property
    def path(self) -> Path:
        return settings_from(state_dir=self.folder, endpoint=self.service.endpoint).state_path()

    async def add(self, *ids: str) -> None:
        """Put tasks on the list, as `tiwtui add` does."""
        store = TaskStore(Database(self.path))
        await store.open()
        now = time.time()
        await store.add([make_task(each, added_at=now, phase_since=now) for each in ids])
        await store.close()

    async def start(self, *words: str, has_keys: bool = True) -> Command:
        """Run a command under keys of its own, or without any."""
        name = f"AKID{len(self.everyone)}" if has_keys else ""
        process = await asyncio.create_subprocess_exec(
            *self._line(words),
            env=self._environment(name),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        command = Command(name, process)
        self.everyone.append(command)
        return command

    async def show(self) -> Screen:
        """Open the screen."""
        name = f"AKID{len(self.everyone)}"
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        process = await asyncio.create_subprocess_exec(
            *self._line(()),
            env=self._environment(name) | {"TERM": "xterm-256color", "COLORTERM": "truecolor"},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        screen = Screen(name, process, master)
        self.everyone.append(screen)
        return screen

    async def run(self, *words: str) -> list[dict[str, object]]:
        """Run a command to its end, which must be a good one; return its JSON lines."""
        command = await self.start(*words)
        await command.process.wait()
        self.everyone.remove(command)
        await command.end()
        assert command.process.returncode == 0, command.said
        return [task for _at, task in command.lines]

    async def all_have_come(self, count: int) -> None:
        """Wait until so many processes have entered themselves in the database."""
        await comes(lambda: self._present() >= count, f"{count} processes at work")

    async def the_sender(self, others: Sequence[str] = (), after: float = 0.0, checks: int = 1) -> str:
        """Wait for so many checks after a moment by one that is not among `others`; return its name."""

        def found() -> list[str]:
            return [each.who for each in self.service.asked if each.at > after and each.who not in others]

        await comes(lambda: len(found()) >= checks, "another sends")
        return found()[-1]

    def process(self, name: str) -> asyncio.subprocess.Process:
        return next(each.process for each in self.everyone if each.name == name)

    def _present(self) -> int:
        if not self.path.exists():
            return 0
        database = sqlite3.connect(f"file:{quote(str(self.path))}?mode=ro", uri=True)
        try:
            return int(database.execute("SELECT count(*) FROM processes").fetchone()[0])
        except sqlite3.OperationalError:
            # The new file is there, and its tables are not yet.
            return 0
        finally:
            database.close()

    def _line(self, words: Sequence[str]) -> list[str]:
        options = ["--state-dir", str(self.folder), "--endpoint", self.service.endpoint]
        return [sys.executable, "-m", "tiwtui", *options, "--sdk-app-id", str(APP), *words]

    def _environment(self, name: str) -> dict[str, str]:
        keys = {"TENCENTCLOUD_SECRET_ID": name, "TENCENTCLOUD_SECRET_KEY": "NotARealSecretKeyAtAll"}
        return child_environment(**(keys if name else {}))


@contextlib.asynccontextmanager
async def house(folder: Path) -> AsyncIterator[House]:
    """Open a service for processes to come, and end all of them at the end."""
    async with answering() as service:
        opened = House(folder, service)
        try:
            yield opened
        finally:
            for each in opened.everyone:
                ended = each.process.returncode
                await each.end()
                # Shown where a test fails.
                print(each.name, "ended with", ended, each.output())
