"""`tiwtui list` and `urls`: the last known state in every form, and which tasks of it."""

import csv
import io
import json

import msgspec
import pytest

from tests.cli.watch_list import FAILED, READY, RUNNING, Keeping
from tests.factories import APP, WALL, make_ref, make_video, observed, refused

ALL = [READY.ref.task_id, RUNNING.ref.task_id, FAILED.ref.task_id]
URLS = ["http://1257240443.vod2.myqcloud.com/cc35b442vodcq1257240443/video.mp4"]
URLS.append("http://1.vod2.myqcloud.com/b.mp4")


@pytest.fixture(autouse=True)
def _filled(keeping: Keeping) -> None:
    keeping.fill()


# list


def test_plain_has_the_documented_columns_in_the_order_of_adding(keeping: Keeping) -> None:
    """Scripts cut columns by number."""
    assert [line.split("\t") for line in keeping.listed()] == [
        [ALL[0], str(APP), "ready", "物理 第二讲", "900822", "2", URLS[0], ""],
        [ALL[1], str(APP), "processing", "Maths 3A", "900824", "0", "", ""],
        [ALL[2], str(APP), "failed", "Maths 3B", "", "0", "", "FailedOperation.Record"],
    ]


def test_json_has_what_is_known_without_asking(keeping: Keeping) -> None:
    (ready, running, failed) = json.loads(keeping.run("list", "--json").stdout)
    assert [video["url"] for video in ready["videos"]] == URLS
    assert (ready["phase"], ready["label"], ready["checks"]) == ("ready", "物理 第二讲", 1)
    assert ready["checked_at"] == "2023-11-14T22:13:20Z"
    assert (running["phase"], running["videos"], running["error"]) == ("processing", [], None)
    assert failed["error"]["code"] == "FailedOperation.Record"


def test_jsonl_is_the_same_an_object_a_line(keeping: Keeping) -> None:
    lines = keeping.listed("--jsonl")
    assert [json.loads(line) for line in lines] == json.loads(keeping.run("list", "--json").stdout)


def test_csv_has_a_row_per_video(keeping: Keeping) -> None:
    text = keeping.run("list", "--csv").stdout_bytes.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [(row["task_id"], row["kind"], row["url"]) for row in rows] == [
        (ALL[0], "whiteboard", URLS[0]),
        (ALL[0], "camera", URLS[1]),
        (ALL[1], "", ""),
        (ALL[2], "", ""),
    ]


def test_empty_list_prints_nothing_but_an_empty_array(keeping: Keeping) -> None:
    keeping.run("rm", *ALL)
    assert keeping.listed() == []
    assert json.loads(keeping.run("list", "--json").stdout) == []
    assert keeping.run("list", "--jsonl").stdout == ""


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("maths", ALL[1:]),
        ("MATHS !3b", [ALL[1]]),
        ("物理", [ALL[0]]),
        ("900824", [ALL[1]]),
        ("login", [ALL[2]]),
        ("teacher_1", [ALL[0]]),
        ('"maths 3a"', [ALL[1]]),
        ("phase:ready", [ALL[0]]),
        ("status:active", [ALL[1]]),
        ("!phase:ready,failed", [ALL[1]]),
        ("phase:failed maths", [ALL[2]]),
        ("！phase：ready　maths", ALL[1:]),
        ("", ALL),
        ("nowhere", []),
    ],
)
def test_filter_is_the_one_of_the_screen(keeping: Keeping, query: str, expected: list[str]) -> None:
    assert keeping.ids("--filter", query) == expected


def test_filter_and_ids_together_narrow(keeping: Keeping) -> None:
    assert keeping.ids(ALL[0], ALL[1], "--filter", "maths") == [ALL[1]]


def test_ids_choose_and_order(keeping: Keeping) -> None:
    assert keeping.ids(ALL[2], str(READY.ref), ALL[2]) == [ALL[2], ALL[0]]
    result = keeping.run("list", "-", standard_input=f"{ALL[1]}\n")
    assert result.stdout.split("\t")[0] == ALL[1]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("removed:yes", [ALL[0], ALL[2]]),
        ("removed:yes maths", [ALL[2]]),
        ("removed:no", [ALL[1]]),
        ("!removed:yes", [ALL[1]]),
        ("phase:ready", []),
    ],
)
def test_removed_tasks_are_shown_where_the_filter_asks_for_them(
    keeping: Keeping, query: str, expected: list[str]
) -> None:
    """No call lists tasks: here they can be found again for thirty days. The last removed comes first."""
    keeping.run("rm", ALL[2])
    keeping.run("rm", ALL[0])
    assert keeping.ids("--filter", query) == expected


def test_removed_task_can_be_named_where_the_filter_asks_for_it(keeping: Keeping) -> None:
    keeping.run("rm", *ALL[:2])
    assert keeping.ids(ALL[1], "--filter", "removed:yes") == [ALL[1]]
    assert urls(keeping, "--filter", "removed:yes") == URLS


@pytest.mark.parametrize("form", ["--csv", "--json", "--jsonl", ""])
def test_url_that_is_none_leaves_its_cell_empty_and_the_reason_on_standard_error(
    keeping: Keeping, form: str
) -> None:
    """An empty cell alone would look like a task without video."""
    videos = [make_video(url=url) for url in ("javascript:alert(1)", "ftp://a/b", "http://a/b c")]
    keeping.fill({make_ref("wicked"): observed("FINISHED", *videos)})
    result = keeping.run("list", "wicked", *filter(None, [form]))
    told = (
        "3 URLs withheld (it is not http or https; it contains spaces): "
        "--json has them as the service gave them, escaped\n"
    )
    assert (result.exit_code, result.stderr) == (0, "" if form.startswith("--json") else told)
    assert ("javascript" in result.stdout) == form.startswith("--json")


