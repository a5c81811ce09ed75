"""Regular expressions that a person types between slashes, without the forms that can take very long.

Python's `re` backtracks: `(a+)+$` takes years on thirty letters.

1. No accepted pattern takes long on a short text: no repeat around a repeat or a choice, few repeats and
   choices, at most `LONGEST` characters, and no look-around and no reference to a group.
2. What this module does not know is refused. It reads the tree of `re`'s own parser, which is private. Where
   that parser is missing, only patterns without any repeat, choice or group are accepted.
3. The text of every task in which a pattern finds something contains the pattern's `needed`.
"""

import importlib
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from types import ModuleType
from typing import Any
from unicodedata import category

import msgspec

from tiwtui.i18n import _, ngettext

LONGEST = 100
_MOST_REPEATS = 3
_MOST_OPTIONAL = 5
_MOST_CHOICES = 10
_MOST_TIMES = 50

_FLAGS = re.IGNORECASE | re.UNICODE
_LEAVES = frozenset({"LITERAL", "NOT_LITERAL", "ANY", "IN", "AT"})
_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})
_GROUPS = frozenset({"SUBPATTERN", "BRANCH"})
_NOT_SIMPLE = re.compile(r"[*+?{|()\\]")
_OF_WHOLE = re.compile(r"\\[ABZz]")
"""What is about a whole text: its beginning, its end, or no word boundary in it."""


def regex_parser() -> ModuleType | None:
    """Return the parser inside `re`, if this Python has it."""
    try:
        return importlib.import_module("re._parser")
    except ImportError:
        return None


class Pattern(msgspec.Struct, frozen=True):
    """A pattern ready to search with: in one `field`, or in all `lines` of a task's text at once.

    What it finds in a field it also finds in the lines; `lines` is `None` where that is not so.
    """

    field: re.Pattern[str]
    lines: re.Pattern[str] | None
    needed: str


def compiled(text: str, parser: ModuleType | None) -> Pattern | str:
    """Return a pattern, or why it cannot be used; `parser` is `regex_parser()`."""
    if len(text) > LONGEST:
        return ngettext("at most {n} character", "at most {n} characters", LONGEST).format(n=LONGEST)
    if parser is None and _NOT_SIMPLE.search(text):
        return _("only plain text here, and . [ ] ^ $")
    try:
        with warnings.catch_warnings():
            # A later Python may read some forms otherwise. What counts is how this one reads them.
            warnings.simplefilter("ignore")
            tree = [] if parser is None else parser.parse(text, _FLAGS)
            fault = _fault(tree, parser)
            return fault or Pattern(
                re.compile(text, re.IGNORECASE),
                None if _OF_WHOLE.search(text) else re.compile(text, re.IGNORECASE | re.MULTILINE),
                _needed(tree),
            )
    except (re.error, OverflowError, RecursionError) as error:
        return _("not a pattern: {reason}").format(reason=getattr(error, "msg", error))


def _nodes(tree: Any, *, is_repeated: bool = False) -> Iterator[tuple[str, Any, bool]]:
    """Yield the name and arguments of each node of a tree, and whether a repeat is around it."""
    for node, arguments in tree:
        name = repr(node)
        yield name, arguments, is_repeated
        if name in _REPEATS:
            yield from _nodes(arguments[2], is_repeated=is_repeated or arguments[1] != 1)
        elif name == "SUBPATTERN":
            yield from _nodes(arguments[3], is_repeated=is_repeated)
        elif name == "BRANCH":
            for choice in arguments[1]:
                yield from _nodes(choice, is_repeated=is_repeated)


def _fault(tree: Any, parser: ModuleType | None) -> str:
    """Return why a pattern is refused, `""` where it is not."""
    if parser is None:
        return ""
    counts: Counter[str] = Counter()
    has_names_or_flags = tree.state.groupdict or tree.state.flags != _FLAGS
    for name, arguments, is_repeated in _nodes(tree):
        if name == "GROUPREF":
            return _("no references to a group")
        has_flags = name == "SUBPATTERN" and (arguments[1] or arguments[2])
        if has_names_or_flags or has_flags or name not in _LEAVES | _REPEATS | _GROUPS:
            return _("only plain groups, ( ) and (?: )")
        if is_repeated and (name in _REPEATS or name == "BRANCH"):
            return _("no repeat around a repeat or a choice")
        if name in _REPEATS:
            if any(_MOST_TIMES < times < parser.MAXREPEAT for times in arguments[:2]):
                return _("repeat at most {n} times").format(n=_MOST_TIMES)
            counts["optional" if arguments[1] == 1 else "repeats"] += 1
        elif name == "BRANCH":
            counts["choices"] += len(arguments[1]) - 1
    is_too_much = (
        counts["repeats"] > _MOST_REPEATS
        or counts["optional"] > _MOST_OPTIONAL
        or counts["choices"] > _MOST_CHOICES
    )
    return _("too many repeats or choices") if is_too_much else ""


def _needed(tree: Any) -> str:
    """Return the longest run of letters that everything the pattern finds contains, case-folded."""
    runs = [""]
    for node, argument in tree:
        if repr(node) == "LITERAL" and _matches_only_itself(chr(argument)):
            runs[-1] += chr(argument)
        else:
            runs.append("")
    return max(runs, key=len).casefold()


def _matches_only_itself(char: str) -> bool:
    """Whether a letter matches nothing but what is the same once case-folded: `i` also matches `İ`."""
    if char.isascii():
        return char.isprintable() and char not in "iI"
    return category(char) == "Lo"
