"""The forms that all of the API shares: ids in paths, refusals, who speaks."""

from typing import Annotated
from urllib.parse import unquote

from fastapi import Path, Request
from pydantic import BeforeValidator

from ezrec_tui.client import VIEWER_HEADER
from ezrec_tui.engine.peers import who
from ezrec_tui.model import Answer

Responses = dict[int | str, dict[str, object]]


def _refusal(status: int, description: str) -> Responses:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{Answer.__name__}"}}}
    return {status: {"description": description, "content": content}}


ALWAYS = (
    _refusal(400, "The body is no JSON.")
    | _refusal(401, "Over TCP: a token is needed, or it is a wrong one.")
    | _refusal(403, "The token is for looking only, or another website's script asks.")
    | _refusal(413, "The body is larger than 64 KiB.")
    | _refusal(422, "The request is not understood; the message says where.")
    | _refusal(429, "Asked too often, or too many watch; Retry-After says when to ask again, where time mends it.")
)
"""What can come of any request."""
NOT_FOUND = _refusal(404, "Nothing of that name is there.")
NOT_NOW = _refusal(409, "It cannot be done now; the message says why.")
WRONG_PIN = _refusal(403, "The PIN is not right; the message says what is left.")


def _as_meant(segment: str) -> str:
    """An id as it was before it was percent-encoded. Raises ValueError."""
    return unquote(segment, errors="strict")


BookingId = Annotated[
    str, Path(min_length=1, max_length=200, description="One segment of the path: a slash in it is `%2F`."),
    BeforeValidator(_as_meant),
]  # fmt: skip


def speaker(request: Request) -> str:
    """Who asks, in a line for people."""
    peer = request.client.host if request.client else "somebody"
    return who(peer, request.headers.get(VIEWER_HEADER, ""))
