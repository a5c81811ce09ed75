"""A watch list for each test of a command."""

from pathlib import Path

import pytest

from tests.cli.watch_list import WatchList


@pytest.fixture
def watch_list(tmp_path: Path) -> WatchList:
    """An empty watch list that no other test sees."""
    return WatchList(tmp_path / "state")
