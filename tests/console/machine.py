"""A machine in QEMU with this one's files, a real systemd and a real console: keys go in, pictures come out.

Its root is this machine's, seen through an overlay that takes all changes; the units and users under test lie over it.
It has no network but one address, behind which is the Unix socket of an engine on this machine.
"""

import base64
import gzip
import os
import re
import shlex
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
STATE = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "ezrec" / "console"
BOOT_PATIENCE = 300.0
PATIENCE = 420.0
CALL_SECONDS = 2.0
LOOK_SECONDS = 0.3
MODES = {(640, 400): "0x341", (1024, 768): "0x317", (1920, 1080): "0x390"}
"""The kernel's numbers of the graphics card's modes."""
MODULES = (
    *("virtio_ring", "virtio", "virtio_pci_legacy_dev", "virtio_pci_modern_dev", "virtio_pci"),
    *("fscache", "netfs", "9pnet", "9pnet_virtio", "9p", "overlay", "failover", "net_failover", "virtio_net"),
)
"""Some need others of them, and which differs from kernel to kernel: they are tried until all are in."""

INIT = """#!/bin/sh
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
for pass in 1 2 3 4; do for module in /modules/*.ko; do insmod $module 2>/dev/null; done; done
mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=262144 machine /machine
mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose given /given
mount -t tmpfs tmpfs /changes
mkdir /changes/files /changes/work
mount -t overlay -o lowerdir=/given:/machine,upperdir=/changes/files,workdir=/changes/work overlay /root
rm -f /root/.dockerenv
ip addr add 10.0.2.15/24 dev eth0
ip link set eth0 up
umount /proc /sys
exec switch_root /root /lib/systemd/systemd
"""

UNITS = {
    "kiosk-test.target": """[Unit]
Requires=basic.target
Wants=shell-for-test.service ezrec-engine.socket
AllowIsolate=yes
""",
    "shell-for-test.service": """[Service]
ExecStart=/bin/sh -c "stty raw -echo; exec /bin/bash"
StandardInput=tty-force
StandardOutput=tty
StandardError=null
TTYPath=/dev/ttyS1
Environment=SYSTEMD_COLORS=0 SYSTEMD_URLIFY=0 SYSTEMD_PAGER=
""",
    "ezrec-engine.socket": """[Socket]
ListenStream=/run/ezrec/engine.sock
SocketGroup=ezrec
SocketMode=0660
""",
    "ezrec-engine.service": """[Service]
ExecStart=/lib/systemd/systemd-socket-proxyd 10.0.2.100:7000
""",
}
SLOW = "TimeoutStartSec=600"
"""An emulated processor takes its time."""

SEEN = {str(place) for prefix in (sys.prefix, sys.base_prefix) for place in (Path(prefix), Path(prefix).resolve())}
PROGRAM = f"""[Service]
Environment=PYTHONPATH={REPOSITORY}
ProtectHome=tmpfs
BindReadOnlyPaths={" ".join({str(REPOSITORY), *SEEN})}
"""
"""For a unit's drop-in: this machine's program, wherever it lies."""

MASKED = (
    *("systemd-udevd.service", "systemd-udev-trigger.service", "systemd-udev-settle.service"),
    *("systemd-udevd-control.socket", "systemd-udevd-kernel.socket", "systemd-hwdb-update.service"),
    *("systemd-modules-load.service", "systemd-journal-flush.service", "systemd-random-seed.service"),
    *("systemd-timesyncd.service", "systemd-networkd.service", "systemd-resolved.service", "ldconfig.service"),
    *("systemd-logind.service", "keyboard-setup.service", "console-setup.service", "apparmor.service"),
    *("systemd-update-utmp.service", "systemd-pcrphase.service", "systemd-pcrphase-sysinit.service", "cron.service"),
    *("systemd-tmpfiles-setup.service", "systemd-tmpfiles-clean.timer", "systemd-sysctl.service"),
    *("networking.service", "systemd-sysusers.service", "systemd-firstboot.service", "systemd-binfmt.service"),
    *("proc-sys-fs-binfmt_misc.automount", "dev-hugepages.mount", "sys-fs-fuse-connections.mount"),
)
"""What the machine does not need, for a quicker start."""


class MachineError(Exception):
    """The machine does not do what it should; the text says what it said."""


