"""Every sign and border the screen draws, in one table with its ASCII twin.

Each is one cell wide on a terminal that takes characters of ambiguous width as narrow; many Chinese terminals
do not, and the ASCII table is for those.
"""

from dataclasses import dataclass

from tiwtui.model import Phase


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Every sign and border the screen draws, each one cell wide."""

    phases: dict[Phase, str]
    unseen: str
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

    def phase(self, phase: Phase) -> str:
        """Return the sign of a phase."""
        return self.phases[phase]

    def lane(self, kind: str) -> str:
        """Return the pattern that tells one kind of video from another without colour."""
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
)
ASCII_GLYPHS = Glyphs(
    phases=dict(zip(_PHASE_ORDER, ".o>v-x?~", strict=True)),
    unseen="*",
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
)

_DRAWN = {
    "─━┄┅┈┉╌╍╴╶╸╺═▔▁▂▃▄▅▆▇▀": "-",
    "│┃┆┇┊┋╎╏╵╷╹╻║▏▎▍▌▋▊▉▐▕": "|",
    "┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋╭╮╰╯╔╗╚╝╠╣╦╩╬": "+",
    "█▓▒░": "#",
}
"""What borders and bars are made of."""
_ASCII_OF = str.maketrans(
    {sign: twin for signs, twin in _DRAWN.items() for sign in signs}
    | {"…": "~", "·": "-", "–": "-", "—": "-", "•": "*", "×": "x", "▲": "^", "▼": "v", "▶": ">", "🔎": "/ "}
)


def in_ascii(text: str) -> str:
    """Return a text with signs that only a screen draws as ASCII of the same width; letters stay."""
    return text.translate(_ASCII_OF)
