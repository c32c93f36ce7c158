"""A picture of the screen in a third of its bytes: its 256 most frequent colours, the nearest for the others."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOURS = 256


def smaller(png: bytes) -> bytes:
    """Return an RGB picture of 8 bits a channel, not interlaced, with a palette; raises ValueError for any other."""
    chunks = list(_chunks(png))
    header = chunks[0][1]
    width, height, depth, kind, _compression, _filters, interlaced = struct.unpack(">IIBBBBB", header)
    if (depth, kind, interlaced) != (8, 2, 0):
        raise ValueError("not a plain RGB picture")
    pixels = zlib.decompress(b"".join(data for name, data in chunks if name == b"IDAT"))
    lines = list(_lines(pixels, width * 3, height))
    counted = Counter(line[x : x + 3] for line in lines for x in range(0, len(line), 3))
    palette = [colour for colour, _count in counted.most_common(COLOURS)]
    place = {colour: _nearest(colour, palette) for colour in counted}
    # Filter 0: flat areas of numbers repeat as they are.
    drawn = b"".join(b"\0" + bytes(place[line[x : x + 3]] for x in range(0, len(line), 3)) for line in lines)
    return SIGNATURE + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", b"".join(palette)),
            _chunk(b"IDAT", zlib.compress(drawn, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not png.startswith(SIGNATURE):
        raise ValueError("not a PNG")
    at = len(SIGNATURE)
    while at < len(png):
        length, name = struct.unpack(">I4s", png[at : at + 8])
        yield name, png[at + 8 : at + 8 + length]
        at += 12 + length


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _nearest(colour: bytes, palette: list[bytes]) -> int:
    red, green, blue = colour
    return min(
        range(len(palette)),
        key=lambda n: (palette[n][0] - red) ** 2 + (palette[n][1] - green) ** 2 + (palette[n][2] - blue) ** 2,
    )


def _lines(filtered: bytes, size: int, height: int) -> Iterator[bytes]:
    """Yield the lines of a picture as they were before each was filtered (PNG specification, section 9)."""
    above = bytes(size)
    for y in range(height):
        at = y * (size + 1)
        line = bytearray(filtered[at + 1 : at + 1 + size])
        method = filtered[at]
        for x in range(size if method else 0):
            left = line[x - 3] if x > 2 else 0
            corner = above[x - 3] if x > 2 else 0
            line[x] = (line[x] + _guess(method, left, above[x], corner)) & 255
        above = bytes(line)
        yield above


def _guess(method: int, left: int, up: int, corner: int) -> int:
    if method == 1:
        return left
    if method == 2:
        return up
    if method == 3:
        return (left + up) // 2
    # Whichever of the three is nearest to what a slope would give.
    slope = left + up - corner
    return min((left, up, corner), key=lambda near: abs(near - slope))
