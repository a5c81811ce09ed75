"""What of a task can be compared: numbers, lengths of time, and moments on days of the calendar."""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tiwtui.listing.query.messages import wrong_amount
from tiwtui.listing.query.terms import Around, Judge, On, Term, Test
from tiwtui.listing.query.values import bytes_of, count_of, days_of, seconds_of
from tiwtui.listing.tabs import unchanged_since
from tiwtui.model import Phase, Task

_SIGNS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "≤": operator.le,
    "≥": operator.ge,
    "=": operator.eq,
    ":": operator.eq,
}


@dataclass(frozen=True, slots=True)
class Measure:
    """Something of a task that can be compared; `amount` is `None` where nothing is known of it."""

    amount: Callable[[Task, float], float | None]
    read: Callable[[str], float | None]
    example: str
    leans_on: On = On.TASK
    moment: Callable[[Task], float | None] | None = None

    def term(self, sign: str, text: str) -> Term | str:
        """Return the comparison with a value, or what would be right."""
        if sign == ":" and self.moment is not None:
            return self._on_days(text)
        value = self.read(text.casefold())
        if value is None:
            return wrong_amount(text, self.read, self.example)
        compares, limit, amount = _SIGNS[sign], value, self.amount

        def at(around: Around) -> Test:
            now = around.now

            def test(task: Task) -> bool:
                known = amount(task, now)
                return known is not None and compares(known, limit)

            return test

        def judging(around: Around) -> Judge:
            now = around.now

            def judge(tasks: Sequence[Task], _texts: Sequence[str]) -> list[bool]:
                return [(known := amount(task, now)) is not None and compares(known, limit) for task in tasks]

            return judge

        return Term(at, self.leans_on, judging)

    def _on_days(self, text: str) -> Term | str:
        moment, looks_ahead = self.moment, self is MEASURES["ends"]
        days = days_of(text.casefold(), looks_ahead=looks_ahead)
        if days is None:
            return wrong_amount(text, days_of, self.example)
        assert moment is not None

        def at(around: Around) -> Test:
            begin, end = days(around.now, around.zone)

            def test(task: Task) -> bool:
                known = moment(task)
                return known is not None and begin <= known < end

            return test

        def judging(around: Around) -> Judge:
            begin, end = days(around.now, around.zone)

            def judge(tasks: Sequence[Task], _texts: Sequence[str]) -> list[bool]:
                return [(known := moment(task)) is not None and begin <= known < end for task in tasks]

            return judge

        return Term(at, On.TIME, judging)


_SETTLED = tuple(phase for phase in Phase if not phase.is_active)


def _settled_at(task: Task) -> float | None:
    if task.phase not in _SETTLED:
        return None
    return task.added_at if task.phase_since is None else task.phase_since


def _age_of(moment: Callable[[Task], float | None]) -> Callable[[Task, float], float | None]:
    def age(task: Task, now: float) -> float | None:
        at = moment(task)
        if at is None:
            return None
        return now - at if at < now else 0.0

    return age


def _left_until_end(task: Task, now: float) -> float | None:
    end = task.files_end_at
    # Files that are gone end no more: nobody can still fetch them.
    return None if end is None or end < now else end - now


def _aged(moment: Callable[[Task], float | None], example: str) -> Measure:
    return Measure(_age_of(moment), seconds_of, example, On.TIME, moment)


MEASURES: dict[str, Measure] = {
    "videos": Measure(lambda task, _now: task.video_count, count_of, "videos>1"),
    "length": Measure(
        lambda task, _now: None if task.total_time_ms is None else task.total_time_ms / 1000,
        seconds_of,
        "length<30m",
    ),
    "size": Measure(lambda task, _now: task.size_bytes if task.video_count else None, bytes_of, "size>100mb"),
    "in": Measure(_age_of(unchanged_since), seconds_of, "in>10m", On.TIME),
    "added": _aged(lambda task: task.added_at, "added<2d"),
    "checked": _aged(lambda task: task.checked_at, "checked<1h"),
    "settled": _aged(_settled_at, "settled<2d"),
    "ends": Measure(_left_until_end, seconds_of, "ends<1d", On.TIME, lambda task: task.files_end_at),
}
