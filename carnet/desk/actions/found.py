"""Founding a business: everything a new one begins with, in one unit of work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from carnet.base.errors import Invalid
from carnet.base.scopes import open_organisation
from carnet.base.unit_of_work import unit_of_work
from carnet.catalogue.actions import add_example, add_tax
from carnet.catalogue.examples import example_of
from carnet.customisation.actions import set_up_customisation
from carnet.organisations.access import Access
from carnet.organisations.actions import add_member, create_organisation
from carnet.organisations.models import Member, Profile, Role, User
from carnet.organisations.permissions import ADMINISTRATOR
from carnet.resources.actions import add_holidays, employ_member, set_business_hours

Windows = Mapping[int, Sequence[tuple[int, int]]]


class Beginning(models.TextChoices):
    """How a new business begins with what it sells; the administrator who founds it says so."""

    EMPTY = "empty"
    EXAMPLES = "examples"
    LATER = "later"


@dataclass(frozen=True)
class NewSignIn:
    """What the founder of the very first organisation signs in with from then on."""

    email: str
    password: str
    language: str = "fr"


#: Who founds an organisation: somebody with a sign-in, or with one to be made.
Founder = User | NewSignIn


@dataclass(frozen=True)
class Founding:
    """What the guide asks; hours in wall minutes of the weekday."""

    name: str
    country: str
    zone: str
    currency: str
    language: str
    administrator: str
    trade: str = ""
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
    begin: str = Beginning.LATER


def found_business(founding: Founding, founder: Founder, now: datetime) -> tuple[Access, Member]:
    """Found the business with hours, holidays, taxes and its first administrator; raises Invalid beside a field.

    Services are switched on if the founder asks for it, with the examples of the trade or without.
    """
    if founding.begin == Beginning.EXAMPLES and not founding.provides:
        raise Invalid(provides=_("The examples need somebody who does them: tick this, or begin without examples."))
    user = founder if isinstance(founder, User) else _signed_up(founder, founding.administrator)
    with unit_of_work():
        if user.pk is None:
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
            set_up_customisation(access, services_on=founding.begin != Beginning.LATER)
            set_business_hours(access, founding.hours)
            if founding.holidays:
                add_holidays(access, range(now.year, now.year + 2))
            for name, rate in founding.taxes:
                add_tax(access, name, rate)
            administrator = Profile.objects.get(key=ADMINISTRATOR)
            team = Role.objects.get(parent__isnull=True)
            employ = employ_member if founding.provides else add_member
            member = employ(access, founding.administrator, profile=administrator, role=team, user=user)
            example = example_of(founding.trade)
            if founding.begin == Beginning.EXAMPLES and example is not None:
                add_example(Access.for_member(member, now), example)
    return access, member


def _signed_up(asked: NewSignIn, name: str) -> User:
    """Return the sign-in to be saved; raises Invalid for an address that is taken and a password that is too weak."""
    email = asked.email.strip().lower()
    if User.objects.filter(email=email).exists():
        raise Invalid(email=_("There is already a sign-in with this e-mail address."))
    try:
        validate_password(asked.password, User(email=email, first_name=name))
    except ValidationError as error:
        raise Invalid(password=" ".join(error.messages)) from None
    user = User(email=email, language=asked.language)
    # Before the transaction: hashing a password takes long, on purpose.
    user.set_password(asked.password)
    return user
