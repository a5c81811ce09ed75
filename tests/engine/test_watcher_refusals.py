"""Refusals that every check would meet: what is sent then, and what ends it."""

import pytest

from tests.engine.simulated import Run, counts
from tests.factories import make_ref, make_task, observed, refused
from tiwtui.api.answers import Answer, Garbled
from tiwtui.engine.status import Mode
from tiwtui.formatting import advice_text
from tiwtui.model import Phase, Trouble, TroubleKind

A, B = make_ref("a"), make_ref("b")
OTHER_APP = make_ref("c", app=2)


def _mode(run: Run) -> Mode:
    return run.watcher.status(run.now, run.wall).mode


def test_refused_keys_are_read_again_and_tried_once_more_then_nothing_is_sent() -> None:
    """circuit_breaker law 2: hammering a key that is refused can lock an account."""
    run = Run(answer=lambda ref, at: refused("AuthFailure.SignatureFailure"))
    run.add(*(make_ref(number) for number in range(50)))
    run.until(29.0)
    assert len(run.sent) == 2
    assert _mode(run) is Mode.STOPPED
    status = run.watcher.status(run.now, run.wall)
    assert status.trouble is not None
    assert status.trouble.kind is TroubleKind.CREDENTIALS
    assert status.advice
    run.until(590.0)
    assert run.keys_read >= 590 / 30 - 2


def test_refused_keys_are_probed_after_30_s_60_s_2_min_then_every_5_min() -> None:
    """A key can become valid without changing: it is enabled, or its policy is attached."""
    run = Run(answer=lambda ref, at: refused("AuthFailure.SignatureFailure"))
    run.add(*(make_ref(number) for number in range(50)))
    for before, after, sent in (
        (29.9, 30.5, 3),
        (89.9, 90.9, 4),
        (209.9, 211.2, 5),
        (509.9, 511.5, 6),
        (809.9, 811.9, 7),
        (1109.9, 1112.3, 8),
    ):
        run.until(before)
        assert len(run.sent) == sent - 1
        run.until(after)
        assert len(run.sent) == sent


@pytest.mark.parametrize("valid_from", [20.0, 80.0, 200.0, 500.0])
def test_the_same_key_that_becomes_valid_ends_the_stop_at_the_next_probe(valid_from: float) -> None:
    """A process cannot see its environment change, so reading the key again shows nothing."""
    run = Run(answer=lambda ref, at: observed() if at >= valid_from else refused("AuthFailure"))
    run.add(A, B)
    run.until(valid_from)
    assert _mode(run) is Mode.STOPPED
    run.until(valid_from + 15.0)
    assert _mode(run) is Mode.LIVE
    assert all(task.trouble is None for task in run.watcher.tasks.values())


def test_other_keys_that_are_refused_too_are_probed_from_30_s_again() -> None:
    run = Run(answer=lambda ref, at: refused("AuthFailure.SecretIdNotFound"))
    run.add(A, B)
    run.until(600.0)
    run.keys_changed = True
    run.until(631.0)
    run.keys_changed = False
    tried = run.sent[-1][0]
    run.until(tried + 29.9)
    assert run.sent[-1][0] == tried
    run.until(tried + 30.5)
    assert run.sent[-1][0] > tried


def test_check_by_hand_reads_refused_keys_again_and_tries_them_at_once() -> None:
    """Who has just repaired the key does not wait five minutes."""
    run = Run(answer=lambda ref, at: refused("AuthFailure") if at < 300 else observed())
    run.add(A)
    run.until(300.0)
    reads, sent = run.keys_read, len(run.sent)
    run.watcher.check_now([A], run.now)
    run.until(300.5)
    assert (run.keys_read, len(run.sent)) == (reads + 1, sent + 1)
    assert _mode(run) is Mode.LIVE


def test_new_keys_are_tried_at_once_and_watching_goes_on() -> None:
    """Somebody renewed a temporary key while nobody sat at the screen."""
    run = Run(answer=lambda ref, at: refused("AuthFailure.TokenFailure") if at < 100 else observed())
    run.add(A, B)
    run.until(100.0)
    run.keys_changed = True
    run.until(140.0)
    run.keys_changed = False
    run.until(200.0)
    assert _mode(run) is Mode.LIVE
    assert all(task.trouble is None for task in run.watcher.tasks.values())


