"""An attendant who presses anything: thousands of random keys on the real screen, with its peer answering."""

import random

import pytest

from tests.tui import states
from tests.tui.attendant import KEYS, title
from tests.tui.conftest import View, Viewer

STATES = (
    states.idle,
    states.recording,
    states.overlapping,
    states.stopped,
    states.busy_jobs,
    states.hostile,
    states.tested,
)
PRESSED = 1500


def confirms(viewer: Viewer, key: str) -> bool:
    """Whether the key, pressed now, may end a recording or bring its end nearer: only in the dialogs that ask so."""
    asked, texts = title(viewer.app), viewer.app.look.texts
    if key.lower() == "s":
        return asked in (texts.stop_title, texts.shorten_title)
    return key == "enter" and asked == texts.extend_title


def endings(viewer: Viewer) -> int:
    """How many acts were sent that end a recording, or bring its end nearer."""
    acts = viewer.peer.acts
    return sum(act.path.endswith("/stop") or (act.path.endswith("/extend") and ":-" in act.body) for act in acts)


@pytest.mark.parametrize("seed", [1, 2])
async def test_random_keys_never_crash_it_stop_anything_unasked_or_lead_out_of_the_kiosk(view: View, seed: int) -> None:
    chance, confirmed = random.Random(seed), 0
    async with view(states.recording(), kiosk=True, bookings=states.bookings(), log=states.log()) as viewer:
        for count in range(PRESSED):
            if chance.random() < 0.02:
                viewer.peer.show(chance.choice(STATES)().model_copy(update={"sequence": 100 + count}))
            if chance.random() < 0.5:
                viewer.clock.advance(chance.choice((0.1, 0.6, 2.0)))
            if chance.random() < 0.01:
                viewer.clock.advance(400)
            key = chance.choice(KEYS)
            await viewer.until(lambda: title(viewer.app) != "", "the dialog's words")
            confirmed += confirms(viewer, key)
            await viewer.strike(key)
            if viewer.app.busy and not viewer.asked:
                await viewer.until(lambda: viewer.app.busy is None or viewer.asked, "an answer")
            assert viewer.app.is_running, f"{key} ended the screen"
            assert endings(viewer) <= confirmed, f"{key} ended a recording that nobody said should end"
        assert endings(viewer) > 0, "it never came so far as to stop one"
        assert len(viewer.peer.acts) > 10, "it pressed too little to mean anything"
        assert not viewer.app.return_code
