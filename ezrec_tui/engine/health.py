"""What the machine's numbers mean: from where on they are a warning or a failure, and what to do then. Pure."""

from dataclasses import dataclass

from ezrec_tui.engine.limits import Gauge, Limits, Steady
from ezrec_tui.engine.notices import Notice
from ezrec_tui.model import Firmware, HealthItem, Level, Machine

MEMORY_FREE_PERCENT = Limits(15, 5, rising=False)
CPU_PERCENT = Limits(90, 101, rising=True)
"""Of what does not make way for the recorders. Nothing is lost by it alone: it never fails, and is no alert."""
CELSIUS = Limits(75, 82, rising=True)
"""A Raspberry Pi slows down from 80 on."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing of the machine, as it was judged."""

    key: str
    level: Level
    value: float | None = None
    unit: str = ""
    what: str = ""
    """What is wrong, without numbers that change, and what to do."""
    to_do: str = ""
    alert: bool = True
    """Whether somebody has to see it; else it stands on the health line alone."""

    @property
    def item(self) -> HealthItem:
        detail = "" if self.level is Level.OK else f"{self.what}; {self.to_do}"
        return HealthItem(key=self.key, level=self.level, value=self.value, unit=self.unit, detail=detail)

    @property
    def notice(self) -> Notice:
        return Notice(f"{self.key}:{self.level.value}", self.level, self.what, self.to_do)


class MachineHealth:
    """Judges the machine with a memory, so that nothing flaps and nothing that passes by is told."""

    def __init__(self, *, needs_network: bool) -> None:
        """`needs_network`: whether the store or the database lies beyond it."""
        self._needs_network = needs_network
        self._memory = Gauge(MEMORY_FREE_PERCENT, patience=15)
        self._cpu = Gauge(CPU_PERCENT, patience=120, calm=30)
        self._celsius = Gauge(CELSIUS, patience=10)
        self._power = Steady(calm=60)
        self._speed = Steady(patience=10, calm=60)
        self._network = Steady(patience=30)
        self._clock = Steady(patience=300)
        self.findings: tuple[Finding, ...] = ()
        """Of the last look."""

    def look(self, machine: Machine, now_ns: int) -> None:
        """Judge one look at the machine, taken now by the sensors' clock."""
        found = [self._judge_memory(machine, now_ns), self._judge_cpu(machine, now_ns)]
        if machine.celsius is not None:
            found.append(self._judge_heat(machine.celsius, now_ns))
        if machine.firmware is not None:
            found += [self._judge_power(machine.firmware, now_ns), self._judge_speed(machine.firmware, now_ns)]
        if machine.network is not None and self._needs_network:
            found.append(self._judge_network(machine.network, now_ns))
        if machine.clock_set is not None:
            found.append(self._judge_clock(machine.clock_set, now_ns))
        self.findings = tuple(found)

    def items(self) -> tuple[HealthItem, ...]:
        return tuple(finding.item for finding in self.findings)

    def notices(self) -> list[Notice]:
        return [finding.notice for finding in self.findings if finding.alert and finding.level is not Level.OK]

    def _judge_memory(self, machine: Machine, now_ns: int) -> Finding:
        free = 100 - machine.memory_percent
        level = self._memory.look(free, now_ns)
        what = "memory runs short" if level is Level.WARNING else "there is hardly any memory left"
        to_do = "end other programs on this machine; if there are none, start it again when nothing is recorded"
        return Finding("memory", level, round(machine.memory_percent), "%", what, to_do)

    def _judge_cpu(self, machine: Machine, now_ns: int) -> Finding:
        level = self._cpu.look(machine.cpu_percent - machine.cpu_yielding_percent, now_ns)
        what = "the processor is busy with something other than videos"
        to_do = "end other programs on this machine"
        return Finding("cpu", level, round(machine.cpu_percent), "%", what, to_do, alert=False)

    def _judge_heat(self, celsius: float, now_ns: int) -> Finding:
        level = self._celsius.look(celsius, now_ns)
        what = "the machine gets hot" if level is Level.WARNING else "the machine is too hot and slows down"
        to_do = "give it air, and look whether its fan turns"
        return Finding("temperature", level, round(celsius), "°C", what, to_do)

    def _judge_power(self, firmware: Firmware, now_ns: int) -> Finding:
        now = Level.FAILED if firmware.under_voltage else Level.OK
        level = self._power.look(now, now_ns)
        if level is Level.OK and firmware.under_voltage_before:
            level = Level.WARNING
        to_do = "use the power supply that is made for this machine, and a short cable; unplug what it feeds by USB"
        what = "the power is too weak: the machine may fail at any moment"
        if level is Level.WARNING:
            what = "the power was too weak at times since the machine was started"
        return Finding("power", level, what=what, to_do=to_do)

    def _judge_speed(self, firmware: Firmware, now_ns: int) -> Finding:
        level = self._speed.look(Level.WARNING if firmware.slowed else Level.OK, now_ns)
        what = "the processor is slowed down, for its heat or for weak power"
        return Finding("throttling", level, what=what, to_do="give it air, and use the power supply made for it")

    def _judge_network(self, there: bool, now_ns: int) -> Finding:
        level = self._network.look(Level.OK if there else Level.WARNING, now_ns)
        what = "this machine has no network; recording goes on, and videos wait"
        return Finding("network", level, what=what, to_do="check the network's cable, or the Wi-Fi, and the router")

    def _judge_clock(self, was_set: bool, now_ns: int) -> Finding:
        level = self._clock.look(Level.OK if was_set else Level.WARNING, now_ns)
        what = "no time server has set this machine's clock"
        to_do = "look whether the time shown here is right: recordings start by it; a network sets it by itself"
        return Finding("clock", level, what=what, to_do=to_do)
