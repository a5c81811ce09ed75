"""Servers that send back what they were sent: the keys of it do not leave the client."""

import asyncio
import json
import re
from html import unescape
from urllib.parse import unquote

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.api.client import SECRET_ID, SECRET_KEY, asking
from tests.factories import envelope, make_ref
from tests.raw_server import RawServer, Then, Wire, answer, raw_server
from tiwtui.api.answers import Answer, Garbled, Observed, Refused
from tiwtui.api.redaction import without_secrets
from tiwtui.sim.transport import leave

TOKEN = "notARealToken/Either/" + "x" * 500 + "=="


async def printed_by(fields: dict[str, object], escapes: dict[str, str] | None = None) -> tuple[Answer, str]:
    """Ask a server that puts its request's head for each HEAD; return the answer and the Authorization."""
    servers: list[RawServer] = []

    async def mirror(wire: Wire) -> Then:
        head = json.dumps(servers[0].requests[-1].head.decode())[1:-1]
        for plain, escape in (escapes or {}).items():
            head = head.replace(plain, escape)
        return await answer(envelope(**fields).replace(b"HEAD", head.encode()))(wire)

    async with raw_server(mirror) as server, asking(server.endpoint, token=TOKEN) as client:
        servers.append(server)
        result = await client.describe(make_ref())
        return result, server.requests[0].headers["authorization"]


@pytest.mark.anyio
@pytest.mark.parametrize("escapes", [{}, {"/": "\\/"}, {"=": "\\u003d"}, {"/": "\\/", "=": "\\u003d"}])
@pytest.mark.parametrize("field", ["Message", "Code"])
async def test_refusal_that_repeats_the_request_contains_no_key(field: str, escapes: dict[str, str]) -> None:
    """client law 7: it is shown, copied and saved; JSON writers escape what keys are made of."""
    error = {"Code": "InvalidParameter", "Message": ""} | {field: "bad header: HEAD"}
    result, signed = await printed_by({"Error": error, "RequestId": "r"}, escapes)
    assert isinstance(result, Refused)
    assert "bad header: " in result.code + result.message
    shown = repr(result) + json.dumps(json.loads(result.raw))
    for secret in (TOKEN[:40], SECRET_ID, SECRET_KEY, signed, signed[-64:]):
        assert secret not in shown


@pytest.mark.anyio
async def test_success_that_repeats_the_request_contains_no_key_and_keeps_its_links() -> None:
    """A link may be signed with the same key: blanked it would not open."""
    link = f"http://a/b?q-ak={SECRET_ID}"
    result, signed = await printed_by(
        {
            "Status": "FINISHED",
            "VideoInfoList": [{"VideoUrl": link}],
            "ErrorMessage": "HEAD",
            "GroupId": "HEAD",
        }
    )
    assert isinstance(result, Observed)
    assert [video.url for video in result.videos] == [link]
    shown = repr((result.oddities, result.group_id, result.raw))
    for secret in (TOKEN[:40], SECRET_ID, SECRET_KEY, signed, signed[-64:]):
        assert secret not in shown


NAMES = {"+": "plus", "/": "sol", "=": "equals", ".": "period", "_": "lowbar"}


def spelled(char: str, way: int) -> str:
    """Return a character as one of the writers spells it that a gateway may have."""
    code = ord(char)
    ways = (
        char,
        char.swapcase(),
        f"\\u{code:04x}",
        f"\\u{code:04X}",
        f"\\\\u{code:04x}",
        f"\\\\u00{code:02X}",
        f"&#{code};",
        f"&#0{code};",
        f"&#x{code:x};",
        f"&#X{code:X};",
        f"%{code:02x}",
        f"%{code:02X}",
        f"%25{code:02X}",
        f"&amp;#{code};",
        f"\\u0026#x{code:x};",
        f"&{NAMES.get(char, f'#{code}')};",
        "\\/" if char == "/" else char,
        f"{char}\\u0000" if way % 2 else char,
    )
    return ways[way % len(ways)]


LETTERS = "ABCXYZabcxyz0189+/=_-.,"
SECRETS = st.text(LETTERS, min_size=8, max_size=40)
WAYS = st.lists(st.integers(0, 200), min_size=1, max_size=40)


