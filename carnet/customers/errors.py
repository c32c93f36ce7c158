"""What can be wrong with a customer."""

from __future__ import annotations

from django.utils.translation import gettext as _

from carnet.base.errors import Invalid


def nothing_to_call_by() -> Invalid:
    return Invalid(name=_("Type a name or a phone number: one of them is enough."))
