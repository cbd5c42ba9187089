"""A campaign: two machines make a Pi's videos, and in each render the one that is at it is killed (kill -9)."""

import random
import uuid
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import Engine, text

from ezrec_tui.folders import Folders
from ezrec_tui.jobs.shared_database import open_engine
from ezrec_tui.model import JobState, PublishedStatus
from tests.jobs.house import published, status, submit
from tests.jobs.process import WorkerProcess
from tests.machines.machines import SLOW, Machine, shared
from tests.peers.s3 import S3Bucket, running_s3
from tests.peers.supabase import postgres

SECONDS = 16
"""Of each recording: a few to render."""


@dataclass
class Result:
    """What was counted, and what was wrong."""

    videos: int = 0
    kills: int = 0
    taken_over: int = 0
    delivered: int = 0
    """By a machine that lived to say so."""
    wrong: list[str] = field(default_factory=list[str])


def run(kills: int, seed: int, folder: Path) -> Result:
    """As many videos as it takes for so many kills, one in each. Peers of its own."""
    with running_s3(folder / "s3") as server, postgres() as database:
        bucket = S3Bucket(server, f"venue-{uuid.uuid4().hex[:12]}")
        server.client().create_bucket(Bucket=bucket.name)
        return _campaign(kills, random.Random(seed), folder, bucket, database.url)


def _campaign(kills: int, chosen: random.Random, folder: Path, bucket: S3Bucket, jobs_url: str) -> Result:
    settings, result = shared(bucket, jobs_url), Result()
    folders = Folders(folder / "pi", UTC)
    engine = open_engine(SecretStr(jobs_url))
    machines = [Machine(folder / f"machine-{number}", settings) for number in (1, 2)]
    every = list(machines)
    try:
        for machine in machines:
            machine.wait_to_say("ready to make videos")
        with WorkerProcess(folders.data, settings | SLOW, patience=300) as pi:
            while result.kills < kills:
                result.videos += 1
                booking = f"b{result.videos}"
                pi.say(submit(folders, booking, seconds=SECONDS))
                pi.wait_until(lambda: machine_at_work(engine) is not None)
                pi.live_for(chosen.uniform(0, 2))
                at_it = machine_at_work(engine)
                victim = next((one for one in machines if one.names[-1:] == [at_it]), None)
                if victim is not None:  # else it was quicker than we
                    victim.kill()
                    result.kills += 1
                    machines.remove(victim)
                    machines.append(Machine(folder / f"machine-{len(every) + 1}", settings))
                    every.append(machines[-1])
                done = pi.wait_for_state(booking, JobState.DONE, JobState.FAILED)
                print(f"{booking}: {at_it} killed, {done.state}", flush=True)
                machines[-1].wait_to_say("ready to make videos")
                result.wrong += _wrong(folders, booking, done.state)
    finally:
        for machine in machines:
            machine.kill()
        engine.dispose()
    result.taken_over = sum(one.said("is dead; its orders are taken over") for one in every)
    result.delivered = sum(one.said("the video is delivered") for one in every)
    keys = sorted(f"player-7/2026-03-01/b{number}.mp4" for number in range(1, result.videos + 1))
    if sorted(bucket.objects()) != keys:
        result.wrong.append(f"in the bucket: {sorted(bucket.objects())}")
    if result.delivered < result.videos:
        result.wrong.append(f"{result.delivered} deliveries of {result.videos} videos")
    return result


def _wrong(folders: Folders, booking: str, state: JobState) -> list[str]:
    found: list[str] = []
    if state is not JobState.DONE:
        found.append(f"{booking}: its job is {state}")
    if (rows := len(published(folders, booking))) != 1:
        found.append(f"{booking}: {rows} rows")
    if (last := status(folders, booking)) is not PublishedStatus.COMPLETED:
        found.append(f"{booking}: its status is {last}")
    return found


def machine_at_work(engine: Engine) -> str | None:
    """The name of the one that has an order now."""
    with engine.connect() as connection:
        found = connection.execute(text("SELECT executor_id FROM dbos.workflow_status WHERE status = 'PENDING'"))
        return found.scalars().first()
