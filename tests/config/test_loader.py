"""A configuration file as values, and every mistake with its line and what would be right."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiwtui.config.config import Config, GlyphChoice, Mistake
from tiwtui.config.loader import config_of, read_config
from tiwtui.config.settings import Profile, settings_from


def result(text: str) -> list[str]:
    """Return the mistakes of a file, as they are printed."""
    return [mistake.with_place(Path("c.toml")) for mistake in config_of(text).mistakes]


def test_all_that_can_be_configured_is_read() -> None:
    config = config_of(
        """
        profile = "school"
        [profiles.school]
        site = "cn"
        endpoint = "tiw.example.com"
        region = "ap-shanghai"
        sdk_app_id = 1400000001
        requests_per_second = 5
        results_kept_days = 0
        expiry_warning = "48h"
        [profiles.other]
        [ui]
        glyphs = "ascii"
        theme = "nord"
        [keys]
        copy = "z"
        "copy.as" = ["Z", "f8"]
        move.top = []
        pause = ""
        [filters]
        "二班" = "物理 phase:ready"
        [clipboard]
        command = "xclip -selection 'clip board'"
        """
    )
    assert config.mistakes == ()
    assert config.profile == "school"
    assert config.profiles == {
        "school": Profile(
            "cn", "tiw.example.com", "ap-shanghai", 1400000001, 5, 0, expiry_warning_s=172_800.0
        ),
        "other": Profile(),
    }
    assert (config.glyphs, config.theme) == (GlyphChoice.ASCII, "nord")
    assert config.keys == (("copy", ("z",)), ("copy.as", ("Z", "f8")), ("move.top", ()), ("pause", ()))
    assert config.filters == (("二班", "物理 phase:ready"),)
    assert config.clipboard_command == ("xclip", "-selection", "clip board")


def test_how_long_a_pause_lasts_is_a_duration_or_0() -> None:
    """A pause without end is a decision, not a default."""
    result = [
        config_of(f"profiles.a.pause_for = {value}").profiles["a"].pause_for_s for value in ("'1h30m'", 0)
    ]
    assert result == [5400.0, 0.0]
    assert settings_from().pause_for_s == 1800.0
    assert settings_from(configured=Profile(pause_for_s=0.0)).pause_for_s == 0.0


def test_an_empty_file_says_nothing() -> None:
    assert config_of("# nothing\n") == Config()


def test_the_words_of_a_command_can_be_given_one_by_one() -> None:
    """A path with a space needs no quotes within quotes."""
    assert config_of('clipboard.command = ["/a b/copy", "-x"]').clipboard_command == ("/a b/copy", "-x")


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (
            "[profiles.school]\nsite = 'cn'\nrequests_per_secnd = 5",
            'c.toml:3: unknown key "requests_per_secnd" in [profiles.school]; '
            'did you mean "requests_per_second"?',
        ),
        ("[clipboard]\ncommand = ' '", "c.toml:2: clipboard.command: it names no program"),
        ("[clipboard]\ncommand = []", "c.toml:2: clipboard.command: it names no program"),
        ("[clipboard]\ncommand = ['', 'x']", "c.toml:2: clipboard.command: it names no program"),
        ("[key]\ncopy = 'z'", 'c.toml:1: unknown key "key"; did you mean "keys"?'),
        ("[ui]\nsite = 'cn'", 'c.toml:2: unknown key "site" in [ui]; it belongs in [profiles.NAME]'),
        ("[ui]\nxyz = 1", 'c.toml:2: unknown key "xyz" in [ui]; known here: glyphs, theme'),
        (
            "[profiles.a]\nsite = 'singapor'",
            'c.toml:2: profiles.a.site: there is no site "singapor"; did you mean "singapore"?',
        ),
        ("[profiles.'a b']\nsite = 'mars'", "is not one of singapore, intl, cn"),
        ("[profiles.a]\nsite = 1", "c.toml:2: profiles.a.site: a text in quotes is needed"),
        ("[profiles.a]\nregion = 'ap x'", "is not a region's name"),
        ("[profiles.a]\nendpoint = 'http://x.com'", "plain http is for this machine only"),
        ("[profiles.a]\nsdk_app_id = '14'", "profiles.a.sdk_app_id: a number without quotes is needed"),
        ("[profiles.a]\nsdk_app_id = true", "a number without quotes is needed"),
        ("[profiles.a]\nsdk_app_id = 1.5", "a whole number is needed"),
        ("[profiles.a]\nsdk_app_id = 0", "is not a positive number"),
        ("[profiles.a]\nrequests_per_second = 18.5", "is not between 0.1 and 18"),
        ("[profiles.a]\nrequests_per_second = nan", "is not between 0.1 and 18"),
        (
            "[profiles.a]\npause_for = 'x'",
            'c.toml:2: profiles.a.pause_for: a duration such as "30m" is needed',
        ),
        ("[profiles.a]\npause_for = 30", 'a duration such as "30m" is needed, or 0'),
        ("[profiles.a]\nresults_kept_days = -1", "are not between 0 (for ever)"),
        ('[profiles.a]\nexpiry_warning = "72h1s"', "expiry_warning: it is not between 0h and 72h"),
        (
            '[profiles.a]\nexpiry_warning = "soon"',
            'profiles.a.expiry_warning: a duration such as "30m" is needed',
        ),
        (
            "profile = 'scool'\n[profiles.school]",
            'c.toml:1: profile: there is no [profiles.scool]; did you mean "school"?',
        ),
        ("ui = 3", "c.toml:1: ui must be a table: [ui]"),
        ("[profiles]\na = 1", "c.toml:2: profiles.a must be a table: [profiles.a]"),
        (
            "[ui]\nglyphs = 'asci'",
            'c.toml:2: ui.glyphs: "asci" is not one of auto, unicode, ascii; did you mean "ascii"?',
        ),
        ("[keys]\ncopy = 3", "c.toml:2: keys.copy: a text in quotes, or an array of them, is needed"),
        ("[keys]\n'copy.as' = [3]", 'c.toml:2: keys."copy.as": a text in quotes'),
        ("[filters]\nmine = 'phase:reddy'", 'c.toml:2: filters.mine: "phase:reddy": no phase reddy'),
        ("[filters]\nmine = ' '", "c.toml:2: filters.mine: the filter is empty"),
        (
            "[filters]\na='a'\nb='b'\nc='c'\nd='d'\ne='e'",
            "c.toml:6: filters.e: at most 4 filters can",
        ),
        ('[clipboard]\ncommand = "it\'s"', "c.toml:2: clipboard.command: No closing quotation"),
        ("a = 1\na = 2\n", "c.toml:2: this is not TOML: Cannot overwrite a value"),
        ("a = [\n1\n", "c.toml:3: this is not TOML: "),
        ("[keys]\ncopy = 'z'\ncopy.as = 'Z'", 'need quotes, as in "copy.as" = "C"'),
        pytest.param("a = " + "[" * 100_000, "nested too deep", id="nested"),
    ],
)
def test_a_mistake_names_line_key_and_what_is_right(text: str, mistake: str) -> None:
    """loader law 2."""
    found = result(text)
    assert len(found) == 1, found
    assert mistake in found[0]


def test_all_mistakes_are_reported_at_once_and_in_order() -> None:
    """loader law 1: anyone who mends one at a time starts the program as often as there are mistakes."""
    lines = [
        int(line.split(":")[1]) for line in result("[ui]\nglyphs = 1\nthem = 2\n[filters]\nx = ''\n[uj]")
    ]
    assert lines == [2, 3, 5, 6]


def test_what_stands_beside_a_mistake_is_read() -> None:
    config = config_of("[ui]\nglyphs = 'asci'\ntheme = 'nord'\n[keys]\ncopy = 1\nlabel = 'L'")
    assert (config.theme, config.keys) == ("nord", (("label", ("L",)),))


def test_a_mistake_cannot_reach_into_the_terminal() -> None:
    """A file from somewhere else is as foreign as any text."""
    for line in result('"\\u001b[31m" = 1\n[ui]\nglyphs = "\\u001b]0;x\\u0007"\n[keys]\n"\\u009b" = 1'):
        assert line.isprintable()


def test_lines_of_windows_are_lines() -> None:
    assert result("[ui]\r\n\r\nthem = 1\r\n")[0].startswith("c.toml:3: ")


def test_a_mark_of_the_encoding_is_no_mistake(tmp_path: Path) -> None:
    """Editors of Windows write one."""
    path = tmp_path / "c.toml"
    path.write_bytes(b"\xef\xbb\xbfui.theme = 'nord'")
    assert read_config(path).theme == "nord"


def test_bytes_that_are_no_text_are_named_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_bytes("[ui]\n# 教".encode("gbk"))
    assert read_config(path).mistakes == (Mistake("is not UTF-8 text; save it as UTF-8", 2),)


def test_a_file_that_cannot_be_read_is_one_mistake(tmp_path: Path) -> None:
    assert read_config(tmp_path).mistakes == (Mistake("cannot be read: Is a directory"),)


NAMES = st.sampled_from(
    ["profile", "profiles", "ui", "keys", "filters", "clipboard", "site", "glyphs", "theme", "command", "a.b"]
)
VALUES = st.recursive(
    st.one_of(st.booleans(), st.integers(), st.floats(), st.text(max_size=4), st.dates()),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=8,
)


def _written(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return '"' + "".join(f"\\U{ord(char):08x}" for char in value) + '"'
        case list():
            return "[" + ",".join(map(_written, value)) + "]"
        case dict():
            return "{" + ",".join(f"{_written(key)}={_written(inner)}" for key, inner in value.items()) + "}"
        case _:
            return str(value)


@given(st.dictionaries(NAMES, VALUES, max_size=4))
def test_no_document_raises_and_each_mistake_has_a_line(document: dict[str, object]) -> None:
    """Whatever the types: expected failure is a value."""
    text = "\n".join(f"{_written(name)} = {_written(value)}" for name, value in document.items())
    for mistake in config_of(text).mistakes:
        assert mistake.line is not None
