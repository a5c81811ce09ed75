"""How an id, an application and a label look, and which keys name them.

1. An id is 1 to 256 printable characters without whitespace, unchanged; the service documents no other rule.
2. An id that no key names is 20 characters of `[0-9a-v]` between word boundaries.
3. `APP/ID` is split at the first `/`, and only when all before it is digits.
4. Of a key the last part counts, without case, `_`, `-` and spaces: `taskid` and `taskids` name tasks; any
   other key that ends in `id`, `key`, `token` … names something else, whatever its value looks like.
5. Between a key and its value stands `=`, `:`, `=>`; or only a space, where the name can be no word of a
   sentence and the value looks like an id by law 2, or like a number for an application.
"""

import re
from collections.abc import Iterator
from enum import Enum, auto

import msgspec

from tiwtui.model import TaskRef

LONGEST_ID = 256
LONGEST_LABEL = 256
GREATEST_APP = 2**63 - 1

_KNOWN_SHAPE = r"[0-9a-v]{20}"
_WHOLE = re.compile(_KNOWN_SHAPE)
_IN_TEXT = re.compile(
    r"(?:(?<![0-9A-Za-z_])(?P<app>[0-9]{6,19})/)?"
    rf"(?<![0-9A-Za-z_])(?P<id>{_KNOWN_SHAPE})(?![0-9A-Za-z_])"
)
_APP_AND_REST = re.compile(r"([0-9０-９]++)[/／](.+)", re.DOTALL)

