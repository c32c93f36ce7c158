"""What is sent for a field, judged by its bytes before anything of it is kept.

Only pictures and signatures are looked into, and drawn anew; a file stays a row of bytes with a name, never run, never
unpacked. A refusal has a code, which a form can carry in place of the file until it says why beside the field.
"""

from __future__ import annotations

import mimetypes
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from carnet.base import pictures
from carnet.base.pictures import NoPicture, decoded, drawn_within
from carnet.customisation.signatures import NotSigned, drawn_signature, framed

MOST_BYTES: Final = 10 * 1024 * 1024
LONGEST_NAME: Final = 120
#: Pixels on the longer side: what can still be read on paper, and what stands beside a name.
LARGE: Final = 1600
SMALL: Final = 320
PLAIN: Final = "text/plain"
#: What a form says in place of a public id: a code of `sentences`.
_MARK: Final = "refused:"


@dataclass(frozen=True, slots=True)
class Sent:
    """What came: a file with its name, or a signature as strokes or as a typed name."""

    data: bytes | None = None
    name: str = ""
    strokes: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What is kept of it."""

    name: str
    content_type: str
    data: bytes
    small: bytes | None = None


class UploadRefused(ValueError):
    """It cannot be kept; the message is what to tell the person."""

    def __init__(self, code: str) -> None:
        super().__init__(sentences()[code])
        self.code = code


def content_of(kind: str, sent: Sent) -> Content:
    """Return what is kept of what was sent for a field of type `kind`; raises UploadRefused.

    To be called outside of any transaction: decoding takes a while.
    """
    try:
        return _CONTENTS[kind](sent)
    except (NoPicture, NotSigned) as refused:
        raise UploadRefused(refused.code) from None


def _file(sent: Sent) -> Content:
    data = sent.data or b""
    if not data:
        raise UploadRefused("empty")
    if len(data) > MOST_BYTES:
        raise UploadRefused("too-large")
    name = _safe_name(sent.name)
    return Content(name, mimetypes.guess_type(name)[0] or "application/octet-stream", data)


def _picture(sent: Sent) -> Content:
    if not sent.data:
        raise UploadRefused("empty")
    name = _safe_name(sent.name)
    image = decoded(sent.data, LARGE)
    large, _width, _height = drawn_within(image, LARGE)
    small, _width, _height = drawn_within(image, SMALL)
    return Content(name, pictures.CONTENT_TYPE, large, small)


def _signature(sent: Sent) -> Content:
    name = _one_line(sent.name)
    if len(name) > LONGEST_NAME:
        raise UploadRefused("long-name")
    if sent.data is not None:
        return Content(name, "image/png", framed(sent.data))
    if sent.strokes:
        return Content(name, "image/png", drawn_signature(sent.strokes))
    if not name:
        raise NotSigned
    return Content(name, PLAIN, name.encode())


_CONTENTS: Final[dict[str, Callable[[Sent], Content]]] = {"file": _file, "image": _picture, "signature": _signature}


def refused_text(code: str) -> str:
    """Return what a form carries in place of a file that was refused."""
    return f"{_MARK}{code}"


def refusal_in(text: str) -> str:
    """Return the sentence that such a text stands for, "" for any other."""
    return sentences().get(text.removeprefix(_MARK), "") if text.startswith(_MARK) else ""


def sentences() -> dict[str, str]:
    """Return what is told of what cannot be kept, by code."""
    return {
        "empty": _("This file is empty."),
        "too-large": _("This file is too large: at most %(limit)d MB.") % {"limit": MOST_BYTES // 1024 // 1024},
        "long-name": _("This name is too long: at most %(limit)d characters.") % {"limit": LONGEST_NAME},
        "too-many": _("Too many files wait to be used. Save the forms that they were sent for, then go on."),
        "not-signed": _("Nothing was signed. Draw the signature, or type the name."),
        "not-permitted": _("Your profile does not allow this."),
        **pictures.sentences(),
    }


def _safe_name(text: str) -> str:
    """Return a file's name without its folders and without signs that hide or turn it round; never empty."""
    name = _one_line(text.replace("\\", "/").rpartition("/")[2]).strip(". ")
    if len(name) > LONGEST_NAME:
        raise UploadRefused("long-name")
    return name or _("file")


def _one_line(text: str) -> str:
    # Control signs, those that turn the direction of what follows, halves of letters, unassigned ones.
    shown = "".join(sign for sign in unicodedata.normalize("NFC", text[:1000]) if unicodedata.category(sign)[0] != "C")
    return " ".join(shown.split())
