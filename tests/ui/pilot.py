"""A person at the screen, for tests: opens it, presses keys, pastes, waits, and reads.

The session is a still one and the clock is frozen, so nothing has to be waited for.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any, cast

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from tests.borders import without_border
from tests.standstill import standstill
from tests.ui.fake_session import StillSession
from tiwtui.listing.arrangement import Line
from tiwtui.listing.view import View
from tiwtui.model import TaskRef
from tiwtui.results.clipboard import Copied, NoRoute, Route, TooLong
from tiwtui.session import Session
from tiwtui.ui.app import TiwtuiApp
from tiwtui.ui.detail.pane import DetailPane
from tiwtui.ui.main.screen import MainScreen
from tiwtui.ui.main.view_state import ViewState
from tiwtui.ui.timing import AT_ONCE
from tiwtui.ui.widgets.task_table import TaskTable


@dataclass
class Hand:
    """A person at the screen; `text` is what there is to read."""

    session: StillSession
    outcome: Copied | TooLong | NoRoute = field(default_factory=lambda: Copied(Route.TMUX, program="tmux"))
    copied: list[str] = field(default_factory=list)
    now: float = 1000.0
    pilot: Pilot[None] = field(init=False)

    @property
    def app(self) -> TiwtuiApp:
        app = self.pilot.app
        assert isinstance(app, TiwtuiApp)
        return app

    @property
    def opened(self) -> str:
        """What is on top: the name of its class."""
        return type(self.app.screen).__name__

    @property
    def main(self) -> MainScreen:
        return self.app.main

    @property
    def lines(self) -> list[str]:
        """What there is to read, without the borders around list and detail."""
        lines = [strip.text.rstrip() for strip in self.app.screen._compositor.render_strips()]
        is_framed = self.app._is_open and self.main.split.framed.value
        return list(map(without_border, lines)) if is_framed else lines

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def toasts(self) -> list[str]:
        return [toast.message for toast in self.app._notifications]

    @property
    def cursor(self) -> str:
        """The id of the task the cursor is on."""
        ref = self.table.cursor
        return "" if ref is None else ref.task_id

    @property
    def listed(self) -> list[str]:
        return [ref.task_id for ref in self.view.refs()]

    # How the screen stands: the one place of the tests that knows what it is made of

    @property
    def state(self) -> ViewState:
        """How the screen stands."""
        return self.main.state.value

    def change(self, **fields: Any) -> None:
        """Change how the screen stands, as its keys would."""
        self.main.state.change(**fields)

    @property
    def view(self) -> View:
        """The list that is shown."""
        return self.main.tasks.view

    @property
    def table(self) -> TaskTable:
        return self.main.tasks.table

    @property
    def pane(self) -> DetailPane:
        return self.main.pane

    @property
    def marks(self) -> frozenset[TaskRef]:
        return self.main.selection.marks.value

    def mark(self, refs: Iterable[TaskRef]) -> None:
        self.main.selection.marks.set(frozenset(refs))

    @property
    def meant(self) -> list[str]:
        """The ids of the tasks that a key acts on."""
        return [ref.task_id for ref in self.main.selection.targets()]

    @property
    def selected(self) -> TaskRef | None:
        return self.main.selection.cursor.value

    @property
    def saving(self) -> frozenset[TaskRef]:
        return self.main.tasks.saving

    @property
    def shows_removed(self) -> bool:
        return self.main.selection.shows_removed

    @property
    def is_rebuilding(self) -> bool:
        return self.main.tasks.is_rebuilding

    @property
    def is_in_list(self) -> bool:
        """Whether the list has the focus, and room on the screen."""
        return not self.state.is_full and self.main.focused is self.table

    def tick(self) -> None:
        """Let the screen see that time has passed."""
        self.main.tick()

    def follow(self, changed: frozenset[TaskRef]) -> None:
        """Let the screen see that tasks changed, came or went."""
        self.main.follow(changed)

    @property
    def remembered(self) -> ViewState:
        """What the next start is to find."""
        return self.main.state.value

    def go_to(self, ref: TaskRef) -> None:
        self.main.tasks.go_to(ref)

    def line_of(self, ref: TaskRef) -> Line:
        """The words of a task's row."""
        return self.main.tasks._line_of(ref, self.table.columns)

    async def settle(self) -> None:
        """Let everything that is under way come to its end, the painting too."""
        for _round in range(2):
            await standstill()
            self.app.screen._on_timer_update()
        await standstill()

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait for what another thread does."""
        async with asyncio.timeout(10):
            while not is_so():
                await self.settle()
        # What has come about is not painted yet.
        await self.settle()

    async def press(self, *keys: str) -> None:
        """Press keys one after another, looking at what each does."""
        for key in keys:
            await self.burst(key)

    async def burst(self, *keys: str) -> None:
        """Press keys so fast that all are there before the first is looked at."""
        self.send(*keys)
        await self.settle()

    def send(self, *keys: str) -> None:
        """Press keys without waiting for what they do."""
        driver = self.app._driver
        assert driver is not None
        for key in keys:
            named = _character_to_key(key) if len(key) == 1 and not key.isalnum() else key
            event = events.Key(named, {"space": " "}.get(key, key if len(key) == 1 else None))
            event.set_sender(self.app)
            driver.send_message(event)

    async def type(self, text: str) -> None:
        await self.press(*("space" if char == " " else char for char in text))

    async def paste(self, text: str) -> None:
        self.app.post_message(events.Paste(text))
        await self.settle()

    async def wait(self, seconds: float) -> None:
        """Let time pass, in whole ticks of the screen."""
        self.now += seconds
        self.session.now += seconds
        self.tick()
        await self.settle()

    async def copy(self, text: str) -> Copied | TooLong | NoRoute:
        self.copied.append(text)
        return self.outcome


def app_of(session: StillSession, **given: Any) -> TiwtuiApp:
    """Return an app that stands still, for pictures; anything of it can be given otherwise."""
    still: dict[str, Any] = {"pace": AT_ONCE, "zone": UTC, "monotonic": lambda: 0.0}
    return TiwtuiApp(cast(Session, session), **(still | given))


@asynccontextmanager
async def open_screen(
    session: StillSession, size: tuple[int, int] = (120, 36), **given: Any
) -> AsyncIterator[Hand]:
    """Open the screen on a session and take it in hand."""
    hand = Hand(session)
    app = app_of(session, **({"copier": hand.copy, "monotonic": lambda: hand.now} | given))
    async with app.run_test(size=size, notifications=True) as hand.pilot:
        await hand.settle()
        yield hand
        # Whatever a test looked at: how it leaves the screen can be drawn.
        if app.is_running:
            await hand.settle()
            assert hand.lines


def ref_of(session: StillSession, name: str) -> TaskRef:
    """Return the task of an id."""
    return next(ref for ref in session.tasks if ref.task_id == name)
