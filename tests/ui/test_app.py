"""The application around the screen: start, news, crash, sizes, colours."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.ui.fake_session import NOW, StillSession, make_task
from tests.ui.pilot import app_of, open_screen
from tiwtui.glyphs import ASCII_GLYPHS
from tiwtui.listing.view import Change
from tiwtui.model import Failure, Phase, TaskRef
from tiwtui.ui.app import EXIT_CRASHED, EXIT_UNUSABLE
from tiwtui.ui.timing import Pace

pytestmark = pytest.mark.anyio

HOSTILE = "[/foo] \x1b[2J\x1b]0;owned\x07 [bold]x[/] \u202edlrow \ud800 \x9b31m"


async def test_the_engine_is_started_on_the_app_and_closed_with_it() -> None:
    session = StillSession()
    async with open_screen(session):
        assert session.calls == [("start",), ("run",)]
    assert session.calls[-1] == ("close",)


async def test_a_burst_of_news_is_one_repaint(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten answers in a tenth of a second are shown together, at most four times a second."""
    session = StillSession([make_task(f"t{n}") for n in range(20)])
    shown: list[int] = []
    async with open_screen(session) as hand:
        apply = hand.view.apply

        def counting(changed: frozenset[TaskRef], *given: Any, **named: Any) -> Change:
            shown.append(len(changed))
            return apply(changed, *given, **named)

        monkeypatch.setattr(hand.view, "apply", counting)
        for n in range(20):
            session.put(make_task(f"t{n}", checks=9))
        await hand.settle()
        assert shown == [20]


async def test_news_wait_until_a_quarter_second_has_passed() -> None:
    session = StillSession([make_task("t")])
    async with open_screen(session, pace=Pace(repaint_s=30, tick_s=None, rest_s=0)) as hand:
        session.put(make_task("t", label="first"))
        await hand.settle()
        assert "first" in hand.text
        session.put(make_task("t", label="second"))
        await hand.settle()
        assert "second" not in hand.text


async def test_hostile_text_is_shown_and_obeyed_nowhere() -> None:
    """Ids, labels and messages come from elsewhere; markup in one of them has killed other programs."""
    failure = Failure(HOSTILE, HOSTILE, HOSTILE)
    tasks = [
        make_task("id" + HOSTILE, Phase.FAILED, label=HOSTILE, group_id=HOSTILE, room_id=None, error=failure),
        make_task("other", Phase.OTHER, status=HOSTILE, label=HOSTILE),
    ]
    session = StillSession(tasks)
    async with open_screen(session, size=(160, 45)) as hand:
        for keys in (
            "j",
            "]",
            "]",
            "]",
            "l",
            "escape",
            "r",
            "space",
            "x",
            "escape",
            "y",
            "x",
            "u",
            "question_mark",
        ):
            await hand.press(keys)
            assert not set("\x1b\x07\x9b\u202e\ud800") & set(hand.text)
            for toast in hand.toasts:
                assert not set("\x1b\x07\x9b\u202e") & set(toast)


@pytest.mark.parametrize("size", [(40, 12), (50, 30), (80, 24), (120, 36), (200, 60)])
async def test_every_size_can_be_used(size: tuple[int, int]) -> None:
    tasks = [make_task("t", Phase.READY, label="Maths"), make_task("u", Phase.FAILED, phase_since=NOW - 999)]
    session = StillSession(tasks)
    async with open_screen(session, size=size) as hand:
        assert "Maths" in hand.text
        await hand.press(
            "j", "c", "enter", "]", "escape", "slash", "m", "enter", "space", "x", "escape", "question_mark"
        )
        assert all(len(line) <= size[0] for line in hand.lines)


async def test_under_40_by_12_it_says_so_and_comes_back() -> None:
    async with open_screen(StillSession([make_task("t", label="Maths")]), size=(39, 12)) as hand:
        assert "too small" in hand.text
        await hand.pilot.resize_terminal(5, 2)
        await hand.press("j", "c", "enter", "question_mark", "escape")
        await hand.pilot.resize_terminal(80, 24)
        await hand.press("escape")
        assert "Maths" in hand.text


