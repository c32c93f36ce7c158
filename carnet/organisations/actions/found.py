"""Founding an organisation: the row itself, its profiles and its first role."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import available_timezones

from babel.numbers import list_currencies
from django.utils.text import slugify
from django.utils.translation import gettext as _

from carnet.base.errors import Invalid
from carnet.base.scopes import open_organisation
from carnet.base.typed_text import clean
from carnet.base.unit_of_work import unit_of_work
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.organisations.models import Organisation, Profile, Role
from carnet.organisations.permissions import ADMINISTRATOR, DEFAULT_PROFILES, FRONT_DESK, PROVIDER

_PROFILE_NAMES = {
    "fr": {ADMINISTRATOR: "Administrateur", FRONT_DESK: "Accueil", PROVIDER: "Intervenant"},
    "en": {ADMINISTRATOR: "Administrator", FRONT_DESK: "Front desk", PROVIDER: "Provider"},
}
_ROLE_NAMES = {"fr": "Équipe", "en": "Team"}


def create_organisation(
    *,
    name: str,
    country: str,
    zone: str,
    currency: str,
    language: str,
    now: datetime,
    slug: str = "",
    street: str = "",
    postcode: str = "",
    city: str = "",
    phone: str = "",
    region: str = "",
    first_weekday: int = 0,
    prices_include_tax: bool = True,
    languages: tuple[str, ...] = (),
) -> Access:
    """Found an organisation with its default profiles and one team role; return the system's access to it.

    Raises Invalid for an unknown zone or currency, or a name without a letter. There is no Access yet to ask:
    only the first-run page and the commands call this.
    """
    if zone not in available_timezones():
        raise Invalid(zone=_("“%(zone)s” is not a known time zone.") % {"zone": zone})
    if currency not in list_currencies():
        raise Invalid(currency=_("“%(currency)s” is not a known currency.") % {"currency": currency})
    name = clean(name)
    if not name:
        raise Invalid(name=_("Type the name of the business."))
    with unit_of_work():
        organisation = Organisation.objects.create(
            name=name,
            slug=slug or free_slug(name),
            country=country,
            region=region,
            zone=zone,
            currency=currency,
            language=language,
            languages=list(languages or (language,)),
            first_weekday=first_weekday,
            prices_include_tax=prices_include_tax,
            street=clean(street),
            postcode=postcode,
            city=clean(city),
            phone=phone,
            created_at=now,
        )
        access = Access.for_system(organisation, "set-up", now, door="")
        with open_organisation(organisation):
            for key in DEFAULT_PROFILES:
                add_profile(access, key)
            Role.objects.create(
                organisation=organisation,
                name=_ROLE_NAMES.get(language, _ROLE_NAMES["en"]),
                shares_with_peers=True,
            )
            record(access, "organisation.founded", organisation)
    return access


def add_profile(access: Access, key: str) -> Profile:
    """Create one of the profiles every organisation begins with."""
    reach, permissions = DEFAULT_PROFILES[key]
    names = _PROFILE_NAMES.get(access.organisation.language, _PROFILE_NAMES["en"])
    return Profile.objects.create(
        organisation=access.organisation,
        key=key,
        name=names[key],
        administrator=key == ADMINISTRATOR,
        permissions=list(permissions),
        reach=reach,
    )


def free_slug(name: str) -> str:
    """Return an address part for `name` that no organisation has yet."""
    base = slugify(name)[:50] or "carnet"
    slug, number = base, 1
    while Organisation.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug
