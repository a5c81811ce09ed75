"""`tiwtui list` and `urls`: the last known state in every form, and which tasks of it."""

import csv
import io
import json

import msgspec
import pytest

from tests.cli.watch_list import FAILED, READY, RUNNING, WatchList
from tests.factories import APP, WALL, make_ref, make_video, observed, refused

ALL = [READY.ref.task_id, RUNNING.ref.task_id, FAILED.ref.task_id]
URLS = ["http://1257240443.vod2.myqcloud.com/cc35b442vodcq1257240443/video.mp4"]
URLS.append("http://1.vod2.myqcloud.com/b.mp4")


@pytest.fixture(autouse=True)
def _filled(watch_list: WatchList) -> None:
    watch_list.fill()


# list


def test_plain_has_the_documented_columns_in_the_order_of_adding(watch_list: WatchList) -> None:
    """Scripts cut columns by number."""
    assert [line.split("\t") for line in watch_list.listed()] == [
        [ALL[0], str(APP), "ready", "物理 第二讲", "900822", "2", URLS[0], ""],
        [ALL[1], str(APP), "processing", "Maths 3A", "900824", "0", "", ""],
        [ALL[2], str(APP), "failed", "Maths 3B", "", "0", "", "FailedOperation.Record"],
    ]


def test_json_has_what_is_known_without_asking(watch_list: WatchList) -> None:
    (ready, running, failed) = json.loads(watch_list.run("list", "--json").stdout)
    assert [video["url"] for video in ready["videos"]] == URLS
    assert (ready["phase"], ready["label"], ready["checks"]) == ("ready", "物理 第二讲", 1)
    assert ready["checked_at"] == "2023-11-14T22:13:20Z"
    assert (running["phase"], running["videos"], running["error"]) == ("processing", [], None)
    assert failed["error"]["code"] == "FailedOperation.Record"


