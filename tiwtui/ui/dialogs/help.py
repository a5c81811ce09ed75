"""The help: the keys of where one is, all others, signs, the filter language; typing narrows it."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from tiwtui.config.key_table import Command, Keys, Scope
from tiwtui.formatting import Tone
from tiwtui.glyphs import UNICODE_GLYPHS, Glyphs
from tiwtui.i18n import _
from tiwtui.ui.dialogs.dialog import Dialog, KeyWords
from tiwtui.ui.dialogs.help_text import Entry, Place, Section, key_sections, narrowed, sign_sections
from tiwtui.ui.drawing.cells import fit
from tiwtui.ui.drawing.themed_widget import QUIET

_HEAD_SHARE = 3
"""Keys and examples take at most this part of the width."""
_BETWEEN = "  "
_WIDE = 104


async def run_command(app: App[None], command: Command) -> None:
    """Run a command as its key would: that of a list where the focus is, any other on the screen."""
    is_of_lines = command.scope is Scope.LINES and app.focused is not None
    await app.run_action(command.action, app.focused if is_of_lines else app.screen)


class SearchInput(Input):
    """A line to search with; while it is empty, keys that close are no text."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return bool(self.value) and super().check_consume_key(key, character)


class HelpList(OptionList, can_focus=False):
    """Sections of the help; the keys that move its highlight are those of the dialog."""

    def __init__(self, name: str) -> None:
        super().__init__(id=name, compact=True)
        self.entries: dict[int, Entry] = {}
        self._filled: tuple[tuple[Section, ...], int] | None = None

    def fill(self, sections: tuple[Section, ...]) -> None:
        """Show other sections, with none of their entries highlighted."""
        width = self.size.width - 1
        if self._filled == (sections, width):
            return
        self._filled = (sections, width)
        self.clear_options()
        self.entries = {}
        options: list[Option] = []
        keys = [entry for section in sections if section.has_keys for entry in section.entries]
        for section in sections:
            if options:
                options.append(Option("", disabled=True))
            options.append(Option(Content.styled(section.title, f"bold ${Tone.NAME}"), disabled=True))
            heads, twins = _widths(keys if section.has_keys else section.entries, width)
            for entry in section.entries:
                self.entries[len(options)] = entry
                lines = _lines(entry, heads, twins, width)
                options.append(Option(Content("\n").join(lines)))
        self.add_options(options)

    @property
    def entry(self) -> Entry | None:
        """The highlighted entry."""
        return None if self.highlighted is None else self.entries.get(self.highlighted)

    def go_to(self, typed: str) -> None:
        """Highlight the entry of a key that is typed, else the first."""
        exact = (at for at, entry in self.entries.items() if typed and typed in (entry.head, entry.twin))
        self.highlighted = next(exact, next(iter(self.entries), None))
        if self.highlighted == 1:
            # The heading above it is to be seen.
            self.scroll_home(animate=False)


