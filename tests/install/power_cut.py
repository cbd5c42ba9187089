"""The power is cut while a booking is recorded, and nobody is there: `make install-check`.

A Debian with the program installed, on a disk with ext4, is up twice: in the middle of the booking its power is cut,
and it is started again. In a box the file system is shut down in an instant, without a word to the disk of what it
still held, and all processes are killed; clocks and boot id are new afterwards. In QEMU, which is killed, a kernel
starts too; what it had written is on the disk (cache=writethrough), as with a card that keeps its word.
"""

import fcntl
import os
import struct
import subprocess
import tempfile
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest

from tests.console.machine import Machine
from tests.install.box import BoxError, box, wait
from tests.install.fresh import fresh_debian, make_wheels, wheel_of

SUITE = os.environ.get("SUITE", "trixie")
DISK_BYTES = 4 << 30
PATIENCE = 3600.0
OFF = timedelta(seconds=10)
"""So long is the power away, where that can be chosen."""
FPS = 5
SETTINGS = f"""RESOLUTION=320x180
RECORDING_FPS={FPS}
RECORDING_BITRATE=100000
DUAL_CAMERA_MODE=false
MERGE_METHOD=single
FREE_HOURS=0
"""
# What comes before its terminal is set can end it.
SHELL = """[Service]
ExecStart=/bin/sh -c "stty raw -echo; exec /bin/bash"
Restart=always
StandardInput=tty-force
StandardOutput=tty
StandardError=null
TTYPath=/dev/ttyS1
Environment=SYSTEMD_COLORS=0 SYSTEMD_PAGER=
[Install]
WantedBy=multi-user.target
"""
SHUT_DOWN, WITHOUT_FLUSHING = 0x8004587D, 2
"""EXT4_IOC_SHUTDOWN, and its EXT4_GOING_FLAGS_NOLOGFLUSH."""
FOOTAGE = "find /var/lib/ezrec -path '*/recordings/*.ts'"
DELIVERED = "find /var/lib/ezrec -path '*/delivered/*.mp4'"


