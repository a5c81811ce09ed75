"""How it looks, as pictures. Words and behaviour are tested elsewhere; these are for the eye."""

import os
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from tests.ui.fake_session import APP, NOW, StillSession, first_start, make_task, make_video
from tests.ui.pilot import app_of
from tests.ui.sample_diagnostics import BUSY
from tiwtui.glyphs import ASCII_GLYPHS
from tiwtui.model import Phase, Task, TaskRef, Trouble, TroubleKind

_FOLDER = "TEXTUAL_SNAPSHOT_TEMPDIR"
_folder = os.environ.get(_FOLDER, "")


@pytest.fixture(autouse=True)
def _pictures_have_a_folder(_empty_home: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give back the one variable that the comparison of pictures needs."""
    monkeypatch.setenv(_FOLDER, _folder)


SnapCompare = Callable[..., bool]


def _school() -> StillSession:
    """Return a morning's watch list with something of everything."""
    trouble = Trouble(TroubleKind.NETWORK, "timeout", "read timed out", "", NOW - 80)

    def task(task_id: str, phase: Phase, label: str, since_s: float, **given: Any) -> Task:
        return make_task(task_id, phase, label=label, phase_since=NOW - since_s, **given)

    tasks = [
        task("00e1jv8ve0jcqk7da9lb", Phase.PROCESSING, "Maths 3A", 252, room_id=900822),
        task("0a81vd5jcg7ve0q5k9nc", Phase.PROCESSING, "English 5C", 130, room_id=900901),
        task("1c0qk7da9lb00e1jv8ve", Phase.QUEUED, "物理 第三讲 牛顿第二定律与它的应用", 61, room_id=900830),
        task("2d3jcqk7da9lbve00e18", Phase.QUEUED, "", 20, room_id=900831, checked_at=NOW - 40),
        task("3e9lb00e1jv8vejcqk7d", Phase.NEW, "Biology 1 🧬", 3, checked_at=None),
        task("4f0e1jv8ve0jcqk7da9l", Phase.OTHER, "History 2", 900, status="ARCHIVING", room_id=900844),
        task("5a8ve0jcqk7da9lb00e1", Phase.PROCESSING, "Chemistry lab", 700, trouble=trouble),
        task("ghucnligqtgtvk2624mb", Phase.READY, "物理 第二讲", 100, room_id=900823, seen_at=None),
        task("bj0mt2l23osdj300hl30", Phase.FAILED, "Maths 3B", 720, room_id=900824),
        task("cgv8ve0jcqk7da9lb00e", Phase.READY, "Geometry", 9000, files_end_at=NOW + 32_000),
        task("dhcqk7da9lb00e1jv8ve", Phase.EMPTY, "Test room", 12_000, seen_at=NOW),
        task("ei0jcqk7da9lb00e1jv8", Phase.NOT_FOUND, "mistyped?", 15_000),
    ]
    session = StillSession(tasks)
    session.videos[TaskRef(APP, "ghucnligqtgtvk2624mb")] = (
        make_video(2),
        make_video(0, "video1", user_id="teacher_1", duration_ms=150_000, play_offset_ms=6_000),
        make_video(1, "video2", user_id="tic_substream_teacher_1", duration_ms=40_000, play_offset_ms=30_000),
        make_video(
            4, "audio", user_id="student_李雷", format="mp3", duration_ms=20_000, play_offset_ms=136_000
        ),
        make_video(3, "mix", user_id="tic_mixstream_900823_101", duration_ms=156_000),
    )
    return session


READY = ("j",) * 7

FILTERS = [("Maths", "maths"), ("物理 课", "物理")]
LIGHT = {"theme": "textual-light"}

PICTURES: dict[str, tuple[tuple[int, int], Iterable[str], dict[str, Any]]] = {
    "right": ((200, 45), (*READY, "tab"), {}),
    "below": ((140, 42), (*READY, "tab"), {}),
    "timeline": ((120, 36), (*READY, "tab", "right_square_bracket", "j"), {}),
    "light": ((100, 30), (*READY, "j"), LIGHT),
    "terminal": ((80, 24), READY, {"filters": FILTERS}),
    "phone": ((50, 30), ("space", "space", *READY[2:]), {}),
    "help": ((120, 36), ("question_mark",), {}),
    "copy": ((40, 12), (*READY, "C"), {}),
    "ansi": ((100, 30), (*READY, "tab"), {"theme": "ansi-dark"}),
    "ascii": ((100, 30), (*READY, "tab", "right_square_bracket"), {"glyphs": ASCII_GLYPHS}),
}


@pytest.mark.parametrize("picture", PICTURES)
def test_picture(snap_compare: SnapCompare, picture: str) -> None:
    size, keys, given = PICTURES[picture]
    assert snap_compare(app_of(_school(), **given), terminal_size=size, press=list(keys))


def test_picture_without_colours(snap_compare: SnapCompare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(app_of(_school()), terminal_size=(100, 30), press=[*READY, "space"])


def test_picture_of_the_diagnostics(snap_compare: SnapCompare) -> None:
    session = _school()
    session.diagnosed = BUSY
    assert snap_compare(app_of(session), terminal_size=(120, 36), press=["b"])


def test_picture_of_the_first_start(snap_compare: SnapCompare) -> None:
    assert snap_compare(app_of(first_start()), terminal_size=(80, 24))
