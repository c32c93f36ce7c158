"""Time as the bits of one integer: bit n is the n-th tick, so whole weeks are compared in one operation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from carnet.scheduling.seconds import at_seconds
from carnet.scheduling.spans import Spans

_MARKS = bytes.maketrans(b"01", b"\0\1")


@dataclass(frozen=True, slots=True)
class Ticks:
    """`count` ticks of `size` seconds, the first of them beginning at `origin`, in epoch seconds."""

    origin: int
    size: int
    count: int

    @property
    def all(self) -> int:
        return (1 << self.count) - 1

    def inside(self, spans: Spans) -> int:
        """Return the ticks that lie whole inside one of `spans`."""
        return _inside(self, spans)

    def outside(self, spans: Spans) -> int:
        """Return the ticks that share no instant with any of `spans`."""
        return self.all & ~_touched(self, spans)

    def clear_of(self, busy: Sequence[tuple[int, int]]) -> int:
        """Return the ticks that share no instant with any of the pairs of epoch seconds."""
        origin, size, end_of_all = self.origin, self.size, self.origin + self.count * self.size
        to_next_tick = size - 1 - origin
        taken = 0
        for start, end in busy:
            if start < end_of_all and end > origin:
                first = (start - origin) // size if start > origin else 0
                taken |= ((1 << (end + to_next_tick) // size - first) - 1) << first
        return self.all & ~taken

    def marks(self, bits: int, at: range) -> bytes:
        """Return a byte for each of the ticks `at`, all of them ours: 1 where its bit is set, else 0."""
        # Written down, the lowest bit stands last; one more on top keeps the zeros before the highest.
        written = format(bits | 1 << self.count, "b")
        last = self.count - at.stop
        return written[self.count - at.start : last if last >= 0 else None : -at.step].encode().translate(_MARKS)


def runs(bits: int, length: int) -> int:
    """Return the ticks from which `length` ticks in a row are set."""
    have = 1
    while have < length:
        more = min(have, length - have)
        bits &= bits >> more
        have += more
    return bits


@lru_cache(maxsize=1024)
def _inside(ticks: Ticks, spans: Spans) -> int:
    origin, size = at_seconds(ticks.origin), timedelta(seconds=ticks.size)
    bits = 0
    for span in spans:
        first, last = max(-((origin - span.start) // size), 0), min((span.end - origin) // size, ticks.count)
        if first < last:
            bits |= ((1 << (last - first)) - 1) << first
    return bits


@lru_cache(maxsize=1024)
def _touched(ticks: Ticks, spans: Spans) -> int:
    origin, size = at_seconds(ticks.origin), timedelta(seconds=ticks.size)
    bits = 0
    for span in spans:
        first, last = max((span.start - origin) // size, 0), min(-((origin - span.end) // size), ticks.count)
        if first < last:
            bits |= ((1 << (last - first)) - 1) << first
    return bits