def _widths(entries: Sequence[Entry], width: int) -> tuple[int, int]:
    """Return the cells of the heads of entries and of their twins."""
    heads = max(cell_len(entry.head) for entry in entries)
    twins = max(cell_len(entry.twin) for entry in entries)
    return min(heads, max(8, width // _HEAD_SHARE)), twins


def _lines(entry: Entry, heads: int, twins: int, width: int) -> Iterator[Content]:
    twin = f" {fit(entry.twin, twins)}" if twins else ""
    head = Content.assemble(" ", (fit(entry.head, heads), f"bold ${entry.tone}"), (twin, QUIET), _BETWEEN)
    beside = Content(" " * head.cell_length)
    for number, line in enumerate(Content(entry.text).wrap(max(8, width - head.cell_length))):
        yield Content.assemble(beside if number else head, line)


class HelpScreen(Dialog[None]):
    """Two lists where there is room, else one below the other; Enter runs what is highlighted."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "close", show=False, priority=True),
        # These keys go with those of the commands, whatever those are bound to.
        Binding("question_mark,f1,fullwidth_question_mark", "close", show=False, id="help", priority=True),
        Binding("down", "move('cursor_down')", show=False, priority=True),
        Binding("up", "move('cursor_up')", show=False, priority=True),
        Binding("pagedown", "move('page_down')", show=False, priority=True),
        Binding("pageup", "move('page_up')", show=False, priority=True),
        Binding("tab,shift+tab", "change_list", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    HelpScreen {
        & > .box { width: 140; height: 100%; }
        & Input { margin-bottom: 1; }
        &.-low Input { margin-bottom: 0; }
        & Horizontal { height: 1fr; }
        & HelpList { width: 1fr; height: 100%; }
        & HelpList > .option-list--option-disabled { color: $text; }
        & #signs { margin-left: 3; }
        &.-narrow #signs { display: none; }
    }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_WIDE, "-wide")]  # noqa: RUF012

    def __init__(self, keys: Keys, glyphs: Glyphs = UNICODE_GLYPHS, place: Place | None = None) -> None:
        super().__init__()
        self._keys = key_sections(keys, place or Place())
        self._signs = sign_sections(glyphs)
        self._in_signs = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = Content(_("Help"))
            yield SearchInput(placeholder=_("type to search"), compact=True)
            with Horizontal():
                yield HelpList("keys")
                yield HelpList("signs")

    def shown_keys(self) -> KeyWords:
        entry = self._list.entry
        run = (("enter", _("run")),) if entry is not None and entry.is_runnable else ()
        other = (("tab", _("keys") if self._in_signs else _("signs and filter")),) if self._is_wide else ()
        return (*run, *other, ("esc", _("close")))

    @property
    def _is_wide(self) -> bool:
        return self.size.width >= _WIDE

    @property
    def _list(self) -> HelpList:
        return self.query_one("#signs" if self._in_signs else "#keys", HelpList)

    def resized(self) -> None:
        self.call_after_refresh(self.if_staying, self._fill)

    @on(Input.Changed)
    def _fill(self) -> None:
        """Show what is found; where the list of one kind is empty, the other is the one that moves."""
        typed = self.query_one(Input).value.strip()
        keys, signs = narrowed(self._keys, typed), narrowed(self._signs, typed)
        if not self._is_wide:
            keys, signs = keys + signs, ()
        self.query_one("#keys", HelpList).fill(keys)
        self.query_one("#signs", HelpList).fill(signs)
        self._activate(in_signs=bool(signs) and not keys)

    def _activate(self, *, in_signs: bool) -> None:
        self._in_signs = in_signs
        for one in self.query(HelpList):
            is_active = one is self._list
            one.set_class(is_active, "-active")
            if is_active:
                one.go_to(self.query_one(Input).value.strip())
            else:
                one.highlighted = None
        self.show_keys()

    @on(OptionList.OptionHighlighted)
    def _highlighted(self) -> None:
        self.show_keys()

    def action_move(self, how: str) -> None:
        """Highlight another entry."""
        getattr(self._list, f"action_{how}")()

    def action_change_list(self) -> None:
        """Move in the other list, where there are two."""
        other = self.query_one("#keys" if self._in_signs else "#signs", HelpList)
        if self._is_wide and other.entries:
            self._activate(in_signs=not self._in_signs)

    @on(Input.Submitted)
    def _run(self) -> None:
        self._run_entry(self._list.entry)

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        assert isinstance(event.option_list, HelpList)
        self._run_entry(event.option_list.entry)

    def _run_entry(self, entry: Entry | None) -> None:
        """Close, and do what the key does where the help was opened."""
        if entry is None or not entry.is_runnable:
            return
        self.dismiss(None)
        if entry.command is not None:
            self.app.call_later(run_command, self.app, entry.command)
        else:
            self.app.call_later(self.app.simulate_key, entry.press)
