"""How all that is watched does, and what went wrong."""

from enum import StrEnum

from pydantic import AwareDatetime

from ezrec_tui.model.value import Value


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


class HealthItem(Value):
    """One thing that is watched. The screen words it by its key; `detail` says what is wrong and what to do."""

    key: str
    """disk, writing, memory, cpu, temperature, throttling, power, network, clock, cameras, store, database, worker"""
    level: Level = Level.OK
    value: float | None = None
    unit: str = ""
    detail: str = ""


class Firmware(Value):
    """What a Raspberry Pi's firmware says of its power and its speed."""

    under_voltage: bool
    """Now,"""
    under_voltage_before: bool = False
    """and at any time since the machine started."""
    slowed: bool = False
    """The processor is held back now, for its heat or for want of power,"""
    slowed_before: bool = False
    """and was at any time since the machine started."""


class Machine(Value):
    """The machine at one look, in numbers. None is what it has no means to tell."""

    cpu_percent: float
    """Busy, of all cores together, since the look before."""
    cpu_yielding_percent: float = 0.0
    """The part of it that makes way for everything else: videos being rendered."""
    memory_total: int
    """This and the next: bytes."""
    memory_available: int
    uptime_seconds: float
    """Since the machine started."""
    celsius: float | None = None
    """Of the processor."""
    firmware: Firmware | None = None
    network: bool | None = None
    """Whether there is a way out of this machine: a default route."""
    clock_set: bool | None = None
    """Whether its clock was set by a time server since it started."""

    @property
    def memory_percent(self) -> float:
        """In use."""
        return (1 - self.memory_available / self.memory_total) * 100 if self.memory_total else 0.0


class DiskSpace(Value):
    """Room on the disk that holds the data folder, at one look."""

    total: int
    """This and the next: bytes."""
    free: int
    hours: float
    """So long can all cameras record, their videos included."""

    @property
    def used_percent(self) -> float:
        return (1 - self.free / self.total) * 100 if self.total else 0.0


class Health(Value):
    """How all that is watched does: the items in words, and the numbers behind them."""

    at: AwareDatetime
    engine_started: AwareDatetime
    level: Level
    """The worst of the items'."""
    items: tuple[HealthItem, ...]
    machine: Machine | None = None
    """This and the next: None before the first look."""
    disk: DiskSpace | None = None
    errors: int = 0
    """Alerts of failures that are open."""
    recordings: int = 0
    """Made here, of all that are still known."""
    deliveries: int = 0
    """Videos whose row has arrived in the database, within HISTORY_DAYS."""


class Alert(Value):
    """Something that went wrong. It stays until somebody says that they saw it."""

    id: int
    at: AwareDatetime
    level: Level
    what: str
    to_do: str = ""
    booking_id: str | None = None
    acknowledged_by: str | None = None
    acknowledged_at: AwareDatetime | None = None
    over_at: AwareDatetime | None = None
    """When its cause was gone: it left the screen then, seen or not."""