# Characters that come along when text is copied from a web page, a chat or the first line of a file.
_INVISIBLE = (
    "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_SPACE_AND_INVISIBLE = " \t\n\r\x0b\x0c\xa0\u3000" + _INVISIBLE
_JOINERS = "\u200c\u200d"  # within a label they are part of emoji and some scripts

# A date (`2024/01/02`) or a rate (`10/s`) in a log line is not APP/ID; real SdkAppIds have ten digits.
_FEWEST_APP_DIGITS = 6

_NO_VALUE = frozenset({"null", "none", "nil", "undefined"})


class Entry(msgspec.Struct, frozen=True):
    """One task as it was read; `None` for an application or a label that is not in the text."""

    task_id: str
    sdk_app_id: int | None = None
    label: str | None = None

    def ref(self, default_app: int | None) -> TaskRef | None:
        """Return the task, in the default application if it has none; `None` without either."""
        app = default_app if self.sdk_app_id is None else self.sdk_app_id
        return None if app is None else TaskRef(app, self.task_id)


def trimmed(text: str) -> str:
    """Return `text` without the whitespace and invisible characters around it."""
    return text.strip(_SPACE_AND_INVISIBLE).strip()


def unquoted(text: str) -> str:
    """Return `text` without one pair of quotes around it."""
    for opening, closing in ('""', "''", "``", "“”", "‘’"):
        if len(text) >= 2 and text[0] == opening and text[-1] == closing:
            return trimmed(text[1:-1])
    return text


def task_id(text: str) -> str | None:
    """Return the id that `text` is, `None` if it is none or a word such as `null`."""
    word = trimmed(text)
    means_none = word.lower() in _NO_VALUE or not any(map(str.isalnum, word))
    return word if _is_id(word) and not means_none else None


def _is_id(word: str) -> bool:
    return 0 < len(word) <= LONGEST_ID and word.isprintable() and " " not in word


def app(value: object) -> int | None:
    """Return an SdkAppId given as a number or its digits."""
    if isinstance(value, str):
        digits = trimmed(value)
        value = int(digits) if digits.isdecimal() and len(digits) <= 19 else None
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 < value <= GREATEST_APP else None


def label(value: object) -> str | None:
    """Return a label as one line without control characters, or `None` if nothing is left."""
    if not isinstance(value, str):
        return None
    words = " ".join(value[: 4 * LONGEST_LABEL].split())
    clean = "".join(mark for mark in words if mark.isprintable() or mark in _JOINERS)
    return trimmed(clean[:LONGEST_LABEL]) or None


def app_and_id(word: str) -> Entry | None:
    """Return the task written as `APP/ID`, or `None` for a word of another form."""
    match = _APP_AND_REST.fullmatch(word)
    number = app(match[1]) if match else None
    return Entry(match[2], number) if match and number is not None and _is_id(match[2]) else None


def begins_with_app(word: str) -> bool:
    """Return whether `word` has the form `APP/ID`, valid or not."""
    return _APP_AND_REST.fullmatch(word) is not None


def has_known_shape(name: str) -> bool:
    """Return whether an id has the shape of law 2."""
    return _WHOLE.fullmatch(name) is not None


def looks_like_task(word: str) -> Entry | None:
    """Return the task in a word that is recognised among other words."""
    if has_known_shape(word):
        return Entry(word)
    digits, _, name = word.partition("/")
    if len(digits) >= _FEWEST_APP_DIGITS or has_known_shape(name):
        return app_and_id(word)
    return None


class Key(Enum):
    """What the value of a key can be."""

    TASK = auto()
    APP = auto()
    LABEL = auto()
    FOREIGN = auto()
    OTHER = auto()


_NOT_IN_A_NAME = re.compile(r"[\s_\-]+")
_FOREIGN_ENDS = ("id", "ids", "key", "token", "sign", "secret", "nonce")
_LABELS = frozenset({"label", "title", "name", "标签", "名称", "标题"})


def plain_name(name: str) -> str:
    """Return the last part of a dotted name without case, spaces, `_` and `-`."""
    return _NOT_IN_A_NAME.sub("", name.rpartition(".")[2]).lower()


def key(name: str) -> Key:
    """Return what the value of a key of this name is."""
    plain = plain_name(name)
    if plain in ("taskid", "taskids"):
        return Key.TASK
    if plain == "sdkappid":
        return Key.APP
    if plain in _LABELS:
        return Key.LABEL
    if plain.endswith(_FOREIGN_ENDS) and plain not in ("id", "ids"):
        return Key.FOREIGN
    return Key.OTHER


# `TaskId=…`, `"TaskId":"…"`, `\"TaskId\": \"…\"`, `task id：…`, `TaskId …`. Every repetition is possessive, a
# name is tried only where one begins, and a value is cut beyond the longest id: in any text each character is
# read a bounded number of times.
_PAIR = re.compile(
    rf"""
    (?<![0-9A-Za-z_.\-])
    (?P<name>
        (?: (?:request|room|group|user)\ (?=ids?\b) | (?:(?:online\ )?record\ )? (?:task\ (?=ids?\b))? )
        [0-9A-Za-z_.\-]++
    )
    [\\"'`“”]*+
    (?:
        \s*+ (?P<sign> =>|[:=：＝]) \s*+
        | [^\S\n]++
          (?= [\\"'`“”]*+ (?: (?P<id> (?-i:{_KNOWN_SHAPE})) | (?P<number> [0-9]++) ) (?![0-9A-Za-z_]) )
    )
    [\[\\"'`“”]*+
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NAMES_ITSELF = re.compile(
    r".*[a-z0-9](?:I[dD]|Key|Token|Secret|Nonce)s?"
    r"|.*[ _\-](?i:id|key|token|secret|nonce)s?"
    r"|(?i:(?:onlinerecordtask|task|request|room|group|user|video|trace|session|sdkapp)ids?)"
)
"""Names that no word of a sentence has, as `paid` and `sign` are: only these stand before a mere space."""
_VALUE = re.compile(r"""[^\s\x00-\x1f\x7f"'`“”<>&;,，；、。|()\[\]{}（）【】\\#]{0,300}+""")


class Pair(msgspec.Struct, frozen=True):
    """A key and its value in a line; the value is from `start` to `end`."""

    key: Key
    value: str
    start: int
    end: int


def pairs(line: str) -> Iterator[Pair]:
    """Yield the `name=value`, `name: value` and `name value` pairs of a line of text."""
    for match in filter(_is_pair, _PAIR.finditer(line)):
        start = match.end()
        # `TaskId= Status=QUEUED`: the value is empty, and the next pair begins.
        following = _PAIR.match(line, start) if match["sign"] and line[start - 1].isspace() else None
        is_empty = following is not None and _is_pair(following)
        value = None if is_empty else _VALUE.match(line, start)
        text = value[0] if value is not None else ""
        yield Pair(key(match["name"]), text.rstrip(".:!?：！？"), start, start + len(text))


def _is_pair(match: re.Match[str]) -> bool:
    """Whether a key and its value stand here: at a mere space both have to look like what they are."""
    if match["sign"]:
        return True
    value = match["number"] if key(match["name"]) is Key.APP else match["id"]
    return value is not None and _NAMES_ITSELF.fullmatch(match["name"]) is not None


class LooseId(msgspec.Struct, frozen=True):
    """An id of the shape of law 2 in a line, and where it begins."""

    entry: Entry
    start: int


def loose_ids(line: str) -> Iterator[LooseId]:
    """Yield every id of the known shape in a line of text, with the application written before it."""
    for match in _IN_TEXT.finditer(line):
        yield LooseId(Entry(match["id"], app(match["app"])), match.start("id"))
