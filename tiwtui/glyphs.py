"""Every sign and border that the screen draws, with its ASCII twin.

Each is one cell wide on terminals that draw characters of ambiguous width narrow. Many Chinese terminals draw
them wide; the ASCII table is for those.
"""

import math
from collections.abc import Sequence

import msgspec

from tiwtui.model import Phase


class Glyphs(msgspec.Struct, frozen=True):
    """One table of signs, each one cell wide."""

    phases: dict[Phase, str]
    unseen: str
    taken: str
    flag: str
    cursor: str
    mark: str
    ellipsis: str
    nothing: str
    between: str
    rail: str
    rule: str
    dot: str
    stopped: str
    times: str
    up: str
    down: str
    lanes: dict[str, str]
    lane_rest: str
    tick: str
    tick_end: str
    levels: dict[int, str]

    def phase(self, phase: Phase) -> str:
        """Return the sign of a phase."""
        return self.phases[phase]

    def sparkline(self, values: Sequence[float | None], width: int) -> str:
        """Return values as columns from 0 to the largest, the last at the right; blank where there is none.

        Where there is less room, one column stands for the largest of several.
        """
        each = max(1, math.ceil(len(values) / max(1, width)))
        groups = [
            [one for one in values[at : at + each] if one is not None] for at in range(0, len(values), each)
        ]
        most = max((max(group) for group in groups if group), default=0.0) or 1.0
        top = len(self.levels) - 1
        return "".join(self.levels[math.ceil(max(group) / most * top)] if group else " " for group in groups)

    def lane(self, kind: str) -> str:
        """Return the pattern of a kind of video, so that kinds differ without colour too."""
        return self.lanes.get(kind, self.lanes["other"])


_PHASE_ORDER = (
    Phase.NEW,
    Phase.QUEUED,
    Phase.PROCESSING,
    Phase.READY,
    Phase.EMPTY,
    Phase.FAILED,
    Phase.NOT_FOUND,
    Phase.OTHER,
)
_LANE_ORDER = ("camera", "screen", "whiteboard", "mixed", "audio", "other")

UNICODE_GLYPHS = Glyphs(
    phases=dict(zip(_PHASE_ORDER, "○◔◐✓∅✗?◇", strict=True)),
    unseen="•",
    taken="✓",
    flag="♪",
    cursor="▌",
    mark="◆",
    ellipsis="…",
    nothing="–",
    between="·",
    rail="│",
    rule="─",
    dot="●",
    stopped="■",
    times="×",
    up="▲",
    down="▼",
    lanes=dict(zip(_LANE_ORDER, "█▓▒░━▚", strict=True)),
    lane_rest="·",
    tick="┬",
    tick_end="┐",
    levels=dict(enumerate("▁▂▃▄▅▆▇█")),
)
ASCII_GLYPHS = Glyphs(
    phases=dict(zip(_PHASE_ORDER, ".o>v-x?~", strict=True)),
    unseen="*",
    taken="v",
    flag="!",
    cursor="|",
    mark="+",
    ellipsis="~",
    nothing="-",
    between="-",
    rail="|",
    rule="-",
    dot="*",
    stopped="#",
    times="x",
    up="^",
    down="v",
    lanes=dict(zip(_LANE_ORDER, "#%=:-@", strict=True)),
    lane_rest=".",
    tick="+",
    tick_end="+",
    levels=dict(enumerate("_.:-=+*#")),
)

_DRAWN = {
    "─━┄┅┈┉╌╍╴╶╸╺═▔▁▂▃▄▅▆▇▀": "-",
    "│┃┆┇┊┋╎╏╵╷╹╻║▏▎▍▌▋▊▉▐▕": "|",
    "┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋╭╮╰╯╔╗╚╝╠╣╦╩╬": "+",
    "█▓▒░": "#",
}
"""Parts of borders and bars."""
_ASCII_OF = str.maketrans(
    {sign: twin for signs, twin in _DRAWN.items() for sign in signs}
    | {"…": "~", "·": "-", "–": "-", "—": "-", "•": "*", "×": "x", "≤": "<"}
    | {"▲": "^", "▼": "v", "▶": ">", "🔎": "/ "}
)


def in_ascii(text: str) -> str:
    """Return a text with its signs replaced by ASCII of the same width; letters stay."""
    return text.translate(_ASCII_OF)
