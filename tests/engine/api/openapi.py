"""The API's description as it is published: `python -m tests.engine.api.openapi` writes docs/openapi.json anew."""

import json
import tempfile
from pathlib import Path

from ezrec_tui.clock import SystemClock
from ezrec_tui.config import load_settings
from ezrec_tui.engine.api.app import create_app
from ezrec_tui.engine.engine import Engine

PUBLISHED = Path(__file__).parents[3] / "docs/openapi.json"


def described() -> str:
    """The description of an engine that is not run."""
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(load_settings(_env_file=None, ezrec_data_dir=folder), SystemClock(), {})
        return as_published(create_app(engine).openapi())


def as_published(description: object) -> str:
    return json.dumps(description, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    PUBLISHED.write_text(described())
