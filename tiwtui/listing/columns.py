"""The columns of the list: what each says of a task, how wide it is, and which of them fit."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from tiwtui.formatting import Span, Tone, age_text, duration_text, phase_word, task_name
from tiwtui.i18n import _
from tiwtui.listing.notes import Moment, note
from tiwtui.listing.tabs import unchanged_since
from tiwtui.model import Task
from tiwtui.sanitize import safe

NAME_BELOW = 80
"""Under this many cells Task and Label are one column, Name."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `least` cells at least, `most` where there is room, `gap` blank cells after it."""

    id: str
    cell: Callable[[Task, Moment], Span]
    least: int
    most: int
    is_right: bool = False
    gap: int = 2


@dataclass(frozen=True, slots=True)
class Placed:
    """A column in its place: `x` cells from the left, `width` cells wide."""

    column: Column
    x: int
    width: int

    @property
    def end(self) -> int:
        """The first cell after the column and its gap."""
        return self.x + self.width + self.column.gap


@dataclass(frozen=True, slots=True)
class Line:
    """One row as words: a cell per placed column, and whether all of it is drawn dim."""

    cells: tuple[Span, ...]
    is_dim: bool


def _unseen(task: Task, at: Moment) -> Span:
    return Span(at.glyphs.unseen if task.is_unseen else "", Tone.NAME)


def _checked(task: Task, at: Moment) -> Span:
    if task.checked_at is None:
        return Span(at.glyphs.nothing, Tone.QUIET)
    return Span(age_text(at.now - task.checked_at), Tone.QUIET)


def _videos(task: Task, at: Moment) -> Span:
    return Span(str(task.video_count)) if task.video_count else Span(at.glyphs.nothing, Tone.QUIET)


def _length(task: Task, at: Moment) -> Span:
    if not task.total_time_ms:
        return Span(at.glyphs.nothing, Tone.QUIET)
    return Span(duration_text(task.total_time_ms))


def _room(task: Task, _at: Moment) -> Span:
    return Span(safe(task.group_id) if task.room_id is None else str(task.room_id))


_GLYPH = Column(
    "glyph",
    lambda task, at: Span(at.glyphs.phase(task.phase), phase_word(task.phase).tone),
    least=1,
    most=1,
    gap=1,
)
_PHASE = Column("phase", lambda task, at: phase_word(task.phase, task.status), least=10, most=10, gap=1)
_UNSEEN = Column("unseen", _unseen, least=1, most=1, gap=1)
_TASK = Column("task", lambda task, at: Span(safe(task.ref.task_id)), least=20, most=20)
_LABEL = Column("label", lambda task, at: Span(safe(task.label)), least=10, most=40)
_NAME = Column("name", lambda task, at: Span(task_name(task)), least=10, most=40)
_APP = Column("app", lambda task, at: Span(str(task.ref.sdk_app_id), Tone.QUIET), least=10, most=10)
_ROOM = Column("room", _room, least=7, most=10)
_IN_PHASE = Column(
    "in_phase",
    lambda task, at: Span(age_text(at.now - unchanged_since(task))),
    least=8,
    most=8,
    is_right=True,
)
_FOR = replace(_IN_PHASE, least=6, most=6)
_CHECKED = Column("checked", _checked, least=7, most=7, is_right=True)
_VIDEOS = Column("videos", _videos, least=6, most=6, is_right=True)
_LENGTH = Column("length", _length, least=7, most=7, is_right=True)
_NOTE = Column("note", note, least=14, most=10_000, gap=0)

_WIDE = (_GLYPH, _PHASE, _UNSEEN, _APP, _TASK, _LABEL, _ROOM, _IN_PHASE, _CHECKED, _VIDEOS, _LENGTH, _NOTE)
_NARROW = (_GLYPH, _PHASE, _UNSEEN, _APP, _NAME, _ROOM, _FOR, _CHECKED, _VIDEOS, _LENGTH, _NOTE)
_LEAVING = {
    "app": (12, 16),
    "length": (16, 24),
    "videos": (16, 24),
    "checked": (12, 16),
    "room": (12, 16),
    "phase": (10, 14),
}
"""The columns that leave, in their order: each where Label (or Name) and Note would have less than this."""
_GROWTH = (
    ("label", 12), ("name", 14), ("note", 16), ("label", 16), ("name", 18), ("note", 24),
    ("label", 20), ("name", 22), ("note", 32), ("room", 9),
)  # fmt: skip
"""What is left over goes first to one column up to so many cells, then to the next."""

CHOOSABLE = ("phase", "app", "label", "room", "in_phase", "checked", "videos", "length")
"""The columns that can be left out; without the others no task is known."""


def column_word(name: str) -> str:
    """Return what a column is called; signs stand for themselves."""
    words = {
        "phase": _("Phase"),
        "app": _("App"),
        "task": _("Task"),
        "label": _("Label"),
        "name": _("Name"),
        "room": _("Room"),
        "in_phase": _("In phase"),
        "checked": _("Checked"),
        "videos": _("Videos"),
        "length": _("Length"),
        "note": _("Note"),
    }
    return words.get(name, "")


def title(placed: Placed) -> str:
    """Return what stands above a column, in few letters where there is little room."""
    is_short = placed.column.id == "in_phase" and placed.width < 8
    return _("For") if is_short else column_word(placed.column.id)


def arrange(
    width: int, hidden: frozenset[str] = frozenset({"app"}), indent: int = 0, margin: int = 0
) -> tuple[Placed, ...]:
    """Return the columns that fit into `width` cells less both edges; `hidden` ones are always left out."""
    columns = [column for column in (_NARROW if width < NAME_BELOW else _WIDE) if column.id not in hidden]
    for leaving, (name, note_width) in _LEAVING.items():
        if leaving not in (column.id for column in columns):
            continue
        if indent + _least(columns, {"label": name, "name": name, "note": note_width}) + margin <= width:
            break
        columns = [column for column in columns if column.id != leaving]
    return _place(columns, width - margin, indent)


def _least(columns: Iterable[Column], wanted: Mapping[str, int] = MappingProxyType({})) -> int:
    """Return the cells that columns take at least, some of them as wide as is wanted."""
    return sum(max(column.least, wanted.get(column.id, 0)) + column.gap for column in columns)


def _place(columns: list[Column], width: int, indent: int) -> tuple[Placed, ...]:
    """Give each column its least and what it grows by; of what is left names get a third, Note the rest."""
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
    """Return the task's row as words; dim where it left this view or the list, or its answer is overdue.

    `removed_at` is when it was taken off the watch list, in epoch seconds.
    """
    cells = [placed.column.cell(task, at) for placed in columns]
    said = ""
    if is_saving:
        said = _("saving")
    elif removed_at is not None:
        said = _("removed {age} ago").format(age=age_text(at.now - removed_at))
    elif has_left:
        said = _("left this view")
    if said and columns and columns[-1].column.id == "note":
        cells[-1] = Span(said, Tone.QUIET)
    is_dim = has_left or removed_at is not None or is_overdue(task, at)
    return Line(tuple(cells), is_dim=is_dim)


def is_overdue(task: Task, at: Moment) -> bool:
    """Return whether an active task's answer is older than twice the interval the plan gives it."""
    if not task.phase.is_active or task.checked_at is None:
        return False
    interval_s = at.interval_s(task.ref)
    return interval_s is not None and at.now - task.checked_at > 2 * interval_s