def test_keys_refused_by_a_hiccup_cost_one_more_try() -> None:
    run = Run(answer=lambda ref, at: refused("AuthFailure") if at < 0.05 else observed())
    run.add(A, B)
    run.until(10.0)
    assert _mode(run) is Mode.LIVE


@pytest.mark.parametrize(
    ("code", "kind"),
    [("UnauthorizedOperation", TroubleKind.PERMISSION), ("UnsupportedRegion", TroubleKind.CONFIG)],
)
def test_permission_and_configuration_pause_everything(code: str, kind: TroubleKind) -> None:
    """Every other check would be refused for the same reason."""
    run = Run(answer=lambda ref, at: refused(code))
    run.add(*(make_ref(number) for number in range(50)))
    run.until(590.0)
    assert len(run.sent) == 1
    status = run.watcher.status(run.now, run.wall)
    assert status.mode is Mode.STOPPED
    assert status.trouble is not None
    assert status.trouble.kind is kind
    assert status.advice


def test_halt_ends_by_itself_once_a_probe_is_answered() -> None:
    """circuit_breaker law 3: A right is granted at night; one probe in ten minutes finds out."""
    run = Run(answer=lambda ref, at: refused("UnauthorizedOperation") if at < 100 else observed())
    run.add(A, B)
    run.until(700.0)
    assert _mode(run) is Mode.LIVE
    assert all(task.trouble is None for task in run.watcher.tasks.values())


def test_manual_check_is_sent_while_stopped_and_its_answer_ends_the_stop() -> None:
    """circuit_breaker law 3."""
    run = Run(answer=lambda ref, at: refused("UnsupportedRegion") if at < 50 else observed())
    run.add(A, B)
    run.until(60.0)
    run.watcher.check_now([B], run.now)
    run.until(70.0)
    assert _mode(run) is Mode.LIVE


def test_resume_tries_again() -> None:
    run = Run(answer=lambda ref, at: refused("UnsupportedRegion") if at < 50 else observed())
    run.add(A, B)
    run.until(60.0)
    run.watcher.resume(run.now)
    run.until(61.0)
    assert _mode(run) is Mode.LIVE


def test_refused_application_stops_its_own_tasks_only() -> None:
    """circuit_breaker law 2: one school's bill is not paid; the other's classes go on."""
    run = Run(
        answer=lambda ref, at: (
            refused("ResourceUnavailable.ServiceExpired") if ref == OTHER_APP and at < 300 else observed()
        )
    )
    run.add(A, OTHER_APP)
    run.until(290.0)
    assert counts(run)[OTHER_APP] == 1
    assert counts(run)[A] > 20
    assert run.watcher.status(run.now, run.wall).stopped_apps == (2,)
    run.until(700.0)
    assert run.watcher.status(run.now, run.wall).stopped_apps == ()
    assert counts(run)[OTHER_APP] > 2


def test_corrected_clock_costs_one_check() -> None:
    """The client knows the offset from the answer: the task is asked again at once."""
    run = Run(
        answer=lambda ref, at: (
            refused("AuthFailure.SignatureExpire", clock_offset_s=412.0) if at < 0.05 else observed()
        )
    )
    run.add(A)
    run.until(1.0)
    assert len(run.sent) == 2
    assert run.watcher.tasks[A].trouble is None
    assert run.watcher.status(run.now, run.wall).clock_offset_s == 412.0


def test_clock_that_cannot_be_corrected_stops_all_checks() -> None:
    """Without the service's time every check would be refused; half a minute later it is tried again."""
    run = Run(answer=lambda ref, at: refused("AuthFailure.SignatureExpire"))
    run.add(*(make_ref(number) for number in range(50)))
    run.until(95.0)
    assert _mode(run) is Mode.STOPPED
    assert len(run.sent) == 4


def test_nothing_is_sent_without_keys_not_even_by_hand() -> None:
    run = Run()
    run.add(A)
    missing = Trouble(TroubleKind.CREDENTIALS, "no credentials", "", "", run.wall)
    run.watcher.breaker.no_keys(missing, run.now)
    run.watcher.check_now([A], run.now)
    run.until(1000.0)
    assert run.sent == []
    run.keys_changed = True
    run.until(1031.0)
    assert run.watcher.tasks[A].phase is Phase.PROCESSING


