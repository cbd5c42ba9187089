"""The screen's program: one worker follows the engine, one snapshot goes to all parts, one table gives the keys."""

from contextlib import aclosing
from datetime import datetime

from textual import work
from textual.app import App
from textual.binding import Binding
from textual.reactive import var

from ezrec_tui.client import EngineClient, EngineError
from ezrec_tui.clock import Clock
from ezrec_tui.model import NS, Answer, Snapshot
from ezrec_tui.tui import wording
from ezrec_tui.tui.actions import ACT, ACTS, EngineAct, Minutes, Question, ReadAlert, Situation, Target
from ezrec_tui.tui.look import OLD_SECONDS, Link, Look, Message
from ezrec_tui.tui.profile import Profile
from ezrec_tui.tui.screens.dialogs import Dialog, Option, notice, question
from ezrec_tui.tui.screens.help import HelpScreen
from ezrec_tui.tui.screens.home import HomeScreen
from ezrec_tui.tui.texts import LANGUAGES
from ezrec_tui.tui.widgets.panel import EPOCH

SHORTEST_FRAME = 0.1
"""Seconds from one snapshot shown to the next; what comes in between is left out but for the newest."""

FIRST_RETRY, LAST_RETRY = 0.25, 4.0
"""Seconds between two tries to reach an engine: doubled from the one to the other."""

MESSAGE_SECONDS = 5.0
"""How long a success stays on the screen. What failed stays until somebody closes it."""


