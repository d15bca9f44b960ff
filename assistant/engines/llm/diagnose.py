"""From an exception of the network or an HTTP status to an `EndpointError` that can be told to people."""

from __future__ import annotations

import json
import math
import re
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from assistant.engines.llm.faults import EndpointError, Fault
from assistant.errors import IiamError

if TYPE_CHECKING:
    import httpx2

    from assistant.engines.llm.endpoint import Endpoint

SERVER_ERRORS = 500
SHOWN = 120
"""Characters of the endpoint's own words that are shown."""
SPENT_QUOTA = 600.0
STATUS = {
    400: Fault.BAD_REQUEST,
    401: Fault.AUTH,
    402: Fault.FORBIDDEN,  # DeepSeek: insufficient balance
    403: Fault.FORBIDDEN,
    404: Fault.MODEL,
    408: Fault.TIMEOUT,
    413: Fault.BAD_REQUEST,
    415: Fault.BAD_REQUEST,
    422: Fault.BAD_REQUEST,
    429: Fault.RATE_LIMIT,
}
NO_MODEL = re.compile(
    r"model.{0,60}(not exist|not found|not_found)|(unknown|invalid) model|no such model", re.IGNORECASE
)
INSPECTED = re.compile(r"content_filter|content management policy|data_inspection|inappropriate content", re.IGNORECASE)


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """An exception and what caused it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def found(error: BaseException) -> IiamError | None:
    """The error of ours (mostly an EndpointError) inside an exception of a library that wrapped it."""
    return next((e for e in chain(error) if isinstance(e, IiamError)), None)


def understood(error: Exception) -> IiamError:
    """What an exception of the libraries means; their own words may hold anything, so they are not passed on."""
    own = found(error)
    if own:
        return own
    if isinstance(error, json.JSONDecodeError) and error.doc.strip():
        return EndpointError(Fault.OTHER, "不是 JSON")
    if isinstance(error, json.JSONDecodeError) or "No generation" in str(error):
        return EndpointError(Fault.EMPTY)
    if type(error).__name__ == "APIError":  # an error among the events of a stream
        return EndpointError(Fault.SERVER, "流式答复中报错")
    return EndpointError(Fault.OTHER, type(error).__name__)


def of_network(error: BaseException, endpoint: Endpoint) -> EndpointError:
    """What an exception while connecting, sending or receiving means."""
    import httpx2

    host = endpoint.host
    meanings: tuple[tuple[type[BaseException], Fault, str], ...] = (
        (httpx2.TimeoutException, Fault.TIMEOUT, host),
        (socket.gaierror, Fault.DNS, host),
        (ssl.SSLCertVerificationError, Fault.TLS, f"{host} 的证书没有通过验证"),
        (ssl.SSLError, Fault.TLS, host),
        (ConnectionRefusedError, Fault.UNREACHABLE, f"{host} 拒绝连接"),
        (httpx2.ConnectError, Fault.UNREACHABLE, host),
    )
    causes = tuple(chain(error))
    for kind, fault, detail in meanings:
        if any(isinstance(e, kind) for e in causes):
            return EndpointError(fault, detail)
    return EndpointError(Fault.UNREACHABLE, f"与 {host} 的连接中断")


def of_status(response: httpx2.Response, body: str, endpoint: Endpoint) -> EndpointError:
    """What an HTTP status other than 200 means; `text` holds the endpoint's own words."""
    said = _words(body, endpoint.key.get_secret_value())
    status = response.status_code
    kind = STATUS.get(status, Fault.SERVER if status >= SERVER_ERRORS else Fault.OTHER)
    after = _after(response)
    if kind is Fault.BAD_REQUEST and INSPECTED.search(body):
        kind = Fault.REFUSED
    elif kind is Fault.BAD_REQUEST and NO_MODEL.search(said):
        kind = Fault.MODEL
    elif kind is Fault.RATE_LIMIT and "insufficient_quota" in body:
        after = max(after or 0.0, SPENT_QUOTA)  # waiting a second does not help
    shown = "" if kind is Fault.AUTH else said[:SHOWN]  # providers repeat part of the key there
    return EndpointError(kind, f"HTTP {status}：{shown}" if shown else f"HTTP {status}", text=said, after=after)


def _words(body: str, key: str) -> str:
    """The message in an error's body, in one line, without the key; nothing of a page of HTML."""
    try:
        told = json.loads(body)
        inner = told.get("error", told)
        text = inner if isinstance(inner, str) else inner.get("message") or inner.get("detail") or ""
    except (ValueError, AttributeError):
        text = "" if body.lstrip().startswith("<") else body
    text = " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())
    return text.replace(key, "***") if key else text


def _after(response: httpx2.Response) -> float | None:
    """Seconds of a Retry-After header, given as a number or as a date."""
    told = response.headers.get("retry-after", "")
    try:
        seconds = float(told)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            return None
    return max(0.0, seconds) if math.isfinite(seconds) else None
