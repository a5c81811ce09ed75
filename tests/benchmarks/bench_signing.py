"""What signing one request costs, beside the vendor's SDK on the same request. Prints a table.

The two take turns in short bursts, so that whatever else the machine does meets both alike; what counts is
the median burst. "Signature alone" is request in, Authorization out; "new day" is the same without a kept
signing key, as once a day. "Ready to send" is all from a task to what an HTTP library hands to a connection:
httpx with us, requests with the SDK.
"""

import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import httpx
import requests
from tencentcloud.common.credential import Credential
from tencentcloud.common.http.request import RequestInternal
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.tiw.v20190919.tiw_client import TiwClient

from tests.factories import make_ref
from tiwtui.api import signing, wire
from tiwtui.api.client import Signer
from tiwtui.api.credentials import Credentials, Secret

HOST = "tiw.tencentcloudapi.com"
SECRET_ID, SECRET_KEY = "AKIDnotarealkeyid", "NotARealSecretKeyAtAll"
BURSTS = 301
CALLS = 50

Work = Callable[[], object]


def ours_alone(date: Callable[[], int]) -> Work:
    payload = wire.request_body(make_ref())
    headers = {"content-type": "application/json", "host": HOST, "x-tc-action": wire.ACTION}

    def sign() -> str:
        return signing.authorization(
            SECRET_ID,
            SECRET_KEY,
            method="POST",
            query="",
            signed=headers,
            payload=payload,
            timestamp=date(),
            service=wire.SERVICE,
        )

    return sign


def ours_whole() -> Work:
    keys = Credentials(Secret(SECRET_ID), Secret(SECRET_KEY), None, "benchmark")
    signer = Signer(lambda: keys, time.time)
    url = httpx.URL(f"https://{HOST}/")
    headers = {
        "Content-Type": "application/json",
        "X-TC-Action": wire.ACTION,
        "X-TC-Version": wire.VERSION,
        "X-TC-Region": "ap-singapore",
        "X-TC-Language": "en-US",
        "X-TC-RequestClient": "benchmark",
    }
    ref = make_ref()

    def sign() -> httpx.Request:
        body = wire.request_body(ref)
        request = httpx.Request("POST", url, headers=headers, content=body)
        request.headers.update(signer.sign(request.headers, body))
        return request

    return sign


def vendor() -> Any:
    profile = ClientProfile(httpProfile=HttpProfile(endpoint=HOST), language="en-US")
    return TiwClient(Credential(SECRET_ID, SECRET_KEY), "ap-singapore", profile)


def vendor_alone() -> Work:
    client = vendor()
    request = RequestInternal(HOST, "POST", "/")
    parameters = {"SdkAppId": 1400000001, "TaskId": "ghucnligqtgtvk2624mb"}
    client._build_req_with_tc3_signature(wire.ACTION, parameters, request)
    date = time.strftime("%Y-%m-%d", time.gmtime())

    def sign() -> str:
        result = client._get_tc3_signature(parameters, request, date, "tiw", SECRET_KEY)
        return f"{SECRET_ID}/{date}/tiw/tc3_request {result}"

    return sign


def vendor_whole() -> Work:
    client = vendor()

    session = requests.Session()

    def sign() -> requests.PreparedRequest:
        request = RequestInternal(HOST, "POST", "/")
        parameters = {"SdkAppId": 1400000001, "TaskId": "ghucnligqtgtvk2624mb"}
        client._build_req_with_tc3_signature(wire.ACTION, parameters, request)
        url = f"https://{HOST}{request.uri}"
        return session.prepare_request(
            requests.Request("POST", url, data=request.data.encode(), headers=request.header)
        )

    return sign


def burst_us(work: Work) -> float:
    """Return the microseconds that one call takes in a burst."""
    began = time.perf_counter()
    for _ in range(CALLS):
        work()
    return (time.perf_counter() - began) / CALLS * 1e6


def side_by_side(ours: Work, theirs: Work) -> tuple[float, float]:
    """Return the median microseconds of both, measured in turns."""
    pairs = [(burst_us(ours), burst_us(theirs)) for _ in range(BURSTS)]
    return median(one for one, _other in pairs), median(other for _one, other in pairs)


def main() -> None:
    warnings.simplefilter("ignore", DeprecationWarning)  # the SDK's, from Python 3.12 on
    now = int(time.time())
    days = iter(range(0, 10**12, 86_400))
    rows = (
        ("signature alone", ours_alone(lambda: now), vendor_alone()),
        ("signature alone, new day", ours_alone(lambda: next(days)), vendor_alone()),
        ("ready to send", ours_whole(), vendor_whole()),
    )
    print(f"{'one request':<28}{'ours':>10}{'vendor':>10}{'ratio':>8}")
    for name, ours, theirs in rows:
        one, other = side_by_side(ours, theirs)
        print(f"{name:<28}{one:>7.1f} µs{other:>7.1f} µs{one / other:>8.2f}")


if __name__ == "__main__":
    main()
