"""The screen on the saved state: write errors, what happened to the file, what is being saved."""

import asyncio
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest

from tests.ui.fake_session import APP, NOW, StillSession, make_task
from tests.ui.pilot import app_of, open_screen, ref_of
from tiwtui.listing.view import APPLIED_AT_ONCE, Change, View
from tiwtui.model import Phase, TaskRef
from tiwtui.store.errors import StoreFailed
from tiwtui.ui.app import EXIT_UNUSABLE
from tiwtui.ui.timing import SAVING_SHOWN_AFTER_S

pytestmark = pytest.mark.anyio

FULL = "not saved: the disk is full; free some space where /var/state.db lies, then try again"
ID = "ghucnligqtgtvk2624mb"


def _session() -> StillSession:
    return StillSession([make_task(f"t{n}", label=f"Room {n}", phase_since=NOW - 90 + n) for n in range(3)])


def _refusing() -> StillSession:
    session = _session()
    session.refusal = StoreFailed(FULL)
    return session


async def test_a_disk_that_cannot_be_written_is_shown_while_it_lasts() -> None:
    """What is found meanwhile is lost with the process; that must not be a surprise."""
    session = _session()
    async with open_screen(session) as hand:
        assert "not saved" not in hand.text
        session.trouble = FULL
        await hand.wait(1)
        assert "not saved" in hand.lines[0]
        assert FULL in hand.text
        session.trouble = None
        await hand.wait(1)
        assert "not saved" not in hand.text


async def test_the_notice_about_the_file_stays_until_it_is_hidden() -> None:
    session = _session()
    session.notice = "the saved state was damaged; it is set aside as /var/state.db.damaged-1"
    async with open_screen(session) as hand:
        await hand.press("j", "tab", "tab")
        assert "set aside as /var/state.db.damaged-1 (esc hides this)" in hand.text
        await hand.press("escape")
        assert "damaged" not in hand.text


async def test_an_add_that_cannot_be_saved_opens_the_dialog_again_on_the_text() -> None:
    """Thirty pasted ids must not have to be found again."""
    session = _refusing()
    async with open_screen(session) as hand:
        await hand.paste(ID)
        await hand.press("enter")
        assert hand.opened == "AddScreen"
        assert ID in hand.text
        assert "the disk is full" in hand.text
        session.refusal = None
        await hand.press("enter")
        assert TaskRef(APP, ID) in session.tasks


async def test_a_label_that_cannot_be_saved_opens_the_dialog_again_on_it() -> None:
    session = _refusing()
    async with open_screen(session) as hand:
        await hand.press("l", "end")
        await hand.type(" new")
        await hand.press("enter")
        assert hand.opened == "LineScreen"
        assert "Room 0 new" in hand.text
        assert "the disk is full" in hand.text
        session.refusal = None
        await hand.press("enter")
        assert session.tasks[ref_of(session, "t0")].label == "Room 0 new"


async def test_a_removal_that_cannot_be_saved_leaves_the_row() -> None:
    session = _refusing()
    async with open_screen(session) as hand:
        await hand.press("x")
        assert hand.toasts == [FULL]
        assert hand.listed == ["t0", "t1", "t2"]


async def test_an_undo_that_cannot_be_saved_can_be_tried_again() -> None:
    session = _session()
    async with open_screen(session) as hand:
        await hand.press("x")
        session.refusal = StoreFailed(FULL)
        await hand.press("u")
        assert hand.toasts[-1] == FULL
        session.refusal = None
        await hand.press("u")
        assert "t0" in hand.listed


async def test_a_copy_counts_though_it_cannot_be_noted() -> None:
    session = StillSession([make_task("r1", Phase.READY)])
    session.refusal = StoreFailed(FULL)
    async with open_screen(session) as hand:
        await hand.press("c")
        assert len(hand.copied) == 1
        assert hand.toasts[-1] == f"copied, but that could not be noted: {FULL}"


async def test_looking_at_a_task_on_a_full_disk_crashes_nothing() -> None:
    session = StillSession([make_task("f1", Phase.FAILED)])
    session.refusal = StoreFailed(FULL)
    async with open_screen(session) as hand:
        await hand.wait(2)
        await hand.wait(2)
        assert hand.app.is_running


async def test_only_the_rows_on_the_screen_are_looked_up_to_say_saving(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Looking up each of 100,000 tasks, most of a second passed in which no key was served."""
    looked_up: list[TaskRef] = []
    index_of = View.index_of

    def noting(view: View, ref: TaskRef) -> int | None:
        looked_up.append(ref)
        return index_of(view, ref)

    session = StillSession([make_task(f"r{n}", Phase.READY) for n in range(1000)])
    async with open_screen(session) as hand:
        monkeypatch.setattr(View, "index_of", noting)
        hand.main.tasks.show_saving(frozenset(session.tasks))
        await hand.settle()
        assert "saving" in hand.text
        assert len(looked_up) < 200


async def test_an_edit_of_very_many_tasks_is_shown_in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two thousand tasks at once held keys back for longer than a person takes for at once."""
    counts: list[int] = []
    apply = View.apply

    def noting(view: View, changed: Collection[TaskRef], *given: Any, **named: Any) -> Change:
        counts.append(len(changed))
        return apply(view, changed, *given, **named)

    session = StillSession([make_task(f"f{n}", Phase.FAILED) for n in range(3 * APPLIED_AT_ONCE)])
    async with open_screen(session) as hand:
        monkeypatch.setattr(View, "apply", noting)
        await hand.press("*", "z")
        await hand.until(lambda: bool(hand.toasts))
        assert sum(counts) >= 3 * APPLIED_AT_ONCE
        assert max(counts) <= APPLIED_AT_ONCE


async def test_a_row_says_saving_until_its_edit_is_saved() -> None:
    """Where another program holds the file, a commit can take seconds."""
    session = _session()
    session.commits_after = asyncio.Event()
    async with open_screen(session) as hand:
        await hand.press("l", "end")
        await hand.type("x")
        await hand.press("enter")
        assert SAVING_SHOWN_AFTER_S == 0.1
        await hand.until(lambda: bool(hand.saving))
        await hand.settle()
        assert any("t0" in line and "saving" in line for line in hand.lines)
        session.commits_after.set()
        await hand.settle()
        assert "saving" not in hand.text
        assert "Room 0x" in hand.text


def test_a_state_that_cannot_be_opened_ends_the_program_with_its_reason() -> None:
    """A newer file is not to be touched, and an empty list in its place would be a lie."""

    class Newer(StillSession):
        async def start(self) -> None:
            raise StoreFailed("state.db was written by a newer tiwtui")

    app = app_of(Newer())
    app.run(headless=True)
    assert app.return_code == EXIT_UNUSABLE
    assert app.failure == "state.db was written by a newer tiwtui"


def test_a_state_that_cannot_be_written_at_the_end_is_reported(tmp_path: Path) -> None:
    class Full(StillSession):
        async def run(self) -> None:
            app.exit()

        async def close(self) -> None:
            raise StoreFailed(FULL)

    app = app_of(Full(), log_path=tmp_path / "log")
    app.run(headless=True)
    assert app.failure == FULL
    assert not (tmp_path / "log").exists()
