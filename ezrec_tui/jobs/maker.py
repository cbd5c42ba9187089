"""Makes and delivers the video of an order: fetches what is staged, renders, uploads, and tidies up."""

import logging
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from ezrec_tui.config import Settings
from ezrec_tui.delivery.s3 import S3Store
from ezrec_tui.delivery.s3_staging import Staging
from ezrec_tui.delivery.s3_target import S3Target
from ezrec_tui.delivery.store import Refused, Shut, Stopped, Unreachable
from ezrec_tui.jobs.facts import End
from ezrec_tui.jobs.order import PARCEL, Made, Order
from ezrec_tui.jobs.room import NoRoom, make_sure
from ezrec_tui.jobs.turn import Turn
from ezrec_tui.logs import about_booking
from ezrec_tui.model import Progress

PATIENCE_SECONDS = 600.0
"""How long a machine waits for the store before it gives an order back; what it has rendered is lost then."""
LONGEST_DELAY = 30.0
FOLDER = "orders"
"""In the data folder; nothing in it outlives its order."""

T = TypeVar("T")

log = logging.getLogger(__name__)


class Maker:
    """Makes one video at a time."""

    def __init__(self, settings: Settings, machine: str) -> None:
        """Raises Shut for settings that do not hold, OSError when the data folder cannot be written."""
        self._settings, self._machine = settings, machine
        self._data = settings.ezrec_data_dir.absolute()
        self._store = S3Store(S3Target.of(settings), self._data)
        shutil.rmtree(self._data / FOLDER, ignore_errors=True)
        (self._data / FOLDER).mkdir(parents=True)

    def make(self, order: Order, turn: Turn) -> Made:
        """What came of it. Raises Stopped when it is no longer this machine's."""
        with about_booking(order.booking_id):
            return self._outcome(order, turn)

    def _outcome(self, order: Order, turn: Turn) -> Made:
        folder = self._data / FOLDER / order.mark
        began = time.monotonic()
        log.info("the video is begun")
        try:
            folder.mkdir()
            made = self._make(order, turn, folder)
        except (Unreachable, NoRoom) as error:
            return self._failed(End.UNREACHABLE, str(error))
        except Shut as error:
            return self._failed(End.SHUT, str(error))
        except Refused as error:
            return self._failed(End.REFUSED, str(error))
        except OSError as error:
            why = f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error)
            return self._failed(End.REFUSED, why)
        except Stopped:
            log.warning("the video is no longer this machine's to make")
            raise
        except Exception as error:
            log.exception("the video is not made: a defect")
            return Made(end=End.FAILED, why=f"{type(error).__name__}: {error}", machine=self._machine)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        log.info("the video is delivered after %.1f s", time.monotonic() - began)
        return made

    def _failed(self, end: End, why: str) -> Made:
        log.warning("the video is not made: %s", why)
        return Made(end=end, why=why, machine=self._machine)

    def _make(self, order: Order, turn: Turn, folder: Path) -> Made:
        from ezrec_tui.jobs.parcel import Unfit, names, read_job, unpack  # decoders and pictures: late, as elsewhere
        from ezrec_tui.video.probe import VideoError
        from ezrec_tui.video.render import Stopped as RenderStopped
        from ezrec_tui.video.render import render

        staging = Staging(self._settings, self._store, order.mark)

        def fetch(name: str) -> None:
            make_sure(folder, 0, self._settings)
            self._patiently(lambda: staging.fetch(name, folder / name, turn.is_over), turn)

        try:
            fetch(PARCEL)
            job = read_job((folder / PARCEL).read_bytes())
            for name in names(job):
                fetch(name)
            job = unpack(job, folder, self._data / "converted")
            began = time.monotonic()
            result = render(job, lambda progress: self._report(turn, progress), turn.is_over)
        except (Unfit, VideoError) as error:
            raise Refused(str(error).replace(f"{folder}/", ""), "") from error
        except RenderStopped as error:
            raise Stopped from error
        took = time.monotonic() - began
        stored = self._patiently(
            lambda: self._store.put(
                result.video, order.key, recording=order.mark, on_progress=turn.report, should_stop=turn.is_over
            ),
            turn,
        )
        proof = self._patiently(lambda: self._store.prove(result.video, stored.key), turn)
        if proof is None:
            raise Unreachable(f"{stored.key} is not what was delivered.", "It is made again.")
        return Made(
            end=End.DONE,
            machine=self._machine,
            frames=result.frames,
            duration_seconds=result.duration_seconds,
            method=result.method,
            fallbacks=tuple(line.replace(f"{folder}/", "") for line in result.fallbacks),
            render_seconds=round(took, 3),
            url=stored.url,
            proof=proof,
        )

    def _report(self, turn: Turn, progress: Progress) -> None:
        turn.report(progress)
        make_sure(self._data, 0, self._settings)

    def _patiently(self, call: Callable[[], T], turn: Turn) -> T:
        """Make a call of the store, and make it again while the line is down. Raises Stopped."""
        until = time.monotonic() + PATIENCE_SECONDS
        delay = 1.0
        while True:
            try:
                return call()
            except Unreachable:
                if time.monotonic() > until:
                    raise
            resume = time.monotonic() + delay
            while time.monotonic() < resume:
                if turn.is_over():
                    raise Stopped
                time.sleep(0.2)
            delay = min(delay * 2, LONGEST_DELAY)
