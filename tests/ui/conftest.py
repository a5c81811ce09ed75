"""What all tests of the screen stand on: nothing is painted that nobody looks at."""

import pytest
from textual.screen import Screen


@pytest.fixture(autouse=True)
def _unpainted(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paint nothing of itself but where a test counts it: reading the screen draws it, and once is enough.

    Painting each of a test's keys as for a terminal took two fifths of all the time of these tests.
    """
    if request.node.get_closest_marker("painted") is None:
        monkeypatch.setattr(Screen, "_compositor_refresh", lambda _screen: None)
