"""The columns of the list: what each is called, shows of a task, is sorted by, and how wide it is.

1. A column is one entry of `COLUMNS`; the entries are in the default order on the screen.
"""

from collections.abc import Callable
from enum import Enum, auto

import msgspec

from tiwtui.formatting import (
    Tone,
    TonedText,
    age_text,
    duration_text,
    minutes_text,
    phase_word,
    size_text,
    task_name,
)
from tiwtui.i18n import _
from tiwtui.listing.attention.reasons import unchanged_since, warns_from
from tiwtui.listing.notes import Moment, left_text, note
from tiwtui.listing.sort_keys import LAST, Key, largest_first, over_key, phase_key, room_key, smallest_first
from tiwtui.model import Task
from tiwtui.sanitize import safe


class ListKind(Enum):
    """Which lists use a column: all, or only those with room for Task and Label, or those without."""

    ANY = auto()
    WIDE = auto()
    NARROW = auto()


class Leaves(msgspec.Struct, frozen=True):
    """When a column is left out: the lowest `turn` first, where the name or Note would have fewer cells.

    Without `note` that is the least that Note needs in this list: more while it has problems to show.
    """

    turn: int
    name: int = 12
    note: int | None = None


class Column(msgspec.Struct, frozen=True):
    """One column: `least` to `most` cells wide and `gap` blank cells after it.

    A person may leave it out if it `is_choosable`; without the others no task could be identified. A column
    `with_app` names the application too, and stands in for its namesake where that has no column of its own.
    Its `key` may put the largest of what it shows first.
    """

    id: str
    title: Callable[[], str]
    cell: Callable[[Task, Moment], TonedText]
    least: int
    most: int
    is_right: bool = False
    gap: int = 2
    is_choosable: bool = False
    leaves: Leaves | None = None
    used_in: ListKind = ListKind.ANY
    with_app: bool = False
    key: Callable[[Task], Key] | None = None
    puts_largest_first: bool = False


def _nothing(at: Moment) -> TonedText:
    return TonedText(at.glyphs.nothing, Tone.QUIET)


def _glyph(task: Task, at: Moment) -> TonedText:
    return TonedText(at.glyphs.phase(task.phase), phase_word(task.phase).tone)


def _unseen(task: Task, at: Moment) -> TonedText:
    """Return that nobody looked since it settled, or that an alert comes when it does."""
    if task.is_flagged:
        return TonedText(at.glyphs.flag, Tone.NAME)
    return TonedText(at.glyphs.unseen if task.is_unseen else "", Tone.NAME)


def _name_with_app(task: Task, _at: Moment) -> TonedText:
    return TonedText(safe(task.label) or safe(str(task.ref)))


def _room(task: Task, _at: Moment) -> TonedText:
    return TonedText(safe(task.group_id) if task.room_id is None else str(task.room_id))


def _group(task: Task, at: Moment) -> TonedText:
    return TonedText(safe(task.group_id)) if task.group_id else _nothing(at)


def _age(task: Task, since: float, at: Moment) -> str:
    """Return an age, of a settled task in minutes."""
    return age_text(at.now - since) if task.phase.is_active else minutes_text(at.now - since)


def _changed(task: Task, at: Moment) -> TonedText:
    return TonedText(_age(task, unchanged_since(task), at))


def _checked(task: Task, at: Moment) -> TonedText:
    if task.checked_at is None:
        return _nothing(at)
    return TonedText(_age(task, task.checked_at, at), Tone.QUIET)


def _videos(task: Task, at: Moment) -> TonedText:
    return TonedText(str(task.video_count)) if task.video_count else _nothing(at)


def _length(task: Task, at: Moment) -> TonedText:
    return TonedText(duration_text(task.total_time_ms)) if task.total_time_ms else _nothing(at)


def _size(task: Task, at: Moment) -> TonedText:
    return TonedText(size_text(task.size_bytes)) if task.size_bytes else _nothing(at)


def _expires(task: Task, at: Moment) -> TonedText:
    if task.files_end_at is None:
        return _nothing(at)
    left_s, begin = task.files_end_at - at.now, warns_from(task, at.limits)
    is_soon = begin is not None and at.now >= begin and not task.is_taken
    tone = Tone.WARN if is_soon else Tone.QUIET
    return TonedText(left_text(task, left_s) if left_s > 0 else _("past"), tone)


def _taken(task: Task, at: Moment) -> TonedText:
    """Return how long ago the videos were copied, or how many of them where some were not."""
    if task.taken_at is None:
        return _nothing(at)
    if not task.is_taken:
        return TonedText(f"{task.taken_count}/{task.video_count}", Tone.QUIET)
    return TonedText(minutes_text(at.now - task.taken_at), Tone.QUIET)


def _added(task: Task, at: Moment) -> TonedText:
    return TonedText(minutes_text(at.now - task.added_at), Tone.QUIET)


def _untitled() -> str:
    return ""


def _figure(
    name: str,
    column_title: Callable[[], str],
    cell: Callable[[Task, Moment], TonedText],
    width: int,
    leaves: Leaves | None = None,
    used_in: ListKind = ListKind.ANY,
    key: Callable[[Task], Key] | None = None,
    puts_largest_first: bool = False,
) -> Column:
    """Return a column of figures: of one width, its cells on the right."""
    return Column(
        name,
        column_title,
        cell,
        width,
        width,
        is_right=True,
        is_choosable=True,
        leaves=leaves,
        used_in=used_in,
        key=key,
        puts_largest_first=puts_largest_first,
    )


