"""The table of the service's error codes: what each means and what to do about it.

The service answers HTTP 200 with `Response.Error` for everything it handled, a failed *task* included:
`FailedOperation.Record` means that the task failed, not the check. So a code is either a verdict about the
task or a kind of trouble with the check. The whole code is looked up first, then the part before its first
dot; an undocumented code is transient trouble of the service.

1. Every code has advice, also an undocumented one, and so has every kind of trouble without a code.
2. Advice is English here, for JSON; it is translated when it is shown.
3. Messages may change at any time. Only the inner code of a failed recording is read from them, if it is
   documented.
"""

import re
from enum import StrEnum

import msgspec

from tiwtui.i18n import gettext_noop
from tiwtui.model import TroubleKind


class Verdict(StrEnum):
    """A verdict about the task itself."""

    TASK_FAILED = "failed"
    TASK_NOT_FOUND = "not_found"


Meaning = Verdict | TroubleKind


class _Entry(msgspec.Struct, frozen=True):
    meaning: Meaning
    advice: str


_PASSES = gettext_noop(
    "the service has a problem of its own, which usually passes: wait and check again; if it lasts, ask "
    "Tencent Cloud support with the RequestId"
)
_UNDOCUMENTED = gettext_noop(
    "this answer is not documented: wait and check again; if it lasts, ask Tencent Cloud support with the "
    "RequestId"
)
_SIGNING = gettext_noop(
    "the SecretKey does not belong to the SecretId, or was copied with a character missing: copy both again "
    "from the console, or ask the owner of the key"
)
_LIMIT = gettext_noop(
    "the account's other tools share this limit; checking slows down and climbs back by itself: if it lasts, "
    "set a lower rate here or there, or ask Tencent Cloud for a higher limit"
)
_NO_SUCH_KEY = gettext_noop(
    "it may be deleted, disabled or mistyped: look it up in the console, or ask the owner of the account for "
    "another"
)
_POLICY = gettext_noop(
    "this key may not ask about tasks: ask the owner of the account to allow the action "
    '"name/tiw:DescribeVideoGenerationTask" on the resource '
    '"qcs::tiw::uin/<main-uin>:sdkappid/<SdkAppId>"'
)
_WRONG_REQUEST = gettext_noop(
    "the service does not take the request: check endpoint, region and SdkAppId; if they are right, please "
    "report this to the makers of tiwtui, with the RequestId"
)
_WRONG_VALUE = gettext_noop(
    "the service does not take a value of the request: check the task's id and SdkAppId; if they are right, "
    "please report this to the makers of tiwtui, with the RequestId"
)

