"""What one check works with: where, with which settings, whether it mends, and what it found so far."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ezrec_tui.check.findings import Finding, Kind
from ezrec_tui.check.ledger import Ledger
from ezrec_tui.config import Settings
from ezrec_tui.folders import Folders


@dataclass
class Scope:
    settings: Settings
    folders: Folders
    ledger: Ledger
    repair: bool
    on_file: Callable[[Path], None]
    on_bytes: Callable[[int], None]
    on_finding: Callable[[Finding], None]
    findings: list[Finding] = field(default_factory=list[Finding])
    bytes: int = 0
    segments: int = 0
    videos: int = 0

    def found(self, kind: Kind, path: Path, what: str, to_do: str, mend: Callable[[], object] | None = None) -> bool:
        """Note a finding. With `--repair`, `mend` is called; whether it is mended then."""
        mended = False
        if self.repair and mend is not None:
            try:
                mend()
                mended = True
            except OSError as error:
                to_do = f"it cannot be mended ({error.strerror or error}); {to_do}"
        finding = Finding(kind=kind, path=path, what=what, to_do=to_do, mended=mended)
        self.findings.append(finding)
        self.on_finding(finding)
        return mended

    def read(self, count: int) -> None:
        """So many bytes were read."""
        self.bytes += count
        self.on_bytes(count)
