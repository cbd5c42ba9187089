"""`ezrec cameras`: test, swap."""

from contextlib import aclosing

import typer

from ezrec_tui.cli.common import AsJson, Failure, ask, engine, print_answer, print_json, say
from ezrec_tui.client import EngineClient
from ezrec_tui.model import CameraTest, CameraTestResult

app = typer.Typer(help="Cameras: test, swap.", no_args_is_help=True)


@app.command("test")
def run_test(as_json: AsJson = False) -> None:
    """Record 5 s of each, look at them, throw them away. Status 1 when something is wrong with one."""
    client = engine()
    answer = ask(client.test_cameras())
    if not answer.ok:
        raise Failure(answer.message)
    say(answer.message)
    test = ask(_result(client))
    if as_json:
        print_json(test)
    else:
        for result in test.results:
            print(_line(result))
    if not all(result.ok for result in test.results):
        raise typer.Exit(1)


@app.command("swap")
def swap_cameras(as_json: AsJson = False) -> None:
    """Swap left and right, for a running recording too."""
    print_answer(ask(engine().swap_cameras()), as_json)


async def _result(client: EngineClient) -> CameraTest:
    async with aclosing(client.follow()) as snapshots:
        async for snapshot in snapshots:
            if snapshot.camera_test is None:
                raise Failure("the engine was started again in the middle of the test: test again")
            if not snapshot.camera_test.running:
                return snapshot.camera_test
    raise AssertionError("following ends by an error alone")


def _line(result: CameraTestResult) -> str:
    frames = f"{result.written} of {result.expected} frames"
    measured = f"{frames}  {result.fps:.1f} fps  {result.bitrate / 1e6:.1f} Mbit/s"
    return (
        f"camera {result.index + 1}   {result.serial}  {'ok' if result.ok else 'failed'}  {result.problem or measured}"
    )
