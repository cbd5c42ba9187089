"""A short, bounded line between two threads, which carries an end and an error as well."""

import threading
from collections import deque
from types import TracebackType
from typing import Generic, TypeVar

ItemT = TypeVar("ItemT")


class Closed(Exception):
    """The other side has gone: whoever fills the line may stop."""


class Line(Generic[ItemT]):
    """First in, first out, at most `room` things waiting."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._items: deque[ItemT] = deque()
        self._changed = threading.Condition()
        self._ended = False
        self._error: BaseException | None = None

    def put(self, item: ItemT) -> None:
        """Wait for room. Raises Closed when the line was closed meanwhile."""
        with self._changed:
            self._changed.wait_for(lambda: self._ended or len(self._items) < self._room)
            if self._ended:
                raise Closed
            self._items.append(item)
            self._changed.notify_all()

    def get(self, timeout: float | None = None) -> ItemT | None:
        """The next one; None at the end. Raises what the line was failed with, and TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._ended or bool(self._items), timeout):
                raise TimeoutError
            if self._error is not None:
                raise self._error
            if not self._items:
                return None
            item = self._items.popleft()
            self._changed.notify_all()
            return item

    def __enter__(self) -> None:
        """Around all that fills the line: its end ends the line, its error goes to the taker and nowhere else."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is None or isinstance(error, Closed):
            self.end()
        else:
            self.fail(error)
        return True

    def end(self) -> None:
        """Nothing more comes; what waits is still handed out."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def fail(self, error: BaseException) -> None:
        """End with an error, which the taker gets at once."""
        with self._changed:
            self._ended = True
            self._error = self._error or error
            self._changed.notify_all()

    def close(self) -> None:
        """End, and forget what waits: nobody takes any more."""
        with self._changed:
            self._ended = True
            self._items.clear()
            self._changed.notify_all()
