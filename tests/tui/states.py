"""Snapshots as an engine would send them, in the states a screen has to show; and a clock that the tests own."""

import asyncio
from base64 import b64encode
from datetime import UTC, datetime, timedelta

from ezrec_tui.log_lines import LogLine
from ezrec_tui.model import (
    Alert,
    Banner,
    Booking,
    BookingSource,
    BookingStatus,
    Calibration,
    CameraPicture,
    CameraState,
    CameraStatus,
    CameraTest,
    CameraTestResult,
    DoneAct,
    HealthItem,
    Job,
    JobState,
    JobStep,
    Level,
    MergeMethod,
    Progress,
    RecordingState,
    RecordingStatus,
    RigPicture,
    RigStatus,
    Setup,
    Snapshot,
    UpcomingBooking,
)
from ezrec_tui.tui.app import SHORTEST_FRAME
from tests.clock import OwnedClock

NOW = datetime(2025, 6, 14, 12, 47, 12, tzinfo=UTC)
"""14:47:12 in Madrid, a Saturday."""

MINUTE = timedelta(minutes=1)


class ScreenClock(OwnedClock):
    """Stands still while somebody sleeps, and that not for long: a screen waits for the next snapshot or picture, and
    time is the test's alone. Between two pictures the screen comes to rest, which Textual's pilot waits for."""

    def __init__(self) -> None:
        super().__init__(NOW)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0.1 if seconds > SHORTEST_FRAME else SHORTEST_FRAME / 20)


def camera(index: int, state: CameraState = CameraState.IDLE) -> CameraStatus:
    recording = state is CameraState.RECORDING
    return CameraStatus(
        index=index,
        serial=f"/base/soc/i2c0mux/i2c@{index}/imx477@1a",
        state=state,
        fps=30.0 if recording else 2.0,
        captured=84_960 if recording else 0,
        bitrate=(6_020_000 - 90_000 * index) if recording else 0,
        bytes_written=2_124_000_000 + 3_000_000 * index if recording else 0,
        growing=recording,
        offset_ms=(-0.4, 0.4)[index] if recording else None,
    )


def upcoming(*, from_now: timedelta = 43 * MINUTE) -> tuple[UpcomingBooking, ...]:
    names = ("Lucía Fernández", "Club Pádel Norte", "marc@example.com", "Torneo sub-16 (semifinal)")
    starts = (NOW + from_now, NOW + from_now + 60 * MINUTE, NOW + from_now + 210 * MINUTE, NOW + timedelta(days=1))
    sources = (BookingSource.SUPABASE, BookingSource.SUPABASE, BookingSource.FILE, BookingSource.SUPABASE)
    return tuple(
        UpcomingBooking(
            booking_id=f"next-{number}",
            label=name,
            start=_round(start),
            end=_round(start) + 60 * MINUTE,
            source=source,
        )
        for number, (name, start, source) in enumerate(zip(names, starts, sources, strict=True))
    )


