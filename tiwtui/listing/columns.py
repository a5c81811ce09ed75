"""The columns of the list: what each shows of a task, how wide it is, and which of them fit.

1. A column is one entry of `_COLUMNS`; the entries are in the order on the screen.
2. Columns never overlap. From 40 cells on none extends beyond the width.
3. A column is left out where a name or Note would have less room than the column's `leaves` says.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import Enum, auto
from types import MappingProxyType

import msgspec

from tiwtui.formatting import Tone, TonedText, age_text, duration_text, phase_word, task_name
from tiwtui.i18n import _
from tiwtui.listing.attention import unchanged_since
from tiwtui.listing.notes import Moment, note
from tiwtui.model import Task
from tiwtui.sanitize import safe

NAME_BELOW = 80
"""Under this many cells Task and Label are one column, Name."""


class Room(Enum):
    """Where a column is used: in any list, or only in one with room for Task and Label, or one without."""

    ANY = auto()
    WIDE = auto()
    NARROW = auto()


class Leaves(msgspec.Struct, frozen=True):
    """When a column is left out: the lowest `turn` first, where the name or Note would have fewer cells."""

    turn: int
    name: int
    note: int


class Column(msgspec.Struct, frozen=True):
    """One column: `least` to `most` cells wide and `gap` blank cells after it.

    A person may leave it out if it `is_choosable`; without the others no task could be identified.
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
    room: Room = Room.ANY


class Placed(msgspec.Struct, frozen=True):
    """A column in its place: `x` cells from the left, `width` cells wide."""

    column: Column
    x: int
    width: int

    @property
    def end(self) -> int:
        """The first cell after the column and its gap."""
        return self.x + self.width + self.column.gap


class Line(msgspec.Struct, frozen=True):
    """One row as text: a cell per placed column, and whether all of it is drawn dim."""

    cells: tuple[TonedText, ...]
    is_dim: bool


def _nothing(at: Moment) -> TonedText:
    return TonedText(at.glyphs.nothing, Tone.QUIET)


def _glyph(task: Task, at: Moment) -> TonedText:
    return TonedText(at.glyphs.phase(task.phase), phase_word(task.phase).tone)


def _unseen(task: Task, at: Moment) -> TonedText:
    return TonedText(at.glyphs.unseen if task.is_unseen else "", Tone.NAME)


def _room(task: Task, _at: Moment) -> TonedText:
    return TonedText(safe(task.group_id) if task.room_id is None else str(task.room_id))


def _in_phase(task: Task, at: Moment) -> TonedText:
    return TonedText(age_text(at.now - unchanged_since(task)))


def _checked(task: Task, at: Moment) -> TonedText:
    if task.checked_at is None:
        return _nothing(at)
    return TonedText(age_text(at.now - task.checked_at), Tone.QUIET)


def _videos(task: Task, at: Moment) -> TonedText:
    return TonedText(str(task.video_count)) if task.video_count else _nothing(at)


def _length(task: Task, at: Moment) -> TonedText:
    return TonedText(duration_text(task.total_time_ms)) if task.total_time_ms else _nothing(at)


def _untitled() -> str:
    return ""


_COLUMNS = (
    Column("glyph", _untitled, _glyph, 1, 1, gap=1),
    Column(
        "phase",
        lambda: _("Phase"),
        lambda task, _at: phase_word(task.phase, task.status),
        least=10,
        most=10,
        gap=1,
        is_choosable=True,
        leaves=Leaves(6, name=10, note=14),
    ),
    Column("unseen", _untitled, _unseen, 1, 1, gap=1),
    Column(
        "app",
        lambda: _("App"),
        lambda task, _at: TonedText(str(task.ref.sdk_app_id), Tone.QUIET),
        least=10,
        most=10,
        is_choosable=True,
        leaves=Leaves(1, name=12, note=16),
    ),
    Column("name", lambda: _("Name"), lambda task, _at: TonedText(task_name(task)), 10, 40, room=Room.NARROW),
    Column(
        "task", lambda: _("Task"), lambda task, _at: TonedText(safe(task.ref.task_id)), 20, 20, room=Room.WIDE
    ),
    Column(
        "label",
        lambda: _("Label"),
        lambda task, _at: TonedText(safe(task.label)),
        least=10,
        most=40,
        is_choosable=True,
        room=Room.WIDE,
    ),
    Column("room", lambda: _("Room"), _room, 7, 10, is_choosable=True, leaves=Leaves(5, name=12, note=16)),
    Column(
        "in_phase", lambda: _("Changed"), _in_phase, 8, 8, is_right=True, is_choosable=True, room=Room.WIDE
    ),
    Column("in_phase", lambda: _("For"), _in_phase, 6, 6, is_right=True, is_choosable=True, room=Room.NARROW),
    Column(
        "checked",
        lambda: _("Checked"),
        _checked,
        least=7,
        most=7,
        is_right=True,
        is_choosable=True,
        leaves=Leaves(4, name=12, note=16),
    ),
    Column(
        "videos",
        lambda: _("Videos"),
        _videos,
        least=6,
        most=6,
        is_right=True,
        is_choosable=True,
        leaves=Leaves(3, name=16, note=24),
    ),
    Column(
        "length",
        lambda: _("Length"),
        _length,
        least=7,
        most=7,
        is_right=True,
        is_choosable=True,
        leaves=Leaves(2, name=16, note=24),
    ),
    Column("note", lambda: _("Note"), note, 14, 10_000, gap=0),
)
_LEAVING = tuple(sorted((c.leaves.turn, c.id, c.leaves) for c in _COLUMNS if c.leaves is not None))
_GROWTH = (
    ("label", 12), ("name", 14), ("note", 16), ("label", 16), ("name", 18), ("note", 24),
    ("label", 20), ("name", 22), ("note", 32), ("room", 9),
)  # fmt: skip
"""Spare cells go to the first column up to that width, then to the next, and so on."""

