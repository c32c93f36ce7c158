"""Where a business lies: its country, zone, currency and language, and what a change of them does to visits."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from hashlib import blake2b

from babel.numbers import list_currencies
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from carnet.appointments.models import OPEN, Appointment
from carnet.base.errors import Invalid, StaleVersion
from carnet.base.locking import locked
from carnet.base.unit_of_work import unit_of_work
from carnet.catalogue.models import Service
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.organisations.countries import country_names, known_zones, region_names
from carnet.organisations.models import Organisation
from carnet.resources.models import Resource
from carnet.resources.timetable import change_timetable, timetable_as_before


@dataclass(frozen=True, slots=True)
class Place:
    """What `change_place` replaces: codes, and the name of a zone."""

    country: str
    region: str
    zone: str
    currency: str
    language: str
    first_weekday: int

    @classmethod
    def of(cls, organisation: Organisation) -> Place:
        return cls(**{name: getattr(organisation, name) for name in cls.__slots__})


def coming_visits() -> QuerySet[Appointment]:
    """Return the open visits in the order of their starts: a new zone shows them at another time of the day."""
    return Appointment.objects.filter(status__in=OPEN).order_by("starts_at", "pk")


def digest_of(visits: QuerySet[Appointment], zone: str) -> str:
    """Return what was seen of a change to `zone`, in few letters."""
    seen = (zone, list(visits.values_list("pk", "version")))
    return blake2b(repr(seen).encode(), digest_size=16).hexdigest()


def change_place(access: Access, place: Place, *, seen: str = "") -> Organisation:
    """Replace country, zone, currency and language; visits keep their moments, zones and prices.

    Raises Invalid for what is not known, and for another currency once anything has a price; StaleVersion if a new zone
    meets coming visits that were not looked at, or others than those of `seen`.
    """
    access.require("set_up.edit")
    _check(place)
    with timetable_as_before(access), unit_of_work():
        # Hours are wall times, so a new zone moves what the rules of booking read.
        change_timetable(access, Resource.objects.all())
        organisation = locked(Organisation.objects.all(), pk=access.organisation.pk)
        changes = {
            name: [getattr(organisation, name), value]
            for name, value in asdict(place).items()
            if getattr(organisation, name) != value
        }
        if "currency" in changes and has_prices():
            raise Invalid(
                currency=_(
                    "Services or visits have prices in %(currency)s already, and a number alone does not change "
                    "currency. Found another organisation for another currency."
                )
                % {"currency": organisation.currency}
            )
        if "zone" in changes and coming_visits().exists() and seen != digest_of(coming_visits(), place.zone):
            raise StaleVersion
        for name, (_before, value) in changes.items():
            setattr(organisation, name, value)
        if "language" in changes and place.language not in organisation.languages:
            organisation.languages = [place.language, *organisation.languages]
        if changes:
            organisation.version += 1
            organisation.save(update_fields=[*changes, "languages", "version"])
            record(access, "organisation.placed", organisation, changes=changes)
    for name in changes:
        setattr(access.organisation, name, getattr(organisation, name))
    return organisation


def has_prices() -> bool:
    """Return whether a number here means an amount of the currency, in the bin and the past too."""
    return Service.objects.exists() or Appointment.objects.exists()


def _check(place: Place) -> None:
    wrong = {}
    if place.country not in dict(country_names("en")):
        wrong["country"] = _("Choose a country of the list.")
    if place.region and place.region not in dict(region_names(place.country, "en")):
        wrong["region"] = _("Choose a region of this country.")
    if place.zone not in known_zones():
        wrong["zone"] = _("“%(zone)s” is not a known time zone.") % {"zone": place.zone}
    if place.currency not in list_currencies():
        wrong["currency"] = _("“%(currency)s” is not a known currency.") % {"currency": place.currency}
    if place.language not in dict(settings.LANGUAGES):
        wrong["language"] = _("Choose a language of the list.")
    if not 0 <= place.first_weekday <= 6:
        wrong["first_weekday"] = _("A week has seven days.")
    if wrong:
        raise Invalid(**wrong)
