"""A player's own logos and intro, from the real S3 server and the real Supabase, cached and looked at before use."""

import io
import os
import struct
import threading
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from av.video.frame import VideoFrame

from ezrec_tui.config import Settings, load_settings
from ezrec_tui.delivery.media_source import CloudMedia
from ezrec_tui.delivery.player_media import PlayerMedia, Slot, prune_media
from ezrec_tui.delivery.store import Stopped
from ezrec_tui.folders import Folders
from ezrec_tui.jobs.media import Media
from ezrec_tui.model import Job, JobState
from ezrec_tui.video.media_check import picture_size
from tests.jobs.house import submit
from tests.jobs.process import WorkerProcess
from tests.peers.proxy import Proxy
from tests.peers.s3 import S3Bucket, s3_bucket, s3_server
from tests.peers.supabase import Supabase

__all__ = ["s3_bucket", "s3_server"]

USER = "player-7"


def picture(grey: int = 200, kind: str = ".png", size: int = 40) -> bytes:
    return cv2.imencode(kind, np.full((size // 2, size, 3), grey, np.uint8))[1].tobytes()


def bomb() -> bytes:
    """A PNG of a few bytes that claims 60,000 x 60,000 pixels."""
    head = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    data = b"IDAT" + zlib.compress(bytes(1000))
    chunks = [struct.pack(">I", len(one) - 4) + one + struct.pack(">I", zlib.crc32(one)) for one in (head, data)]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def clip(frames: int = 10, rate: int = 10) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = 160, 90, "yuv420p"
        for _ in range(frames):
            container.mux(stream.encode(VideoFrame.from_ndarray(np.full((135, 160), 60, np.uint8), "yuv420p")))
        container.mux(stream.encode(None))
    return file.getvalue()


class Venue:
    """A bucket with players' media, and the media as a worker has them."""

    def __init__(self, bucket: S3Bucket, folder: Path, settings: Settings) -> None:
        self.bucket, self.folder = bucket, folder
        self.client = bucket.server.client()
        self.media = Media(folder, lambda: CloudMedia(settings))

    def put(self, key: str, data: bytes) -> None:
        self.client.put_object(Bucket=self.bucket.name, Key=key, Body=data)

    def of(self, user: str = USER) -> PlayerMedia:
        return self.media.of(user, lambda: False)


def settings_of(bucket: S3Bucket, port: int | None = None, **others: Any) -> dict[str, Any]:
    return {
        "aws_s3_bucket": "another-bucket",
        "aws_user_media_bucket": bucket.name,
        "aws_access_key_id": bucket.server.access_key,
        "aws_secret_access_key": bucket.server.secret_key,
        "s3_endpoint_url": f"http://127.0.0.1:{port or bucket.server.port}",
        **others,
    }


@pytest.fixture
def venue(s3_bucket: S3Bucket, tmp_path: Path) -> Venue:
    return Venue(s3_bucket, tmp_path / "media", load_settings(_env_file=None, **settings_of(s3_bucket)))


def test_what_lies_at_the_agreed_places_is_used(venue: Venue) -> None:
    venue.put(f"{USER}/logo/logo.png", picture())
    venue.put(f"{USER}/intro-video/intro.mp4", clip())
    venue.put(f"{USER}/sponsor-logo2/logo2.png", picture(kind=".jpg"))
    found = venue.of()
    assert {slot: path.relative_to(venue.folder) for slot, path in found.files.items()} == {
        Slot.LOGO: Path(USER, "logo.png"),
        Slot.INTRO: Path(USER, "intro.mp4"),
        Slot.SPONSOR_2: Path(USER, "sponsor-logo2.png"),
    }
    assert found.files[Slot.LOGO].read_bytes() == picture()
    assert found.reasons == ()


def test_a_player_without_media_is_no_word_worth(venue: Venue) -> None:
    assert venue.of("nobody") == PlayerMedia({})


def test_the_settings_of_a_player_name_other_places(venue: Venue, supabase: Supabase, s3_bucket: S3Bucket) -> None:
    venue.put("shared/club.png", picture(90))
    venue.put(f"{USER}/logo/logo.png", picture(10))
    supabase.sql(
        "INSERT INTO user_settings (user_id, logo_path, intro_video_path) VALUES (%s, %s, %s)",
        USER, "/shared/club.png", "shared/gone.mp4",
    )  # fmt: skip
    media = Media(venue.folder, lambda: CloudMedia(supabase.settings(**settings_of(s3_bucket))))
    found = media.of(USER, lambda: False)
    assert found.files[Slot.LOGO].read_bytes() == picture(90)
    assert found.reasons == (
        "the player's intro cannot be used: nothing lies at shared/gone.mp4; the venue's is used, if there is one",
    )
    supabase.sql("DELETE FROM user_settings")
    assert media.of(USER, lambda: False).files[Slot.LOGO].read_bytes() == picture(10)


def test_without_the_table_of_settings_the_agreed_places_are_used(
    venue: Venue, supabase: Supabase, s3_bucket: S3Bucket
) -> None:
    venue.put(f"{USER}/logo/logo.png", picture())
    with supabase.altered("DROP TABLE user_settings") as other:
        media = Media(venue.folder, lambda: CloudMedia(other.settings(**settings_of(s3_bucket))))
        found = media.of(USER, lambda: False)
    assert (list(found.files), found.reasons) == ([Slot.LOGO], ())


def test_what_did_not_change_is_not_sent_again(venue: Venue, s3_bucket: S3Bucket) -> None:
    large = np.random.default_rng(7).integers(0, 255, (400, 400, 3), np.uint8)
    venue.put(f"{USER}/logo/logo.png", cv2.imencode(".png", large)[1].tobytes())
    with Proxy(s3_bucket.server.port) as line:
        settings = load_settings(_env_file=None, **settings_of(s3_bucket, line.port))
        media = Media(venue.folder, lambda: CloudMedia(settings))
        assert media.of(USER, lambda: False).files
        first = line.down
        assert media.of(USER, lambda: False).files
        assert line.down - first < first / 10


def test_a_new_one_replaces_the_cached_one_and_a_deleted_one_goes(venue: Venue) -> None:
    venue.put(f"{USER}/logo/logo.png", picture(10))
    venue.of()
    venue.put(f"{USER}/logo/logo.png", picture(90))
    assert venue.of().files[Slot.LOGO].read_bytes() == picture(90)
    venue.client.delete_object(Bucket=venue.bucket.name, Key=f"{USER}/logo/logo.png")
    assert venue.of() == PlayerMedia({})


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no PNG"),
        (b"<html>log in</html>", "no PNG"),
        (picture()[:60], "damaged"),
        (bomb(), "60000x60000"),
        (bytes(10_000_001), "MB, more than 10"),
    ],
    ids=["empty", "web page", "cut off", "bomb", "too large"],
)
def test_a_broken_logo_leaves_the_cached_one_in_use_and_says_why(venue: Venue, data: bytes, why: str) -> None:
    venue.put(f"{USER}/logo/logo.png", picture())
    venue.of()
    venue.put(f"{USER}/logo/logo.png", data)
    for _ in range(2):  # told each time, fetched once
        found = venue.of()
        assert found.files[Slot.LOGO].read_bytes() == picture()
        (reason,) = found.reasons
        assert why in reason
        assert reason.endswith("; the one from before is used")
    venue.put(f"{USER}/logo/logo.png", picture(90))
    found = venue.of()
    assert (found.files[Slot.LOGO].read_bytes(), found.reasons) == (picture(90), ())


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"no video" * 100, "no video"), (clip(400, rate=2), "it lasts 200 s")],
    ids=["no video", "too long"],
)
def test_an_intro_that_cannot_be_used_is_left_to_the_venues(venue: Venue, data: bytes, why: str) -> None:
    venue.put(f"{USER}/intro-video/intro.mp4", data)
    found = venue.of()
    assert found.files == {}
    assert why in found.reasons[0]
    assert not list(venue.folder.rglob("*.partial"))


