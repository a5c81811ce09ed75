"""A configuration is checked as a whole: keys and themes too."""

from pathlib import Path

from tiwtui.config.checks import all_mistakes
from tiwtui.config.loader import config_of

THEMES = ("nord", "gruvbox")


def mistakes(text: str, *, has_themes: bool = True) -> list[str]:
    """Return the mistakes of a file, as they are printed."""
    found = all_mistakes(config_of(text), (lambda: THEMES) if has_themes else None)
    return [mistake.with_place(Path("c.toml")) for mistake in found]


def test_mistakes_of_all_kinds_come_in_the_order_of_their_lines() -> None:
    """Loader law 3: the lines of keys and themes are known here too."""
    [key, theme, dotted, unknown] = mistakes(
        '[keys]\nlabel = "x"\n[ui]\ntheme = "grubox"\n[keys.copy]\nas = "u"\n[uj]\n'
    )
    assert key.startswith('c.toml:2: keys.label: "x" is taken: remove')
    assert theme == 'c.toml:4: ui.theme: there is no theme "grubox"; did you mean "gruvbox"?'
    assert dotted.startswith('c.toml:6: keys."copy.as": "u" is taken: undo')
    assert unknown.startswith('c.toml:7: unknown key "uj"; known here: profile, ')


def test_a_theme_unlike_all_others_is_reported_with_all_of_them() -> None:
    assert mistakes('ui.theme = "\\u001b"') == [
        'c.toml:1: ui.theme: there is no theme "\\x1b"; known are nord, gruvbox'
    ]


def test_a_good_configuration_has_no_mistakes() -> None:
    assert mistakes('[ui]\ntheme = "nord"\n[keys]\ncopy = "i"') == []
    assert mistakes("") == []


def test_a_theme_is_not_checked_where_themes_are_not_known() -> None:
    """The names of themes come from the library of the screen, which other commands do not load."""
    assert mistakes('ui.theme = "grubox"', has_themes=False) == []
