"""What a child process and its parent have in common: the child ends with its parent, and they speak in lines of JSON.

The parent writes commands to the child's standard input and reads messages from its standard output, one JSON
document a line. The child's log goes to standard error.
"""

import contextlib
import ctypes
import logging
import os
import queue
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

PR_SET_PDEATHSIG = 1
M_ARENA_MAX = -8
KILLED_FIRST = 500

log = logging.getLogger(__name__)

CommandT = TypeVar("CommandT")


def end_with_parent(parent_pid: int, sig: signal.Signals = signal.SIGTERM) -> None:
    """Ask the kernel for `sig` when the parent ends. Ends at once if it has ended already."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, sig)
    if os.getppid() != parent_pid:
        sys.exit(0)


def share_memory_pools() -> None:
    """Let all threads take memory from two pools; the C library would give eight a processor, and fill each of them.

    To be called before the threads are there.
    """
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):  # glibc
        libc.mallopt(M_ARENA_MAX, 2)


def give_memory_back() -> None:
    """Hand memory that is no longer in use to the system; the C library would keep it for the next time."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "malloc_trim"):  # glibc
        libc.malloc_trim(0)


def be_killed_first() -> None:
    """Have the kernel take this process before its parent's others when memory runs out."""
    Path("/proc/self/oom_score_adj").write_text(str(KILLED_FIRST))


class Channel(Generic[CommandT]):
    """The child's side of the talk.

    Made once, first thing: it takes standard output for messages alone, and what anybody prints goes to standard
    error from then on.
    """

    def __init__(self, commands: TypeAdapter[CommandT], backlog: int = 256) -> None:
        self._commands = commands
        self._out = os.fdopen(os.dup(1), "wb", buffering=0)
        os.dup2(2, 1)
        self._queue: queue.Queue[bytes | None] = queue.Queue(backlog)
        self._writer = threading.Thread(target=self._write, name="channel", daemon=True)
        self._writer.start()

    def commands(self) -> Iterator[CommandT]:
        """Commands as they come; ends when the parent closes the pipe or is gone."""
        for line in sys.stdin.buffer:
            try:
                yield self._commands.validate_json(line)
            except ValidationError as error:
                log.error("command not understood: %s", error)

    def send(self, message: BaseModel) -> None:
        """Send a message. Never blocks: when the parent has stopped reading, messages are dropped."""
        with contextlib.suppress(queue.Full):
            self._queue.put_nowait(message.model_dump_json().encode() + b"\n")

    def close(self) -> None:
        """Send what is waiting, for two seconds at most."""
        with contextlib.suppress(queue.Full):
            self._queue.put(None, timeout=1)
        self._writer.join(timeout=2)

    def _write(self) -> None:
        while (line := self._queue.get()) is not None:
            try:
                self._out.write(line)
            except OSError:  # the parent is gone; our end comes by the closed standard input
                return
