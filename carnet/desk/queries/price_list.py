"""The catalogue as a price list: what is asked of it in an address, and the lines that answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Self
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from carnet.appointments.firsts import First, first_free_starts
from carnet.appointments.timetable import timetable_of
from carnet.base.money import Price, priced
from carnet.catalogue.fields import SERVICES, may_read_prices
from carnet.catalogue.models import (
    Category,
    LengthPrice,
    Outage,
    Picture,
    Place,
    Service,
    ServiceMember,
    ServiceTag,
    ServiceTax,
    Tag,
    Tax,
)
from carnet.catalogue.prices import lowest_price
from carnet.catalogue.queries import ServiceStatus, Standing, standing
from carnet.customers.lookup import fold
from carnet.customisation.built_in import is_read
from carnet.customisation.finding import page_by
from carnet.customisation.queries import FieldEntry
from carnet.customisation.showing import Told, learn_looked_up, told_fields
from carnet.desk.queries.own_asked import (
    listed_fields,
    narrowed,
    own_given,
    own_sort_given,
    seen_of,
    sorting_of,
)
from carnet.organisations.access import Access
from carnet.organisations.models import Member

SORTS = ("category", "name", "price", "duration", "next")
#: What leaves services out, besides the view.
FILTERS = ("q", "category", "tag", "member", "place", "own")
#: A filter or an order -> the field that it is of.
_OF_FIELD = {"category": "category", "tag": "tags", "price": "price"}
#: What is no longer offered stands apart, whatever the order.
_GONE = (ServiceStatus.NOT_IN_USE, ServiceStatus.ENDED)
#: Stands for services that are filed under no category.
NO_CATEGORY = "none"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks of the price list; "" is no condition."""

    view: str = ""
    q: str = ""
    category: str = ""
    tag: str = ""
    member: str = ""
    place: str = ""
    #: What is asked of the organisation's own fields (see `own_asked`).
    own: str = ""
    sort: str = ""
    layout: str = ""
    customer: str = ""

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> Self:
        """Return what the parameters ask; what makes no sense asks nothing."""
        given = {one.name: str(parameters.get(one.name) or "")[:200].strip() for one in fields(cls)}
        known: dict[str, Sequence[str]] = {
            "view": tuple(ServiceStatus),
            "place": Place.values,
            "sort": SORTS[1:],
            "layout": ("cards",),
        }
        sort = own_sort_given(given["sort"]).lstrip("-")
        given |= {name: "" for name, values in known.items() if given[name] not in values}
        given |= {"own": own_given(parameters), "sort": given["sort"] or sort}
        for name in ("category", "tag", "member", "customer"):
            if given[name] and not (_is_id(given[name]) or (name, given[name]) == ("category", NO_CATEGORY)):
                given[name] = ""
        return cls(**given)

    def but(self, **changes: str) -> str:
        """Return the query string of this with some of it changed."""
        return urlencode({name: value for name, value in asdict(replace(self, **changes)).items() if value})

    def __str__(self) -> str:
        return self.but()

    @property
    def filters(self) -> dict[str, str]:
        return {name: value for name in FILTERS if (value := getattr(self, name))}


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Line:
    """A service as the price list shows it; `price` is the lowest where it `varies`, that of an hour if `hourly`."""

    service: Service
    standing: Standing
    reason: str
    price: Price | None
    varies: bool
    members: Sequence[Member]
    #: The public id of its picture.
    picture: str = ""
    first: First | None = None
    #: What stands in the list of the organisation's own fields.
    own: Sequence[Told] = ()

    @property
    def can_be_booked(self) -> bool:
        return self.standing.status not in _GONE and bool(self.members)


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under one heading, "" for none."""

    name: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class PriceList:
    """What is found: the lines by category where they are sorted so, and apart those no longer offered."""

    groups: Sequence[Group]
    rest: Sequence[Line]
    #: How many there are in each view under the same filters, "" being all.
    counts: Mapping[str, int]
    #: How many services there are at all.
    total: int
    #: What can be filtered by: public id -> name.
    categories: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, str] = field(default_factory=dict)
    #: The own fields that stand in the list, by key, and what is asked of them.
    fields: Mapping[str, FieldEntry] = field(default_factory=dict)
    own: str = ""

    @property
    def shown(self) -> int:
        return sum(len(group.lines) for group in self.groups) + len(self.rest)


def price_list(access: Access, asked: Asked) -> PriceList:
    """Return the services that `asked` leaves, in its order, each with when it can next be had.

    The statements are the same few, however many services there are.
    """
    access.require("catalogue.see")
    own_fields = listed_fields(access, SERVICES)
    asked = _asked_of_what_is_seen(access, asked, own_fields)
    timetable = timetable_of(access.organisation, access.organisation.timetable)
    services = _seen(access, _services(access))
    reads_tags = is_read(access, SERVICES, "tags")
    tags = _names_by_service(ServiceTag.objects.values_list("service_id", "tag_id"), _tags()) if reads_tags else {}
    providers = {
        service.pk: tuple(timetable.members[one] for one in timetable.providers.get(service.pk, ()))
        for service in services
    }
    told = _told(access, services)
    kept = [one for one in services if _matches(one, asked, tags.get(one.pk, ()), providers[one.pk], told[one.pk])]
    if asked.own:
        found = narrowed(_all_services(access), access, SERVICES, own_fields, asked.own)
        passing = set(found.order_by().values_list("pk", flat=True))
        kept = [one for one in kept if one.pk in passing]
    standings = {service.pk: standing(access, service) for service in kept}
    counts = Counter(str(one.status) for one in standings.values())
    counts[""] = len(kept)
    chosen = [one for one in kept if not asked.view or standings[one.pk].status == asked.view]
    lines = _lines(access, chosen, standings, providers, told)
    gone = [line for line in lines if line.standing.status in _GONE]
    here = [line for line in lines if line.standing.status not in _GONE]
    places = _places(access, own_fields, asked.sort, len(services))
    return PriceList(
        groups=_grouped(_sorted(here, asked.sort, places), asked.sort),
        rest=_sorted(gone, asked.sort, places),
        counts=counts,
        total=len(services),
        categories={}
        if not is_read(access, SERVICES, "category")
        else {
            **{one.public_id_text: one.name for one in _categories(services)},
            **({NO_CATEGORY: ""} if any(one.category_id is None for one in services) else {}),
        },
        tags=dict(sorted(set(_all(tags)), key=lambda tag: fold(tag[1]))),
        members=_members(providers.values()),
        fields=own_fields,
        own=asked.own,
    )


def _told(access: Access, services: Sequence[Service]) -> dict[int, list[Told]]:
    learn_looked_up(access, SERVICES, [one.custom for one in services], "list")
    return {one.pk: told_fields(access, SERVICES, one.custom, "list") for one in services}


def _places(access: Access, fields: Mapping[str, FieldEntry], sort: str, count: int) -> dict[int, int]:
    """Return where each service stands in the order of an own field; nothing where that is not asked."""
    asked = sorting_of(fields, sort)
    if asked is None:
        return {}
    page = page_by(_all_services(access), access, SERVICES, asked[0], descending=asked[1], limit=count)
    return {pk: place for place, pk in enumerate(page.pks)}


def _all_services(access: Access) -> QuerySet[Service]:
    return access.visible(Service.objects.filter(deleted_at__isnull=True))


def _asked_of_what_is_seen(access: Access, asked: Asked, own_fields: Mapping[str, FieldEntry]) -> Asked:
    """Return what is asked without what would be asked of a hidden field: no filter, no order tells what it says."""
    hidden = {name for name, key in _OF_FIELD.items() if not is_read(access, SERVICES, key)}
    dropped = dict.fromkeys(hidden & {"category", "tag"}, "")
    unknown = asked.sort not in ("", *SORTS) and sorting_of(own_fields, asked.sort) is None
    dropped["own"] = seen_of(own_fields, asked.own)
    return replace(asked, **dropped, **({"sort": ""} if asked.sort in hidden or unknown else {}))


def _seen(access: Access, services: Iterable[Service]) -> list[Service]:
    """Return the services, each without what the reader may not see; they are this page's own."""
    found = list(services)
    hidden = [key for key in ("category", "description") if not is_read(access, SERVICES, key)]
    for service in found if hidden else ():
        if "category" in hidden:
            service.category = None
        if "description" in hidden:
            service.description = ""
    return found


