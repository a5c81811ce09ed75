"""The names of the filter language: `FIELDS`, at the end, has one entry for each."""

from collections.abc import Callable

from tiwtui.i18n import _
from tiwtui.listing.attention.reasons import is_done, unchanged_since
from tiwtui.listing.attention.usual import over_s
from tiwtui.listing.query.messages import wrong_kind, wrong_phase, wrong_thing
from tiwtui.listing.query.terms import (
    Context,
    DependsOn,
    Field,
    Term,
    Value,
    always,
    amount_field,
    since,
    text_field,
    time_field,
    yes_or_no,
)
from tiwtui.listing.query.values import bytes_of, count_of, seconds_of
from tiwtui.model import UNKNOWN_KIND, VIDEO_KINDS, Phase, Task
from tiwtui.near_names import nearest

_PHASES = {
    **{phase.value: frozenset({phase}) for phase in Phase},
    "notfound": frozenset({Phase.NOT_FOUND}),
    "finished": frozenset({Phase.READY, Phase.EMPTY}),
    "active": frozenset(phase for phase in Phase if phase.is_active),
    "settled": frozenset(phase for phase in Phase if not phase.is_active),
}
_PHASE_NAMES = tuple(phase.value for phase in Phase)
_MISTYPED = 0.7
"""A word this similar to a phase is a mistyped phase; any other may be a status of the service."""


def _phases_named(name: str) -> frozenset[Phase]:
    """Return the phases of a name or of the beginning of one."""
    spelled = name.replace("-", "_").replace(" ", "_")
    if spelled in _PHASES:
        return _PHASES[spelled]
    found = (phases for known, phases in _PHASES.items() if known.startswith(spelled))
    return frozenset[Phase]().union(*found)


def _phase(value: Value) -> Term | str:
    found: frozenset[Phase] = frozenset()
    statuses: set[str] = set()
    for name in value.alternatives:
        named = _phases_named(name)
        if not named:
            if value.name != "status" or nearest(name, _PHASES, _MISTYPED):
                return wrong_phase(name, _PHASE_NAMES)
            statuses.add(name)
        found |= named
    if not value.alternatives:
        return _("which phase? {names}").format(names=" ".join(_PHASE_NAMES))
    # Members of an enumeration are found faster in a tuple than in a set.
    phases = tuple(found)
    if statuses:
        return always(lambda task: task.phase in phases or task.status.casefold() in statuses)
    return Term(lambda _context: lambda task, _text: task.phase in phases)


_KINDS = (*VIDEO_KINDS, UNKNOWN_KIND)


def _kind(value: Value) -> Term | str:
    wanted: set[str] = set()
    for name in value.alternatives:
        starting = [kind for kind in _KINDS if kind.startswith(name)]
        if not starting and not name.startswith("type_"):
            return wrong_kind(name, _KINDS)
        wanted.update(starting or (name,))
    if not wanted:
        return _("which kind? {names}").format(names=" ".join(_KINDS))
    return always(lambda task: not wanted.isdisjoint(task.kinds))


_HAS: dict[str, Callable[[Task], bool]] = {
    "videos": lambda task: task.video_count > 0,
    "trouble": lambda task: task.trouble is not None,
    "error": lambda task: task.error is not None,
    "label": lambda task: bool(task.label),
}
"""What a task can have."""


def _has(value: Value) -> Term | str:
    tests: list[Callable[[Task], bool]] = []
    for name in value.alternatives:
        starting = [test for known, test in _HAS.items() if known.startswith(name)]
        if not starting:
            return wrong_thing(name, _HAS)
        tests += starting
    if not tests:
        return wrong_thing("", _HAS)
    return always(lambda task: any(test(task) for test in tests))


_SETTLED = tuple(phase for phase in Phase if not phase.is_active)


def _settled_at(task: Task) -> float | None:
    return unchanged_since(task) if task.phase in _SETTLED else None


def _until_files_end(task: Task, context: Context) -> float | None:
    """Return how long the files will be there; unknown once they are gone, as nobody can fetch them."""
    end = task.files_end_at
    return None if end is None or end < context.now else end - context.now


def _length_s(task: Task, _context: Context) -> float | None:
    return None if task.total_time_ms is None else task.total_time_ms / 1000


def _size_bytes(task: Task, _context: Context) -> float | None:
    return task.size_bytes if task.video_count else None


FIELDS: dict[str, Field] = {
    "phase": Field(_phase, values=(*_PHASE_NAMES, "active", "settled", "finished")),
    "id": text_field(lambda task: (task.ref.task_id,), is_completed=False),
    "app": text_field(lambda task: (str(task.ref.sdk_app_id),), is_in_text=False),
    "room": text_field(lambda task: (task.group_id if task.room_id is None else str(task.room_id),)),
    "group": text_field(lambda task: (task.group_id,)),
    "user": text_field(lambda task: task.users),
    "label": text_field(lambda task: (task.label,)),
    "error": text_field(
        lambda task: () if task.error is None else (task.error.code, task.error.message), is_completed=False
    ),
    "kind": Field(_kind, values=_KINDS),
    "has": Field(_has, values=tuple(_HAS)),
    "taken": yes_or_no(lambda task, _context: task.is_taken),
    "done": yes_or_no(
        lambda task, context: is_done(task, context.now, context.limits), depends_on=DependsOn.TIME
    ),
    # An active task is neither: only a settled one can be unseen.
    "seen": yes_or_no(
        lambda task, _context: not task.phase.is_active and not task.is_unseen,
        lambda task, _context: task.is_unseen,
    ),
    "marked": yes_or_no(lambda task, context: task.ref in context.marks, depends_on=DependsOn.MARKS),
    "removed": yes_or_no(lambda task, context: task.ref in context.removed, depends_on=DependsOn.REMOVED),
    "videos": amount_field(lambda task, _context: task.video_count, count_of, "videos>1"),
    "length": amount_field(_length_s, seconds_of, "length<30m"),
    "size": amount_field(_size_bytes, bytes_of, "size>100mb"),
    "changed": amount_field(since(unchanged_since), seconds_of, "changed>10m", DependsOn.TIME),
    "over": amount_field(
        lambda task, context: over_s(task, context.now, context.usual), seconds_of, "over>5m", DependsOn.TIME
    ),
    "added": time_field(lambda task: task.added_at, "added<2d"),
    "checked": time_field(lambda task: task.checked_at, "checked<1h"),
    "settled": time_field(_settled_at, "settled<2d"),
    "expires": time_field(lambda task: task.files_end_at, "expires<1d", _until_files_end, is_ahead=True),
}
"""The names that a person can type before a sign; the order is that of the nearest name to a mistyped one."""

ALIASES = {"status": "phase", "in": "changed", "ends": "expires"}
"""Other names of terms, which are read and not offered; only `status:` also finds undocumented statuses."""
FIELDS |= {alias: FIELDS[name] for alias, name in ALIASES.items()}
