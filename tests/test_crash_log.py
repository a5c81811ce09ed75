"""The log of crashes: enough to mend the mistake, and nothing that must not be read."""

from pathlib import Path

import pytest

from tiwtui.process.crash_log import without_keys, write_crash

KEYS = {
    "TENCENTCLOUD_SECRET_ID": "AKIDEXAMPLE0123456789",
    "TENCENTCLOUD_SECRET_KEY": " padded-key-0123456789 ",
    "TENCENTCLOUD_TOKEN": "",
    "HOME": "/home/teacher",
}


def _mistake(text: str) -> RuntimeError:
    try:
        raise RuntimeError(text)
    except RuntimeError as error:
        return error


def test_a_crash_is_appended_with_its_traceback(tmp_path: Path) -> None:
    path = tmp_path / "crash.log"
    path.write_text("an older one\n")
    assert str(path) in write_crash(_mistake("broken"), path, {})
    log = path.read_text()
    assert log.startswith("an older one\n")
    assert "Traceback" in log
    assert "RuntimeError: broken" in log


def test_keys_that_an_error_quotes_are_blanked_out(tmp_path: Path) -> None:
    """A library's error may hold the header it choked on."""
    path = tmp_path / "crash.log"
    write_crash(_mistake("header AKIDEXAMPLE0123456789, padded-key-0123456789"), path, KEYS)
    log = path.read_text()
    assert "AKIDEXAMPLE" not in log
    assert "padded-key" not in log
    assert "RuntimeError: header …, …" in log


def test_an_empty_key_blanks_nothing_and_other_variables_stay() -> None:
    assert without_keys("in /home/teacher", KEYS) == "in /home/teacher"


@pytest.mark.parametrize("name", ["", "no folder/crash.log"])
def test_a_log_that_cannot_be_written_is_reported_with_the_reason(tmp_path: Path, name: str) -> None:
    assert "could not be written" in write_crash(_mistake("broken"), tmp_path / name, {})


def test_without_a_log_nothing_is_printed() -> None:
    assert write_crash(_mistake("broken"), None, {}) == ""
