"""Images of services: whatever is sent is drawn anew, in three sizes, without anything else that the file carried."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from carnet.base.errors import Invalid
from carnet.catalogue.models import Picture, Service

#: What is read at all; more is refused before a byte is decoded.
MOST_BYTES = 12 * 1024 * 1024
#: A photo of today has 50 million pixels at most; each takes four bytes once it is decoded.
MOST_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
#: Pixels on the longer side.
SIZES = {"small": 96, "medium": 480, "large": 1280}
CONTENT_TYPE = "image/webp"


@dataclass(frozen=True, slots=True)
class Drawn:
    """An image in three sizes (WebP), and the size of the largest in pixels."""

    small: bytes
    medium: bytes
    large: bytes
    width: int
    height: int

    @property
    def columns(self) -> dict[str, Any]:
        return {
            "small": self.small,
            "medium": self.medium,
            "large": self.large,
            "width": self.width,
            "height": self.height,
        }

    @classmethod
    def of(cls, service: Service) -> Drawn | None:
        """Return a copy of the image that a service has."""
        picture = Picture.objects.filter(service=service).first()
        if picture is None:
            return None
        found = (bytes(picture.small), bytes(picture.medium), bytes(picture.large))
        return cls(*found, picture.width, picture.height)


def too_large() -> Invalid:
    return Invalid(image=_("This image is too large: at most %(limit)d MB.") % {"limit": MOST_BYTES // 1024 // 1024})


def drawn(data: bytes) -> Drawn:
    """Return what was sent as an image in three sizes, upright, without its metadata; raises Invalid beside `image`.

    To be called outside of any transaction: decoding takes a while.
    """
    if len(data) > MOST_BYTES:
        raise too_large()
    too_many = _("This image has too many pixels: at most %(limit)d million.") % {"limit": MOST_PIXELS // 1_000_000}
    unreadable = _("This file is not an image that can be read. Send a JPEG, PNG, WebP or GIF.")
    try:
        with warnings.catch_warnings():
            # Judged below, by our own measure.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as sent:
                if sent.width * sent.height > MOST_PIXELS:
                    raise Invalid(image=too_many)
                # A large JPEG is decoded at about the size that is needed.
                sent.draft("RGB", (SIZES["large"], SIZES["large"]))
                upright = ImageOps.exif_transpose(sent)
                image = upright.convert(
                    "RGBA" if "A" in upright.getbands() or "transparency" in upright.info else "RGB"
                )
    except Invalid:
        raise
    except Image.DecompressionBombError:
        raise Invalid(image=too_many) from None
    except Exception:
        # Decoders fail in many ways on files made to make them fail; to the sender all of them are one.
        raise Invalid(image=unreadable) from None
    found = {}
    for name, side in SIZES.items():
        copy = image.copy()
        copy.thumbnail((side, side), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        copy.save(out, "WEBP", quality=80, method=4)
        found[name] = out.getvalue()
        width, height = copy.size
    return Drawn(found["small"], found["medium"], found["large"], width, height)