def _round(at: datetime) -> datetime:
    return at.replace(minute=at.minute // 15 * 15, second=0)


HEALTH = (
    HealthItem(key="disk", value=41.0, unit="h"),
    HealthItem(key="temperature", value=52.4, unit="°C"),
    HealthItem(key="network"),
    HealthItem(key="clock"),
    HealthItem(key="store"),
    HealthItem(key="database"),
)

DONE = Job(
    booking_id="b-10",
    label="Equipo Azul",
    state=JobState.DONE,
    step=JobStep.CLEAN_UP,
    created_at=NOW - 130 * MINUTE,
    finished_at=NOW - 118 * MINUTE,
    video="/var/lib/ezrec/processed/2025-06-14/b-10.mp4",
)
SINGLE = DONE.model_copy(
    update={
        "booking_id": "b-9",
        "label": "Jorge Ibáñez",
        "finished_at": NOW - 190 * MINUTE,
        "fallbacks": ("camera 2 gave no footage from 11:02:11 to 11:09:40 (449 s)",),
    }
)
RENDERING = Job(
    booking_id="b-11",
    label="Ana García",
    state=JobState.RUNNING,
    step=JobStep.RENDER,
    progress=Progress(done=66_960, total=108_000, unit="frames", rate=84.6, seconds_left=485),
    created_at=NOW - 50 * MINUTE,
)
UPLOADING = Job(
    booking_id="b-12",
    label="Pista 3 mañana",
    state=JobState.RUNNING,
    step=JobStep.UPLOAD,
    progress=Progress(done=3.1e9, total=5.4e9, unit="bytes", rate=2.3e6, seconds_left=1000),
    created_at=NOW - 70 * MINUTE,
)
QUEUED = Job(booking_id="b-13", label="Escuela infantil", state=JobState.QUEUED, created_at=NOW - 20 * MINUTE)
FAILED = Job(
    booking_id="b/14 ?",
    label="Veteranos",
    state=JobState.FAILED,
    step=JobStep.UPLOAD,
    attempts=8,
    error=(
        "s3.eu-west-1.amazonaws.com does not accept the key (InvalidAccessKeyId)."
        " Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
    ),
    created_at=NOW - 200 * MINUTE,
)


SETUP = Setup(width=1920, height=1080, fps=30, bitrate=6_000_000, method=MergeMethod.FEATHER, asked=MergeMethod.FEATHER)


def idle() -> Snapshot:
    return Snapshot(
        sequence=1,
        engine_id="engine-a",
        at=NOW,
        timezone="Europe/Madrid",
        version="0.1.0",
        banner=Banner.IDLE,
        setup=SETUP,
        cameras=(camera(0), camera(1)),
        overlap=0.125,
        upcoming=upcoming(),
        jobs=(RENDERING, QUEUED, DONE),
        health=HEALTH,
    )


RUNNING = RecordingStatus(
    booking_id="b/20 ?",
    label="Carlos Ruiz Gómez",
    start=NOW - 47 * MINUTE - timedelta(seconds=12),
    end=NOW + 42 * MINUTE + timedelta(seconds=48),
    state=RecordingState.RECORDING,
    frames=(84_960, 84_959),
)


def recording() -> Snapshot:
    return idle().model_copy(
        update={
            "sequence": 2,
            "banner": Banner.RECORDING,
            "recordings": (RUNNING,),
            "cameras": (camera(0, CameraState.RECORDING), camera(1, CameraState.RECORDING)),
            "jobs": (RENDERING, UPLOADING, QUEUED, DONE, SINGLE),
        }
    )


def stopped() -> Snapshot:
    stop = RUNNING.model_copy(
        update={"state": RecordingState.STOPPED, "resume_until": NOW + timedelta(seconds=9), "end": NOW}
    )
    return idle().model_copy(update={"sequence": 3, "recordings": (stop,)})


LOST_CAMERA = Alert(
    id=7,
    at=NOW - 2 * MINUTE,
    level=Level.FAILED,
    what="camera 2 is missing in the recording of Carlos Ruiz Gómez: no frame for 2 s",
    to_do=("check the camera's cable and power; it goes on in the same recording by itself when it is back"),
)
REFUSED_KEY = Alert(
    id=6,
    at=NOW - 200 * MINUTE,
    level=Level.FAILED,
    what=f"no video of Veteranos yet: {FAILED.error}",
    to_do="mend the cause, then try the job again; the footage is kept",
    booking_id="b/14 ?",
)


def trouble() -> Snapshot:
    """Recording with one camera lost, a failed job, a full disk ahead and no database."""
    lost = camera(1, CameraState.LOST).model_copy(
        update={"fps": 0.0, "dropped": 412, "bytes_written": 1_980_000_000, "error": "no frame for 2 s"}
    )
    health = (
        HealthItem(
            key="disk",
            level=Level.WARNING,
            value=3.5,
            unit="h",
            detail="3.5 h of recording left; make room in /var/lib/ezrec",
        ),
        *HEALTH[1:5],
        HealthItem(key="database", level=Level.FAILED, detail="Supabase does not answer in time"),
    )
    return recording().model_copy(
        update={
            "sequence": 4,
            "banner": Banner.ALERT,
            "cameras": (camera(0, CameraState.RECORDING), lost),
            "jobs": (FAILED, RENDERING, QUEUED, DONE, SINGLE),
            "health": health,
            "alerts": (LOST_CAMERA, REFUSED_KEY),
        }
    )


def armed() -> Snapshot:
    """A booking begins in three minutes; the cameras run, and nothing is written yet."""
    cameras = (camera(0, CameraState.ARMED), camera(1, CameraState.ARMED))
    coming = upcoming(from_now=3 * MINUTE)
    first = coming[0].model_copy(update={"start": NOW + 3 * MINUTE, "end": NOW + 63 * MINUTE})
    return idle().model_copy(
        update={"sequence": 10, "banner": Banner.ARMED, "cameras": cameras, "upcoming": (first, *coming[1:])}
    )


def starting() -> Snapshot:
    """The first second of a recording."""
    begun = RUNNING.model_copy(update={"state": RecordingState.STARTING, "start": NOW, "frames": (0, 0)})
    cameras = (camera(0, CameraState.STARTING), camera(1, CameraState.STARTING))
    return recording().model_copy(
        update={"sequence": 11, "banner": Banner.STARTING, "recordings": (begun,), "cameras": cameras}
    )


def finishing() -> Snapshot:
    """The last second of one."""
    ended = RUNNING.model_copy(update={"state": RecordingState.FINISHING, "end": NOW})
    return idle().model_copy(update={"sequence": 12, "banner": Banner.FINISHING, "recordings": (ended,)})


def camera_lost() -> Snapshot:
    """Recording goes on with the left camera alone; nothing else is wrong."""
    snapshot = trouble()
    return snapshot.model_copy(
        update={"sequence": 13, "jobs": recording().jobs, "health": HEALTH, "alerts": (LOST_CAMERA,)}
    )


def disk_low() -> Snapshot:
    """Recording, and the disk takes a few hours more."""
    alert = Alert(
        id=8,
        at=NOW - 9 * MINUTE,
        level=Level.WARNING,
        what="less than 4 hours of recording fit on the disk",
        to_do="make room in /var/lib/ezrec: move old recordings and videos to another disk",
    )
    health = (trouble().health[0], *HEALTH[1:])
    return recording().model_copy(update={"sequence": 14, "health": health, "alerts": (alert,)})


def offline() -> Snapshot:
    """Recording without a network: neither the database nor the store can be reached, and the video waits."""
    host = "s3.eu-west-1.amazonaws.com does not answer in time."
    waiting = UPLOADING.model_copy(
        update={
            "state": JobState.WAITING,
            "attempts": 3,
            "error": f"{host} It is tried again by itself.",
            "retry_at": NOW + timedelta(seconds=95),
        }
    )
    health = (
        *HEALTH[:4],
        HealthItem(key="store", level=Level.FAILED, detail=host),
        HealthItem(key="database", level=Level.FAILED, detail="Supabase does not answer in time"),
    )
    return recording().model_copy(update={"sequence": 15, "jobs": (waiting, QUEUED, DONE), "health": health})


def upload_failing() -> Snapshot:
    """A video that nobody can have before somebody has mended the key."""
    return idle().model_copy(
        update={"sequence": 16, "banner": Banner.ALERT, "jobs": (FAILED, QUEUED, DONE), "alerts": (REFUSED_KEY,)}
    )


LONG = "Campeonato Interautonómico de Pádel por Equipos de Veteranos, fase de grupos, segunda jornada " * 2


def long_names() -> Snapshot:
    """Every name from outside is longer than any line."""
    return _with_names(trouble(), LONG.strip()).model_copy(update={"sequence": 17})


HOSTILE = "[red]x[/red] [link=http://evil]\x1b[31mBÖSE\x07\u202e\u0000 ]]1;title\x9d {end} \U0001f3be"


def hostile() -> Snapshot:
    """Every name from outside tries to be more than a name."""
    return _with_names(trouble(), HOSTILE)


def _with_names(snapshot: Snapshot, name: str) -> Snapshot:
    """The snapshot with that name in place of all names, and of all sentences."""
    return snapshot.model_copy(
        update={
            "recordings": tuple(one.model_copy(update={"label": name}) for one in snapshot.recordings),
            "upcoming": tuple(one.model_copy(update={"label": name}) for one in snapshot.upcoming),
            "jobs": tuple(one.model_copy(update={"label": name, "error": name}) for one in snapshot.jobs),
            "alerts": tuple(one.model_copy(update={"what": name, "to_do": name}) for one in snapshot.alerts),
            "cameras": tuple(one.model_copy(update={"error": name}) for one in snapshot.cameras),
            "health": tuple(one.model_copy(update={"detail": name}) for one in snapshot.health),
        }
    )


def overlapping() -> Snapshot:
    """One recording runs, a second one overlaps it, a third was stopped a second ago."""
    second = RUNNING.model_copy(
        update={
            "booking_id": "b-21",
            "label": "Torneo sub-16 (semifinal)",
            "start": NOW - 12 * MINUTE,
            "end": NOW + 78 * MINUTE,
        }
    )
    third = RUNNING.model_copy(
        update={
            "booking_id": "b-22",
            "label": "Clase de Marta",
            "state": RecordingState.STOPPED,
            "resume_until": NOW + timedelta(seconds=9),
            "end": NOW,
        }
    )
    return recording().model_copy(update={"sequence": 6, "recordings": (RUNNING, second, third)})


def busy_jobs() -> Snapshot:
    """Every state that a video can be in."""
    waiting = UPLOADING.model_copy(
        update={
            "booking_id": "b-16",
            "label": "Liga de los jueves",
            "state": JobState.WAITING,
            "attempts": 3,
            "error": "s3.eu-west-1.amazonaws.com does not answer in time. It is tried again by itself.",
            "retry_at": NOW + timedelta(seconds=95),
        }
    )
    paused = RENDERING.model_copy(
        update={"booking_id": "b-17", "label": "Entrenamiento", "state": JobState.PAUSED, "priority": 12}
    )
    cancelled = DONE.model_copy(update={"booking_id": "b-8", "label": "Prueba", "state": JobState.CANCELLED})
    delivered = DONE.model_copy(
        update={"url": "https://videos.s3.eu-west-1.amazonaws.com/ana/2025-06-14/equipo-azul.mp4"}
    )
    jobs = (FAILED, RENDERING, waiting, paused, QUEUED, delivered, SINGLE, cancelled)
    return trouble().model_copy(update={"sequence": 7, "jobs": jobs})


def bookings() -> list[Booking]:
    """A weekend, some of it over."""
    names = (
        "Equipo Azul",
        "Ana García",
        "Carlos Ruiz Gómez",
        "Lucía Fernández",
        "Club Pádel Norte",
        "Escuela infantil",
    )
    listed = list[Booking]()
    for number in range(14):
        start = _round(NOW) + (number - 5) * 90 * MINUTE
        over = start + 60 * MINUTE <= NOW
        status = BookingStatus.COMPLETED if over else BookingStatus.CONFIRMED
        status = {1: BookingStatus.FAILED, 2: BookingStatus.SCHEDULED, 8: BookingStatus.CANCELLED}.get(number, status)
        listed.append(
            Booking(
                id=f"9f1c/{number} ?",
                user_id=f"player-{number}",
                email=f"player{number}@example.com",
                title=names[number % len(names)],
                start=start,
                end=start + 60 * MINUTE,
                status=status,
                source=list(BookingSource)[number % 3],
            )
        )
    listed[5] = listed[5].model_copy(update={"id": RUNNING.booking_id, "start": RUNNING.start, "end": RUNNING.end})
    return listed


def alerts() -> list[Alert]:
    """As the engine lists them: open ones, one that was seen, one that went by itself."""
    seen = Alert(
        id=5,
        at=NOW - 220 * MINUTE,
        level=Level.WARNING,
        what="bookings.json, b-31: its end_time is a number, not a time",
        to_do="mend that row; the other bookings are not touched by it",
        acknowledged_by="ana (from 10.0.0.7)",
        acknowledged_at=NOW - 215 * MINUTE,
    )
    over = Alert(
        id=4,
        at=NOW - 30 * 60 * MINUTE,
        level=Level.FAILED,
        what="less than 2 hours of recording fit on the disk",
        to_do="make room in /var/lib/ezrec: move old recordings and videos to another disk",
        over_at=NOW - 29 * 60 * MINUTE,
    )
    return [LOST_CAMERA, REFUSED_KEY, seen, over]


def acts() -> list[DoneAct]:
    """A day of acts, newest first: done and refused, at the venue and over SSH."""
    told = (
        ("kiosk", "highlight", RUNNING.booking_id, True, "moment marked in Carlos Ruiz Gómez"),
        ("kiosk", "stop", "b-19", True, "Ana García stopped; resume within 10 s"),
        ("ana (from 10.0.0.7)", "cancel booking", "9f1c/8 ?", True, "Club Pádel Norte is cancelled"),
        ("ana (from 10.0.0.7)", "check PIN", None, False, "wrong PIN, 4 tries left"),
        ("root (ezrec cli from 10.0.0.9)", "retry job", "b/14 ?", False, "Veteranos has not failed: it is done"),
        ("kiosk", "start", "adhoc-1", True, "recording Finale for 60 minutes"),
    )
    ago = (2, 39, 150, 151, 335, 1900)
    return [
        DoneAct(at=NOW - minutes * MINUTE, by=by, act=act, booking_id=booking, ok=ok, message=message)
        for minutes, (by, act, booking, ok, message) in zip(ago, told, strict=True)
    ]


def tested() -> Snapshot:
    """A PIN is set; the cameras were tested: one is well, the other lost frames."""
    results = (
        CameraTestResult(index=0, serial="a", ok=True, fps=30.0, expected=150, written=150, bitrate=6_030_000),
        CameraTestResult(
            index=1,
            serial="b",
            ok=False,
            problem="9 of 150 frames are missing: check the camera's cable, then test again",
            fps=28.21,
            expected=150,
            written=141,
            dropped=9,
            bitrate=5_640_000,
        ),
    )
    test = CameraTest(at=NOW - 3 * MINUTE, seconds=5, running=False, results=results)
    return idle().model_copy(update={"sequence": 8, "pin_set": True, "camera_test": test})


def testing() -> Snapshot:
    """A camera test runs since three seconds."""
    test = CameraTest(at=NOW - timedelta(seconds=3), seconds=5, running=True)
    cameras = (camera(0, CameraState.RECORDING), camera(1, CameraState.RECORDING))
    return idle().model_copy(update={"sequence": 9, "camera_test": test, "cameras": cameras})


RIG = RigStatus(
    made=NOW - timedelta(days=2, hours=3),
    projection="cylindrical",
    width=3456,
    height=1004,
    overlap_px=412,
    matches=260,
    inliers=212,
    rmse_px=0.617,
    shift_px=0.8,
)


def _with_rig(
    snapshot: Snapshot, sequence: int, *, calibration: Calibration | None = None, **setup: object
) -> Snapshot:
    """The snapshot with other words on how its videos are joined."""
    changed = snapshot.setup.model_copy(update=setup)
    return snapshot.model_copy(update={"sequence": sequence, "setup": changed, "calibration": calibration})


def calibrated() -> Snapshot:
    """Panorama is asked for, and can be had since a calibration of a minute ago."""
    came = "calibrated: cylindrical, 3456x1004, 212 of 260 matches fit to 0.62 px, 412 px of overlap"
    over = Calibration(at=NOW - MINUTE, running=False, ok=True, message=came)
    asked = {"method": MergeMethod.PANORAMA, "asked": MergeMethod.PANORAMA, "rig": RIG}
    return _with_rig(idle(), 18, calibration=over, **asked)


def calibrating() -> Snapshot:
    """Never calibrated before; it is done now, from a booking's footage."""
    why = "panorama: the cameras are not calibrated; feather is used"
    running = Calibration(at=NOW - timedelta(seconds=12), running=True, footage_of=DONE.label)
    return _with_rig(idle(), 19, asked=MergeMethod.PANORAMA, fallbacks=(why,), calibration=running)


def not_calibrated() -> Snapshot:
    """It was tried, with a picture too dark; the rig that was there is of other cameras, and is not used."""
    why = "the right picture has too little texture (31 points to hold on to, at least 60 are needed); light the court,"
    tried = Calibration(at=NOW - 4 * MINUTE, running=False, message=f"{why} focus, or take the lens cap off")
    problem = "the left picture has too little texture (12 points to hold on to, at least 60 are needed); light the"
    problem = f"{problem} court, focus, or take the lens cap off"
    fallbacks = (
        f"panorama: {problem}; feather is used",
        "feather: no overlap is set; side_by_side is used (set OVERLAP_PIXELS)",
    )
    return _with_rig(
        idle().model_copy(update={"overlap": 0.0}),
        20,
        method=MergeMethod.SIDE_BY_SIDE,
        asked=MergeMethod.PANORAMA,
        fallbacks=fallbacks,
        rig=RIG.model_copy(update={"shift_px": None, "problem": problem}),
        calibration=tried,
    )


MOVED = Alert(
    id=9,
    at=NOW - 5 * MINUTE,
    level=Level.WARNING,
    what="a camera has moved: in the footage of Equipo Azul the pictures are 23.4 px off",
    to_do="calibrate again from the footage of this booking, or with the cameras when nothing is recorded",
    booking_id=DONE.booking_id,
)


def moved() -> Snapshot:
    """The cameras have moved since they were calibrated, as a booking's footage shows; its alert says so."""
    rig = RIG.model_copy(update={"shift_px": 23.4, "moved_in": DONE.booking_id})
    snapshot = _with_rig(idle(), 21, method=MergeMethod.PANORAMA, asked=MergeMethod.PANORAMA, rig=rig)
    return snapshot.model_copy(update={"alerts": (MOVED,)})


def covered(picture: CameraPicture) -> CameraPicture:
    """The same with a hand before the lens: light comes between the fingers alone."""
    return picture.model_copy(update={"grey": bytes(luma // 9 for luma in picture.grey)})


def joined_picture() -> RigPicture:
    """Both halves of the court as one picture."""
    left, right = pictures(0)
    width, shared = 160, 20
    rows = [
        left.grey[y * width : (y + 1) * width] + right.grey[y * width + shared : (y + 1) * width] for y in range(90)
    ]
    return RigPicture(width=2 * width - shared, height=90, grey=b64encode(b"".join(rows)))


def log() -> list[LogLine]:
    """An hour of an engine's log, with a traceback in it."""
    written = (
        ("INFO", "ezrec_tui.engine.engine", "booking b/20 ? of Carlos Ruiz Gómez begins"),
        ("INFO", "recorder 0", "segment 000012.ts closed: 300 frames, 7.5 MB"),
        ("INFO", "recorder 1", "segment 000012.ts closed: 300 frames, 7.4 MB"),
        ("WARNING", "recorder 1", "no frame for 2.1 s; the camera is opened again"),
        (
            "ERROR",
            "worker",
            "upload of b-14 refused: AccessDenied; nothing is tried again before somebody mends the key",
        ),
    )
    lines = list[LogLine]()
    for number in range(60):
        level, source, text = written[number * 3 % 5 if number % 7 else number % 3]
        at = NOW - timedelta(seconds=60 * (60 - number))
        lines.append(LogLine(at=at, level=level, source=source, text=text))
    lines.insert(58, LogLine(level="ERROR", text='  File "worker.py", line 12, in upload'))
    return lines


def pictures(sensor_ns: int, *, step: int = 0) -> list[CameraPicture]:
    """Two halves of one court with an eighth of overlap, and a ball that moves with each step."""
    return [_picture(index, sensor_ns, step) for index in (0, 1)]


def _picture(index: int, sensor_ns: int, step: int) -> CameraPicture:
    width, height, offset = 160, 90, 140 * index
    grey = bytearray()
    for y in range(height):
        for x in range(offset, offset + width):
            near = y / height
            lines = y in (24, 25, 78, 79) or abs(x - 150) < 2 or abs(x - 20 + y // 6) < 2 or abs(x - 280 - y // 6) < 2
            stripes = 14 * ((x // 10) % 2)
            light = 30 + 40 * near + stripes if y < 22 else 95 + 60 * near + stripes // 2
            ball = (x - 60 - 9 * step) ** 2 + (y - 50 + 3 * step) ** 2 < 30
            grey.append(250 if ball else 225 if lines and y > 22 else int(light))
    bins = [0] * 16
    for luma in grey:
        bins[luma // 16] += 1
    return CameraPicture(
        index=index,
        sensor_ns=sensor_ns,
        width=width,
        height=height,
        grey=b64encode(grey),
        focus=412.5 - 130 * index + step,
        dark=0.02,
        bright=0.01,
        histogram=tuple(count / len(grey) for count in bins),
    )
