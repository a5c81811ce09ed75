"""The letters of the sort menu."""

from tiwtui.listing.order import LETTERS, SORTABLE, letters


def test_every_order_has_a_letter_of_its_own() -> None:
    """Fingers learn them, so they are fixed: this table changes only by new lines."""
    assert LETTERS == {
        "": "0",
        "phase": "p",
        "app": "a",
        "task": "t",
        "label": "l",
        "room": "r",
        "group": "g",
        "in_phase": "c",
        "checked": "h",
        "videos": "v",
        "length": "n",
        "size": "s",
        "expires": "e",
        "taken": "k",
        "added": "d",
        "note": "o",
    }
    assert set(LETTERS) == {"", *SORTABLE}


def test_a_new_column_gets_a_free_letter_and_takes_none_away() -> None:
    found = letters(("phase", "place", "ppp", "task"))
    assert found == {"phase": "p", "place": "b", "ppp": "f", "task": "t"}
