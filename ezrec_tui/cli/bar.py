"""Progress for people: a bar on a terminal, a line every tenth elsewhere."""

import sys

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from ezrec_tui import model
from ezrec_tui.cli.common import say


class Bar:
    def __init__(self, name: str) -> None:
        self._bar = Progress(
            TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(),
            TextColumn("{task.fields[rate]}"), TimeRemainingColumn(),
            console=Console(file=sys.stderr), disable=not sys.stderr.isatty(),
        )  # fmt: skip
        self._task = self._bar.add_task(name, total=None, rate="")
        self._told = 0

    def __enter__(self) -> "Bar":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def show(self, progress: model.Progress) -> None:
        rate = _rate(progress)
        self._bar.update(self._task, completed=progress.done, total=progress.total or None, rate=rate)
        tenth = int(progress.fraction * 10)
        if self._bar.disable and tenth > self._told:
            self._told = tenth
            say(f"{tenth * 10} %  {rate}")


def _rate(progress: model.Progress) -> str:
    if not progress.rate:
        return ""
    if progress.unit == "bytes":
        of = f"{progress.done / 1e6:.0f} of {progress.total / 1e6:.0f} MB"
        return f"{of}, {progress.rate * 8 / 1e6:.1f} Mbit/s"
    return f"{progress.rate:.0f} {progress.unit}/s"
