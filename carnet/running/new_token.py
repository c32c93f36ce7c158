"""A key to the API for a member, asked for at the terminal."""

from __future__ import annotations

from django.db import OperationalError, ProgrammingError

from carnet.organisations.actions import issue_token
from carnet.organisations.background import open_as_system
from carnet.organisations.models import Member, Organisation
from carnet.running.places import Refused, command


def new_token(slug: str, email: str) -> str:
    """Return a new key for the active member who signs in with `email`; raises Refused if there is none."""
    try:
        organisation = Organisation.objects.filter(slug=slug).first()
        slugs = list(Organisation.objects.order_by("slug").values_list("slug", flat=True)[:20])
    except (OperationalError, ProgrammingError):
        raise Refused(f"There is nothing in this data folder yet. Start Carnet once: {command()} demo") from None
    if organisation is None:
        raise Refused(f"There is no organisation {slug} here. There are: {', '.join(slugs) or 'none'}.")
    with open_as_system(organisation.pk, "carnet token") as access:
        member = Member.objects.filter(user__email__iexact=email, active=True).first()
        if member is None:
            raise Refused(f"Nobody with the sign-in {email} works at {organisation.name}.")
        return issue_token(access, member, name="carnet token")
