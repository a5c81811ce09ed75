"""Tencent's own SDK against the simulated service: if it gets right answers, the simulation is right."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

import pytest
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.tiw.v20190919 import models
from tencentcloud.tiw.v20190919.tiw_client import TiwClient

from tiwtui.api.signing import authorization
from tiwtui.sim.server import SimServer, serve
from tiwtui.sim.service import Service, Setup, demo_keys
from tiwtui.sim.signature_check import Keys
from tiwtui.sim.world import CAST_SIZE, SDK_APP_ID, Ending, Finished, World

# The SDK computes the date of its scope with a function that Python 3.12 deprecates.
pytestmark = pytest.mark.filterwarnings(r"ignore:datetime\.datetime\.utcfromtimestamp:DeprecationWarning")

SEED = 11
KEYS = demo_keys(SEED)
AGE_S = 4000.0
"""How old the world is, so that all of the first tasks have settled."""
METHODS = pytest.mark.parametrize("method", ["POST", "GET"])


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(scope="module")
def server() -> Iterator[SimServer]:
    """Serve from a loop in a thread of its own, as the SDK blocks."""
    begun: Future[tuple[SimServer, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def live() -> None:
        # No rate limit: the SDK does not pace itself, and the limit has tests of its own.
        setup = Setup(KEYS, requests_per_second=10_000)
        running = await serve(Service(World(SEED), setup, started=time.monotonic() - AGE_S))
        ended = asyncio.Event()
        begun.set_result((running, asyncio.get_running_loop(), ended))
        await ended.wait()
        await running.close()

    thread = threading.Thread(target=asyncio.run, args=(live(),))
    thread.start()
    running, loop, ended = begun.result(timeout=30)
    yield running
    loop.call_soon_threadsafe(ended.set)
    thread.join(timeout=30)


@contextmanager
def sdk(server: SimServer, method: str, keys: Keys = KEYS) -> Iterator[TiwClient]:
    """Yield the SDK's client and close its connections, which it does not do itself."""
    http = HttpProfile(protocol="http", endpoint=f"127.0.0.1:{server.port}", reqMethod=method, reqTimeout=30)
    profile = ClientProfile(httpProfile=http)
    credential = Credential(keys.secret_id, keys.secret_key)
    client = TiwClient(credential, "ap-singapore", profile)
    session = client.request.conn._session
    session.trust_env = False  # or a .netrc in the home directory could replace the signature
    try:
        yield client
    finally:
        session.close()


def asking(task_id: str) -> Any:
    request = models.DescribeVideoGenerationTaskRequest()
    request.SdkAppId = SDK_APP_ID
    request.TaskId = task_id
    return request


def first_with(ending: Ending) -> str:
    world = World(SEED)
    lives = {ref.task_id: world.life(ref.task_id) for ref in world.refs(CAST_SIZE)}
    return next(name for name, life in lives.items() if life and life.ending is ending)


@METHODS
def test_the_sdk_reads_every_field_of_the_documents_example(server: SimServer, method: str) -> None:
    """The one answer whose every value is printed in the document."""
    with sdk(server, method) as client:
        answer = client.DescribeVideoGenerationTask(asking("ghucnligqtgtvk2624mb"))
    assert answer.GroupId == "900822"
    assert answer.RoomId == 900822
    assert answer.TaskId == "00e1jv8ve0jcqk7da9lb"
    assert answer.Progress == 100
    assert answer.Status == "FINISHED"
    assert answer.TotalTime == 156750
    assert len(answer.RequestId) == 36
    assert answer.VideoInfos.VideoUrl == "Disused. Use the VideoInfoList parameter."
    (video,) = answer.VideoInfoList
    assert json.loads(video.to_json_string()) == {
        "VideoPlayTime": 0,
        "VideoSize": 318384,
        "VideoFormat": "mp4",
        "VideoDuration": 156750,
        "VideoUrl": "http://1257240443.vod2.myqcloud.com/cc35b442vodcq1257240443/video.mp4",
        "VideoId": "5285890792776509100",
        "VideoType": 2,
        "UserId": "",
        "Width": 1024,
        "Height": 768,
    }


