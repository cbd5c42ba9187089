"""The screen's program: one worker follows the engine, one snapshot goes to all parts, one table gives the keys."""

import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime

from textual import events, work
from textual.app import App
from textual.binding import Binding
from textual.reactive import var

from ezrec_tui.client import EngineClient, EngineError, EngineUnreachable
from ezrec_tui.clock import Clock
from ezrec_tui.model import NS, Answer, CameraPicture, Snapshot
from ezrec_tui.tui import wording
from ezrec_tui.tui.act import Chosen, EngineAct, Situation, Target
from ezrec_tui.tui.actions import ACTS, pressed
from ezrec_tui.tui.asking import Asking, ask, ask_pin, choose
from ezrec_tui.tui.look import OLD_SECONDS, Link, Look, Message, Place, Records, Sight
from ezrec_tui.tui.places import screen_at
from ezrec_tui.tui.profile import Profile
from ezrec_tui.tui.screens.base import PlaceScreen, ToldScreen
from ezrec_tui.tui.screens.dialogs import DEAF_NS, notice
from ezrec_tui.tui.screens.home import HomeScreen
from ezrec_tui.tui.screens.idle import IDLE_SECONDS, IdleScreen, may_idle
from ezrec_tui.tui.screens.listed import ListScreen
from ezrec_tui.tui.screens.preview import PreviewScreen
from ezrec_tui.tui.targets import delivered_job
from ezrec_tui.tui.texts import LANGUAGES
from ezrec_tui.tui.widgets.panel import EPOCH

_log = logging.getLogger(__name__)

SHORTEST_FRAME = 0.1
"""Seconds from one snapshot shown to the next; what comes in between is left out but for the newest."""

FIRST_RETRY, LAST_RETRY = 0.25, 4.0
"""Seconds between two tries to reach an engine: doubled from the one to the other."""

PICTURE_RETRY = 1.0
"""Seconds until pictures are asked for again when the engine gave none."""

MESSAGE_SECONDS = 5.0
"""How long a success stays on the screen. What failed stays until somebody closes it."""

PIN_SECONDS = 300
"""How long the right PIN is good for on the screen that it was given to."""


