"""How long a wish to check waits for a sender: a minute, just below and just above."""

from pathlib import Path

import pytest

from tests.coordination.several import processes

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("age_s", "is_served"), [(59.0, True), (61.0, False)])
async def test_wish_is_served_for_a_minute(tmp_path: Path, age_s: float, is_served: bool) -> None:
    """A sender that was stopped for a moment serves it; after that nobody waits for it any more."""
    async with processes(tmp_path, 10.0, 10.0) as (first, second):
        ref = await first.add(1)
        first.check()
        await first.store.flush()
        await second.turn()
        second.coordinator.check_now([ref])
        await second.turn()
        first.clock.now += age_s
        await first.turn()
        # The first look finds out that it still is the sender.
        await first.turn()
        assert first.sends()
        assert (first.check() == ref) is is_served
