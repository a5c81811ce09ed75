"""Cells that a spreadsheet would run as formulas: guarded in tables that are written, freed in those read.

A guard is a leading `'`. A cell that begins with one may need another, so that reading is the exact inverse
of writing.
"""

import re

_FORMULA = re.compile(r"""["'“”‘’＂＇]*[=+\-@＝＋－＠\t\r]""")
"""A sign that begins a formula, also behind quotes, which a spreadsheet drops when it splits a table."""


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """Return the cell that `guarded` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell, 1) else cell
