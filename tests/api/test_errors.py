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


DOCUMENTED = [
    "AuthFailure",
    "AuthFailure.InvalidAuthorization",
    "AuthFailure.InvalidSecretId",
    "AuthFailure.MFAFailure",
    "AuthFailure.SecretIdNotFound",
    "AuthFailure.SignatureExpire",
    "AuthFailure.SignatureFailure",
    "AuthFailure.TokenFailure",
    "AuthFailure.UnauthorizedOperation",
    "ActionOffline",
    "DryRunOperation",
    "FailedOperation",
    "FailedOperation.AlreadyEnabled",
    "FailedOperation.CosBucketInvalid",
    "FailedOperation.FileDownloadFail",
    "FailedOperation.FileFormatError",
    "FailedOperation.FileOpenFail",
    "FailedOperation.FileUploadFail",
    "FailedOperation.GetCredentialFail",
    "FailedOperation.Preprocess",
    "FailedOperation.PreprocessServerError",
    "FailedOperation.Record",
    "FailedOperation.Transcode",
    "FailedOperation.TranscodeServerError",
    "FailedOperation.WhiteboardPush",
    "InternalError",
    "InternalError.Db",
    "InvalidAction",
    "InvalidParameter",
    "InvalidParameter.ApplicationAlreadyExists",
    "InvalidParameter.BodyParameterTypeUnmatched",
    "InvalidParameter.CallbackAddressFormatError",
    "InvalidParameter.CdnDomainNotFound",
    "InvalidParameter.FileFormatUnsupported",
    "InvalidParameter.InvalidExtra",
    "InvalidParameter.InvalidTaskType",
    "InvalidParameter.PreprocessParameter",
    "InvalidParameter.RecordParameter",
    "InvalidParameter.SdkAppIdNotFound",
    "InvalidParameter.TaskNotFound",
    "InvalidParameter.TimeFormat",
    "InvalidParameter.TranscodeParameter",
    "InvalidParameter.UnmarshalJSONBodyFail",
    "InvalidParameter.UrlFormatError",
    "InvalidParameterValue",
    "InvalidRequest",
    "IpInBlacklist",
    "IpNotInWhitelist",
    "LimitExceeded",
    "LimitExceeded.TaskConcurrency",
    "LimitExceeded.TranscodePagesLimitation",
    "MissingParameter",
    "NoSuchProduct",
    "NoSuchVersion",
    "RequestLimitExceeded",
    "RequestLimitExceeded.GlobalRegionUinLimitExceeded",
    "RequestLimitExceeded.IPLimitExceeded",
    "RequestLimitExceeded.UinLimitExceeded",
    "RequestSizeLimitExceeded",
    "ResponseSizeLimitExceeded",
    "ResourceInUse",
    "ResourceInUse.RecordUserId",
    "ResourceInsufficient",
    "ResourceUnavailable",
    "ResourceUnavailable.InterfaceUnAuthorized",
    "ResourceUnavailable.NotRegistered",
    "ResourceUnavailable.ServiceExpired",
    "ServiceUnavailable",
    "UnauthorizedOperation",
    "UnauthorizedOperation.SdkAppId",
    "UnknownParameter",
    "UnsupportedOperation",
    "UnsupportedOperation.InvalidTaskStatus",
    "UnsupportedOperation.TaskHasAlreadyStopped",
    "UnsupportedProtocol",
    "UnsupportedRegion",
]
"""Every code that the action's page, the common error codes and the error codes of TIW list."""


@pytest.mark.parametrize("code", [*DOCUMENTED, *sorted(errors.documented_codes()), "Never.Heard", ""])
def test_every_code_comes_with_advice(code: str) -> None:
    """errors law 1: A code alone leaves a person without a next step, also one that passes by itself."""
    assert len(errors.advice(code).split()) >= 5
    # It stands within a sentence.
    assert not errors.advice(code).endswith(".")


@pytest.mark.parametrize("kind", list(TroubleKind))
@pytest.mark.parametrize("code", ["timeout", "garbled", "HTTP 502"])
def test_trouble_without_a_code_of_the_service_comes_with_advice(kind: TroubleKind, code: str) -> None:
    assert errors.advice(code, "no answer in 20 s", kind)


SIG_EXPIRED = "code: 40004, msg: 2019-09-23 10:31:47, im login failed with code 6206, desc serSig expired\n"


def test_advice_on_a_failed_recording_goes_by_its_inner_code() -> None:
    """errors law 3.

    The service's own example: the next class fails just so unless a longer signature is issued.
    """
    record = "FailedOperation.Record"
    expired = errors.advice(record, SIG_EXPIRED)
    assert "the signature of the recording user (RecordUserSig) expired: issue a longer one" in expired
    login = errors.advice(record, "code: 40004, msg: im login failed with code 70001")
    others = {errors.advice(record, text) for text in ("", "code: 40008, msg: 6206", "40004 6206")}
    assert len({expired, login, *others}) == 3
    assert errors.advice("InternalError", SIG_EXPIRED) == errors.advice("InternalError")


def test_a_task_that_was_known_before_is_not_taken_for_a_mistyped_one() -> None:
    code = "InvalidParameter.TaskNotFound"
    assert "check the id" in errors.advice(code)
    assert "check the id" not in errors.advice(code, "no", TroubleKind.SERVICE)


def test_permission_advice_is_the_least_policy_that_works() -> None:
    """The action and the resource that the service's own access document names."""
    advice = errors.advice("UnauthorizedOperation")
    assert "name/tiw:DescribeVideoGenerationTask" in advice
    assert "qcs::tiw::uin/<main-uin>:sdkappid/<SdkAppId>" in advice
