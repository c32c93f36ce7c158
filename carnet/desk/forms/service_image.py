"""The image that comes with a service's form: drawn at once, and kept in the form while something else is wrong.

A browser forgets the chosen file when a form comes back. So that nobody has to choose it again, the image as it was
drawn travels with the form, signed for this member of this business, for an hour.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from datetime import timedelta

from django.core.files.uploadedfile import UploadedFile
from django.core.signing import BadSignature, TimestampSigner
from django.utils.translation import gettext as _

from carnet.base.errors import Invalid
from carnet.catalogue.pictures import MOST_BYTES, Drawn, drawn
from carnet.organisations.access import Access

LASTS = timedelta(hours=1)
#: Three small images at most; what is longer was not signed here.
LONGEST = 1_500_000


def image_sent(file: UploadedFile[bytes] | None, kept: str, access: Access) -> Drawn | None:
    """Return the image that was sent or kept, None if there is none; raises Invalid beside `image`.

    Decodes, so it is called outside of any transaction.
    """
    if file is not None:
        # One byte more than is allowed is enough to be refused.
        return drawn(file.read(MOST_BYTES + 1))
    if not kept:
        return None
    found = _unkept(kept, access)
    if found is None:
        raise Invalid(image=_("The image was kept for an hour; choose it again."))
    return found


def kept_text(image: Drawn, access: Access) -> str:
    """Return an image as it travels with the form."""
    parts = [str(image.width), str(image.height), *(_text(one) for one in (image.small, image.medium, image.large))]
    return _signer(access).sign(",".join(parts))


def preview_of(image: Drawn) -> str:
    """Return the address of an image that lies nowhere yet: the image itself."""
    return f"data:image/webp;base64,{_text(image.small)}"


def _unkept(text: str, access: Access) -> Drawn | None:
    if len(text) > LONGEST:
        return None
    try:
        width, height, *images = _signer(access).unsign(text, max_age=LASTS).split(",")
        small, medium, large = (b64decode(one, validate=True) for one in images)
        return Drawn(small, medium, large, int(width), int(height))
    except (BadSignature, ValueError, binascii.Error):
        return None


def _signer(access: Access) -> TimestampSigner:
    member = access.member.pk if access.member else 0
    return TimestampSigner(salt=f"carnet.service image {access.organisation.pk} {member}")


def _text(data: bytes) -> str:
    return b64encode(data).decode()
