"""What an answer changes: nothing good is ever lost."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import WALL, finished, make_task, make_video, no_answer, observed, refused
from tiwtui.api.answers import Answer, Garbled, Observed, Refused
from tiwtui.engine.transitions import apply_answer, together
from tiwtui.listing.attention.reasons import attention
from tiwtui.model import Done, Failure, Phase, Task, Trouble, TroubleKind, Video

GARBLED = Garbled("$.Response.Status", "expected str", "r-2", b'{"Response":{"Status":3}}')


def _after(*answers: Answer, task: Task | None = None, start: float = WALL + 120) -> Task:
    task, seen = task or make_task(), None
    for step, answer in enumerate(answers):
        found = apply_answer(task, answer, start + step, seen=seen)
        task, seen = found.task, seen if found.videos is None else found.videos
    return task


@pytest.mark.parametrize(
    ("answer", "phase"),
    [
        (observed("QUEUED"), Phase.QUEUED),
        (observed("PROCESSING"), Phase.PROCESSING),
        (observed("MERGING"), Phase.OTHER),
        (finished(), Phase.READY),
        (observed("FINISHED"), Phase.EMPTY),
        (refused("FailedOperation.Record"), Phase.FAILED),
        (refused("InvalidParameter.TaskNotFound"), Phase.NOT_FOUND),
    ],
)
def test_answer_decides_the_phase(answer: Answer, phase: Phase) -> None:
    """The three documented statuses, and how the service reports the rest."""
    assert _after(answer).phase is phase


def test_undocumented_status_is_saved_verbatim() -> None:
    assert _after(observed("MERGING")).status == "MERGING"


def test_row_sums_up_its_videos() -> None:
    """The list needs their number, size, kinds and users, not the videos."""
    videos = (make_video(type=0, user_id="teacher_1", size_bytes=5), make_video(size_bytes=None))
    task = _after(observed("FINISHED", *videos))
    assert (task.video_count, task.size_bytes, task.kinds, task.users) == (
        2,
        5,
        ("camera", "whiteboard"),
        ("teacher_1",),
    )


@pytest.mark.parametrize("trouble", [no_answer(), GARBLED, refused("InternalError"), refused("Whatever")])
def test_trouble_changes_nothing_but_trouble(trouble: Answer) -> None:
    """transitions law 1: a property of the check, not of the task."""
    before = _after(finished())
    after = _after(trouble, task=before)
    assert after.trouble is not None
    assert (after.phase, after.video_count, after.checked_at) == (Phase.READY, 1, before.checked_at)


def test_trouble_keeps_the_time_it_began_and_ends_with_an_answer() -> None:
    task = _after(no_answer(), GARBLED, refused("InternalError"))
    assert task.trouble is not None
    assert (task.trouble.since, task.trouble.kind) == (WALL + 120, TroubleKind.SERVICE)
    assert _after(observed(), task=task).trouble is None


def test_trouble_of_an_unreadable_answer_has_a_fixed_code_and_its_request_id() -> None:
    """Scripts compare codes; the path is for people. The time is that of the answer the id belongs to."""
    assert _after(no_answer(), GARBLED).trouble == Trouble(
        TroubleKind.GARBLED, "garbled", "$.Response.Status: expected str", "r-2", WALL + 120, WALL + 121
    )


@pytest.mark.parametrize(
    "answer", [GARBLED, Garbled("$", "not JSON", "", b"x" * 100_000), refused("InternalError")]
)
def test_bytes_of_an_error_are_saved_until_a_good_answer(answer: Answer) -> None:
    """Up to 64 KB of them; where nothing came, or a good answer, they would belong to another check."""
    assert isinstance(answer, Garbled | Refused)
    found = apply_answer(make_task(), answer, WALL)
    assert found.error_raw == answer.raw[:65_536]
    assert found.raw is None
    assert apply_answer(found.task, no_answer(), WALL).error_raw == b""
    assert apply_answer(found.task, observed(), WALL).error_raw == b""
    assert apply_answer(make_task(), observed(), WALL).error_raw is None


ONE, TWO, THREE = (make_video(url=f"http://a.example/{n}", video_id=str(n)) for n in range(3))
FAILED = refused("FailedOperation.Record", "code: 1, msg: x")


def _unlisted(video: Video) -> Video:
    return msgspec.structs.replace(video, listed=False)


def test_a_ready_task_checked_again_keeps_the_videos_that_are_no_longer_listed() -> None:
    """Their files may still be there, and no other call names them."""
    now = msgspec.structs.replace(TWO, url="http://a.example/new", size_bytes=7)
    found = apply_answer(
        _after(observed("FINISHED", ONE, TWO)), observed("FINISHED", now, THREE), WALL + 500, seen=(ONE, TWO)
    )
    assert found.videos == (_unlisted(ONE), now, THREE)
    assert (found.task.phase, found.task.video_count) == (Phase.READY, 2)
    assert found.task.size_bytes == 7 + (THREE.size_bytes or 0)


def test_a_video_that_is_listed_again_counts_again() -> None:
    task = _after(observed("FINISHED", ONE), observed("FINISHED", TWO), observed("FINISHED", ONE, TWO))
    assert task.video_count == 2


def test_an_empty_list_leaves_a_ready_task_as_it_is() -> None:
    found = apply_answer(_after(finished()), observed("FINISHED"), WALL + 500, seen=(make_video(),))
    assert (found.task.phase, found.task.video_count, found.videos) == (Phase.READY, 1, None)
    assert found.transition is None


@pytest.mark.parametrize("status", ["PROCESSING", "QUEUED"])
def test_an_earlier_status_makes_a_ready_task_active_again_with_its_videos(status: str) -> None:
    """transitions law 4: the new end is news, and the estimate for the old files does not move later."""
    before = _after(observed(), observed("FINISHED", ONE))
    again = apply_answer(before, observed(status, TWO), WALL + 500, seen=(ONE,))
    assert (again.task.phase.is_active, again.task.so_far, again.task.video_count) == (True, (ONE, TWO), 2)
    assert again.videos == (ONE, TWO)
    end = apply_answer(again.task, observed("FINISHED", TWO), WALL + 900)
    assert (end.task.phase, end.videos) == (Phase.READY, (_unlisted(ONE), TWO))
    assert end.task.files_end_at == before.files_end_at == WALL + 120 + 3 * 86_400


def test_failure_after_ready_leaves_it_ready_with_that_error() -> None:
    """transitions law 3: the videos may still be there. The good answer is saved beside the error's."""
    found = apply_answer(_after(finished()), FAILED, WALL + 500)
    task = found.task
    assert (task.phase, task.video_count, found.videos, found.raw) == (Phase.READY, 1, None, None)
    assert task.error == Failure("FailedOperation.Record", "code: 1, msg: x", "r-1", WALL + 500)
    assert (found.error_raw, found.transition, task.checked_at) == (b"{}", None, WALL + 500)
    good = apply_answer(task, finished(), WALL + 501, seen=(make_video(),))
    assert (good.task.error, good.error_raw) == (None, b"")


