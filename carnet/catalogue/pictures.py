"""Images of services: whatever is sent is drawn anew, in three sizes, without anything else that the file carried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from carnet.base.errors import Invalid
from carnet.base.pictures import CONTENT_TYPE as CONTENT_TYPE
from carnet.base.pictures import MOST_BYTES as MOST_BYTES
from carnet.base.pictures import NoPicture, decoded, drawn_within
from carnet.catalogue.models import Picture, Service

#: Pixels on the longer side.
SIZES = {"small": 96, "medium": 480, "large": 1280}


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
    return Invalid(image=str(NoPicture("picture-too-large")))


def drawn(data: bytes) -> Drawn:
    """Return what was sent as an image in three sizes, upright, without its metadata; raises Invalid beside `image`.

    To be called outside of any transaction: decoding takes a while.
    """
    try:
        image = decoded(data, SIZES["large"])
    except NoPicture as refused:
        raise Invalid(image=str(refused)) from None
    found = {}
    for name, side in SIZES.items():
        found[name], width, height = drawn_within(image, side)
    return Drawn(found["small"], found["medium"], found["large"], width, height)
