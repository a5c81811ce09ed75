"""The table of error codes."""

import pytest

from tiwtui.api import errors
from tiwtui.api.errors import Meaning, Verdict
from tiwtui.model import TroubleKind

OF_THIS_ACTION: dict[str, Meaning] = {
    "AuthFailure": TroubleKind.CREDENTIALS,
    "FailedOperation.Record": Verdict.TASK_FAILED,
    "InvalidParameter.BodyParameterTypeUnmatched": TroubleKind.CONFIG,
    "InvalidParameter.TaskNotFound": Verdict.TASK_NOT_FOUND,
    "ResourceUnavailable.NotRegistered": TroubleKind.APP,
    "ResourceUnavailable.ServiceExpired": TroubleKind.APP,
    "UnauthorizedOperation.SdkAppId": TroubleKind.APP,
}

COMMON: dict[str, Meaning] = {
    "AuthFailure.SecretIdNotFound": TroubleKind.CREDENTIALS,
    "AuthFailure.SignatureFailure": TroubleKind.CREDENTIALS,
    "AuthFailure.TokenFailure": TroubleKind.CREDENTIALS,
    "AuthFailure.NeverHeardOf": TroubleKind.CREDENTIALS,
    "AuthFailure.SignatureExpire": TroubleKind.CLOCK,
    "AuthFailure.UnauthorizedOperation": TroubleKind.PERMISSION,
    "UnauthorizedOperation": TroubleKind.PERMISSION,
    "UnauthorizedOperation.CamNoAuth": TroubleKind.PERMISSION,
    "IpNotInWhitelist": TroubleKind.PERMISSION,
    "RequestLimitExceeded": TroubleKind.THROTTLED,
    "RequestLimitExceeded.UinLimitExceeded": TroubleKind.THROTTLED,
    "RequestLimitExceeded.IPLimitExceeded": TroubleKind.THROTTLED,
    "InternalError": TroubleKind.SERVICE,
    "InternalError.Db": TroubleKind.SERVICE,
    "ServiceUnavailable": TroubleKind.SERVICE,
    "FailedOperation.Transcode": TroubleKind.SERVICE,
    "LimitExceeded.TaskConcurrency": TroubleKind.SERVICE,
    "InvalidParameter.SdkAppIdNotFound": TroubleKind.APP,
    "UnsupportedRegion": TroubleKind.CONFIG,
    "InvalidAction": TroubleKind.CONFIG,
    "NoSuchVersion": TroubleKind.CONFIG,
    "InvalidParameterValue.X": TroubleKind.CONFIG,
}


@pytest.mark.parametrize(("code", "meaning"), [*OF_THIS_ACTION.items(), *COMMON.items()])
def test_a_code_means_what_the_document_says(code: str, meaning: Meaning) -> None:
    """Whole codes first, then what stands before the first dot."""
    assert errors.meaning(code) is meaning


@pytest.mark.parametrize("code", ["", "SomethingNew", "failedoperation.record", "FailedOperation.Record "])
def test_code_nobody_documented_is_transient(code: str) -> None:
    """A wrong guess the other way would end a task that still runs."""
    assert errors.meaning(code) is TroubleKind.SERVICE


def test_whatever_stops_checking_says_what_to_do() -> None:
    """A person is needed there; they must not be left with a code."""
    stopping = {TroubleKind.CREDENTIALS, TroubleKind.PERMISSION, TroubleKind.CONFIG, TroubleKind.APP}
    for code in errors.documented_codes():
        if errors.meaning(code) in stopping:
            assert errors.advice(code), code


def test_permission_advice_is_the_least_policy_that_works() -> None:
    """The action and the resource that the service's own access document names."""
    advice = errors.advice("UnauthorizedOperation")
    assert "name/tiw:DescribeVideoGenerationTask" in advice
    assert "qcs::tiw::uin/<main-uin>:sdkappid/<SdkAppId>" in advice
