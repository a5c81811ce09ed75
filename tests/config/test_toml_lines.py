"""The lines of values in a TOML text, against texts that are made line by line."""

import json
import tomllib
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tiwtui.config.toml_lines import lines_of

BARE = st.text("abAB019_-", min_size=1, max_size=4)
ANY = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=5)
BLANKS = st.lists(st.sampled_from(["", "  ", "# a = 1", '# """', "\t# [x]", "# ['"]), max_size=2)


def quoted(text: str) -> str:
    """Return a basic string of TOML; JSON's escapes are TOML's, save for the two halves of one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


KEYS = st.one_of(
    BARE.map(lambda name: (name, name)),
    ANY.map(lambda name: (name, quoted(name))),
    st.text("a.b #=[]{}", max_size=4).map(lambda name: (name, f"'{name}'")),
)
"""A key, and how it is written."""

VALUES = st.recursive(
    st.one_of(
        st.sampled_from(["1", "-2.5e3", "true", "nan", "1979-05-27T07:32:00Z", "07:32:00", "0x1F"]),
        ANY.map(quoted),
        st.sampled_from(
            ["'# = ['", "''", '""', "'''a\n[b]\nc = 1'''", '"""\nx = 1\\\n  y""q"""""', "''''''"]
        ),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[" + " , ".join(items) + "]"),
        st.lists(inner, min_size=1, max_size=3).map(lambda items: "[ # ]\n" + ",\n".join(items) + ",\n]"),
        st.lists(inner, max_size=2).map(
            lambda items: "{" + ", ".join(f"k{place} = {item}" for place, item in enumerate(items)) + "}"
        ),
    ),
    max_leaves=5,
)


def places(value: object, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    """Return the ways to all values in a document."""
    found = {path} if path else set()
    if isinstance(value, dict):
        items: list[tuple[Any, Any]] = list(value.items())
    else:
        items = list(enumerate(value)) if isinstance(value, list) else []
    return found.union(*(places(inner, (*path, key)) for key, inner in items)) if items else found


def parsed(text: str) -> dict[str, object] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


@given(st.lists(st.tuples(BLANKS, KEYS, VALUES), max_size=6, unique_by=lambda pair: pair[1][0]))
def test_each_key_has_the_line_it_was_written_on(pairs: list[tuple[list[str], tuple[str, str], str]]) -> None:
    """toml_lines law 1: whatever strings, arrays and comments stand in between."""
    lines: list[str] = []
    wanted = {}
    for blanks, (name, key), value in pairs:
        lines += blanks
        wanted[(name,)] = len(lines) + 1
        lines += f"{key} = {value}  # {value.splitlines()[0] if value else ''}".split("\n")
    text = "\n".join(lines)
    document = parsed(text)
    if document is not None:
        found = lines_of(text)
        assert {path: found.get(path) for path in wanted} == wanted
        assert places(document) == set(found)


STATEMENTS = st.one_of(
    st.tuples(st.lists(KEYS, min_size=1, max_size=3), VALUES).map(
        lambda pair: " . ".join(key for _name, key in pair[0]) + f"={pair[1]}"
    ),
    st.lists(KEYS, min_size=1, max_size=3).map(lambda keys: f"[ {'.'.join(key for _name, key in keys)} ]"),
    st.lists(KEYS, min_size=1, max_size=3).map(lambda keys: f"[[{'.'.join(key for _name, key in keys)}]] #"),
)


@given(st.lists(STATEMENTS, max_size=8))
def test_each_value_of_a_document_has_a_line(statements: list[str]) -> None:
    """Tables, arrays of tables, and dotted keys in all their mixtures; no line for what is not there."""
    text = "\n".join(statements)
    document = parsed(text)
    if document is not None:
        assert set(lines_of(text)) == places(document)


@given(st.text("a='\"[]{}#.,\n\\ 1", max_size=40))
@example('"\\1"')
def test_no_text_at_all_raises(text: str) -> None:
    """toml_lines law 2: A locator that fails would hide the mistake it is to place."""
    found = lines_of(text)
    document = parsed(text)
    if document is not None:
        assert set(found) == places(document)


@pytest.mark.parametrize(
    ("text", "place", "line"),
    [
        ("[ui]\n\n# a comment\nglyphs = 'ascii'", ("ui", "glyphs"), 4),
        ('[profiles."a b".x]\ny = 1', ("profiles", "a b", "x", "y"), 2),
        ("[keys]\n'copy.as' = [\n  'a',\n  'b',\n]", ("keys", "copy.as", 1), 4),
        ("[keys]\ncopy.as = 'C'", ("keys", "copy", "as"), 2),
        ("ui = { glyphs = 'a',\ttheme = 'b' }", ("ui", "theme"), 1),
        ('a = """\nb = 1\n"""\nb = 2', ("b",), 4),
        ("[[t]]\n[t.u]\na = 1\n[[t]]\n[t.u]\na = 2", ("t", 1, "u", "a"), 6),
        ('"\\u0061" = 1', ("a",), 1),
    ],
)
def test_a_value_is_found(text: str, place: tuple[str | int, ...], line: int) -> None:
    assert lines_of(text)[place] == line