def test_json_says_who_changed_a_task_last(watch_list: WatchList, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a team the question is whom to ask; nobody did what an earlier version saved."""
    monkeypatch.setenv("TIWTUI_NAME", "anna")
    watch_list.run("label", ALL[1], "Physics")
    watch_list.run("rm", ALL[2])
    assert [task["by"] for task in json.loads(watch_list.run("list", "--json").stdout)] == [None, "anna"]
    (removed,) = json.loads(watch_list.run("list", "--json", "--filter", "removed:yes").stdout)
    assert removed["by"] == "anna"


def test_jsonl_is_the_same_an_object_a_line(watch_list: WatchList) -> None:
    lines = watch_list.listed("--jsonl")
    assert [json.loads(line) for line in lines] == json.loads(watch_list.run("list", "--json").stdout)


def test_csv_has_a_row_per_video(watch_list: WatchList) -> None:
    text = watch_list.run("list", "--csv").stdout_bytes.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [(row["task_id"], row["kind"], row["url"]) for row in rows] == [
        (ALL[0], "whiteboard", URLS[0]),
        (ALL[0], "camera", URLS[1]),
        (ALL[1], "", ""),
        (ALL[2], "", ""),
    ]


def test_empty_list_prints_nothing_but_an_empty_array(watch_list: WatchList) -> None:
    watch_list.run("rm", *ALL)
    assert watch_list.listed() == []
    assert json.loads(watch_list.run("list", "--json").stdout) == []
    assert watch_list.run("list", "--jsonl").stdout == ""


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
def test_filter_is_the_one_of_the_screen(watch_list: WatchList, query: str, expected: list[str]) -> None:
    assert watch_list.ids("--filter", query) == expected


def test_filter_and_ids_together_narrow(watch_list: WatchList) -> None:
    assert watch_list.ids(ALL[0], ALL[1], "--filter", "maths") == [ALL[1]]


def test_ids_choose_and_order(watch_list: WatchList) -> None:
    assert watch_list.ids(ALL[2], str(READY.ref), ALL[2]) == [ALL[2], ALL[0]]
    result = watch_list.run("list", "-", standard_input=f"{ALL[1]}\n")
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
    watch_list: WatchList, query: str, expected: list[str]
) -> None:
    """No call lists tasks: here they can be found again for thirty days. The last removed comes first."""
    watch_list.run("rm", ALL[2])
    watch_list.run("rm", ALL[0])
    assert watch_list.ids("--filter", query) == expected


def test_removed_task_can_be_named_where_the_filter_asks_for_it(watch_list: WatchList) -> None:
    watch_list.run("rm", *ALL[:2])
    assert watch_list.ids(ALL[1], "--filter", "removed:yes") == [ALL[1]]
    assert urls(watch_list, "--filter", "removed:yes") == URLS


@pytest.mark.parametrize("form", ["--csv", "--json", "--jsonl", ""])
def test_url_that_is_none_leaves_its_cell_empty_and_the_reason_on_standard_error(
    watch_list: WatchList, form: str
) -> None:
    """An empty cell alone would look like a task without video."""
    videos = [make_video(url=url) for url in ("javascript:alert(1)", "ftp://a/b", "http://a/b c")]
    watch_list.fill({make_ref("wicked"): observed("FINISHED", *videos)})
    result = watch_list.run("list", "wicked", *filter(None, [form]))
    printed = (
        "3 URLs withheld (it is not http or https; it contains spaces): "
        "--json has them as the service gave them, escaped\n"
    )
    assert (result.exit_code, result.stderr) == (0, "" if form.startswith("--json") else printed)
    assert ("javascript" in result.stdout) == form.startswith("--json")


@pytest.mark.parametrize("command", [("list",), ("urls",), ("rm",), ("watch",), ("wait",)])
def test_bad_filter_ends_with_2_and_the_reason(watch_list: WatchList, command: tuple[str, ...]) -> None:
    """An empty result would look like an answer."""
    result = watch_list.run(*command, "--filter", "maths phase:")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "filter 'phase:': which phase?" in result.stderr
    assert watch_list.ids() == ALL


# urls


def urls(watch_list: WatchList, *words: str) -> list[str]:
    """Return the lines that `urls` prints."""
    result = watch_list.run("urls", *words)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout.splitlines()


def test_urls_are_one_a_line(watch_list: WatchList) -> None:
    """`tiwtui urls | xargs -n1 curl -O`."""
    assert urls(watch_list) == URLS
    assert urls(watch_list, ALL[0]) == URLS
    assert urls(watch_list, "--filter", "phase:active") == []


def test_kinds_can_be_chosen(watch_list: WatchList) -> None:
    assert urls(watch_list, "--kind", "camera") == URLS[1:]
    assert urls(watch_list, "--kind", "whiteboard, camera") == URLS
    assert urls(watch_list, "--kind", "screen,type_9") == []


def test_video_whose_kind_the_service_left_out_can_be_chosen(watch_list: WatchList) -> None:
    """`list --json` calls it so."""
    watch_list.fill({make_ref("bare"): observed("FINISHED", make_video(type=None))})
    assert urls(watch_list, "--kind", "unknown", "--long")[0].split("\t")[2] == "unknown"


def test_unknown_kind_ends_with_2_and_names_the_known(watch_list: WatchList) -> None:
    result = watch_list.run("urls", "--kind", "camera,sceen")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "'sceen' is not one of camera, screen, whiteboard, mixed, audio" in " ".join(result.stderr.split())


def test_long_form_has_label_room_kind_and_user_before_the_url(watch_list: WatchList) -> None:
    assert [line.split("\t") for line in urls(watch_list, "--long")] == [
        ["物理 第二讲", "900822", "whiteboard", "", URLS[0]],
        ["物理 第二讲", "900822", "camera", "teacher_1", URLS[1]],
    ]


def test_urls_take_nothing_unless_asked_and_then_what_they_print(watch_list: WatchList) -> None:
    """A report that runs each hour must not hide that nobody has the videos yet."""
    urls(watch_list)
    urls(watch_list, "--kind", "screen", "--take")
    assert [task.taken_at for task in watch_list.tasks().values()] == [None, None, None]
    urls(watch_list, "--kind", "camera", "--take")
    assert (watch_list.tasks()[READY.ref].taken_count, watch_list.tasks()[READY.ref].is_taken) == (1, False)
    (printed,) = json.loads(watch_list.run("list", READY.ref.task_id, "--json").stdout)
    assert ([video["taken"] for video in printed["videos"]], printed["taken_at"]) == ([False, True], None)
    urls(watch_list, "--take")
    assert [task.is_taken for task in watch_list.tasks().values()] == [True, False, False]
    (printed,) = json.loads(watch_list.run("list", READY.ref.task_id, "--json").stdout)
    assert [video["taken"] for video in printed["videos"]] == [True, True]
    assert printed["taken_at"] is not None


def test_url_that_is_none_is_refused_with_the_reason_on_standard_error(watch_list: WatchList) -> None:
    """It came from the network and goes to a shell."""
    ref = msgspec.structs.replace(make_ref("wicked"))
    watch_list.fill({ref: observed("FINISHED", make_video(url="javascript:alert(1)\x1b[31m"))})
    result = watch_list.run("urls", "wicked")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "URL withheld" in result.stderr
    assert "\x1b" not in result.stderr
    assert watch_list.tasks()[ref].taken_at is None


@pytest.fixture
def shrunk(watch_list: WatchList) -> WatchList:
    """A ready task that was checked again: the whiteboard was not listed any more."""
    (camera,) = [video for video in watch_list.videos(READY.ref) if video.type == 0]
    watch_list.fill({READY.ref: observed("FINISHED", camera)})
    return watch_list


def test_video_that_is_no_longer_listed_is_in_json_alone(shrunk: WatchList) -> None:
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


def test_failure_after_ready_is_shown_beside_the_videos(watch_list: WatchList) -> None:
    watch_list.fill({READY.ref: refused("FailedOperation.Record", "40004 im login failed")})
    (ready,) = json.loads(watch_list.run("list", ALL[0], "--json").stdout)
    assert (ready["phase"], ready["error"]["kind"]) == ("ready", "failed")
    assert urls(watch_list) == URLS
    assert watch_list.ids("--filter", "error:40004 phase:ready") == [ALL[0]]


def test_last_known_state_is_printed_however_old(watch_list: WatchList) -> None:
    """No network is touched: there is none here, and no key."""
    assert watch_list.tasks()[READY.ref].checked_at == WALL
    assert watch_list.listed(ALL[0])[0].split("\t")[2] == "ready"
