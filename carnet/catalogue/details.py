"""A service as it is typed: all that a form, the API, a clone or an example says of it, and the rules it must pass."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from carnet.base.dates import written_date
from carnet.base.errors import Invalid
from carnet.base.typed_text import clean
from carnet.catalogue.models import HIGHEST_PRICE, Category, Place, Service, Tax
from carnet.customisation.models import Layout
from carnet.organisations.access import Access
from carnet.organisations.models import Member
from carnet.resources.models import Resource
from carnet.resources.queries import business_hours, closures_between
from carnet.scheduling.hours import local

Window = tuple[int, int]

#: The most dates, members, tags and add-ons that one service has.
MOST_DATES = 20
MOST_MEMBERS = 100
MOST_TAGS = 20
MOST_ADD_ONS = 20


@dataclass(frozen=True, slots=True)
class AddOnDetails:
    """An add-on as typed; one that is there already keeps its `public_id`."""

    name: str
    minutes: int = 0
    price: int = 0
    public_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ServiceDetails:
    """A service as typed: minutes, prices in minor units, windows in wall minutes of the weekday or the date."""

    name: str
    usual: int
    price: int
    shortest: int | None = None
    longest: int | None = None
    #: Whether `price` is that of an hour.
    hourly: bool = False
    members: Sequence[Member] = ()
    #: Member's id -> price with this member.
    member_prices: Mapping[int, int] = field(default_factory=dict)
    #: Minutes -> price of a visit of at least that length.
    length_prices: Mapping[int, int] = field(default_factory=dict)
    add_ons: Sequence[AddOnDetails] = ()
    taxes: Sequence[Tax] = ()
    place: str = Place.BUSINESS
    #: A category, or the name of one that is made unless it is there.
    category: Category | str | None = None
    tags: Sequence[str] = ()
    description: str = ""
    hue: int = 0
    before: int = 0
    after: int = 0
    #: Weekdays or dates on which it is offered; neither means whenever the business is open.
    hours: Mapping[int, Sequence[Window]] = field(default_factory=dict)
    dates: Mapping[date, Sequence[Window]] = field(default_factory=dict)
    offered_from: date | None = None
    offered_until: date | None = None
    asks_job_sheet: bool = False
    #: What its sheets are drawn with; None is the standard layout.
    job_sheet_layout: Layout | None = None
    in_use: bool = True
    needs: Sequence[Resource] = ()
    owner: Member | None = None
    #: Values of the organisation's own fields by key ("f12"), as typed; None where they were not asked.
    custom: Mapping[str, Any] | None = None

    @property
    def range(self) -> tuple[int, int]:
        """The shortest and the longest duration; both the usual one where no range is typed."""
        return self.shortest or self.usual, self.longest or self.usual


def check(access: Access, details: ServiceDetails, providing: Collection[int] = ()) -> None:
    """Raise Invalid with a sentence beside each field that cannot be taken.

    Who is no longer active is not chosen anew, but may stay: `providing` are the ids of those who provide the service
    so far. A service that is not in use, or whose last day has passed, may be entered just for the record: members and
    business hours are asked for only when it is put back in use.
    """
    errors: dict[str, str] = {}
    _check_words(details, errors)
    _check_lengths(details, errors)
    _check_prices(details, errors)
    if details.offered_from and details.offered_until and details.offered_until < details.offered_from:
        errors["offered_until"] = _("The last day lies before the first.")
    if gone := [one.name for one in details.members if not one.active and one.pk not in providing]:
        errors["members"] = _("%(names)s: no longer active.") % {"names": ", ".join(gone)}
    if len(details.members) > MOST_MEMBERS:
        errors["members"] = _("Choose who provides this service: 1 to 100 members.")
    _check_windows(details, errors)
    today = local(access.now, access.organisation.zone).date
    if details.in_use and not (details.offered_until and details.offered_until < today):
        if not any(member.active for member in details.members):
            errors.setdefault("members", _("Choose who provides this service: 1 to 100 members."))
        _check_business_hours(details, errors)
    if errors:
        raise Invalid(**errors)


def _check_words(details: ServiceDetails, errors: dict[str, str]) -> None:
    if not clean(details.name) or len(details.name) > 120:
        errors["name"] = _("Type a name of at most 120 characters.")
    if len(details.description) > 4000:
        errors["description"] = _("This is longer than %(limit)d characters.") % {"limit": 4000}
    if isinstance(details.category, str) and len(details.category) > 80:
        errors["category"] = _("This is longer than %(limit)d characters.") % {"limit": 80}
    if len(details.tags) > MOST_TAGS:
        errors["tags"] = _("A service has at most %(limit)d tags.") % {"limit": MOST_TAGS}
    if any(len(tag) > 40 for tag in details.tags):
        errors["tags"] = _("A tag has at most %(limit)d characters.") % {"limit": 40}
    if details.place not in Place.values:
        errors["place"] = _("Choose where the service takes place.")


def _check_lengths(details: ServiceDetails, errors: dict[str, str]) -> None:
    shortest, longest = details.range
    for name, minutes in (("usual", details.usual), ("shortest", shortest), ("longest", longest)):
        if not 5 <= minutes <= 1440 or minutes % 5:
            errors[name] = _("A service lasts from 5 minutes to 24 hours, in steps of five minutes.")
    if longest < shortest:
        errors.setdefault("longest", _("The longest duration is shorter than the shortest."))
    elif not shortest <= details.usual <= longest:
        errors.setdefault("usual", _("The usual duration lies between the shortest and the longest."))
    for name, minutes in (("before", details.before), ("after", details.after)):
        if not 0 <= minutes <= 720 or minutes % 5:
            errors[name] = _("At most 12 hours, in steps of five minutes.")
    if any(not 5 <= minutes <= 1440 or minutes % 5 for minutes in details.length_prices):
        errors["length_prices"] = _("A service lasts from 5 minutes to 24 hours, in steps of five minutes.")


def _check_prices(details: ServiceDetails, errors: dict[str, str]) -> None:
    for name, prices in (
        ("price", [details.price]),
        ("member_prices", list(details.member_prices.values())),
        ("length_prices", list(details.length_prices.values())),
        ("add_ons", [add_on.price for add_on in details.add_ons]),
    ):
        if any(price < 0 for price in prices):
            errors[name] = _("A price cannot be negative.")
        elif any(price > HIGHEST_PRICE for price in prices):
            errors[name] = _("This price is too high.")
    if details.hourly and details.length_prices:
        errors["length_prices"] = _("A price by the hour already follows the length of the visit.")
    names = [clean(add_on.name).casefold() for add_on in details.add_ons]
    if len(details.add_ons) > MOST_ADD_ONS:
        errors["add_ons"] = _("A service has at most %(limit)d add-ons.") % {"limit": MOST_ADD_ONS}
    elif not all(names) or any(len(add_on.name) > 80 for add_on in details.add_ons):
        errors["add_ons"] = _("Type a name of at most %(limit)d characters.") % {"limit": 80}
    elif len(set(names)) < len(names):
        errors["add_ons"] = _("Two add-ons have the same name.")
    elif any(not 0 <= add_on.minutes <= 720 or add_on.minutes % 5 for add_on in details.add_ons):
        errors["add_ons"] = _("An add-on lengthens the visit by at most 12 hours, in steps of five minutes.")


def _check_windows(details: ServiceDetails, errors: dict[str, str]) -> None:
    """Hours that are typed must make sense by themselves, whether the business is open then or not."""
    if details.hours and details.dates:
        errors["dates"] = _("Choose weekdays or dates, not both.")
    if len(details.dates) > MOST_DATES:
        errors["dates"] = _("Choose at most %(limit)d dates.") % {"limit": MOST_DATES}
    shortest = details.range[0]
    for name, days in (("hours", details.hours), ("dates", details.dates)):
        for windows in days.values():
            ordered = sorted(windows)
            if any(
                not 0 <= opens < 1440 or not opens < closes <= opens + 1440 or opens % 5 or closes % 5
                for opens, closes in ordered
            ) or any(later[0] < earlier[1] for earlier, later in pairwise(ordered)):
                errors[name] = _("These hours overlap or do not last; type them in steps of five minutes.")
            elif short := [window for window in ordered if window[1] - window[0] < shortest]:
                errors.setdefault(
                    name,
                    _("%(hours)s is shorter than the shortest duration of the service (%(minutes)d min).")
                    % {"hours": hours_text(short[:1]), "minutes": shortest},
                )


def _check_business_hours(details: ServiceDetails, errors: dict[str, str]) -> None:
    """Days and hours lie inside those of the business, and the sentence names the day and both hours."""
    business = business_hours()
    for weekday, windows in sorted(details.hours.items()):
        said = _beyond(str(WEEKDAYS[weekday]).capitalize(), windows, business.get(weekday, ()))
        if said:
            errors.setdefault("hours", said)
    if not details.dates:
        return
    closed = closures_between(min(details.dates), max(details.dates))
    for on, windows in sorted(details.dates.items()):
        day = written_date(on, "l j F Y").capitalize()
        if on in closed:
            said = _("%(day)s: your business is closed on that day (%(closure)s).") % {
                "day": day,
                "closure": closed[on],
            }
        else:
            said = _beyond(day, windows, business.get(on.weekday(), ()))
        if said:
            errors.setdefault("dates", said)


def _beyond(day: str, windows: Sequence[Window], business: Sequence[Window]) -> str:
    """Return why one of the windows cannot be offered, "" if all can."""
    for window in windows:
        asked = {"day": day, "hours": hours_text([window])}
        if not business:
            return _("%(day)s %(hours)s: your business is closed on that day.") % asked
        if not any(opens <= window[0] and window[1] <= closes for opens, closes in business):
            return _("%(day)s %(hours)s goes beyond your business hours (%(business)s).") % {
                **asked,
                "business": hours_text(business),
            }
    return ""


def hours_text(windows: Sequence[Window]) -> str:
    return ", ".join(f"{_clock(opens)}–{_clock(closes)}" for opens, closes in windows)


def _clock(minutes: int) -> str:
    minutes = minutes if minutes == 1440 else minutes % 1440
    return f"{minutes // 60}:{minutes % 60:02}"


def details_of(service: Service) -> ServiceDetails:
    """Return all that was typed of a service: what is edited, cloned, or put back by an undo.

    Its own fields are not among it: what is not asked of them stays as it is.
    """
    hours: dict[int, list[Window]] = {}
    dates: dict[date, list[Window]] = {}
    for row in service.hours.all():
        if row.on is not None:
            dates.setdefault(row.on, []).append((row.opens, row.closes))
        elif row.weekday is not None:
            hours.setdefault(row.weekday, []).append((row.opens, row.closes))
    rows = sorted(service.service_members.select_related("member"), key=lambda row: (row.member.position, row.pk))
    ranged = service.has_range
    return ServiceDetails(
        name=service.name,
        usual=service.usual,
        price=service.price,
        shortest=service.shortest if ranged else None,
        longest=service.longest if ranged else None,
        hourly=service.hourly,
        members=[row.member for row in rows],
        member_prices={row.member_id: row.price for row in rows if row.price is not None},
        length_prices={row.minutes: row.price for row in service.length_prices.all()},
        add_ons=[AddOnDetails(row.name, row.minutes, row.price, row.public_id) for row in service.add_ons.all()],
        taxes=list(service.taxes.all()),
        place=service.place,
        category=service.category,
        tags=[tag.name for tag in service.tags.all()],
        description=service.description,
        hue=service.hue,
        before=service.before,
        after=service.after,
        hours=hours,
        dates=dates,
        offered_from=service.offered_from,
        offered_until=service.offered_until,
        asks_job_sheet=service.asks_job_sheet,
        job_sheet_layout=service.job_sheet_layout,
        in_use=service.in_use,
        needs=[row.resource for row in service.service_resources.select_related("resource").order_by("pk")],
        owner=service.owner,
    )