class ScreenApp(App[None]):
    """Shows what the engine on `engine`'s socket says, and hands its viewer's acts on to it."""

    TITLE = "EZREC"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [  # noqa: RUF012  as Textual declares it
        Binding("ctrl+q,ctrl+c", "leave", show=False, priority=True, system=True),
        *(Binding(act.key, f"act('{act.id}')", show=False) for act in ACTS),
    ]

    snapshot: var[Snapshot | None] = var[Snapshot | None](None, init=False)
    link: var[Link] = var(Link(), init=False)
    now: var[datetime] = var(EPOCH, init=False)
    look: var[Look] = var(Look(), init=False)
    message: var[Message] = var(Message(), init=False)
    busy: var[str | None] = var[str | None](None, init=False)

    def __init__(
        self,
        engine: EngineClient,
        clock: Clock,
        profile: Profile,
        *,
        kiosk: bool = False,
        read_only: bool = False,
        language: str | None = None,
    ) -> None:
        """Without a `language` the engine's is spoken."""
        super().__init__()
        self._engine = engine
        self._clock = clock
        self._kiosk = kiosk
        self._read_only = read_only
        self._language = language
        self._received_ns: int | None = None
        self._message_until_ns = 0
        self.register_theme(profile.theme)
        self.theme = profile.theme.name
        self.set_reactive(ScreenApp.look, Look(LANGUAGES[language or "en"], profile))
        self.set_reactive(ScreenApp.now, clock.now())

    async def on_mount(self) -> None:
        home = HomeScreen(kiosk=self._kiosk, read_only=self._read_only)
        await self.push_screen(
            home.data_bind(
                ScreenApp.snapshot, ScreenApp.link, ScreenApp.now, ScreenApp.look, ScreenApp.message, ScreenApp.busy
            )
        )
        self.set_interval(1.0, self._tick)
        self.call_after_refresh(self._follow)

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
        except ValueError as error:
            venue = None
            self._say(str(error), good=False)
        look = Look(texts, self.look.profile, venue)
        if look != self.look:
            self.look = look
        self.now = self._clock.now()
        self.snapshot = snapshot
        self.link = Link(live=True)

    def _tick(self) -> None:
        """Every second: the clock, how old the picture is, and the end of a message."""
        self.now = self._clock.now()
        self.link = Link(self.link.live, self.link.failed, self._age())
        if self.message.text and self._clock.sensor_ns() >= self._message_until_ns:
            self.message = Message()

    def _age(self) -> float | None:
        """Seconds since the last snapshot; None while they are few."""
        if self._received_ns is None:
            return None
        age = (self._clock.sensor_ns() - self._received_ns) / NS
        return float(int(age)) if age > OLD_SECONDS else None

    # The viewer's acts

    @property
    def situation(self) -> Situation:
        return Situation(self.snapshot, self.link.live, self._kiosk, self._read_only, self.busy)

    def action_leave(self) -> None:
        if not self._kiosk:
            self.exit()

    def action_act(self, act_id: str) -> None:
        act = ACT[act_id]
        if act not in self.situation.acts:
            return
        refusal = self.situation.refusal(act)
        if refusal is not None:
            self._say(refusal(self.look.texts), good=False)
        elif isinstance(act, EngineAct):
            self.busy = act.id
            self._perform(act)
        elif act.id == "help":
            self.push_screen(HelpScreen(self.look, self.situation.acts))
        else:
            self.action_leave()

    @work(group="act")
    async def _perform(self, act: EngineAct) -> None:
        """Ask what there is to be asked, have the engine do it, say what became of it."""
        try:
            target = await self._choose_target(act)
            minutes = await self._ask(act, target) if target is not None else None
            if target is None or minutes is None:
                return
            answer = await act.command(self._engine, target.id, minutes)
        except EngineError as error:
            texts = self.look.texts
            self.push_screen(notice(self.look, self._clock, texts.unknown_title, [texts.unknown_body, str(error)]))
        else:
            self._report(answer)
        finally:
            self.busy = None

    def _report(self, answer: Answer) -> None:
        if answer.ok:
            self._say(answer.message)
        else:
            self.push_screen(notice(self.look, self._clock, self.look.texts.refused_title, [answer.message]))

    def _say(self, text: str, *, good: bool = True) -> None:
        self._message_until_ns = self._clock.sensor_ns() + int(MESSAGE_SECONDS * NS)
        self.message = Message(text, good)

    async def _choose_target(self, act: EngineAct) -> Target | None:
        """The only one there is, or the one that the viewer picks; None when there is none or he picks none."""
        targets = act.targets(self.snapshot) if self.snapshot else ()
        if len(targets) <= 1:
            return targets[0] if targets else None
        options = [Option(target.label, target) for target in targets]
        return await self.push_screen_wait(
            Dialog(self.look, self._clock, self.look.texts.which, [], options, hint=self.look.texts.hint_choose)
        )

    async def _ask(self, act: EngineAct, target: Target) -> int | None:
        """The minutes asked for (0 where none are), or None when the viewer thought better of it."""
        look, texts, ask = self.look, self.look.texts, act.ask
        match ask:
            case None:
                return 0
            case Question():
                body = [self._fill(ask.body(texts), target)]
                dialog = question(
                    look,
                    self._clock,
                    ask.title(texts),
                    body,
                    safe=ask.safe(texts),
                    confirm=ask.confirm(texts),
                    key=ask.key,
                )
                return 0 if await self.push_screen_wait(dialog) else None
            case Minutes():
                plus = "+" if ask.plus else ""
                options = [Option(plus + texts.minutes.format(minutes=one), one) for one in ask.choices]
                body = [self._fill(ask.body(texts), target)]
                focused = ask.choices.index(ask.first)
                return await self.push_screen_wait(
                    Dialog(look, self._clock, ask.title(texts), body, options, focused=focused, hint=texts.hint_choose)
                )
            case ReadAlert():
                return await self._show_alert(ask, target)

    async def _show_alert(self, ask: ReadAlert, target: Target) -> int | None:
        look, texts = self.look, self.look.texts
        alerts = self.snapshot.alerts if self.snapshot else ()
        alert = next((one for one in alerts if str(one.id) == target.id), None)
        if alert is None:
            return None
        body = [alert.what, texts.alert_to_do.format(to_do=alert.to_do)] if alert.to_do else [alert.what]
        title = texts.alert_title.format(at=wording.time_of_day(alert.at, look.venue, seconds=True))
        dialog = question(look, self._clock, title, body, safe=texts.close, confirm=texts.alert_confirm, key=ask.key)
        return 0 if await self.push_screen_wait(dialog) else None

    def _fill(self, text: str, target: Target) -> str:
        """A question's text with the recording's name and end in it."""
        recordings = self.snapshot.recordings if self.snapshot else ()
        end = next((one.end for one in recordings if one.booking_id == target.id), None)
        shown = wording.time_of_day(end, self.look.venue) if end else ""
        return text.format(label=self.look.name(target.label), end=shown)
