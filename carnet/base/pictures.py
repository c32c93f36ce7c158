"""Pictures that people send: decoded within bounds, upright, and drawn anew without anything else of the file."""

from __future__ import annotations

import io
import warnings
from typing import Final

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

#: What is read at all; more is refused before a byte is decoded.
MOST_BYTES: Final = 12 * 1024 * 1024
#: A photo of today has 50 million pixels at most; each takes four bytes once it is decoded.
MOST_PIXELS: Final = 50_000_000
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
CONTENT_TYPE: Final = "image/webp"


class NoPicture(ValueError):
    """What was sent cannot be taken as a picture; the message is what to tell the person."""

    def __init__(self, code: str) -> None:
        super().__init__(sentences()[code])
        self.code = code


def sentences() -> dict[str, str]:
    """Return what is told of a picture that cannot be taken, by code."""
    return {
        "picture-too-large": _("This image is too large: at most %(limit)d MB.")
        % {"limit": MOST_BYTES // 1024 // 1024},
        "too-many-pixels": _("This image has too many pixels: at most %(limit)d million.")
        % {"limit": MOST_PIXELS // 1_000_000},
        "no-picture": _("This file is not an image that can be read. Send a JPEG, PNG, WebP or GIF."),
    }


def decoded(data: bytes, side: int) -> Image.Image:
    """Return what was sent as a picture, upright, at least `side` pixels long where it was; raises NoPicture.

    To be called outside of any transaction: decoding takes a while.
    """
    if len(data) > MOST_BYTES:
        raise NoPicture("picture-too-large")
    try:
        with warnings.catch_warnings():
            # Judged below, by our own measure.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as sent:
                if sent.width * sent.height > MOST_PIXELS:
                    raise NoPicture("too-many-pixels")
                # A large JPEG is decoded at about the size that is needed.
                sent.draft("RGB", (side, side))
                upright = ImageOps.exif_transpose(sent)
                has_alpha = "A" in upright.getbands() or "transparency" in upright.info
                return upright.convert("RGBA" if has_alpha else "RGB")
    except NoPicture:
        raise
    except Image.DecompressionBombError:
        raise NoPicture("too-many-pixels") from None
    except Exception:
        # Decoders fail in many ways on files made to make them fail; to the sender all of them are one.
        raise NoPicture("no-picture") from None


def drawn_within(image: Image.Image, side: int) -> tuple[bytes, int, int]:
    """Return a picture as WebP with at most `side` pixels on its longer side, and its width and height."""
    copy = image.copy()
    copy.thumbnail((side, side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    copy.save(out, "WEBP", quality=80, method=4)
    return out.getvalue(), *copy.size
