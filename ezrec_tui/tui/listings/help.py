"""Help: every screen, every key and what the banner's words mean, from the tables that make them so."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from ezrec_tui.model import Banner
from ezrec_tui.tui.act import Act, ScreenAct
from ezrec_tui.tui.actions import ELSEWHERE, key_name, offered
from ezrec_tui.tui.listing import Listing, Scene
from ezrec_tui.tui.look import Place
from ezrec_tui.tui.texts import Texts
from ezrec_tui.tui.widgets.panel import line

KEY, LABEL = 6, 12
"""Cells of the columns."""


@dataclass(frozen=True, slots=True)
class HelpLine:
    """A key and what it does; without a key, a title; without anything, a gap."""

    key: str = ""
    label: str = ""
    does: str = ""


def help_lines(acts: Sequence[Act], texts: Texts) -> list[HelpLine]:
    """All help there is on a terminal that has these acts."""
    screens = [act for act in acts if isinstance(act, ScreenAct) and act.opens is not None and act.on >= ELSEWHERE]
    keys = [act for act in acts if act not in screens]
    everywhere = [act for act in keys if act.on >= ELSEWHERE]
    groups: dict[str, Sequence[Act]] = {texts.help_screens: screens, texts.help_everywhere: everywhere}
    for screen in screens:
        own = [act for act in keys if act not in everywhere and screen.opens in act.on]
        if own:
            groups[texts.help_only.format(place=screen.label(texts))] = own
    lines = list[HelpLine]()
    for title, group in groups.items():
        lines += [HelpLine(), HelpLine(does=title)]
        lines += [HelpLine(key_name(act, texts), act.label(texts), act.does(texts)) for act in group]
        if title == texts.help_everywhere:
            lines.append(HelpLine(texts.help_moves, "", texts.help_moves_does))
    lines += [HelpLine(), HelpLine(does=texts.help_words)]
    lines += [HelpLine("", texts.banner[state], texts.banner_means[state]) for state in Banner]
    return lines[1:]


class HelpListing(Listing[tuple[int, HelpLine]]):
    """Reads as a page: its lines are only moved through."""

    place = Place.HELP
    has_detail = False

    def title(self, texts: Texts) -> str:
        return texts.help_title

    def empty(self, texts: Texts) -> str:
        return ""

    def items(self, scene: Scene) -> Sequence[tuple[int, HelpLine]]:
        return list(enumerate(help_lines(offered(scene.situation), scene.look.texts)))

    def key(self, item: tuple[int, HelpLine]) -> str:
        return str(item[0])

    def row(self, item: tuple[int, HelpLine], width: int, scene: Scene) -> Content:
        _, one = item
        strong = scene.look.profile.strong
        if not one.key and not one.label:
            return line((one.does, strong("$info")))
        cap = line((f" {one.key:<{KEY - 2}} ", strong("$on-calm on $calm"))) if one.key else line(" " * KEY)
        return line(cap, (f"  {one.label:<{LABEL}}", strong("$ink")), (one.does, "$muted"))
