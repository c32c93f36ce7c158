"""Who of the workers is alive, told by locks on files: the kernel lets go of them however a process ends."""

from __future__ import annotations

import fcntl
import os
import secrets
import socket
from enum import Enum
from pathlib import Path


class State(Enum):
    ALIVE = "alive"
    DEAD = "dead"
    UNKNOWN = "unknown"


class Presence:
    """This worker's mark in `folder`, held locked for as long as the process lives."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(6)}"
        folder.mkdir(parents=True, exist_ok=True)
        # Locked under another name first: nobody may meet the file while it is not locked yet.
        hidden = folder / f".{self.name}"
        self._file = hidden.open("w")
        fcntl.flock(self._file, fcntl.LOCK_EX)
        hidden.rename(folder / self.name)

    def leave(self) -> None:
        """Take the mark away."""
        (self.folder / self.name).unlink(missing_ok=True)
        self._file.close()

    def state_of(self, name: str) -> State:
        """Return what is known of the worker `name`: nothing, if it runs on another machine."""
        if name == self.name:
            return State.ALIVE
        try:
            with (self.folder / name).open("r+") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            return State.UNKNOWN
        except BlockingIOError:
            return State.ALIVE
        return State.DEAD

    def clear_dead(self) -> None:
        """Remove the marks of workers that ended without leaving."""
        for path in self.folder.iterdir():
            if not path.name.startswith(".") and self.state_of(path.name) is State.DEAD:
                path.unlink(missing_ok=True)
