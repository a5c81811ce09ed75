"""Which tasks a key means, and what a person is told about that in passing.

1. With marks those of them are meant that are shown, without any the selected task.
2. A key that finds nothing to act on says so.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

from textual.reactive import var

from tiwtui.config.keys import DEFAULT_KEYS, Keys
from tiwtui.formatting import task_name
from tiwtui.i18n import _, ngettext
from tiwtui.listing.view import View
from tiwtui.model import Task, TaskRef
from tiwtui.sanitize import safe
from tiwtui.ui.drawing.base_screen import DrawnScreen
from tiwtui.ui.watching import Watching

Severity = Literal["information", "warning", "error"]

_MOST_TOASTS = 3
"""More than that would hide the list of which they tell."""
_FEW_MARKS = 500
"""Looking for more, one by one, takes longer than looking at all lines of a long list."""


class MeaningScreen(DrawnScreen, inherit_bindings=False):
    """A screen with a selected task and marks."""

    selected: var[TaskRef | None] = var(None, init=False)
    marks: var[frozenset[TaskRef]] = var(frozenset, init=False)
    keys: Keys = DEFAULT_KEYS
    """The keys of all commands, for sentences that name one."""

    def __init__(self, session: Watching, view: View) -> None:
        super().__init__()
        self.session = session
        self.watched = view
        """The view of the watch list."""
        self.view = view
        """The view that is shown: that of the watch list, or one of the removed tasks."""
        self._marks_counted: tuple[frozenset[TaskRef], int, int] = (frozenset(), -1, 0)
        self._said: list[tuple[str, Severity, float]] = []

    @property
    def shows_removed(self) -> bool:
        """Whether the tasks that are shown are removed ones."""
        return self.view is not self.watched

    @property
    def shown_tasks(self) -> Mapping[TaskRef, Task]:
        """The tasks that can be shown and acted on: the watched ones, or the removed in their place."""
        return self.view.tasks if self.shows_removed else self.session.tasks

    def task_of(self, ref: TaskRef | None) -> Task | None:
        """Return a task of the list that is shown, if it is still there."""
        return None if ref is None else self.shown_tasks.get(ref)

    def say(self, text: str, severity: Severity = "information") -> None:
        """Tell the user something in passing; a few of these stand beside each other, and errors longest."""
        now = self.session.wall()
        said = [one for one in self._said if 0 <= now - one[2] < self.app.NOTIFICATION_TIMEOUT]
        if len(said) >= _MOST_TOASTS:
            self.app.clear_notifications()
            said = [one for one in said if one[1] == "error"][1 - _MOST_TOASTS :]
            for again, how, _at in said:
                self.notify(again, severity=how, markup=False)
        self._said = [*said, (safe(text), severity, now)]
        self.notify(safe(text), severity=severity, markup=False)

    # Which tasks are meant

    @property
    def acts_on_marks(self) -> bool:
        """Whether the marked tasks are meant, and not the selected one."""
        return bool(self.marks)

    def meant(self) -> list[TaskRef]:
        """Return the marked tasks that are shown, or without marks the selected one."""
        if self.acts_on_marks:
            return self.marked_here()
        return [] if self.selected is None or self.selected not in self.shown_tasks else [self.selected]

    def marked_here(self) -> list[TaskRef]:
        """Return the marked tasks that are shown, in their order."""
        tasks = self.shown_tasks
        if len(self.marks) > _FEW_MARKS:
            return [ref for ref in self.view.refs() if ref in self.marks and ref in tasks]
        places = ((self.view.index_of(ref), ref) for ref in self.marks if ref in tasks)
        return [ref for _place, ref in sorted((place, ref) for place, ref in places if place is not None)]

    def meant_aloud(self) -> list[TaskRef]:
        """Return what is meant; where that is nothing, say why: a key that does nothing looks broken."""
        refs = self.meant()
        if not refs and self.acts_on_marks:
            told = ngettext(
                "{n} marked, not shown here; {key} clears the mark",
                "{n} marked, none shown here; {key} clears the marks",
                len(self.marks),
            )
            self.say(told.format(n=len(self.marks), key=self.keys.word("back")), "warning")
        elif not refs:
            self.say(_("there is no task here"), "warning")
        return refs

    @property
    def shown_marks(self) -> int:
        """How many marked tasks are shown; counted anew where marks changed or lines came or went."""
        marks, turnover, _count = self._marks_counted
        if marks is not self.marks or turnover != self.view.turnover:
            count = len(self.marked_here()) if self.marks else 0
            self._marks_counted = (self.marks, self.view.turnover, count)
        return self._marks_counted[2]

    @property
    def hidden_marks(self) -> int:
        """How many marked tasks are not shown, and so not meant."""
        return len(self.marks) - self.shown_marks if self.acts_on_marks else 0

    @property
    def meant_videos(self) -> int:
        """How many videos the selected task has; with marks 1 where any of those may have one, else 0."""
        tasks, view = self.shown_tasks, self.view
        if not self.acts_on_marks:
            task = self.task_of(self.selected)
            return 0 if task is None else task.video_count
        if len(self.marks) > _FEW_MARKS:
            return 1
        with_any = (ref for ref in self.marks if ref in tasks and tasks[ref].video_count)
        return int(any(view.index_of(ref) is not None for ref in with_any))

    def counted(self, refs: Iterable[TaskRef]) -> str:
        """Return how a message names tasks: one by its name, several by their number and the hidden ones."""
        told = list(refs)
        if len(told) == 1:
            text = task_name(self.shown_tasks[told[0]])
        else:
            text = ngettext("{n} task", "{n} tasks", len(told)).format(n=len(told))
        hidden = self.hidden_marks
        if not hidden:
            return text
        return ngettext("{tasks} ({n} marked one hidden)", "{tasks} ({n} marked ones hidden)", hidden).format(
            tasks=text, n=hidden
        )

    def refuses(self, refs: Iterable[TaskRef]) -> bool:
        """Say of removed tasks that they can only be brought back; whether that is what is meant."""
        count = len(list(refs))
        if self.shows_removed and count:
            told = ngettext(
                "it was removed; {key} brings it back", "they were removed; {key} brings them back", count
            )
            self.say(told.format(key=self.keys.word("undo")), "warning")
        return self.shows_removed