@given(SECRETS, WAYS, st.text(LETTERS + " :;<>"), st.text(LETTERS + " :;<>"))
def test_any_mixture_of_spellings_is_blanked_and_json_stays_json(
    secret: str, ways: list[int], before: str, after: str
) -> None:
    """redaction law 1, redaction law 2.

    Each writer on the way escapes what it likes; what stands around it stays.
    """
    echo = "".join(spelled(char, ways[place % len(ways)]) for place, char in enumerate(secret))
    content = f'{{"a":"{before}|{echo}|{after}"}}'.encode()
    blanked = without_secrets(content, (secret,))
    assert blanked is not content
    text = json.loads(blanked)["a"]
    assert "…" in text
    if secret.lower() not in (before + after).lower():
        assert text.replace("\0", "") == f"{before}|…|{after}"


PLACES = ("Message", "Code", "GroupId", "RequestId", "UserId", "VideoId", "VideoFormat", "page", "Status")


def answer_with(place: str, echo: str) -> bytes:
    """Return an answer that repeats a text in one place."""
    match place:
        case "page":
            return f"<html>bad header: {echo} RequestId: {echo}".encode()
        case "Message" | "Code":
            error = {"Code": "InvalidParameter", "Message": "no"} | {place: "ECHO"}
            content = envelope(Error=error, RequestId="r")
        case "UserId" | "VideoId" | "VideoFormat":
            content = envelope(Status="FINISHED", VideoInfoList=[{"VideoUrl": "http://a/b", place: "ECHO"}])
        case _:
            content = envelope(**({"Status": "QUEUED"} | {place: "ECHO"}))
    return content.replace(b"ECHO", echo.encode())


@given(st.sampled_from(PLACES), st.sampled_from([200, 502]), WAYS, st.integers(0, 2))
def test_no_spelling_of_a_secret_leaves_the_client(
    place: str, status: int, ways: list[int], which: int
) -> None:
    """Not in any field, the raw bytes included: all of it is shown, copied and saved."""
    secret = ("notARealToken/Either+" + "x" * 9 + "==", SECRET_ID, SECRET_KEY)[which]
    echo = "".join(spelled(char, ways[n % len(ways)]) for n, char in enumerate(secret))

    async def respond(request: httpx.Request) -> httpx.Response:
        await leave(request)
        return httpx.Response(status, content=answer_with(place, echo))

    async def result() -> Answer:
        transport = httpx.MockTransport(respond)
        token = "notARealToken/Either+" + "x" * 9 + "=="
        async with asking("http://127.0.0.1:1", token=token, transport=transport) as client:
            return await client.describe(make_ref())

    answer = asyncio.run(result())
    assert isinstance(answer, Observed | Refused | Garbled)
    texts = [str(field) for field in msgspec.to_builtins(answer).values()] + [answer.raw.decode()]
    assert any("…" in text for text in texts)
    for text in texts:
        plain = text
        for _depth in range(4):
            plain = re.sub(r"\\+(?:u00|x)([0-9a-fA-F]{2})", lambda f: chr(int(f[1], 16)), plain)
            plain = unquote(unescape(plain)).replace("\\/", "/").replace("\0", "")
        assert secret.lower() not in plain.lower()


@pytest.mark.anyio
async def test_a_header_that_repeats_the_token_is_not_named() -> None:
    """`Content-Encoding` is quoted in the reason why an answer was not read."""
    result = await _told_with_encoding(TOKEN[:40])
    assert isinstance(result, Garbled)
    assert "notareal" not in repr(result).lower()


async def _told_with_encoding(encoding: str) -> Answer:
    async with (
        raw_server(answer(envelope(Status="QUEUED"), f"Content-Encoding: {encoding}")) as server,
        asking(server.endpoint, token=TOKEN) as client,
    ):
        return await client.describe(make_ref())


def test_a_flood_of_escapes_stops_nothing() -> None:
    """Ten megabytes of them: only so many are read."""
    content = b"\\u002b" * 1_500_000
    assert without_secrets(content, ("x" * 500,)) is content


def test_short_text_is_not_blanked() -> None:
    """A made-up key of three letters would blank half an answer."""
    content = b'{"Response":{}}'
    assert without_secrets(content, ("Res", "")) is content


@given(st.binary(), st.text(st.characters(codec="ascii"), min_size=8), st.binary())
def test_no_secret_is_left_wherever_it_stands(before: bytes, secret: str, after: bytes) -> None:
    assert secret.encode() not in without_secrets(before + secret.encode() + after, (secret,))
