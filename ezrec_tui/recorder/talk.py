"""The recorder's side of the talk: with one engine after the other, and with nobody in between."""

import contextlib
import logging
import socket
import threading
from collections import deque
from collections.abc import Iterator
from enum import Enum, auto

from pydantic import ValidationError

from ezrec_tui.recorder.messages import Command, Hello, Message, Picture, Status, commands

BACKLOG = 256
"""Messages that wait to be sent; more are dropped."""
SAY_SECONDS = 2.0
"""So long may the last ones take."""

log = logging.getLogger(__name__)


class Engine(Enum):
    """Whether anybody listens."""

    CAME = auto()
    LEFT = auto()


class Talk:
    """Lines of JSON over a Unix socket. Whoever connects is greeted; what was said to nobody, the next one hears."""

    def __init__(self, listening: socket.socket, hello: Hello) -> None:
        listening.listen()  # once more, by this process: who connects is told by the kernel whom he speaks to
        self._listening = listening
        self._hello = _line(hello)
        self._changed = threading.Condition()
        self._unsaid: deque[bytes] = deque()
        self._engine: socket.socket | None = None
        self._closing = False
        self._speaker = threading.Thread(target=self._speak, name="talk", daemon=True)
        self._speaker.start()

    def heard(self) -> Iterator[Command | Engine]:
        """Engines and their commands as they come; without end."""
        while True:
            engine, _ = self._listening.accept()
            with self._changed:
                self._unsaid.appendleft(self._hello)
                self._engine = engine
                self._changed.notify()
            yield Engine.CAME
            with engine.makefile("rb") as lines, contextlib.suppress(ConnectionError):
                for line in lines:
                    try:
                        yield commands.validate_json(line)
                    except ValidationError as error:
                        log.error("command not understood: %s", error)
            with self._changed:
                self._engine = None
            engine.close()
            yield Engine.LEFT

    def send(self, message: Message) -> None:
        """Send a message. Never blocks: too much that nobody reads is dropped, a status or a picture at once."""
        with self._changed:
            if len(self._unsaid) < BACKLOG and (self._engine or not isinstance(message, Status | Picture)):
                self._unsaid.append(_line(message))
                self._changed.notify()

    def close(self) -> None:
        """Send what is waiting, if anybody listens, for two seconds at most."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._speaker.join(SAY_SECONDS)

    def _speak(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closing or (self._engine and self._unsaid))
                if self._engine is None or not self._unsaid:
                    return
                engine, line = self._engine, self._unsaid.popleft()
            with contextlib.suppress(OSError):  # it is gone; who listens for commands notices
                engine.sendall(line)


def _line(message: Message) -> bytes:
    return message.model_dump_json().encode() + b"\n"
