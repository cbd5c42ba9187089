"""Settings: from the environment and `.env`. Parsed once, at the start; all that is wrong is named at once."""

import math
import re
from datetime import tzinfo
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AliasChoices, Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from ezrec_tui.hours import Hours, parse_hours
from ezrec_tui.model import MergeMethod
from ezrec_tui.pin import PinHash, parse_pin


class MatchExposure(StrEnum):
    """How two cameras come to expose alike (see `engine.exposure`)."""

    FOLLOW = "follow"
    LOCK = "lock"
    OFF = "off"


class LogoPosition(StrEnum):
    TOP_LEFT = "top_left"
    TOP_CENTER = "top_center"
    TOP_RIGHT = "top_right"
    BOTTOM_LEFT = "bottom_left"
    BOTTOM_CENTER = "bottom_center"
    BOTTOM_RIGHT = "bottom_right"
    CENTER = "center"


class Address(NamedTuple):
    """Of a listening TCP socket."""

    host: str
    port: int
    """0: one that is free."""

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


Quality = Literal["low", "medium", "high"]
Pixels = Annotated[int, Field(gt=0, le=7680)]

BITRATES: dict[object, int] = {"low": 3_000_000, "medium": 6_000_000, "high": 10_000_000}
"""Of RECORDING_QUALITY."""

ADDRESS = re.compile(
    r"(\[(?P<v6>[0-9a-fA-F:.]+(%\w+)?)\]|(?P<host>[\w-]{1,63}(\.[\w-]{1,63})*)):(?P<port>\d{1,5})", re.ASCII
)
TOKEN = re.compile(r"[!-~]{32,200}")
LEAST_GIVEN_UP_DAYS = 7
PLACEHOLDER = re.compile(r"your[_-].*[_-]here", re.IGNORECASE)


class SettingsError(ValueError):
    """Settings that do not hold; the text names every one of them."""


