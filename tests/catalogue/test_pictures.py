"""Images: whatever is sent is drawn anew, or refused in one sentence."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from carnet.base.errors import Invalid
from carnet.base.scopes import open_organisation
from carnet.catalogue.actions import create_service, edit_service
from carnet.catalogue.details import details_of
from carnet.catalogue.models import Picture
from carnet.catalogue.pictures import MOST_BYTES, Drawn, drawn
from tests.cast import Business
from tests.catalogue.conftest import picture


def size_of(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data)) as image:
        assert image.format == "WEBP"
        return image.size


def refused(data: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        drawn(data)
    assert list(caught.value.errors) == ["image"]
    return caught.value.errors["image"]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_an_image_is_drawn_in_three_sizes_and_never_larger_than_it_was(kind: str) -> None:
    found = drawn(picture(kind, (2560, 1280)))
    assert (size_of(found.small), size_of(found.medium), size_of(found.large)) == ((96, 48), (480, 240), (1280, 640))
    assert (found.width, found.height) == (1280, 640)
    assert size_of(drawn(picture(kind, (40, 20))).large) == (40, 20)


def test_where_it_was_taken_and_by_what_does_not_survive() -> None:
    """(L4)"""
    exif = Image.Exif()
    exif[0x010F] = "Nikon"
    exif.get_ifd(0x8825)[2] = (48.0, 51.0, 29.0)
    sent = picture("JPEG", exif=exif.tobytes())
    assert b"Nikon" in sent
    for data in (drawn(sent).small, drawn(sent).medium, drawn(sent).large):
        assert b"Nikon" not in data
        with Image.open(io.BytesIO(data)) as image:
            assert not dict(image.getexif())
            assert not image.getexif().get_ifd(0x8825)


def test_a_photo_taken_upright_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    found = drawn(picture("JPEG", (600, 400), exif=exif.tobytes()))
    assert (found.width, found.height) == (400, 600)


def test_what_is_transparent_stays_so() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (50, 50), (255, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(drawn(out.getvalue()).large)) as image:
        assert image.mode == "RGBA"
        assert image.getpixel((25, 25))[3] == 0  # type: ignore[index]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 10_000,
        b"plain words",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7\n",
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 100,
        b"\xff\xd8\xff\xe0" + b"\x00" * 100,
        b"GIF89a" + b"\xff" * 40,
    ],
    ids=["nothing", "zeros", "words", "svg", "html", "pdf", "half a png", "half a jpeg", "half a gif"],
)
def test_what_is_no_image_is_refused_in_one_sentence(data: bytes) -> None:
    """(L4)"""
    assert "not an image that can be read" in refused(data) or "n’est pas une image" in refused(data)


def test_an_image_cut_short_is_refused(png: bytes) -> None:
    refused(png[: len(png) // 2])


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_an_image_of_two_thousand_million_pixels_is_refused_before_it_is_decoded() -> None:
    """Fifty thousand by fifty thousand in a few hundred bytes: its pixels would take gigabytes (L4)."""
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )
    assert "50" in refused(bomb), "at most 50 million"


def test_a_decompression_bomb_in_a_comment_is_not_blown_up() -> None:
    """(L4)"""
    note = b"Comment\0\0" + zlib.compress(b"\0" * 80_000_000)
    sent = picture("PNG")
    bomb = sent[:33] + chunk(b"zTXt", note) + sent[33:]
    assert refused(bomb)


def test_more_bytes_than_are_read_are_refused() -> None:
    """(L4)"""
    assert "12" in refused(b"\xff\xd8" + b"\0" * MOST_BYTES)


@pytest.mark.parametrize("tail", [b"<script>alert(1)</script>", b"PK\x03\x04" + b"evil" * 20, b"<?php system(1); ?>"])
def test_what_hides_behind_an_image_is_gone(png: bytes, tail: bytes) -> None:
    """A file that is an image and something else besides (L4)."""
    for sent in (png + tail, picture("GIF") + tail, picture("JPEG") + tail):
        found = drawn(sent)
        assert all(tail not in data for data in (found.small, found.medium, found.large))


def test_an_image_has_a_new_address_whenever_it_is_replaced(salon: Business, png: bytes) -> None:
    haircut = salon.services["haircut"]
    addresses = set()
    for data in (png, picture("JPEG")):
        edit_service(salon.access("alice"), haircut, details_of(haircut), image=drawn(data))
        addresses.add(Picture.objects.get(service=haircut).public_id)
    assert len(addresses) == 2
    edit_service(salon.access("alice"), haircut, details_of(haircut), drop_image=True)
    assert not Picture.objects.filter(service=haircut).exists()


def test_a_clone_has_a_copy_of_the_image_and_not_the_image(salon: Business, png: bytes) -> None:
    """(C6)"""
    haircut, alice = salon.services["haircut"], salon.access("alice")
    edit_service(alice, haircut, details_of(haircut), image=drawn(png))
    twin = create_service(alice, details_of(haircut), cloned_from=haircut)
    first, second = Picture.objects.get(service=haircut), Picture.objects.get(service=twin)
    assert bytes(first.large) == bytes(second.large)
    assert first.public_id != second.public_id
    edit_service(alice, haircut, details_of(haircut), drop_image=True)
    assert Drawn.of(twin) is not None


def test_an_image_of_another_business_is_not_found(salon: Business, garage: Business, png: bytes) -> None:
    """(I2)"""
    with open_organisation(garage.organisation):
        theirs = garage.services["haircut"]
        edit_service(garage.access("alice"), theirs, details_of(theirs), image=drawn(png))
    assert not Picture.objects.exists()
