"""Signatures drawn on a screen: strokes arrive as numbers, and the picture of them is drawn here."""

from __future__ import annotations

import io
import json
from itertools import pairwise
from typing import Any, Final

from PIL import Image, ImageDraw

from carnet.base.pictures import decoded

#: The pad on which strokes are measured, in its own units; the picture has this many pixels.
WIDTH: Final = 900
HEIGHT: Final = 300
LONGEST: Final = 300_000
MOST_POINTS: Final = 20_000
#: What is shorter is a slip of the hand.
SHORTEST: Final = 40
#: Drawn larger and then reduced, so that the lines are smooth.
_FINER: Final = 2
_INK, _PAPER, _BREADTH = 20, 255, 5

Point = tuple[int, int]


class NotSigned(ValueError):
    """Nothing that could be called a signature was drawn or typed."""

    code = "not-signed"


def drawn_signature(text: str) -> bytes:
    """Return a PNG of strokes, as JSON: a list of strokes, each a list x, y, x, y, … on the pad; raises NotSigned."""
    strokes = _strokes(text)
    if sum(abs(a[0] - b[0]) + abs(a[1] - b[1]) for stroke in strokes for a, b in pairwise(stroke)) < SHORTEST:
        raise NotSigned
    image = Image.new("L", (WIDTH * _FINER, HEIGHT * _FINER), _PAPER)
    pen, half = ImageDraw.Draw(image), _BREADTH * _FINER / 2
    for stroke in strokes:
        points = [(x * _FINER, y * _FINER) for x, y in stroke]
        if len(points) > 1:
            pen.line(points, fill=_INK, width=_BREADTH * _FINER, joint="curve")
        for x, y in (points[0], points[-1]):
            pen.ellipse((x - half, y - half, x + half, y + half), fill=_INK)
    return _png(image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS))


def framed(data: bytes) -> bytes:
    """Return a picture of a signature drawn anew, black on white, within the size of the pad; raises NoPicture."""
    image = decoded(data, WIDTH).convert("RGBA")
    image.thumbnail((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    paper = Image.new("RGBA", image.size, (_PAPER, _PAPER, _PAPER, 255))
    return _png(Image.alpha_composite(paper, image).convert("L"))


def _strokes(text: str) -> list[list[Point]]:
    if len(text) > LONGEST:
        raise NotSigned
    try:
        given: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise NotSigned from None
    strokes: list[list[Point]] = []
    for stroke in given if isinstance(given, list) else ():
        if not isinstance(stroke, list) or len(stroke) % 2 or not all(type(one) is int for one in stroke):
            raise NotSigned
        points = list(zip(stroke[::2], stroke[1::2], strict=True))
        if not all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points):
            raise NotSigned
        if points:
            strokes.append(points)
    if sum(map(len, strokes)) > MOST_POINTS:
        raise NotSigned
    return strokes


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
