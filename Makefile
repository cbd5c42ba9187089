# Two commands do everything: `make demo` and `make test`. A machine needs Python 3.11 or newer with venv, git and make.
PYTHON ?= python3
UV := .tools/bin/uv
RUN := $(UV) run --frozen --no-sync
export UV_PYTHON_DOWNLOADS := never
export UV_PYTHON := $(shell $(PYTHON) -c 'import sys; print(sys.executable)')

.PHONY: help demo test set-up lint test-quick test-alone test-picamera console install-check campaign delivery-campaign machines-campaign benchmark benchmark-quality benchmark-recording benchmark-upload benchmark-workers benchmark-screen docs lock soak

help:  ## What can be made
	@sed -n 's/^\([a-z-]*\):.*##/\1\t/p' Makefile | expand -t 22

demo: $(UV)  ## A booking's whole way on this machine, on the screen; ends with the video
	@$(UV) sync --frozen --no-dev --inexact --quiet
	@$(RUN) ezrec demo $(OPTIONS)

test: set-up lint test-quick test-alone  ## All tests; installs what they need
	@tests/picamera/run $(UV) $(PICAMERA)

# What `make test` does where the Picamera2 tests cannot run: says so. Empty: it fails.
PICAMERA ?= --where-possible

set-up: $(UV)
	tests/install-packages
	$(UV) sync --frozen --quiet
	@$(HAS_KERNEL) || $(UV) sync --frozen --quiet --reinstall-package ezrec-tui
	@$(HAS_KERNEL) || { echo "the compiled kernel could not be built"; exit 1; }
	$(RUN) python -c 'from tests.peers.supabase import install_dialect; install_dialect()'

# It is left out where there is no compiler, and a later one changes nothing by itself.
HAS_KERNEL = $(RUN) python -c 'import sys; from ezrec_tui.video.kernel import installed; sys.exit(not installed())'

lint:
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	$(RUN) pyright
	$(RUN) lint-imports

test-quick:
	$(RUN) pytest -n 6 -m "not alone and not waits"

test-alone:
	$(RUN) pytest -n 2 --dist loadfile -m waits
	$(RUN) pytest -m alone

test-picamera: $(UV)  ## The recorder on the real Picamera2, with virtual cameras and Python 3.13; as root, on Debian
	tests/picamera/run $(UV)

console: $(UV)  ## The kiosk and the engine under systemd in an emulated machine, and the pictures of docs: 25 minutes
	tests/install-packages console
	$(UV) sync --frozen --quiet
	$(RUN) pytest tests/console/on_a_machine.py tests/console/engine_on_a_machine.py
	$(RUN) python -m tests.console.pictures $(OPTIONS)

lock: $(UV)  ## uv.lock, and what an installation takes of it
	$(UV) lock
	$(UV) sync --frozen --quiet
	$(RUN) python -m tests.install.tested

docs: $(UV)  ## docs/settings.md, from Settings
	$(UV) sync --frozen --quiet
	$(RUN) python -m tests.docs.settings_page

install-check: $(UV)  ## Fresh Debians: installed, upgraded, uninstalled; the power cut while one records. As root, on Debian: 10 minutes
	tests/install-packages console
	$(UV) sync --frozen --quiet
	$(RUN) pytest -s tests/install/on_a_machine.py tests/install/power_cut.py $(OPTIONS)

delivery-campaign: $(UV)  ## Two hundred faults on the way to the store and the database: a quarter of an hour
	$(UV) sync --frozen --quiet
	$(RUN) python -m tests.campaign.delivery $(OPTIONS)

campaign: $(UV)  ## A hundred random kills over all processes, what came out, and what each lost: about 7 minutes
	$(UV) sync --frozen --quiet
	$(RUN) python -m tests.campaign $(OPTIONS)

soak: $(UV)  ## Eight hours of a venue at 60 times the speed, with random faults: does anything grow? 12 minutes; as root
	$(UV) sync --frozen --quiet
	$(RUN) python -m tests.soak $(OPTIONS)

machines-campaign: $(UV)  ## Two machines make a venue's videos, one is killed in each of ten: about 3 minutes
	$(UV) sync --frozen --quiet
	$(RUN) python -m tests.machines $(OPTIONS)

attendant: $(UV)  ## 20,000 random keys on the kiosk's screen before a live engine: about 2 minutes
	$(UV) sync --frozen --quiet
	$(RUN) python -m tests.whole.attendant $(OPTIONS)

benchmark: $(UV)  ## The figures of the README, in one run
	$(UV) sync --frozen --quiet
	@$(HAS_KERNEL) || $(UV) sync --frozen --quiet --reinstall-package ezrec-tui
	$(RUN) python -m benchmarks.render $(OPTIONS)

benchmark-quality: $(UV)  ## How true the panorama is to a known scene, beside OpenCV's Stitcher and others: 5 minutes
	$(UV) sync --frozen --quiet
	$(RUN) python -m benchmarks.quality $(OPTIONS)

benchmark-recording: $(UV)  ## Ten minutes of two 1280x720 cameras while videos are rendered: are frames dropped?
	$(UV) sync --frozen --quiet
	$(RUN) python -m benchmarks.recording $(OPTIONS)

benchmark-upload: $(UV)  ## What an upload costs beside boto3's own, and what an hour without a line costs
	$(UV) sync --frozen --quiet
	$(RUN) python -m benchmarks.upload $(OPTIONS)

benchmark-workers: $(UV)  ## The throughput of 1, 2 and 4 machines that make videos, some of them killed: 10 minutes
	$(UV) sync --frozen --quiet
	$(RUN) python -m benchmarks.workers $(OPTIONS)

benchmark-screen: $(UV)  ## What the screen costs: first paint, idle, preview, a burst of snapshots
	$(UV) sync --frozen --quiet
	$(RUN) python -m benchmarks.screen $(OPTIONS)

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: $$($(PYTHON) --version)"; exit 1; }
	@echo "fetching uv"
	@$(PYTHON) -m venv .tools
	@.tools/bin/pip install --quiet --disable-pip-version-check uv==0.13.9
