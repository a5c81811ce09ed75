"""One watch list that is being checked, as the screen and the commands see it.

The screen and the commands talk to a `Session` and to nothing below it. What changes the watch list is a
coroutine that returns once the change is saved; what only reads is a plain attribute or method.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from tiwtui.api.credentials import NoCredentials, RefreshableCredentials, SourceTried
from tiwtui.api.deferred_client import DeferredClient
from tiwtui.clock import Clock
from tiwtui.config.settings import PAUSE_S, other_sites
from tiwtui.coordination.coordinator import Coordinator
from tiwtui.coordination.handling import Handling
from tiwtui.coordination.slices import in_slices
from tiwtui.diagnostics import Diagnostics, Survey
from tiwtui.engine.poller import Poller
from tiwtui.engine.status import Mode, Status
from tiwtui.engine.watcher import Watcher
from tiwtui.formatting import stop_text
from tiwtui.model import NO_CREDENTIALS, Details, Removed, Task, TaskRef, Trouble, TroubleKind, Video
from tiwtui.store.errors import StoreFailed
from tiwtui.store.task_store import TaskStore

if TYPE_CHECKING:
    from tiwtui.api.client import Client

Listener = Callable[[frozenset[TaskRef]], None]


class Target(msgspec.Struct, frozen=True):
    """The service of this session: the profile's name, host (and port), region, default SdkAppId."""

    profile: str
    host: str
    region: str
    sdk_app_id: int | None


class Added(msgspec.Struct, frozen=True):
    """What `add` did with the given tasks, in the order given."""

    new: tuple[TaskRef, ...]
    known: tuple[TaskRef, ...]
    relabelled: tuple[TaskRef, ...]


