"""Labels are foreign text: none of them may run when a table is opened in a spreadsheet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiwtui.spreadsheet_formulas import guarded, unguarded

SIGNS = "=+-@＝＋－＠\t\r"
QUOTES = "\"'“”‘’＂＇"


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("quotes", ["", *QUOTES, "''", '"\'"'])
def test_a_formula_is_guarded_also_behind_quotes(sign: str, quotes: str) -> None:
    """A spreadsheet that splits a table drops the quotes and runs what is behind them."""
    formula = f'{quotes}{sign}HYPERLINK("http://evil.example")'
    assert guarded(formula) == f"'{formula}"


def test_a_formula_that_was_not_guarded_is_read_as_it_is() -> None:
    """Tables also come from programs that guard nothing."""
    assert unguarded("=1+1") == "=1+1"


@pytest.mark.parametrize(
    "text", ["", "Maths 3A", "3-A", "a=b", "'quoted'", "物理 第二讲", '"open quote', " = x"]
)
def test_other_text_stays_as_it_is(text: str) -> None:
    """Who wrote the label reads it again."""
    assert guarded(text) == text == unguarded(text)


@given(st.text(SIGNS + QUOTES + "ab", max_size=6) | st.text())
def test_reading_is_the_inverse_of_writing(text: str) -> None:
    """An export moves a watch list to another machine, labels with quotes included."""
    assert unguarded(guarded(text)) == text
