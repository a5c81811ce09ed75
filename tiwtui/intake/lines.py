"""One line of text, read as tasks.

1. A line with a `TaskId` key gives the values of that key and nothing else.
2. A line whose every word looks like a task gives them all; one whose first word does gives that task, and
   the rest is its label.
3. A line of one word is an id whatever its shape, unless it is clearly part of something else: a URL, the
   value of another key, markup, a sentence in a script without spaces around an id of the known shape.
4. Any other line gives the ids of the known shape in it, except the values of keys that name something
   else than tasks.
"""

import re
from urllib.parse import unquote

from tiwtui.intake.ids import (
    Entry,
    Key,
    Pair,
    app,
    app_and_id,
    begins_with_app,
    has_known_shape,
    label,
    looks_like_task,
    loose_ids,
    pairs,
    task_id,
    unquoted,
)
from tiwtui.model import Phase

_SEPARATORS = re.compile(r"[\s,;，；、：|]++")
_MAY_NAME_TASK = re.compile(r"task[ _\-]?id", re.IGNORECASE)
_BULLET = re.compile(r"(?:[-*+•·]|[0-9]{1,4}[.)、])\s++")
_MARKUP = frozenset('"{}<>')
_PHASES = frozenset(Phase)


def line_end(text: str, start: int) -> int:
    """Return where the line that begins at `start` ends."""
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def is_one_word(line: str) -> bool:
    """Return whether `line` has no space between words."""
    return len(line.split(maxsplit=1)) == 1


def tasks_in_line(line: str) -> tuple[Entry, ...]:
    """Return the tasks of a trimmed line that is neither blank nor a comment."""
    if is_one_word(line):
        return only_word(line)
    keyed = keyed_in(line)
    if keyed is not None:
        return keyed
    return own_row(line) or labelled_in(line) or loose_in(line)


def keyed_in(text: str) -> tuple[Entry, ...] | None:
    """Return the values of the `TaskId` keys in `text`, or `None` if it has no such key."""
    if "://" in text and "%" in text:
        text = unquote(text)
    if _MAY_NAME_TASK.search(text) is None:
        return None
    found = tuple(pairs(text))
    if not any(pair.key is Key.TASK for pair in found):
        return None
    values = (task_id(pair.value) for pair in found if pair.key is Key.TASK)
    names = [name for name in values if name is not None]
    apps = _apps(found)
    if len(apps) == len(names):
        return tuple(Entry(name, number) for name, number in zip(names, apps, strict=True))
    return tuple(Entry(name, _the_only(apps)) for name in names)


def _apps(found: tuple[Pair, ...]) -> list[int]:
    numbers = (app(pair.value) for pair in found if pair.key is Key.APP)
    return [number for number in numbers if number is not None]


def _the_only(apps: list[int]) -> int | None:
    return apps[0] if len(set(apps)) == 1 else None


def app_in(text: str) -> int | None:
    """Return the only SdkAppId that is the value of a key in `text`."""
    return _the_only(_apps(tuple(pairs(text))))


def loose_in(text: str) -> tuple[Entry, ...]:
    """Return the ids of the known shape in `text` that are not the value of a key of something else."""
    ids = tuple(loose_ids(text))
    if not ids:
        return ()
    found = tuple(pairs(text))
    foreign = iter([pair for pair in found if pair.key is Key.FOREIGN])
    number = _the_only(_apps(found))
    entries = []
    pair = next(foreign, None)
    for loose in ids:
        while pair is not None and pair.end <= loose.start:
            pair = next(foreign, None)
        if pair is None or loose.start < pair.start:
            entry = loose.entry
            entries.append(entry if entry.sdk_app_id is not None else Entry(entry.task_id, number))
    return tuple(entries)


def own_row(line: str) -> tuple[Entry, ...]:
    """Return the task of a line that `tiwtui list` wrote into a pipe: id, SdkAppId, phase, label, ….

    Such a line has no header; its third cell is a phase.
    """
    cells = line.split("\t", maxsplit=4)
    if len(cells) < 4 or cells[2] not in _PHASES:
        return ()
    name, number = task_id(cells[0]), app(cells[1])
    return () if name is None or number is None else (Entry(name, number, label(cells[3])),)


def labelled_in(line: str) -> tuple[Entry, ...]:
    """Return the tasks of a line by law 2: all of its words, or the first with the rest as its label."""
    bullet = _BULLET.match(line)
    if bullet is not None:
        line = line[bullet.end() :]
    words = _SEPARATORS.split(line, maxsplit=1)
    first = looks_like_task(unquoted(words[0].rstrip(":：")))
    if first is None or len(words) == 1:
        return () if first is None else (first,)
    others = [looks_like_task(unquoted(word)) for word in _SEPARATORS.split(words[1]) if word]
    if None not in others:
        return (first, *(other for other in others if other is not None))
    return (Entry(first.task_id, first.sdk_app_id, label(unquoted(words[1].lstrip("-–—:： ")))),)


def only_word(line: str) -> tuple[Entry, ...]:
    """Return the tasks of a line of one word by law 3."""
    word = unquoted(line.rstrip(",;，；、"))
    entry = looks_like_task(word)
    if entry is None or not has_known_shape(entry.task_id):
        # After an application, a comma at the end is part of the id.
        entry = app_and_id(line) or app_and_id(word)
    if entry is not None or begins_with_app(word):
        return () if entry is None else (entry,)
    keyed = keyed_in(word)
    if keyed is not None:
        return keyed
    several = labelled_in(word)
    if several:
        return several
    loose = loose_in(word)
    if word[:1] in ("[", "]") or "://" in word or _MARKUP.intersection(word) or _is_another_key(word):
        return loose
    if loose and (not word.isascii() or not _says_more(word, loose)):
        return loose
    name = task_id(word)
    return () if name is None else (Entry(name),)


def _is_another_key(word: str) -> bool:
    first = next(pairs(word), None)
    return first is not None and first.key in (Key.FOREIGN, Key.APP) and bool(first.value)


def _says_more(word: str, loose: tuple[Entry, ...]) -> bool:
    """Return whether there is more than punctuation around the one id in `word`."""
    return len(loose) != 1 or any(map(str.isalnum, word.replace(loose[0].task_id, "", 1)))
