"""Servers that send back what they were sent: the keys of it do not leave the client."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.api.client import SECRET_ID, SECRET_KEY, asking
from tests.factories import envelope, make_ref
from tests.raw_server import RawServer, Then, Wire, answer, raw_server
from tiwtui.api.answers import Answer, Observed, Refused
from tiwtui.api.redaction import without_secrets

TOKEN = "notARealToken/Either/" + "x" * 500 + "=="


async def told_by(fields: dict[str, object], escapes: dict[str, str] | None = None) -> tuple[Answer, str]:
    """Ask a server that puts its request's head for each HEAD; return the answer and the Authorization."""
    servers: list[RawServer] = []

    async def mirror(wire: Wire) -> Then:
        head = json.dumps(servers[0].requests[-1].head.decode())[1:-1]
        for plain, escape in (escapes or {}).items():
            head = head.replace(plain, escape)
        return await answer(envelope(**fields).replace(b"HEAD", head.encode()))(wire)

    async with raw_server(mirror) as server, asking(server.endpoint, token=TOKEN) as client:
        servers.append(server)
        told = await client.describe(make_ref())
        return told, server.requests[0].headers["authorization"]


@pytest.mark.anyio
@pytest.mark.parametrize("escapes", [{}, {"/": "\\/"}, {"=": "\\u003d"}, {"/": "\\/", "=": "\\u003d"}])
@pytest.mark.parametrize("field", ["Message", "Code"])
async def test_refusal_that_repeats_the_request_tells_no_key(field: str, escapes: dict[str, str]) -> None:
    """It is shown, copied and kept in a file; JSON writers escape what keys are made of."""
    error = {"Code": "InvalidParameter", "Message": ""} | {field: "bad header: HEAD"}
    told, signed = await told_by({"Error": error, "RequestId": "r"}, escapes)
    assert isinstance(told, Refused)
    assert "bad header: " in told.code + told.message
    shown = repr(told) + json.dumps(json.loads(told.raw))
    for secret in (TOKEN[:40], SECRET_ID, SECRET_KEY, signed, signed[-64:]):
        assert secret not in shown


@pytest.mark.anyio
async def test_success_that_repeats_the_request_tells_no_key_and_keeps_its_links() -> None:
    """A link may be signed with the same key: blanked it would not open."""
    link = f"http://a/b?q-ak={SECRET_ID}"
    told, signed = await told_by(
        {
            "Status": "FINISHED",
            "VideoInfoList": [{"VideoUrl": link}],
            "ErrorMessage": "HEAD",
            "GroupId": "HEAD",
        }
    )
    assert isinstance(told, Observed)
    assert [video.url for video in told.videos] == [link]
    shown = repr((told.oddities, told.group_id, told.raw))
    for secret in (TOKEN[:40], SECRET_ID, SECRET_KEY, signed, signed[-64:]):
        assert secret not in shown


def test_short_text_is_not_blanked() -> None:
    """A made-up key of three letters would blank half an answer."""
    content = b'{"Response":{}}'
    assert without_secrets(content, ("Res", "")) is content


@given(st.binary(), st.text(st.characters(codec="ascii"), min_size=8), st.binary())
def test_no_secret_is_left_wherever_it_stands(before: bytes, secret: str, after: bytes) -> None:
    assert secret.encode() not in without_secrets(before + secret.encode() + after, (secret,))
