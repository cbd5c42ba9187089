"""The engine's API, seen from the other side: used by the screen, the command line and the demo.

    engine = EngineClient(settings.socket)
    snapshot = await engine.snapshot()
    answer = await engine.stop(booking_id)

From code that is not async: `asyncio.run(engine.stop(booking_id))`. Every call opens its own connection, so a client
outlives any number of engines. HTTPX is imported with the first call, so that a screen can be painted before.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

from pydantic import BaseModel, TypeAdapter, ValidationError

from ezrec_tui.log_lines import LogLine
from ezrec_tui.model import (
    Acknowledge,
    AddHighlight,
    Alert,
    Answer,
    Booking,
    Calibrate,
    CameraPicture,
    CheckPin,
    DoneAct,
    ExtendRecording,
    Job,
    MergeMethod,
    NewBooking,
    RigPicture,
    SetMethod,
    SetPriority,
    ShareLink,
    ShareVideo,
    Snapshot,
    StartRecording,
    VideoRecord,
)

if TYPE_CHECKING:
    import httpx

ANSWER_SECONDS = 10.0
"""How long an act may take until the engine is held to be unreachable."""

SILENCE_SECONDS = 6.0
"""How long the stream may be silent: three of the engine's heartbeats."""

LONGEST_LINE = 8_000_000
"""Characters of one line of the stream; more is not an engine."""

VIEWER_HEADER = "X-Ezrec-Viewer"
"""Who sits before the screen or the command line, percent-encoded; the engine takes it as his own word."""

LONGEST_VIEWER = 200
"""Characters of that."""

T = TypeVar("T")


class EngineError(Exception):
    """The engine answered, and not with what its API promises."""


class EngineUnreachable(EngineError):
    """No engine answers on the socket, or it fell silent. Whether an act was done is then not known."""


