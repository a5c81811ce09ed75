"""What an error code of the service means, and what to do about it: one table.

The service answers HTTP 200 with `Response.Error` for everything it handled, a failed *task* included:
`FailedOperation.Record` is the task's end, not the check's. So a code is read either as a verdict about the
task or as a kind of trouble with the check. Codes are matched whole, then by what stands before their first
dot; what nobody documented is transient trouble of the service. Messages may change at any time and are
never matched.
"""

from dataclasses import dataclass
from enum import StrEnum

from tiwtui.i18n import _
from tiwtui.model import TroubleKind


class Verdict(StrEnum):
    """What an error code says of the task itself."""

    TASK_FAILED = "failed"
    TASK_NOT_FOUND = "not_found"


Meaning = Verdict | TroubleKind


def _noted(text: str) -> str:
    """Mark a text for the catalogs; it is translated where it is used."""
    return text


@dataclass(frozen=True, slots=True)
class _Entry:
    meaning: Meaning
    advice: str = ""


_SIGNING = _noted("the SecretKey does not belong to the SecretId, or was copied with a character missing")
_LIMIT = _noted("the account's other tools share this limit; checking slows down and climbs back by itself")
_NO_SUCH_KEY = _noted("it may be deleted, disabled or mistyped")
_POLICY = _noted(
    'allow the action "name/tiw:DescribeVideoGenerationTask" on the resource '
    '"qcs::tiw::uin/<main-uin>:sdkappid/<SdkAppId>"'
)
_WRONG_REQUEST = _noted("check endpoint, region and SdkAppId; if they are right, please report this")

_ENTRIES: dict[str, _Entry] = {
    "FailedOperation.Record": _Entry(Verdict.TASK_FAILED),
    "InvalidParameter.TaskNotFound": _Entry(Verdict.TASK_NOT_FOUND, _noted("check the id and its SdkAppId")),
    # The application: stops the tasks of that SdkAppId alone.
    "UnauthorizedOperation.SdkAppId": _Entry(
        TroubleKind.APP,
        _noted("this account has no such application: check the SdkAppId and whose key it is"),
    ),
    "InvalidParameter.SdkAppIdNotFound": _Entry(TroubleKind.APP, _noted("check the SdkAppId")),
    "ResourceUnavailable": _Entry(TroubleKind.APP, _noted("look at the application in the console")),
    "ResourceUnavailable.NotRegistered": _Entry(
        TroubleKind.APP,
        _noted("Interactive Whiteboard is not enabled for it: enable it in the console"),
    ),
    "ResourceUnavailable.ServiceExpired": _Entry(
        TroubleKind.APP, _noted("the account is in arrears or the service has expired: see the console")
    ),
    "ResourceUnavailable.InterfaceUnAuthorized": _Entry(
        TroubleKind.APP,
        _noted("it may not use video generation yet: ask Tencent Cloud to open it"),
    ),
    # The keys.
    "AuthFailure": _Entry(TroubleKind.CREDENTIALS, _noted("the service refused the key")),
    "AuthFailure.SecretIdNotFound": _Entry(TroubleKind.CREDENTIALS, _NO_SUCH_KEY),
    "AuthFailure.InvalidSecretId": _Entry(
        TroubleKind.CREDENTIALS, _noted("this is not a Tencent Cloud API key: it starts with AKID")
    ),
    "AuthFailure.SignatureFailure": _Entry(TroubleKind.CREDENTIALS, _SIGNING),
    "AuthFailure.TokenFailure": _Entry(
        TroubleKind.CREDENTIALS, _noted("the temporary key has expired or its token is missing: renew it")
    ),
    "AuthFailure.InvalidAuthorization": _Entry(TroubleKind.CREDENTIALS, _SIGNING),
    "AuthFailure.MFAFailure": _Entry(TroubleKind.CREDENTIALS, _noted("this key needs multi-factor sign-in")),
    # The clock.
    "AuthFailure.SignatureExpire": _Entry(
        TroubleKind.CLOCK, _noted("this machine's clock is more than five minutes off: set it")
    ),
    # What the key may do.
    "AuthFailure.UnauthorizedOperation": _Entry(TroubleKind.PERMISSION, _POLICY),
    "UnauthorizedOperation": _Entry(TroubleKind.PERMISSION, _POLICY),
    "IpInBlacklist": _Entry(TroubleKind.PERMISSION, _noted("this machine's address is barred for this key")),
    "IpNotInWhitelist": _Entry(
        TroubleKind.PERMISSION, _noted("this machine's address is not on the key's list")
    ),
    # The rate.
    "RequestLimitExceeded": _Entry(TroubleKind.THROTTLED, _LIMIT),
    # The service's own trouble: the same request may be answered later.
    "InternalError": _Entry(TroubleKind.SERVICE),
    "ServiceUnavailable": _Entry(TroubleKind.SERVICE),
    "FailedOperation": _Entry(TroubleKind.SERVICE),
    "ResourceInsufficient": _Entry(TroubleKind.SERVICE),
    "ResourceInUse": _Entry(TroubleKind.SERVICE),
    "LimitExceeded": _Entry(TroubleKind.SERVICE),
    "UnsupportedOperation": _Entry(TroubleKind.SERVICE),
    # A wrong setting, or a wrong request of ours.
    "UnsupportedRegion": _Entry(
        TroubleKind.CONFIG,
        _noted("not served here: set region to ap-singapore, or to ap-guangzhou for cn"),
    ),
    "InvalidAction": _Entry(TroubleKind.CONFIG, _noted("this host does not know the action: check endpoint")),
    "NoSuchVersion": _Entry(TroubleKind.CONFIG, _noted("this host does not know 2019-09-19: check endpoint")),
    "NoSuchProduct": _Entry(TroubleKind.CONFIG, _noted("this host does not serve tiw: check endpoint")),
    "ActionOffline": _Entry(TroubleKind.CONFIG, _noted("the service has withdrawn this call")),
    "UnsupportedProtocol": _Entry(TroubleKind.CONFIG, _noted("check endpoint")),
    "MissingParameter": _Entry(TroubleKind.CONFIG, _WRONG_REQUEST),
    "UnknownParameter": _Entry(TroubleKind.CONFIG, _WRONG_REQUEST),
    "InvalidParameter": _Entry(TroubleKind.CONFIG, _WRONG_REQUEST),
    "InvalidParameterValue": _Entry(TroubleKind.CONFIG, _WRONG_REQUEST),
    "InvalidRequest": _Entry(TroubleKind.CONFIG, _WRONG_REQUEST),
    "RequestSizeLimitExceeded": _Entry(TroubleKind.CONFIG, _WRONG_REQUEST),
    "ResponseSizeLimitExceeded": _Entry(TroubleKind.CONFIG, _WRONG_REQUEST),
    "DryRunOperation": _Entry(TroubleKind.CONFIG, _WRONG_REQUEST),
}

_UNKNOWN = _Entry(TroubleKind.SERVICE)


def _entry(code: str) -> _Entry:
    return _ENTRIES.get(code) or _ENTRIES.get(code.partition(".")[0]) or _UNKNOWN


def meaning(code: str) -> Meaning:
    """Return what an error code says of the task, or which kind of trouble it is."""
    return _entry(code).meaning


def advice(code: str) -> str:
    """Return what a person can do about an error code, translated; `""` where waiting is all there is."""
    text = _entry(code).advice
    return _(text) if text else ""


def documented_codes() -> frozenset[str]:
    """Return every code that the table names."""
    return frozenset(_ENTRIES)
