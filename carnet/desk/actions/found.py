"""Founding a business: everything a new one begins with, in one unit of work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from carnet.base.errors import Invalid
from carnet.base.scopes import open_organisation
from carnet.base.unit_of_work import unit_of_work
from carnet.catalogue.actions import add_tax
from carnet.customisation.actions import set_up_customisation
from carnet.organisations.access import Access
from carnet.organisations.actions import add_member, create_organisation
from carnet.organisations.models import Member, Profile, Role, User
from carnet.organisations.permissions import ADMINISTRATOR
from carnet.resources.actions import add_holidays, employ_member, set_business_hours

Windows = Mapping[int, Sequence[tuple[int, int]]]


@dataclass(frozen=True)
class Founding:
    """What the first-run page asks; hours in wall minutes of the weekday."""

    name: str
    country: str
    zone: str
    currency: str
    language: str
    administrator: str
    email: str
    password: str
    region: str = ""
    first_weekday: int = 0
    prices_include_tax: bool = True
    street: str = ""
    postcode: str = ""
    city: str = ""
    phone: str = ""
    hours: Windows = field(default_factory=dict)
    #: Name and rate in thousandths of a percent.
    taxes: Sequence[tuple[str, int]] = ()
    holidays: bool = True
    #: Whether the administrator also serves customers, and so has a column in the calendar.
    provides: bool = True


def found_business(founding: Founding, now: datetime) -> tuple[Access, Member]:
    """Found the business with hours, holidays, taxes and its first administrator; raises Invalid beside a field.

    Services stay off: the administrator switches them on.
    """
    email = founding.email.strip().lower()
    if User.objects.filter(email=email).exists():
        raise Invalid(email=_("There is already a sign-in with this e-mail address."))
    try:
        validate_password(founding.password, User(email=email, first_name=founding.administrator))
    except ValidationError as error:
        raise Invalid(password=" ".join(error.messages)) from None
    # Before the transaction: hashing a password takes long, on purpose.
    user = User(email=email, language=founding.language)
    user.set_password(founding.password)
    with unit_of_work():
        user.save()
        access = create_organisation(
            name=founding.name,
            country=founding.country,
            region=founding.region,
            zone=founding.zone,
            currency=founding.currency,
            language=founding.language,
            first_weekday=founding.first_weekday,
            prices_include_tax=founding.prices_include_tax,
            street=founding.street,
            postcode=founding.postcode,
            city=founding.city,
            phone=founding.phone,
            now=now,
        )
        with open_organisation(access.organisation):
            set_up_customisation(access, services_on=False)
            set_business_hours(access, founding.hours)
            if founding.holidays:
                add_holidays(access, range(now.year, now.year + 2))
            for name, rate in founding.taxes:
                add_tax(access, name, rate)
            administrator = Profile.objects.get(key=ADMINISTRATOR)
            team = Role.objects.get(parent__isnull=True)
            employ = employ_member if founding.provides else add_member
            member = employ(access, founding.administrator, profile=administrator, role=team, user=user)
    return access, member