@pytest.mark.parametrize("fault", [Proxy.refuse, Proxy.black_hole])
def test_while_the_line_is_down_what_is_known_is_used(
    venue: Venue, s3_bucket: S3Bucket, fault: Callable[[Proxy], None]
) -> None:
    venue.put(f"{USER}/logo/logo.png", picture())
    with Proxy(s3_bucket.server.port) as line:
        settings = load_settings(_env_file=None, **settings_of(s3_bucket, line.port))
        media = Media(venue.folder, lambda: CloudMedia(settings), seconds=2)
        assert media.of(USER, lambda: False).files
        fault(line)
        found = media.of(USER, lambda: False)
        assert (found.files[Slot.LOGO].read_bytes(), found.reasons) == (picture(), ())
        other = media.of("another", lambda: False)
    assert other.files == {}
    assert other.reasons[0].startswith("the player's own logos and intro cannot be looked for: ")


def test_a_cancelled_job_waits_for_no_media(venue: Venue, s3_bucket: S3Bucket) -> None:
    asked = threading.Event()

    def cancelled() -> bool:
        asked.set()
        return True

    with Proxy(s3_bucket.server.port) as line:
        line.black_hole()
        settings = load_settings(_env_file=None, **settings_of(s3_bucket, line.port))
        with pytest.raises(Stopped):
            Media(venue.folder, lambda: CloudMedia(settings), seconds=600).of(USER, cancelled)
    assert asked.is_set()