_WIDE, _NARROW = ListKind.WIDE, ListKind.NARROW

COLUMNS = (
    Column("glyph", _untitled, _glyph, 1, 1, gap=1),
    Column(
        "phase", lambda: _("Phase"), lambda task, _at: phase_word(task.phase, task.status), 10, 10, gap=1,
        is_choosable=True, leaves=Leaves(10, name=10, note=14), used_in=_WIDE, key=phase_key,
    ),
    Column(
        "phase", lambda: _("Phase"), lambda task, _at: phase_word(task.phase, task.status), 10, 10, gap=1,
        is_choosable=True, leaves=Leaves(10, name=14), used_in=_NARROW,
    ),
    Column(
        "app", lambda: _("App"), lambda task, _at: TonedText(str(task.ref.sdk_app_id), Tone.QUIET), 10, 10,
        is_choosable=True, leaves=Leaves(11, name=10, note=14), key=lambda task: float(task.ref.sdk_app_id),
    ),
    Column("unseen", _untitled, _unseen, 1, 1, gap=1),
    Column(
        "task", lambda: _("Task"), lambda task, _at: TonedText(safe(task.ref.task_id)), 20, 20,
        used_in=_WIDE, key=lambda task: task.ref.task_id,
    ),
    Column(
        "task", lambda: _("Task"), lambda task, _at: TonedText(safe(str(task.ref))), 31, 31,
        used_in=_WIDE, with_app=True,
    ),
    Column("name", lambda: _("Name"), lambda task, _at: TonedText(task_name(task)), 10, 40, used_in=_NARROW),
    Column("name", lambda: _("Name"), _name_with_app, 10, 40, used_in=_NARROW, with_app=True),
    Column(
        "label", lambda: _("Label"), lambda task, _at: TonedText(safe(task.label)), 10, 40,
        is_choosable=True, used_in=_WIDE, key=lambda task: task.label.casefold() or LAST,
    ),
    Column("room", lambda: _("Room"), _room, 7, 10, is_choosable=True, leaves=Leaves(9), key=room_key),
    Column(
        "group", lambda: _("Group"), _group, 10, 16,
        is_choosable=True, leaves=Leaves(2, name=16), key=lambda task: task.group_id or LAST,
    ),
    _figure(
        "in_phase", lambda: _("Changed"), _changed, 8,
        used_in=_WIDE, key=unchanged_since, puts_largest_first=True,
    ),
    _figure("in_phase", lambda: _("For"), _changed, 6, used_in=_NARROW),
    _figure(
        "checked", lambda: _("Checked"), _checked, 7, Leaves(8),
        key=lambda task: largest_first(task.checked_at),
    ),
    _figure(
        "videos", lambda: _("Videos"), _videos, 6, Leaves(7, name=16),
        key=lambda task: -task.video_count, puts_largest_first=True,
    ),
    _figure(
        "length", lambda: _("Length"), _length, 7, Leaves(6, name=16),
        key=lambda task: largest_first(task.total_time_ms), puts_largest_first=True,
    ),
    _figure(
        "size", lambda: _("Size"), _size, 7, Leaves(3, name=16),
        key=lambda task: -task.size_bytes, puts_largest_first=True,
    ),
    _figure(
        "expires", lambda: _("Expires"), _expires, 7, Leaves(5, name=16),
        key=lambda task: smallest_first(task.files_end_at),
    ),
    _figure(
        "taken", lambda: _("Taken"), _taken, 6, Leaves(4, name=16),
        key=lambda task: largest_first(task.taken_at),
    ),
    _figure("added", lambda: _("Added"), _added, 6, Leaves(1, name=16), key=lambda task: -task.added_at),
    Column("note", lambda: _("Note"), note, 14, 10_000, gap=0, key=over_key, puts_largest_first=True),
)  # fmt: skip

FIXED = "task"
"""The column that is always shown; it can be moved past, not left out."""
CHOOSABLE = tuple(dict.fromkeys(column.id for column in COLUMNS if column.is_choosable))
"""The columns that can be left out."""
ALL_COLUMNS = tuple(dict.fromkeys(c.id for c in COLUMNS if c.is_choosable or c.id == FIXED))
"""The columns that have a place in the order, in the default one."""
_LEFT_OUT = frozenset({"group", "size", "expires", "taken", "added"})
DEFAULT_COLUMNS = tuple(name for name in ALL_COLUMNS if name not in _LEFT_OUT)
"""The columns that are shown until a person chooses others."""
SORT_KEYS = {column.id: column.key for column in COLUMNS if column.key is not None}
LARGEST_FIRST = frozenset(column.id for column in COLUMNS if column.puts_largest_first)
"""The columns whose order, not reversed, has the largest of what they show on top."""


def column_word(name: str) -> str:
    """Return what a column is called; columns of signs have no name."""
    return next((column.title() for column in COLUMNS if column.id == name), "")


def is_overdue(task: Task, at: Moment) -> bool:
    """Return whether an active task's answer is older than twice its planned interval."""
    if not task.phase.is_active or task.checked_at is None:
        return False
    interval_s = at.interval_s(task.ref)
    return interval_s is not None and at.now - task.checked_at > 2 * interval_s
