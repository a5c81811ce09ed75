"""The options that say which simulated world it is, for the commands that run one."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from tiwtui.cli.options import finite
from tiwtui.i18n import _

Command = TypeVar("Command", bound=Callable[..., Any])

TASKS = 40
SEED = 1
SPEED = 1.0


def world_options(tasks: str) -> Callable[[Command], Command]:
    """Give a command `--tasks`, `--seed` and `--speed`; `tasks` says how many of what."""

    def given(command: Command) -> Command:
        for option in (
            click.option(
                "--speed",
                type=float,
                callback=finite,
                default=SPEED,
                show_default=True,
                help=_("How many times faster than real time tasks are processed."),
            ),
            click.option(
                "--seed",
                type=int,
                default=SEED,
                show_default=True,
                help=_("Which simulated tasks there are; the same number gives the same ones."),
            ),
            click.option(
                "--tasks", type=click.IntRange(0, 1_000_000), default=TASKS, show_default=True, help=tasks
            ),
        ):
            command = option(command)
        return command

    return given
