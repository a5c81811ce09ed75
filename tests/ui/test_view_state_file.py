"""The file that says how the screen was left: replaced whole, and never in the way."""

import os
from pathlib import Path

import pytest

from tiwtui.config.state_paths import state_path
from tiwtui.ui.main.view_state_file import LARGEST_BYTES, ViewFile, saved_views, view_path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "state"
    folder.mkdir()
    return folder


def _file(folder: Path) -> ViewFile:
    return ViewFile(folder / "school.view.json")


def test_it_lies_beside_the_database_under_its_name(folder: Path) -> None:
    """A watch list has one view; its name has dots, the host's."""
    state = state_path(folder, "school", "tiw.tencentcloudapi.com", "ap-singapore")
    assert view_path(state) == folder / "school@tiw.tencentcloudapi.com@ap-singapore.view.json"


def test_a_view_with_a_name_has_a_file_of_its_own(folder: Path) -> None:
    """The screen on the wall and the one on the desk do not undo each other."""
    state = state_path(folder, "school", "tiw.tencentcloudapi.com", "ap-singapore")
    assert saved_views(state) == ()
    for view in ("", "wall", "desk"):
        file = ViewFile(view_path(state, view))
        file.put("{}")
        file.write()
    assert view_path(state, "wall").name == "school@tiw.tencentcloudapi.com@ap-singapore.wall.view.json"
    assert saved_views(state) == ("desk", "wall")
    assert saved_views(folder / "none" / "x.db") == ()


def test_what_was_put_is_read_by_the_next(folder: Path) -> None:
    file = _file(folder)
    assert file.read() == ""
    assert file.put("物理")
    file.write()
    assert _file(folder).read() == "物理"
    assert os.listdir(folder) == ["school.view.json"]


def test_only_its_owner_may_read_it(folder: Path) -> None:
    """Filters name pupils and rooms."""
    file = _file(folder)
    file.put("x")
    file.write()
    assert file.path.stat().st_mode & 0o777 == 0o600


def test_what_is_saved_already_is_not_written_again(folder: Path) -> None:
    """Of two processes the one that only looked on must not undo what the other chose."""
    mine, other = _file(folder), _file(folder)
    mine.put("first")
    mine.write()
    other.read()
    mine.put("second")
    mine.write()
    assert not other.put("first")
    other.write()
    assert _file(folder).read() == "second"


def test_the_last_of_two_processes_that_write_wins(folder: Path) -> None:
    one, two = _file(folder), _file(folder)
    one.put("one")
    two.put("two")
    one.write()
    two.write()
    assert _file(folder).read() == "two"


def test_what_is_no_plain_file_of_a_fitting_size_reads_as_nothing(folder: Path) -> None:
    """A pipe would be waited at for ever, a large file held in memory."""
    paths = [folder / f"{name}.view.json" for name in ("folder", "pipe", "large")]
    paths[0].mkdir()
    os.mkfifo(paths[1])
    paths[2].write_bytes(b"x" * (LARGEST_BYTES + 1))
    assert [ViewFile(path).read() for path in paths] == ["", "", ""]


def test_bytes_that_are_no_text_are_read_without_a_failure(folder: Path) -> None:
    file = _file(folder)
    file.path.write_bytes(b"\xff\xfe{")
    assert "{" in file.read()


def test_a_place_that_cannot_be_written_is_silent_and_leaves_nothing_behind(folder: Path) -> None:
    """It is a convenience; what cannot be lost without a word is in the database."""
    (folder / "taken.view.json").mkdir()
    for path in (folder / "no folder" / "x.view.json", folder / "taken.view.json"):
        file = ViewFile(path)
        file.put("x")
        file.write()
    assert os.listdir(folder) == ["taken.view.json"]


def test_what_could_not_be_written_is_tried_again_the_next_time(folder: Path) -> None:
    later = folder / "later"
    file = ViewFile(later / "x.view.json")
    file.put("x")
    file.write()
    later.mkdir()
    file.write()
    assert ViewFile(file.path).read() == "x"
