"""Finding services: by status, category, tag, member, place and words."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from carnet.catalogue.fields import SERVICES
from carnet.catalogue.models import Category, Outage, Place, Service, ServiceMember, ServiceTag, Tag
from carnet.catalogue.queries import ServiceStatus
from carnet.organisations.access import Access
from carnet.organisations.models import Member
from carnet.scheduling.hours import local


@dataclass(frozen=True, slots=True)
class Filters:
    """What services are to be; None and "" ask for nothing."""

    status: str | None = None
    category: Category | None = None
    tag: Tag | None = None
    member: Member | None = None
    #: Where they can take place: those that can at either are found for both.
    place: str | None = None
    #: Words that all stand in name, category, tags or description; accents and case do not matter.
    text: str = ""


def filtered(access: Access, services: QuerySet[Service], filters: Filters) -> QuerySet[Service]:
    """Return those of `services` that pass all filters, each once."""
    if filters.status is not None:
        services = services.filter(with_status(access, filters.status))
    if filters.category is not None:
        services = services.filter(category=filters.category)
    if filters.tag is not None:
        services = services.filter(Exists(ServiceTag.objects.filter(service=OuterRef("pk"), tag=filters.tag)))
    if filters.member is not None:
        services = services.filter(Exists(ServiceMember.objects.filter(service=OuterRef("pk"), member=filters.member)))
    if filters.place is not None:
        places = {filters.place, str(Place.BOTH)}
        services = services.filter(place__in=places)
    if words := folded(filters.text).split():
        services = services.filter(pk__in=_with_words(access, words))
    return services


def with_status(access: Access, status: str) -> Q:
    """Return what makes a service stand as `queries.standing` says, told to the database."""
    today = local(access.now, access.organisation.zone).date
    outages = Outage.objects.filter(service=OuterRef("pk"), starts_at__lte=access.now, ends_at__gt=access.now)
    out = Q(Exists(outages))
    used = Q(in_use=True)
    going = used & ~Q(offered_until__lt=today)
    match status:
        case ServiceStatus.NOT_IN_USE:
            return Q(in_use=False)
        case ServiceStatus.ENDED:
            return used & Q(offered_until__lt=today)
        case ServiceStatus.UNAVAILABLE:
            return going & out
        case ServiceStatus.UPCOMING:
            return going & ~out & Q(offered_from__gt=today)
    return going & ~out & ~Q(offered_from__gt=today)


def _with_words(access: Access, words: list[str]) -> list[int]:
    """Return the ids of services that have all words in what is seen of them; a catalogue is short enough for it."""
    tags: dict[int, list[str]] = {}
    reads = {key: access.may_read_field(SERVICES, key) for key in ("category", "description", "tags")}
    for pk, name in ServiceTag.objects.values_list("service_id", "tag__name"):
        if reads["tags"]:
            tags.setdefault(pk, []).append(name)

    def seen(category: str | None, description: str) -> list[str | None]:
        return [category if reads["category"] else None, description if reads["description"] else None]

    rows = Service.objects.order_by().values_list("pk", "name", "category__name", "description")
    return [
        pk
        for pk, name, category, description in rows
        if all(
            word in folded(" ".join(filter(None, [name, *seen(category, description), *tags.get(pk, ())])))
            for word in words
        )
    ]


def folded(text: str) -> str:
    """Return text without accents and case, as it is compared."""
    parts = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe")).casefold()
    return "".join(sign for sign in parts if not unicodedata.combining(sign))
