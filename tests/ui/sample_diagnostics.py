"""Diagnostics with something in every part of them, for tests."""

from pathlib import Path

from msgspec.structs import replace

from tests.ui.fake_session import APP, DIAGNOSTICS, NOW
from tiwtui.engine.scheduler import Reason
from tiwtui.engine.statistics.recent import Series
from tiwtui.engine.statistics.totals import Check, Delay, Interruption, TroubleCount
from tiwtui.engine.status import Mode
from tiwtui.model import Phase, StateFile, TaskRef, TroubleKind

STATE = Path("/home/me/.local/state/tiwtui/school@tiw.tencentcloudapi.com.db")
CHECK = Check(
    TaskRef(APP, "00e1jv8ve0jcqk7da9lb"),
    Reason.RESTING,
    NOW - 2,
    0.001,
    0.112,
    Phase.PROCESSING,
    None,
    "",
    "d290f1ee-6c54-4b01-90e6-d701748f0851",
)
BUSY = replace(
    DIAGNOSTICS,
    delay=Delay(57, 8.24, 31.4),
    series=Series(
        tuple(abs(n % 40 - 20) / 2 for n in range(120)),
        tuple(None if n % 7 == 0 else 0.1 + n % 11 / 20 for n in range(120)),
        tuple(None if n % 3 else 4.0 + n % 13 for n in range(120)),
    ),
    troubles=(
        TroubleCount(TroubleKind.NETWORK, 12, 3, NOW - 69, "timeout"),
        TroubleCount(TroubleKind.SERVICE, 2, 0, NOW - 3000, "InternalError"),
    ),
    interruptions=(
        Interruption(Mode.PAUSED, "", NOW - 40),
        Interruption(Mode.OFFLINE, "timeout", NOW - 190, NOW - 100),
    ),
    checks=(
        CHECK,
        replace(CHECK, reason=Reason.MANUAL, took_s=4.2, phase=Phase.READY, left_at=NOW - 3),
        replace(CHECK, reason=Reason.ON_SCREEN, phase=Phase.FAILED, code="FailedOperation.Record"),
        replace(
            CHECK, reason=Reason.SELECTED, took_s=20.0, phase=None, trouble=TroubleKind.NETWORK,
            code="timeout", request_id="",
        ),
    ),
    file=StateFile(STATE, 3_355_443, NOW - 1, 0),
)  # fmt: skip
