"""The probes of what is stopped, and whether this process is fit to be the sender."""

from random import Random

from tests.factories import make_ref
from tiwtui.engine.circuit_breaker import CircuitBreaker
from tiwtui.model import Trouble, TroubleKind

REF = make_ref(1)


def refused_keys() -> CircuitBreaker:
    """Return a breaker whose keys were refused, read again, and refused once more at 100."""
    breaker = CircuitBreaker(Random(1))
    refusal = Trouble(TroubleKind.CREDENTIALS, "AuthFailure.SecretIdNotFound", "no such key", "", 0.0)
    breaker.refused(REF, refusal, 99.0, 99.0)
    breaker.keys_read(99.5, changed=False)
    breaker.refused(REF, refusal, 99.6, 100.0)
    return breaker


def test_a_process_with_refused_keys_is_fit_to_send_while_its_probe_is_due_or_under_way() -> None:
    """Otherwise nobody would hold the lease, and no probe could leave. See circuit_breaker law 3."""
    breaker = refused_keys()
    assert [breaker.is_fit_to_send(now) for now in (100.1, 129.9, 130.0)] == [False, False, True]
    for at in (130.0, 160.0):
        breaker.sent(REF, at)
    assert [breaker.is_fit_to_send(now) for now in (160.1, 189.9, 190.0, 219.9)] == [True, True, False, False]
    assert breaker.is_fit_to_send(220.0)


def test_a_probe_without_an_answer_is_followed_after_thirty_seconds() -> None:
    """A probe whose answer is lost must not be the last one. See circuit_breaker law 1."""
    breaker = CircuitBreaker(Random(1))
    silence = Trouble(TroubleKind.NETWORK, "timeout", "no answer", "", 0.0)
    for second in range(5):
        breaker.unanswered(silence, float(second), second + 10.0)
    assert breaker.offline is not None
    breaker.sent(REF, 500.0)
    assert breaker.probe_at() == 530.0


SILENCE = Trouble(TroubleKind.NETWORK, "timeout", "no answer", "", 0.0)
FORBIDDEN = Trouble(TroubleKind.PERMISSION, "UnauthorizedOperation", "no right", "", 0.0)
WRONG_APP = Trouble(TroubleKind.APP, "UnauthorizedOperation.SdkAppId", "not yours", "", 0.0)


def offline_at_14() -> CircuitBreaker:
    breaker = CircuitBreaker(Random(1))
    for second in range(5):
        breaker.unanswered(SILENCE, float(second), second + 10.0)
    assert breaker.offline is not None
    return breaker


def test_a_check_by_hand_before_the_probe_is_due_does_not_put_the_probe_off() -> None:
    """A person who presses r each ten seconds must not keep the program offline."""
    breaker = offline_at_14()
    probe_at = breaker.probe_at()
    breaker.sent(REF, 14.1)
    assert breaker.probe_at() == probe_at


def test_no_probe_leaves_during_a_pause() -> None:
    breaker = offline_at_14()
    breaker.pause("anna", 15.0)
    assert breaker.probe_at() is None
    breaker.end_pause()
    assert breaker.probe_at() is not None


def test_a_stopped_task_is_checked_at_the_later_of_its_plan_and_the_probe() -> None:
    """The screen shows this time as the next check."""
    breaker = CircuitBreaker(Random(1))
    breaker.refused(REF, FORBIDDEN, 100.0, 100.0)
    assert (breaker.allowed_at(REF, 150.0), breaker.allowed_at(REF, 800.0)) == (700.0, 800.0)
    breaker = CircuitBreaker(Random(1))
    breaker.refused(REF, WRONG_APP, 100.0, 100.0)
    assert (breaker.allowed_at(REF, 150.0), breaker.allowed_at(REF, 800.0)) == (700.0, 800.0)
    other = make_ref(2, REF.sdk_app_id + 1)
    assert breaker.allowed_at(other, 150.0) == 150.0


def test_an_answered_probe_is_no_longer_under_way() -> None:
    """The lease is given up then, not 30 s later."""
    breaker = refused_keys()
    breaker.sent(REF, 130.0)
    assert breaker.is_fit_to_send(131.0)
    breaker.answered(REF, 130.0, is_good=False)
    assert not breaker.is_fit_to_send(131.0)
    breaker = refused_keys()
    breaker.sent(REF, 130.0)
    breaker.unanswered(SILENCE, 130.0, 131.0)
    assert not breaker.is_fit_to_send(131.0)


