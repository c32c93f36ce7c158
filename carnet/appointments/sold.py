"""What was sold, in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _


def sold_as(service: str, add_ons: Iterable[str]) -> str:
    """Return a service with its add-ons, as it stands on screens and in letters, in the active language."""
    named = ", ".join(add_ons)
    return _("%(service)s with %(add_ons)s") % {"service": service, "add_ons": named} if named else service