def test_failure_is_news_once_also_for_a_task_that_was_seen_and_taken() -> None:
    """Each check by hand would bring it back to Attention."""
    ready = msgspec.structs.replace(_after(finished()), seen_at=WALL + 200, taken_at=WALL + 300)
    failed = apply_answer(ready, FAILED, WALL + 500).task
    assert not ready.is_unseen
    assert failed.is_unseen
    assert attention(failed, WALL + 501)[0]
    done = Done(WALL + 510, "anna", ("failed_later",))
    seen = msgspec.structs.replace(failed, seen_at=WALL + 510, done=done)
    again = apply_answer(seen, FAILED, WALL + 600).task
    assert not again.is_unseen
    assert not attention(again, WALL + 601)[0]
    another = apply_answer(again, refused("FailedOperation.Record", "another"), WALL + 700).task
    assert another.is_unseen
    assert attention(another, WALL + 701)[0]


def test_failure_of_a_running_task_keeps_the_videos_that_it_had() -> None:
    found = apply_answer(_after(observed("PROCESSING", ONE)), FAILED, WALL + 500)
    assert (found.task.phase, found.task.video_count, found.videos) == (Phase.FAILED, 1, None)


@pytest.mark.parametrize("later", [observed("FINISHED", TWO), observed("PROCESSING"), finished()])
def test_where_the_saved_videos_cannot_be_read_no_list_replaces_them(later: Answer) -> None:
    """A disk that fails for a moment must not cost a video."""
    before = _after(observed("FINISHED", ONE))
    found = apply_answer(before, later, WALL + 500, seen=None)
    assert (found.task.phase, found.task.video_count, found.videos) == (Phase.READY, 1, None)


