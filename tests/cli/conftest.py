"""A watch list for each test of a command."""

from pathlib import Path

import pytest

from tests.cli.watch_list import Keeping


@pytest.fixture
def keeping(tmp_path: Path) -> Keeping:
    """An empty watch list that no other test sees."""
    return Keeping(tmp_path / "state")