class Settings(BaseSettings):
    """What the venue can set. Every name is also the name of an environment variable, in capitals."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
        env_ignore_empty=True,
        hide_input_in_errors=True,
    )

    # Supabase
    supabase_url: str = ""
    """Address of the project; with none, bookings come from the file and the record stays local."""
    supabase_service_role_key: SecretStr = SecretStr("")
    """The key of the project that may read and write all tables."""
    supabase_anon_key: SecretStr = SecretStr("")
    """Used when there is no service role key; needs row-level security rules that let it in."""
    user_id: str = ""
    """The venue's user: owner of bookings that name none."""
    camera_id: str = ""
    """This machine's id; bookings of other cameras are left alone."""

    # S3
    aws_access_key_id: SecretStr = SecretStr("")
    """Of the key that may put objects into the bucket."""
    aws_secret_access_key: SecretStr = SecretStr("")
    """Its secret."""
    aws_region: str = "us-east-1"
    """Where the bucket lies; of Cloudflare R2 it is found by itself."""
    aws_s3_bucket: str = ""
    """With none, videos are delivered to a local folder."""
    aws_user_media_bucket: str = ""
    """Where players' own logos and intros lie; default: the bucket of the videos."""
    s3_endpoint_url: str = ""
    """Address of a store other than AWS, Cloudflare R2 for one."""
    s3_addressing: Literal["auto", "path", "virtual"] = "auto"
    """Where another store wants the bucket's name: in the path, or before the host (`virtual`). auto: in the path."""
    s3_ca_file: Annotated[Path | None, Field(validation_alias=AliasChoices("s3_ca_file", "aws_ca_bundle"))] = None
    """PEM file with the CA of a store of one's own; `AWS_CA_BUNDLE` names it too."""
    share_link_hours: Annotated[float, Field(gt=0, le=7 * 24)] = 24
    """How long a link to a video can be used; stores allow a week at most."""
    upload_max_mbit: Annotated[float, Field(ge=0)] = 0
    """Limit of all uploads together, in Mbit/s; 0 is none."""
    upload_hours: Annotated[Hours | None, NoDecode] = None
    """When uploads to the bucket may go, by the venue's clock: `22:00-06:00`, several with commas. None: always."""
    ezrec_jobs_url: SecretStr = SecretStr("")
    """`postgresql://user:password@host/database`, over which machines that run `ezrec worker` make the videos. With
    none, this machine makes them itself."""
    ezrec_store_dir: Path | None = None
    """The local folder videos are delivered to when there is no bucket; default `<data>/delivered`."""

    # Cameras
    camera_0_serial: str = ""
    """The left camera: its id, `testpattern`, or `file:PATH`. With none: the first one found, else a test pattern."""
    camera_1_serial: str = ""
    """The right camera, in the same way."""
    dual_camera_mode: bool = True
    """Whether there are two cameras; with `false` the left one alone."""
    camera_rotation: Literal[0, 90, 180, 270] = 0
    """Degrees clockwise by which both pictures are turned, for cameras that hang upside down."""
    resolution: Annotated[tuple[int, int], NoDecode] = (1920, 1080)
    """Width and height of each camera's picture, in pixels."""
    recording_fps: Annotated[int, Field(ge=1, le=120)] = 30
    """Frames a second of each camera."""
    recording_bitrate: Annotated[int, Field(ge=100_000, le=100_000_000)] = 6_000_000
    """Bits per second of each camera."""
    recording_quality: Quality = "medium"
    """Sets RECORDING_BITRATE where that is not set: to 3, 6 or 10 Mbit/s."""
    match_exposure: MatchExposure = MatchExposure.FOLLOW
    """follow: one camera measures the light, the other one keeps to that. lock, for lamps alone: both keep to what was
    measured at first, for as long as they run. off: each for itself."""
    pre_roll_seconds: Annotated[float, Field(ge=0, le=60)] = 0
    """So much is recorded before a booking's start."""
    post_roll_seconds: Annotated[float, Field(ge=0, le=60)] = 0
    """So much is recorded after its end."""

    # Video
    merge_method: MergeMethod = MergeMethod.FEATHER
    """How both pictures are joined; what cannot be had falls back to the next, and says why. `panorama` needs a
    calibration: `<data>/calibration/rig.json`, made on the screen or by `ezrec calibrate`."""
    overlap_pixels: Annotated[int, Field(ge=0)] | None = None
    """Width of what both cameras see, in pixels of a camera's picture; default an eighth of the width."""
    output_width: Pixels | None = None
    """Width of the finished video; default: as it comes, with nothing scaled."""
    video_bitrate: Annotated[int, Field(ge=100_000, le=200_000_000)] = 12_000_000
    """Bits per second of the finished video."""
    video_preset: str = "ultrafast"
    """x264's: from `ultrafast` to `veryslow`, each slower and smaller than the one before."""
    intro_video_path: Path | None = None
    """A video that goes before each recording."""
    main_logo_path: Path | None = None
    """The venue's logo: PNG, JPEG or WebP."""
    user_logo_path: Path | None = None
    """The player's logo, where the player has none of their own."""
    sponsor_logo_1_path: Path | None = None
    """A sponsor's logo."""
    sponsor_logo_2_path: Path | None = None
    """A second sponsor's."""
    sponsor_logo_3_path: Path | None = None
    """A third one's."""
    main_logo_position: LogoPosition = LogoPosition.BOTTOM_RIGHT
    """Where the venue's logo stands, 10 pixels from the edges."""
    user_logo_position: LogoPosition = LogoPosition.TOP_RIGHT
    """Where the player's stands."""
    sponsor_1_position: LogoPosition = LogoPosition.BOTTOM_LEFT
    """Where the first sponsor's stands."""
    sponsor_2_position: LogoPosition = LogoPosition.BOTTOM_CENTER
    """Where the second sponsor's stands."""
    sponsor_3_position: LogoPosition = LogoPosition.TOP_LEFT
    """Where the third sponsor's stands."""
    logo_width: Pixels | None = None
    """Of every logo that has no width of its own."""
    logo_height: Pixels | None = None
    """Of every logo that has no height of its own."""
    main_logo_width: Pixels | None = None
    """Of the box into which the venue's logo is fitted, with its own proportions; else 400."""
    main_logo_height: Pixels | None = None
    """Of the same box; else 400."""
    user_logo_width: Pixels | None = None
    """Of the box of the player's; else 120."""
    user_logo_height: Pixels | None = None
    """Of the same box; else 120."""
    sponsor_logo_width: Pixels | None = None
    """Of the boxes of the sponsors'; else 120."""
    sponsor_logo_height: Pixels | None = None
    """Of the same boxes; else 120."""

    # Running
    booking_check_interval: Annotated[float, Field(gt=0, le=3600)] = 5
    """Seconds between two looks at the bookings."""
    timezone_name: str = "UTC"
    """The venue's zone: of times that name none, of dates, and of what the screen shows."""
    ezrec_data_dir: Path = Path("data")
    """Where recordings, videos, databases and logs lie."""
    history_days: Annotated[int, Field(ge=7)] = 90
    """Jobs that are over, published rows, events and alerts that are over are forgotten after so long."""
    disk_floor_mb: Annotated[int, Field(ge=0)] = 1000
    """Left free on the disk: at that a recording stops. Never more than a twentieth of the disk."""
    keep_days: Annotated[float, Field(ge=0)] = 30
    """Recordings and videos that are delivered stay here so long after that, if there is room; what is given up always
    does, a week at least."""
    free_hours: Annotated[float, Field(ge=0)] = 12
    """Hours of recording for which room is kept, by deleting what is delivered, the oldest first; never more than half
    of the disk. 0: nothing is deleted for room."""
    ezrec_socket: Path | None = None
    """The engine's Unix socket; default `<data>/ezrec.sock`."""
    ezrec_socket_group: str = ""
    """The group that may use the socket besides the engine's user, who has to be in it; default: his own."""
    ezrec_socket_mode: Annotated[int, NoDecode] = 0o660
    """Rights of the socket, in octal: 660 for owner and group, 600 for the owner alone."""
    ezrec_api_listen: Annotated[Address | None, NoDecode] = None
    """Where the API answers over TCP as well, like `127.0.0.1:8800`; needs a token. None: nowhere."""
    ezrec_api_token: SecretStr = SecretStr("")
    """Who has it may do over TCP all that the screen can: at least 32 characters."""
    ezrec_api_read_token: SecretStr = SecretStr("")
    """Who has it may look over TCP, and change nothing; with none nobody may look without acting."""
    ezrec_api_rate: Annotated[float, Field(gt=0, le=10_000)] = 20
    """Requests a second over TCP from one address; more for a moment."""
    ezrec_pin: Annotated[PinHash | None, NoDecode] = None
    """Asked for before acts that are guarded: 4 to 12 digits, or the line that `ezrec pin` makes of them."""
    ezrec_language: Literal["en", "es"] = "en"
    """What the screen speaks first; `L` changes it."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """From which level on the log is written."""

    @model_validator(mode="before")
    @classmethod
    def _placeholders_are_not_set(cls, values: dict[str, Any]) -> dict[str, Any]:
        return {
            name: value
            for name, value in values.items()
            if not (isinstance(value, str) and PLACEHOLDER.fullmatch(value.strip()))
        }

    @model_validator(mode="before")
    @classmethod
    def _quality_sets_bitrate(cls, values: dict[str, Any]) -> dict[str, Any]:
        bitrate = BITRATES.get(values.get("recording_quality"))
        return {"recording_bitrate": bitrate, **values} if bitrate else values

    @field_validator("resolution", mode="before")
    @classmethod
    def _parse_resolution(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return parse_size(value)

    @field_validator("ezrec_pin", mode="before")
    @classmethod
    def _hash_pin(cls, value: object) -> object:
        return parse_pin(value) if isinstance(value, str) else value

    @field_validator("upload_hours", mode="before")
    @classmethod
    def _parse_hours(cls, value: object) -> object:
        return parse_hours(value) if isinstance(value, str) else value

    @field_validator("ezrec_jobs_url")
    @classmethod
    def _can_share_jobs(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        url = value.get_secret_value()
        if url and not re.fullmatch(r"postgres(ql)?://[^/\s]+/\S+", url):
            raise ValueError("not the address of a database; write it as postgresql://user:password@host/database")
        if url and not info.data.get("aws_s3_bucket"):
            raise ValueError("other machines get footage over a bucket; set AWS_S3_BUCKET as well")
        return value

    @field_validator("ezrec_socket_mode", mode="before")
    @classmethod
    def _parse_mode(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        if not re.fullmatch(r"0?6[06]0", value.strip()):
            raise ValueError("not the rights of a socket; write 660 for owner and group, 600 for the owner alone")
        return int(value, 8)

    @field_validator("ezrec_api_listen", mode="before")
    @classmethod
    def _parse_listen(cls, value: object) -> object:
        return parse_address(value) if isinstance(value, str) else value

    @field_validator("ezrec_api_token", "ezrec_api_read_token")
    @classmethod
    def _cannot_be_guessed(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("has to be 32 to 200 letters, digits or signs without a space: `openssl rand -hex 32`")
        return value

    @model_validator(mode="after")
    def _is_listened_with_a_token(self) -> Self:
        token, read_token = self.ezrec_api_token.get_secret_value(), self.ezrec_api_read_token.get_secret_value()
        if self.ezrec_api_listen and not (token or read_token):
            raise ValueError("EZREC_API_LISTEN: needs EZREC_API_TOKEN, EZREC_API_READ_TOKEN or both")
        if token and token == read_token:
            raise ValueError("EZREC_API_READ_TOKEN: has to be another one than EZREC_API_TOKEN")
        return self

    @field_validator("timezone_name")
    @classmethod
    def _know_timezone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("not a time zone; write one like Europe/Madrid") from error
        return value

    @property
    def timezone(self) -> tzinfo:
        return ZoneInfo(self.timezone_name)

    @property
    def socket(self) -> Path:
        return self.ezrec_socket or self.ezrec_data_dir / "ezrec.sock"

    @property
    def store_dir(self) -> Path:
        return self.ezrec_store_dir or self.ezrec_data_dir / "delivered"

    @property
    def given_up_days(self) -> int:
        """For so many days is footage kept of which the video is given up: it can be taken back until then."""
        return max(LEAST_GIVEN_UP_DAYS, math.ceil(self.keep_days))

    def disk_floor(self, total: int) -> int:
        """Bytes that are left free on a disk of so many."""
        return min(self.disk_floor_mb * 1_000_000, total // 20)

    @property
    def overlap(self) -> int:
        """Pixels of a camera's picture that both cameras see."""
        return self.resolution[0] // 16 * 2 if self.overlap_pixels is None else self.overlap_pixels


