"""Who may pass over TCP: who has a token, and asks no more often than is good for all. Pure; time is passed in.

Everything is counted by where a request comes from (see `source_of`), and for so many sources: what was counted for
those that have been silent for longest is forgotten, so that no number of them fills the memory.
"""

import hashlib
import hmac
import ipaddress
import logging
import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from ezrec_tui.model import NS

SOURCES = 1024
"""Counted at once."""
BURST_SECONDS = 3
"""Of the rate: so many requests at once may a source make."""
WRONG_AT_ONCE, WRONG_PER_SECOND = 5, 1 / 12
"""Wrong tokens. After that a source is not listened to, the right token neither, until one more may be tried."""
NETWORK_BITS = 64
"""Of IPv6: who has one address has them all."""
SCHEME = "bearer "

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why somebody does not pass."""

    status: int
    """Of HTTP."""
    message: str
    seconds: int | None = None
    """After so many it may be tried again."""


class Allowance:
    """So many at once for each source, and so many a second in the long run."""

    def __init__(self, at_once: float, per_second: float) -> None:
        self._at_once, self._per_second = at_once, per_second
        self._left: OrderedDict[str, tuple[float, int]] = OrderedDict()
        """And when that was, the source that was silent for longest first."""

    def wait(self, source: str, now_ns: int) -> int:
        """Seconds until there is one; 0: there is. Takes none."""
        return math.ceil(max(0.0, 1 - self._now(source, now_ns)) / self._per_second)

    def take(self, source: str, now_ns: int) -> None:
        self._left[source] = (max(0.0, self._now(source, now_ns) - 1), now_ns)
        self._left.move_to_end(source)
        if len(self._left) > SOURCES:
            self._left.popitem(last=False)

    def _now(self, source: str, now_ns: int) -> float:
        left, at_ns = self._left.get(source, (self._at_once, now_ns))
        return min(self._at_once, left + (now_ns - at_ns) / NS * self._per_second)


class Guard:
    """`rate`: requests a second from one source. `now_ns`: a clock that does not step."""

    def __init__(self, token: str, read_token: str, rate: float, now_ns: Callable[[], int]) -> None:
        self._token, self._read_token = (_digest(one) if one else b"" for one in (token, read_token))
        self._now_ns = now_ns
        self._requests = Allowance(max(1, BURST_SECONDS * rate), rate)
        self._wrong = Allowance(WRONG_AT_ONCE, WRONG_PER_SECOND)

    def refusal(self, address: str, authorization: str, *, acts: bool) -> Refusal | None:
        """None: it may pass. `authorization`: that header. Acts are more than looking."""
        source, now_ns = source_of(address), self._now_ns()
        if seconds := self._requests.wait(source, now_ns):
            return Refusal(429, "too many requests: ask less often", seconds)
        self._requests.take(source, now_ns)
        if seconds := self._wrong.wait(source, now_ns):
            return Refusal(429, "too many wrong tokens", seconds)
        if not authorization.lower().startswith(SCHEME):
            return Refusal(401, "a token is needed: `Authorization: Bearer TOKEN`")
        given = _digest(authorization[len(SCHEME) :].strip())
        may_act, may_look = hmac.compare_digest(given, self._token), hmac.compare_digest(given, self._read_token)
        if may_act or (may_look and not acts):
            return None
        if may_look:
            return Refusal(403, "this token is for looking only")
        self._wrong.take(source, now_ns)
        if self._wrong.wait(source, now_ns):
            log.warning("api: too many wrong tokens from %s; it is not listened to for a while", address)
        return Refusal(401, "the token is wrong")


def source_of(address: str) -> str:
    """Whom requests from an IP address are counted for: itself, of IPv6 its network."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, NETWORK_BITS), strict=False))


def _digest(token: str) -> bytes:
    """Of one length, whatever is given: comparing tells nothing of the token's."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
