"""Signals as something to wait for."""

from __future__ import annotations

import os
import select
import signal
from types import FrameType


def _only_ring(number: int, frame: FrameType | None) -> None:
    """Do nothing: the number is on the bell's pipe, and a handler that does nothing can neither deadlock nor raise."""


class Bell:
    """Collects signals for a main thread that looks when it is ready to; to be made in the main thread."""

    def __init__(self, *numbers: int) -> None:
        self._read, write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(write, False)
        signal.set_wakeup_fd(write, warn_on_full_buffer=False)
        for number in numbers:
            # Under nohup SIGHUP comes ignored, and is to stay so.
            if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, _only_ring)
        self.rung: set[int] = set()

    def wait(self, seconds: float) -> None:
        """Return after `seconds`, or as soon as a signal comes; what came stays in `rung`."""
        ready, _, _ = select.select([self._read], [], [], seconds)
        while ready:
            try:
                numbers = os.read(self._read, 64)
            except BlockingIOError:
                break
            self.rung.update(numbers)

    def rang(self, *numbers: int) -> bool:
        """Return whether one of these signals has come since the bell was made."""
        self.wait(0)
        return not self.rung.isdisjoint(numbers)