def test_listed_videos_are_never_dropped_for_unlisted_ones() -> None:
    """What is stored of hostile answers has an end."""
    old = tuple(make_video(url=f"http://a.example/old{n}", video_id=f"old {n}") for n in range(1000))
    new = tuple(make_video(url=f"http://a.example/new{n}", video_id=f"new {n}") for n in range(600))
    found = apply_answer(_after(observed("FINISHED", *old)), observed("FINISHED", *new), WALL + 500, seen=old)
    assert found.videos is not None
    assert (len(found.videos), found.task.video_count) == (1000, 600)


def test_not_found_counts_once_a_task_is_a_minute_old() -> None:
    """transitions law 5: a task just created may not be known to every server yet."""
    gone = refused("InvalidParameter.TaskNotFound")
    young = apply_answer(make_task(), gone, WALL + 59).task
    assert (young.phase, young.trouble, young.checked_at) == (Phase.NEW, None, WALL + 59)
    assert apply_answer(young, gone, WALL + 60).task.phase is Phase.NOT_FOUND
    assert apply_answer(make_task(), gone, WALL + 1, grace_s=0).task.phase is Phase.NOT_FOUND


@pytest.mark.parametrize("first", [observed("QUEUED"), finished(), refused("FailedOperation.Record")])
def test_not_found_is_trouble_for_a_task_that_once_had_an_answer(first: Answer) -> None:
    """It is known to exist: what its answers said stays."""
    before = _after(first)
    after = _after(refused("InvalidParameter.TaskNotFound"), task=before)
    assert after.phase is before.phase
    assert after.trouble is not None
    assert after.trouble.message == "the service no longer knows it"


def test_task_that_turns_up_after_all_is_found() -> None:
    assert _after(refused("InvalidParameter.TaskNotFound"), observed("QUEUED")).phase is Phase.QUEUED


def test_time_in_phase_counts_from_the_first_look_at_it() -> None:
    task = _after(observed("QUEUED"), observed("QUEUED"), observed("PROCESSING"), observed("PROCESSING"))
    assert task.phase_since == WALL + 122


def test_settled_between_are_the_looks_before_and_after() -> None:
    """The service gives no times: this is all that is known."""
    assert _after(observed(), finished()).settled_between == (WALL + 120, WALL + 121)
    assert _after(finished()).settled_between is None


def test_files_end_three_days_after_the_earliest_possible_end() -> None:
    """On the service's own hosts; a bucket of the customer's own keeps them."""
    own = make_video(url="https://rec-125.cos.ap-singapore.myqcloud.com/a.mp4")
    assert _after(observed(), finished()).files_end_at == WALL + 120 + 3 * 86_400
    assert _after(observed(), observed("FINISHED", own)).files_end_at is None
    assert apply_answer(make_task(), finished(), WALL, kept_days=0).task.files_end_at is None


def test_transition_is_news_only_once() -> None:
    assert apply_answer(make_task(), observed(), WALL).transition is not None
    assert apply_answer(_after(observed()), observed(), WALL).transition is None


ANSWERS = st.sampled_from(
    [
        observed("QUEUED"),
        observed("PROCESSING"),
        observed("MERGING"),
        observed("FINISHED"),
        finished(),
        observed("PROCESSING", make_video()),
        refused("FailedOperation.Record"),
        refused("InvalidParameter.TaskNotFound"),
        refused("InternalError"),
        refused("RequestLimitExceeded"),
        refused("AuthFailure"),
        refused("NobodyKnows"),
        GARBLED,
        no_answer(),
    ]
)


