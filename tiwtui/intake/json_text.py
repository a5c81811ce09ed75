"""JSON of any shape, alone or within other text, read as tasks.

1. Brackets are matched once over the whole text, and only what is between matching ones is decoded. Where
   decoding failed, nothing around that place is tried again. So the time is linear.
2. A document nested deeper than `DEEPEST` levels is not decoded: it is read as lines of text.
3. In a document with a `TaskId` key only the values of such keys count. The SdkAppId of a task is that of the
   nearest enclosing object that has one, else the only one in the document (a callback has it beside
   `EventData`). A label is one of the same object.
4. A string is read as text again: a log message, or JSON within JSON, up to `MOST_WRAPPED` times.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Iterator

import msgspec

from tiwtui.intake.ids import Entry, Key, app, key, label, looks_like_task, task_id
from tiwtui.intake.lines import app_in, keyed_in, line_end, loose_in

DEEPEST = 200
MOST_WRAPPED = 4

# A string ends at the end of its line, so that a stray quote hides the brackets of one line only.
_TOKEN = re.compile(r'"[^"\\\n]*+(?:\\[^\n][^"\\\n]*+)*+"?|[{}\[\]]')
_SHORTEST = '{"TaskId":1}'
_OPENING = {"]": "[", "}": "{"}


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= 20 else None  # int() refuses more than 4,300 digits


_DECODER = json.JSONDecoder(parse_int=_integer)


class Document(msgspec.Struct, frozen=True):
    """A decoded stretch of a text."""

    start: int
    end: int
    value: object


class Documents:
    """The JSON documents of one text, decoded when needed, in their order."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._ends = _matched(text)
        self._starts = sorted(self._ends)
        self._failed_at = -1
        self._last: Document | None = None

    def first_between(self, start: int, end: int) -> Document | None:
        """Return the first outermost document that begins in this stretch."""
        for position in range(bisect_left(self._starts, start), len(self._starts)):
            begin = self._starts[position]
            if begin >= end:
                break
            document = self._at(begin)
            if document is not None:
                return document
        return None

    def _at(self, start: int) -> Document | None:
        if self._last is not None and self._last.start == start:
            return self._last
        end = self._ends[start]
        if start < self._failed_at < end:
            return None
        try:
            # A raw tab in a string is invalid JSON, but common.
            value = _DECODER.decode(self.text[start:end].replace("\t", " "))
        except json.JSONDecodeError as error:
            self._failed_at = start + error.pos
            return None
        self._last = Document(start, end, value)
        return self._last


def _matched(text: str) -> dict[int, int]:
    """Return where balanced brackets begin and end, without those too deep or too short."""
    ends: dict[int, int] = {}
    if not _may_hold_documents(text):
        return ends
    unclosed: list[tuple[str, int]] = []
    heights = [0]  # of what is closed so far: in the text, then in each unclosed bracket
    for match in _TOKEN.finditer(text):
        mark = match[0]
        if mark[0] == '"':
            continue
        if mark in "{[":
            unclosed.append((mark, match.start()))
            heights.append(0)
        elif unclosed and unclosed[-1][0] == _OPENING[mark]:
            height = heights.pop() + 1
            heights[-1] = max(heights[-1], height)
            start = unclosed.pop()[1]
            if height <= DEEPEST and match.end() - start >= len(_SHORTEST):
                ends[start] = match.end()
        else:  # nothing that is still open can become valid JSON around this bracket
            unclosed.clear()
            heights = [0]
    return ends


def _may_hold_documents(text: str) -> bool:
    return "{" in text or "[" in text


def depth_change(line: str) -> int:
    """Return how many more brackets outside of strings `line` opens than it closes."""
    marks = [match[0] for match in _TOKEN.finditer(line)]
    return sum(mark in "{[" for mark in marks) - sum(mark in "}]" for mark in marks)


