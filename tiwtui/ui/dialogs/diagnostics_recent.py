"""How soon ends are seen and answers come: as sparklines of the last ten minutes, and as figures. Pure."""

from collections.abc import Sequence
from statistics import median

from tiwtui.diagnostics import Diagnostics
from tiwtui.engine.statistics.recent import SLOTS, Series
from tiwtui.engine.statistics.totals import percentile_95
from tiwtui.formatting import Tone, TonedText, age_text, number_text
from tiwtui.glyphs import Glyphs
from tiwtui.i18n import _, ngettext
from tiwtui.sanitize import safe
from tiwtui.ui.drawing.cells import fit
from tiwtui.ui.drawing.styled_text import Row, Span
from tiwtui.ui.drawing.text_tables import NAME_WIDTH, facts, heading

_INDENT = "   "
_TOP_CELLS = 12


def span_text(seconds: float) -> str:
    """Return a short time as `112 ms` or `1.2s`, a longer one as an age."""
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    return f"{seconds:.1f}s" if seconds < 10 else age_text(seconds)


def unknown_here(report: Diagnostics) -> TonedText | None:
    """Return who knows what is not seen here; `None` in a process that sends, or did."""
    sharers = report.sharers
    if sharers.is_here or not sharers.sender or report.left:
        return None
    return TonedText(_("known to {who}, which sends").format(who=safe(sharers.sender)), Tone.QUIET)


def recent_rows(series: Series, width: int, glyphs: Glyphs) -> list[Row]:
    """Return a sparkline for each series; none before the first slot is full."""
    if not series.rates:
        return []
    room = min(SLOTS, width - len(_INDENT) - NAME_WIDTH - _TOP_CELLS)
    lines = (
        (_("sent"), series.rates, lambda most: _("{n}/s").format(n=number_text(most))),
        (_("latency"), series.latencies_s, span_text),
        (_("delay"), series.delays_s, span_text),
    )
    rows = [heading(_("Last 10 minutes"))]
    for name, values, said in lines:
        known = [value for value in values if value is not None]
        drawn = glyphs.sparkline(values, max(1, room)) if known else glyphs.nothing
        top = _("  to {most}").format(most=said(max(known))) if known else ""
        label = Span(_INDENT + fit(name, NAME_WIDTH), Tone.QUIET)
        rows.append((label, Span(drawn, Tone.NAME if known else Tone.QUIET), Span(top, Tone.QUIET)))
    return rows


def delay_rows(report: Diagnostics, width: int, glyphs: Glyphs) -> list[Row]:
    """Return how soon the last ends were seen, and how long answers took."""
    delay, between = report.delay, f" {glyphs.between} "
    if (unknown := unknown_here(report)) is not None:
        return [heading(_("Delay")), *facts([(_("seen after"), unknown), (_("latency"), unknown)], width)]
    took = sorted(check.took_s for check in report.checks)
    latency = [(_("latency"), TonedText(_half_and_most(*_percentiles(took), between)))] if took else []
    if delay is None:
        nothing = TonedText(_("no task has ended yet while it was checked here"), Tone.QUIET)
        return [heading(_("Delay")), *facts([(_("seen after"), nothing), *latency], width)]
    ends = ngettext("the last task that ended", "the last {n} tasks that ended", delay.ends)
    pairs = [
        (_("seen after"), TonedText(_half_and_most(delay.median_s, delay.p95_s, between))),
        (
            _("on average"),
            TonedText(_("about half of that: the end lies somewhere between two checks"), Tone.QUIET),
        ),
        (_("measured on"), TonedText(ends.format(n=delay.ends), Tone.QUIET)),
    ]
    return [heading(_("Delay")), *facts((*pairs, *latency), width)]


def _percentiles(values: Sequence[float]) -> tuple[float, float]:
    return median(values), percentile_95(values)


def _half_and_most(half_s: float, most_s: float, between: str) -> str:
    return f"p50 {span_text(half_s)}{between}p95 {span_text(most_s)}"