@given(st.lists(ANSWERS, max_size=30))
def test_nothing_good_is_ever_lost(answers: list[Answer]) -> None:
    """Over any sequence of answers: videos never go, phases only by answers."""
    task, seen = make_task(), tuple[Video, ...]()
    for step, answer in enumerate(answers):
        found = apply_answer(task, answer, WALL + step * 20, seen=seen)
        seen = seen if found.videos is None else found.videos
        after = found.task
        assert after.checks == task.checks + 1
        assert after.video_count >= task.video_count
        if after.trouble is not None:
            assert (after.phase, after.checked_at, after.phase_since) == (
                task.phase,
                task.checked_at,
                task.phase_since,
            )
        if task.phase is Phase.READY and not isinstance(answer, Observed):
            assert after.phase is Phase.READY
        if task.files_end_at is not None and after.files_end_at is not None:
            assert after.files_end_at <= task.files_end_at
        assert (after.phase is Phase.READY) <= (after.video_count > 0)
        assert (found.transition is None) == (
            after.phase is task.phase and (after.phase is not Phase.OTHER or after.status == task.status)
        )
        task = after


def test_shorter_list_of_a_running_task_loses_no_video() -> None:
    """Only FINISHED with videos says which are no longer listed."""
    three = [make_video(video_id=str(number)) for number in range(3)]
    seen = _after(observed("PROCESSING", *three))
    found = apply_answer(seen, observed("PROCESSING", three[0]), WALL + 500)
    assert (found.task.video_count, found.videos) == (3, None)
    assert apply_answer(seen, observed("FINISHED", three[0]), WALL + 500).task.video_count == 1


def test_files_of_a_task_first_seen_finished_end_three_days_later_at_the_latest() -> None:
    """It may have finished long before it was added: only the latest moment is known."""
    first = _after(finished())
    assert (first.files_end_at, first.ends_at_latest) == (WALL + 120 + 3 * 86_400, True)
    assert not _after(observed(), finished()).ends_at_latest
    own = make_video(url="https://rec-125.cos.ap-singapore.myqcloud.com/a.mp4")
    for task in (
        _after(observed("FINISHED", own)),
        apply_answer(make_task(), finished(), WALL, kept_days=0).task,
    ):
        assert (task.files_end_at, task.ends_at_latest) == (None, False)


def test_the_latest_end_stays_whatever_later_answers_say() -> None:
    """Transitions law 4: the first files are not stored longer because others were made since."""
    first = _after(finished())
    for answers in ((finished(),), (observed(), finished()), (observed("FINISHED"), finished())):
        after = apply_answer(first, answers[0], WALL + 90_000, seen=(make_video(),)).task
        for answer in answers[1:]:
            after = apply_answer(after, answer, WALL + 180_000, seen=(make_video(),)).task
        assert (after.files_end_at, after.ends_at_latest) == (first.files_end_at, True)


def test_a_task_that_said_finished_before_its_videos_came_had_finished_then() -> None:
    """The look at an empty list is no look at which it had not finished."""
    unknown, known = _after(observed("FINISHED"), finished()), _after(observed(), observed("FINISHED"))
    assert (unknown.files_end_at, unknown.ends_at_latest) == (WALL + 120 + 3 * 86_400, True)
    assert _after(finished(), task=known, start=WALL + 400).files_end_at == WALL + 120 + 3 * 86_400


def test_a_list_saved_without_an_estimate_gets_it_with_the_next_check() -> None:
    """Counted from the first look, which an earlier version saved."""
    saved = msgspec.structs.replace(_after(finished()), files_end_at=None, ends_at_latest=False)
    after = apply_answer(saved, finished(), WALL + 90_000, seen=(make_video(),)).task
    assert (after.files_end_at, after.ends_at_latest) == (WALL + 120 + 3 * 86_400, True)


def test_row_of_a_hostile_answer_stays_small() -> None:
    """A megabyte of user names must not be read at every start."""
    videos = [make_video(user_id=f"user {number}", type=number) for number in range(1000)]
    task = _after(observed("FINISHED", *videos))
    assert (task.video_count, len(task.users), len(task.kinds)) == (1000, 64, 16)


_SEEN = st.lists(
    st.builds(
        lambda number, sign, has_id, kind: make_video(
            url=f"http://a.example/{number}.mp4?sign={sign}",
            video_id=f"id {number}" if has_id else "",
            size_bytes=None if kind == 9 else number,
            type=kind,
            user_id=f"user {number}",
        ),
        st.integers(0, 5),
        st.integers(0, 1),
        st.booleans(),
        st.sampled_from([0, 2, 9]),
    ),
    max_size=4,
)
VIDEO_ANSWERS = st.one_of(
    ANSWERS,
    st.builds(
        lambda status, videos: observed(status, *videos),
        st.sampled_from(["QUEUED", "PROCESSING", "MERGING", "FINISHED"]),
        _SEEN,
    ),
)


