"""The largest answer that is read: ten megabytes, to the byte."""

import pytest

from tests.api.client import asking
from tests.api.test_client_answers import padded
from tests.factories import make_ref
from tests.raw_server import answer, raw_server
from tiwtui.api.answers import Answer, Garbled, Observed

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("size", "kind"), [(10_000_000, Observed), (10_000_001, Garbled)])
async def test_answer_of_ten_megabytes_is_the_largest_that_is_read(size: int, kind: type[Answer]) -> None:
    """The documents promise less than a thousandth of it; more would only fill the memory."""
    async with raw_server(answer(padded(size))) as server, asking(server.endpoint) as client:
        assert isinstance(await client.describe(make_ref()), kind)