class Tasks(msgspec.Struct, frozen=True):
    """The tasks of a text or a document: by `TaskId` keys, and by the shape of its words alone."""

    keyed: tuple[Entry, ...] = ()
    loose: tuple[Entry, ...] = ()
    has_key: bool = False

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The tasks that count: only the values of a key, if there is one."""
        return self.keyed if self.has_key else self.loose


def tasks_in(value: object, wrapped: int = 0) -> Tasks:
    """Return the tasks of a decoded document; `wrapped` is how many strings it was found in."""
    walk = _Walk(wrapped)
    walk.over(value)
    tasks = Tasks(tuple(walk.keyed), tuple(walk.loose), walk.has_key)
    return in_app(tasks, next(iter(walk.apps))) if len(walk.apps) == 1 else tasks


def in_app(tasks: Tasks, number: int | None) -> Tasks:
    """Return `tasks` with those of unknown application in this one."""

    def placed(entry: Entry) -> Entry:
        return msgspec.structs.replace(entry, sdk_app_id=number) if entry.sdk_app_id is None else entry

    return Tasks(tuple(map(placed, tasks.keyed)), tuple(map(placed, tasks.loose)), tasks.has_key)


class _Place(msgspec.Struct, frozen=True):
    """A value still to be visited, and what is known from the objects around it."""

    value: object
    app: int | None = None
    label: str | None = None
    has_key: bool = False  # an object around it has a TaskId key


class _Walk:
    """Visits every value of a document in order, without recursion."""

    def __init__(self, wrapped: int) -> None:
        self._wrapped = wrapped
        self.keyed: list[Entry] = []
        self.loose: list[Entry] = []
        self.apps: set[int] = set()
        self.has_key = False

    def over(self, document: object) -> None:
        ahead = [_Place(document)]
        while ahead:
            place = ahead.pop()
            if isinstance(place.value, dict):
                ahead += reversed(self._object(place.value, place))
            elif isinstance(place.value, list):
                ahead += reversed([msgspec.structs.replace(place, value=value) for value in place.value])
            elif isinstance(place.value, str) and not place.has_key:
                self._string(place.value, place)

    def _object(self, members: dict[str, object], place: _Place) -> list[_Place]:
        keys = {name: key(name) for name in members}
        number, words, tasks = place.app, None, []
        for name, value in members.items():
            if keys[name] is Key.APP and app(value) is not None:
                number = app(value)
            elif keys[name] is Key.LABEL:
                words = words or label(value)
            elif keys[name] is Key.TASK:
                self.has_key = True
                tasks += list(_ids(value))
        if number is not None:
            self.apps.add(number)
        self.keyed += [Entry(task, number, words) for task in tasks]
        has_key = place.has_key or Key.TASK in keys.values()
        inner = []
        for name, value in members.items():
            if keys[name] in (Key.OTHER, Key.LABEL):
                named = None if has_key else looks_like_task(name)
                if named is not None:
                    self.loose.append(Entry(named.task_id, named.sdk_app_id or number, label(value)))
                inner.append(_Place(value, number, words, has_key))
            elif keys[name] is Key.TASK and isinstance(value, dict):
                inner.append(_Place(value, number, None, True))
        return inner

    def _string(self, text: str, place: _Place) -> None:
        entry = looks_like_task(text)
        if entry is not None:
            words = None if place.label == text else place.label
            self.loose.append(Entry(entry.task_id, entry.sdk_app_id or place.app, words))
            return
        tasks = in_app(tasks_in_string(text, self._wrapped + 1), place.app)
        self.has_key = self.has_key or tasks.has_key
        self.keyed += tasks.keyed
        self.loose += tasks.loose


def _ids(value: object) -> Iterator[str]:
    """Yield the ids in the value of a `TaskId` key: a string, a number, or a list of them."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str) or (isinstance(one, int) and not isinstance(one, bool)):
            name = task_id(str(one))
            if name is not None:
                yield name


class Stretch(msgspec.Struct, frozen=True):
    """A part of a text: the tasks of its documents, the text around them, and where it ends."""

    tasks: Tasks
    around: str
    documents: int
    end: int


def stretch(documents: Documents, start: int, end: int, wrapped: int = 0) -> Stretch:
    """Return the lines from `start` to `end`, and those in which documents that begin there end."""
    text = documents.text
    keyed: list[Entry] = []
    loose: list[Entry] = []
    has_key = False
    around: list[str] = []
    done = start
    while (document := documents.first_between(done, end)) is not None:
        tasks = tasks_in(document.value, wrapped)
        keyed += tasks.keyed
        loose += tasks.loose
        has_key = has_key or tasks.has_key
        around.append(text[done : document.start])
        done = document.end
        end = max(end, line_end(text, done))
    count = len(around)
    around.append(text[done:end])
    return Stretch(Tasks(tuple(keyed), tuple(loose), has_key), " ".join(around), count, end)


def tasks_in_string(text: str, wrapped: int) -> Tasks:
    """Return the tasks of a string of a document, and of the documents in it."""
    found = Stretch(Tasks(), text, 0, len(text))
    if wrapped <= MOST_WRAPPED and _may_hold_documents(text):
        found = stretch(Documents(text), 0, len(text), wrapped)
    return with_text_around(found)


def with_text_around(found: Stretch) -> Tasks:
    """Return the tasks of the documents and of the text around them."""
    beside = keyed_in(found.around)
    tasks = Tasks(
        (*found.tasks.keyed, *(beside or ())),
        (*found.tasks.loose, *loose_in(found.around)),
        found.tasks.has_key or beside is not None,
    )
    return in_app(tasks, app_in(found.around)) if found.documents else tasks
