"""Small pictures to send."""

from __future__ import annotations

import io

from PIL import Image


def picture(width: int = 8, height: int = 6, colour: tuple[int, int, int] = (200, 90, 90), kind: str = "PNG") -> bytes:
    """Return an image file of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, kind)
    return out.getvalue()
