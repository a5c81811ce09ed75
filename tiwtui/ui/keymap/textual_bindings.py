"""The table of keys as Textual binds it.

Widgets declare the keys of the table. What a configuration changes of them is one keymap of the application,
which Textual lays over every widget's bindings by their ids.
"""

from collections.abc import Iterable

from textual.binding import Binding, BindingType, Keymap
from textual.keys import _character_to_key

from tiwtui.config.key_names import twins
from tiwtui.config.key_table import COMMANDS, Command, Keys, Scope

_NO_KEY = "no_key"
"""A key that no keyboard has: Textual's keymap knows no other way to take a binding's key away."""


def bindings(*scopes: Scope) -> list[BindingType]:
    """Return the bindings that some scopes declare, full-width twins included."""
    return [binding for command in COMMANDS if command.scope in scopes for binding in _bound(command)]


def keymap(keys: Keys) -> Keymap:
    """Return what has to be laid over the declared bindings, so that commands have the given keys."""
    changed: dict[str, str] = {}
    for declared, command in zip(COMMANDS, keys.commands, strict=True):
        if declared.keys == command.keys:
            continue
        if not declared.is_numbered:
            changed[command.id] = _joined(command.keys)
            continue
        for number in range(1, len(declared.keys) + 1):
            changed[_numbered_id(command, number)] = _joined(command.keys[number - 1 : number])
    return changed


def _bound(command: Command) -> Iterable[Binding]:
    for number, key in enumerate(command.keys, 1):
        action = command.action.format(n=number)
        name = _numbered_id(command, number) if command.is_numbered else command.id
        for pressed in (key, *twins(key)):
            yield Binding(
                textual_key(pressed),
                action,
                command.title,
                show=False,
                id=name,
                priority=command.is_priority,
            )


def _numbered_id(command: Command, number: int) -> str:
    return f"{command.id}.{number}"


def _joined(keys: Iterable[str]) -> str:
    return ",".join(textual_key(pressed) for key in keys for pressed in (key, *twins(key))) or _NO_KEY


def textual_key(key: str) -> str:
    """Return a key as Textual spells it: signs by their long names."""
    head, last = key[:-1], key[-1]
    is_sign = not head or head.endswith("+")
    return head + _character_to_key(last) if is_sign else key
