"""The power is cut while a booking is recorded, and nobody is there: `make install-check`.

A Debian with the program installed, its disk an image with ext4, boots in QEMU; QEMU is killed (SIGKILL) in the middle
of the booking and started again on the same image. What the kernel in it had not written is lost, as when the power is
cut; what it had is on the disk (cache=writethrough), as with a card that keeps its word.
"""

import os
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.console.machine import Machine
from tests.install.box import box
from tests.install.fresh import fresh_debian, make_wheels, wheel_of

SUITE = os.environ.get("SUITE", "trixie")
DISK_BYTES = "4G"
BOOKED_SECONDS = 900
"""An emulated machine takes minutes to start, and that twice."""
FPS = 5
SETTINGS = f"""RESOLUTION=320x180
RECORDING_FPS={FPS}
RECORDING_BITRATE=100000
DUAL_CAMERA_MODE=false
MERGE_METHOD=single
FREE_HOURS=0
"""
SHELL = """[Service]
ExecStart=/bin/sh -c "stty raw -echo; exec /bin/bash"
StandardInput=tty-force
StandardOutput=tty
StandardError=null
TTYPath=/dev/ttyS1
Environment=SYSTEMD_COLORS=0 SYSTEMD_PAGER=
[Install]
WantedBy=multi-user.target
"""
PATIENT = """[Service]
WatchdogSec=180
TimeoutStartSec=900
"""
"""An emulated processor takes its time."""
FOOTAGE = "find /var/lib/ezrec/recordings -name '*.ts'"
DELIVERED = "find /var/lib/ezrec/delivered -name '*.mp4'"


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """An image of a disk on which the program was installed, with the kernel and what it boots with beside it."""
    image = tmp_path / "disk"
    with fresh_debian(SUITE, tmp_path / "tree") as root:
        with box(root) as machine:
            make_wheels(machine, root, {"1.0": ()})
            machine.run(f"PYTHONPATH={wheel_of(machine, '1.0')} python3 -m ezrec_tui.install")
            machine.run("systemctl stop ezrec-kiosk ezrec-engine; rm -rf /var/lib/ezrec/*")
        with (root / "etc/ezrec/ezrec.env").open("a") as settings:
            settings.write(SETTINGS)
        units = root / "etc/systemd/system"
        (units / "shell-for-test.service").write_text(SHELL)
        (units / "multi-user.target.wants/shell-for-test.service").symlink_to("../shell-for-test.service")
        for unit in ("ezrec-engine", "ezrec-kiosk"):
            (units / f"{unit}.service.d").mkdir()
            (units / f"{unit}.service.d/patient.conf").write_text(PATIENT)
        (root / "etc/fstab").write_text("/dev/vda / ext4 defaults 0 1\n")
        for name in ("vmlinuz", "initrd.img"):
            (found,) = (root / "boot").glob(f"{name}-*")
            (tmp_path / name).write_bytes(found.read_bytes())
        subprocess.run(["mkfs.ext4", "-q", "-d", root, image, DISK_BYTES], check=True)
    return image


@contextmanager
def powered(disk: Path) -> Generator[Machine]:
    """The machine for a `with`; at the end its power is cut."""
    words = "root=/dev/vda rw console=ttyS0 quiet loglevel=3 systemd.show_status=0"
    with tempfile.TemporaryDirectory(prefix="ezrec-power-") as made:
        folder = Path(made)
        process = subprocess.Popen(
            [
                *("qemu-system-x86_64", "-machine", "pc,accel=tcg", "-cpu", "max", "-smp", "2", "-m", "1536"),
                *("-nodefaults", "-vga", "std", "-display", "none", "-rtc", "base=utc", "-nic", "none"),
                *("-kernel", str(disk.with_name("vmlinuz")), "-initrd", str(disk.with_name("initrd.img"))),
                *("-append", words),
                *("-drive", f"file={disk},format=raw,if=virtio,cache=writethrough"),
                *("-serial", f"file:{folder / 'console.log'}"),
                *("-chardev", f"socket,id=shell,path={folder / 'shell'},server=on,wait=off"),
                *("-serial", "chardev:shell"),
                *("-monitor", f"unix:{folder / 'monitor'},server=on,wait=off"),
            ],
            stdin=subprocess.DEVNULL,
        )
        try:
            machine = Machine(folder, process)
            machine.wait((folder / "shell").exists, lambda: "QEMU does not start")
            machine.connect()
            yield machine
        finally:
            process.kill()
            process.wait()


def test_a_booking_outlives_a_power_cut_and_becomes_one_video_by_itself(disk: Path) -> None:
    with powered(disk) as machine:
        until_active(machine)
        start = datetime.now(UTC) + timedelta(seconds=5)
        end = start + timedelta(seconds=BOOKED_SECONDS)
        machine.run(
            "cd /tmp; ezrec bookings add --id b1 --user ana"
            f" --start {start.isoformat(timespec='seconds')} --end {end.isoformat(timespec='seconds')}"
        )
        machine.wait(lambda: count(machine, FOOTAGE) >= 3, lambda: journal(machine))
        told(f"{count(machine, FOOTAGE)} segments when the power is cut", machine.run(f"{FOOTAGE} -printf '%s %p\\n'"))
    with powered(disk) as machine:
        told("the machine is up again", machine.run("ls /var/lib/ezrec; cat /proc/uptime"))
        until_active(machine)
        held = count(machine, FOOTAGE)
        machine.wait(lambda: count(machine, FOOTAGE) > held + 1, lambda: journal(machine))
        told(f"the recording goes on: {count(machine, FOOTAGE)} segments", machine.run("cd /tmp; ezrec status"))
        machine.wait(lambda: count(machine, DELIVERED) > 0, lambda: journal(machine), BOOKED_SECONDS + 600)
        told("delivered", machine.run(DELIVERED), machine.run("cd /tmp; ezrec jobs list; ezrec check"))
        assert count(machine, DELIVERED) == 1
        rows = "/opt/ezrec/venv/bin/python -c \"import sqlite3; db = sqlite3.connect('/var/lib/ezrec/published.db');"
        told(machine.run(f"{rows} print(*db.execute('SELECT * FROM videos'))\""))
        told(machine.run("systemctl is-active ezrec-engine ezrec-kiosk"))


def until_active(machine: Machine) -> None:
    machine.wait(lambda: machine.holds("systemctl is-active ezrec-engine"), lambda: journal(machine), 900)


def count(machine: Machine, found: str) -> int:
    return int(machine.run(f"{found} | wc -l"))


def journal(machine: Machine) -> str:
    return machine.run("journalctl --no-pager -u ezrec-engine | tail -60")


def told(*texts: str) -> None:
    print(*(text.rstrip() for text in texts), sep="\n", flush=True)
