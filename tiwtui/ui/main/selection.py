"""Which tasks a key acts on, and how a message names them. Pure.

1. With marks, the marked tasks that are shown are the targets; without marks, the task under the cursor.
2. A key that finds nothing to act on says so.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import tzinfo
from typing import Literal

import msgspec

from tiwtui.config.key_table import Keys
from tiwtui.formatting import task_name
from tiwtui.i18n import _, ngettext
from tiwtui.listing.named_filters import cut
from tiwtui.listing.query.parser import read
from tiwtui.listing.query.terms import Context
from tiwtui.listing.view import View
from tiwtui.model import Task, TaskRef
from tiwtui.session import Session
from tiwtui.ui.main.view_state import CurrentState, ViewState
from tiwtui.ui.moments import limits_of
from tiwtui.ui.observable import Observable

Severity = Literal["information", "warning", "error"]
Say = Callable[[str, Severity], None]

_FEW_MARKS = 500
"""With more marks, reading all lines of a long list is faster than looking each mark up."""


class Source(msgspec.Struct, frozen=True, eq=False):
    """A list that can be shown: the watch list, or the removed tasks with the time each was removed at.

    `tasks` are those that can be acted on; `view` holds them filtered and sorted.
    """

    view: View
    tasks: Mapping[TaskRef, Task]
    removed_at: dict[TaskRef, float] = {}
    is_removed: bool = False


def watch_list(session: Session, state: ViewState, zone: tzinfo | None) -> Source:
    """Return the watch list as a source, filtered and sorted as the screen was left."""
    now = session.wall()
    tab, query = cut(state.tab, read(state.filter_text))
    context = Context(now, zone=zone, limits=limits_of(session))
    view = View(session.tasks, now, tab=tab, query=query, order=state.order, context=context)
    return Source(view, session.tasks)


class Selection:
    """The cursor, the selected video and the marks in the list that is shown."""

    def __init__(self, shown: Observable[Source], state: CurrentState, keys: Keys, say: Say) -> None:
        self.cursor: Observable[TaskRef | None] = Observable(None)
        self.marks: Observable[frozenset[TaskRef]] = Observable(frozenset())
        self.video = 0
        """The place of the selected video of the task under the cursor."""
        self._shown = shown
        self._state = state
        self._keys = keys
        self._say = say
        self._marked_last: TaskRef | None = None
        self._counted: tuple[frozenset[TaskRef], int, int] = (frozenset(), -1, 0)

    @property
    def shows_removed(self) -> bool:
        """Whether the tasks that are shown are removed ones."""
        return self._shown.value.is_removed

    @property
    def task(self) -> Task | None:
        """The task under the cursor, if it is still there."""
        ref = self.cursor.value
        return None if ref is None else self._shown.value.tasks.get(ref)

    # Marks

    def toggle(self) -> None:
        """Mark or unmark the task under the cursor."""
        ref = self.cursor.value
        if ref is not None:
            self.marks.set(self.marks.value ^ {ref})
            self._marked_last = ref

    def mark_range(self) -> None:
        """Mark all from the task that was marked last to the cursor; the first press marks one end."""
        view, ref = self._shown.value.view, self.cursor.value
        here = None if ref is None else view.index_of(ref)
        if here is None:
            return
        last = self._marked_last if self._marked_last in self.marks.value else None
        there = None if last is None else view.index_of(last)
        first, after = sorted((here, here if there is None else there))
        self.marks.set(self.marks.value | {view.ref_at(index) for index in range(first, after + 1)})
        self._marked_last = ref

    def mark_all(self) -> None:
        """Mark all shown tasks; where all are marked, none."""
        shown, marks = frozenset(self._shown.value.view.refs()), self.marks.value
        self.marks.set(marks - shown if shown <= marks else marks | shown)

    @property
    def acts_on_marks(self) -> bool:
        """Whether the marked tasks are the targets: with one task on the whole screen, it is that one."""
        return bool(self.marks.value) and not self._state.value.is_full

    @property
    def shown_marks(self) -> int:
        """How many marked tasks are shown; counted again only when marks changed or lines came or went."""
        marks, view = self.marks.value, self._shown.value.view
        if self._counted[0] is not marks or self._counted[1] != view.turnover:
            self._counted = (marks, view.turnover, len(self._marked_here()) if marks else 0)
        return self._counted[2]

    @property
    def hidden_marks(self) -> int:
        """How many marked tasks are not shown, and so are no targets."""
        return len(self.marks.value) - self.shown_marks if self.acts_on_marks else 0

    def _marked_here(self) -> list[TaskRef]:
        """Return the marked tasks that are shown, in their order."""
        view, tasks, marks = self._shown.value.view, self._shown.value.tasks, self.marks.value
        if len(marks) > _FEW_MARKS:
            return [ref for ref in view.refs() if ref in marks and ref in tasks]
        places = ((view.index_of(ref), ref) for ref in marks if ref in tasks)
        return [ref for _place, ref in sorted((place, ref) for place, ref in places if place is not None)]

    # Targets

    def targets(self) -> list[TaskRef]:
        """Return the marked tasks that are shown, or without marks the one under the cursor."""
        if self.acts_on_marks:
            return self._marked_here()
        task = self.task
        return [] if task is None else [task.ref]

    def targets_or_notify(self) -> list[TaskRef]:
        """Return the targets; where there are none, say why: a key that does nothing looks broken."""
        refs = self.targets()
        if not refs and self.acts_on_marks:
            marked = len(self.marks.value)
            text = ngettext(
                "{n} marked, not shown here; {key} clears the mark",
                "{n} marked, none shown here; {key} clears the marks",
                marked,
            )
            self._say(text.format(n=marked, key=self._keys.word("back")), "warning")
        elif not refs:
            self._say(_("there is no task here"), "warning")
        return refs

    def watched_targets_or_notify(self) -> list[TaskRef]:
        """Return the targets that are on the watch list; where there are none, say why."""
        refs = self.targets_or_notify()
        return [] if self.refuses(refs) else refs

    def refuses(self, refs: Iterable[TaskRef]) -> bool:
        """Say of removed tasks that they can only be brought back; return whether removed ones are shown."""
        count = len(list(refs))
        if self.shows_removed and count:
            text = ngettext(
                "it was removed; {key} brings it back", "they were removed; {key} brings them back", count
            )
            self._say(text.format(key=self._keys.word("undo")), "warning")
        return self.shows_removed

    @property
    def video_count(self) -> int:
        """How many videos the target has; of marked tasks 1 where any of them may have one, else 0."""
        view, tasks = self._shown.value.view, self._shown.value.tasks
        if not self.acts_on_marks:
            return 0 if self.task is None else self.task.video_count
        if len(self.marks.value) > _FEW_MARKS:
            return 1
        with_any = (ref for ref in self.marks.value if ref in tasks and tasks[ref].video_count)
        return int(any(view.index_of(ref) is not None for ref in with_any))

    def describe(self, refs: Iterable[TaskRef]) -> str:
        """Return how a message names tasks: one by its name, several by their number and the hidden ones."""
        named = list(refs)
        if len(named) == 1:
            text = task_name(self._shown.value.tasks[named[0]])
        else:
            text = ngettext("{n} task", "{n} tasks", len(named)).format(n=len(named))
        hidden = self.hidden_marks
        if not hidden:
            return text
        return ngettext("{tasks} ({n} marked one hidden)", "{tasks} ({n} marked ones hidden)", hidden).format(
            tasks=text, n=hidden
        )
