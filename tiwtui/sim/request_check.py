"""Checks of a request, as strict as those of the service: form, common headers, then parameters."""

from typing import Any
from urllib.parse import parse_qsl

import msgspec

from tiwtui.sim.http_types import Request
from tiwtui.sim.signature_check import Refusal
from tiwtui.sim.world import SDK_APP_ID

ACTION = "DescribeVideoGenerationTask"
VERSION = "2019-09-19"
REGION = "ap-singapore"
GET_LIMIT_BYTES = 32 * 1024
POST_LIMIT_BYTES = 10 * 1024 * 1024

_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"


class Asked(msgspec.Struct, frozen=True):
    """The task that a valid request asks for."""

    sdk_app_id: int
    task_id: str


def refuse_form(request: Request) -> Refusal | None:
    """Return what is wrong with method, path, size or Content-Type, or None."""
    if request.method not in {"GET", "POST"}:
        return Refusal("UnsupportedProtocol", f"Only GET and POST are served, not {request.method}.")
    if request.path != "/":
        return Refusal("InvalidRequest", f"The path must be /, not {request.path}.")
    too_long = len(request.query) > GET_LIMIT_BYTES or len(request.body) > POST_LIMIT_BYTES
    if too_long:
        return Refusal("RequestSizeLimitExceeded", "A GET may have 32 KB and a POST 10 MB.")
    kind = request.header("content-type")
    if not kind:
        return Refusal("MissingParameter", "The request header Content-Type is missing.")
    wanted = _FORM if request.method == "GET" else _JSON
    bare, _, charset = kind.lower().partition(";")
    if bare.strip() != wanted or charset.strip() not in {"", "charset=utf-8"}:
        return Refusal(
            "InvalidRequest", f"The Content-Type of a {request.method} must be {wanted}, not {kind}."
        )
    if request.method == "GET" and request.body:
        return Refusal("InvalidRequest", "A GET must not have a body.")
    if request.method == "POST" and request.query:
        return Refusal("InvalidRequest", "A POST must not have a query string.")
    return None


def refuse_common(request: Request) -> Refusal | None:
    """Return what is wrong with action, version or region, or None."""
    action = request.header("x-tc-action")
    version = request.header("x-tc-version")
    region = request.header("x-tc-region")
    for name, value in (("X-TC-Action", action), ("X-TC-Version", version), ("X-TC-Region", region)):
        if not value:
            return Refusal("MissingParameter", f"The request header {name} is missing.")
    if action != ACTION:
        return Refusal("InvalidAction", f"There is no action {action}; this service has {ACTION}.")
    if version != VERSION:
        return Refusal("NoSuchVersion", f"There is no version {version}; this service has {VERSION}.")
    if region != REGION:
        return Refusal(
            "UnsupportedRegion", f"The region {region} is not supported; this action has {REGION}."
        )
    return None


def asked(request: Request) -> Asked | Refusal:
    """Return the task that is asked for, or why the parameters are refused."""
    parameters = _query_parameters(request) if request.method == "GET" else _body_parameters(request)
    if isinstance(parameters, Refusal):
        return parameters
    for name in parameters:
        if name not in {"SdkAppId", "TaskId"}:
            return Refusal("UnknownParameter", f"The parameter {name} is not known to {ACTION}.")
    for name in ("SdkAppId", "TaskId"):
        if parameters.get(name) is None:
            return Refusal("MissingParameter", f"The parameter {name} is required.")
    app, task_id = parameters["SdkAppId"], parameters["TaskId"]
    if isinstance(app, bool) or not isinstance(app, int):
        return _mistyped("SdkAppId", "an integer", app)
    if not isinstance(task_id, str):
        return _mistyped("TaskId", "a string", task_id)
    if not task_id:
        return Refusal("InvalidParameterValue", "The parameter TaskId is empty.")
    if app != SDK_APP_ID:
        message = f"The SdkAppId {app} does not exist or does not belong to this account."
        return Refusal("UnauthorizedOperation.SdkAppId", message)
    return Asked(app, task_id)


def _mistyped(name: str, wanted: str, value: object) -> Refusal:
    message = f"The parameter {name} must be {wanted}; a {type(value).__name__} was sent."
    return Refusal("InvalidParameter.BodyParameterTypeUnmatched", message)


def _body_parameters(request: Request) -> dict[str, Any] | Refusal:
    try:
        parsed = msgspec.json.decode(request.body)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as wrong:
        return Refusal("InvalidParameter", f"The body is not JSON: {wrong}.")
    if not isinstance(parsed, dict):
        message = f"The body must be a JSON object; a {type(parsed).__name__} was sent."
        return Refusal("InvalidParameter", message)
    return parsed


def _query_parameters(request: Request) -> dict[str, Any] | Refusal:
    try:
        pairs = parse_qsl(request.query, keep_blank_values=True, strict_parsing=bool(request.query))
    except ValueError as wrong:
        return Refusal("InvalidParameter", f"The query string cannot be read: {wrong}.")
    parameters: dict[str, Any] = dict(pairs)
    if len(parameters) != len(pairs):
        return Refusal("InvalidParameter", "A parameter occurs twice in the query string.")
    app = parameters.get("SdkAppId")
    if app is not None:
        if not (app.isascii() and app.isdecimal() and len(app) < 20):
            return _mistyped("SdkAppId", "an integer", app)
        parameters["SdkAppId"] = int(app)
    return parameters
