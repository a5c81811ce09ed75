"""The commands in the palette: a line each, in the order of the help, the key at the right."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.types import IgnoreReturnCallbackType

from tiwtui.config.key_table import Command, Group, Keys, Scope
from tiwtui.i18n import _
from tiwtui.ui.drawing.cells import fit
from tiwtui.ui.drawing.themed_widget import QUIET

_WIDEST = 76
_EDGES = 9
"""The cells of the palette's box, of the air in it, and of a scrollbar."""


def offered(keys: Keys, here: Iterable[str], tabs: Sequence[str], videos: int) -> Iterator[Command]:
    """Yield what the palette offers, each once: what matters here first, moving last.

    A numbered command is offered once for each of the `tabs` and `videos` there are.
    """
    first = dict.fromkeys(here)
    others = sorted(keys.commands, key=lambda command: command.group is Group.MOVE)
    for command in (*map(keys.command, first), *(one for one in others if one.id not in first)):
        match command.id:
            case "palette" | "commands":
                pass
            case "tab":
                yield from _each(command, [_("show the tab {name}").format(name=name) for name in tabs])
            case "copy.nth":
                yield from _each(command, [_("copy URL {n}").format(n=n + 1) for n in range(videos)])
            case _ if command.scope is not Scope.RAW or command.id in first:
                yield command
            case _:
                pass


def _each(command: Command, titles: Sequence[str]) -> Iterator[Command]:
    for number, title in enumerate(titles[: len(command.keys)], 1):
        keys, action = command.keys[number - 1 : number], command.action.format(n=number)
        yield replace(command, title=title, keys=keys, action=action, is_numbered=False, shown_as="")


def capitalized(title: str) -> str:
    """Return a title as a line of its own begins."""
    return title[:1].upper() + title[1:]


class Commands(Provider):
    """Finds what the application says it can do: each with its title and, for help, its key."""

    async def discover(self) -> Hits:
        for title, key, run in self._commands():
            yield DiscoveryHit(self._line(Content(title), key), run, text=title)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for title, key, run in self._commands():
            if (score := matcher.match(title)) > 0:
                found = matcher.highlight(title)
                yield Hit(score, self._line(found, key), run, text=title)

    def _commands(self) -> Iterable[tuple[str, str, IgnoreReturnCallbackType]]:
        for command in self.app.get_system_commands(self.screen):
            yield command.title, command.help, command.callback

    def _line(self, title: Content, key: str) -> Content:
        room = min(_WIDEST, self.screen.size.width) - _EDGES
        shown = title.truncate(max(1, room - len(key) - 1), ellipsis=True)
        return Content.assemble(shown, (fit(key, room - shown.cell_length, is_right=True), QUIET))
