"""The way to Supabase: a client with the right options, and one judgement of what went wrong.

Every request goes through `ask`: what it returns is rows, what it raises is Unreachable (the line or the service;
the same request may do later) or Refused (the request itself; a person has to change something). Texts of errors
are one line and hold no secrets.
"""

import json
import re
import socket
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import httpx

from ezrec_tui.config import Settings

if TYPE_CHECKING:
    from supabase import Client

Row = dict[str, Any]
"""A row as it came or goes over the line; parsed by whoever asked for it."""

TIMEOUT = httpx.Timeout(10, connect=5)

NO_RIGHT = "42501"
"""SQLSTATE of what this key may not do, though it is let in."""
MISSING_COLUMN = (
    re.compile(r"Could not find the '(?P<column>[^']+)' column"),
    re.compile(r'column "?(?:[\w]+\.)*(?P<column>\w+)"?(?: of relation "\w+")? does not exist'),
)


class DatabaseError(Exception):
    """A request to the database failed. The text is one line for people."""


class Unreachable(DatabaseError):
    """The line is down, the service is, or something else answers in its place. Worth trying again as it is."""


class Refused(DatabaseError):
    """The database answered, and says no."""

    def __init__(self, text: str, code: str = "", detail: str = "") -> None:
        super().__init__(text)
        self.code = code
        """Of PostgreSQL or PostgREST, where it gave one: 42703, PGRST204."""
        self.detail = detail
        """What it says about the value or the key that it refuses."""

    @property
    def missing_column(self) -> str | None:
        """The column that the far side does not have, when that is why."""
        if self.code not in ("PGRST204", "42703"):
            return None
        found = (pattern.search(str(self)) for pattern in MISSING_COLUMN)
        return next((match["column"] for match in found if match), None)


class NotLetIn(Refused):
    """The key does not do: nothing of ours is taken until it is mended, here or there. It is not about the request."""


@dataclass(frozen=True, slots=True)
class Reply:
    rows: list[Row]
    count: int | None = None
    """Rows that match in all, when it was asked for (`count="exact"`)."""


class Reading(Protocol):
    """What came back: PostgREST's answer."""

    @property
    def data(self) -> object: ...
    @property
    def count(self) -> int | None: ...


class Request(Protocol):
    """A request of supabase-py that only waits to be sent."""

    def execute(self) -> Reading: ...


def connect(settings: Settings) -> "Client":
    """A client for the project in the settings. Asks nothing of the network. Raises Refused for wrong settings.

    It may be used by several threads. Requests are not repeated behind the caller's back, redirects are not
    followed, and one that is given up on is cut off, so that it cannot arrive after its repetition.
    """
    from supabase import Client, ClientOptions  # takes a second to import, and most processes never need it

    url = settings.supabase_url.strip()
    key = (
        settings.supabase_service_role_key.get_secret_value() or settings.supabase_anon_key.get_secret_value()
    ).strip()
    if not re.fullmatch(r"https?://[^\s/@]+(/\S*)?", url):
        raise Refused("SUPABASE_URL is not an address like https://project.supabase.co")
    if not key:
        raise Refused("SUPABASE_URL is set, but neither SUPABASE_SERVICE_ROLE_KEY nor SUPABASE_ANON_KEY is")
    if not re.fullmatch(r"[!-~]+", key):
        raise Refused("the Supabase key holds characters that no key has; copy it again, in one line")
    reset_on_close = (socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    options = ClientOptions(
        auto_refresh_token=False,
        persist_session=False,
        postgrest_client_retry=False,
        httpx_client=httpx.Client(
            timeout=TIMEOUT,
            transport=httpx.HTTPTransport(
                http2=False, limits=httpx.Limits(keepalive_expiry=30), socket_options=[reset_on_close]
            ),
            event_hooks={"response": [_judge]},
        ),
    )
    return Client(url, key, options)


def ask(request: Request) -> Reply:
    """Send a request and return its rows. Raises Unreachable or Refused."""
    from postgrest import APIError

    try:
        answer = request.execute()
    except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
        raise Refused("SUPABASE_URL is not an address that can be asked") from error
    except httpx.TransportError as error:
        raise Unreachable(_line(error)) from error
    except APIError as error:
        raise Unreachable("what answers is not Supabase: its answer is not rows") from error
    if not isinstance(answer.data, list) or not all(isinstance(row, dict) for row in answer.data):
        raise Unreachable("what answers is not Supabase: its answer is not rows (a network's log-in page?)")
    return Reply(answer.data, answer.count)


def _line(error: httpx.TransportError) -> str:
    """Words for a request that got no answer. Not httpx's own everywhere: some of those quote headers."""
    match error:
        case httpx.ConnectError():
            return f"Supabase cannot be reached: {' '.join(str(error).split()) or 'no connection'}"
        case httpx.TimeoutException():
            return "Supabase does not answer in time"
        case _:
            return f"the connection to Supabase broke off ({type(error).__name__})"


def _judge(response: httpx.Response) -> None:
    """Raise for answers that are not an answer to the request."""
    status = response.status_code
    if "html" in response.headers.get("content-type", "").lower():
        raise Unreachable(f"what answers is not Supabase but a web page ({status}; a network's log-in page?)")
    if status < 300:
        return
    response.read()
    message, code, detail = _complaint(response)
    if status >= 500 or status in (408, 429) or status < 400:
        raise Unreachable(f"Supabase cannot do it now ({status}{_said(message)})")
    if status in (401, 403):
        hint = "its key or its rights do not do; check SUPABASE_SERVICE_ROLE_KEY"
        kind = Refused if code == NO_RIGHT else NotLetIn
        raise kind(f"Supabase does not let us in ({status}{_said(message)}): {hint}", code, detail)
    raise Refused(f"Supabase refuses ({status}{_said(message)})", code, detail)


def _complaint(response: httpx.Response) -> tuple[str, str, str]:
    """Message, code and details of an error's body; empty where it has none."""
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        return "", "", ""
    if not isinstance(body, dict):
        return "", "", ""
    return _one_line(body.get("message")), _one_line(body.get("code")), _one_line(body.get("details"))


def _one_line(text: object) -> str:
    return " ".join(text.split())[:300] if isinstance(text, str) else ""


def _said(message: str) -> str:
    return f": {message}" if message else ""
