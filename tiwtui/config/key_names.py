"""Key names: the spellings that a configuration may use, the one used in the code, the one shown. Pure.

A key is a single character, or a name such as `tab`, `pagedown`, `f5`. Modifiers come before it in
alphabetical order, `alt+ctrl+shift+`; a shifted letter is written as the capital.
"""

from tiwtui.near_names import nearest

NAMED_KEYS = (
    "tab", "enter", "escape", "space", "backspace", "delete", "insert", "home", "end", "pageup", "pagedown",
    "up", "down", "left", "right", *(f"f{number}" for number in range(1, 25)),
)  # fmt: skip

_MODIFIERS = ("alt", "ctrl", "shift")
_ALIASES = {
    "esc": "escape", "return": "enter", "del": "delete", "ins": "insert", "pgup": "pageup",
    "pgdn": "pagedown",
    "pgdown": "pagedown", "page_up": "pageup", "page_down": "pagedown", "question_mark": "?", "slash": "/",
    "backslash": "\\", "colon": ":", "semicolon": ";", "comma": ",", "full_stop": ".", "period": ".",
    "plus": "+", "minus": "-", "underscore": "_", "asterisk": "*", "equals_sign": "=", "less_than_sign": "<",
    "greater_than_sign": ">", "left_square_bracket": "[", "right_square_bracket": "]", "number_sign": "#",
    "exclamation_mark": "!", "at": "@", "percent_sign": "%", "ampersand": "&", "tilde": "~",
    "vertical_line": "|", "apostrophe": "'", "quotation_mark": '"', "grave_accent": "`", " ": "space",
}  # fmt: skip
_SAME_BYTES = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+[": "escape"}
"""Keys that a terminal sends as the same bytes as another key."""

_ALSO_TYPED = {"/": "、", "[": "【", "]": "】", "<": "《", ">": "》", ".": "。", '"': "“”", "'": "‘’"}
_WIDE = 0xFEE0
"""The distance from an ASCII character to its full-width form."""

_TO_ASCII = {wide: key for key, typed in _ALSO_TYPED.items() for wide in typed}


def twins(key: str) -> str:
    """Return the characters that a Chinese input method types for an ASCII digit or punctuation key."""
    if len(key) != 1 or not "!" <= key <= "~" or key.isalpha():
        return ""
    return chr(ord(key) + _WIDE) + _ALSO_TYPED.get(key, "")


def key_named(text: str) -> str | None:
    """Return a written key in the spelling used in the code; `None` if there is no such key."""
    if len(text) == 1 and text != " ":
        return _character(text)
    head, _plus, last = text.rpartition("+")
    if text.endswith("++"):
        # The plus sign is the key itself.
        head, last = text[:-2], "+"
    modifiers = {word.strip().casefold() for word in head.split("+")} if head else set[str]()
    key = _character(last) if len(last) == 1 else _plain(last.strip().casefold())
    if key is None or not modifiers <= set(_MODIFIERS):
        return None
    if len(key) == 1 and key.isalpha():
        if modifiers == {"shift"}:
            return key.upper()
        if key.isupper() and modifiers and "ctrl" not in modifiers:
            modifiers.add("shift")
        key = key.lower() if modifiers else key
    elif len(key) == 1 and modifiers == {"shift"}:
        # The terminal sends the character that shift types.
        return None
    whole = "+".join((*sorted(modifiers), key))
    return _SAME_BYTES.get(whole, whole)


def _plain(name: str) -> str | None:
    name = _ALIASES.get(name, name)
    if len(name) == 1:
        return _character(name)
    return name if name in NAMED_KEYS else None


def _character(char: str) -> str | None:
    if char == " ":
        return "space"
    if "！" <= char <= "～" and not chr(ord(char) - _WIDE).isalpha():
        return chr(ord(char) - _WIDE)
    return _TO_ASCII.get(char, char) if char.isprintable() and not char.isspace() else None


def likely_key(text: str) -> str | None:
    """Return the key that a mistyped name most likely means."""
    head, _plus, last = text.casefold().rpartition("+")
    names = [*NAMED_KEYS, *_ALIASES]
    modifiers = [
        nearest(word, (*_MODIFIERS, "control", "option", "meta")) for word in head.split("+") if head
    ]
    meant = {"control": "ctrl", "option": "alt", "meta": "alt"}
    key = last if len(last) == 1 else nearest(last, names)
    if key is None or None in modifiers:
        return None
    return key_named("+".join([*(meant.get(word, word) for word in modifiers if word), key]))


def types_text(key: str) -> bool:
    """Whether a key types, edits or ends the input of text."""
    name = key.rpartition("+")[2] or "+"
    is_plain = "+" not in key[:-1] or key.startswith("shift+")
    return is_plain and not (name[0] == "f" and name[1:].isdigit())


def key_word(key: str) -> str:
    """Return a key as the footer and the help show it."""
    shown = {"pagedown": "PgDn", "pageup": "PgUp", "escape": "esc"}
    if key[0] == "f" and key[1:].isdigit():
        return key.upper()
    return shown.get(key, key)