def test_a_good_answer_to_a_check_from_before_the_stop_does_not_end_it() -> None:
    """Its request left before the service began to refuse. See circuit_breaker law 3."""
    breaker = CircuitBreaker(Random(1))
    breaker.refused(REF, FORBIDDEN, 100.0, 100.0)
    assert not breaker.answered(REF, 99.9, is_good=True)
    assert breaker.stopped is not None
    assert breaker.answered(REF, 100.0, is_good=True)
    assert breaker.stopped is None


def test_a_good_answer_opens_an_application_again_and_says_so() -> None:
    """The tasks of an application that works again are planned again. See circuit_breaker law 2."""
    breaker = CircuitBreaker(Random(1))
    breaker.refused(REF, WRONG_APP, 100.0, 100.0)
    assert not breaker.answered(REF, 99.9, is_good=True)
    assert (set(breaker.stopped_apps), breaker.reopened_apps) == ({REF.sdk_app_id}, set())
    assert breaker.answered(REF, 100.0, is_good=True)
    assert (breaker.stopped_apps, breaker.reopened_apps) == ({}, {REF.sdk_app_id})


def test_keys_that_worked_meanwhile_are_read_at_once_when_they_are_refused_again() -> None:
    """See circuit_breaker law 2: the second try belongs to each stop, not to the process."""
    breaker = refused_keys()
    assert breaker.keys_at == 130.0
    breaker.answered(REF, 130.0, is_good=True)
    breaker.refused(REF, Trouble(TroubleKind.CREDENTIALS, "AuthFailure", "no", "", 0.0), 200.0, 200.0)
    assert breaker.keys_at == 200.0


def test_an_older_refusal_changes_no_stop() -> None:
    """Twenty refusals of checks that left together are one."""
    breaker = CircuitBreaker(Random(1))
    breaker.refused(REF, FORBIDDEN, 100.0, 100.0)
    breaker.refused(REF, FORBIDDEN, 99.0, 150.0)
    assert breaker.probe_at() == 700.0
    breaker = CircuitBreaker(Random(1))
    breaker.refused(REF, WRONG_APP, 100.0, 100.0)
    breaker.refused(REF, WRONG_APP, 99.0, 150.0)
    assert breaker.stopped_apps[REF.sdk_app_id].probe_at == 700.0
    breaker.refused(REF, WRONG_APP, 700.0, 701.0)
    assert breaker.stopped_apps[REF.sdk_app_id].probe_at == 1301.0


def test_silence_counts_from_the_first_check_without_an_answer() -> None:
    """Checks need not fail in the order in which they left."""
    breaker = CircuitBreaker(Random(1))
    for sent_at in (3.0, 0.0, 1.0, 2.0):
        breaker.unanswered(SILENCE, sent_at, 9.9)
    assert breaker.silence() == (0.0, 4)
    breaker.unanswered(SILENCE, 4.0, 10.0)
    assert breaker.offline is not None


def test_a_late_silence_of_a_check_from_before_is_no_failed_probe() -> None:
    """Only checks that left while offline put the next probe off."""
    breaker = offline_at_14()
    probe_at = breaker.probe_at()
    breaker.unanswered(SILENCE, 13.0, 20.0)
    assert breaker.probe_at() == probe_at
    breaker.unanswered(SILENCE, 14.0, 20.0)
    assert breaker.probe_at() != probe_at


def test_keys_that_are_found_after_all_are_used() -> None:
    breaker = CircuitBreaker(Random(1))
    breaker.no_keys(Trouble(TroubleKind.CREDENTIALS, "none", "no keys", "", 0.0), 0.0)
    assert not breaker.is_fit_to_send(1.0)
    breaker.keys_read(30.0, changed=False)
    assert not breaker.has_keys
    breaker.keys_read(60.0, changed=True)
    assert breaker.is_fit_to_send(60.0)


def test_going_on_without_a_key_still_sends_nothing() -> None:
    breaker = CircuitBreaker(Random(1))
    breaker.no_keys(Trouble(TroubleKind.CREDENTIALS, "none", "no keys", "", 0.0), 0.0)
    breaker.reopen()
    assert breaker.stopped is not None
    breaker.refused(REF, WRONG_APP, 1.0, 1.0)
    breaker.reopen()
    assert breaker.reopened_apps == {REF.sdk_app_id}
