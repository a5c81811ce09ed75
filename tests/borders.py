"""What a screen shows inside the borders around list and detail, for tests that read its lines."""

import re

_BORDERED = re.compile(r"(?:│|╭─)(.*?)(?:│|─+╮)")


def without_border(line: str) -> str:
    """Return a line of a screen without the border at both its ends, if it has one."""
    found = _BORDERED.fullmatch(line.rstrip())
    return found[1].rstrip() if found else line.rstrip()
