"""What the tests of intake paste, and how they look at what is read of it."""

from tiwtui.intake.reader import Intake, LineReader, read

TASK = "ghucnligqtgtvk2624mb"
SECOND = "00e1jv8ve0jcqk7da9lb"
RECORDING = "bj0mt2l23osdj300hl30"  # an OnlineRecordTaskId: it looks like a task and is none
APP = 1400000001


def result(text: str) -> list[tuple[int | None, str, str | None]]:
    return [(entry.sdk_app_id, entry.task_id, entry.label) for entry in read(text).entries]


def ids(text: str) -> list[str]:
    return [entry.task_id for entry in read(text).entries]


def fed(text: str) -> list[Intake]:
    reader = LineReader(APP)
    return [*(reader.feed(line) for line in text.splitlines(keepends=True)), reader.close()]
