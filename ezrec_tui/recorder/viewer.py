"""Answers those who look: one picture for each time that the engine asks, made on a thread of its own."""

import base64
import threading
from collections.abc import Callable
from queue import SimpleQueue

from ezrec_tui.cameras.aids import camera_picture, full_range
from ezrec_tui.cameras.camera import Camera
from ezrec_tui.cameras.jpeg import jpeg
from ezrec_tui.recorder.messages import Message, Picture, Show

WAIT_SECONDS = 1.0
"""For the camera's next picture; nobody waits longer for the answer."""


class Viewer(threading.Thread):
    """Waits for the engine's wish, and then for the camera. A camera that gives no picture gets no answer."""

    def __init__(self, index: int, camera: Callable[[], Camera | None], send: Callable[[Message], None]) -> None:
        super().__init__(name="viewer", daemon=True)
        self._index, self._camera, self._send = index, camera, send
        self._asked = SimpleQueue[Show]()

    def show(self, wish: Show) -> None:
        self._asked.put(wish)

    def run(self) -> None:
        while True:
            wish = self._asked.get()
            while not self._asked.empty():  # only the newest one is waited for
                wish = self._asked.get()
            camera = self._camera()
            view = None if camera is None else camera.viewfinder.ask(wish.after_ns, WAIT_SECONDS)
            if view is not None:
                coded = base64.b64encode(jpeg(full_range(view.grey)))
                self._send(Picture(picture=camera_picture(self._index, view), jpeg=coded))
