"""Pictures for the demo's services: a few flat shapes in the hue of the service, the same on every machine."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise

from PIL import Image, ImageDraw

Colour = tuple[int, int, int]
Point = tuple[float, float]

#: Pixels of the picture; shapes are drawn at twice that and then made smooth.
WIDTH, HEIGHT = 640, 480
_TWICE = 2

#: A pale ground, the shape, and its shade, for each hue; soft, as printed on paper.
_INKS: tuple[tuple[Colour, Colour, Colour], ...] = (
    ((247, 233, 224), (196, 104, 74), (150, 72, 48)),
    ((236, 240, 224), (118, 140, 72), (82, 101, 46)),
    ((226, 239, 238), (66, 134, 130), (42, 96, 93)),
    ((245, 236, 216), (196, 150, 62), (148, 108, 36)),
    ((228, 236, 246), (82, 122, 178), (54, 86, 134)),
    ((243, 228, 236), (172, 88, 128), (128, 58, 92)),
    ((235, 231, 245), (122, 104, 170), (86, 70, 128)),
    ((238, 235, 228), (126, 116, 96), (90, 82, 66)),
)


class Sheet:
    """A sheet of 160 × 120 units to draw on, its middle at (0, 0)."""

    def __init__(self, hue: int) -> None:
        self.ground, self.ink, self.shade = _INKS[hue % len(_INKS)]
        self.image = Image.new("RGB", (WIDTH * _TWICE, HEIGHT * _TWICE), self.ground)
        self._pen = ImageDraw.Draw(self.image)
        self._unit = WIDTH * _TWICE / 160

    @property
    def paper(self) -> Colour:
        return (255, 253, 248)

    def _at(self, point: Point) -> Point:
        return (point[0] + 80) * self._unit, (point[1] + 60) * self._unit

    def disc(self, middle: Point, radius: float, colour: Colour) -> None:
        self.oval(middle, radius, radius, colour)

    def oval(self, middle: Point, across: float, down: float, colour: Colour) -> None:
        (left, top), (right, bottom) = (
            self._at((middle[0] - across, middle[1] - down)),
            self._at((middle[0] + across, middle[1] + down)),
        )
        self._pen.ellipse((left, top, right, bottom), fill=colour)

    def ring(self, middle: Point, radius: float, width: float, colour: Colour) -> None:
        (left, top), (right, bottom) = (
            self._at((middle[0] - radius, middle[1] - radius)),
            self._at((middle[0] + radius, middle[1] + radius)),
        )
        self._pen.ellipse((left, top, right, bottom), outline=colour, width=round(width * self._unit))

    def shape(self, points: Sequence[Point], colour: Colour) -> None:
        self._pen.polygon([self._at(point) for point in points], fill=colour)

    def bar(self, start: Point, end: Point, width: float, colour: Colour) -> None:
        """A line with round ends."""
        self._pen.line([self._at(start), self._at(end)], fill=colour, width=round(width * self._unit))
        for point in (start, end):
            self.disc(point, width / 2, colour)

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour, round_by: float = 2) -> None:
        (x, y), (to_x, to_y) = self._at((left, top)), self._at((right, bottom))
        self._pen.rounded_rectangle((x, y, to_x, to_y), radius=round_by * self._unit, fill=colour)

    def file(self) -> bytes:
        """Return the drawing as a PNG."""
        out = io.BytesIO()
        self.image.reduce(_TWICE).save(out, "PNG", compress_level=1)
        return out.getvalue()


def scissors(on: Sheet) -> None:
    on.bar((-34, 30), (30, -34), 5, on.ink)
    on.bar((-34, -34 + 4), (30, 34), 5, on.shade)
    on.shape([(30, -38), (-2, -4), (4, 2), (35, -33)], on.ink)
    on.shape([(30, 38), (-2, 4), (4, -2), (35, 33)], on.shade)
    on.ring((-40, 26), 14, 5, on.ink)
    on.ring((-40, -26), 14, 5, on.shade)
    on.disc((0, 0), 3, on.paper)


def comb(on: Sheet) -> None:
    on.box(-46, -24, 46, -4, on.ink, 5)
    for number in range(12):
        left = -43 + number * 7.4
        on.box(left, -8, left + 4, 28, on.ink if number % 2 else on.shade, 2)


def dryer(on: Sheet) -> None:
    on.box(-10, 0, 8, 42, on.shade, 5)
    on.shape([(8, -26), (46, -18), (46, 8), (8, 14)], on.shade)
    on.disc((-8, -6), 27, on.ink)
    on.disc((-8, -6), 13, on.paper)
    on.disc((-8, -6), 5, on.ink)


def bun(on: Sheet) -> None:
    on.oval((0, 20), 28, 26, on.paper)
    on.oval((0, 0), 34, 26, on.ink)
    on.disc((0, -30), 17, on.shade)
    on.ring((0, -30), 10, 2, on.ink)
    on.bar((-26, -42), (26, -18), 2.5, on.paper)


def swatches(on: Sheet) -> None:
    for angle, colour in ((-34, on.shade), (-12, on.ink), (10, on.paper), (32, on.ink)):
        turn = math.radians(angle)
        across, along = (math.cos(turn), math.sin(turn)), (math.sin(turn), -math.cos(turn))
        corners = [(-10, 0), (10, 0), (10, 72), (-10, 72)]
        on.shape([(x * across[0] + y * along[0], 38 + x * across[1] + y * along[1]) for x, y in corners], colour)
    on.disc((0, 34), 5, on.shade)


def waves(on: Sheet) -> None:
    for number, colour in enumerate((on.ink, on.shade, on.ink, on.shade)):
        line = [(x, -30 + number * 20 + 7 * math.sin(x / 11 + number)) for x in range(-56, 57, 2)]
        for start, end in pairwise(line):
            on.bar(start, end, 7, colour)


def drop(on: Sheet) -> None:
    _drop(on, (0, 6), 27, on.ink)
    on.oval((-9, 14), 5, 9, on.paper)
    _drop(on, (42, 24), 11, on.shade)
    _drop(on, (-42, 26), 9, on.shade)


def _drop(on: Sheet, middle: Point, radius: float, colour: Colour) -> None:
    x, y = middle
    on.disc(middle, radius, colour)
    on.shape(
        [(x, y - radius * 2.1), (x - radius * 0.9, y - radius * 0.42), (x + radius * 0.9, y - radius * 0.42)], colour
    )


def stones(on: Sheet) -> None:
    on.oval((0, 34), 46, 13, on.shade)
    on.oval((0, 13), 36, 12, on.ink)
    on.oval((0, -6), 26, 10, on.shade)
    _leaf(on, (2, -16), 30, -60, on.ink)


def leaf(on: Sheet) -> None:
    _leaf(on, (-34, 40), 96, -48, on.ink)
    on.bar((-46, 50), (20, -24), 2.5, on.paper)
    for x, y in ((-22, 22), (-6, 4), (8, -12)):
        on.bar((x, y), (x + 20, y - 1), 2, on.paper)
        on.bar((x, y), (x + 1, y - 20), 2, on.paper)


def _leaf(on: Sheet, foot: Point, length: float, angle: float, colour: Colour) -> None:
    turn = math.radians(angle)
    points = []
    for side in (1, -1):
        steps = range(21) if side == 1 else range(20, -1, -1)
        for step in steps:
            along = length * step / 20
            out = side * length * 0.26 * math.sin(math.pi * (step / 20) ** 0.8)
            points.append(
                (
                    foot[0] + along * math.cos(turn) - out * math.sin(turn),
                    foot[1] + along * math.sin(turn) + out * math.cos(turn),
                )
            )
    on.shape(points, colour)


def tree(on: Sheet) -> None:
    on.box(-5, 10, 5, 46, on.shade, 2)
    on.disc((0, -12), 28, on.ink)
    on.disc((-20, 6), 17, on.ink)
    on.disc((21, 4), 18, on.ink)
    on.disc((8, -20), 10, on.paper)


def hedge(on: Sheet) -> None:
    on.box(-56, 4, 56, 40, on.ink, 8)
    for x in range(-48, 49, 16):
        on.disc((x, 4), 11, on.ink)
    for x, y in ((-40, 22), (-18, 14), (4, 26), (26, 16), (44, 28)):
        on.disc((x, y), 3, on.paper)
    on.bar((-30, -40), (10, -16), 4, on.shade)
    on.bar((-30, -16), (10, -40), 4, on.shade)


def stump(on: Sheet) -> None:
    on.shape([(-34, -8), (34, -8), (44, 40), (-44, 40)], on.shade)
    on.oval((0, -8), 34, 15, on.ink)
    for radius in (24, 15, 7):
        on.oval((0, -8), radius, radius * 0.44, on.paper)
        on.oval((0, -8), radius - 2.5, (radius - 2.5) * 0.44, on.ink)


def bricks(on: Sheet) -> None:
    for row in range(4):
        shift = -14 if row % 2 else 0
        for column in range(4):
            left = -56 + column * 28 + shift
            on.box(left, -32 + row * 17, left + 25, -18 + row * 17, on.ink if (row + column) % 3 else on.shade, 2)


def plan(on: Sheet) -> None:
    on.box(-50, -38, 50, 38, on.paper, 3)
    on.bar((-40, 28), (-40, -28), 2, on.shade)
    on.bar((-40, 28), (40, 28), 2, on.shade)
    on.box(-28, -18, -4, 14, on.ink, 2)
    on.disc((20, -10), 13, on.ink)
    on.disc((26, 14), 7, on.shade)


def snow(on: Sheet) -> None:
    for number in range(6):
        turn = math.radians(60 * number)
        x, y = math.cos(turn), math.sin(turn)
        on.bar((0, 0), (42 * x, 42 * y), 4, on.ink)
        for side in (-0.7, 0.7):
            tip = (28 * x + 13 * math.cos(turn + side), 28 * y + 13 * math.sin(turn + side))
            on.bar((26 * x, 26 * y), tip, 3, on.shade)
    on.disc((0, 0), 6, on.paper)


def bucket(on: Sheet) -> None:
    on.ring((0, -8), 33, 3, on.shade)
    on.shape([(-36, -8), (36, -8), (27, 44), (-27, 44)], on.ink)
    on.oval((0, -8), 36, 9, on.shade)
    for middle, radius in (((-14, -16), 9), ((4, -20), 11), ((19, -15), 7)):
        on.disc(middle, radius, on.paper)


def broom(on: Sheet) -> None:
    on.bar((30, -46), (-8, 10), 4.5, on.shade)
    on.shape([(-18, 2), (2, 16), (-14, 44), (-50, 22)], on.ink)
    for x, y in ((-38, 24), (-28, 31), (-18, 37)):
        on.bar((x, y), (x + 17, y - 19), 1.6, on.paper)


def window(on: Sheet) -> None:
    on.box(-38, -44, 38, 44, on.ink, 3)
    for left in (-32, 3):
        for top in (-38, 3):
            on.box(left, top, left + 29, top + 35, on.paper, 2)
    on.bar((-22, -14), (-10, -28), 3, on.ground)
    on.bar((14, 30), (26, 16), 3, on.ground)


def iron(on: Sheet) -> None:
    on.shape([(-46, 28), (44, 28), (44, -4), (6, -8), (-22, 2)], on.ink)
    on.box(-50, 28, 48, 35, on.shade, 2)
    on.bar((2, -26), (42, -26), 7, on.shade)
    on.bar((42, -26), (42, -6), 7, on.shade)
    on.disc((18, 12), 6, on.paper)


def key(on: Sheet) -> None:
    on.ring((-28, 0), 20, 8, on.ink)
    on.bar((-8, 0), (46, 0), 8, on.ink)
    on.box(24, 2, 31, 18, on.shade, 2)
    on.box(38, 2, 45, 22, on.shade, 2)


def sofa(on: Sheet) -> None:
    on.box(-46, -26, 46, 16, on.ink, 9)
    on.box(-60, -6, -38, 30, on.shade, 7)
    on.box(38, -6, 60, 30, on.shade, 7)
    on.box(-38, 8, 38, 28, on.shade, 4)
    on.bar((0, 10), (0, 26), 1.6, on.ground)
    on.box(-48, 30, -42, 40, on.shade, 1)
    on.box(42, 30, 48, 40, on.shade, 1)


def wrench(on: Sheet) -> None:
    on.bar((-30, 34), (22, -18), 13, on.ink)
    on.disc((28, -24), 20, on.ink)
    on.shape([(28, -24), (34, -52), (56, -30)], on.ground)
    on.disc((-30, 34), 4, on.ground)
    on.ring((-40, -22), 13, 6, on.shade)


def tap(on: Sheet) -> None:
    on.box(-48, -14, 20, 6, on.ink, 6)
    on.box(6, -14, 26, 22, on.ink, 6)
    on.box(-20, -34, -8, -14, on.shade, 2)
    on.bar((-32, -36), (4, -36), 7, on.shade)
    _drop(on, (16, 40), 8, on.shade)


def flame(on: Sheet) -> None:
    _drop(on, (0, 14), 30, on.ink)
    _drop(on, (0, 24), 17, on.shade)
    _drop(on, (0, 32), 8, on.paper)


def razor(on: Sheet) -> None:
    on.shape([(-50, -14), (18, -30), (22, -10), (-46, 8)], on.ink)
    on.shape([(-47, 0), (21, -16), (22, -10), (-46, 8)], on.paper)
    on.bar((18, -20), (-16, 36), 10, on.shade)
    on.disc((18, -19), 4, on.ground)


MOTIFS: dict[str, Callable[[Sheet], None]] = {
    one.__name__: one
    for one in (
        scissors, comb, dryer, bun, swatches, waves, drop, stones, leaf, tree, hedge, stump, bricks, plan, snow,
        bucket, broom, window, iron, key, sofa, wrench, tap, flame, razor,
    )
}  # fmt: skip


@cache
def illustration(motif: str, hue: int) -> bytes:
    """Return the picture of a motif in a hue, as a PNG."""
    sheet = Sheet(hue)
    # A round of paper behind the shape, as a stamp has.
    sheet.disc((0, 0), 58, tuple((a + b) // 2 for a, b in zip(sheet.ground, sheet.paper, strict=True)))  # type: ignore[arg-type]
    MOTIFS[motif](sheet)
    return sheet.file()
