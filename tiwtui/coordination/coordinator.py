"""The driver around lease and shared rows: several processes, one watch list, one sender.

Each look, four times a second, reads what others wrote, then does what the lease wants. Where nothing was
written the database itself is looked at once a second.

1. Only the holder of the lease sends: `watcher.breaker.sends_until` is the lease's own end, moved on by each
   beat that was saved. A process that was stopped finds its breaker shut until it has looked.
2. A process that takes the lease reads all that was written before it sends, and keeps one gap of the budget.
3. What a person does takes effect here at once and for the others by a row.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable
from typing import assert_never

import msgspec

from tiwtui.budget import within_limits
from tiwtui.clock import Clock
from tiwtui.coordination import sender_requests
from tiwtui.coordination.lease import Lease, Step
from tiwtui.coordination.merging import take_changes
from tiwtui.coordination.peers import BEAT_S as PRESENT_EACH_S
from tiwtui.coordination.peers import Peer, Peers, Sharers
from tiwtui.coordination.sender_requests import NO_TASK, Pause, Request
from tiwtui.coordination.shared_pause import SharedPause
from tiwtui.coordination.sharing import follower_status, sharers, unshared_status
from tiwtui.engine.status import Status
from tiwtui.engine.watcher import Watcher
from tiwtui.model import TaskRef
from tiwtui.store.errors import StoreFailed
from tiwtui.store.log_watch import LogWatch
from tiwtui.store.schema import transaction
from tiwtui.store.task_store import TaskStore

LOOK_EACH_S = 0.25
ATTENTION_EACH_S = 1.0
ATTENDED_MOST = 60
INSISTS_S = 10.0
"""How long a check asked for by hand makes a process with refused keys take a lease that nobody holds."""


class Coordinator:
    """Keeps one process in step with the others that open the same store.

    `name` is what the others call this process (a terminal such as `pts/3`), `pause_s` how long a pause that
    is made here lasts, `None` without end. `publish` is called when tasks or the status may have changed,
    `wake` when the plan for checking has.
    """

    def __init__(
        self,
        watcher: Watcher,
        store: TaskStore,
        clock: Clock,
        *,
        name: str,
        pause_s: float | None = None,
        publish: Callable[[], None],
        wake: Callable[[], None],
    ) -> None:
        self._watcher = watcher
        self._store = store
        self._database = store.database
        self._clock = clock
        self._name = name
        self._pause = SharedPause(watcher, clock, name, pause_s)
        self._publish = publish
        self._wake = wake
        self._lease = Lease(self._database.me)
        self._peers = Peers(self._database.me)
        self._sender_status: Status | None = None
        self._trouble: str | None = None
        self._wanted = watcher.rate_limit.budget
        self._selected: TaskRef | None = None
        self._on_screen: tuple[TaskRef, ...] = ()
        self._insists_until = clock.monotonic()
        self._log = LogWatch(self._database.path)
        self._present: Peer | None = None
        self._present_at = 0.0
        self._has_joined = False
        self._woken = asyncio.Event()
        self._database.do_at_end(self._leave)
        self._shut_or_open()

    @property
    def is_sender(self) -> bool:
        """Whether this process is the one that asks the service."""
        return self._lease.epoch is not None

    @property
    def trouble(self) -> str | None:
        """Why the saved state cannot be read or written at the moment."""
        return self._database.trouble or self._trouble

    def status(self) -> Status:
        """Return how the watching stands; a follower shows how its sender stands."""
        now, row = self._clock.monotonic(), self._lease.row
        own = self._watcher.status(now, self._clock.wall())
        budget, limited_by = self._peers.lowest(self._wanted, now)
        if self.is_sender:
            return msgspec.structs.replace(own, limited_by=limited_by)
        if self._trouble is not None or row is None or not self._lease.is_held_elsewhere(now):
            return unshared_status(own, self._trouble, self._clock.wall())
        return follower_status(own, self._sender_status, row.name, budget, limited_by)

    def sharers(self) -> Sharers:
        """Return the processes that share the list, and which of them sends."""
        return sharers(self._name, self._lease, self._peers, self._clock.monotonic())

    async def run(self) -> None:
        """Look four times a second until cancelled."""
        while True:
            self._woken.clear()
            await self.look()
            await self._clock.wait(self._woken, self._clock.monotonic() + LOOK_EACH_S)

    async def look(self) -> None:
        """Take in what others wrote, and beat, take over or hand over where the lease wants it."""
        trouble, was_until = self._trouble, self._lease.until
        changes, ended = True, self._pause.end_in_time()
        if ended is not None:
            self._database.post(sender_requests.end_pause, ended)
        try:
            if self._present is None:
                await self._be_present()
            news = await self._take_in()
            changes = await self._step() or news or ended is not None
            await self._be_present()
            self._trouble = None
        except StoreFailed as failure:
            self._trouble = str(failure)
        self._shut_or_open()
        if changes or trouble != self._trouble:
            self._publish()
        # A check that found the breaker shut meanwhile waits for this.
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
            self._ask(Request.CHECK, wanted)
            self._woken.set()
            self._wake()

    def pause(self) -> None:
        """Stop the checks, for every process; during a pause its time begins again."""
        self._save_pause(self._pause.begin())

    def resume(self) -> None:
        """Go on, for every process, and try again whatever was stopped by trouble."""
        self._pause.resume()
        self._save_pause(None)
        if not self.is_sender:
            self._ask(Request.RESUME, (NO_TASK,))
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
        before, looked_at = (self._selected, self._on_screen), (selected, tuple(on_screen))
        if looked_at == before:
            return
        self._selected, self._on_screen = looked_at
        self._share_attention(self._clock.monotonic())
        self._wake()

    async def _be_present(self) -> None:
        """Write each five seconds that this process lives, and sooner what has changed about it."""
        now, before = self._clock.monotonic(), self._present
        beat = 1 if before is None else before.beat + 1
        present = Peer(self._database.me, self._name, beat, self._wanted, self._attended())
        if before is None:
            self._has_joined = True
            await self._database.run(sender_requests.join, present)
        else:
            said_s = now - self._present_at
            has_looked_away = said_s >= ATTENTION_EACH_S and before.attended != present.attended
            if said_s < PRESENT_EACH_S and before.budget == present.budget and not has_looked_away:
                return
            await self._database.run(sender_requests.be_present, present)
        self._present, self._present_at = present, now

    def _attended(self) -> tuple[TaskRef, ...]:
        selected = () if self._selected is None else (self._selected,)
        return tuple(dict.fromkeys((*selected, *self._on_screen)))[:ATTENDED_MOST]

    async def _take_in(self, *, always: bool = False) -> bool:
        always = always or self._store.has_dropped
        is_worth_it = self._log.is_worth_a_look(self._clock.monotonic())
        if not is_worth_it and not always and self._trouble is None:
            return False
        pauses = self._pause.changes
        news = await self._database.read_changes(sender_requests.news, self._store.changes, always=always)
        if news is None:
            return False
        now, wall = self._clock.monotonic(), self._clock.wall()
        self._lease.saw(news.lease, now)
        self._shut_or_open()
        self._sender_status = news.status
        self._peers.saw(news.peers, now)
        take_changes(self._watcher, news.changes, now, wall, is_sender=self.is_sender)
        # A look that was under way when someone paused here shows how it was before.
        if pauses == self._pause.changes:
            self._pause.take(news.pause)
        self._share_budget(now)
        self._share_attention(now)
        if news.has_requests and self._lease.epoch is not None and not always:
            await self._serve(self._lease.epoch)
        return True

    async def _serve(self, epoch: int) -> None:
        for request, ref in await self._database.run(
            sender_requests.take_requests, self._database.me, epoch, self._database.wall()
        ):
            match request:
                case Request.CHECK:
                    self._watcher.check_now((ref,), self._clock.monotonic())
                case Request.RESUME:
                    self._watcher.resume(self._clock.monotonic())
                case _:
                    assert_never(request)

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
            status = self._watcher.status(now, self._clock.wall())
            is_held = await self._database.run(sender_requests.beat, self._database.me, epoch, status)
        except StoreFailed as failure:
            if failure.is_unwritable:
                await self._hold_without_writing(epoch, now)
            raise
        if not is_held:
            self._lease.lost()
            self._store.epoch = None
            await self._take_in(always=True)
            return
        self._lease.extend(now)
        self._share_budget(now)
        gone = self._peers.gone(now)
        if gone:
            await self._database.run(sender_requests.forget_peers, gone)
            self._peers.forget(gone)

    async def _hold_without_writing(self, epoch: int, now: float) -> None:
        """On a full disk, go on sending while the database names no other process.

        That is safe: one that starts enters itself before it looks at the lease, and takes it 3 s later at
        the earliest; by then this look has shown it, or the last one without it is more than 2 s old.
        """
        await self._take_in(always=True)
        if self._lease.epoch == epoch and self._peers.is_empty():
            self._lease.extend(now)

    async def _take(self, now: float) -> None:
        row = self._lease.row
        assert row is not None
        epoch = await self._database.run(
            sender_requests.take_lease, self._database.me, self._name, row, self._database.wall()
        )
        # What the one before wrote last is read as a follower reads it, and before the breaker opens.
        await self._take_in(always=True)
        if epoch is None:
            return
        self._lease.took(epoch, now)
        self._store.epoch = epoch
        self._share_budget(now)
        self._watcher.measure_from(now)
        self._watcher.rate_limit.spend(self._clock.monotonic())
        self._shut_or_open()
        await self._serve(epoch)

    async def _give_back(self) -> None:
        epoch = self._lease.epoch
        assert epoch is not None
        # Shut first: once the row says so, another process may send at once.
        self._lease.lost()
        self._shut_or_open()
        await self._store.end_sending()
        await self._database.run(sender_requests.give_back, self._database.me, epoch)
        await self._take_in(always=True)

    def _leave(self, connection: sqlite3.Connection) -> None:
        # A command that only reads writes nothing: a lock of another process does not hold it up.
        if self._has_joined:
            with transaction(connection):
                sender_requests.leave(connection, self._database.me)

    def _ask(self, kind: Request, refs: tuple[TaskRef, ...]) -> None:
        self._database.post(sender_requests.ask, kind, refs, self._database.wall())

    def _save_pause(self, pause: Pause | None) -> None:
        self._database.post(sender_requests.set_pause, self._database.me, pause)

    def _is_fit(self, now: float) -> bool:
        breaker = self._watcher.breaker
        return breaker.is_fit_to_send(now) or (breaker.has_keys and now < self._insists_until)

    def _shut_or_open(self) -> None:
        self._watcher.breaker.sends_until = self._lease.until

    def _share_budget(self, now: float) -> None:
        if self.is_sender or self._sender_status is None:
            budget, _name = self._peers.lowest(self._wanted, now)
        else:
            budget = self._sender_status.budget
        before = self._watcher.rate_limit.budget
        self._watcher.rate_limit.set_budget(budget)
        if self._watcher.rate_limit.budget != before:
            self._watcher.measure_from(now)

    def _share_attention(self, now: float) -> None:
        elsewhere = self._peers.attended(now) if self.is_sender else ()
        self._watcher.attend(self._selected, (*self._on_screen, *elsewhere), now)
