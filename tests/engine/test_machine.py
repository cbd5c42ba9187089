"""The machine read: from what a Raspberry Pi's programs and kernel print, and from this very machine."""

from pathlib import Path

import pytest

from ezrec_tui.clock import sensor_ns
from ezrec_tui.engine import machine
from ezrec_tui.engine.machine import CpuTimes, MachineReader, parse_throttled, share
from ezrec_tui.model import Firmware


def put(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("throttled=0x0\n", Firmware(under_voltage=False)),
        ("throttled=0x1\n", Firmware(under_voltage=True)),
        ("throttled=0x50000\n", Firmware(under_voltage=False, under_voltage_before=True, slowed_before=True)),
        (
            "throttled=0x50005\n",
            Firmware(under_voltage=True, under_voltage_before=True, slowed=True, slowed_before=True),
        ),
        ("throttled=0x80008\n", Firmware(under_voltage=False, slowed=True, slowed_before=True)),
        ("throttled=0xe0006\n", Firmware(under_voltage=False, slowed=True, slowed_before=True)),
        ("", None),
        ("VCHI initialization failed\n", None),
        ('error=1 error_msg="Command not registered"\n', None),
        ("throttled=\n", None),
    ],
)
def test_the_firmwares_word_is_understood(printed: str, meant: Firmware | None) -> None:
    assert parse_throttled(printed) == meant


def vcgencmd(folder: Path, *lines: str) -> str:
    """A program in the place of the firmware's."""
    program = folder / "vcgencmd"
    program.write_text("\n".join(("#!/bin/sh", *lines, "")))
    program.chmod(0o755)
    return str(program)


def test_the_kernels_alarm_counts_where_the_firmwares_program_is_missing_or_late(tmp_path: Path) -> None:
    put(tmp_path, "sys/class/hwmon/hwmon0/name", "cpu_thermal\n")
    nothing = str(tmp_path / "none")
    assert machine.firmware(tmp_path, nothing) is None
    put(tmp_path, "sys/class/hwmon/hwmon1/name", "rpi_volt\n")
    put(tmp_path, "sys/class/hwmon/hwmon1/in0_lcrit_alarm", "0\n")
    assert machine.firmware(tmp_path, nothing) == Firmware(under_voltage=False)
    put(tmp_path, "sys/class/hwmon/hwmon1/in0_lcrit_alarm", "1\n")
    assert machine.firmware(tmp_path, nothing) == Firmware(under_voltage=True)
    said = machine.firmware(tmp_path, vcgencmd(tmp_path, 'test "$1" = get_throttled && echo throttled=0x20002'))
    assert said == Firmware(under_voltage=True, slowed=True, slowed_before=True)
    refused = vcgencmd(tmp_path, "echo throttled=0x0", "exit 255")
    assert machine.firmware(tmp_path / "elsewhere", refused) is None


def test_heat_is_that_of_the_processor(tmp_path: Path) -> None:
    assert machine.celsius(tmp_path) is None
    put(tmp_path, "sys/class/thermal/thermal_zone0/type", "acpitz\n")
    put(tmp_path, "sys/class/thermal/thermal_zone0/temp", "27800\n")
    assert machine.celsius(tmp_path) == 27.8
    put(tmp_path, "sys/class/thermal/thermal_zone1/type", "cpu-thermal\n")
    put(tmp_path, "sys/class/thermal/thermal_zone1/temp", "61322\n")
    assert machine.celsius(tmp_path) == 61.322
    put(tmp_path, "sys/class/thermal/thermal_zone1/temp", "\n")
    assert machine.celsius(tmp_path) == 27.8


ROUTES = """Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
wlan0\t0000A8C0\t00000000\t0001\t0\t0\t600\t00FFFFFF\t0\t0\t0
"""
DEFAULT = "wlan0\t00000000\t0100A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
NO_ROUTES6 = (
    "fe800000000000000000000000000000 40 "
    + "0" * 32
    + " 00 "
    + "0" * 32
    + " 00000100 00000002 00000000 00000001 eth0\n"
    "" + "0" * 32 + " 00 " + "0" * 32 + " 00 " + "0" * 32 + " ffffffff 00000001 00000000 00200200       lo\n"
)
DEFAULT6 = f"{'0' * 32} 00 {'0' * 32} 00 fe80000000000000000000000000aaaa 00000400 00000003 00000000 00450003 eth0\n"


@pytest.mark.parametrize(
    ("v4", "v6", "there"),
    [
        ("", "", None),
        (ROUTES, NO_ROUTES6, False),
        (ROUTES + DEFAULT, NO_ROUTES6, True),
        (ROUTES, NO_ROUTES6 + DEFAULT6, True),
        (ROUTES + DEFAULT.replace("\t0003\t", "\t0002\t"), "", False),
        ("", DEFAULT6.replace("00450003", "00200200"), False),
    ],
)
def test_a_network_is_a_way_out_of_this_machine(tmp_path: Path, v4: str, v6: str, there: bool | None) -> None:
    put(tmp_path, "proc/net/route", v4)
    put(tmp_path, "proc/net/ipv6_route", v6)
    assert machine.network(tmp_path) is there


def test_a_clock_is_set_once_systemds_service_has_set_it(tmp_path: Path) -> None:
    assert machine.clock_set_by_timesyncd(tmp_path) is None
    (tmp_path / "run/systemd/timesync").mkdir(parents=True)
    assert machine.clock_set_by_timesyncd(tmp_path) is False
    put(tmp_path, "run/systemd/timesync/synchronized", "")
    assert machine.clock_set_by_timesyncd(tmp_path) is True


def test_what_makes_way_is_counted_by_itself() -> None:
    before = CpuTimes(all=1000, idle=600, yielding=100)
    assert share(before, before) == (0.0, 0.0)
    assert share(before, CpuTimes(all=1020, idle=605, yielding=110)) == (75.0, 50.0)


def test_this_machine_can_be_read() -> None:
    reader = MachineReader(sensor_ns)
    deadline = sensor_ns() + 60 * 10**9
    seen = reader.look()
    while seen.cpu_percent == 0 and sensor_ns() < deadline:
        sum(range(10**5))
        seen = reader.look()
    assert 0 < seen.cpu_percent <= 100
    assert 0 < seen.memory_available < seen.memory_total
    assert 0 < seen.memory_percent < 100
    assert seen.uptime_seconds > 0
    assert machine.clock_set_by_kernel() in (True, False, None)
