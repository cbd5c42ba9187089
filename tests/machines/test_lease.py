"""Who is alive: a lock in the database that a machine holds for its life, and loses with it."""

import pytest
from sqlalchemy import Engine

from ezrec_tui.jobs.lease import Lease, LeaseLost, living
from tests.machines.machines import wait_until


def test_a_machine_that_is_silent_for_its_lease_is_dead_and_learns_it_when_it_wakes(engine: Engine) -> None:
    with Lease(engine, "silent", 0.3) as silent, Lease(engine, "other", 60) as other:
        wait_until(lambda: other.is_dead(silent.name), "the server ends the silent one's session")
        with pytest.raises(LeaseLost):
            silent.keep()
        other.keep()


def test_a_machine_is_alive_until_its_connection_ends_and_dead_from_then_on(engine: Engine) -> None:
    with Lease(engine, "one", 60) as one:
        with Lease(engine, "other", 60) as other, engine.connect() as connection:
            assert not one.is_dead(other.name)
            assert not one.is_dead("somebody-else's name")
            assert living(connection) == 2
        wait_until(lambda: one.is_dead(other.name), "the other one's lock is free")
        with engine.connect() as connection:
            assert living(connection) == 1
