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
