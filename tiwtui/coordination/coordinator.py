"""The driver around lease and shared rows: several processes, one watch list, one sender.

Each look, four times a second, takes in what others wrote, then does what the lease wants.

1. Only the holder of the lease sends: `watcher.breaker.sends_until` is the lease's own end, moved on by each
   beat that was kept. A process that was stopped finds its breaker shut until it has looked.
2. A process that takes the lease reads all that was written before it sends, and keeps one gap of the budget.
3. A follower takes every task as the database has it. The sender takes only what people changed, since what
   it found itself may not be on disk yet; the state with more checks is the later one.
4. What a person does takes effect here at once and for the others by a row.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import assert_never

from msgspec.structs import replace

from tiwtui.clock import Clock
from tiwtui.coordination.lease import Lease, Step
from tiwtui.coordination.peers import BEAT_S as PRESENT_EACH_S
from tiwtui.coordination.peers import Company, Presence, Sharers
from tiwtui.coordination.sender_requests import NO_TASK, Pause, Wish
from tiwtui.engine.rate_limit import within_limits
from tiwtui.engine.status import Mode, Status, with_budget
from tiwtui.engine.watcher import Watcher
from tiwtui.model import Task, TaskRef, Trouble, TroubleKind
from tiwtui.store.errors import StoreFailed
from tiwtui.store.task_store import SqliteStore

LOOK_EACH_S = 0.25
ATTENTION_EACH_S = 1.0
ATTENDED_MOST = 60
INSISTS_S = 10.0
"""How long a check asked for by hand makes a process with refused keys take a lease that nobody holds."""


class Sharing:
    """Keeps one process in step with the others that open the same store.

    `name` is what the others call this process (a terminal such as `pts/3`). `publish` is called when tasks
    or the status may have changed, `wake` when the plan for checking has.
    """

    def __init__(
        self,
        watcher: Watcher,
        store: SqliteStore,
        clock: Clock,
        *,
        name: str,
        publish: Callable[[], None],
        wake: Callable[[], None],
    ) -> None:
        self._watcher = watcher
        self._store = store
        self._clock = clock
        self._name = name
        self._publish = publish
        self._wake = wake
        self._lease = Lease(store.me)
        self._company = Company(store.me)
        self._status: Status | None = None
        self._trouble: str | None = None
        self._wanted = watcher.rate_limit.budget
        self._selected: TaskRef | None = None
        self._on_screen: tuple[TaskRef, ...] = ()
        self._insists_until = clock.monotonic()
        self._pauses = 0
        self._presence: Presence | None = None
        self._present_at = 0.0
        self._woken = asyncio.Event()
        self._shut_or_open()

    @property
    def is_sender(self) -> bool:
        """Whether this process is the one that asks the service."""
        return self._lease.epoch is not None

    @property
    def trouble(self) -> str | None:
        """Why the saved state cannot be read or written at the moment."""
        return self._store.trouble or self._trouble

    def status(self) -> Status:
        """Return how the watching stands; a follower shows how its sender stands."""
        now, row = self._clock.monotonic(), self._lease.row
        own = self._watcher.status(now, self._clock.wall())
        if self.is_sender:
            return own
        if self._trouble is not None or row is None or not self._lease.is_held_elsewhere(now):
            return self._unshared(own)
        nothing_told = replace(own, mode=Mode.FOLLOWING, trouble=None, advice="")
        shared = replace(self._status or nothing_told, active=own.active, oldest_s=own.oldest_s)
        # What is wanted here counts at once; the sender has heard of it within a second.
        shared = with_budget(shared, self._company.budget(self._wanted, now))
        if shared.mode in (Mode.PAUSED, Mode.OFFLINE, Mode.STOPPED):
            return shared
        if own.mode is Mode.PAUSED:
            return replace(shared, mode=Mode.PAUSED, since=own.since, by=own.by)
        return replace(shared, mode=Mode.FOLLOWING, since=None, by=row.name)

    def sharers(self) -> Sharers:
        """Return who shares the list and who of them sends."""
        now, row = self._clock.monotonic(), self._lease.row
        others = self._company.names(now)
        if self.is_sender:
            return Sharers(self._name, True, self._lease.epoch, self._lease.beat_age_s(now), others)
        if row is None or not self._lease.is_held_elsewhere(now):
            return Sharers("", False, None if row is None else row.epoch, None, others)
        return Sharers(row.name, False, row.epoch, self._lease.beat_age_s(now), others)

    async def run(self) -> None:
        """Look four times a second until cancelled."""
        while True:
            self._woken.clear()
            await self.look()
            await self._clock.wait(self._woken, self._clock.monotonic() + LOOK_EACH_S)

    async def look(self) -> None:
        """Take in what others wrote, and beat, take over or hand over where the lease wants it."""
        trouble, was_until = self._trouble, self._lease.until
        changes = True
        try:
            if self._presence is None:
                await self._be_present()
            news = await self._take_in()
            changes = await self._step() or news
            await self._be_present()
            self._trouble = None
        except StoreFailed as failure:
            self._trouble = str(failure)
        self._shut_or_open()
        if changes or trouble != self._trouble:
            self._publish()
        # Whoever found the breaker shut meanwhile waits for this.
        if changes or was_until < self._clock.monotonic() <= self._lease.until:
            self._wake()

    def check_now(self, refs: Iterable[TaskRef]) -> None:
        """Have tasks checked as soon as there is a slot."""
        wanted, now = tuple(refs), self._clock.monotonic()
        if self.is_sender:
            self._watcher.check_now(wanted, now)
            self._wake()
        else:
            self._insists_until = now + INSISTS_S
            # A process without usable keys is not the sender.
            self._watcher.breaker.read_keys_now(now)
            self._store.wish(Wish.CHECK, wanted)
            self._woken.set()
            self._wake()

    def pause(self) -> None:
        """Stop the checks, for every process."""
        self._pauses += 1
        self._watcher.pause(self._name, self._clock.monotonic())
        self._store.set_pause(Pause(self._name, self._clock.wall()))

    def resume(self) -> None:
        """Go on, for every process, and try again whatever was stopped."""
        self._pauses += 1
        self._watcher.resume(self._clock.monotonic())
        self._store.set_pause(None)
        if not self.is_sender:
            self._store.wish(Wish.RESUME, (NO_TASK,))
        self._woken.set()
        self._wake()

    def set_budget(self, per_second: float) -> None:
        """Want at most this many checks a second; the lowest that a process wants counts."""
        self._wanted = within_limits(per_second)
        self._share_budget(self._clock.monotonic())
        self._woken.set()
        self._wake()

    def attend(self, selected: TaskRef | None, on_screen: Iterable[TaskRef]) -> None:
        """Note what the person at this process looks at."""
        self._selected, self._on_screen = selected, tuple(on_screen)
        self._share_attention(self._clock.monotonic())
        self._wake()

    async def _be_present(self) -> None:
        """Say each five seconds that this process lives, and sooner what has changed about it."""
        now, before = self._clock.monotonic(), self._presence
        beat = 1 if before is None else before.beat + 1
        presence = Presence(self._store.me, self._name, beat, self._wanted, self._attended())
        if before is None:
            await self._store.join(presence)
        else:
            said_s = now - self._present_at
            has_looked_away = said_s >= ATTENTION_EACH_S and before.attended != presence.attended
            if said_s < PRESENT_EACH_S and before.budget == presence.budget and not has_looked_away:
                return
            await self._store.be_present(presence)
        self._presence, self._present_at = presence, now

    def _attended(self) -> tuple[TaskRef, ...]:
        selected = () if self._selected is None else (self._selected,)
        return tuple(dict.fromkeys((*selected, *self._on_screen)))[:ATTENDED_MOST]

    async def _take_in(self, *, anew: bool = False) -> bool:
        pauses = self._pauses
        news = await self._store.look(anew=anew)
        if news is None:
            return False
        now, wall = self._clock.monotonic(), self._clock.wall()
        self._lease.saw(news.lease, now)
        self._shut_or_open()
        self._status = news.status
        self._company.saw(news.processes, now)
        absent = set(self._watcher.tasks).difference(task.ref for task in news.tasks) if news.is_whole else ()
        for ref in (*news.removed, *absent):
            self._watcher.remove(ref)
        for task in news.tasks:
            self._take_task(task, now, wall)
        # A look that was under way when someone paused here shows how it was before.
        if pauses == self._pauses:
            self._take_pause(news.pause, now, wall)
        self._share_budget(now)
        self._share_attention(now)
        if news.has_wishes and self._lease.epoch is not None and not anew:
            await self._serve(self._lease.epoch)
        return True

    def _take_task(self, task: Task, now: float, wall: float) -> None:
        known = self._watcher.tasks.get(task.ref)
        if not self.is_sender or known is None or task.checks > known.checks:
            self._watcher.absorb(task, now, wall)
            return
        if task.label != known.label:
            self._watcher.relabel(task.ref, task.label)
        if task.taken_at is not None and task.taken_at != known.taken_at:
            self._watcher.mark_taken((task.ref,), task.taken_at)
        if task.seen_at is not None and task.seen_at != known.seen_at:
            self._watcher.mark_seen((task.ref,), task.seen_at)

    def _take_pause(self, pause: Pause | None, now: float, wall: float) -> None:
        breaker = self._watcher.breaker
        if pause is not None and breaker.paused_by is None:
            self._watcher.pause(pause.name, now - max(0.0, wall - pause.at))
        elif pause is None and breaker.paused_by is not None:
            self._watcher.resume(now)

    async def _serve(self, epoch: int) -> None:
        for wish, ref in await self._store.take_wishes(epoch):
            match wish:
                case Wish.CHECK:
                    self._watcher.check_now((ref,), self._clock.monotonic())
                case Wish.RESUME:
                    self._watcher.resume(self._clock.monotonic())
                case _:
                    assert_never(wish)

    async def _step(self) -> bool:
        """Do what the lease wants; return whether that changed who sends."""
        now = self._clock.monotonic()
        step = self._lease.step(now, is_fit=self._is_fit(now))
        match step:
            case Step.NOTHING:
                return False
            case Step.BEAT:
                await self._beat(now)
                return not self.is_sender
            case Step.TAKE:
                await self._take(now)
                return self.is_sender
            case Step.GIVE_BACK:
                await self._give_back()
                return True
            case _:
                assert_never(step)

    async def _beat(self, now: float) -> None:
        epoch = self._lease.epoch
        assert epoch is not None
        try:
            is_kept = await self._store.beat(epoch, self._watcher.status(now, self._clock.wall()))
        except StoreFailed as failure:
            if failure.is_unwritable:
                await self._hold_without_writing(epoch, now)
            raise
        if not is_kept:
            self._lease.lost()
            await self._take_in(anew=True)
            return
        self._lease.kept(now)
        self._share_budget(now)
        gone = self._company.gone(now)
        if gone:
            await self._store.forget_processes(gone)
            self._company.forget(gone)

    async def _hold_without_writing(self, epoch: int, now: float) -> None:
        """On a full disk, go on sending while the database names no other process.

        That is safe: one that starts enters itself before it looks at the lease, and takes it 3 s later at
        the earliest; by then this look has shown it, or the last one without it is more than 2 s old.
        """
        await self._take_in(anew=True)
        if self._lease.epoch == epoch and self._company.is_empty():
            self._lease.kept(now)

    async def _take(self, now: float) -> None:
        row = self._lease.row
        assert row is not None
        epoch = await self._store.take_lease(self._name, row)
        # What the one before wrote last is read as a follower reads it, and before the breaker opens.
        await self._take_in(anew=True)
        if epoch is None:
            return
        self._lease.took(epoch, now)
        self._share_budget(now)
        self._watcher.rate_limit.spend(self._clock.monotonic())
        self._shut_or_open()
        await self._serve(epoch)

    async def _give_back(self) -> None:
        epoch = self._lease.epoch
        assert epoch is not None
        # Shut first: once the row says so, another process may send at once.
        self._lease.lost()
        self._shut_or_open()
        await self._store.give_back(epoch)
        await self._take_in(anew=True)

    def _is_fit(self, now: float) -> bool:
        breaker = self._watcher.breaker
        return breaker.is_fit_to_send(now) or (breaker.has_keys and now < self._insists_until)

    def _shut_or_open(self) -> None:
        self._watcher.breaker.sends_until = self._lease.until

    def _share_budget(self, now: float) -> None:
        if self.is_sender or self._status is None:
            self._watcher.rate_limit.set_budget(self._company.budget(self._wanted, now))
        else:
            self._watcher.rate_limit.set_budget(self._status.budget)

    def _share_attention(self, now: float) -> None:
        elsewhere = self._company.attended(now) if self.is_sender else ()
        self._watcher.attend(self._selected, (*self._on_screen, *elsewhere), now)

    def _unshared(self, own: Status) -> Status:
        """Return the status of a process that follows nobody and does not send."""
        if own.mode is not Mode.LIVE or self._trouble is None:
            return own
        trouble = Trouble(TroubleKind.CONFIG, "", self._trouble, "", self._clock.wall())
        # What to do depends on what failed, and each failure says it itself.
        return replace(own, mode=Mode.STOPPED, trouble=trouble, advice="")