@pytest.mark.parametrize("command", [("list",), ("urls",), ("rm",), ("watch",), ("wait",)])
def test_bad_filter_ends_with_2_and_the_reason(keeping: Keeping, command: tuple[str, ...]) -> None:
    """An empty result would look like an answer."""
    result = keeping.run(*command, "--filter", "maths phase:")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "filter 'phase:': which phase?" in result.stderr
    assert keeping.ids() == ALL


# urls


def urls(keeping: Keeping, *words: str) -> list[str]:
    """Return the lines that `urls` prints."""
    result = keeping.run("urls", *words)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout.splitlines()


def test_urls_are_one_a_line(keeping: Keeping) -> None:
    """`tiwtui urls | xargs -n1 curl -O`."""
    assert urls(keeping) == URLS
    assert urls(keeping, ALL[0]) == URLS
    assert urls(keeping, "--filter", "phase:active") == []


def test_kinds_can_be_chosen(keeping: Keeping) -> None:
    assert urls(keeping, "--kind", "camera") == URLS[1:]
    assert urls(keeping, "--kind", "whiteboard, camera") == URLS
    assert urls(keeping, "--kind", "screen,type_9") == []


def test_video_whose_kind_the_service_left_out_can_be_chosen(keeping: Keeping) -> None:
    """`list --json` calls it so."""
    keeping.fill({make_ref("bare"): observed("FINISHED", make_video(type=None))})
    assert urls(keeping, "--kind", "unknown", "--long")[0].split("\t")[2] == "unknown"


def test_unknown_kind_ends_with_2_and_names_the_known(keeping: Keeping) -> None:
    result = keeping.run("urls", "--kind", "camera,sceen")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "'sceen' is not one of camera, screen, whiteboard, mixed, audio" in " ".join(result.stderr.split())


def test_long_tells_label_room_kind_and_user_before_the_url(keeping: Keeping) -> None:
    assert [line.split("\t") for line in urls(keeping, "--long")] == [
        ["物理 第二讲", "900822", "whiteboard", "", URLS[0]],
        ["物理 第二讲", "900822", "camera", "teacher_1", URLS[1]],
    ]


def test_urls_take_nothing_unless_asked_and_then_what_they_print(keeping: Keeping) -> None:
    """A report that runs each hour must not hide that nobody has the videos yet."""
    urls(keeping)
    urls(keeping, "--kind", "screen", "--take")
    assert [task.taken_at for task in keeping.tasks().values()] == [None, None, None]
    urls(keeping, "--kind", "camera", "--take")
    assert (keeping.tasks()[READY.ref].taken_count, keeping.tasks()[READY.ref].is_taken) == (1, False)
    (told,) = json.loads(keeping.run("list", READY.ref.task_id, "--json").stdout)
    assert ([video["taken"] for video in told["videos"]], told["taken_at"]) == ([False, True], None)
    urls(keeping, "--take")
    assert [task.is_taken for task in keeping.tasks().values()] == [True, False, False]
    (told,) = json.loads(keeping.run("list", READY.ref.task_id, "--json").stdout)
    assert [video["taken"] for video in told["videos"]] == [True, True]
    assert told["taken_at"] is not None


def test_url_that_is_none_is_refused_with_the_reason_on_standard_error(keeping: Keeping) -> None:
    """It came from the network and goes to a shell."""
    ref = msgspec.structs.replace(make_ref("wicked"))
    keeping.fill({ref: observed("FINISHED", make_video(url="javascript:alert(1)\x1b[31m"))})
    result = keeping.run("urls", "wicked")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "URL withheld" in result.stderr
    assert "\x1b" not in result.stderr
    assert keeping.tasks()[ref].taken_at is None


@pytest.fixture
def shrunk(keeping: Keeping) -> Keeping:
    """A ready task that was checked again: the whiteboard was not listed any more."""
    (camera,) = [video for video in keeping.videos(READY.ref) if video.type == 0]
    keeping.fill({READY.ref: observed("FINISHED", camera)})
    return keeping


def test_video_that_is_no_longer_listed_is_in_json_alone(shrunk: Keeping) -> None:
    """Its file may still exist, so it is saved, but commands do not print it as one of the videos."""
    (ready,) = json.loads(shrunk.run("list", ALL[0], "--json").stdout)
    assert [(video["url"], video["listed"]) for video in ready["videos"]] == [
        (URLS[0], False),
        (URLS[1], True),
    ]
    assert urls(shrunk) == URLS[1:]
    assert shrunk.listed(ALL[0])[0].split("\t")[5:7] == ["1", URLS[1]]
    text = shrunk.run("list", ALL[0], "--csv").stdout_bytes.decode("utf-8-sig")
    assert [row["url"] for row in csv.DictReader(io.StringIO(text, newline=""))] == URLS[1:]


def test_failure_after_ready_is_told_as_one_beside_the_videos(keeping: Keeping) -> None:
    keeping.fill({READY.ref: refused("FailedOperation.Record", "40004 im login failed")})
    (ready,) = json.loads(keeping.run("list", ALL[0], "--json").stdout)
    assert (ready["phase"], ready["error"]["kind"]) == ("ready", "failed")
    assert urls(keeping) == URLS
    assert keeping.ids("--filter", "error:40004 phase:ready") == [ALL[0]]


def test_last_known_state_is_printed_however_old(keeping: Keeping) -> None:
    """No network is touched: there is none here, and no key."""
    assert keeping.tasks()[READY.ref].checked_at == WALL
    assert keeping.listed(ALL[0])[0].split("\t")[2] == "ready"
