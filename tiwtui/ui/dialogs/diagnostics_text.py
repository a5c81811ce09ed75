"""The diagnostics as lines: how much is asked and why, how soon ends are seen, what goes wrong. Pure."""

from datetime import UTC, datetime, tzinfo

import msgspec

from tiwtui import __version__
from tiwtui.diagnostics import Diagnostics, Rate
from tiwtui.engine.scheduler import Reason
from tiwtui.engine.statistics.totals import KEPT, RECENT_MINUTES, Check, Interruption
from tiwtui.engine.status import Mode
from tiwtui.formatting import (
    Tone,
    TonedText,
    age_text,
    number_text,
    phase_word,
    size_text,
    trouble_text,
)
from tiwtui.glyphs import UNICODE_GLYPHS, Glyphs
from tiwtui.i18n import _, ngettext
from tiwtui.model import Trouble, TroubleKind
from tiwtui.sanitize import safe
from tiwtui.session import Target
from tiwtui.ui.detail.history_tab import clock_text
from tiwtui.ui.dialogs.diagnostics_recent import delay_rows, recent_rows, span_text, unknown_here
from tiwtui.ui.drawing.cells import fit
from tiwtui.ui.drawing.styled_text import Row, Sheet, Span
from tiwtui.ui.drawing.text_tables import NAME_WIDTH, Column, beside, cut, facts, heading, stacked, table
from tiwtui.ui.sender_text import sender_text

SIDE_BY_SIDE_FROM = 100
_TICKET_WIDTH = 1000
"""A ticket has room for everything."""
_SHORT_IDS_BELOW = 60
_RETRIED = frozenset(
    {TroubleKind.NETWORK, TroubleKind.THROTTLED, TroubleKind.SERVICE, TroubleKind.GARBLED, TroubleKind.CLOCK}
)
"""Trouble after which a check is made again by itself; after any other a person has to mend something."""


class Reader(msgspec.Struct, frozen=True):
    """For whom it is written: the time, the zone, the signs, and the application of ids without one."""

    now: float
    zone: tzinfo | None = None
    glyphs: Glyphs = UNICODE_GLYPHS
    default_app: int | None = None

    def clock(self, at: float) -> str:
        """Return a time of day as the reader's clocks show it."""
        return clock_text(at, self.zone, self.now)


def diagnostics_sheet(report: Diagnostics, reader: Reader, width: int) -> Sheet:
    """Return the diagnostics as lines for a width in cells."""
    since = _("since {time}").format(time=reader.clock(reader.now - report.running_s))
    head = cut(heading(_("Diagnostics"), since), width, reader.glyphs.ellipsis)
    half = width // 2 if SIDE_BY_SIDE_FROM <= width < _TICKET_WIDTH else width
    ellipsis = reader.glyphs.ellipsis
    glyphs = reader.glyphs
    left = stacked((_rates(report, half, glyphs), _load(report, half)))
    right = stacked(
        (delay_rows(report, half, reader.glyphs), _sending(report, half), _saved(report, half, reader))
    )
    upper = beside(left, right, half, ellipsis) if half < width else stacked((left, right))
    blocks = (
        _follower(report),
        [] if unknown_here(report) else recent_rows(report.series, width, glyphs),
        upper,
        _troubles(report, width, reader),
        _stops(report, width, reader),
        _requests(report, width, reader),
    )
    return Sheet((head, ()), tuple(cut(row, width, ellipsis) for row in stacked(blocks)))


def diagnostics_text(report: Diagnostics, target: Target, now: float, default_app: int | None) -> str:
    """Return the diagnostics as plain text for a support ticket, its times in UTC. It holds no key."""
    at = datetime.fromtimestamp(now, UTC)
    reader = Reader(now, UTC, default_app=default_app)
    since = "" if report.status.since is None else reader.clock(report.status.since)
    rows = diagnostics_sheet(report, reader, _TICKET_WIDTH).rows
    lines = [
        f"tiwtui {__version__}  {at:%Y-%m-%dT%H:%M:%SZ}",
        "  ".join(map(safe, filter(None, (target.profile, target.host, target.region)))),
        sender_text(report.status, now, since).text,
        "",
        *("".join(run.text for run in row).rstrip() for row in rows),
    ]
    return "\n".join(lines) + "\n"


