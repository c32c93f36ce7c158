"""Changing what an organisation says about itself."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from carnet.base.errors import Invalid
from carnet.base.locking import locked
from carnet.base.typed_text import clean
from carnet.base.unit_of_work import unit_of_work
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class About:
    """Name and address as they stand on letters; phone and e-mail as customers use them."""

    name: str
    street: str = ""
    postcode: str = ""
    city: str = ""
    phone: str = ""
    email: str = ""


def edit_organisation(access: Access, about: About) -> Organisation:
    """Replace name and address; the organisation keeps its place in addresses of pages, and visits keep theirs."""
    access.require("set_up.edit")
    about = About(**{name: clean(text) for name, text in asdict(about).items()})
    if not about.name:
        raise Invalid(name=_("Type the name of the business."))
    with unit_of_work():
        organisation = locked(Organisation.objects.all(), pk=access.organisation.pk)
        changes = {
            name: [getattr(organisation, name), value]
            for name, value in asdict(about).items()
            if getattr(organisation, name) != value
        }
        for name, (_before, value) in changes.items():
            setattr(organisation, name, value)
        if changes:
            organisation.version += 1
            organisation.save(update_fields=[*changes, "version"])
            record(access, "organisation.edited", organisation, changes=changes)
    for name in changes:
        setattr(access.organisation, name, getattr(organisation, name))
    return organisation