class ScreenApp(App[None]):
    """Shows what the engine on `engine`'s socket says, and hands its viewer's acts on to it."""

    TITLE = "EZREC"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [  # noqa: RUF012  as Textual declares it
        Binding("ctrl+q,ctrl+c", "leave", show=False, priority=True, system=True),
        *(Binding(key, f"press('{key}')", show=False) for key in sorted({act.key for act in ACTS})),
    ]

    snapshot: var[Snapshot | None] = var[Snapshot | None](None, init=False)
    link: var[Link] = var(Link(), init=False)
    now: var[datetime] = var(EPOCH, init=False)
    look: var[Look] = var(Look(), init=False)
    message: var[Message] = var(Message(), init=False)
    busy: var[str | None] = var[str | None](None, init=False)
    records: var[Records] = var(Records(), init=False)
    sights: var[tuple[Sight, ...]] = var[tuple[Sight, ...]]((), init=False)

    def __init__(
        self,
        engine: EngineClient,
        clock: Clock,
        profile: Profile,
        *,
        kiosk: bool = False,
        read_only: bool = False,
        language: str | None = None,
        viewer: str = "",
        beat: Callable[[], None] = lambda: None,
    ) -> None:
        """Without a `language` the engine's is spoken. `viewer` is who sits before the screen.

        `beat` is called once the screen is drawn, and then every second in which it could be drawn and take a key.
        """
        super().__init__()
        self._engine = engine
        self._clock = clock
        self._kiosk = kiosk
        self._read_only = read_only
        self._language = language
        self._viewer = viewer
        self._beat = beat
        self._ticks = 0
        self._received_ns: int | None = None
        self._pressed_ns = clock.sensor_ns()
        self._deaf_until_ns = 0
        self._message_until_ns = 0
        self._trusted_until_ns = 0
        self.register_theme(profile.theme)
        self.theme = profile.theme.name
        self.set_reactive(ScreenApp.look, Look(LANGUAGES[language or "en"], profile, read_only=read_only))
        self.set_reactive(ScreenApp.now, clock.now())

    def _handle_exception(self, error: Exception) -> None:
        """Ends the app, as Textual does; on a console what it prints is wiped away, so it is logged as well."""
        _log.error("the screen broke", exc_info=error)
        super()._handle_exception(error)

    async def on_mount(self) -> None:
        self.screen_change_signal.subscribe(self, lambda _: self._watch_cameras())
        await self.push_screen(self._told(HomeScreen(kiosk=self._kiosk, read_only=self._read_only)))
        self.set_interval(1.0, self._tick)
        self.call_after_refresh(self._follow)
        self.screen.call_after_refresh(self._beat)

    def _told(self, screen: ToldScreen) -> ToldScreen:
        """The screen, told of every change."""
        return screen.data_bind(
            ScreenApp.snapshot,
            ScreenApp.link,
            ScreenApp.now,
            ScreenApp.look,
            ScreenApp.message,
            ScreenApp.busy,
            ScreenApp.records,
            ScreenApp.sights,
        )

    # The engine's word

    @work(group="link", exclusive=True)
    async def _follow(self) -> None:
        """Own the connection as long as the screen lives."""
        retry = FIRST_RETRY
        while True:
            try:
                async with aclosing(self._engine.follow()) as snapshots:
                    async for snapshot in snapshots:
                        self._receive(snapshot)
                        retry = FIRST_RETRY
                        await self._clock.sleep(SHORTEST_FRAME)
            except EngineError as error:
                self.log.warning(str(error))
            self.link = Link(live=False, failed=True, age=self._age())
            await self._clock.sleep(retry)
            retry = min(2 * retry, LAST_RETRY)

    def _receive(self, snapshot: Snapshot) -> None:
        self._received_ns = self._clock.sensor_ns()
        texts = LANGUAGES.get(self._language or snapshot.language, self.look.texts)
        try:
            venue = wording.zone(snapshot.timezone)
        except ValueError:
            venue = None
            self._say(texts.unknown_zone.format(zone=snapshot.timezone), good=False)
        if self.snapshot is not None and self.snapshot.engine_id != snapshot.engine_id:
            self._trusted_until_ns = 0
        look = replace(self.look, texts=texts, venue=venue)
        if look != self.look:
            self.look = look
        self.now = self._clock.now()
        self.snapshot = snapshot
        self.link = Link(live=True)

    def _tick(self) -> None:
        """Every second: the clock, how old the picture is, the end of a message, what a screen asks for, idleness."""
        if not self.screen_stack:  # it is closing
            return
        # A message to the screen: one that deals with no message any more is as dead as an app that does not tick.
        self.screen.call_later(self._beat)
        self.now = self._clock.now()
        self.link = Link(self.link.live, self.link.failed, self._age())
        if self.message.text and self._clock.sensor_ns() >= self._message_until_ns:
            self.message = Message()
        self._ticks += 1
        here = self._place
        if here is not None and here.asks_every and self._ticks % here.asks_every == 0:
            self._ask_for(here)
        if here is not None and here.is_over and here is self.screen:
            self._go(here.back_to)
        self.sights = self._with_ages([sight.picture for sight in self.sights])
        self._rest_or_wake()

    def _age(self) -> float | None:
        """Seconds since the last snapshot; None while they are few."""
        if self._received_ns is None:
            return None
        age = (self._clock.sensor_ns() - self._received_ns) / NS
        return float(int(age)) if age > OLD_SECONDS else None

    @work(group="records", exclusive=True)
    async def _ask_for(self, screen: PlaceScreen) -> None:
        """Ask the engine for what a screen shows beyond the snapshot."""
        try:
            self.records = await screen.ask(self._engine, self.records)
        except EngineUnreachable as error:
            self.log.warning(str(error))
        except EngineError as error:
            self._say(str(error), good=False)

    @work(group="link", exclusive=True)
    async def _ask_for_link(self, booking_id: str) -> None:
        try:
            link = await self._engine.share_link(booking_id)
        except EngineError as error:
            self._say(self.look.said(str(error)), good=False)
        else:
            self.records = replace(self.records, links={**self.records.links, booking_id: link})

    # The cameras' pictures

    @work(group="pictures", exclusive=True)
    async def _watch_cameras(self) -> None:
        """Ask for pictures, one request at a time, as long as a screen that shows them lies on top."""
        here = self.screen
        if not isinstance(here, PlaceScreen) or not here.pictures_every:
            return
        while True:
            asked = self._clock.sensor_ns()
            wait = max(PICTURE_RETRY, here.pictures_every)
            if not here.has_room_for_pictures:
                await self._clock.sleep(wait)
                continue
            try:
                new = {picture.index: picture for picture in await self._engine.preview()}
            except EngineUnreachable as error:
                self.log.warning(str(error))
            except EngineError as error:
                if isinstance(here, PreviewScreen):
                    self._say(str(error), good=False)
            else:
                # A camera that gave none keeps its last one, which says how old it is.
                known = {sight.picture.index: sight.picture for sight in self.sights} | new
                self.sights = self._with_ages(known[index] for index in sorted(known))
                wait = max(0.0, here.pictures_every - (self._clock.sensor_ns() - asked) / NS)
            await self._clock.sleep(wait)

    def _with_ages(self, pictures: Iterable[CameraPicture]) -> tuple[Sight, ...]:
        now = self._clock.sensor_ns()
        return tuple(Sight(picture, (now - picture.sensor_ns) // NS) for picture in pictures)

    # Where the viewer is

    @property
    def _place(self) -> PlaceScreen | None:
        """The screen that the viewer went to, whatever lies over it; None before home is there."""
        return next((one for one in reversed(self.screen_stack) if isinstance(one, PlaceScreen)), None)

    def _go(self, place: Place) -> None:
        """Show a screen; home lies under all others."""
        here = self._place
        if here is None or here.place is place:
            return
        if here.place is not Place.HOME:
            self.pop_screen()
        if place is Place.HOME:
            return
        screen = screen_at(place, here.place, self._clock, self._viewer, kiosk=self._kiosk, read_only=self._read_only)
        self.sights = ()
        self.push_screen(self._told(screen))
        if screen.asks_every:
            self._ask_for(screen)

    async def on_event(self, event: events.Event) -> None:
        """Every key passes here first: the one that wakes the screen does nothing else, however long it is held."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            self._pressed_ns = self._clock.sensor_ns()
            if isinstance(self.screen, IdleScreen):
                self._wake()
            if self._pressed_ns < self._deaf_until_ns:
                return
        await super().on_event(event)

    def _rest_or_wake(self) -> None:
        """Show the idle clock when it is time, and take it away when there is something to see."""
        may = may_idle(self.snapshot, self.link, self.now)
        here = self.screen
        rests_after = here.rests_after if isinstance(here, PlaceScreen) else None
        long = self._clock.sensor_ns() - self._pressed_ns >= (rests_after or IDLE_SECONDS) * NS
        if isinstance(here, IdleScreen) and not may:
            self._wake()
        elif isinstance(here, PlaceScreen) and long and (may or rests_after):
            self._go(Place.HOME)
            if may:
                self.push_screen(self._told(IdleScreen()))

    def _wake(self) -> None:
        self._pressed_ns = self._clock.sensor_ns()
        self._deaf_until_ns = self._pressed_ns + DEAF_NS
        self.pop_screen()

    def _speak(self) -> None:
        """The next language, on this screen alone."""
        names = list(LANGUAGES)
        spoken = next(name for name in names if LANGUAGES[name] is self.look.texts)
        self._language = names[(names.index(spoken) + 1) % len(names)]
        self.look = replace(self.look, texts=LANGUAGES[self._language])

    # The viewer's acts

    @property
    def situation(self) -> Situation:
        here = self._place
        chosen: Chosen = here.chosen if isinstance(here, ListScreen) else None
        place = here.place if here else Place.HOME
        return Situation(self.snapshot, self.link.live, self._kiosk, self._read_only, self.busy, place, chosen)

    def action_leave(self) -> None:
        if not self._kiosk:
            self.exit()

    def action_press(self, key: str) -> None:
        """Do what a key does on the screen that is shown."""
        situation = self.situation
        act = pressed(situation, key)
        if act is None:
            return
        refusal = situation.refusal(act)
        if refusal is not None:
            self._say(refusal(self.look.texts), good=False)
        elif isinstance(act, EngineAct):
            self.busy = act.id
            self._perform(act, act.targets(situation))
        elif act.guarded:
            self.busy = act.id
            self._restart()
        elif act.opens is not None:
            self._go(act.opens)
        elif act.id == "back":
            self._go(self._place.back_to if self._place else Place.HOME)
        elif act.id == "guide" and isinstance(self._place, PreviewScreen):
            self._place.guide = not self._place.guide
        elif act.id == "link" and (job := delivered_job(situation)):
            self._ask_for_link(job.booking_id)
        elif act.id == "language":
            self._speak()
        else:
            self.action_leave()

    @work(group="act")
    async def _perform(self, act: EngineAct, targets: Sequence[Target]) -> None:
        """Ask what there is to be asked, have the engine do it, say what became of it."""
        try:
            if act.guarded and not await self._is_trusted():
                return
            asking = Asking(self, self.look, self._clock)
            target = await choose(asking, targets)
            given = await ask(asking, act.ask, target, self.snapshot) if target is not None else None
            if target is None or given is None:
                return
            answer = await act.command(self._engine, target, replace(given, by=self._viewer))
        except EngineError as error:
            texts = self.look.texts
            why = self.look.said(str(error))
            self.push_screen(notice(self.look, self._clock, texts.unknown_title, [texts.unknown_body, why]))
        else:
            self._report(answer)
            if self._place is not None and self._place.asks_every:
                self._ask_for(self._place)
        finally:
            self.busy = None

    @work(group="act")
    async def _restart(self) -> None:
        """Leave the kiosk: what keeps it alive starts it anew."""
        try:
            if await self._is_trusted():
                self.exit()
        finally:
            self.busy = None

    async def _is_trusted(self) -> bool:
        """Whether the viewer gave the venue's PIN here, now or a while ago; where there is none, anybody is trusted."""
        if not self.situation.pin_set or self._clock.sensor_ns() < self._trusted_until_ns:
            return True
        if not await ask_pin(Asking(self, self.look, self._clock), self._engine):
            return False
        self._trusted_until_ns = self._clock.sensor_ns() + PIN_SECONDS * NS
        return True

    def _report(self, answer: Answer) -> None:
        if answer.ok:
            self._say(answer.message)
        else:
            why = self.look.said(answer.message)
            self.push_screen(notice(self.look, self._clock, self.look.texts.refused_title, [why]))

    def _say(self, text: str, *, good: bool = True) -> None:
        self._message_until_ns = self._clock.sensor_ns() + int(MESSAGE_SECONDS * NS)
        self.message = Message(text, good)
