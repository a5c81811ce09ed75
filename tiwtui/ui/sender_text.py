"""What the header says about the sender: live, live via another process, paused, offline or stopped. Pure.

One process of a watch list sends; the others show `live via` its terminal. When another process becomes the
sender, only `Status.mode` and `Status.by` change, and so do these words.
"""

import math
from typing import assert_never

from tiwtui.engine.status import Mode, Status
from tiwtui.formatting import Tone, TonedText, age_text, trouble_text
from tiwtui.i18n import _
from tiwtui.sanitize import safe


def sender_text(status: Status, now: float, clock_text: str, own: str = "") -> TonedText:
    """Return `live`, `live via pts/3`, `paused 10:02 by you` or `offline since 10:02, next try in 8s`.

    `clock_text` is `status.since` as a time of day, since a pure function knows no time zone. `own` is what
    this process is called, so that its own pause reads `by you`.
    """
    by = _("you") if own and status.by == own else safe(status.by)
    match status.mode:
        case Mode.LIVE | Mode.FOLLOWING if status.silent_since is not None:
            age = age_text(now - status.silent_since)
            return TonedText(_("no answer for {age}").format(age=age), Tone.WARN)
        case Mode.LIVE:
            return TonedText(_("live"), Tone.GOOD)
        case Mode.PAUSED:
            text = _("paused {time}").format(time=clock_text).rstrip()
            text = _("{paused} by {who}").format(paused=text, who=by) if by else text
            return TonedText(_with_time_left(text, status, now), Tone.WARN)
        case Mode.OFFLINE:
            text = _("offline since {time}").format(time=clock_text) if clock_text else _("offline")
            return TonedText(_with_next_try(text, status, now), Tone.BAD)
        case Mode.STOPPED:
            text = trouble_text(status.trouble) if status.trouble else _("stopped")
            return TonedText(_with_next_try(text, status, now), Tone.BAD)
        case Mode.FOLLOWING:
            sender = by or _("another process")
            return TonedText(_("live via {who}").format(who=sender), Tone.NAME)
        case _ as unreachable:
            assert_never(unreachable)


def _with_next_try(text: str, status: Status, now: float) -> str:
    if status.next_try_at is None:
        return text
    wait_s = status.next_try_at - now
    if wait_s < 1.0:
        return _("{state}, trying now").format(state=text)
    return _("{state}, next try in {wait}").format(state=text, wait=age_text(wait_s))


def _with_time_left(text: str, status: Status, now: float) -> str:
    if status.pause_ends_at is None:
        return text
    minutes = max(1, math.ceil((status.pause_ends_at - now) / 60))
    return _("{state}, {minutes} min left").format(state=text, minutes=minutes)
