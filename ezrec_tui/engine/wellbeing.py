"""All that is watched, as one: the machine, the disk, the cameras, the store, the database."""

from ezrec_tui.clock import Clock
from ezrec_tui.delivery.outbox import Outbox
from ezrec_tui.engine import uploads
from ezrec_tui.engine.alerts import Alerts
from ezrec_tui.engine.beyond import Beyond
from ezrec_tui.engine.limits import worst
from ezrec_tui.engine.notices import Notice
from ezrec_tui.engine.sources import Sources
from ezrec_tui.engine.store import StateStore
from ezrec_tui.engine.watch import Watch
from ezrec_tui.engine.worker import Worker
from ezrec_tui.model import Health, HealthItem, Level


class Wellbeing:
    """Asks those who watch; watches nothing itself."""

    def __init__(
        self,
        clock: Clock,
        watch: Watch,
        sources: Sources,
        worker: Worker,
        alerts: Alerts,
        store: StateStore,
        outbox: Outbox,
    ) -> None:
        self._clock, self._watch, self._sources, self._worker = clock, watch, sources, worker
        self._alerts, self._store, self._outbox = alerts, store, outbox
        self._beyond = Beyond()
        self._engine_started = clock.now()

    def items(self) -> tuple[HealthItem, ...]:
        store = uploads.health(self._worker.jobs(), self._worker.store)
        return self._watch.health() + self._sources.health + store

    def notices(self) -> list[Notice]:
        """What is wrong now. Ask often: some of it is told only when it lasts."""
        jobs, seen = self._worker.jobs(), self._worker.store
        far = self._sources.health + uploads.health(jobs, seen)
        self._beyond.look(far, self._clock.sensor_ns())
        return [*self._watch.notices(), *uploads.notices(jobs, seen), *self._beyond.notices()]

    def health(self) -> Health:
        items = self.items()
        return Health(
            at=self._clock.now(),
            engine_started=self._engine_started,
            level=worst(item.level for item in items),
            items=items,
            machine=self._watch.machine,
            disk=self._watch.space,
            errors=sum(alert.level is Level.FAILED for alert in self._alerts.open),
            recordings=self._store.count_recordings(),
            deliveries=self._outbox.published(),
        )