def _names(videos: tuple[Video, ...]) -> set[str]:
    return {video.url.partition("?")[0] for video in videos}


@given(st.lists(VIDEO_ANSWERS, max_size=25))
def test_no_video_is_ever_lost(answers: list[Answer]) -> None:
    """transitions law 2: the saved videos are all that were seen; the row sums up the listed ones."""
    task, seen = make_task(), set[str]()
    saved: tuple[Video, ...] = ()
    for step, answer in enumerate(answers):
        found = apply_answer(task, answer, WALL + step * 20, seen=saved)
        saved = saved if found.videos is None else found.videos
        after = found.task
        if isinstance(answer, Observed):
            seen |= _names(answer.videos)
        assert _names(saved) == seen
        listed = tuple(video for video in saved if video.listed)
        if isinstance(answer, Observed) and answer.status == "FINISHED" and answer.videos:
            assert len(listed) == len(answer.videos)
        assert after.video_count == len(listed)
        assert after.size_bytes == sum(video.size_bytes or 0 for video in listed)
        assert set(after.kinds) == {video.kind for video in listed}
        assert after.so_far == (() if not after.phase.is_active else saved)
        task = after


def test_lists_of_a_running_task_are_put_together() -> None:
    """A service that fills its list bit by bit may show another part each time."""
    one, two, three = (make_video(url=f"http://a.example/{n}", video_id=str(n)) for n in range(3))
    task = _after(observed("PROCESSING", one, two), observed("PROCESSING", three, two))
    assert task.so_far == (one, two, three)
    assert apply_answer(task, observed("FINISHED"), WALL + 500).task.video_count == 3
    assert apply_answer(task, observed("FINISHED", two), WALL + 500).videos == (
        _unlisted(one),
        two,
        _unlisted(three),
    )


def test_the_same_video_is_known_by_its_id_where_its_url_is_signed_again() -> None:
    """Else each answer would add all of them again."""
    before = make_video(url="http://a.example/v?sign=1", size_bytes=5)
    now = make_video(url="http://a.example/v?sign=2", size_bytes=None)
    task = _after(observed("PROCESSING", before), observed("PROCESSING", now))
    assert task.so_far == (make_video(url="http://a.example/v?sign=2", size_bytes=5),)


def test_two_videos_of_one_answer_stay_two_whatever_they_share() -> None:
    """A repeated VideoId or URL is the service's mistake, and no reason to hide a file."""
    first, second = make_video(url="http://a.example/1"), make_video(url="http://a.example/2")
    task = _after(*[observed("PROCESSING", first, second)] * 3)
    assert [video.url for video in task.so_far] == [first.url, second.url]


@pytest.mark.parametrize("video_id", ["", "5285890792776509100"])
def test_each_video_has_a_key_of_its_own_that_stays(video_id: str) -> None:
    """What was copied is noted by it: of two that share one, the second would never count as copied."""
    two = [make_video(video_id=video_id, url="http://a.example/v?sign=1", user_id=name) for name in "ab"]
    before = together((), tuple(two))
    keys = [video.key for video in before]
    assert keys[0] == two[0].key
    assert len(set(keys)) == 2
    now = together(before, (make_video(video_id="new"), *two), is_whole=True)
    assert [(video.key, video.user_id) for video in now] == [(keys[0], "a"), (keys[1], "b"), ("new", "")]
    assert [video.key for video in together(now, tuple(two[:1]), is_whole=True)] == [*keys, "new"]


def test_files_in_a_bucket_of_ones_own_do_not_end_where_the_last_answer_names_none() -> None:
    own = make_video(url="https://rec-125.cos.ap-singapore.myqcloud.com/a.mp4")
    assert _after(observed("PROCESSING", own), observed("FINISHED")).files_end_at is None


def test_row_names_what_could_not_be_read_until_an_answer_is_whole() -> None:
    """The Note shows it; trouble in between is no answer."""
    odd = observed("PROCESSING", oddities=tuple(f"$.Response.X{n}: expected int" for n in range(9)))
    task = _after(odd, no_answer())
    assert task.oddities == odd.oddities[:3]
    assert _after(observed(), task=task).oddities == ()
    assert _after(refused("FailedOperation.Record"), task=task).oddities == ()
