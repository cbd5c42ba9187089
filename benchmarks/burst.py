"""An engine that never rests: as many snapshots a second as are asked for, to whoever follows. For the benchmark of
the screen alone; it decides nothing.

    python -m benchmarks.burst SOCKET SNAPSHOT.json RATE

Every snapshot has its number as the name of the recording, so that what a screen shows tells how old it is.
"""

import asyncio
import sys
import time
from pathlib import Path

from ezrec_tui.model import Snapshot

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nConnection: close\r\n\r\n"
STEP = 0.01
"""Seconds between two handfuls."""


async def serve(socket: Path, snapshot: Snapshot, rate: int) -> None:
    parts = _around_name(snapshot)

    async def follow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        if not asked.startswith(b"GET /v1/events "):
            writer.write(HEAD % b"application/json" + snapshot.model_dump_json().encode())
            writer.close()
            return
        writer.write(HEAD % b"text/event-stream")
        began, number = time.monotonic(), 0
        while not writer.is_closing():
            due = int((time.monotonic() - began) * rate)
            while number < due and not writer.is_closing():
                number += 1
                name = f"{number / rate:.2f}".encode()
                writer.write(b"event: snapshot\ndata: " + name.join(parts) + b"\n\n")
            try:
                await writer.drain()
            except ConnectionError:
                return
            await asyncio.sleep(STEP)

    server = await asyncio.start_unix_server(follow, socket)
    async with server:
        await server.serve_forever()


def _around_name(snapshot: Snapshot) -> tuple[bytes, ...]:
    """The snapshot's JSON, cut where the first recording's label stands."""
    mark = "@@label@@"
    first, *others = snapshot.recordings
    marked = snapshot.model_copy(update={"recordings": (first.model_copy(update={"label": mark}), *others)})
    return tuple(marked.model_dump_json().encode().split(mark.encode()))


if __name__ == "__main__":
    asyncio.run(
        serve(Path(sys.argv[1]), Snapshot.model_validate_json(Path(sys.argv[2]).read_bytes()), int(sys.argv[3]))
    )