def test_check_by_hand_looks_for_keys_at_once_where_there_are_none() -> None:
    """Who has just written the file with the key presses r."""
    run = Run()
    run.add(A)
    missing = Trouble(TroubleKind.CREDENTIALS, "no credentials", "", "", run.wall)
    run.watcher.breaker.no_keys(missing, run.now)
    run.until(5.0)
    run.keys_changed = True
    run.watcher.check_now([A], run.now)
    run.until(5.5)
    assert run.watcher.tasks[A].phase is Phase.PROCESSING


def test_a_hundred_manual_checks_while_stopped_send_one() -> None:
    """The first refusal answers for all."""
    refs = [make_ref(number) for number in range(100)]
    run = Run(answer=lambda ref, at: refused("UnauthorizedOperation"))
    run.add(*refs)
    run.until(10.0)
    run.watcher.check_now(refs, run.now)
    run.until(60.0)
    assert len(run.sent) == 2


@pytest.mark.parametrize(
    "odd", [refused("InternalError"), Garbled("$", "x"), refused("RequestLimitExceeded")]
)
@pytest.mark.parametrize(
    ("halting", "most"), [("AuthFailure.SignatureFailure", 17), ("UnauthorizedOperation", 8)]
)
def test_odd_answer_to_a_probe_does_not_open_the_flood(halting: str, most: int, odd: Answer) -> None:
    """A probe is spent when it goes out: what comes back need not be about the stop."""
    run = Run(answer=lambda ref, at: refused(halting) if at < 300 else odd)
    run.add(*(make_ref(number) for number in range(200)))
    run.until(3600.0)
    assert len(run.sent) <= most


def test_halted_application_is_probed_by_one_task() -> None:
    """Its other tasks wait for the outcome, also where the answer is slow."""
    run = Run(answer=lambda ref, at: refused("ResourceUnavailable.ServiceExpired"), latency_s=2.0)
    run.add(*(make_ref(number, app=2) for number in range(200)))
    run.until(30.0)
    before = len(run.sent)
    run.until(1900.0)
    assert len(run.sent) - before <= 4


def test_one_odd_id_stops_nothing_but_itself() -> None:
    """Any word can be pasted as an id; the service refuses some like a wrong setting."""
    run = Run(answer=lambda ref, at: refused("InvalidParameterValue") if ref == A else observed())
    run.add(A, B)
    run.until(600.0)
    assert _mode(run) is Mode.LIVE
    assert counts(run)[B] > 40


def test_several_odd_ids_with_none_ever_answered_are_a_wrong_setting() -> None:
    run = Run(answer=lambda ref, at: refused("InvalidParameter.BodyParameterTypeUnmatched"))
    run.add(A, B)
    run.until(300.0)
    assert _mode(run) is Mode.STOPPED


def test_one_odd_id_is_in_trouble_with_advice() -> None:
    """Nothing else on the screen says why it has no answer."""
    run = Run(answer=lambda ref, at: refused("InvalidParameter.BodyParameterTypeUnmatched"))
    run.add(A)
    run.until(30.0)
    trouble = run.watcher.tasks[A].trouble
    assert _mode(run) is Mode.LIVE
    assert trouble is not None
    assert (trouble.kind, trouble.code) == (TroubleKind.CONFIG, "InvalidParameter.BodyParameterTypeUnmatched")
    assert "check the task's id" in advice_text(trouble)


def test_odd_ids_beside_a_task_answered_before_the_start_stop_nothing() -> None:
    """That answer came with the same settings; a restart does not make them wrong."""
    run = Run(answer=lambda ref, at: refused("InvalidParameter.BodyParameterTypeUnmatched"))
    ready = make_task("ready", phase=Phase.READY, checked_at=run.wall)
    run.watcher.load([ready], run.now, run.wall)
    run.add(A, B)
    run.until(300.0)
    assert _mode(run) is Mode.LIVE
    assert all(run.watcher.tasks[ref].trouble is not None for ref in (A, B))
