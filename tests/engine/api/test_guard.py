"""Who passes over TCP, and how often."""

from datetime import UTC, datetime

import pytest

from ezrec_tui.config import SettingsError, load_settings
from ezrec_tui.engine.api.guard import SOURCES, WRONG_AT_ONCE, Guard, source_of
from tests.clock import OwnedClock

TOKEN, READ_TOKEN = "t" * 40, "r" * 40
RATE = 10
HERE, ELSEWHERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture
def clock() -> OwnedClock:
    return OwnedClock(datetime(2026, 11, 23, tzinfo=UTC))


@pytest.fixture
def guard(clock: OwnedClock) -> Guard:
    return Guard(TOKEN, READ_TOKEN, RATE, clock.sensor_ns)


def status(guard: Guard, authorization: str, address: str = HERE, *, acts: bool = False) -> int | None:
    refusal = guard.refusal(address, authorization, acts=acts)
    return refusal.status if refusal else None


def test_the_token_lets_act_and_the_one_for_looking_lets_look_alone(guard: Guard) -> None:
    assert status(guard, f"Bearer {TOKEN}", acts=True) is None
    assert status(guard, f"bearer {TOKEN}") is None
    assert status(guard, f"Bearer {READ_TOKEN}") is None
    assert status(guard, f"Bearer {READ_TOKEN}", acts=True) == 403


@pytest.mark.parametrize(
    "given",
    ["", "Bearer", "Bearer ", TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer \udc80"],
)
def test_nothing_else_passes(guard: Guard, given: str) -> None:
    assert status(guard, given) == 401


def test_a_token_that_is_not_set_lets_nobody_pass(clock: OwnedClock) -> None:
    guard = Guard(TOKEN, "", RATE, clock.sensor_ns)
    assert status(guard, "Bearer ") == 401
    assert status(Guard("", READ_TOKEN, RATE, clock.sensor_ns), "Bearer ", acts=True) == 401


def test_after_some_wrong_tokens_an_address_is_not_listened_to_until_time_has_passed_and_others_are(
    guard: Guard, clock: OwnedClock, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(WRONG_AT_ONCE):
        assert status(guard, "Bearer guessed") == 401
    refusal = guard.refusal(HERE, f"Bearer {TOKEN}", acts=True)
    assert refusal is not None
    assert refusal.status == 429, "the right one neither"
    assert status(guard, f"Bearer {TOKEN}", ELSEWHERE) is None
    assert refusal.seconds is not None
    clock.advance(refusal.seconds)
    assert status(guard, f"Bearer {TOKEN}", acts=True) is None
    assert status(guard, "Bearer guessed") == 401
    assert status(guard, "Bearer guessed") == 429, "one more try, not five"
    assert HERE in caplog.text
    assert "guessed" not in caplog.text


def test_who_asks_too_often_waits_and_then_may_ask_on(guard: Guard, clock: OwnedClock) -> None:
    asked = [status(guard, f"Bearer {TOKEN}") for _ in range(RATE * 10)]
    assert 429 in asked
    assert status(guard, f"Bearer {TOKEN}", ELSEWHERE) is None
    clock.advance(1)
    assert [status(guard, f"Bearer {TOKEN}") for _ in range(RATE + 1)] == [None] * RATE + [429]


def test_no_number_of_addresses_fills_the_memory_or_frees_the_one_that_guesses(guard: Guard) -> None:
    for number in range(3 * SOURCES):
        status(guard, "Bearer guessed", f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
        status(guard, "Bearer guessed")
    assert status(guard, f"Bearer {TOKEN}") == 429


def test_an_ipv6_network_counts_as_one_and_ipv4_within_ipv6_as_ipv4() -> None:
    assert source_of("2001:db8::1") == source_of("2001:db8::ffff:2") != source_of("2001:db8:0:1::1")
    assert source_of("::ffff:192.0.2.1") == source_of("192.0.2.1") != source_of("192.0.2.2")
    assert source_of("fe80::1%eth0") == source_of("fe80::2%eth0")


def test_tcp_is_never_opened_without_a_token_and_a_wrong_one_is_not_repeated() -> None:
    for wrong, named in (
        ({"ezrec_api_listen": "0.0.0.0:8800"}, "EZREC_API_LISTEN: needs EZREC_API_TOKEN"),
        ({"ezrec_api_token": "secret and too short"}, "EZREC_API_TOKEN: has to be 32"),
        ({"ezrec_api_token": TOKEN, "ezrec_api_read_token": TOKEN}, "EZREC_API_READ_TOKEN: has to be another"),
        ({"ezrec_api_listen": "8800", "ezrec_api_token": TOKEN}, "EZREC_API_LISTEN: not an address"),
        ({"ezrec_api_listen": "::1:8800", "ezrec_api_token": TOKEN}, "EZREC_API_LISTEN: not an address"),
        ({"ezrec_api_listen": "a..b:8800", "ezrec_api_token": TOKEN}, "EZREC_API_LISTEN: not an address"),
        ({"ezrec_api_listen": "court:88000", "ezrec_api_token": TOKEN}, "EZREC_API_LISTEN: not an address"),
        ({"ezrec_socket_mode": "666"}, "EZREC_SOCKET_MODE: not the rights"),
    ):
        with pytest.raises(SettingsError, match=named) as told:
            load_settings(_env_file=None, **wrong)
        assert "secret" not in str(told.value)
        assert TOKEN not in str(told.value)
    settings = load_settings(_env_file=None, ezrec_api_listen="[::1]:8800", ezrec_api_token=TOKEN)
    assert settings.ezrec_api_listen == ("::1", 8800)
    assert TOKEN not in repr(settings)