def reason_word(reason: Reason) -> str:
    """Return what the checks made for a reason are called."""
    words = {
        Reason.SELECTED: _("selected"),
        Reason.ON_SCREEN: _("on screen"),
        Reason.MANUAL: _("manual"),
        Reason.RESTING: _("background"),
    }
    return words[reason]


def _follower(report: Diagnostics) -> list[Row]:
    if report.sharers.is_here:
        return []
    if report.sharers.sender:
        said = _("{who} sends; its requests are not seen here.").format(who=safe(report.sharers.sender))
    else:
        said = _("No process sends at the moment.")
    return [(Span(f" {said}", Tone.WARN),)]


def _rates(report: Diagnostics, width: int, glyphs: Glyphs) -> list[Row]:
    rates = report.rates
    wanted = sum(rate.wanted or 0.0 for rate in rates)
    total = Rate(Reason.RESTING, wanted, sum(r.short for r in rates), sum(r.long for r in rates))
    shown = [(reason_word(rate.reason), rate) for rate in rates] + [(_("all"), total)]
    is_here = report.sharers.is_here

    def cell(value: float | None) -> TonedText:
        return TonedText(glyphs.nothing, Tone.QUIET) if value is None else _figure(value)

    columns = (
        Column("", tuple(TonedText(f"{name:<{NAME_WIDTH - 2}}", Tone.QUIET) for name, _rate in shown)),
        Column(_("target"), tuple(cell(rate.wanted) for _name, rate in shown), is_right=True),
        Column(_("10 s"), tuple(cell(rate.short if is_here else None) for _name, rate in shown), True),
        Column(_("60 s"), tuple(cell(rate.long if is_here else None) for _name, rate in shown), True),
    )
    status = report.status
    is_reduced = status.allowed < status.budget - 0.05
    allowed = _("{allowed} of a budget of {budget}").format(
        allowed=number_text(status.allowed), budget=number_text(status.budget)
    )
    pairs = [(_("allowed"), TonedText(allowed, Tone.WARN if is_reduced else Tone.PLAIN))]
    if not is_here and report.sharers.sender:
        pairs.append((_("sent there"), TonedText(number_text(status.rate))))
    if status.throttled:
        lately = _("{times} in 5 min").format(times=_times(status.throttled))
        pairs.append((_("throttled"), TonedText(lately, Tone.WARN)))
    return [
        heading(_("Rates"), _("checks a second")),
        *table(columns, width, glyphs.ellipsis),
        *facts(pairs, width),
    ]


def _figure(value: float) -> TonedText:
    return TonedText(f"{value:.2f}", Tone.PLAIN if value else Tone.QUIET)


def _times(count: int) -> str:
    return ngettext("{n} time", "{n} times", count).format(n=count)


