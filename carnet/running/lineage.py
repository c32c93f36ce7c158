"""Children that end with their parent, so that a killed launcher leaves nothing behind."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time

#: The process id of the launcher, for the children it starts; absent when a server or worker runs on its own.
LAUNCHER = "CARNET_LAUNCHER"
_PR_SET_PDEATHSIG = 1


def end_with_launcher() -> None:
    """End this process when the launcher that started it ends; does nothing without a launcher."""
    if launcher := os.environ.get(LAUNCHER):
        # Ctrl+C reaches every process of the terminal: until this one can end in order, it ends without a traceback.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        end_with_parent(int(launcher))


def end_with_parent(parent: int) -> None:
    """Have SIGTERM sent to this process once its parent, the process `parent`, is gone, however it went."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:  # it went before we asked
        os.kill(os.getpid(), signal.SIGTERM)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
