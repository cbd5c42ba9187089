"""A real terminal (tmux) with the screen in it: keys go in, text comes out."""

import shlex
import subprocess
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

PATIENCE = 180.0
LOOK_SECONDS = 0.1


@dataclass
class Terminal:
    server: str

    def press(self, *keys: str) -> None:
        """Keys as tmux names them: F2, Enter, s."""
        self._tmux("send-keys", "-t", "screen", *keys)

    def text(self) -> str:
        return self._tmux("capture-pane", "-p", "-t", "screen")

    def until(self, *words: str, absent: str = "", press: str = "") -> str:
        """Wait until all these words are on the screen and `absent` is not; press a key at every look if asked."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            text = self.text()
            if all(word in text for word in words) and not (absent and absent in text):
                return text
            if press:
                self.press(press)
            time.sleep(LOOK_SECONDS)
        raise AssertionError(f"{words} did not come:\n{self.text()}")

    def resize(self, columns: int, rows: int) -> None:
        self._tmux("resize-window", "-t", "screen", "-x", str(columns), "-y", str(rows))

    def _tmux(self, *arguments: str) -> str:
        done = subprocess.run(["tmux", "-L", self.server, *arguments], capture_output=True, text=True, check=True)
        return done.stdout


@contextmanager
def terminal(
    name: str, command: list[str], environment: Mapping[str, str], size: tuple[int, int] = (120, 33)
) -> Generator[Terminal]:
    """Run a command in a terminal of `size` (columns, rows); what it prints when it ends stays to be read."""
    line = f"{shlex.join(command)}; echo ended with $?; cat"
    new = ["tmux", "-L", name, "-f", "/dev/null", "new-session", "-d", "-s", "screen"]
    subprocess.run([*new, "-x", str(size[0]), "-y", str(size[1]), line], env=dict(environment), check=True)
    try:
        yield Terminal(name)
    finally:
        subprocess.run(["tmux", "-L", name, "kill-server"], check=False)