async def test_under_60_columns_a_message_is_one_line_of_the_footer() -> None:
    """A toast would cover the list."""
    async with open_screen(StillSession([make_task("t")]), size=(50, 30)) as hand:
        await hand.press("r")
        assert hand.lines[-1].strip() == "Checking t…"
        assert not hand.toasts


async def test_ascii_glyphs_draw_ascii_alone() -> None:
    tasks = [make_task(f"t{n}", phase) for n, phase in enumerate(Phase)]
    async with open_screen(StillSession(tasks), glyphs=ASCII_GLYPHS, size=(160, 45)) as hand:
        for keys in (("space",), ("G",), ("tab",), ("]",), ("]",), ("]",), ("a",), ("escape",)):
            await hand.press(*keys)
            assert hand.text.isascii(), [line for line in hand.lines if not line.isascii()]


async def test_advice_of_the_engine_is_shown_under_the_tabs() -> None:
    """Without credentials nothing is sent; the screen says what to do."""

    session = StillSession()
    session.is_still = replace(session.is_still, advice="set TENCENTCLOUD_SECRET_ID")
    async with open_screen(session) as hand:
        assert "set TENCENTCLOUD_SECRET_ID" in hand.text


def test_a_crash_shows_no_variables_and_ends_with_a_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Local variables hold keys. The traceback goes to the log without them."""

    class BrokenSession(StillSession):
        async def start(self) -> None:
            secret = "AKIDverysecret"
            raise RuntimeError(f"broken {len(secret)}")

    log = tmp_path / "crash.log"
    app = app_of(BrokenSession(), log_path=log)
    app.run(headless=True)
    printed = "".join(capsys.readouterr())
    assert app.return_code == EXIT_CRASHED
    assert "RuntimeError" in printed
    assert "AKIDverysecret" not in printed
    assert "Traceback" not in printed
    assert str(log) in printed.replace("\n", "")
    assert "RuntimeError: broken 14" in log.read_text()
    assert "AKIDverysecret" not in log.read_text().replace('secret = "AKIDverysecret"', "")


def test_an_engine_that_crashes_ends_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    """A screen that no longer checks anything, and does not say so, would be the worst of all."""

    class BrokenEngine(StillSession):
        async def run(self) -> None:
            raise RuntimeError("broken")

    app = app_of(BrokenEngine())
    app.run(headless=True)
    assert app.return_code == EXIT_CRASHED
    assert "RuntimeError" in "".join(capsys.readouterr())


def test_an_engine_that_runs_out_of_memory_is_no_mistake_of_the_program(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The person can allow more; a report of a bug would help nobody."""

    class Starved(StillSession):
        async def run(self) -> None:
            raise ExceptionGroup("tasks", [MemoryError()])

    app = app_of(Starved(), log_path=tmp_path / "crash.log")
    app.run(headless=True)
    assert app.return_code == EXIT_UNUSABLE
    assert "not enough memory" in "".join(capsys.readouterr())
    assert not (tmp_path / "crash.log").exists()


@pytest.mark.parametrize(
    "given", [{"theme": "textual-light"}, {"theme": "ansi-dark"}, {"theme": "ansi-light"}]
)
async def test_every_theme_can_be_used(given: dict[str, Any]) -> None:
    tasks = [make_task(f"t{n}", phase) for n, phase in enumerate(Phase)]
    async with open_screen(StillSession(tasks), **given) as hand:
        await hand.press("space", "j", "tab", "question_mark", "escape", "x", "escape")
        assert hand.app.is_running


async def test_cursor_and_marks_differ_without_colours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    tasks = [make_task(f"t{n}", phase_since=NOW - 100 + n) for n in range(3)]
    async with open_screen(StillSession(tasks)) as hand:
        await hand.press("space")
        strips = list(hand.app.screen._compositor.render_strips())
        cursor, other = (next(strip for strip in strips if name in strip.text) for name in ("t1", "t2"))
        grounds = [
            {segment.style.bgcolor for segment in list(strip)[1:-1] if segment.style}
            for strip in (cursor, other)
        ]
        assert not grounds[0] & grounds[1]
        assert any(line.startswith("▌") and "t1" in line for line in hand.lines)
        assert any(line.startswith(" ◆") and "t0" in line for line in hand.lines)