def _load(report: Diagnostics, width: int) -> list[Row]:
    load = report.load
    active = str(load.active)
    if load.backing_off:
        active = _("{n}, {backing_off} backing off").format(n=active, backing_off=load.backing_off)
    bound = span_text(load.bound_s)
    due = _("{n}, none longer than {bound}").format(n=load.due, bound=bound)
    if load.over_bound:
        due = _("{n}, {late} longer than {bound}").format(n=load.due, late=load.over_bound, bound=bound)
    in_flight = str(load.under_way)
    if load.under_way:
        oldest = span_text(load.oldest_under_way_s)
        in_flight = _("{n}, the oldest for {time}").format(n=load.under_way, time=oldest)
    lag = _("{time} (last {n})").format(time=span_text(load.late_s), n=KEPT)
    pairs = [(_("active"), TonedText(active))]
    if report.sharers.is_here:
        # A follower's own plan is not carried out: what is late in it says nothing.
        is_late = load.over_bound and report.status.mode is Mode.LIVE
        waited = _("{time} past its turn").format(time=span_text(load.longest_overdue_s))
        pairs += [
            (_("due now"), TonedText(due, Tone.BAD if is_late else Tone.PLAIN)),
            (_("longest wait"), TonedText(waited)),
        ]
        if load.asked:
            pairs.append((_("manual"), TonedText(_("{n} waiting").format(n=load.asked))))
        pairs += [(_("in flight"), TonedText(in_flight)), (_("max lag"), TonedText(lag))]
    return [heading(_("Plan")), *facts(pairs, width)]


def _sending(report: Diagnostics, width: int) -> list[Row]:
    sharers, status = report.sharers, report.status
    sender = safe(sharers.sender) or _("none")
    if sharers.is_here:
        sender = _("{who}, this process").format(who=sender)
    if sharers.epoch is not None:
        sender = _("{sender}, epoch {epoch}").format(sender=sender, epoch=sharers.epoch)
    pairs = [(_("sender"), TonedText(sender))]
    if sharers.beat_age_s is not None:
        pairs.append((_("beat"), TonedText(_("{age} ago").format(age=span_text(sharers.beat_age_s)))))
    if sharers.epoch is not None:
        pairs.append((_("with"), TonedText(", ".join(map(safe, sharers.others)) or _("no other process"))))
    clock = _("in sync")
    if status.clock_offset_s:
        clock = _("corrected by {offset:+.0f} s").format(offset=status.clock_offset_s)
    pairs.append((_("clock"), TonedText(clock, Tone.WARN if status.clock_offset_s else Tone.PLAIN)))
    checks = ngettext("{n} check in {time}", "{n} checks in {time}", report.left)
    sent = TonedText(checks.format(n=report.left, time=age_text(report.running_s)))
    unknown = unknown_here(report)
    pairs.append((_("sent here"), sent) if unknown is None else (_("requests"), unknown))
    return [heading(_("Sending")), *facts(pairs, width)]


def _saved(report: Diagnostics, width: int, reader: Reader) -> list[Row]:
    file = report.file
    if file is None:
        return [
            heading(_("Saved state")),
            *facts([(_("file"), TonedText(_("none: nothing is saved")))], width),
        ]
    written = _("not yet")
    if file.written_at is not None:
        written = _("{age} ago").format(age=age_text(reader.now - file.written_at))
    failed = TonedText(_times(file.failures), Tone.BAD) if file.failures else TonedText(_("none"))
    room = max(12, width - NAME_WIDTH - 3)
    path = safe(str(file.path))
    # A path without spaces is not folded. Its end stays: files differ there.
    shown = path if len(path) <= room else reader.glyphs.ellipsis + path[1 - room :]
    pairs = [
        (_("file"), TonedText(shown)),
        (_("size"), TonedText(size_text(file.size_bytes))),
        (_("written"), TonedText(written)),
        (_("write errors"), failed),
    ]
    return [heading(_("Saved state")), *facts(pairs, width)]


def _troubles(report: Diagnostics, width: int, reader: Reader) -> list[Row]:
    unknown = unknown_here(report)
    if not report.troubles and unknown is not None:
        return [heading(_("Trouble")), (Span("   " + unknown.text, unknown.tone),)]
    if not report.troubles:
        return [heading(_("Trouble")), (Span("   " + _("none"), Tone.QUIET),)]
    counts = report.troubles
    recent = _("{n} min").format(n=RECENT_MINUTES)
    columns = (
        Column("", tuple(TonedText(_kind_word(count.kind), Tone.WARN) for count in counts)),
        Column(_("then"), tuple(TonedText(_then_word(count.kind), Tone.QUIET) for count in counts), leaves=2),
        Column(_("in all"), tuple(TonedText(str(count.total)) for count in counts), True),
        Column(recent, tuple(TonedText(str(count.recent)) for count in counts), True),
        Column(_("last"), tuple(TonedText(reader.clock(c.last_at), Tone.QUIET) for c in counts), leaves=1),
        Column(_("as"), tuple(TonedText(safe(count.last_code), Tone.QUIET) for count in counts), gives=True),
    )
    return [heading(_("Trouble")), *table(columns, width, reader.glyphs.ellipsis)]


