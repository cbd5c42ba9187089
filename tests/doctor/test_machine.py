"""Each check of the machine passes where it is fit, and fails where it is not."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ezrec_tui.doctor.checks import Check, Failed, run_checks
from ezrec_tui.doctor.machine import (
    judge_encoder,
    judge_speed,
    look_at_clock,
    look_at_encoder,
    look_at_fonts,
    look_at_power,
    look_at_room,
    look_at_speed,
)
from ezrec_tui.model import Level
from tests.doctor.conftest import Machine
from tests.small_disk import disk_to_freeze, frozen, small_disk

MB = 1_000_000.0


def today() -> datetime:
    return datetime(2026, 11, 23, 18, tzinfo=UTC)


def a_kernel(root: Path, **files: str) -> Path:
    """What a machine's kernel and services say of it, below a folder; `__` in a name is `/`."""
    for name, text in files.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_a_picture_that_no_encoder_takes_has_failed(machine: Machine) -> None:
    with pytest.raises(Failed, match="no video can be encoded"):
        look_at_encoder(machine(resolution=(99_998, 99_998)))


def test_cameras_that_take_more_than_the_processor_has_have_failed() -> None:
    with pytest.raises(Failed, match="one core encodes 12 frames a second; recording takes 60, 125% of all 4 cores"):
        judge_encoder(12, 60, 4)
    assert judge_encoder(20, 60, 4).level is Level.WARNING
    assert judge_encoder(100, 60, 4).level is Level.OK


def test_small_cameras_can_be_encoded_and_the_hardware_is_named(machine: Machine, tmp_path: Path) -> None:
    assert look_at_encoder(machine()).level is Level.OK
    root = a_kernel(tmp_path, sys__class__video4linux__video11__name="bcm2835-codec-encode\n")
    assert "the hardware's encoder" in look_at_encoder(machine(), root).what


def test_a_disk_that_takes_nothing_more_has_failed(machine: Machine, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 2) as disk:
        with pytest.raises(Failed, match="cannot be written to: No space left"):
            look_at_speed(machine(ezrec_data_dir=disk))
        assert list(disk.iterdir()) == [], "nothing is left behind"


def test_a_disk_that_does_not_answer_keeps_nobody_waiting(machine: Machine, tmp_path: Path) -> None:
    with disk_to_freeze(tmp_path / "disk", 20) as disk, frozen(disk):
        (verdict,) = run_checks([Check("disk speed", lambda: look_at_speed(machine(ezrec_data_dir=disk)), 0.5)])
    assert (verdict.level, verdict.what) == (Level.FAILED, "no answer within 0.5 s")


def test_a_disk_that_is_too_slow_has_failed_and_one_that_is_just_quick_enough_is_a_warning(machine: Machine) -> None:
    assert look_at_speed(machine(recording_bitrate=100_000, video_bitrate=100_000)).what.startswith("it takes ")
    with pytest.raises(Failed, match=r"it takes 2 MB/s; recording and rendering need 3\.0"):
        judge_speed(2 * MB, 0.1, 3 * MB)
    assert judge_speed(4 * MB, 0.1, 3 * MB).level is Level.WARNING
    assert judge_speed(20 * MB, 3.0, 3 * MB).level is Level.WARNING, "a sync of three seconds"
    assert judge_speed(20 * MB, 0.5, 3 * MB).level is Level.OK


def test_a_disk_without_room_for_a_recording_has_failed(machine: Machine, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 64) as disk, pytest.raises(Failed, match=r"0\.0 hours of recording fit"):
        look_at_room(machine(ezrec_data_dir=disk))
    assert look_at_room(machine(recording_bitrate=100_000, video_bitrate=100_000)).level is Level.OK


def test_a_clock_that_no_server_has_set_or_that_is_years_back_is_told(machine: Machine, tmp_path: Path) -> None:
    set_by_hand = a_kernel(tmp_path / "by hand", run__systemd__timesync__other="")
    by_server = a_kernel(tmp_path / "by server", run__systemd__timesync__synchronized="")
    venue = machine(timezone_name="Europe/Madrid")

    assert look_at_clock(venue, today, by_server).what == (
        "it is set by a time server; it says 2026-11-23 19:00 in Europe/Madrid"
    )
    assert look_at_clock(venue, today, set_by_hand).level is Level.WARNING
    assert "no zone is set" in look_at_clock(machine(), today, by_server).what
    with pytest.raises(Failed, match="it says 1970-01-01"):
        look_at_clock(venue, lambda: datetime(1970, 1, 1, tzinfo=UTC), by_server)


def test_a_hot_processor_is_told(tmp_path: Path) -> None:
    def at(celsius: int) -> Path:
        files = {
            "sys__class__thermal__thermal_zone0__type": "cpu-thermal",
            "sys__class__thermal__thermal_zone0__temp": f"{celsius}000",
        }
        return a_kernel(tmp_path / str(celsius), **files)

    hot = look_at_power(at(84))
    assert (hot.level, hot.what, hot.to_do) == (
        Level.FAILED, "the processor is at 84 °C", "give it air, and look at its fan",
    )  # fmt: skip
    assert look_at_power(at(77)).level is Level.WARNING


def test_weak_power_has_failed(tmp_path: Path) -> None:
    weak = a_kernel(
        tmp_path, sys__class__hwmon__hwmon1__name="rpi_volt", sys__class__hwmon__hwmon1__in0_lcrit_alarm="1"
    )
    with pytest.raises(Failed, match="the power is too weak"):
        look_at_power(weak)


def test_a_kiosk_without_its_font_or_the_program_that_loads_it_is_told(tmp_path: Path) -> None:
    missing = look_at_fonts(tmp_path)
    assert missing.level is Level.WARNING
    assert "console-setup-linux" in missing.to_do
    assert look_at_fonts(path=str(tmp_path)).to_do == "install the package kbd"
