"""What a person can do to the checking: check tasks now, pause and resume, change the budget."""

from collections.abc import Callable

from tiwtui.budget import next_step
from tiwtui.engine.status import Mode
from tiwtui.formatting import age_text, number_text
from tiwtui.i18n import _, ngettext
from tiwtui.model import NO_CREDENTIALS, TaskRef
from tiwtui.session import Session
from tiwtui.ui.jobs import Jobs
from tiwtui.ui.main.notifier import Notifier
from tiwtui.ui.main.selection import Selection, Source
from tiwtui.ui.observable import Observable

ASKS_OVER_S = 10.0
"""One key that would use the budget of more seconds than this asks first."""


class CheckActions:
    """The actions on the checking; `refresh` shows its state."""

    def __init__(
        self,
        session: Session,
        shown: Observable[Source],
        selection: Selection,
        jobs: Jobs,
        notifier: Notifier,
        refresh: Callable[[], None],
    ) -> None:
        self._session = session
        self._shown = shown
        self._selection = selection
        self._jobs = jobs
        self._notifier = notifier
        self._refresh = refresh

    def check(self) -> None:
        """Check the targets now, settled ones too."""
        refs = self._selection.watched_targets_or_notify()
        if refs:
            self._jobs.run(self._check, refs, self._selection.describe(refs))

    def check_shown(self) -> None:
        """Check all shown active tasks now."""
        view, tasks = self._shown.value.view, self._shown.value.tasks
        refs = [ref for ref in view.refs() if ref in tasks and tasks[ref].phase.is_active]
        if self._selection.shows_removed:
            self._selection.refuses(refs or view.refs())
        elif not refs:
            self._notifier.say(_("no active task is shown"), "warning")
        else:
            named = ngettext("{n} active task", "{n} active tasks", len(refs)).format(n=len(refs))
            self._jobs.run(self._check, refs, named)

    async def _check(self, refs: list[TaskRef], named: str) -> None:
        from tiwtui.ui.dialogs.confirm import ConfirmScreen

        allowed = self._session.status().allowed
        takes_s = len(refs) / allowed if allowed else 0.0
        if takes_s > ASKS_OVER_S:
            question = _("Check {tasks} now? At {rate} checks a second this takes {time}.").format(
                tasks=named, rate=number_text(allowed), time=age_text(takes_s)
            )
            if not await self._jobs.ask(ConfirmScreen(question, _("Check"))):
                return
        self._session.check_now(refs)
        trouble = self._session.status().trouble
        if trouble is not None and trouble.code == NO_CREDENTIALS:
            self._notifier.say(_("{tasks} checked once there is a key").format(tasks=named), "warning")
        else:
            self._notifier.say(_("Checking {tasks}…").format(tasks=named))

    def pause(self) -> None:
        """Pause checking, or go on."""
        if self._session.status().mode is Mode.PAUSED:
            self._session.resume()
        else:
            self._session.pause()
        self._refresh()

    def renew_pause(self) -> None:
        """Pause checking from now on: the time of a pause begins again."""
        self._session.pause()
        self._refresh()

    def lower_budget(self) -> None:
        """Allow fewer checks a second."""
        self._step_budget(-1)

    def raise_budget(self) -> None:
        """Allow more checks a second."""
        self._step_budget(1)

    def _step_budget(self, by: int) -> None:
        wanted = next_step(self._session.status().budget, by)
        self._session.set_budget(wanted)
        budget = self._session.status().budget
        if budget < wanted:
            text = _("{wanted} checks/s wanted here; another process allows {budget}")
            self._notifier.say(text.format(wanted=number_text(wanted), budget=number_text(budget)))
        self._refresh()
