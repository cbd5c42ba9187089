"""Wheels of this very program in which nothing is but the installer, the units, and an `ezrec` that says how its smoke
test went: pip installs one in a second."""

import zipfile
from pathlib import Path

HOUSE = Path(__file__).parents[2]
UNITS = ("ezrec-engine.service", "ezrec-kiosk.service")


def make_wheel(folder: Path, version: str, *, smoke_test_status: int = 0) -> Path:
    """A wheel of that version; its smoke test ends with that status."""
    name, path = f"ezrec_tui-{version}", folder / f"ezrec_tui-{version}-py3-none-any.whl"
    installer = [
        HOUSE / "ezrec_tui" / "__init__.py",
        HOUSE / "ezrec_tui" / "files.py",
        *(one for one in (HOUSE / "ezrec_tui" / "install").rglob("*") if one.is_file() and one.suffix != ".pyc"),
    ]
    content = {str(one.relative_to(HOUSE)): one.read_text() for one in installer}
    content |= {f"{name}.data/data/share/ezrec/{unit}": (HOUSE / unit).read_text() for unit in UNITS}
    program = f"#!python\nimport sys\nprint('SMOKE TEST SAYS NO')\nsys.exit({smoke_test_status})\n"
    content |= {
        f"{name}.data/scripts/ezrec": program,
        f"{name}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: ezrec-tui\nVersion: {version}\n",
        f"{name}.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = f"{name}.dist-info/RECORD"
    content[record] = "".join(f"{one},,\n" for one in [*content, record])
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w") as wheel:
        for one, text in content.items():
            entry = zipfile.ZipInfo(one)
            entry.external_attr = 0o100755 << 16
            wheel.writestr(entry, text)
    return path
