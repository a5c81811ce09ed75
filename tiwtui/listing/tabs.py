"""The tabs, and which phases the tasks in each have."""

from enum import StrEnum

from tiwtui.model import Phase


class Tab(StrEnum):
    """A part of the watch list. Active, Ready and Failed divide All; Attention overlaps them."""

    ALL = "all"
    ACTIVE = "active"
    READY = "ready"
    FAILED = "failed"
    ATTENTION = "attention"

    @property
    def phases(self) -> frozenset[Phase]:
        """The phases of the tasks in it; Attention has tasks of any phase."""
        return _PHASES.get(self, _ALL_PHASES)


_FAILED = (Phase.FAILED, Phase.EMPTY, Phase.NOT_FOUND)
_ALL_PHASES = frozenset(Phase)
_PHASES = {
    Tab.ACTIVE: _ALL_PHASES.difference((Phase.READY, *_FAILED)),
    Tab.READY: frozenset((Phase.READY,)),
    Tab.FAILED: frozenset(_FAILED),
}