class EngineClient:
    """Speaks to the engine on the Unix socket `socket`. All methods raise EngineError and EngineUnreachable.

    `viewer` says who sits here, for the audit log; the engine knows the user by itself.
    """

    def __init__(self, socket: Path, viewer: str = "") -> None:
        self.socket = socket
        self._said = {VIEWER_HEADER: quote(viewer[:LONGEST_VIEWER])} if viewer else {}

    # What is

    async def snapshot(self) -> Snapshot:
        return self._parse(TypeAdapter(Snapshot), await self._ask("GET", "/v1/snapshot"))

    async def bookings(self) -> list[Booking]:
        return self._parse(TypeAdapter(list[Booking]), await self._ask("GET", "/v1/bookings"))

    async def jobs(self) -> list[Job]:
        return self._parse(TypeAdapter(list[Job]), await self._ask("GET", "/v1/jobs"))

    async def job(self, booking_id: str) -> Job:
        return self._parse(TypeAdapter(Job), await self._ask("GET", f"/v1/jobs/{_segment(booking_id)}"))

    async def share_link(self, booking_id: str, hours: float | None = None) -> ShareLink:
        """A link to a delivered video, for so many hours."""
        path = f"/v1/jobs/{_segment(booking_id)}/link"
        return self._parse(TypeAdapter(ShareLink), await self._ask("POST", path, ShareVideo(hours=hours)))

    async def videos(self) -> list[VideoRecord]:
        """The local record of published videos."""
        return self._parse(TypeAdapter(list[VideoRecord]), await self._ask("GET", "/v1/videos"))

    async def log(self, lines: int = 200) -> list[LogLine]:
        """The end of the engine's log, oldest line first."""
        return self._parse(TypeAdapter(list[LogLine]), await self._ask("GET", f"/v1/log?lines={lines}"))

    async def alerts(self) -> list[Alert]:
        """Those that were seen as well, newest first."""
        return self._parse(TypeAdapter(list[Alert]), await self._ask("GET", "/v1/alerts"))

    async def acts(self, count: int = 200) -> list[DoneAct]:
        """The newest lines of the audit log, newest first."""
        return self._parse(TypeAdapter(list[DoneAct]), await self._ask("GET", f"/v1/acts?count={count}"))

    async def preview(self) -> list[CameraPicture]:
        """What the cameras see now, left to right; one that gives no picture within a second is left out."""
        return self._parse(TypeAdapter(list[CameraPicture]), await self._ask("GET", "/v1/preview"))

    async def rig_picture(self) -> RigPicture:
        """What the joined picture looked like when it was calibrated. EngineError where it never was."""
        return self._parse(TypeAdapter(RigPicture), await self._ask("GET", "/v1/cameras/rig-picture"))

    async def follow(self) -> AsyncGenerator[Snapshot]:
        """Snapshots as they change, the newest first of all; those a slow reader missed are left out, unparsed.

        Ends only by an error: the caller decides when to try again. Close it with `contextlib.aclosing`.
        """
        newest: asyncio.Queue[str | EngineError] = asyncio.Queue(maxsize=1)
        reader = asyncio.create_task(self._read_stream(newest))
        try:
            while True:
                item = await newest.get()
                if isinstance(item, EngineError):
                    raise item
                yield self._parse(TypeAdapter(Snapshot), item)
        finally:
            reader.cancel()
            await asyncio.wait([reader])

    # Acts

    async def start(self, recording: StartRecording) -> Answer:
        """Record at once, outside any booking."""
        return await self._act("POST", "/v1/recordings", recording)

    async def stop(self, booking_id: str) -> Answer:
        return await self._act("POST", f"/v1/recordings/{_segment(booking_id)}/stop")

    async def resume(self, booking_id: str) -> Answer:
        """Undo a stop, within the seconds the engine grants."""
        return await self._act("POST", f"/v1/recordings/{_segment(booking_id)}/resume")

    async def extend(self, booking_id: str, minutes: float) -> Answer:
        """Move the end of a running recording; a negative number of minutes shortens it."""
        body = ExtendRecording(minutes=minutes)
        return await self._act("POST", f"/v1/recordings/{_segment(booking_id)}/extend", body)

    async def highlight(self, booking_id: str, label: str = "") -> Answer:
        """Mark this moment."""
        body = AddHighlight(label=label)
        return await self._act("POST", f"/v1/recordings/{_segment(booking_id)}/highlight", body)

    async def book(self, booking: NewBooking) -> Answer:
        return await self._act("POST", "/v1/bookings", booking)

    async def cancel_booking(self, booking_id: str) -> Answer:
        return await self._act("DELETE", f"/v1/bookings/{_segment(booking_id)}")

    async def retry_job(self, booking_id: str) -> Answer:
        return await self._act("POST", f"/v1/jobs/{_segment(booking_id)}/retry")

    async def cancel_job(self, booking_id: str) -> Answer:
        return await self._act("POST", f"/v1/jobs/{_segment(booking_id)}/cancel")

    async def pause_job(self, booking_id: str) -> Answer:
        """Let a job wait until `resume_job`."""
        return await self._act("POST", f"/v1/jobs/{_segment(booking_id)}/pause")

    async def resume_job(self, booking_id: str) -> Answer:
        return await self._act("POST", f"/v1/jobs/{_segment(booking_id)}/resume")

    async def set_priority(self, booking_id: str, priority: int) -> Answer:
        body = SetPriority(priority=priority)
        return await self._act("POST", f"/v1/jobs/{_segment(booking_id)}/priority", body)

    async def swap_cameras(self) -> Answer:
        return await self._act("POST", "/v1/cameras/swap")

    async def test_cameras(self) -> Answer:
        """Record a few seconds of each camera; what came out is in the snapshot."""
        return await self._act("POST", "/v1/cameras/test")

    async def calibrate(self, booking_id: str | None = None) -> Answer:
        """Find out how the cameras stand to each other; what came out is in the snapshot."""
        return await self._act("POST", "/v1/cameras/calibrate", Calibrate(booking_id=booking_id))

    async def set_method(self, method: MergeMethod) -> Answer:
        """How the videos of recordings from now on are joined."""
        return await self._act("POST", "/v1/method", SetMethod(method=method))

    async def check_pin(self, pin: str) -> Answer:
        """Whether it is the venue's PIN. Too many wrong ones are refused for a while, whoever asks."""
        return await self._act("POST", "/v1/pin", CheckPin(pin=pin))

    async def acknowledge(self, alert_id: int, by: str = "") -> Answer:
        return await self._act("POST", f"/v1/alerts/{alert_id}/acknowledge", Acknowledge(by=by))

    # The wire

    async def _act(self, method: str, path: str, body: BaseModel | None = None) -> Answer:
        return self._parse(TypeAdapter(Answer), await self._ask(method, path, body, refusal=True))

    async def _ask(self, method: str, path: str, body: BaseModel | None = None, *, refusal: bool = False) -> str:
        """The text of the answer. With `refusal` a 4xx is an answer too, else it is an error."""
        async with self._http(ANSWER_SECONDS) as http:
            response = await http.request(
                method,
                path,
                content=body.model_dump_json() if body else None,
                headers=self._said | ({"content-type": "application/json"} if body else {}),
            )
        if response.is_success or (refusal and response.is_client_error):
            return response.text
        try:
            reason = Answer.model_validate_json(response.text).message
        except ValidationError:
            reason = f"the engine answered {response.status_code} to {method} {path}"
        raise EngineError(reason)

    async def _read_stream(self, newest: asyncio.Queue[str | EngineError]) -> None:
        """Keep the newest snapshot's text in the queue of one; put the error in when the stream is over."""
        event, data = "", ""
        ended = EngineError("the stream of the engine broke")
        try:
            async with self._http(SILENCE_SECONDS) as http, http.stream("GET", "/v1/events") as stream:
                if not stream.is_success:
                    raise EngineError(f"the engine answered {stream.status_code} to GET /v1/events")
                async for line in _lines(stream.aiter_text()):
                    field, _, value = line.partition(":")
                    if field == "event":
                        event = value.strip()
                    elif field == "data":
                        data += value.removeprefix(" ")
                    elif not line:
                        if event == "snapshot" and data:
                            _replace(newest, data)
                        event, data = "", ""
            ended = EngineUnreachable("the engine ended the stream")
        except EngineError as error:
            ended = error
        finally:
            _replace(newest, ended)

    @asynccontextmanager
    async def _http(self, seconds: float) -> AsyncGenerator["httpx.AsyncClient"]:
        import httpx

        transport = httpx.AsyncHTTPTransport(uds=str(self.socket), verify=False, trust_env=False)
        try:
            async with httpx.AsyncClient(
                transport=transport, base_url="http://engine", timeout=seconds, trust_env=False
            ) as http:
                yield http
        except httpx.TimeoutException as error:
            raise EngineUnreachable(f"the engine has been silent for {seconds:.0f} s") from error
        except httpx.HTTPError as error:
            raise EngineUnreachable(f"no engine answers on {self.socket}") from error

    def _parse(self, kind: TypeAdapter[T], text: str) -> T:
        try:
            return kind.validate_json(text)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "the answer"
            raise EngineError(f"the engine speaks another version of its API ({where}: {first['msg']})") from error


async def _lines(texts: AsyncIterator[str]) -> AsyncIterator[str]:
    """Lines of server-sent events. Only CR and LF end one: JSON may hold other separators as they are."""
    rest = ""
    async for text in texts:
        *whole, rest = (rest + text).split("\n")
        if len(rest) > LONGEST_LINE:
            raise EngineError("the engine sends a line without an end")
        for line in whole:
            yield line.removesuffix("\r")


def _replace(newest: asyncio.Queue[T], item: T) -> None:
    while not newest.empty():
        newest.get_nowait()
    newest.put_nowait(item)


def _segment(booking_id: str) -> str:
    """A booking's id as one segment of a path, whatever it holds."""
    return quote(booking_id, safe="")
