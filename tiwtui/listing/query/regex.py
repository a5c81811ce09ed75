"""Patterns a person types between slashes: regular expressions without the forms that can take for ever.

Python's `re` tries alternatives by going back, so that `(a+)+$` takes years on thirty letters. What is
allowed here takes at most a time that grows with a low power of a short text: no repeat inside a repeated
group, no choice inside one, few repeats, no looking around or back, a hundred characters of pattern, and each
field is read only so far.
"""

import re
import warnings
from dataclasses import dataclass, field
from unicodedata import category

from tiwtui.i18n import _, ngettext

LONGEST = 100
_REPEATS_MOST = 3
_OPTIONAL_MOST = 5
_CHOICES_MOST = 10
_COUNT_MOST = 50

_LETTERS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_COUNTED = re.compile(r"\{(\d*)(,?)(\d*)\}")
_OF_WHOLE = re.compile(r"\\[ABZz]")
"""What says of a whole text where it begins, where it ends, or that nothing of it does."""
_CODED = re.compile(r"\\[xuUN]")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern ready to search with, case not counting, in one `field` or in `lines` of fields.

    What it finds in a field it finds in lines too, if there is one for those. The text of every task in which
    it finds something holds what is `needed`, case-folded.
    """

    field: re.Pattern[str]
    lines: re.Pattern[str] | None
    needed: str


def compiled(text: str) -> Pattern | str:
    """Return a pattern, or why it cannot be used."""
    fault = _fault(text)
    if fault:
        return fault
    try:
        with warnings.catch_warnings():
            # Of what may mean something else in a Python to come; it means what it means today.
            warnings.simplefilter("ignore")
            return Pattern(
                re.compile(text, re.IGNORECASE),
                None if _OF_WHOLE.search(text) else re.compile(text, re.IGNORECASE | re.MULTILINE),
                needed(text),
            )
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


def needed(text: str) -> str:
    """Return the longest run of letters that everything a pattern finds must hold, case-folded.

    Only letters that match nothing but what is the same once case-folded: no `i`, which is `İ` too.
    """
    runs, run, at, depth = [""], "", 0, 0
    if _CODED.search(text):
        return ""
    while at < len(text):
        char, begin = text[at], at
        at += 1
        if char == "\\" and _is_alone(text[at : at + 1]) and not text[at].isalnum():
            char, at = text[at], at + 1
        elif char == "\\":
            char, at = "", at + 1
        elif char == "[":
            letters = _LETTERS.match(text, begin)
            char, at = "", len(text) if letters is None else letters.end()
        elif char == "|" and depth == 0:
            return ""
        elif char in "*?{":
            counted = _COUNTED.match(text, begin)
            # Of what may be repeated there may be none.
            char, run, at = "", run[:-1], at if counted is None else counted.end()
        elif char in "()":
            char, depth = "", max(0, depth + (1 if char == "(" else -1))
        elif char in "^$.+|}])":
            char = ""
        if char and depth == 0 and _is_alone(char):
            run += char
        else:
            runs.append(run)
            run = ""
    return max(*runs, run, key=len).casefold()


def _is_alone(char: str) -> bool:
    if char.isascii():
        return bool(char) and char.isprintable() and char not in "iI"
    return category(char) == "Lo"
