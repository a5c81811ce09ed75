"""`tiwtui get`: ask the service once per task, on the watch list or not; nothing is saved."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Sequence
from typing import assert_never

import click

from tiwtui.api.answers import Answer, Garbled, NoAnswer, Observed, Refused
from tiwtui.api.client import Client
from tiwtui.api.credentials import EnvironmentSource, NoCredentials, RefreshableCredentials
from tiwtui.cli.exit_codes import Exit, first, of_task
from tiwtui.cli.options import settings_of
from tiwtui.cli.output import Adviser, OutputFormat, Printer, format_options
from tiwtui.cli.signals import run
from tiwtui.cli.task_args import named_refs, with_stdin
from tiwtui.clock import Clock, SystemClock
from tiwtui.composition import client_for, kept_days_of
from tiwtui.config.settings import BadSettings, Settings, other_sites
from tiwtui.engine.circuit_breaker import concerns_others, may_be_the_tasks_own
from tiwtui.engine.rate_limit import RateLimit
from tiwtui.engine.transitions import CheckResult, apply_answer, trouble_of
from tiwtui.formatting import advice_text, stop_text
from tiwtui.i18n import _
from tiwtui.model import Details, Task, TaskRef, TroubleKind
from tiwtui.sanitize import safe

Advice = Callable[[Refused | Garbled | NoAnswer], str]
"""What the user can do about an answer without a result."""

RATE = 2.0
"""Requests a second: a script may run `get` beside a screen, whose rate it does not know."""


@click.command("get")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@format_options
@click.pass_context
def command(context: click.Context, ids: tuple[str, ...], output_format: OutputFormat) -> None:
    """Ask the service once about each task, and print what it says.

    An ID is a TaskId, or SdkAppId/TaskId; "-" reads ids from standard input. At most two requests a second.

    Exit codes: 0 all ready; 1 some failed, empty or not found; 2 usage or configuration; 3 no usable
    answer; 4 credentials, permission or application; 5 nothing failed, some still active.
    """
    settings = settings_of(context)
    context.exit(run(_get(settings, named_refs(with_stdin(ids), settings), output_format)))


async def _get(
    settings: Settings, refs: Sequence[TaskRef], output_format: OutputFormat, *, clock: Clock | None = None
) -> Exit:
    """Ask, print and return the exit code."""
    keys = RefreshableCredentials(EnvironmentSource(os.environ))
    if isinstance(keys.found, NoCredentials):
        click.echo(_("No credentials. Looked at:\n{looked}").format(looked=keys.found.message), err=True)
        return Exit.REFUSED
    clock = clock or SystemClock()
    try:
        client = client_for(settings, keys, clock)
    except BadSettings as error:
        raise click.UsageError(str(error)) from None
    printer, adviser = Printer(output_format), Adviser()
    exits: list[Exit] = []

    def advice(answer: Refused | Garbled | NoAnswer) -> str:
        host = settings.endpoint.netloc
        trouble = trouble_of(answer, clock.wall())
        if not _concerns_all(answer) or trouble.kind is TroubleKind.CLOCK:
            return advice_text(trouble)
        return stop_text(trouble, host, settings.region, keys.shown, other_sites(host))

    try:
        async for found in _findings(client, clock, refs, advice, kept_days_of(settings)):
            printer.take(found.task, Details(found.videos or (), found.raw or b"", found.oddities))
            adviser.advise(found.task.error)
            exits.append(of_task(found.task))
    finally:
        await client.aclose()
        printer.close()
    return first(exits)


async def _findings(
    client: Client, clock: Clock, refs: Sequence[TaskRef], advice: Advice, kept_days: float
) -> AsyncIterator[CheckResult]:
    """Ask about one task after the other; a refusal of all further requests is not asked for again."""
    rate_limit = RateLimit(RATE)
    refused: dict[int | None, Refused] = {}
    explained: set[str] = set()
    for ref in refs:
        answer: Answer | None = refused.get(None) or refused.get(ref.sdk_app_id)
        if answer is None:
            answer = await _asked(client, clock, rate_limit, ref)
            if isinstance(answer, Refused) and answer.clock_offset_s is not None:
                _explain(answer, explained, advice)
                # The client has corrected its clock by this answer.
                answer = await _asked(client, clock, rate_limit, ref)
            _explain(answer, explained, advice)
            if isinstance(answer, Refused) and _concerns_all(answer):
                refused[ref.sdk_app_id if answer.meaning is TroubleKind.APP else None] = answer
        wall = clock.wall()
        yield apply_answer(Task(ref, wall), answer, wall, grace_s=0.0, kept_days=kept_days)


def _concerns_all(answer: Answer) -> bool:
    """Whether all further tasks, or all of the same application, would be refused with the same answer."""
    return isinstance(answer, Refused) and concerns_others(answer) and not may_be_the_tasks_own(answer.code)


class _PacedSlot:
    """The next slot of a rate limit that no other process shares."""

    def __init__(self, rate_limit: RateLimit, clock: Clock) -> None:
        self._rate_limit = rate_limit
        self._clock = clock
        self.is_spent = False

    async def wait(self) -> None:
        """Wait for the slot and spend it."""
        await self._clock.wait(asyncio.Event(), self._rate_limit.ready_at(self._clock.monotonic()))
        self._rate_limit.spend(self._clock.monotonic())
        self.is_spent = True

    def left(self) -> None:
        """Note when the last byte was written."""
        self._rate_limit.spend(self._clock.monotonic())


async def _asked(client: Client, clock: Clock, rate_limit: RateLimit, ref: TaskRef) -> Answer:
    slot = _PacedSlot(rate_limit, clock)
    answer = await client.describe(ref, slot)
    if not slot.is_spent:
        # No connection was made. The next must not be tried at once.
        await slot.wait()
    if isinstance(answer, Refused) and answer.meaning is TroubleKind.THROTTLED:
        rate_limit.throttle(clock.monotonic())
    return answer


def _explain(answer: Answer, explained: set[str], advice: Advice) -> None:
    """Print why an answer brought no result and what to do, once for each distinct code."""
    code, *lines = _explanation(answer, advice) or ("",)
    if code not in explained:
        explained.add(code)
        for line in lines:
            click.echo(safe(line), err=True)


def _explanation(answer: Answer, advice: Advice) -> tuple[str, ...]:
    """Return the code of a failed check and the lines that explain it; nothing for a result of the task."""
    match answer:
        case Refused(meaning=TroubleKind()):
            lines = [f"{answer.code}: {answer.message}", advice(answer)]
            if answer.clock_offset_s is not None:
                ahead = _("the service's clock is {offset:+.0f} s from this machine's; asked with its time")
                lines.append(ahead.format(offset=answer.clock_offset_s))
            if answer.request_id:
                lines.append(f"RequestId {answer.request_id}")
            return answer.code, *lines
        case Garbled():
            lines = [_("unreadable answer: {what}").format(what=answer), advice(answer)]
            if answer.request_id:
                lines.append(f"RequestId {answer.request_id}")
            return answer.code, *lines
        case NoAnswer():
            return answer.code, answer.message, advice(answer)
        case Observed() | Refused():
            return ()
        case _ as unreachable:
            assert_never(unreachable)
