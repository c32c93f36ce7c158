from __future__ import annotations
import fcntl, os, random, threading, time, sqlite3
from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError
MODE = os.environ.get("SQL_MODE", "")
_lock = threading.Lock()
class DatabaseWrapper(base.DatabaseWrapper):
    _turn = None
    _held = False
    def _start_transaction_under_autocommit(self):
        if MODE == "flock":
            if self._turn is None:
                self._turn = os.open(self.settings_dict["NAME"] + "-turn", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC)
            fcntl.flock(self._turn, fcntl.LOCK_EX)
            self._held = True
        elif MODE in ("poll", "lockpoll"):
            if MODE == "lockpoll":
                _lock.acquire(timeout=20)
                self._held = True
            raw = self.connection
            raw.execute("PRAGMA busy_timeout=0")
            try:
                tries = 0
                while True:
                    try:
                        raw.execute("BEGIN IMMEDIATE")
                        return
                    except sqlite3.OperationalError as e:
                        tries += 1
                    time.sleep(random.uniform(0.0003, 0.001) * min(4, 1 + tries / 8))
            finally:
                raw.execute("PRAGMA busy_timeout=20000")
        super()._start_transaction_under_autocommit()
    def _commit(self):
        try:
            return super()._commit()
        finally:
            self._free()
    def _rollback(self):
        try:
            return super()._rollback()
        finally:
            self._free()
    def _free(self):
        if self._held:
            self._held = False
            if MODE == "flock":
                fcntl.flock(self._turn, fcntl.LOCK_UN)
            else:
                _lock.release()