def _kind_word(kind: TroubleKind) -> str:
    return trouble_text(Trouble(kind, "", "", "", 0.0))


def _then_word(kind: TroubleKind) -> str:
    return _("retried") if kind in _RETRIED else _("refused")


def _stops(report: Diagnostics, width: int, reader: Reader) -> list[Row]:
    if not report.interruptions:
        return []
    pairs = [(_mode_word(stop.mode), TonedText(_stop_text(stop, reader))) for stop in report.interruptions]
    return [heading(_("Stops")), *facts(pairs, width)]


def _mode_word(mode: Mode) -> str:
    words = {Mode.PAUSED: _("paused"), Mode.OFFLINE: _("offline"), Mode.STOPPED: _("stopped")}
    return words.get(mode, mode.value)


def _stop_text(stop: Interruption, reader: Reader) -> str:
    if stop.ended_at is None:
        lasting = _("since {time}").format(time=reader.clock(stop.began_at))
    else:
        lasting = _("{first} to {last}").format(
            first=reader.clock(stop.began_at), last=reader.clock(stop.ended_at)
        )
    return f"{lasting}  {safe(stop.code)}".rstrip()


def _requests(report: Diagnostics, width: int, reader: Reader) -> list[Row]:
    checks = report.checks
    unknown = unknown_here(report)
    if not checks and unknown is not None:
        return [heading(_("Requests")), (Span("   " + unknown.text, unknown.tone),)]
    if not checks:
        return [heading(_("Requests")), (Span("   " + _("none was made here yet"), Tone.QUIET),)]
    title = ngettext("the last one", "the last {n}, the last answered first", len(checks)).format(
        n=len(checks)
    )
    columns = [
        Column(_("sent"), tuple(TonedText(reader.clock(c.left_at), Tone.QUIET) for c in checks)),
        Column(_("task"), tuple(TonedText(_id(check, reader, width)) for check in checks)),
        Column(_("why"), tuple(TonedText(reason_word(c.reason), Tone.QUIET) for c in checks), leaves=2),
        Column(_("latency"), tuple(TonedText(span_text(c.took_s)) for c in checks), True, leaves=3),
        Column(_("result"), tuple(_came(check, reader.glyphs) for check in checks), gives=True),
        Column(_("RequestId"), tuple(TonedText(safe(c.request_id), Tone.QUIET) for c in checks), leaves=1),
    ]
    if not any(check.request_id for check in checks):
        columns.pop()
    return [heading(_("Requests"), title), *table(columns, width, reader.glyphs.ellipsis)]


def _id(check: Check, reader: Reader, width: int) -> str:
    text = safe(check.ref.written(reader.default_app))
    return fit(text, 10, reader.glyphs.ellipsis) if width < _SHORT_IDS_BELOW else text


def _came(check: Check, glyphs: Glyphs) -> TonedText:
    if check.trouble is not None:
        parts = (_kind_word(check.trouble), safe(check.code))
        return TonedText(": ".join(filter(None, parts)), Tone.WARN)
    if check.phase is None:
        return TonedText(_("an answer; watched no more"), Tone.QUIET)
    word, tone = phase_word(check.phase)
    return TonedText(f"{glyphs.phase(check.phase)} {word} {safe(check.code)}".rstrip(), tone)
