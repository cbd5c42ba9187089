"""The PIN: right or wrong, and not to be found out by trying, by waiting for a restart, or by reading anything."""

import asyncio
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from ezrec_tui.config import SettingsError, load_settings
from ezrec_tui.engine.pin import LOCKED, LONGEST_LOCK, PinDoor
from ezrec_tui.engine.store import StateStore
from ezrec_tui.model import Alert, Answer, Level
from ezrec_tui.pin import PinHash, hash_pin
from tests.clock import OwnedClock
from tests.engine.running import RunningEngine, running_engine

AT = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
PIN = "48151623"
HASHED = hash_pin(PIN)


class House:
    """A door with its store, on a clock that the test owns."""

    def __init__(self, folder: Path, pin: PinHash | None = HASHED) -> None:
        self._folder, self._pin = folder, pin
        self.clock = OwnedClock(AT)
        self.alerts: list[str] = []
        self.restart()

    def restart(self) -> None:
        self.door = PinDoor(self._pin, self.clock, StateStore(self._folder / "engine.db"), self._alert)

    def _alert(self, _level: Level, what: str, _to_do: str) -> Alert | None:
        self.alerts.append(what)
        return None

    def check(self, pin: str) -> Answer:
        return asyncio.run(self.door.check(pin))

    def lock(self) -> str:
        """Be wrong until it is locked; what was said then."""
        return [self.check("0000").message for _ in range(5)][-1]


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_the_right_pin_opens_and_a_wrong_one_says_how_many_tries_are_left(house: House) -> None:
    assert house.check(PIN).ok
    said = [house.check(wrong).message for wrong in ("0000", "", "4815162", "é" * 64, "481516230")]
    assert said[:4] == [f"wrong PIN, {left} {'tries' if left > 1 else 'try'} left" for left in (4, 3, 2, 1)]
    assert said[4] == "too many wrong PINs: try again in 60 s"


def test_a_right_pin_gives_all_tries_back(house: House) -> None:
    for _ in range(4):
        house.check("0000")
    assert house.check(PIN).ok
    assert house.check("0000").message == "wrong PIN, 4 tries left"


def test_the_fifth_wrong_one_locks_for_a_minute_even_for_the_right_one_and_is_told(house: House) -> None:
    house.lock()
    assert house.alerts == [LOCKED]
    house.clock.advance(2)
    assert house.check(PIN) == Answer(ok=False, message="too many wrong PINs: try again in 58 s")
    house.clock.advance(58)
    assert house.check(PIN).ok


def test_the_wait_doubles_up_to_an_hour(house: House) -> None:
    waits = list[int]()
    for _ in range(9):
        waits.append(int(house.lock().split()[-2]))
        house.clock.advance(waits[-1])
    assert waits == [60, 120, 240, 480, 960, 1920, LONGEST_LOCK, LONGEST_LOCK, LONGEST_LOCK]


def test_a_restart_gives_no_try_and_no_second_back(house: House) -> None:
    house.check("0000")
    house.restart()
    assert house.check("0000").message == "wrong PIN, 3 tries left"
    for _ in range(3):
        house.check("0000")
    house.clock.advance(20)
    house.restart()
    assert house.check(PIN).message == "too many wrong PINs: try again in 40 s"


def test_a_stepped_wall_clock_neither_opens_nor_keeps_it_shut(house: House) -> None:
    house.lock()
    house.clock.step(+7 * 86400)
    assert not house.check(PIN).ok
    house.clock.step(-3000 * 86400)
    house.restart()
    assert house.check(PIN).message == "too many wrong PINs: try again in 60 s", "a machine that woke up in 1970"
    house.clock.advance(60)
    assert house.check(PIN).ok


def test_a_hundred_askers_at_once_have_five_tries_together(house: House) -> None:
    async def ask() -> list[Answer]:
        return await asyncio.gather(*(house.door.check(f"{number:04}") for number in range(99)), house.door.check(PIN))

    answers = asyncio.run(ask())
    assert not any(answer.ok for answer in answers), "the right one came after five wrong ones"
    assert sum("left" in answer.message for answer in answers) == 4


def test_a_try_counts_before_it_is_looked_at(house: House) -> None:
    """Whoever kills the engine before it answers has used up a try all the same."""

    async def ask_and_be_cut_off() -> None:
        asking = asyncio.ensure_future(house.door.check("0000"))
        await asyncio.sleep(0)
        asking.cancel()
        await asyncio.wait([asking])

    for _ in range(5):
        asyncio.run(ask_and_be_cut_off())
    house.restart()
    assert not house.check(PIN).ok


def test_without_a_pin_none_is_right(tmp_path: Path) -> None:
    house = House(tmp_path, None)
    assert not house.door.is_set
    assert house.check("0000") == Answer(ok=False, message="no PIN is set")


@pytest.mark.parametrize("written", [PIN, str(HASHED), f" {PIN} "], ids=["digits", "hash", "spaces"])
def test_the_setting_holds_the_digits_or_their_hash_and_shows_neither(written: str) -> None:
    settings = load_settings(ezrec_pin=written, _env_file=None)
    assert settings.ezrec_pin is not None
    assert settings.ezrec_pin.matches(PIN)
    assert not settings.ezrec_pin.matches("0000")
    assert PIN not in repr(settings)
    assert str(HASHED) not in repr(settings)


@pytest.mark.parametrize("wrong", ["123", "1234567890123", "12a4", "scrypt:12:34", "１２３４", "-1234"])
def test_a_setting_that_is_no_pin_is_named_and_not_shown(wrong: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings(ezrec_pin=wrong, _env_file=None)
    assert str(refused.value) == "EZREC_PIN: not a PIN: 4 to 12 digits, or a line that `ezrec pin` made"
    assert wrong not in str(refused.value.__cause__), "nor in a traceback"


def test_a_pin_that_is_not_set_is_none() -> None:
    assert load_settings(_env_file=None).ezrec_pin is None
    assert load_settings(ezrec_pin="your_pin_here", _env_file=None).ezrec_pin is None


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Generator[RunningEngine]:
    with running_engine(tmp_path_factory.mktemp("pin"), EZREC_PIN=PIN) as running:
        running.until(lambda snapshot: len(snapshot.cameras) == 2)
        yield running


def test_wrong_pins_are_audited_locked_and_alarmed_by_the_engine_and_the_pin_is_nowhere(engine: RunningEngine) -> None:
    client = engine.client
    snapshot = asyncio.run(client.snapshot())
    assert snapshot.pin_set
    assert asyncio.run(client.check_pin(PIN)).ok
    refused = [asyncio.run(client.check_pin("48151624")) for _ in range(5)]
    assert refused[-1].message == "too many wrong PINs: try again in 60 s"
    assert not asyncio.run(client.check_pin(PIN)).ok
    seen = engine.until(lambda seen: bool(seen.alerts))
    assert [alert.what for alert in seen.alerts] == [LOCKED]
    acts = asyncio.run(client.acts())
    assert [(act.act, act.ok) for act in acts] == [("check PIN", False)] * 6 + [("check PIN", True)]
    assert acts[1].message == refused[-1].message

    commands = [psutil.Process(engine.process.pid), *psutil.Process(engine.process.pid).children(recursive=True)]
    shown = [seen.model_dump_json(), engine.log, str(acts), *(" ".join(one.cmdline()) for one in commands)]
    shown += [path.read_bytes().decode("latin-1") for path in engine.data.rglob("*") if path.is_file()]
    assert not any(PIN in text or "48151624" in text for text in shown)
