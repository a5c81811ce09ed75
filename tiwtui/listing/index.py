"""All tasks of a list, each in a row of its own for as long as it is known.

A task stays in its row whatever changes. The rows are in no order but the one the tasks lie in memory in: to
look at a hundred thousand in that one takes a fraction of the time it takes in any other. Beside each task
stands its text, made once it is needed and again where the task changed.
"""

from array import array
from collections.abc import Callable, Generator, Iterator, KeysView, Mapping
from operator import attrgetter

from tiwtui.listing.order import Key
from tiwtui.listing.places import Places
from tiwtui.listing.query.texts import text_of
from tiwtui.listing.slices import SLICE, Rows, sorted_in_slices, spans
from tiwtui.model import Task, TaskRef

_NOBODY = Task(TaskRef(0, ""), 0.0)
"""What stands in a row that no task has."""


class Register(Mapping[TaskRef, Task]):
    """The tasks by reference, and side by side: row, reference, task, text."""

    def __init__(self, tasks: Mapping[TaskRef, Task]) -> None:
        self.refs = list(tasks)
        self.tasks = list(tasks.values())
        self.row_of = dict(zip(self.refs, range(len(self.refs)), strict=True))
        self.texts: list[str] = []
        self._stale: set[int] = set()
        self._free: list[int] = []
        self._by_ref: Places | None = None
        self._new_or_gone: set[int] = set()
        """The rows that another task has, or none, while those that are known are not yet sorted."""

    def __getitem__(self, ref: TaskRef) -> Task:
        return self.tasks[self.row_of[ref]]

    def __iter__(self) -> Iterator[TaskRef]:
        return iter(self.row_of)

    def __len__(self) -> int:
        return len(self.row_of)

    def __contains__(self, ref: object) -> bool:
        return ref in self.row_of

    def keys(self) -> KeysView[TaskRef]:
        return self.row_of.keys()

    def put(self, ref: TaskRef, task: Task) -> int:
        """Take in a task that is new or changed; return its row."""
        row = self.row_of.get(ref)
        if row is None:
            row = self._free.pop() if self._free else len(self.refs)
            if row == len(self.refs):
                self.refs.append(ref)
                self.tasks.append(task)
            self.row_of[ref], self.refs[row] = row, ref
            if self._by_ref is None:
                self._new_or_gone.add(row)
            else:
                self._by_ref.put(row)
        self.tasks[row] = task
        self._stale.add(row)
        return row

    def free(self, row: int) -> None:
        """Forget the task in a row, which another may have from now on."""
        if self._by_ref is None:
            self._new_or_gone.add(row)
        else:
            self._by_ref.take(row)
        del self.row_of[self.refs[row]]
        self.refs[row], self.tasks[row] = _NOBODY.ref, _NOBODY
        self._stale.add(row)
        self._free.append(row)

    def by_ref(self) -> Generator[None, None, Rows]:
        """Return the rows of all tasks by their references, yielding after each slice of work.

        They are sorted once. In this order are those that another order does not tell apart.
        """
        rows = array("I", self.row_of.values() if self._by_ref is None else ())
        for name in ("task_id", "sdk_app_id"):
            if self._by_ref is None:
                rows = yield from sorted_in_slices(rows, list(map(attrgetter(name), self.refs)))
        if self._by_ref is None:
            self._by_ref = Places(rows, self.refs, self.refs)
            self._by_ref.drop(self._new_or_gone)
            self._by_ref.put_all([row for row in self._new_or_gone if self.holds(row)])
            self._new_or_gone.clear()
        return self._by_ref.rows[:]

    def keyed(self, key: Callable[[Task], Key]) -> Generator[None, None, list[Key]]:
        """Return the key of each row's task, yielding after each slice of work but the last."""
        keys: list[Key] = []
        for begin, end in spans(len(self.tasks)):
            keys += map(key, self.tasks[begin:end])
            if end < len(self.tasks):
                yield
        return keys

    def holds(self, row: int) -> bool:
        """Return whether a row is that of a task."""
        return self.tasks[row] is not _NOBODY

    def read(self) -> Iterator[None]:
        """Make the texts that are not there yet, yielding after each slice of work but the last."""
        texts, tasks, stale = self.texts, self.tasks, self._stale
        while len(texts) < len(tasks) or stale:
            if len(texts) < len(tasks):
                texts += map(text_of, tasks[len(texts) : len(texts) + SLICE])
            else:
                for row in [stale.pop() for _stale in range(min(SLICE, len(stale)))]:
                    texts[row] = text_of(tasks[row])
            # Meanwhile tasks change and come: of those that come the row has no text yet.
            if len(texts) < len(tasks) or stale:
                yield
