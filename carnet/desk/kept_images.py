"""An image sent with a form that is not taken yet: a browser does not send it twice, so it is kept for a while."""

from __future__ import annotations

import secrets
from typing import Final

from django.core.cache import cache
from django.utils.translation import gettext as _

from carnet.base.errors import Invalid
from carnet.catalogue.pictures import Drawn
from carnet.organisations.requests import OrganisationRequest

#: The hidden field that names it.
IMAGE: Final = "impact-image"
MINUTES: Final = 15


def keep_image(request: OrganisationRequest, image: Drawn) -> str:
    """Keep the image for a quarter of an hour; return its name, which nobody guesses and only this member can use."""
    name = request.POST.get(IMAGE) or secrets.token_urlsafe(24)
    cache.set(_key(request, name), image.columns, MINUTES * 60)
    return name


def image_kept(request: OrganisationRequest) -> Drawn:
    """Return the image that the form names; raises Invalid beside `image` if it is no longer kept."""
    columns = cache.get(_key(request, request.POST[IMAGE]))
    if columns is None:
        raise Invalid(image=_("The image was kept for a quarter of an hour only; choose it again."))
    return Drawn(**columns)


def let_go_of_image(request: OrganisationRequest) -> None:
    if IMAGE in request.POST:
        cache.delete(_key(request, request.POST[IMAGE]))


def _key(request: OrganisationRequest, name: str) -> str:
    member = request.access.member
    return f"{IMAGE}:{member.pk if member else 0}:{name[:40]}"
