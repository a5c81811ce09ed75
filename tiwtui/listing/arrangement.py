"""Which columns fit into a list, where each is placed, and a task's row in them.

1. Columns never overlap. From 40 cells on none extends beyond the width.
2. A column is left out where a name or Note would have less room than the column's `leaves` says.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

import msgspec

from tiwtui.formatting import Tone, TonedText, age_text
from tiwtui.i18n import _
from tiwtui.listing.columns import (
    COLUMNS,
    DEFAULT_COLUMNS,
    FIXED,
    Column,
    Leaves,
    ListKind,
    is_overdue,
)
from tiwtui.listing.notes import Moment
from tiwtui.model import Phase, Task

NAME_BELOW = 80
"""Under this many cells Task and Label are one column, Name."""
_LIT_S = 3.0
"""How long a row is lit after the phase changed."""
_NOTE_LEAST = 16
_NOTE_LEAST_OF_PROBLEMS = 30
"""The cells of Note before other columns come; more while the list has problems to show."""


class Wanted(msgspec.Struct, frozen=True):
    """What decides about the columns beside the width: those chosen, in their order, and what the list holds.

    `has_apps` is whether its tasks are of several applications, `has_problems` whether Note has problems to
    show.
    """

    columns: tuple[str, ...] = DEFAULT_COLUMNS
    has_apps: bool = False
    has_problems: bool = False

    @property
    def note_least(self) -> int:
        """The cells that Note is to have before other columns come."""
        return _NOTE_LEAST_OF_PROBLEMS if self.has_problems else _NOTE_LEAST


DEFAULT_WANTED = Wanted()


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
    """One row as text: a cell per placed column, and whether what has no colour of its own is drawn dim.

    It `is_lit` while the phase has just changed.
    """

    cells: tuple[TonedText, ...]
    is_dim: bool
    is_lit: bool = False


_GROWTH = (
    ("label", 12), ("name", 14), ("note", 16), ("label", 16), ("name", 18), ("note", 24),
    ("label", 20), ("name", 22), ("note", 32), ("room", 9), ("group", 16),
)  # fmt: skip
"""Spare cells go to the first column up to that width, then to the next, and so on."""


def title(placed: Placed) -> str:
    """Return the title above a column."""
    return placed.column.title()


def arrange(
    width: int, wanted: Wanted = DEFAULT_WANTED, indent: int = 0, margin: int = 0
) -> tuple[Placed, ...]:
    """Return the columns that fit into `width` less `indent` and `margin`."""
    ids = [name for name in wanted.columns if name != "app" or wanted.has_apps]
    kind = ListKind.NARROW if width < NAME_BELOW else ListKind.WIDE
    columns = list(_columns(ids, kind, wanted))
    for _turn, leaving, below in sorted((c.leaves.turn, c.id, c.leaves) for c in columns if c.leaves):
        if indent + _least(columns, _least_beside(below, wanted)) + margin <= width:
            break
        ids.remove(leaving)
        columns = list(_columns(ids, kind, wanted))
    return _place(columns, width - margin, indent, wanted)


def least_width(wanted: Wanted, indent: int = 0, margin: int = 0) -> int:
    """Return the cells from which on no column is left out."""
    columns = list(_columns(wanted.columns, ListKind.WIDE, wanted))
    beside = [_least_beside(c.leaves, wanted) for c in columns if c.leaves is not None]
    needed = max((_least(columns, widths) for widths in beside), default=_least(columns))
    return max(NAME_BELOW, indent + needed + margin)


def _columns(ids: Iterable[str], kind: ListKind, wanted: Wanted) -> Iterator[Column]:
    """Yield the columns of a list in their order: signs before what they belong to, Note at the end."""
    ids = tuple(ids)
    with_app = wanted.has_apps and "app" not in ids
    order = ["glyph"]
    for name in ids:
        order += ["unseen", "task", "name"] if name == FIXED else [name]
    for name in (*order, "note"):
        same = [c for c in COLUMNS if c.id == name and c.used_in in (ListKind.ANY, kind)]
        if same:
            yield next((column for column in same if column.with_app == with_app), same[0])


def _least_beside(leaves: Leaves, wanted: Wanted) -> dict[str, int]:
    """Return the widths that names and Note are to have where a column is not to be left out."""
    note = wanted.note_least if leaves.note is None else leaves.note
    return {"label": leaves.name, "name": leaves.name, "note": note}


def _least(columns: Iterable[Column], wanted: Mapping[str, int] = MappingProxyType({})) -> int:
    """Return the cells that columns take at least, where some are to be as wide as `wanted`."""
    return sum(max(column.least, wanted.get(column.id, 0)) + column.gap for column in columns)


def _place(columns: list[Column], width: int, indent: int, wanted: Wanted) -> tuple[Placed, ...]:
    """Give each column its least width and its growth; names get a third of the rest, Note what is left."""
    spare = max(0, width - indent - _least(columns))
    widths = {column.id: column.least for column in columns}
    most = {column.id: column.most for column in columns}
    for name, goal in (("name", 12), ("note", wanted.note_least), *_GROWTH):
        grown = min(max(0, min(goal, most.get(name, 0)) - widths.get(name, goal)), spare)
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


def _left(said: TonedText, width: int) -> TonedText:
    """Return the Note of a task that left this view: that it did, and then why."""
    if not said.text:
        return TonedText(_("left this view"), Tone.QUIET)
    marked = _("left this view: {note}") if width >= _NOTE_LEAST_OF_PROBLEMS else _("left: {note}")
    return TonedText(marked.format(note=said.text), said.tone)


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
    for place, placed in enumerate(columns):
        if placed.column.id == "note" and message:
            cells[place] = TonedText(message, Tone.QUIET)
        elif placed.column.id == "note" and has_left:
            cells[place] = _left(cells[place], placed.width)
    is_dim = has_left or removed_at is not None or is_overdue(task, at)
    return Line(tuple(cells), is_dim, is_lit=removed_at is None and _has_changed(task, at.now))


def _has_changed(task: Task, now: float) -> bool:
    """Return whether an answer has just changed the phase; a new task has had none."""
    since = task.phase_since
    return since is not None and 0 <= now - since < _LIT_S and task.phase is not Phase.NEW