CHOOSABLE = tuple(dict.fromkeys(column.id for column in _COLUMNS if column.is_choosable))
"""The columns that can be left out."""


def column_word(name: str) -> str:
    """Return what a column is called; columns of signs have no name."""
    return next((column.title() for column in _COLUMNS if column.id == name), "")


def title(placed: Placed) -> str:
    """Return the title above a column."""
    return placed.column.title()


def arrange(
    width: int, hidden: frozenset[str] = frozenset({"app"}), indent: int = 0, margin: int = 0
) -> tuple[Placed, ...]:
    """Return the columns that fit into `width` less `indent` and `margin`; `hidden` ones are left out."""
    unused = Room.WIDE if width < NAME_BELOW else Room.NARROW
    columns = [column for column in _COLUMNS if column.room is not unused and column.id not in hidden]
    for _turn, leaving, below in _LEAVING:
        if leaving not in (column.id for column in columns):
            continue
        wanted = {"label": below.name, "name": below.name, "note": below.note}
        if indent + _least(columns, wanted) + margin <= width:
            break
        columns = [column for column in columns if column.id != leaving]
    return _place(columns, width - margin, indent)


def _least(columns: Iterable[Column], wanted: Mapping[str, int] = MappingProxyType({})) -> int:
    """Return the cells that columns take at least, where some are to be as wide as `wanted`."""
    return sum(max(column.least, wanted.get(column.id, 0)) + column.gap for column in columns)


def _place(columns: list[Column], width: int, indent: int) -> tuple[Placed, ...]:
    """Give each column its least width and its growth; names get a third of the rest, Note what is left."""
    spare = max(0, width - indent - _least(columns))
    widths = {column.id: column.least for column in columns}
    for name, wanted in _GROWTH:
        grown = min(max(0, wanted - widths.get(name, wanted)), spare)
        spare -= grown
        if grown:
            widths[name] += grown
    for column in columns:
        share = {"label": spare // 3, "name": spare // 3, "note": spare}.get(column.id, 0)
        grown = min(column.most - widths[column.id], share)
        spare -= grown
        widths[column.id] += grown
    placed: list[Placed] = []
    x = indent
    for column in columns:
        placed.append(Placed(column, x, max(0, min(widths[column.id], width - x))))
        x = placed[-1].end
    return tuple(placed)


def line(
    task: Task,
    columns: tuple[Placed, ...],
    at: Moment,
    *,
    has_left: bool = False,
    is_saving: bool = False,
    removed_at: float | None = None,
) -> Line:
    """Return the task's row as text; dim where it left this view or the list, or its answer is overdue.

    `removed_at` is when it was removed from the watch list, in epoch seconds.
    """
    cells = [placed.column.cell(task, at) for placed in columns]
    message = ""
    if is_saving:
        message = _("saving")
    elif removed_at is not None:
        message = _("removed {age} ago").format(age=age_text(at.now - removed_at))
    elif has_left:
        message = _("left this view")
    if message and columns and columns[-1].column.id == "note":
        cells[-1] = TonedText(message, Tone.QUIET)
    is_dim = has_left or removed_at is not None or is_overdue(task, at)
    return Line(tuple(cells), is_dim=is_dim)


def is_overdue(task: Task, at: Moment) -> bool:
    """Return whether an active task's answer is older than twice its planned interval."""
    if not task.phase.is_active or task.checked_at is None:
        return False
    interval_s = at.interval_s(task.ref)
    return interval_s is not None and at.now - task.checked_at > 2 * interval_s