@dataclass
class Machine:
    """It runs from `booted` on; `folder` holds its sockets."""

    folder: Path
    process: subprocess.Popen[bytes]
    _shell: socket.socket = field(default_factory=lambda: socket.socket(socket.AF_UNIX))
    _asked: int = 0

    def run(self, command: str) -> str:
        """What a command prints there. Raises MachineError when its status is not 0."""
        text, status = self._ask(command)
        if status:
            raise MachineError(f"{command}: status {status}\n{text}")
        return text

    def holds(self, command: str) -> bool:
        return self._ask(command)[1] == 0

    def press(self, *keys: str) -> None:
        """Keys as QEMU names them: f2, ret, s, alt-f2."""
        for key in keys:
            self._tell_qemu(f"sendkey {key}")

    def shot(self, to: Path) -> None:
        """A picture of the display, as PNG."""
        self._tell_qemu(f"screendump {to} -f png")

    def text(self, console: int = 1) -> str:
        """What stands on the console, a line a row, as its font has it."""
        size, cells = self.run(f"head -c2 /dev/vcsa{console} | base64; base64 -w0 /dev/vcsu{console}").split()
        columns = base64.b64decode(size)[1]
        written = base64.b64decode(cells).decode("utf-32-le").replace("\0", " ")
        return "\n".join(written[start : start + columns] for start in range(0, len(written), columns))

    def until(self, *words: str, absent: str = "", press: str = "", console: int = 1) -> str:
        """Wait until all these words are on the console and `absent` is not; press a key at every look if asked."""

        def come() -> bool:
            if press:
                self.press(press)
            seen[:] = [self.text(console)]
            return all(word in seen[0] for word in words) and not (absent and absent in seen[0])

        seen = [""]
        self.wait(come, lambda: f"{words} did not come (and {absent!r} go):\n{seen[0]}")
        return seen[0]

    def wait(self, come: Callable[[], bool], what: Callable[[], str], patience: float = PATIENCE) -> None:
        deadline = time.monotonic() + patience
        while not come():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise MachineError(what())
            time.sleep(LOOK_SECONDS)

    def connect(self, patience: float = BOOT_PATIENCE) -> None:
        """Wait for the shell in the machine."""
        self._shell.connect(str(self.folder / "shell"))
        self._shell.settimeout(CALL_SECONDS)

        def answers() -> bool:
            try:
                return self._ask("true")[1] == 0
            except TimeoutError:
                return False

        self.wait(answers, lambda: f"no shell:\n{self.log()}", patience)
        self._shell.settimeout(PATIENCE)

    def log(self) -> str:
        return (self.folder / "console.log").read_text(errors="replace")[-6000:]

    def _ask(self, command: str) -> tuple[str, int]:
        """What a command prints, and its status. What the line said before, or says of itself, is passed over."""
        self._asked += 1
        mark = f"<{self._asked}"
        self._shell.sendall(f"echo '{mark}''('; {{ {command}\n}} 2>&1; echo '{mark}'')'$?.\n".encode())
        heard, end = "", re.compile(rf"{mark}\(\n(.*){mark}\)(\d+)\.\n", re.DOTALL)
        while not (answer := end.search(heard)):
            heard += self._shell.recv(65536).decode(errors="replace")
        return answer[1], int(answer[2])

    def _tell_qemu(self, command: str) -> None:
        """One line to QEMU's monitor, and its prompt after it."""
        with socket.socket(socket.AF_UNIX) as monitor:
            monitor.settimeout(PATIENCE)
            monitor.connect(str(self.folder / "monitor"))
            for line in ("", command):
                heard = b""
                if line:
                    monitor.sendall(f"{line}\n".encode())
                while not heard.endswith(b"(qemu) "):
                    heard += monitor.recv(65536)


def prepare() -> tuple[Path, Path]:
    """The kernel and the first files it sees, made once: (kernel, initrd)."""
    kernels = sorted((STATE / "kernel" / "boot").glob("vmlinuz-*"))
    if not kernels:
        STATE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=STATE) as scratch:
            depends = _output("apt-cache", "depends", "linux-image-amd64")
            package = next(line.split()[1] for line in depends.splitlines() if line.strip().startswith("Depends:"))
            subprocess.run(["apt-get", "-qq", "download", package], cwd=scratch, check=True)
            (archive,) = Path(scratch).glob("*.deb")
            subprocess.run(["dpkg-deb", "-x", archive, Path(scratch) / "kernel"], check=True)
            (Path(scratch) / "kernel").rename(STATE / "kernel")
        kernels = sorted((STATE / "kernel" / "boot").glob("vmlinuz-*"))
    initrd = STATE / "initrd.gz"
    root = STATE / "initrd"
    shutil.rmtree(root, ignore_errors=True)
    for name in ("bin", "dev", "proc", "sys", "modules", "machine", "given", "changes", "root"):
        (root / name).mkdir(parents=True)
    shutil.copy("/bin/busybox", root / "bin")
    (root / "bin" / "sh").symlink_to("busybox")
    found = {path.stem.replace("-", "_"): path for path in (STATE / "kernel").rglob("*.ko")}
    for module in MODULES:
        if module in found:
            shutil.copy(found[module], root / "modules" / f"{module}.ko")
    (root / "init").write_text(INIT)
    (root / "init").chmod(0o755)
    files = "\n".join(str(path.relative_to(root)) for path in root.rglob("*"))
    packed = subprocess.run(
        ["cpio", "-o", "-H", "newc"], cwd=root, input=files.encode(), capture_output=True, check=True
    )
    initrd.write_bytes(gzip.compress(packed.stdout, 1))
    return kernels[-1], initrd


