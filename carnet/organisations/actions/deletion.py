"""Deleting an organisation: asked for by name and password, thirty days to think better of it, then for good."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _

from carnet.base.errors import Invalid
from carnet.base.locking import locked
from carnet.base.unit_of_work import unit_of_work
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.organisations.models import Organisation

#: From the wish to the deed.
GRACE: Final = timedelta(days=30)


def ask_deletion(access: Access, *, name: str, password: str) -> Organisation:
    """Have the organisation removed with all it holds in thirty days; until then this can be taken back.

    Raises Invalid beside a name that is not the organisation's, and a password that is not the actor's own. A day on
    which it is to go already stays.
    """
    access.require("organisation.manage")
    # Before the transaction: comparing passwords takes long, on purpose.
    user = access.member.user if access.member is not None and access.actor.kind == "member" else None
    if user is None or not user.check_password(password):
        raise Invalid(password=_("This is not your password."))
    if " ".join(name.split()).casefold() != " ".join(access.organisation.name.split()).casefold():
        raise Invalid(name=_("This is not the name of the organisation."))
    with unit_of_work():
        organisation = locked(Organisation.objects.all(), pk=access.organisation.pk)
        if organisation.deletion_due_at is None:
            organisation.deletion_due_at = access.now + GRACE
            organisation.version += 1
            organisation.save(update_fields=["deletion_due_at", "version"])
            changes = {"deletion_due_at": [None, organisation.deletion_due_at.isoformat()]}
            record(access, "organisation.deletion_asked", organisation, changes=changes)
    access.organisation.deletion_due_at = organisation.deletion_due_at
    return organisation


def take_back_deletion(access: Access) -> Organisation:
    """Keep the organisation after all; nothing of it has been touched until the very day."""
    access.require("organisation.manage")
    with unit_of_work():
        organisation = locked(Organisation.objects.all(), pk=access.organisation.pk)
        if organisation.deletion_due_at is not None:
            if organisation.deletion_due_at <= access.now:
                raise Invalid(organisation=_("It is too late: the organisation is being removed."))
            changes = {"deletion_due_at": [organisation.deletion_due_at.isoformat(), None]}
            organisation.deletion_due_at = None
            organisation.version += 1
            organisation.save(update_fields=["deletion_due_at", "version"])
            record(access, "organisation.deletion_taken_back", organisation, changes=changes)
    access.organisation.deletion_due_at = organisation.deletion_due_at
    return organisation
