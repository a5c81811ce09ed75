"""Keys of a configuration: how they may be written, what they replace, and what cannot be."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tiwtui.config.key_changes import rebound
from tiwtui.config.key_names import key_named, likely_key, twins
from tiwtui.config.key_table import COMMANDS, DEFAULT_KEYS, Keys


def keys_of(**chosen: str) -> Keys:
    """Return the keys where commands, dots written as underscores, have others."""
    keys, faults = rebound([(name.replace("_", "."), tuple(text.split())) for name, text in chosen.items()])
    assert not faults
    return keys


def faults(**chosen: str) -> list[tuple[str, str]]:
    """Return the ids and words of what cannot be."""
    _keys, found = rebound([(name.replace("_", "."), tuple(text.split())) for name, text in chosen.items()])
    return [(fault.id, fault.text) for fault in found]


# How keys are written


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("r", "r"), ("R", "R"), ("shift+r", "R"), ("Ctrl+D", "ctrl+d"), ("ESC", "escape"),
        ("PgDn", "pagedown"),
        ("F5", "f5"), ("+", "+"), ("ctrl++", "ctrl++"), ("？", "?"), ("、", "/"), ("５", "5"), (" ", "space"),
        ("question_mark", "?"), ("ctrl+slash", "ctrl+/"), ("alt+R", "alt+shift+r"),
        ("shift+tab", "shift+tab"), ("shift+alt+x", "alt+shift+x"), ("物", "物"),
    ],
)  # fmt: skip
def test_a_key_is_known_however_it_is_written(text: str, key: str) -> None:
    assert key_named(text) == key


@pytest.mark.parametrize(("text", "key"), [("ctrl+i", "tab"), ("ctrl+m", "enter"), ("ctrl+[", "escape")])
def test_what_a_terminal_sends_for_two_keys_is_one_key(text: str, key: str) -> None:
    """Else a clash goes unseen."""
    assert key_named(text) == key


@pytest.mark.parametrize(
    "text", ["", "ab", "f25", "ctrl+", "shift+/", "hyper+x", "\x1b", "ctrl+ctrl", "\u200b"]
)
def test_what_no_terminal_sends_is_no_key(text: str) -> None:
    assert key_named(text) is None


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("pagdown", "pagedown"),
        ("contrl+x", "ctrl+x"),
        ("option+x", "alt+x"),
        ("questionmark", "?"),
        ("", None),
    ],
)
def test_a_mistyped_key_is_guessed(text: str, key: str | None) -> None:
    assert likely_key(text) == key


def test_every_key_of_the_table_is_written_as_a_person_may_write_it() -> None:
    """What the README and the help say can be copied into the file."""
    for command in COMMANDS:
        for key in command.keys:
            assert key_named(key) == key, command.id


@given(st.text(max_size=8))
@example("\x1b\r")
def test_a_key_that_was_understood_is_understood_again(text: str) -> None:
    key = key_named(text)
    if key is not None:
        assert key_named(key) == key
    likely = likely_key(text)
    assert likely is None or key_named(likely) == likely


def test_twins_are_what_an_input_method_types() -> None:
    assert twins("?") == "？"
    assert "、" in twins("/")
    assert "【" in twins("[")
    assert not twins("a")
    for key in map(chr, range(33, 127)):
        for twin in twins(key)[:1]:
            assert unicodedata.normalize("NFKC", twin) == key


# What a configuration makes of them


def test_new_keys_replace_all_that_a_command_had() -> None:
    """key_changes law 1: its F-key twin too: anyone who rebinds says what is to be."""
    command = keys_of(copy="i ctrl+k").command("copy")
    assert command.keys == ("i", "ctrl+k")
    assert command.key_shown == "i"


def test_a_key_that_is_given_twice_is_one_key() -> None:
    assert keys_of(copy="i i").command("copy").keys == ("i",)


def test_a_command_can_be_left_without_a_key() -> None:
    command = keys_of(remove="").command("remove")
    assert (command.keys, command.key_shown) == ((), "")


def test_other_commands_keep_their_keys() -> None:
    keys = keys_of(copy="i")
    assert [command for command in keys.commands if command.id != "copy"] == [
        command for command in DEFAULT_KEYS.commands if command.id != "copy"
    ]


def test_two_commands_can_change_places() -> None:
    keys = keys_of(copy="r", check="c")
    assert (keys.command("copy").keys, keys.command("check").keys) == (("r",), ("c",))


def test_the_moving_keys_are_those_that_move_now() -> None:
    """Held down, they must not be taken for a paste."""
    moving = keys_of(move_down="i down", label="L").moving
    assert "i" in moving
    assert "j" not in moving


def test_a_sentence_that_names_a_key_names_the_one_it_has() -> None:
    assert keys_of(undo="U").word("undo") == "U"
    assert keys_of(undo="").word("undo") == "ctrl+p"


def test_a_clash_with_a_key_of_the_table_names_both_commands_and_the_way_out() -> None:
    [(name, text)] = faults(pause="x")
    assert name == "pause"
    assert '"x" is taken: remove' in text
    assert "(remove from the watch list)" in text
    assert '"remove" = []' in text


def test_a_clash_of_two_new_keys_is_reported_at_the_later_one() -> None:
    [(name, text)] = faults(pause="i", copy="i")
    assert name == "copy"
    assert '"i" is taken: pause' in text
    assert "[]" not in text


@pytest.mark.parametrize(
    ("chosen", "is_clash"),
    [
        ({"tab": "i", "copy_nth": "i"}, False),
        ({"copy_nth": "x"}, True),
        ({"copy_nth": "ctrl+p"}, True),
        ({"tab": "ctrl+p"}, True),
        ({"sort": "S"}, True),
        ({"tab": "i", "pause": "i"}, True),
        ({"copy_nth": "i", "move_down": "i"}, True),
        ({"tab": "j"}, True),
        ({"quit_now": "ctrl+p"}, True),
        ({"pause": "ctrl+i"}, True),
        ({"pause": "？"}, True),
    ],
)
def test_keys_clash_where_both_can_be_meant(chosen: dict[str, str], is_clash: bool) -> None:
    """key_changes law 3: the list's own keys and the detail's own never meet."""
    assert bool(faults(**chosen)) is is_clash


def test_an_unknown_id_is_reported_with_the_nearest_one() -> None:
    assert faults(coppy="i") == [("coppy", 'there is no command "coppy"; did you mean "copy"?')]
    assert 'did you mean "palette"?' in faults(pallet="i")[0][1]
    assert "; known are move.down, move.up," in faults(timeline="i")[0][1]


@pytest.mark.parametrize("separator", "_- ")
def test_an_id_without_its_dot_is_reported_with_the_right_one(separator: str) -> None:
    for command in COMMANDS:
        if "." in command.id:
            _keys, [fault] = rebound([(command.id.replace(".", separator), ("i",))])
            assert f'did you mean "{command.id}"?' in fault.text


def test_what_is_not_understood_cannot_reach_the_terminal() -> None:
    """A file from somewhere else is as foreign as any text."""
    for _name, text in faults(**{"\x1b[2J": "i", "pause": "\x1b[2J"}):
        assert text.isprintable()


def test_an_unknown_key_is_reported_with_the_nearest_one() -> None:
    assert faults(pause="pagdown") == [("pause", 'there is no key "pagdown"; did you mean "pagedown"?')]


def test_a_command_with_an_unknown_key_keeps_the_keys_it_had() -> None:
    """Otherwise one mistyped name would also be reported as a missing key."""
    keys, [fault] = rebound([("quit.now", ("pagdown",))])
    assert fault.id == "quit.now"
    assert keys == DEFAULT_KEYS


def test_commands_may_have_more_keys_than_before() -> None:
    keys = keys_of(undo="U ctrl+z f20", tab="1 2 3 4 5 6 7 8 0")
    assert keys.command("undo").keys == ("U", "ctrl+z", "f20")


def test_the_way_out_always_has_a_key() -> None:
    """key_changes law 4."""
    assert keys_of(quit_now="ctrl+x").command("quit.now").keys == ("ctrl+x",)
    assert [name for name, _text in faults(quit_now="")] == ["quit.now"]


@pytest.mark.parametrize("key", ["Ω", "enter", "escape", "tab", "backspace", "shift+left", "+"])
def test_what_counts_everywhere_has_no_key_that_types(key: str) -> None:
    """It would be pressed by anyone who writes a label."""
    assert any("is needed where text is typed" in text for _name, text in faults(palette=key))


@pytest.mark.parametrize("key", ["f12", "ctrl+o", "alt+x"])
def test_what_counts_everywhere_can_have_another_key(key: str) -> None:
    assert keys_of(palette=key).command("palette").keys == (key,)


def test_there_are_no_more_keys_than_tabs() -> None:
    """key_changes law 2."""
    assert faults(tab="0 f2 f3 f4 f5 f6 f7 f8 f9 f10")[0] == ("tab", "9 keys at most")
