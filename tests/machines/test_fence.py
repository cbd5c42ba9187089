"""The fence: whoever slept while his order was taken over writes nothing that counts when he wakes."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ezrec_tui.config import load_settings
from ezrec_tui.delivery.store import Stopped
from ezrec_tui.folders import Folders
from ezrec_tui.jobs.maker import Maker
from ezrec_tui.jobs.turn import Turn
from tests.machines.machines import SLOW, Machine, shared, wait_until
from tests.machines.staged import enqueue, farm, given, hand_to, progress, stage
from tests.peers.proxy import Proxy
from tests.peers.s3 import S3Bucket

KEY = "player-7/2026-03-01/b1.mp4"


@pytest.mark.parametrize(
    ("doing", "what"), [("frames", "taken over"), ("bytes", "taken over"), ("frames", "cancelled")]
)
def test_a_machine_that_loses_its_order_while_it_renders_or_uploads_delivers_nothing(
    doing: str, what: str, folders: Folders, tmp_path: Path, engine: Engine, s3_bucket: S3Bucket, jobs_url: str
) -> None:
    with Proxy(s3_bucket.server.port) as line:
        environment = shared(s3_bucket, jobs_url, line.port) | (SLOW if doing == "frames" else {})
        settings = load_settings(_env_file=None, **{name.lower(): value for name, value in environment.items()})
        order = stage(settings, folders, seconds=6)
        workflow = enqueue(order, jobs_url)
        hand_to(engine, "box-1")
        maker = Maker(settings.model_copy(update={"ezrec_data_dir": tmp_path / "box"}), "box-1")
        ended: list[BaseException] = []

        def make() -> None:
            try:
                maker.make(order, Turn(engine, workflow, "box-1", lambda: None))
            except BaseException as error:  # noqa: BLE001 (looked at below)
                ended.append(error)

        if doing == "bytes":
            line.throttle(15_000)
        thread = threading.Thread(target=make)
        thread.start()
        wait_until(lambda: progress(engine).unit == doing, f"it counts {doing}")
        if what == "cancelled":
            hand_to(engine, "box-1", "CANCELLED")
        else:
            hand_to(engine, "box-2")
        thread.join()
    assert [type(error) for error in ended] == [Stopped]
    assert KEY not in s3_bucket.objects()
    assert s3_bucket.unfinished() == []
    assert not list((tmp_path / "box" / "orders").iterdir())


def test_a_machine_that_slept_past_its_lease_changes_nothing_of_what_its_successor_made(
    folders: Folders, tmp_path: Path, engine: Engine, s3_bucket: S3Bucket, jobs_url: str
) -> None:
    environment = shared(s3_bucket, jobs_url) | SLOW
    settings = load_settings(_env_file=None, **{name.lower(): value for name, value in environment.items()})
    order = stage(settings, folders, seconds=4)
    enqueue(order, jobs_url)
    with (
        Proxy(s3_bucket.server.port) as line,
        Machine(tmp_path / "sleeper", shared(s3_bucket, jobs_url, line.port), short_lease=True) as sleeper,
    ):
        wait_until(lambda: progress(engine).unit == "frames", "it renders")
        sleeper.stop()
        with Machine(tmp_path / "successor", shared(s3_bucket, jobs_url)) as successor:
            successor.wait_to_say("is delivered")
            made, sent = s3_bucket.server.client().head_object(Bucket=s3_bucket.name, Key=KEY), line.taken
            sleeper.wake()
            sleeper.wait_to_say("begins anew")
            sleeper.wait_to_say("ready to make videos", times=2)
            assert line.taken == sent
            recorded = farm(settings).make(order, given(order), lambda _: None, lambda: False)
            assert successor.said(recorded.machine)
    now = s3_bucket.server.client().head_object(Bucket=s3_bucket.name, Key=KEY)
    assert (now["ETag"], now["LastModified"]) == (made["ETag"], made["LastModified"])
    assert s3_bucket.unfinished() == []
