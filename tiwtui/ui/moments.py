"""What rows and counts depend on beside the tasks, as the session has it now."""

import math
from collections.abc import Callable
from datetime import tzinfo
from operator import attrgetter

from tiwtui.engine.status import Mode
from tiwtui.glyphs import Glyphs
from tiwtui.listing.attention.reasons import Limits, slow_after
from tiwtui.listing.attention.usual import Usual
from tiwtui.listing.notes import Moment
from tiwtui.model import TaskRef
from tiwtui.session import Session

_APP = attrgetter("sdk_app_id")


def limits_of(session: Session, reached_since: float = -math.inf) -> Limits:
    """Return what attention depends on, as the session has it now."""
    return Limits(session.expiry_warning_s, slow_after(session.typical_processing_s()), reached_since)


class Moments:
    """Makes the moment that is now. It notes when the network was lost and when it was back."""

    def __init__(self, session: Session, glyphs: Glyphs, zone: tzinfo | None) -> None:
        self._session = session
        self._glyphs = glyphs
        self._zone = zone
        self._reached_since = -math.inf
        self._apps: tuple[int, frozenset[int]] = (-1, frozenset())

    @property
    def apps(self) -> frozenset[int]:
        """The applications of the watched tasks; counted again when there are more of these or fewer."""
        tasks = self._session.tasks
        if len(tasks) != self._apps[0]:
            self._apps = len(tasks), frozenset(map(_APP, tasks))
        return self._apps[1]

    def now(self, default_app: int | None, removed_at: Callable[[TaskRef], float | None]) -> Moment:
        """Return what counts now."""
        session, now = self._session, self._session.wall()
        usual_s, p95_s = session.typical_processing_s(), session.p95_processing_s()
        return Moment(
            now=now,
            default_app=default_app,
            usual=None if usual_s is None or p95_s is None else Usual(usual_s, p95_s),
            glyphs=self._glyphs,
            next_check_at=session.next_check_at,
            interval_s=session.interval_s,
            removed_at=removed_at,
            limits=limits_of(session, self._reached(now)),
            zone=self._zone,
            editor=session.handling.by,
        )

    def _reached(self, now: float) -> float:
        if self._session.status().mode is Mode.OFFLINE:
            self._reached_since = math.inf
        elif self._reached_since == math.inf:
            self._reached_since = now
        return self._reached_since
