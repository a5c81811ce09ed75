"""Adding tasks: a text is pasted or typed, what it says is counted, and only then is anything saved."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import msgspec
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static, TextArea

from tiwtui.formatting import Tone
from tiwtui.i18n import _, ngettext
from tiwtui.intake import reader
from tiwtui.model import Task, TaskRef
from tiwtui.sanitize import safe
from tiwtui.ui.dialogs.dialog import Dialog, KeyWords
from tiwtui.ui.drawing.themed_widget import QUIET

_SHOWN_NOT_UNDERSTOOD = 3


class Preview(msgspec.Struct, frozen=True):
    """What a text would do to the watch list."""

    new: int
    known: int
    relabelled: int
    not_understood: tuple[str, ...]
    several: tuple[tuple[TaskRef, ...], ...] = ()

    @classmethod
    def of(cls, read: reader.Intake, app: int | None, tasks: Mapping[TaskRef, Task]) -> "Preview":
        """Count what is new; an id of which the list knows no application counts as new."""
        refs = read.tasks(app)
        known = [(tasks[ref], label) for ref, label in dict(refs).items() if ref in tasks]
        relabelled = sum(label is not None and label != task.label for task, label in known)
        new = len(dict(refs)) - len(known) + len(read.entries) - len(refs)
        return cls(new, len(known) - relabelled, relabelled, read.not_understood, read.several)

    def content(self) -> Content:
        """The counts in a line, and below it the first lines that were not understood."""
        if not (self.new or self.known or self.relabelled or self.not_understood or self.several):
            return Content.styled(_("Any text will do: ids, lines of a log, CSV, JSON."), QUIET)
        counts = [
            (self.new, ngettext("{n} new", "{n} new", self.new), f"${Tone.GOOD}"),
            (self.relabelled, ngettext("{n} relabelled", "{n} relabelled", self.relabelled), f"${Tone.NAME}"),
            (self.known, ngettext("{n} known", "{n} known", self.known), QUIET),
            (
                len(self.several),
                ngettext("{n} in several applications", "{n} in several applications", len(self.several)),
                f"${Tone.WARN}",
            ),
            (
                len(self.not_understood),
                ngettext("{n} line not understood", "{n} lines not understood", len(self.not_understood)),
                f"${Tone.WARN}",
            ),
        ]
        shown = [Content.styled(text.format(n=n), style) for n, text, style in counts if n]
        lines = [Content("  ").join(shown)]
        lines += [
            Content.styled(f"  {safe(line)[:60]}", f"${Tone.WARN}")
            for line in self.not_understood[:_SHOWN_NOT_UNDERSTOOD]
        ]
        return Content("\n").join(lines)


class Wanted(msgspec.Struct, frozen=True):
    """The tasks to add, the application they are in where it was asked for, and the text they were in."""

    entries: tuple[tuple[TaskRef, str | None], ...]
    app: int | None
    text: str = ""


class PasteArea(TextArea):
    """A text area in which enter is an answer; ctrl+j begins another line."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+j", "newline", show=False)]

    @dataclass
    class Submitted(Message):
        """Enter was pressed."""

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self.post_message(self.Submitted())
        else:
            await super()._on_key(event)

    def action_newline(self) -> None:
        """Begin another line."""
        self.insert("\n")


class AddScreen(Dialog[Wanted]):
    """Takes a text, says what it would add, and returns it once enter is pressed."""

    DEFAULT_CSS = """
    AddScreen {
        & PasteArea { height: auto; min-height: 3; max-height: 12; border: none; padding: 0; }
        & Input { margin-top: 1; }
        & #preview { margin-top: 1; }
        &.-low PasteArea { max-height: 4; }
    }
    """

    def __init__(self, text: str, app: int | None, tasks: Mapping[TaskRef, Task], fault: str = "") -> None:
        super().__init__()
        self._fault = fault
        self._text = text
        self._default_app = app
        self._tasks = tasks

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = Content(_("Add tasks"))
            yield PasteArea(self._text, soft_wrap=True, id="text", compact=True)
            yield Input(placeholder=_("SdkAppId of these tasks"), type="integer", id="app", compact=True)
            yield Static(id="preview")
            yield Static(id="fault", classes="fault")

    def shown_keys(self) -> KeyWords:
        return (("enter", _("add")), ("ctrl+j", _("line")), ("esc", _("cancel")))

    def opened(self) -> None:
        area = self.query_one("#text", PasteArea)
        area.move_cursor(area.document.end)
        self._preview()
        self._refuse(self._fault)

    @property
    def _app(self) -> int | None:
        typed = self.query_one("#app", Input).value.strip()
        return int(typed) if typed.isdecimal() else self._default_app

    def _read(self) -> reader.Intake:
        read = reader.read(self.query_one("#text", PasteArea).text, self._default_app)
        return read.beside(self._tasks, self._default_app)

    @on(TextArea.Changed)
    @on(Input.Changed)
    def _preview(self) -> None:
        read = self._read()
        self.query_one("#app", Input).display = read.needs_app(self._default_app)
        self.query_one("#preview", Static).update(Preview.of(read, self._app, self._tasks).content())
        self._refuse("")

    def _refuse(self, reason: str) -> None:
        """Say why enter did not add; what was typed stays."""
        fault = self.query_one("#fault", Static)
        fault.update(Content(safe(reason)))
        fault.display = bool(reason)

    @on(PasteArea.Submitted)
    @on(Input.Submitted)
    def _accept(self) -> None:
        read = self._read()
        text = self.query_one("#text", PasteArea).text
        if not text.strip():
            self.dismiss(None)
        elif read.several:
            refs = read.several[0]
            text = _("{id} is in several applications: {refs}. Write which one is meant.")
            self._refuse(text.format(id=refs[0].task_id, refs=", ".join(map(str, refs))))
        elif not read.entries:
            self._refuse(_("Nothing here is understood as a task; esc closes this."))
        elif read.needs_app(self._app):
            self.query_one("#app", Input).focus()
            self._refuse(_("In which application are they? Its SdkAppId is a number, such as 1400000001."))
        else:
            asked = self._app if read.needs_app(self._default_app) else None
            self.dismiss(Wanted(read.tasks(self._app), asked, text))