@pytest.fixture(scope="module")
def installed_disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An image of a disk on which the program was installed, with the kernel and what it boots with beside it."""
    tmp_path = tmp_path_factory.mktemp("disk")
    image = tmp_path / "disk"
    with fresh_debian(SUITE, tmp_path / "tree") as root:
        with box(root) as machine:
            make_wheels(machine, root, {"1.0": ()})
            machine.run(f"PYTHONPATH={wheel_of(machine, '1.0')} python3 -m ezrec_tui.install")
            machine.run("systemctl stop ezrec-engine; rm -rf /var/lib/ezrec/*")
        with (root / "etc/ezrec/ezrec.env").open("a") as settings:
            settings.write(SETTINGS)
        units = root / "etc/systemd/system"
        (units / "shell-for-test.service").write_text(SHELL)
        # The screen has a check of its own, and an emulated processor enough to do.
        (units / "multi-user.target.wants/ezrec-kiosk.service").unlink()
        (units / "multi-user.target.wants/shell-for-test.service").symlink_to("../shell-for-test.service")
        (root / "etc/fstab").write_text("/dev/vda / ext4 defaults 0 1\n")
        for name in ("vmlinuz", "initrd.img"):
            (found,) = (root / "boot").glob(f"{name}-*")
            (tmp_path / name).write_bytes(found.read_bytes())
        with image.open("wb") as file:
            file.truncate(DISK_BYTES)
        subprocess.run(["mkfs.ext4", "-q", "-d", root, image], check=True)
    return image


@pytest.fixture
def disk(installed_disk: Path, tmp_path: Path) -> Path:
    """One of its own for each test."""
    for name in ("vmlinuz", "initrd.img"):
        (tmp_path / name).symlink_to(installed_disk.with_name(name))
    subprocess.run(["cp", "--sparse=always", installed_disk, tmp_path], check=True)
    return tmp_path / installed_disk.name


class Computer(Protocol):
    """A machine that is up: a box, or one in QEMU."""

    def run(self, command: str) -> str: ...

    def holds(self, command: str) -> bool: ...


@contextmanager
def in_a_box(disk: Path, _clock: datetime) -> Generator[Computer]:
    """Up for a `with`; at the end its power is cut."""
    root = disk.with_name("root")
    root.mkdir(exist_ok=True)
    subprocess.run(["mount", "-o", "loop", disk, root], check=True)
    try:
        with box(root) as machine:
            try:
                yield machine
            finally:
                cut_power(root)
    finally:
        subprocess.run(["umount", root], check=True)


def cut_power(mounted: Path) -> None:
    """From now on nothing reaches the disk, and what was not flushed never will."""
    fd = os.open(mounted, os.O_RDONLY)
    try:
        fcntl.ioctl(fd, SHUT_DOWN, struct.pack("I", WITHOUT_FLUSHING))
    finally:
        os.close(fd)


@contextmanager
def in_qemu(disk: Path, clock: datetime) -> Generator[Computer]:
    """Up for a `with`, since `clock`; at the end its power is cut.

    Its time is counted in instructions, and skips what it would wait: however slow the emulation, it is not late.
    """
    words = "root=/dev/vda rw console=ttyS0 quiet loglevel=3 systemd.show_status=0"
    with tempfile.TemporaryDirectory(prefix="ezrec-power-") as made:
        folder = Path(made)
        process = subprocess.Popen(
            [
                *("qemu-system-x86_64", "-machine", "pc,accel=tcg", "-cpu", "Nehalem", "-m", "1536"),
                *("-icount", "shift=0,sleep=off", "-rtc", f"base={clock:%Y-%m-%dT%H:%M:%S},clock=vm"),
                *("-nodefaults", "-vga", "std", "-display", "none", "-nic", "none"),
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
            machine.connect(PATIENCE)
            yield machine
        finally:
            process.kill()
            process.wait()


@pytest.mark.parametrize(("powered", "booked_seconds"), [(in_a_box, 60), (in_qemu, 300)], ids=["box", "qemu"])
def test_a_booking_outlives_a_power_cut_and_becomes_one_video_by_itself(
    disk: Path, powered: Callable[[Path, datetime], AbstractContextManager[Computer]], booked_seconds: int
) -> None:
    """`booked_seconds`: to start again takes an emulated machine longer."""
    with powered(disk, datetime.now(UTC)) as machine:
        until_active(machine)
        start = clock_of(machine) + timedelta(seconds=5)
        end = start + timedelta(seconds=booked_seconds)
        times = f"--start {start.isoformat(timespec='seconds')} --end {end.isoformat(timespec='seconds')}"
        machine.run(f"cd /tmp; ezrec bookings add --id b1 --user ana {times}")
        until(machine, lambda: count(machine, FOOTAGE) >= 3)
        told(f"the power is cut; up to now there is of the booking of {booked_seconds} s:", sizes(machine))
        cut = clock_of(machine)
    with powered(disk, cut + OFF) as machine:
        told("the machine is up again, and there is:", sizes(machine))
        until_active(machine)
        held = count(machine, FOOTAGE)
        until(machine, lambda: count(machine, FOOTAGE) > held)
        told("it is recorded on:", machine.run("cd /tmp; ezrec status"))
        until(machine, lambda: count(machine, DELIVERED) > 0)
        until(machine, lambda: "Completed" in published(machine))
        told("delivered:", machine.run(DELIVERED), published(machine), machine.run("cd /tmp; ezrec jobs show b1"))
        # Of a segment that was never synced its name can be left.
        told(machine.run("cd /tmp; ezrec check --repair"), machine.run("cd /tmp; ezrec check"))
        assert count(machine, DELIVERED) == 1
        assert published(machine).startswith("(1, ")


def until(machine: Computer, come: Callable[[], bool], patience: float = PATIENCE) -> None:
    try:
        wait(come, "in time", patience)
    except BoxError as error:
        raise AssertionError(machine.run("journalctl --no-pager -u ezrec-engine | tail -60")) from error


def clock_of(machine: Computer) -> datetime:
    return datetime.fromtimestamp(int(machine.run("date +%s")), UTC)


def until_active(machine: Computer) -> None:
    until(machine, lambda: machine.holds("systemctl is-active ezrec-engine"))


def sizes(machine: Computer) -> str:
    return machine.run(f"{FOOTAGE} -printf '%s bytes %f\\n' | sort -k3")


def published(machine: Computer) -> str:
    """What the local record has: the rows of videos, and of bookings."""
    read = "import sqlite3; db = sqlite3.connect('/var/lib/ezrec/published.db');"
    read += "print(*db.execute('SELECT count(*), row FROM videos'), *db.execute('SELECT id, status FROM bookings'))"
    return machine.run(f'/opt/ezrec/venv/bin/python -c "{read}" || true')


def count(machine: Computer, found: str) -> int:
    return int(machine.run(f"{found} | wc -l"))


def told(*texts: str) -> None:
    print(*(text.rstrip() for text in texts), sep="\n", flush=True)
