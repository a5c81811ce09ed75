"""Videos of many tasks at once: few are looked up one by one, of many all are read; both say the same."""

from pathlib import Path

import pytest

from tests.factories import make_ref, make_video
from tests.store.stores import ready, sending, task_number

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("count", [1000, 1001])
async def test_videos_of_a_thousand_tasks_and_of_one_more_are_those_asked_for(
    tmp_path: Path, count: int
) -> None:
    """Who copies a whole term must get all of it, and nothing of the tasks left out."""
    async with sending(tmp_path / "x.db") as store:
        await store.add([task_number(number) for number in range(1200)])
        for number in (0, 7, 1000, 1150):
            store.record(ready(task_number(number)))
        await store.flush()
        found = await store.videos([make_ref(number) for number in range(count)])
    expected = {number for number in (0, 7, 1000, 1150) if number < count}
    assert found == {make_ref(number): (make_video(),) for number in expected}
