"""The forms in which commands print tasks, and the options that choose one."""

from collections.abc import Callable
from enum import Enum
from functools import wraps
from typing import Any, TypeVar, cast

import click

from tiwtui.i18n import _

Command = TypeVar("Command", bound=Callable[..., Any])


class Form(Enum):
    """How tasks are written to standard output."""

    PLAIN = "plain"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


def form_options(command: Command) -> Command:
    """Give a command `--json`, `--jsonl` and `--csv`; it is passed a `Form` as `form`.

    Each is a flag of its own: of one parameter with several values, click before 8.4 passes text, not a
    `Form`.
    """

    @wraps(command)
    def with_form(*args: Any, **options: Any) -> Any:
        chosen = [form for form in Form if options.pop(form.value, False)]
        if len(chosen) > 1:
            names = " ".join(f"--{form.value}" for form in chosen)
            raise click.UsageError(_("only one of {options} can be given").format(options=names))
        return command(*args, form=chosen[0] if chosen else Form.PLAIN, **options)

    for form, text in (
        (Form.CSV, _("CSV, a row per video.")),
        (Form.JSONL, _("A JSON object a line.")),
        (Form.JSON, _("One JSON array.")),
    ):
        with_form = click.option(f"--{form.value}", is_flag=True, help=text)(with_form)
    return cast(Command, with_form)
