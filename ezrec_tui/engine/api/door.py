"""What every request passes before the API, on the Unix socket and, with a guard, over TCP."""

from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from urllib.parse import urlsplit

from fastapi import Depends, HTTPException, Request
from fastapi.responses import JSONResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ezrec_tui.engine.api.guard import Guard, Refusal
from ezrec_tui.model import Answer

LARGEST_BODY = 64 * 1024
"""Bytes. No act needs a hundredth of it."""
LOOKING = ("GET", "HEAD", "OPTIONS")
SEATS = "ezrec.seats"
"""Where they are in the scope."""
SAFE = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
"""Headers of every answer that does not have its own: what a browser has to leave alone."""


class Seats:
    """For those who watch: each is sent something again and again."""

    def __init__(self, number: int) -> None:
        self._free = number

    @contextmanager
    def taken(self) -> Generator[None]:
        """Raises HTTPException when there is none left."""
        if not self._free:
            raise HTTPException(429, "too many are watching already: close one of them")
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1


async def _seated(request: Request) -> AsyncIterator[None]:
    seats: Seats = request.scope[SEATS]
    with seats.taken():
        yield


Seated = Depends(_seated)
"""Holds a seat until the answer has ended."""


class Door:
    """Refuses other websites' scripts, bodies that are too large, and whom the guard does not know.

    Paths go on as they were sent, percent-encoded: an id that holds a slash is one segment of a path, and nothing is
    ever taken for another path than the one that was looked at here.
    """

    def __init__(self, app: ASGIApp, seats: int, guard: Guard | None = None) -> None:
        self._app, self._guard, self._seats = app, guard, Seats(seats)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        refusal = self._refusal(scope)
        body = b"" if refusal else await _body(receive)
        if body is None:
            refusal = Refusal(413, f"the body is larger than {LARGEST_BODY} bytes")

        async def replay() -> Message:
            nonlocal body
            if body is None:
                return await receive()
            whole, body = body, None
            return {"type": "http.request", "body": whole, "more_body": False}

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SAFE.items():
                    headers.setdefault(name, value)
            await send(message)

        if refusal is not None:
            await _answer(refusal)(scope, receive, send_safely)
        else:
            await self._app(self._scope(scope), replay, send_safely)

    def _refusal(self, scope: Scope) -> Refusal | None:
        headers = Headers(scope=scope)
        if self._guard is not None:
            address, _ = scope["client"]
            acts = scope["method"] not in LOOKING
            refusal = self._guard.refusal(address, headers.get("authorization", ""), acts=acts)
            if refusal is not None:
                return refusal
        if is_foreign(headers):
            return Refusal(403, "another website's script may not ask here")
        return None

    def _scope(self, scope: Scope) -> Scope:
        inside = {**scope, "path": scope["raw_path"].decode("ascii"), SEATS: self._seats}
        if self._guard is not None:
            address, port = scope["client"]
            inside["client"] = (f"token from {address}", port)
        return inside


def is_foreign(headers: Headers) -> bool:
    """Whether a browser says that a page of another origin asks."""
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return True
    origin = headers.get("origin")
    if origin is None:
        return False
    try:
        host = urlsplit(origin).netloc
    except ValueError:
        return True
    return not host or host.lower() != headers.get("host", "").lower()


async def _body(receive: Receive) -> bytes | None:
    """All of it; None when it is too large. What then still comes is left to the connection's own limit of time."""
    parts, size, more = list[bytes](), 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        parts.append(message.get("body", b""))
        size, more = size + len(parts[-1]), message.get("more_body", False)
        if size > LARGEST_BODY:
            return None
    return b"".join(parts)


def _answer(refusal: Refusal) -> JSONResponse:
    headers = {"Retry-After": str(refusal.seconds)} if refusal.seconds is not None else {}
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    answer = Answer(ok=False, message=refusal.message)
    return JSONResponse(answer.model_dump(), status_code=refusal.status, headers=headers)