@pytest.mark.parametrize("user", ["../escape", "a/b", "..", "", "ünïcode @ player"])
def test_no_users_name_leads_out_of_the_cache(venue: Venue, user: str) -> None:
    venue.put("escape/logo/logo.png", picture())
    venue.of(user)
    assert all(path.is_relative_to(venue.folder) for path in venue.folder.parent.rglob("*.png"))


def test_a_picture_says_its_size_in_its_head() -> None:
    for kind in (".png", ".jpg", ".webp"):
        assert picture_size(picture(kind=kind, size=64)) == (64, 32), kind
    for cut in range(40):
        assert picture_size(picture(kind=".jpg")[:cut]) in (None, (40, 20))
    assert picture_size(b"GIF89a") is None


def test_a_video_gets_its_players_intro_and_says_what_it_did_without(tmp_path: Path, s3_bucket: S3Bucket) -> None:
    folders = Folders(tmp_path / "data", load_settings(_env_file=None).timezone)
    client = s3_bucket.server.client()
    client.put_object(Bucket=s3_bucket.name, Key=f"{USER}/intro-video/intro.mp4", Body=clip(20))
    client.put_object(Bucket=s3_bucket.name, Key=f"{USER}/logo/logo.png", Body=b"no picture")
    settings = {name.upper(): value for name, value in settings_of(s3_bucket).items()}
    with WorkerProcess(folders.data, {**settings, "AWS_S3_BUCKET": s3_bucket.name}) as worker:
        worker.say(submit(folders, "b1"))
        done: Job = worker.wait_for_state("b1", JobState.DONE, JobState.FAILED)
    assert done.state is JobState.DONE, done.error
    assert [line for line in done.fallbacks if "the player's logo cannot be used: it is no PNG" in line]
    with av.open(str(done.video)) as video:
        assert float(video.duration or 0) / 1e6 == pytest.approx(4.0, abs=0.2)


def test_players_who_were_not_there_for_long_are_forgotten(tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        for file in ("index.json", "logo.png"):
            (tmp_path / name / file).write_text("{}")
    (tmp_path / "converted").mkdir()
    for name in ("intro-old.nut", "intro-new.nut"):
        (tmp_path / "converted" / name).touch()
    for path in (tmp_path / "old" / "index.json", tmp_path / "converted" / "intro-old.nut"):
        os.utime(path, (0, 0))
    assert prune_media(tmp_path, datetime(2020, 1, 1, tzinfo=UTC)) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["converted", "new"]
    assert [path.name for path in (tmp_path / "converted").iterdir()] == ["intro-new.nut"]
