from __future__ import annotations

import io

import pytest
from PIL import Image


@pytest.fixture
def png() -> bytes:
    """A small image, redder to the left."""
    return picture("PNG")


def picture(kind: str, size: tuple[int, int] = (600, 400), **more: object) -> bytes:
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    out = io.BytesIO()
    image.save(out, kind, **more)  # type: ignore[arg-type]
    return out.getvalue()
