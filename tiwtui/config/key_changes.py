"""Apply the key changes of a configuration: check command ids and key names, find conflicts. Pure.

1. The keys given to a command replace all its keys, its F-key too. Full-width forms of the new keys are
   added automatically. An empty list leaves a command without a key; the palette still runs it.
2. The n-th key given to `tab` or `copy.nth` is for the n-th tab or video.
3. No key has two commands in the same place. With the focus in the list, the keys of lines, list, main
   screen and application are active; in the detail, those of the detail replace those of the list.
4. `quit.now` always has a key. Commands that also work while text is typed have no key that types text.

Dialogs and inputs have fixed keys, which they show.
"""

from collections.abc import Iterable, Sequence

import msgspec

from tiwtui.config.key_names import key_named, likely_key, types_text
from tiwtui.config.key_table import COMMANDS, DEFAULT_KEYS, Command, Keys, Scope
from tiwtui.i18n import _, ngettext
from tiwtui.near_names import did_you_mean, nearest
from tiwtui.sanitize import safe

Chosen = Sequence[tuple[str, tuple[str, ...]]]
"""Command ids with the keys that the configuration gives them."""

_IDS = tuple(command.id for command in COMMANDS)
_TOGETHER = (
    frozenset({Scope.LINES, Scope.LIST, Scope.MAIN, Scope.APP}),
    frozenset({Scope.LINES, Scope.DETAIL, Scope.MAIN, Scope.APP}),
    frozenset({Scope.LINES, Scope.DETAIL, Scope.RAW, Scope.APP}),
)


class KeyFault(msgspec.Struct, frozen=True):
    """What is wrong with the keys given to a command; the id as it was written."""

    id: str
    text: str


def rebound(chosen: Chosen) -> tuple[Keys, tuple[KeyFault, ...]]:
    """Return the commands with the chosen keys, and the choices that are not possible."""
    faults: list[KeyFault] = []
    given: dict[str, tuple[str, ...]] = {}
    for name, texts in chosen:
        if name not in _IDS:
            faults.append(KeyFault(name, _unknown_id(name)))
            continue
        read = [_read(name, text, faults) for text in texts]
        if None not in read:
            given[name] = tuple(dict.fromkeys(filter(None, read)))
            faults += _forbidden(DEFAULT_KEYS.command(name), given[name])
    keys = DEFAULT_KEYS.with_keys(given)
    return keys, (*faults, *_clashes(keys, given))


def _unknown_id(name: str) -> str:
    likely = nearest(name, _IDS)
    fault = _('there is no command "{name}"').format(name=safe(name))
    if likely:
        return fault + did_you_mean(likely)
    return _("{fault}; known are {ids}").format(fault=fault, ids=", ".join(_IDS))


def _read(name: str, text: str, faults: list[KeyFault]) -> str | None:
    key = key_named(text)
    if key is None:
        fault = _('there is no key "{text}"').format(text=safe(text))
        likely = likely_key(text)
        if likely is not None:
            fault += did_you_mean(likely)
        else:
            fault = _('{fault}; write "x", "X", "f5", "ctrl+x" or "pagedown"').format(fault=fault)
        faults.append(KeyFault(name, fault))
    return key


def _forbidden(command: Command, keys: tuple[str, ...]) -> Iterable[KeyFault]:
    if command.is_essential and not keys:
        yield KeyFault(command.id, _("this needs a key: it must always be possible to quit"))
    if command.is_numbered and len(keys) > len(command.keys):
        most = len(command.keys)
        fault = ngettext("{n} key at most", "{n} keys at most", most).format(n=most)
        yield KeyFault(command.id, fault)
    for key in keys if command.is_priority else ():
        if types_text(key):
            fault = _('"{key}" is needed where text is typed; this takes a key such as ctrl+x or f12')
            yield KeyFault(command.id, fault.format(key=key))


def _clashes(keys: Keys, given: dict[str, tuple[str, ...]]) -> Iterable[KeyFault]:
    """Find keys with two commands; each is reported once, at the command that got the key last."""
    for place, one in enumerate(keys.commands):
        for other in keys.commands[place + 1 :]:
            if not any({one.scope, other.scope} <= scopes for scopes in _TOGETHER):
                continue
            for key in one.keys:
                if key in other.keys:
                    yield _clash(key, one, other, tuple(given))


def _clash(key: str, one: Command, other: Command, given: tuple[str, ...]) -> KeyFault:
    def turn(command: Command) -> int:
        return given.index(command.id) if command.id in given else -1

    first, last = sorted((one, other), key=turn)
    fault = _('"{key}" is taken: {first} ({does}) has it too, beside {last}')
    fault = fault.format(key=key, first=first.id, does=first.title, last=last.id)
    if first.id not in given:
        fault = _('{fault}; give {first} another key, or none: "{first}" = []').format(
            fault=fault, first=first.id
        )
    return KeyFault(last.id, fault)
