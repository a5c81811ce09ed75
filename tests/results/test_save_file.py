"""A text saved to a file that a person named."""

from pathlib import Path

from tiwtui.results.save_file import Exists, NotSaved, Saved, save_text


def test_a_text_ends_with_a_line_end(tmp_path: Path) -> None:
    """`while read` and `wc -l` miss a last line without one."""
    path = tmp_path / "urls.txt"
    assert save_text("a\nb", path) == Saved(path)
    assert path.read_bytes() == b"a\nb\n"


def test_a_file_that_is_there_is_left_alone_unless_asked(tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    path.write_text("mine")
    assert save_text("new", path) == Exists(path)
    assert path.read_text() == "mine"
    assert save_text("new", path, overwrites=True) == Saved(path)
    assert path.read_text() == "new\n"
    assert list(tmp_path.glob(".*")) == []


def test_why_it_cannot_be_saved_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert save_text("x", tmp_path) == NotSaved(tmp_path, "it is a folder")
    below = tmp_path / "file" / "below"
    assert save_text("x", below) == NotSaved(below, "Not a directory")
    assert isinstance(save_text("x", tmp_path / "absent" / "f"), NotSaved)
    assert isinstance(save_text("x", Path("nul\0")), NotSaved)