def parse_size(text: str) -> tuple[int, int]:
    """`1920x1080` as (width, height) in pixels. Raises ValueError: both have to be even, for YUV 4:2:0."""
    found = re.fullmatch(r"\s*(\d{2,5})\s*[xX]\s*(\d{2,5})\s*", text)
    if not found:
        raise ValueError("not a size; write it as 1920x1080")
    width, height = int(found[1]), int(found[2])
    if width % 2 or height % 2:
        raise ValueError("width and height have to be even numbers")
    return width, height


def parse_address(text: str) -> Address:
    """`127.0.0.1:8800` or `[::1]:8800`. Raises ValueError."""
    found = ADDRESS.fullmatch(text.strip())
    if not found or int(found["port"]) > 65535:
        raise ValueError("not an address and a port; write them as 127.0.0.1:8800")
    return Address(found["v6"] or found["host"], int(found["port"]))


def load_settings(**given: Any) -> Settings:
    """Settings from the environment and `.env`; what is given goes before both. Raises SettingsError."""
    try:
        return Settings(**given)
    except ValidationError as error:
        wrong = [
            ": ".join(filter(None, ("_".join(map(str, item["loc"])).upper(), _words(item)))) for item in error.errors()
        ]
        raise SettingsError("; ".join(wrong)) from error


def _words(item: Any) -> str:
    text = str(item["msg"]).removeprefix("Value error, ")
    if not item["loc"]:  # of several settings together; it says which
        return text
    secret = any(word in str(item["loc"]).lower() for word in ("key", "pin", "token", "jobs_url"))
    return text if secret else f"{text} (it is {item['input']!r})"
