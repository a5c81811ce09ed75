"""How often the screen does what: apart from the screen so that a test can run it without waiting."""

import msgspec

HOLD_S = 3.0
"""How long after a key or a click no line moves by itself."""
MOVE_SEEN_AFTER_S = 0.5
"""How long after lines moved by themselves a key was still meant for how they were before."""
TYPING_S = 0.5
"""How long after a letter a person may still be typing."""
SEEN_AFTER_S = 1.0
"""How long the cursor has to rest on a settled task for it to be seen."""
SAVING_SHOWN_AFTER_S = 0.1
"""An edit that is not saved by then says that it is being saved."""
ATTENDED_S = 120.0
"""How long after the last sign of a person the screen counts as attended."""

STIRS_S = 15.0
"""How long after a key or a change what it moved, lit or said may still have to be painted again."""
UNTOUCHED_S = 300.0
"""How long after the last sign of a person a screen counts as one on a wall."""


class Pace(msgspec.Struct, frozen=True):
    """Seconds between repaints, focused or not, between ticks, and until a resting cursor is followed.

    `tick_s` None ticks never: a test calls `MainScreen.tick` itself. View state is saved
    every `remember_s` seconds; None: only on exit. `guards_pastes` holds keys for a moment. A letter is still
    meant for what an esc in the midst of typing closed, if it follows that or another such letter within
    `leave_s`.
    """

    repaint_s: float = 0.25
    blurred_repaint_s: float = 1.0
    tick_s: float | None = 1.0
    rest_s: float = 0.06
    remember_s: float | None = 2.0
    guards_pastes: bool = True
    leave_s: float = 0.2


AT_ONCE = Pace(
    repaint_s=0,
    blurred_repaint_s=0,
    tick_s=None,
    rest_s=0,
    remember_s=None,
    guards_pastes=False,
    leave_s=0,
)