def _services(access: Access) -> QuerySet[Service]:
    outages = Prefetch("outages", Outage.objects.filter(ends_at__gt=access.now))
    return _all_services(access).select_related("category").prefetch_related(outages)


def _members(providers: Iterable[Sequence[Member]]) -> dict[str, str]:
    found = {member.pk: member for several in providers for member in several}
    ordered = sorted(found.values(), key=lambda member: (member.position, member.pk))
    return {member.public_id_text: member.name for member in ordered}


def _tags() -> dict[int, tuple[str, str]]:
    return {tag.pk: (tag.public_id_text, tag.name) for tag in Tag.objects.all()}


def _names_by_service(
    pairs: Iterable[tuple[int, int]], names: Mapping[int, tuple[str, str]]
) -> dict[int, tuple[tuple[str, str], ...]]:
    found: dict[int, tuple[tuple[str, str], ...]] = {}
    for service, one in pairs:
        found[service] = (*found.get(service, ()), names[one])
    return found


def _all(found: Mapping[int, Sequence[tuple[str, str]]]) -> Iterable[tuple[str, str]]:
    return (one for several in found.values() for one in several)


def _categories(services: Sequence[Service]) -> list[Category]:
    found = {one.category.pk: one.category for one in services if one.category is not None}
    return sorted(found.values(), key=lambda category: (category.position, category.pk))


