"""How a shared watch list is shown: what this process is called, which one sends, how the watching goes."""

import os

import msgspec

from tiwtui.coordination.lease import Lease
from tiwtui.coordination.peers import Peers, Sharers
from tiwtui.engine.status import Mode, Status, with_budget
from tiwtui.model import Trouble, TroubleKind


def terminal_name() -> str:
    """Return what this process's terminal is called, for the others that share the watch list: `pts/3`."""
    for stream in (0, 1, 2):
        try:
            return os.ttyname(stream).removeprefix("/dev/")
        except OSError:
            continue
    return f"pid {os.getpid()}"


def sharers(name: str, lease: Lease, peers: Peers, now: float) -> Sharers:
    """Return the processes that share the list, as seen by the one called `name`."""
    row, others = lease.row, peers.names(now)
    if lease.epoch is not None:
        return Sharers(name, True, lease.epoch, lease.beat_age_s(now), others)
    if row is None or not lease.is_held_elsewhere(now):
        return Sharers("", False, None if row is None else row.epoch, None, others)
    return Sharers(row.name, False, row.epoch, lease.beat_age_s(now), others)


def follower_status(
    own: Status, sender: Status | None, sender_name: str, budget: float, limited_by: str
) -> Status:
    """Return what a follower shows: how its sender stands, with its own tasks and the lowest `budget`."""
    nothing_known = msgspec.structs.replace(own, mode=Mode.FOLLOWING, trouble=None, advice="")
    shared = msgspec.structs.replace(
        sender or nothing_known,
        active=own.active,
        oldest_s=own.oldest_s,
        asking=own.asking,
        settling=own.settling,
    )
    # What is wanted here counts at once; the sender reads it within a second.
    shared = msgspec.structs.replace(with_budget(shared, budget), limited_by=limited_by)
    if shared.mode in (Mode.PAUSED, Mode.OFFLINE, Mode.STOPPED):
        return shared
    if own.mode is Mode.PAUSED:
        return msgspec.structs.replace(shared, mode=Mode.PAUSED, since=own.since, by=own.by)
    return msgspec.structs.replace(shared, mode=Mode.FOLLOWING, since=None, by=sender_name)


def unshared_status(own: Status, trouble: str | None, wall: float) -> Status:
    """Return what a process shows that follows nobody and does not send."""
    if own.mode is not Mode.LIVE or trouble is None:
        return own
    why = Trouble(TroubleKind.CONFIG, "", trouble, "", wall)
    # What to do depends on what failed, and each failure says it itself.
    return msgspec.structs.replace(own, mode=Mode.STOPPED, trouble=why, advice="")
