"""The simulated world: what the demo shows and what every other test stands on."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.properties import reaching
from tiwtui.model import VIDEO_KINDS, TaskRef
from tiwtui.sim.recordings import DOCUMENT_ANSWER_TASK_ID, DOCUMENT_TASK_ID
from tiwtui.sim.task_ids import place_of, task_id
from tiwtui.sim.world import (
    ALL_SETTLED_S,
    CAST_SIZE,
    SDK_APP_ID,
    UNDOCUMENTED_STATUS,
    Ending,
    Failed,
    Finished,
    State,
    Unknown,
    Unsettled,
    World,
)

SEEDS = st.integers(0, 2**32)
PLACES = st.integers(0, 150_000)


def ending_of(state: State) -> Ending | None:
    match state:
        case Unknown():
            return Ending.NOT_FOUND
        case Failed():
            return Ending.FAILED
        case Finished(_, recording):
            return Ending.READY if recording.videos else Ending.EMPTY
        case Unsettled():
            return None


def rank(state: State) -> int:
    if isinstance(state, Unsettled):
        return ("QUEUED", "PROCESSING", UNDOCUMENTED_STATUS).index(state.status)
    return 3


@settings(deadline=None)
@given(SEEDS)
def test_law_3_the_first_fourteen_reach_every_ending_within_3000_s(seed: int) -> None:
    """Scripts that are given the first ids see all there is to see, whatever the seed."""
    world = World(seed)
    states = [world.state(ref.task_id, ALL_SETTLED_S) for ref in world.refs(CAST_SIZE)]
    assert {ending_of(state) for state in states} == set(Ending)


@settings(deadline=None)
@given(SEEDS)
def test_the_first_fourteen_are_in_every_stage_at_the_start(seed: int) -> None:
    """A demo shows something of everything before the first second is over."""
    world = World(seed)
    states = [world.state(ref.task_id, 0.0) for ref in world.refs(CAST_SIZE)]
    stages = {state.status if isinstance(state, Unsettled) else ending_of(state) for state in states}
    assert stages >= {"QUEUED", "PROCESSING", Ending.READY, Ending.FAILED, Ending.NOT_FOUND}


@settings(deadline=None)
@given(SEEDS)
def test_one_settles_every_few_seconds_at_first_and_some_are_left_after_half_an_hour(seed: int) -> None:
    """The first impression is a lively one, and it does not run dry."""
    world = World(seed)
    lives = [world.life(ref.task_id) for ref in world.refs(CAST_SIZE)]
    settling = sorted(life.settles_at_s for life in lives if life)
    assert len([at_s for at_s in settling if 0 < at_s < 60]) >= 5
    assert settling[-1] > 1800


@settings(deadline=None)
@given(SEEDS, PLACES, st.lists(st.floats(-5000, 300_000), min_size=2, max_size=6))
def test_law_2_a_task_never_goes_back(seed: int, place: int, times: list[float]) -> None:
    """A watcher that sees an earlier status after a later one would be right to doubt the service."""
    world = World(seed)
    states = [world.state(task_id(seed, place), at_s) for at_s in sorted(times)]
    ranks = [rank(state) for state in states]
    assert ranks == sorted(ranks)
    settled = [state for state in states if not isinstance(state, Unsettled)]
    assert all(state == settled[0] for state in settled)


@settings(deadline=None)
@given(SEEDS, PLACES, st.floats(0, 10_000))
def test_the_same_seed_and_time_give_the_same_state(seed: int, place: int, at_s: float) -> None:
    """Screens and tests repeat exactly."""
    name = task_id(seed, place)
    assert World(seed).state(name, at_s) == World(seed).state(name, at_s)


def test_law_1_the_world_of_a_seed_is_the_same_in_every_process() -> None:
    """Python salts its own hash(); a demo must not depend on it."""
    world = World(1)
    assert [ref.task_id for ref in world.refs(3)] == KNOWN_IDS
    assert [world.label(ref) for ref in world.refs(6)] == KNOWN_LABELS


def test_recordings_law_1_every_recording_obeys_the_arithmetic_of_the_samples() -> None:
    """In all published samples TotalTime is where the last video ends."""
    with reaching("videos", "none") as reached:

        @settings(max_examples=100)
        @given(SEEDS, PLACES)
        def check(seed: int, place: int) -> None:
            state = World(seed).state(task_id(seed, place), 1e9)
            if not (isinstance(state, Finished) and state.recording.videos):
                reached("none")
                return
            reached("videos")
            videos = state.recording.videos
            ends = [(video.play_offset_ms or 0) + (video.duration_ms or 0) for video in videos]
            assert state.recording.total_time_ms == max(ends)
            assert 1 <= len(videos) <= 6
            assert all(video.duration_ms and video.size_bytes for video in videos)
            assert all(video.play_offset_ms is not None and video.play_offset_ms >= 0 for video in videos)

        check()


def test_recordings_law_3_sizes_follow_from_length_and_kind() -> None:
    """Columns, totals and downloads are tried with numbers as they will be met."""
    world = World(3)
    for ref in world.refs(60):
        state = world.state(ref.task_id, 1e9)
        for video in state.recording.videos if isinstance(state, Finished) else ():
            assert video.size_bytes
            assert video.duration_ms
            bytes_per_s = video.size_bytes / video.duration_ms * 1000
            least, most = {"whiteboard": (1e3, 4e3), "audio": (4e3, 9e3)}.get(video.kind, (15e3, 130e3))
            assert least < bytes_per_s < most


def test_all_kinds_of_video_occur_and_name_their_users_as_documented() -> None:
    """The kinds differ in user id, format and frame: each must be met while developing a screen."""
    world = World(3)
    met = set()
    for ref in world.refs(60):
        state = world.state(ref.task_id, 1e9)
        if not isinstance(state, Finished):
            continue
        for video in state.recording.videos:
            met.add(video.kind)
            match video.kind:
                case "whiteboard":
                    assert video.user_id == ""
                case "mixed":
                    mixed = rf"tic_mixstream_{state.recording.room_id}_(101|3|custom)"
                    assert re.fullmatch(mixed, video.user_id)
                case "screen":
                    assert video.user_id.startswith("tic_substream_")
                case "audio":
                    assert video.format == "mp3"
                    assert not video.width
    assert met == set(VIDEO_KINDS)


def test_recordings_law_2_a_user_can_have_several_videos_and_lanes_overlap() -> None:
    """Rows keyed by user, or lanes drawn one after the other, must show up as wrong."""
    world = World(3)
    states = [world.state(ref.task_id, 1e9) for ref in world.refs(60)]
    films = [state.recording.videos for state in states if isinstance(state, Finished)]
    assert any(len({video.user_id for video in videos}) < len(videos) for videos in films)
    assert any(
        one.user_id != other.user_id
        and (one.play_offset_ms or 0) < (other.play_offset_ms or 0)
        and (other.play_offset_ms or 0) < (one.play_offset_ms or 0) + (one.duration_ms or 0)
        for videos in films
        for one in videos
        for other in videos
    )


def test_files_lie_in_the_services_buckets_and_in_the_customers() -> None:
    """Only files in the service's own buckets end after three days."""
    world = World(3)
    states = [world.state(ref.task_id, 1e9) for ref in world.refs(60)]
    urls = [v.url for state in states if isinstance(state, Finished) for v in state.recording.videos]
    own = [url for url in urls if ".cos." in url]
    assert own
    assert len(own) < len(urls) / 2
    assert len(set(urls)) == len(urls)


