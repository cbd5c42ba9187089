"""`ezrec worker`."""

from ezrec_tui.cli.common import Failure, settings


def run_worker() -> None:
    """Make videos for others on this machine, until it is ended. EZREC_JOBS_URL and the bucket say for whom."""
    from ezrec_tui.delivery.store import Shut
    from ezrec_tui.jobs.machine import run
    from ezrec_tui.logs import log_as_engine

    chosen = settings()
    if not chosen.ezrec_jobs_url.get_secret_value():
        raise Failure("no jobs to take (EZREC_JOBS_URL): set it to the database that the machines share")
    log_as_engine(chosen.log_level, chosen.ezrec_data_dir.absolute() / "logs")
    try:
        run(chosen)
    except Shut as error:
        raise Failure(str(error)) from error
