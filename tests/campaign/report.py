"""What the campaigns leave: a summary in JSON."""

import json
from collections.abc import Mapping
from pathlib import Path


def write_summary(path: Path, found: Mapping[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, indent=2) + "\n")
    print(f"written to {path}")