_ENTRIES: dict[str, _Entry] = {
    "FailedOperation.Record": _Entry(
        Verdict.TASK_FAILED,
        gettext_noop(
            "the recording could not be made into a video, for the reason in the message; a failed task "
            "stays failed, so create a new one; if the message does not explain it, ask Tencent Cloud "
            "support with the RequestId"
        ),
    ),
    "InvalidParameter.TaskNotFound": _Entry(
        Verdict.TASK_NOT_FOUND,
        gettext_noop(
            "the application has no such task: check the id and its SdkAppId; if both are right, ask who "
            "created the task"
        ),
    ),
    # The application: stops the tasks of that SdkAppId alone.
    "UnauthorizedOperation.SdkAppId": _Entry(
        TroubleKind.APP,
        gettext_noop(
            "this account has no such application: check the SdkAppId and whose key it is, or ask the owner "
            "of the application"
        ),
    ),
    "InvalidParameter.SdkAppIdNotFound": _Entry(
        TroubleKind.APP,
        gettext_noop("there is no such application: check the SdkAppId, or ask the owner of the application"),
    ),
    "ResourceUnavailable": _Entry(
        TroubleKind.APP,
        gettext_noop(
            "it cannot be used now: look at the application in the console, or ask the owner of the account"
        ),
    ),
    "ResourceUnavailable.NotRegistered": _Entry(
        TroubleKind.APP,
        gettext_noop(
            "Interactive Whiteboard is not enabled for it: enable it in the console, or ask the owner of the "
            "account"
        ),
    ),
    "ResourceUnavailable.ServiceExpired": _Entry(
        TroubleKind.APP,
        gettext_noop(
            "the account is in arrears or the service has expired: see the console, or ask the owner of the "
            "account"
        ),
    ),
    "ResourceUnavailable.InterfaceUnAuthorized": _Entry(
        TroubleKind.APP,
        gettext_noop("it may not use video generation yet: ask Tencent Cloud to open it"),
    ),
    # The keys.
    "AuthFailure": _Entry(
        TroubleKind.CREDENTIALS,
        gettext_noop(
            "the service refused the key: look it up in the console, or ask the owner of the account"
        ),
    ),
    "AuthFailure.SecretIdNotFound": _Entry(TroubleKind.CREDENTIALS, _NO_SUCH_KEY),
    "AuthFailure.InvalidSecretId": _Entry(
        TroubleKind.CREDENTIALS,
        gettext_noop(
            "this is not a Tencent Cloud API key, which starts with AKID: create one in the console"
        ),
    ),
    "AuthFailure.SignatureFailure": _Entry(TroubleKind.CREDENTIALS, _SIGNING),
    "AuthFailure.TokenFailure": _Entry(
        TroubleKind.CREDENTIALS,
        gettext_noop("the temporary key has expired or its token is missing: renew it"),
    ),
    "AuthFailure.InvalidAuthorization": _Entry(TroubleKind.CREDENTIALS, _SIGNING),
    "AuthFailure.MFAFailure": _Entry(
        TroubleKind.CREDENTIALS,
        gettext_noop(
            "this key needs multi-factor sign-in: ask the owner of the account for one that does not"
        ),
    ),
    # The clock.
    "AuthFailure.SignatureExpire": _Entry(
        TroubleKind.CLOCK, gettext_noop("this machine's clock is more than five minutes off: set it")
    ),
    # Permissions.
    "AuthFailure.UnauthorizedOperation": _Entry(TroubleKind.PERMISSION, _POLICY),
    "UnauthorizedOperation": _Entry(TroubleKind.PERMISSION, _POLICY),
    "IpInBlacklist": _Entry(
        TroubleKind.PERMISSION,
        gettext_noop(
            "this machine's address is barred for this key: ask the owner of the account to allow it"
        ),
    ),
    "IpNotInWhitelist": _Entry(
        TroubleKind.PERMISSION,
        gettext_noop(
            "this machine's address is not on the key's list: ask the owner of the account to add it"
        ),
    ),
    # The rate.
    "RequestLimitExceeded": _Entry(TroubleKind.THROTTLED, _LIMIT),
    # The service's own trouble: the same request may be answered later.
    "InternalError": _Entry(TroubleKind.SERVICE, _PASSES),
    "ServiceUnavailable": _Entry(TroubleKind.SERVICE, _PASSES),
    "FailedOperation": _Entry(TroubleKind.SERVICE, _PASSES),
    "ResourceInsufficient": _Entry(TroubleKind.SERVICE, _PASSES),
    "ResourceInUse": _Entry(TroubleKind.SERVICE, _PASSES),
    "LimitExceeded": _Entry(
        TroubleKind.SERVICE,
        gettext_noop("a quota of the account is used up: wait, or ask Tencent Cloud for a larger one"),
    ),
    "UnsupportedOperation": _Entry(TroubleKind.SERVICE, _PASSES),
    # A wrong setting, or a wrong request of ours.
    "UnsupportedRegion": _Entry(
        TroubleKind.CONFIG,
        gettext_noop("not served here: set region to ap-singapore, or to ap-guangzhou for cn"),
    ),
    "InvalidAction": _Entry(
        TroubleKind.CONFIG, gettext_noop("this host does not know the action: check endpoint")
    ),
    "NoSuchVersion": _Entry(
        TroubleKind.CONFIG, gettext_noop("this host does not know 2019-09-19: check endpoint")
    ),
    "NoSuchProduct": _Entry(TroubleKind.CONFIG, gettext_noop("this host does not serve tiw: check endpoint")),
    "ActionOffline": _Entry(
        TroubleKind.CONFIG, gettext_noop("the service has withdrawn this call: look for a newer tiwtui")
    ),
    "UnsupportedProtocol": _Entry(
        TroubleKind.CONFIG,
        gettext_noop("this host does not take the protocol of the request: check endpoint"),
    ),
    "MissingParameter": _Entry(TroubleKind.CONFIG, _WRONG_REQUEST),
    "UnknownParameter": _Entry(TroubleKind.CONFIG, _WRONG_REQUEST),
    "InvalidParameter": _Entry(TroubleKind.CONFIG, _WRONG_VALUE),
    "InvalidParameterValue": _Entry(TroubleKind.CONFIG, _WRONG_VALUE),
    "InvalidRequest": _Entry(TroubleKind.CONFIG, _WRONG_REQUEST),
    "RequestSizeLimitExceeded": _Entry(TroubleKind.CONFIG, _WRONG_REQUEST),
    "ResponseSizeLimitExceeded": _Entry(TroubleKind.CONFIG, _WRONG_REQUEST),
    "DryRunOperation": _Entry(TroubleKind.CONFIG, _WRONG_REQUEST),
}