@settings(deadline=None)
@given(SEEDS)
def test_law_4_an_undocumented_status_is_seen_but_not_among_the_first(seed: int) -> None:
    """The first ids get the documented service; the demo has surprises."""
    world = World(seed)
    at_start = [world.state(ref.task_id, 0.0) for ref in world.refs(40)]
    odd = [isinstance(state, Unsettled) and state.status == UNDOCUMENTED_STATUS for state in at_start]
    assert not any(odd[:CAST_SIZE])
    assert odd.count(True) == 1


@settings(deadline=None)
@given(SEEDS)
def test_law_5_one_of_the_first_is_the_documents_example_with_another_id_in_its_answer(seed: int) -> None:
    """A client that keys by the answer's TaskId loses this one."""
    world = World(seed)
    assert TaskRef(SDK_APP_ID, DOCUMENT_TASK_ID) in world.refs(CAST_SIZE)
    state = world.state(DOCUMENT_TASK_ID, 0.0)
    assert isinstance(state, Finished)
    assert state.task_id == DOCUMENT_ANSWER_TASK_ID


@pytest.mark.parametrize(
    "text", ["", "nonsense", "0" * 20, "GHUCNLIGQTGTVK2624MB", "+1" + "0" * 18, "ä" * 20]
)
def test_law_6_an_id_of_no_world_is_unknown(text: str) -> None:
    """Ids are user input: every string must have an answer."""
    assert World(1).state(text, 0.0) == Unknown()


@settings(deadline=None)
@given(SEEDS, PLACES)
def test_task_ids_laws_1_and_2_an_id_gives_its_place_in_its_own_world_only(seed: int, place: int) -> None:
    """That is what lets a world of any size do without a table."""
    name = task_id(seed, place)
    assert re.fullmatch("[0-9a-v]{20}", name)
    assert place_of(seed, name) == place
    assert place_of(seed + 1, name) is None


def test_a_hundred_thousand_tasks_have_as_many_ids() -> None:
    """Lists of that size are what the screen is measured with."""
    assert len(set(World(1).refs(100_000))) == 100_000


def test_a_shorter_list_is_the_beginning_of_a_longer_one() -> None:
    """--tasks changes how much is listed, not what."""
    world = World(4)
    assert world.refs(300)[:20] == world.refs(20)
    assert world.refs(0) == ()


def test_a_long_list_is_mostly_history() -> None:
    """A hundred thousand tasks of which half are active could not be watched at 20 requests a second."""
    world = World(4)
    lives = [world.life(task_id(4, place)) for place in range(50_000, 52_000)]
    assert len([life for life in lives if life and life.settles_at_s > 0]) < 60


def test_failures_read_as_the_service_writes_them() -> None:
    """The inner code and the Beijing time are what people search their own logs for."""
    world = World(2, began_at=1_793_581_200.0)  # 09:00 in Beijing
    messages = [
        state.message
        for ref in world.refs(CAST_SIZE)
        if isinstance(state := world.state(ref.task_id, ALL_SETTLED_S), Failed)
    ]
    assert len(messages) == 3
    shape = r"code: \d{5}, msg: 2026-11-02 (08|09):\d\d:\d\d, .+\n"
    assert all(re.fullmatch(shape, message) for message in messages)


def test_labels_are_mixed_and_some_are_missing() -> None:
    """Wide, narrow and absent labels side by side are what a column has to bear."""
    world = World(2)
    labels = [world.label(ref) for ref in world.refs(200)]
    assert 20 < labels.count("") < 80
    assert len(set(labels)) > 10
    assert world.label(TaskRef(SDK_APP_ID, "not-of-this-world")) == ""


KNOWN_IDS = ["mraugom3mprpa3rm0lno", "s1g8l6pgac7m9jhj4p21", "u34mh4398gmg7b2brml4"]
KNOWN_LABELS = ["语文 阅读课", "Maths 3B", "English B2 🎧", "物理 第三讲", "语文 阅读课", ""]
