"""A line of the price list in words: what is said of a service is put together here, once for all that is equal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from carnet.appointments.refusals import end_text
from carnet.base.money import money_text
from carnet.base.templatetags.ui import badge, icon, minutes
from carnet.catalogue.models import Place, Service
from carnet.catalogue.queries import ServiceStatus, Standing
from carnet.customisation.showing import Told
from carnet.desk.queries.own_asked import asked_in_words
from carnet.desk.queries.price_list import Asked, Line, PriceList
from carnet.desk.templatetags.soon import local_soon
from carnet.organisations.access import Access
from carnet.organisations.models import Member

#: Of whom a line says the names.
NAMED = 2
_NO_ID = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True)
class Printed:
    """A line as it stands on the page; addresses are put together from the page's own and the `id`."""

    id: str
    name: str
    initial: str
    hue: int
    state: str
    #: The state in words with its icon, unless it is simply available.
    badge: SafeString | str
    #: Why it cannot be had.
    reason: str
    #: When it can next be had.
    next: str
    length: str
    people: str
    everyone: str
    place: SafeString
    price: str
    picture: str
    select: str
    may_book: bool
    own: tuple[Told, ...] = ()


class Printer:
    """Prints the lines of one page; whatever several lines share is put into words once."""

    def __init__(self, access: Access, found: PriceList) -> None:
        self.zone = access.organisation.zone
        self.books = access.may("appointments.book")
        self._moment = cache(lambda at: local_soon(at, self.zone))
        self._length = cache(_length)
        self._language = get_language() or ""
        self._badge = cache(lambda status, words: badge(status, words))
        self._place = cache(_place)
        self._people = cache(_people)
        lines = [*found.rest, *(line for group in found.groups for line in group.lines)]
        self._called = called(member for line in lines for member in line.members)
        self._picture = _picture_address()

    def lines(self, lines: Iterable[Line]) -> list[Printed]:
        return [self._line(line) for line in lines]

    def _line(self, line: Line) -> Printed:
        service, status = line.service, line.standing.status
        public_id = str(service.public_id)
        people, everyone = self._people(tuple(self._called.get(member.pk, member.name) for member in line.members))
        return Printed(
            id=public_id,
            name=service.name,
            initial=next((letter for letter in service.name if letter.isalnum()), "·").upper(),
            hue=service.hue % 8 + 1,
            state=status,
            badge="" if status == ServiceStatus.AVAILABLE else self._badge(status, self._standing(line.standing)),
            reason=line.reason,
            next=self._next(line),
            length=self._length(service.shortest, service.usual, service.longest),
            people=people,
            everyone=everyone,
            place=self._place(service.place),
            price=self._price(line, service),
            picture=self._picture(public_id, line.picture) if line.picture else "",
            select=_("Select %(service)s") % {"service": service.name},
            may_book=self.books and line.can_be_booked,
            own=tuple(line.own),
        )

    def _standing(self, found: Standing) -> str:
        return standing_words(found, self.zone)

    def _next(self, line: Line) -> str:
        if line.first is not None:
            who = line.first.member
            told = {"moment": self._moment(line.first.at), "member": self._called.get(who.pk, who.name)}
            return _("%(moment)s with %(member)s") % told
        if not line.can_be_booked:
            return ""
        return _("No free time within sixty days")

    def _price(self, line: Line, service: Service) -> str:
        if line.price is None:
            return ""
        said = _amount(line.price.total, line.price.currency, self._language)
        if service.hourly:
            return _("%(price)s an hour") % {"price": said}
        return _("from %(price)s") % {"price": said} if line.varies else said


def called(members: Iterable[Member]) -> dict[int, str]:
    """Return by id what members are called among each other: by the first word of the name, if it is nobody else's."""
    names = {member.pk: member.name for member in members}
    firsts = {pk: name.split(" ", 1)[0] for pk, name in names.items()}
    known = Counter(firsts.values())
    return {pk: first if known[first] == 1 else names[pk] for pk, first in firsts.items()}


def standing_words(found: Standing, zone: str) -> str:
    """Return the state of a service with until or from when it is so, "" where the state says it all."""
    if found.until is not None:
        return _("Temporarily unavailable %(end)s") % {"end": end_text(found.until, zone)}
    if found.day is None:
        return ""
    day = {"day": date_format(found.day, "SHORT_DATE_FORMAT")}
    if found.status == ServiceStatus.UPCOMING:
        return _("Upcoming, from %(day)s") % day
    return _("Ended on %(day)s") % day


@lru_cache(maxsize=4_000)
def _amount(amount: int, currency: str, language: str) -> str:
    """Return an amount as people write it; writing hundreds anew for each page would take longer than all the rest."""
    return money_text(amount, currency, language)


def _length(shortest: int, usual: int, longest: int) -> str:
    if shortest == longest:
        return minutes(usual)
    return _("from %(shortest)s to %(longest)s") % {"shortest": minutes(shortest), "longest": minutes(longest)}


def _people(names: tuple[str, ...]) -> tuple[str, str]:
    """Return who does it, shortened, and all of them where it was shortened."""
    if len(names) <= NAMED + 1:
        return ", ".join(names), ""
    more = len(names) - NAMED
    short = ngettext("%(names)s and %(count)d more", "%(names)s and %(count)d more", more) % {
        "names": ", ".join(names[:NAMED]),
        "count": more,
    }
    return short, ", ".join(names)


def place_words(place: str) -> str:
    return {
        Place.BUSINESS: _("Business address"),
        Place.CUSTOMER: _("Customer address"),
        Place.BOTH: _("Business and customer address"),
    }[Place(place)]


def _place(place: str) -> SafeString:
    """Return where it takes place if that is not, as mostly, at the business alone."""
    if place == Place.BUSINESS:
        return SafeString()
    words = place_words(place)
    return format_html(
        '<span class="price-place" title="{}">{}<span>{}</span></span>', words, icon("house", size="small"), words
    )


def _picture_address() -> Callable[[str, str], str]:
    """Return what puts together the address of a picture: resolving one for each of hundreds would take a while."""
    before, between, after = reverse("service_picture", args=[_NO_ID, _NO_ID, "medium"]).split(_NO_ID)
    return lambda service, picture: f"{before}{service}{between}{picture}{after}"


def dropped(asked: Asked, found: PriceList) -> list[tuple[str, str, str]]:
    """Return the filters that are set: what each is called, its value in words, and the query without it."""
    names = {
        "q": _("Text"),
        "category": _("Category"),
        "tag": _("Tag"),
        "member": _("Member"),
        "place": _("Service location"),
    }
    values = {
        "category": {**found.categories, "none": _("No category")},
        "tag": found.tags,
        "member": found.members,
        "place": {value: place_words(value) for value in Place.values},
    }
    return [
        *(
            (names[name], values.get(name, {}).get(value, value), asked.but(**{name: ""}))
            for name, value in asked.filters.items()
            if name in names
        ),
        *((label, value, asked.but(own=others)) for label, value, others in asked_in_words(found.fields, found.own)),
    ]
