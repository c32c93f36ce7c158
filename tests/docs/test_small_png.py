"""Pictures of the documentation keep what they show when they are made small."""

from __future__ import annotations

import struct
import zlib

import pytest

from tests.small_png import SIGNATURE, _chunk, _chunks, _lines, smaller

RED, BLUE = b"\xff\x00\x00", b"\x00\x00\xff"


def rgb(width: int, lines: list[bytes]) -> bytes:
    """Return a plain picture of lines that already say how each is filtered."""
    header = struct.pack(">IIBBBBB", width, len(lines), 8, 2, 0, 0, 0)
    data = zlib.compress(b"".join(lines))
    return SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def colours(png: bytes) -> list[list[bytes]]:
    """Return the colours of a picture with a palette, line by line."""
    chunks = dict(_chunks(png))
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    palette, drawn = chunks[b"PLTE"], zlib.decompress(chunks[b"IDAT"])
    places = [drawn[y * (width + 1) + 1 : (y + 1) * (width + 1)] for y in range(height)]
    return [[palette[3 * place : 3 * place + 3] for place in line] for line in places]


def test_a_picture_of_few_colours_is_the_same_afterwards():
    assert colours(smaller(rgb(2, [b"\0" + RED + BLUE, b"\0" + BLUE + RED]))) == [[RED, BLUE], [BLUE, RED]]


@pytest.mark.parametrize(
    ("method", "second"),
    [(1, RED + b"\x01\x00\xff"), (2, b"\x00\x00\x00" * 2), (3, b"\x80\x00\x00" + b"\x81\x00\x80"), (4, bytes(6))],
)
def test_every_filter_is_understood(method, second):
    first = b"\0" + RED + BLUE
    found = [bytes(line) for line in _lines(first + bytes([method]) + second, 6, 2)]
    assert found == [RED + BLUE, RED + BLUE]


def test_colours_beyond_the_palette_become_the_nearest():
    greys = [bytes([value] * 3) for value in range(256)]
    rare = b"\x80\x80\x81"
    line = b"\0" + b"".join(greys) * 2 + rare
    assert colours(smaller(rgb(513, [line])))[0][-1] == b"\x80\x80\x80"


def test_other_pictures_are_refused():
    with pytest.raises(ValueError, match="not a PNG"):
        smaller(b"GIF89a")