@METHODS
def test_the_sdk_reads_every_listed_task_as_the_world_has_it(server: SimServer, method: str) -> None:
    """Field by field, for all endings that are answers."""
    world = World(SEED)
    with sdk(server, method) as client:
        for ref in world.refs(CAST_SIZE):
            state = world.state(ref.task_id, AGE_S)
            if not isinstance(state, Finished):
                continue
            recording = state.recording
            answer = client.DescribeVideoGenerationTask(asking(ref.task_id))
            assert answer.TotalTime == recording.total_time_ms
            assert answer.RoomId == recording.room_id
            assert [video.VideoUrl for video in answer.VideoInfoList] == [v.url for v in recording.videos]
            assert [video.VideoType for video in answer.VideoInfoList] == [v.type for v in recording.videos]
            assert [video.UserId for video in answer.VideoInfoList] == [v.user_id for v in recording.videos]
            assert [video.Width for video in answer.VideoInfoList] == [v.width for v in recording.videos]


@METHODS
@pytest.mark.parametrize(
    ("task_id", "code"),
    [
        (first_with(Ending.FAILED), "FailedOperation.Record"),
        (first_with(Ending.NOT_FOUND), "InvalidParameter.TaskNotFound"),
        ("never-made", "InvalidParameter.TaskNotFound"),
    ],
)
def test_the_sdk_raises_the_documented_error(server: SimServer, method: str, task_id: str, code: str) -> None:
    """The SDK finds the error only where code, message, RequestId and Content-Type are all in place."""
    with sdk(server, method) as client, pytest.raises(TencentCloudSDKException) as raised:
        client.DescribeVideoGenerationTask(asking(task_id))
    assert raised.value.get_code() == code
    assert raised.value.get_message()
    assert len(raised.value.get_request_id()) == 36


@METHODS
def test_the_sdk_with_a_wrong_key_is_refused(server: SimServer, method: str) -> None:
    """The signature is really verified, over the SDK's own choice of headers."""
    keys = Keys(KEYS.secret_id, "not-the-key")
    with sdk(server, method, keys) as client, pytest.raises(TencentCloudSDKException) as raised:
        client.DescribeVideoGenerationTask(asking("ghucnligqtgtvk2624mb"))
    assert raised.value.get_code() == "AuthFailure.SignatureFailure"
    assert "content-type;host" in raised.value.get_message()


@METHODS
def test_the_sdk_with_an_unknown_key_id_is_refused(server: SimServer, method: str) -> None:
    """A key of the other site gets this code."""
    keys = Keys("AKIDunknown", KEYS.secret_key)
    with sdk(server, method, keys) as client, pytest.raises(TencentCloudSDKException) as raised:
        client.DescribeVideoGenerationTask(asking("ghucnligqtgtvk2624mb"))
    assert raised.value.get_code() == "AuthFailure.SecretIdNotFound"


@METHODS
def test_our_signature_is_the_sdks_for_the_same_request(server: SimServer, method: str) -> None:
    """Two independent implementations of one algorithm, bit for bit."""
    sent: list[Any] = []
    with sdk(server, method) as client:
        answer = client.request.send_request

        def spied(request: Any) -> Any:
            sent.append(request)
            return answer(request)

        client.request.send_request = spied
        client.DescribeVideoGenerationTask(asking("ghucnligqtgtvk2624mb"))
    (request,) = sent
    ours = authorization(
        KEYS.secret_id,
        KEYS.secret_key,
        method=method,
        query=request.data if method == "GET" else "",
        signed={"content-type": request.header["Content-Type"], "host": request.header["Host"]},
        payload=b"" if method == "GET" else request.data.encode(),
        timestamp=int(request.header["X-TC-Timestamp"]),
        service="tiw",
    )
    assert ours == request.header["Authorization"]
