"""Which lines of a view are on the screen, and which of them has the cursor. Pure.

1. The line of the cursor is always on the screen: a screen that is scrolled away from it takes it along.
2. The cursor belongs to its task. Where that is gone, the next one that is left gets it. A pinned cursor is
   on the first line instead, whatever task is there, until it is moved.
3. Lines that come and go leave the cursor's task on its screen line; a list at its top stays there while the
   cursor is in sight. After lines were sorted again, the task is on the same screen line where that can be.
4. Each step costs as much as finding a few tasks in the view, however long that is.
"""

from collections.abc import Sequence

import msgspec

from tiwtui.listing.view import View
from tiwtui.model import TaskRef


class Spot(msgspec.Struct, frozen=True):
    """A task, and the line of the screen it was on, 0 on top."""

    ref: TaskRef | None
    line: int = 0


NOWHERE = Spot(None)


class Window:
    """The lines of a view on the screen, `height` lines from line `top`, and the cursor on line `index`."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.height = 1
        self.top = 0
        self.index = 0
        self.cursor = view.ref_at(0) if len(view) else None
        self.is_pinned = True
        self.moves = 0
        """How often a person moved the cursor or the screen."""

    @property
    def spot(self) -> Spot:
        """The cursor's task and its line of the screen."""
        return Spot(self.cursor, self.index - self.top)

    def on_screen(self) -> list[TaskRef]:
        """Return the tasks whose lines are on the screen, from the top."""
        end = min(self.top + self.height, len(self.view))
        return [self.view.ref_at(index) for index in range(self.top, end)]

    def shows(self, index: int) -> bool:
        """Return whether a line is on the screen."""
        return 0 <= index - self.top < self.height

    # What a person does

    def move_to(self, index: int, line: int | None = None) -> None:
        """Put the cursor on a line of the view, that one where it can be on a line of the screen.

        Without a `line` the screen scrolls as little as is needed.
        """
        self.moves += 1
        self.is_pinned = False
        index = max(0, min(index, len(self.view) - 1))
        self._put(index, self.top if line is None else index - line)

    def pin(self) -> None:
        """Put the cursor on the first line, and leave it there."""
        self.move_to(0)
        self.is_pinned = True

    def scroll_to(self, top: int) -> None:
        """Scroll; the cursor stays on the screen."""
        self.moves += 1
        self.is_pinned = False
        self._put(max(top, min(self.index, top + self.height - 1)), top)

    # What happens by itself

    def resize(self, height: int) -> None:
        """Show more lines or fewer, the cursor's among them."""
        self.height = max(1, height)
        self._put(self.index, self.top)

    def follow(self, was: Sequence[TaskRef], *, is_resorted: bool) -> None:
        """Follow the view after lines came or went, or moved where it `is_resorted`.

        `was` are the tasks that were on the screen before.
        """
        line = self.index - self.top
        index = self._found(was[:line], was[line:])
        stays_at_top = self.top == 0 and not is_resorted and index < self.height
        self._put(index, 0 if stays_at_top else index - line)

    def show(self, view: View, spot: Spot) -> None:
        """Show another view, or the same one filtered or sorted otherwise, with the cursor on a spot.

        Where its task is not shown, the cursor goes to the one nearest to it in the order, or stays on the
        task it is on.
        """
        self.view = view
        places = (None if ref is None else view.place_of(ref) for ref in (spot.ref, self.cursor))
        index = next((place for place in places if place is not None), 0)
        self._put(index, index - spot.line)

    def _found(self, above: Sequence[TaskRef], from_cursor: Sequence[TaskRef]) -> int:
        """Return the line of the cursor's task, or of the next one that is left."""
        for ref in from_cursor:
            if (index := self.view.index_of(ref)) is not None:
                return index
        for ref in reversed(above):
            if (index := self.view.index_of(ref)) is not None:
                return min(index + 1, len(self.view) - 1)
        return min(self.index, len(self.view) - 1)

    def _put(self, index: int, top: int) -> None:
        """Put the cursor on a line, and the screen as near to `top` as shows that line."""
        size = len(self.view)
        if self.is_pinned:
            index = top = 0
        self.index = index = max(0, min(index, size - 1))
        self.top = min(max(0, top, index - self.height + 1), index, max(0, size - self.height))
        self.cursor = self.view.ref_at(self.index) if size else None


class Places:
    """Remembers where a person was in a list, while it is filtered or another tab is shown.

    A place is forgotten when the list it was in is shown again, or once the person has moved. While another
    source is shown, the place in the first one is remembered whatever is done.
    """

    def __init__(self) -> None:
        self._was: tuple[object, Spot] | None = None
        self._moves = 0
        self._elsewhere = NOWHERE

    def turn(self, old: object, new: object, window: Window, *, is_other: bool = False) -> Spot:
        """Return the spot to show when what is shown changes from `old` to `new`.

        `is_other` where these are of two sources.
        """
        if self._was is None or window.moves != self._moves:
            self._was, self._moves = (old, window.spot), window.moves
        shown, spot = self._was
        if is_other:
            spot, self._elsewhere = self._elsewhere, spot
        if is_other or shown == new:
            self._was = None
        return spot