def _output(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def lay_over(given: Path) -> None:
    """Write what the machine has and this one has not: users, units, the program where the unit looks for it."""
    units = given / "etc" / "systemd" / "system"
    kiosk = units / "ezrec-kiosk.service.d"
    kiosk.mkdir(parents=True)
    for name, text in UNITS.items():
        (units / name).write_text(text)
    for name in MASKED:
        (units / name).symlink_to("/dev/null")
    shutil.copy(REPOSITORY / "ezrec-kiosk.service", units)
    python = Path(sys.prefix)
    (kiosk / "program.conf").write_text(f"{PROGRAM}{SLOW}\n")
    (given / "opt" / "ezrec").mkdir(parents=True)
    (given / "opt" / "ezrec" / "venv").symlink_to(python)
    for name, lines in {
        "passwd": "ezrec-kiosk:x:987:987::/nonexistent:/usr/sbin/nologin\n",
        "group": "ezrec-kiosk:x:987:\nezrec:x:986:\n",
    }.items():
        (given / "etc" / name).write_text(Path("/etc", name).read_text() + lines)


@contextmanager
def booted(engine: Path, size: tuple[int, int] = (1024, 768), *, clock: str = "utc") -> Generator[Machine]:
    """The machine for a `with`, with the kiosk not yet started. `engine` is a Unix socket on this machine; `clock` is
    the machine's time at the start (`2025-06-14T12:47:00`), or `utc` for now."""
    kernel, initrd = prepare()
    with tempfile.TemporaryDirectory(prefix="ezrec-console-") as made:
        folder = Path(made)
        given = folder / "given"
        given.mkdir()
        lay_over(given)
        pipe = folder / "pipe"
        pipe.write_text(
            f"#!/bin/sh\nexec {shlex.join([sys.executable, str(Path(__file__).with_name('pipe.py')), str(engine)])}\n"
        )
        pipe.chmod(pipe.stat().st_mode | stat.S_IXUSR)

        def share(tag: str, path: Path) -> list[str]:
            files = f"local,id={tag},path={path},security_model=none,multidevs=remap,readonly=on"
            return ["-fsdev", files, "-device", f"virtio-9p-pci,fsdev={tag},mount_tag={tag}"]

        words = f"console=ttyS0 console=tty0 vga={MODES[size]} quiet loglevel=3 fstab=no systemd.show_status=0"
        words += " systemd.unit=kiosk-test.target systemd.machine_id=0123456789abcdef0123456789abcdef"
        process = subprocess.Popen(
            [
                *("qemu-system-x86_64", "-machine", "pc,accel=tcg", "-cpu", "max", "-smp", "2", "-m", "1024"),
                *("-nodefaults", "-vga", "std", "-display", "none", "-rtc", f"base={clock}"),
                *("-kernel", str(kernel), "-initrd", str(initrd), "-append", words),
                *share("machine", Path("/")),
                *share("given", given),
                *("-serial", f"file:{folder / 'console.log'}"),
                *(
                    "-chardev",
                    f"socket,id=shell,path={folder / 'shell'},server=on,wait=off",
                    "-serial",
                    "chardev:shell",
                ),
                *("-monitor", f"unix:{folder / 'monitor'},server=on,wait=off"),
                *("-netdev", f"user,id=net,restrict=on,guestfwd=tcp:10.0.2.100:7000-cmd:{pipe}"),
                *("-device", "virtio-net-pci,netdev=net"),
            ],
            stdin=subprocess.DEVNULL,
        )
        try:
            machine = Machine(folder, process)
            machine.wait((folder / "shell").exists, lambda: "QEMU does not start")
            machine.connect()
            yield machine
        finally:
            process.terminate()
            process.wait()