def _matches(
    service: Service,
    asked: Asked,
    tags: Sequence[tuple[str, str]],
    providers: Sequence[Member],
    told: Sequence[Told],
) -> bool:
    category = service.category
    if asked.category and asked.category != (category.public_id_text if category else NO_CATEGORY):
        return False
    if asked.tag and all(asked.tag != public_id for public_id, _name in tags):
        return False
    if asked.member and all(asked.member != member.public_id_text for member in providers):
        return False
    if asked.place and service.place not in (asked.place, Place.BOTH):
        return False
    if not asked.q:
        return True
    words = [service.name, category.name if category else "", service.description, *(name for _id, name in tags)]
    words += [one.text for one in told]
    text = fold(" ".join(words))
    return all(word in text for word in fold(asked.q).split())


def _lines(
    access: Access,
    services: Sequence[Service],
    standings: Mapping[int, Standing],
    providers: Mapping[int, Sequence[Member]],
    told: Mapping[int, Sequence[Told]],
) -> list[Line]:
    firsts = first_free_starts(access, (one for one in services if standings[one.pk].status not in _GONE))
    prices = _prices(access, services)
    shown = Picture.objects.all() if is_read(access, SERVICES, "image") else Picture.objects.none()
    pictures = {pk: str(public_id) for pk, public_id in shown.values_list("service_id", "public_id")}
    return [
        Line(
            service,
            standings[service.pk],
            _reason(access, service, standings[service.pk]),
            *prices[service.pk],
            providers[service.pk],
            pictures.get(service.pk, ""),
            firsts.get(service.pk),
            told[service.pk],
        )
        for service in services
    ]


def _reason(access: Access, service: Service, found: Standing) -> str:
    """Return why a service is temporarily unavailable, "" if it is not, or if nobody said."""
    if found.status != ServiceStatus.UNAVAILABLE:
        return ""
    covering = (one for one in service.outages.all() if one.starts_at <= access.now)
    return next((one.reason for one in covering if one.reason), "")


def _prices(access: Access, services: Sequence[Service]) -> Mapping[int, tuple[Price | None, bool]]:
    """Return what each costs at least, and whether it may cost more: with another member, or for another length."""
    if not may_read_prices(access):
        return {service.pk: (None, False) for service in services}
    organisation = access.organisation
    rates = {tax.pk: (tax.name, tax.rate) for tax in Tax.objects.all()}
    taxes: dict[int, list[tuple[str, int]]] = {}
    for service_id, tax_id in ServiceTax.objects.order_by("tax__position", "tax_id").values_list("service", "tax"):
        taxes.setdefault(service_id, []).append(rates[tax_id])
    apart = set(ServiceMember.objects.filter(price__isnull=False).values_list("service_id", flat=True))
    apart |= set(LengthPrice.objects.values_list("service_id", flat=True))
    several = [one for one in services if one.pk in apart and not one.hourly]
    if several:
        # Few services have several prices, and only of those all members are read.
        prefetch_related_objects(several, "service_members__member", "length_prices", "service_taxes__tax")
    found = {one.pk: lowest_price(organisation, one) for one in several}
    for service in services:
        if service.pk not in found:
            price = priced(
                service.price,
                taxes.get(service.pk, ()),
                currency=organisation.currency,
                included=organisation.prices_include_tax,
            )
            found[service.pk] = price, False
    return found


def _sorted(lines: Sequence[Line], sort: str, places: Mapping[int, int]) -> list[Line]:
    by_name = sorted(lines, key=lambda line: (fold(line.service.name), line.service.pk))
    if places:
        return sorted(by_name, key=lambda line: places.get(line.service.pk, len(places)))
    match sort:
        case "name":
            return by_name
        case "price":
            return sorted(by_name, key=lambda line: line.price.total if line.price else 0)
        case "duration":
            return sorted(by_name, key=lambda line: line.service.usual)
        case "next":
            return sorted(by_name, key=lambda line: line.first.at.timestamp() if line.first else float("inf"))
    # What is filed under nothing comes last.
    return sorted(
        by_name,
        key=lambda line: (
            (line.service.category.position, line.service.category.pk) if line.service.category else (float("inf"), 0)
        ),
    )


def _grouped(lines: Sequence[Line], sort: str) -> list[Group]:
    if sort:
        return [Group("", lines)] if lines else []
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.service.category.name if line.service.category else "", []).append(line)
    return [Group(name, found) for name, found in groups.items()]
