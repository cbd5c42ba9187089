"""What the house says when it is given what is wrong: real sentences, from the code that says them."""

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from botocore import exceptions as aws

from ezrec_tui.bookings.file import Contents, read, understand
from ezrec_tui.bookings.parse import Door
from ezrec_tui.bookings.source import Bookings
from ezrec_tui.cameras.camera import CameraError
from ezrec_tui.cameras.film import Film
from ezrec_tui.config import LogoPosition
from ezrec_tui.delivery.s3_errors import explain
from ezrec_tui.delivery.store import unreadable
from ezrec_tui.engine import camera_test, disk
from ezrec_tui.engine.foresight import ahead, item, missing_now
from ezrec_tui.engine.health import MachineHealth
from ezrec_tui.model import NS, Booking, CameraCount, CameraState, Firmware, Machine, MergeMethod
from ezrec_tui.video.brand import Logo, overlays
from ezrec_tui.video.method import settle
from ezrec_tui.video.probe import Colour, VideoError
from ezrec_tui.video.render import RenderJob, render
from ezrec_tui.video.rig_file import RigError, load_rig
from tests.tui import states


def refusal(code: str, status: int) -> aws.ClientError:
    """As a store's answer reaches us."""
    answer: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return aws.ClientError(answer, "PutObject")


def told(tmp_path: Path) -> Iterator[str]:
    """Sentences, as a screen gets them. Raises nothing."""
    at = {"start_time": "2026-05-30T18:00", "end_time": "2026-05-30T19:00"}
    rows: list[object] = [
        7,
        {},
        {"id": "x" * 300},
        {"id": "a\0"},
        {"id": ["a"]},
        {"id": True},
        {"id": 1e300},
        {"id": "a"},
        {"id": "a", "start_time": 5},
        {"id": "a", **at, "end_time": "2026-05-30T17:00"},
        {"id": "a", "start_time": "0001-01-01T00:00", "end_time": "0001-01-01T01:00"},
        {"id": "a", "start_time": "today at six", "end_time": "seven"},
        {"id": "a", "start_time": "18:00", "end_time": "19:00"},
        {"id": "a", "start_time": "18:00", "end_time": "19:00", "date": "tomorrow"},
        {"id": "a", **at, "status": {}},
        {"id": "a", **at, "status": "perhaps"},
        {"id": "a", **at, "status": "perhaps"},
    ]
    door, path = Door(UTC), tmp_path / "bookings.json"
    before = understand(path, Contents(rows), door, Bookings())
    for one in before.problems:
        yield str(one)
    for written in (b"", b"[", b"[1,]", b"{}", b"\xff", b'["a', b'{"a" 1}', b"[1e999]", b"[" * 100_000):
        path.write_bytes(written)
        yield from (str(one) for one in understand(path, read(path), door, before).problems)
    path.unlink()
    path.mkdir()
    yield from (str(one) for one in understand(path, read(path), door, before).problems)
    room = disk.Disk(lambda _total: 10**9).look(10**9 + 10**8, 10**11, disk.Use(10**7, 10**7))
    full = disk.Disk(lambda _total: 10**9).look(10**8, 10**11, disk.Use(10**7, 10**7))
    yield from (disk.item(one, "/data").detail for one in (room, full))
    notices = [*disk.notices(room, "/data"), *disk.notices(full, "/data")]
    soon = Booking(id="b", title="Ana", start=states.NOW + 9 * states.MINUTE, end=states.NOW + 99 * states.MINUTE)
    notices += ahead([soon], {1: "its recorder hangs in the kernel and cannot be ended"}, states.NOW)
    notices += missing_now([("b", "Ana")], {0: "no frame for 2 s"})
    yield from (words for notice in notices for words in (notice.what, notice.to_do))
    yield item({1: "no frame for 2 s"}).detail
    machine = Machine(
        cpu_percent=99,
        memory_total=100,
        memory_available=2,
        uptime_seconds=1,
        celsius=90,
        firmware=Firmware(under_voltage=True, slowed=True),
        network=False,
        clock_set=False,
    )
    health = MachineHealth(needs_network=True)
    for second in (0, 600):
        health.look(machine, second * NS)
    yield from (one.detail for one in health.items())
    stuck = camera_test.judge(
        states.camera(0).model_copy(update={"state": CameraState.LOST, "error": "the recorder is starting again"}),
        "",
        CameraCount(camera=0, serial="a"),
        (),
        None,
        30,
    )
    yield stuck.problem
    yield str(unreadable(path, FileNotFoundError()))
    yield str(unreadable(path, OSError(5, "Input/output error")))
    yield from settle(MergeMethod.PANORAMA, 1280, 0, 2)[1]
    with pytest.raises(RigError) as no_rig:
        load_rig(tmp_path)
    yield from settle(MergeMethod.PANORAMA, 1280, 100, 2, str(no_rig.value))[1]
    yield from settle(MergeMethod.FEATHER, 1280, 5000, 2)[1]
    yield from settle(MergeMethod.FEATHER, 1280, 100, 1)[1]
    logo = Logo(tmp_path / "none.png", LogoPosition.TOP_LEFT, 100, 100)
    yield from overlays((logo,), 640, 360, Colour())[1]
    nothing = tmp_path / "nothing.mp4"
    nothing.write_bytes(b"not a video")
    job = RenderJob((nothing, tmp_path / "none.mp4"), (), tmp_path / "out.mp4", 30, tmp_path)
    with pytest.raises(VideoError) as failure:
        render(job)
    yield str(failure.value)
    with pytest.raises(CameraError) as lost:
        Film(nothing)
    yield str(lost.value)
    for error in (
        aws.NoCredentialsError(),
        aws.ReadTimeoutError(endpoint_url="https://s3.example"),
        aws.EndpointConnectionError(endpoint_url="https://s3.example"),
        aws.SSLError(endpoint_url="https://s3.example", error=OSError()),
        refusal("InvalidAccessKeyId", 403),
        refusal("NoSuchBucket", 404),
        refusal("AccessDenied", 403),
        refusal("RequestTimeTooSkewed", 403),
        refusal("StorageFull", 507),
        refusal("PermanentRedirect", 301),
        refusal("SlowDown", 503),
        refusal("403", 403),
        refusal("Teapot", 418),
        refusal("NotImplemented", 501),
        refusal("", 200),
    ):
        yield f"no video of Ana yet: {explain(error, bucket='videos', host='s3.example', secrets=())}"
