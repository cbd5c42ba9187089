"""These tests run where `tests/picamera/run` puts them, and are not collected anywhere else: `make test-picamera`."""

import os

collect_ignore_glob = [] if "EZREC_VIRTUAL_PI" in os.environ else ["test_*.py"]