class Session:
    """One watch list and the engine that checks it. `begun` is the notice for a new profile."""

    def __init__(
        self,
        target: Target,
        *,
        watcher: Watcher,
        store: TaskStore,
        client: "Client | DeferredClient",
        keys: RefreshableCredentials,
        clock: Clock,
        who: str,
        expiry_warning_s: float | None = None,
        begun: str | None = None,
        pause_s: float | None = PAUSE_S,
    ) -> None:
        self.target = target
        self._begun = begun
        self.keys = keys
        self.who = who
        """The name of this process among those that share the watch list."""
        self.expiry_warning_s = expiry_warning_s
        """How long before its files expire a task needs attention; `None` for never."""
        self._watcher = watcher
        self._store = store
        self._client = client
        self._clock = clock
        self._listeners: list[Listener] = []
        self._poller = Poller(
            watcher,
            client,
            clock,
            record=store.record,
            details=self._details_or_none,
            publish=self._publish,
            read_keys=keys.read_again,
        )
        self._survey = Survey(watcher)
        wake = self._poller.wake
        self.handling = Handling(watcher, store, clock, self._changed)
        self._coordinator = Coordinator(
            watcher, store, clock, name=who, pause_s=pause_s, publish=self._publish, wake=wake
        )

    @property
    def tasks(self) -> Mapping[TaskRef, Task]:
        """The watched tasks in the order they were added. A task that changed is a new object."""
        return self._watcher.tasks

    def wall(self) -> float:
        """Return the time that ages are counted to, in epoch seconds."""
        return self._clock.wall()

    def status(self) -> Status:
        """Return the state of the checking as a whole."""
        status = self._coordinator.status()
        # The checks may have been stopped by trouble before the pause.
        is_stopped = status.mode in (Mode.STOPPED, Mode.PAUSED) and self._coordinator.trouble is None
        if not is_stopped or status.trouble is None or status.trouble.kind is TroubleKind.NETWORK:
            return status
        host, region = self.target.host, self.target.region
        advice = stop_text(status.trouble, host, region, self.keys.shown, other_sites(host))
        return msgspec.structs.replace(status, advice=advice)

    def diagnostics(self) -> Diagnostics:
        """Return the diagnostics; cheap enough to call every second."""
        now, wall = self._clock.monotonic(), self._clock.wall()
        file, sharers = self._store.state_file(), self._coordinator.sharers()
        return self._survey.look(self.status(), sharers, file, now, wall)

    @property
    def is_saved(self) -> bool:
        """Whether the watch list is saved for the next start; the demo's is not."""
        return self._store.is_saved

    @property
    def trouble(self) -> str | None:
        """Why the saved state cannot be read or written at the moment; `None` while all is saved."""
        return self._coordinator.trouble

    @property
    def notice(self) -> str | None:
        """What happened to the saved state when or since it was opened."""
        return self._store.database.notice or self._begun

    @property
    def credential_sources_tried(self) -> tuple[SourceTried, ...]:
        """The places searched for a key and what each lacked; empty once a key was found."""
        found = self.keys.found
        return found.looked if isinstance(found, NoCredentials) else ()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with changed, added and removed tasks; return a function that ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def interval_s(self, ref: TaskRef) -> float | None:
        """Return the planned interval between checks of an active task; `None` for a settled one."""
        return self._watcher.interval_s(ref, self._clock.monotonic())

    def next_check_at(self, ref: TaskRef) -> float | None:
        """Return when a task is due, in epoch seconds, or `None` if no check of it is planned."""
        due = self._watcher.due_at(ref)
        return None if due is None else self._clock.wall() + max(0.0, due - self._clock.monotonic())

    def has_settled(self, ref: TaskRef) -> bool:
        """Whether nothing more will be asked about a task."""
        return self._watcher.has_settled(ref)

    def typical_processing_s(self) -> float | None:
        """Return the median time in processing of the last 50 tasks, once there are ten."""
        return self._watcher.processing_times.typical_s()

    def p95_processing_s(self) -> float | None:
        """Return the 95th percentile of the same times."""
        return self._watcher.processing_times.p95_s()

    async def start(self) -> None:
        """Load what is saved. Nothing is sent yet. Raises `StoreFailed`."""
        tasks = await self._store.open()
        self._watcher.load(tasks, self._clock.monotonic(), self._clock.wall())
        self._watcher.processing_times.load(await self._store.processing_times())
        if isinstance(self.keys.found, NoCredentials):
            missing = Trouble(
                TroubleKind.CREDENTIALS, NO_CREDENTIALS, self.keys.found.message, "", self._clock.wall()
            )
            self._watcher.breaker.no_keys(missing, self._clock.monotonic())
        self._publish()

    async def run(self) -> None:
        """Check tasks, and follow other processes, until cancelled."""
        async with asyncio.TaskGroup() as together:
            together.create_task(self._coordinator.run())
            together.create_task(self._poller.run())

    async def close(self) -> None:
        """Close the connections and the store; what was found is saved first."""
        await self._client.aclose()
        await self._store.close()

    async def add(self, entries: Sequence[tuple[TaskRef, str | None]]) -> Added:
        """Watch tasks. A label of `None` leaves a known task's label as it is."""
        labels: dict[TaskRef, str | None] = {}
        for ref, label in entries:
            labels[ref] = labels.get(ref) if label is None else label
        absent = [ref for ref in labels if ref not in self.tasks]
        # A removed task returns with all its data.
        await self.restore(absent)
        now, wall = self._clock.monotonic(), self._clock.wall()
        fresh = {ref: labels[ref] or "" for ref in absent if ref not in self.tasks}
        await self._store.add([Task(ref, wall, label, phase_since=wall) for ref, label in fresh.items()])
        for ref, label in fresh.items():
            self._watcher.add(ref, label, now, wall)
        # Another process may have taken one off the list meanwhile: adding, unlike labelling, brings it back.
        relabelled = {
            ref: msgspec.structs.replace(self.tasks[ref], label=label)
            for ref, label in labels.items()
            if ref in self.tasks and label is not None and label != self.tasks[ref].label
        }
        await self._store.add(list(relabelled.values()))
        for ref, task in relabelled.items():
            self._watcher.edit(ref, label=task.label)
        self._changed()
        changed = frozenset(absent).union(relabelled)
        return Added(
            new=tuple(absent),
            known=tuple(ref for ref in labels if ref not in changed),
            relabelled=tuple(ref for ref in relabelled if ref not in absent),
        )

    async def remove(self, refs: Iterable[TaskRef]) -> tuple[TaskRef, ...]:
        """Remove tasks from the list; return those that were on it. `restore` undoes this."""
        gone = tuple(ref for ref in refs if ref in self.tasks)
        await self._store.remove(gone, self._clock.wall())
        async for ref in in_slices(gone):
            self._watcher.remove(ref)
        self._changed()
        return gone

    async def restore(self, refs: Iterable[TaskRef]) -> tuple[TaskRef, ...]:
        """Restore removed tasks with all their data; return those that were restored."""
        back = await self._store.restore(refs)
        self._watcher.load(back, self._clock.monotonic(), self._clock.wall())
        self._changed()
        return tuple(task.ref for task in back)

    async def removed(self) -> Sequence[Removed]:
        """Return the tasks that `restore` can bring back, the last removed first. Raises `StoreFailed`."""
        return await self._store.removed()

    async def label(self, ref: TaskRef, text: str) -> None:
        """Give a task another label."""
        await self._store.label(ref, text)
        self._watcher.edit(ref, label=text)
        self._changed()

    async def details(self, ref: TaskRef) -> Details:
        """Return a task's videos, raw answer and history."""
        return await self._store.details(ref)

    async def videos_of(self, refs: Iterable[TaskRef]) -> Mapping[TaskRef, tuple[Video, ...]]:
        """Return the videos of many tasks; those without any are left out."""
        return await self._store.videos(refs)

    async def _details_or_none(self, ref: TaskRef) -> Details | None:
        """Return the saved details of a task, `None` if they cannot be read."""
        try:
            return await self._store.details(ref)
        except StoreFailed:
            return None

    def check_now(self, refs: Iterable[TaskRef]) -> None:
        """Ask about tasks as soon as the budget allows, settled ones included."""
        self._coordinator.check_now(refs)
        self._publish()

    def attend(self, selected: TaskRef | None, on_screen: Iterable[TaskRef]) -> None:
        """Note which tasks the user looks at."""
        self._coordinator.attend(selected, on_screen)

    def pause(self) -> None:
        """Pause: send only manual checks."""
        self._coordinator.pause()
        self._publish()

    def resume(self) -> None:
        """End a pause, and try again everything that was stopped."""
        self._coordinator.resume()
        self._publish()

    def set_budget(self, per_second: float) -> None:
        """Change the budget in checks per second."""
        self._coordinator.set_budget(per_second)
        self._publish()

    def _changed(self) -> None:
        self._publish()
        self._poller.wake()

    def _publish(self) -> None:
        changed = self._watcher.take_changes()
        for listener in tuple(self._listeners):
            listener(changed)
