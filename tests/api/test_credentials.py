"""Keys: where they are looked for, and that they hide."""

import pickle

import pytest

from tiwtui.api.credentials import Credentials, EnvironmentSource, NoCredentials, Secret

FULL = {"TENCENTCLOUD_SECRET_ID": "AKIDexampleexample", "TENCENTCLOUD_SECRET_KEY": "topsecretkey"}


def _load(**environ: str) -> Credentials | NoCredentials:
    return EnvironmentSource(environ).load()


def test_keys_and_token_come_from_the_environment() -> None:
    """tccli's name for the token wins over Terraform's."""
    found = _load(**FULL, TENCENTCLOUD_TOKEN="t1", TENCENTCLOUD_SECURITY_TOKEN="t2")
    assert isinstance(found, Credentials)
    assert found.secret_id.reveal() == "AKIDexampleexample"
    assert found.token is not None
    assert found.token.reveal() == "t1"


def test_security_token_is_read_where_token_is_not_set() -> None:
    found = _load(**FULL, TENCENTCLOUD_SECURITY_TOKEN="t2")
    assert isinstance(found, Credentials)
    assert found.token == Secret("t2")


def test_what_is_missing_is_named() -> None:
    """So that a person knows which variable to set."""
    found = _load(TENCENTCLOUD_SECRET_ID="AKID")
    assert isinstance(found, NoCredentials)
    assert found.message == "environment: TENCENTCLOUD_SECRET_KEY not set"


@pytest.mark.parametrize("value", ["has space", "naïve", "line\nbreak"])
def test_key_that_no_header_can_carry_is_refused_by_name(value: str) -> None:
    """Such a key could only fail later, with a worse message and perhaps with the key in it."""
    found = _load(**(FULL | {"TENCENTCLOUD_SECRET_KEY": value}))
    assert isinstance(found, NoCredentials)
    assert "TENCENTCLOUD_SECRET_KEY" in found.message
    assert value not in found.message


def test_secret_is_shown_by_its_last_four_characters_only() -> None:
    """Not by repr, str, format, nor as part of what holds it."""
    found = _load(**FULL)
    assert isinstance(found, Credentials)
    for text in (repr(found), str(found.secret_key), f"{found.secret_key}", f"{found.secret_key!r}"):
        assert "topsecretkey" not in text
    assert found.secret_key.masked == "…tkey"
    assert Secret("short").masked == "…"


def test_secret_is_not_pickled() -> None:
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(Secret("x"))
