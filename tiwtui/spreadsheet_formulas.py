"""Escape cells that a spreadsheet would run as formulas, and undo that when a table is read.

The escape is a leading `'`. A cell that already begins with one may need another, so that `unguarded` is
the exact inverse of `guarded`.
"""

import re

_FORMULA = re.compile(r"""["'“”‘’＂＇]*[=+\-@＝＋－＠\t\r]""")
"""A character that begins a formula, also after quotes, which a spreadsheet removes when it reads a table."""


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet runs as a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """Return the cell that `guarded` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
