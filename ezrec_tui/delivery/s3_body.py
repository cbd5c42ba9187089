"""A piece of a file on its way into a socket: counted, held to a rate, and stopped when asked to."""

import io
import threading
import time
from collections.abc import Callable
from pathlib import Path


class Limiter:
    """Holds all that pass through it together to one rate."""

    def __init__(
        self,
        mbit: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`mbit` is in Mbit/s (millions of bits); 0 is no limit."""
        self._seconds_per_byte = 8 / (mbit * 1e6) if mbit else 0.0
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._free_at = float("-inf")

    def pace(self, size: int) -> None:
        """Wait until so many bytes may go."""
        if not self._seconds_per_byte or not size:
            return
        with self._lock:
            now = self._clock()
            start = max(now, self._free_at)
            self._free_at = start + size * self._seconds_per_byte
        if start > now:
            self._sleep(start - now)


class Abandoned(Exception):
    """Nobody waits for this request any more."""


class Sending:
    """What the caller sees of a request that another thread makes."""

    def __init__(self) -> None:
        self.sent = 0
        """Bytes given to the socket by the try that is under way."""
        self.abandoned = threading.Event()


class Body(io.FileIO):
    """A part of a file as the body of a request: opens the file itself, and begins and ends where the part does.

    botocore reads a body more often than it sends it (over plain http it is hashed for the signature first), and
    rewinds it before each reading. Only what is read after `begin_sending` is paced and counted.
    """

    def __init__(self, path: Path, offset: int, size: int, limiter: Limiter, sending: Sending) -> None:
        super().__init__(path, "rb")
        self._offset = offset
        self._size = size
        self._limiter = limiter
        self._sending = sending
        self._on_its_way = False
        self.seek(0)

    def __len__(self) -> int:
        return self._size

    def tell(self) -> int:
        return super().tell() - self._offset

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.tell(), io.SEEK_END: self._size}[whence]
        at = min(max(0, start + offset), self._size)
        super().seek(self._offset + at)
        self._on_its_way = False
        return at

    def begin_sending(self) -> None:
        """From here on it goes into the socket."""
        self._on_its_way = True
        self._sending.sent = 0

    def read(self, size: int | None = -1, /) -> bytes:
        if self._sending.abandoned.is_set():
            raise Abandoned
        left = self._size - self.tell()
        wanted = left if size is None or size < 0 else min(size, left)
        if self._on_its_way:
            self._limiter.pace(wanted)
        data = super().read(wanted) or b""
        if self._on_its_way:
            self._sending.sent += len(data)
        return data
