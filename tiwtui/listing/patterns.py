"""Patterns a person types between slashes: regular expressions without the forms that can take for ever.

Python's `re` tries alternatives by going back, so that `(a+)+$` takes years on thirty letters. What is
allowed here takes at most a time that grows with a low power of a short text: no repeat inside a repeated
group, no choice inside one, few repeats, no looking around or back, a hundred characters of pattern, and each
field is read only so far.
"""

import re
import warnings
from dataclasses import dataclass, field

from tiwtui.catalog import _, ngettext

LONGEST = 100
READ_MOST = 200
"""So many characters of a field are looked at."""
_REPEATS_MOST = 3
_OPTIONAL_MOST = 5
_CHOICES_MOST = 10
_COUNT_MOST = 50

_LETTERS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_COUNTED = re.compile(r"\{(\d*)(,?)(\d*)\}")


def compiled(text: str) -> re.Pattern[str] | str:
    """Return a pattern ready to search with, or why it cannot be used. Case does not count."""
    fault = _fault(text)
    if fault:
        return fault
    try:
        with warnings.catch_warnings():
            # Of what may mean something else in a Python to come; it means what it means today.
            warnings.simplefilter("ignore")
            return re.compile(text, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        return _("not a pattern: {reason}").format(reason=getattr(error, "msg", error))


@dataclass(slots=True)
class _Group:
    is_plain: bool = True


@dataclass(slots=True)
class _Scan:
    """What was met so far; `last` is the group that just ended, if one did."""

    open: list[_Group] = field(default_factory=lambda: [_Group()])
    last: _Group | None = None
    repeats: int = 0
    optional: int = 0
    choices: int = 0

    def mixed(self) -> None:
        """Note in every open group that it holds a repeat or a choice."""
        for group in self.open:
            group.is_plain = False


def _fault(text: str) -> str:
    if len(text) > LONGEST:
        return ngettext("at most {n} character", "at most {n} characters", LONGEST).format(n=LONGEST)
    scan, at = _Scan(), 0
    while at < len(text):
        at, fault = _step(text, at, scan)
        if fault:
            return fault
    if scan.repeats > _REPEATS_MOST or scan.optional > _OPTIONAL_MOST or scan.choices > _CHOICES_MOST:
        return _("too many repeats or choices")
    return ""


def _step(text: str, at: int, scan: _Scan) -> tuple[int, str]:
    """Read one element of a pattern; return where the next begins, and what is wrong with this one."""
    char = text[at]
    group, scan.last = scan.last, None
    if char == "\\":
        if text[at + 1 : at + 2].isdigit():
            return at + 2, _("no references to a group")
        return at + 2, ""
    if char == "[":
        letters = _LETTERS.match(text, at)
        return (len(text) if letters is None else letters.end()), ""
    if char == "(":
        if text.startswith("(?", at) and not text.startswith("(?:", at):
            return at, _("only plain groups, ( ) and (?: )")
        scan.open.append(_Group())
        return at + (3 if text.startswith("(?:", at) else 1), ""
    if char == ")" and len(scan.open) > 1:
        scan.last = scan.open.pop()
        return at + 1, ""
    if char == "|":
        scan.choices += 1
        scan.mixed()
    elif char in "*+?{":
        return _repeat(text, at, scan, group)
    return at + 1, ""


def _repeat(text: str, at: int, scan: _Scan, group: _Group | None) -> tuple[int, str]:
    counted = _COUNTED.match(text, at)
    if text[at] == "{" and counted is None:
        return at + 1, ""
    if counted is not None and any(part and int(part[:6]) > _COUNT_MOST for part in counted.group(1, 3)):
        return at, _("repeat at most {n} times").format(n=_COUNT_MOST)
    if text[at] == "?":
        scan.optional += 1
    else:
        scan.repeats += 1
        if group is not None and not group.is_plain:
            return at, _("no repeat around a repeat or a choice")
    scan.mixed()
    end = at + 1 if counted is None else counted.end()
    # What follows a repeat only says how greedy it is.
    return end + (text[end : end + 1] in ("?", "+")), ""
