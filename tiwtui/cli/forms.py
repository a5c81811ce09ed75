"""The forms in which commands print tasks, and the options that choose one."""

from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

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
    """Give a command `--json`, `--jsonl` and `--csv`; it is passed a `Form` as `form`."""
    for option in (
        click.option("--csv", "form", flag_value=Form.CSV, help=_("CSV, a row per video.")),
        click.option("--jsonl", "form", flag_value=Form.JSONL, help=_("A JSON object a line.")),
        click.option("--json", "form", flag_value=Form.JSON, default=Form.PLAIN, help=_("One JSON array.")),
    ):
        command = option(command)
    return command