_UNKNOWN = _Entry(TroubleKind.SERVICE, _UNDOCUMENTED)

_FAILED_RECORDINGS = (
    (
        "40004",
        re.compile(r"\b6206\b"),
        gettext_noop(
            "the signature of the recording user (RecordUserSig) expired: issue a longer one, which outlives "
            "the class, record with it, then create a new task"
        ),
    ),
    (
        "40004",
        re.compile(""),
        gettext_noop(
            "the recording user could not sign in to the chat: check its RecordUserId and RecordUserSig, and "
            "use each RecordUserId for one recording at a time, then create a new task"
        ),
    ),
)
"""Inner code, other text in the message, and the advice (Tencent's document 1137/49831 and examples)."""

_LOST = gettext_noop(
    "the service knew this task before: check whether it was deleted; what is known of it stays; if it "
    "should be there, ask Tencent Cloud support with the RequestId"
)

_WITHOUT_CODE: dict[TroubleKind, str] = {
    TroubleKind.NETWORK: gettext_noop(
        "no whole answer came: check the network, VPN and proxy of this machine, or ask who runs the network"
    ),
    TroubleKind.THROTTLED: _LIMIT,
    TroubleKind.GARBLED: gettext_noop(
        "what came is not an answer of the service: a proxy or the sign-in page of a network may stand in "
        "between; if none does, ask Tencent Cloud support"
    ),
    TroubleKind.CREDENTIALS: gettext_noop(
        "set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, with temporary keys also "
        "TENCENTCLOUD_TOKEN; `tiwtui demo` needs none"
    ),
}
"""Advice for trouble with a code of tiwtui's own, such as `timeout`."""

_INNER_FAILURE = re.compile(
    r"\s*code:\s*(?P<code>-?\d+)\s*,\s*msg:\s*(?:\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d\s*,\s*)?(?P<text>.*)",
    re.DOTALL,
)


def inner_failure(message: str) -> tuple[str, str] | None:
    """Return the code and the text of `code: 40004, msg: 2019-09-23 10:31:47, text`."""
    match = _INNER_FAILURE.match(message)
    return None if match is None else (match["code"], match["text"])


def _entry(code: str) -> _Entry:
    return _ENTRIES.get(code) or _ENTRIES.get(code.partition(".")[0]) or _UNKNOWN


def meaning(code: str) -> Meaning:
    """Return the verdict about the task that an error code means, or the kind of trouble."""
    return _entry(code).meaning


def advice(code: str, message: str = "", kind: TroubleKind | None = None) -> str:
    """Return what a user can do about an error, in English; `kind` is the kind of trouble, if any."""
    entry = _entry(code)
    if entry is _UNKNOWN and kind is not None:
        return _WITHOUT_CODE.get(kind, entry.advice)
    if entry.meaning is Verdict.TASK_NOT_FOUND and kind is not None:
        return _LOST
    inner = inner_failure(message) if entry.meaning is Verdict.TASK_FAILED else None
    if inner is not None:
        for inner_code, text, inner_advice in _FAILED_RECORDINGS:
            if inner[0] == inner_code and text.search(inner[1]):
                return inner_advice
    return entry.advice


def documented_codes() -> frozenset[str]:
    """Return every code that the table names."""
    return frozenset(_ENTRIES)
