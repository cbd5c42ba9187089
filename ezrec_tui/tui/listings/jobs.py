"""The videos: failed ones first, and of the chosen one all that is known."""

from collections.abc import Sequence

from textual.content import Content

from ezrec_tui.model import Job, JobState
from ezrec_tui.tui.act import Chosen
from ezrec_tui.tui.actions import ACT, key_name
from ezrec_tui.tui.listing import Fact, Listing, Scene
from ezrec_tui.tui.look import Place
from ezrec_tui.tui.targets import LINED_UP
from ezrec_tui.tui.texts import Texts
from ezrec_tui.tui.widgets.jobs import job_row, jobs_in_order
from ezrec_tui.tui.wording import moment, short


class JobListing(Listing[Job]):
    place = Place.JOBS

    def title(self, texts: Texts) -> str:
        return texts.jobs

    def empty(self, texts: Texts) -> str:
        return texts.no_jobs

    def items(self, scene: Scene) -> Sequence[Job] | None:
        return jobs_in_order(scene.snapshot.jobs) if scene.snapshot else None

    def key(self, item: Job) -> str:
        return item.booking_id

    def chosen(self, item: Job) -> Chosen:
        return item

    def row(self, item: Job, width: int, scene: Scene) -> Content:
        return job_row(item, width, scene.look, scene.now)

    def detail(self, item: Job, scene: Scene) -> Sequence[Fact]:
        look, texts = scene.look, scene.look.texts
        state = texts.job_state[item.state]
        failed = item.state is JobState.FAILED
        facts = [Fact("", look.name(item.label or item.booking_id))]
        facts.append(Fact(texts.state, state, "$act-ink" if failed else "$ink"))
        if item.state not in (JobState.DONE, JobState.CANCELLED):
            tried = f"{look.glyphs.dot} {texts.attempts} {item.attempts}" if item.attempts else ""
            facts.append(Fact(texts.step, f"{texts.job_step[item.step]} {tried}".strip()))
        if item.error:
            facts.append(Fact(texts.why, look.said(item.error), "$act-ink" if failed else "$look"))
        if failed:
            words = texts.job_to_do.format(key=key_name(ACT["retry"], texts))
            facts.append(Fact(texts.to_do, texts.job_to_mend if look.read_only else words))
        if item.state is JobState.WAITING and item.retry_at:
            soon = texts.tries_again_in.format(time=short((item.retry_at - scene.now).total_seconds()))
            facts.append(Fact(texts.next_try, soon))
        if item.state in LINED_UP:
            facts.append(Fact(texts.priority, texts.priority_is.format(priority=item.priority)))
        if item.fallbacks:
            facts.append(Fact(texts.did_without, "; ".join(map(look.said, item.fallbacks)), "$look"))
        if item.finished_at:
            facts.append(Fact(texts.finished_at, moment(item.finished_at, look.venue, texts, scene.now)))
        facts.append(Fact(texts.recorded_at, moment(item.created_at, look.venue, texts, scene.now)))
        if item.url:
            facts.append(Fact(texts.url, look.name(item.url)))
        if item.footage_deleted_at:
            gone = texts.deleted_here.format(time=moment(item.footage_deleted_at, look.venue, texts, scene.now))
            facts.append(Fact(texts.footage, gone))
        elif item.kept_until:
            until = moment(item.kept_until, look.venue, texts, scene.now)
            facts.append(Fact(texts.footage, texts.kept_until.format(time=until)))
            if not look.read_only:
                facts.append(Fact(texts.to_do, texts.given_up_to_do.format(key=key_name(ACT["retry"], texts))))
        link = scene.records.links.get(item.booking_id)
        if link and (link.until is None or link.until > scene.now):
            facts.append(Fact(texts.link, look.name(link.address)))
            if link.until:
                facts.append(Fact(texts.link_until, moment(link.until, look.venue, texts, scene.now)))
        if item.video:
            here = item.video_deleted_at is None
            facts.append(Fact(texts.video_file, look.name(item.video) if here else texts.in_the_store_only))
        facts.append(Fact(texts.about_booking, look.name(item.booking_id), "$muted"))
        return facts
