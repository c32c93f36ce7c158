"""A service as a program sends it: read strictly, its ids looked up, and made into `ServiceDetails`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Final, TypeVar, get_args
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from pydantic import AfterValidator, BeforeValidator, Field

from carnet.base.api import Custom, Day, Id, Input, Text, no_nul, refuse
from carnet.base.errors import Invalid
from carnet.catalogue.api.asking import record_asked
from carnet.catalogue.api.shapes import PlaceName, WeekdayName
from carnet.catalogue.details import AddOnDetails, ServiceDetails, Window
from carnet.catalogue.fields import NAMES_IT, SERVICES
from carnet.catalogue.models import AddOn, Category, Service, Tag, Tax
from carnet.customisation.models import Layout, Module
from carnet.customisation.predefined import STANDARD
from carnet.organisations.access import Access
from carnet.organisations.api import member_asked, require_named
from carnet.organisations.models import Member

WEEKDAYS: tuple[str, ...] = get_args(WeekdayName)
HUES = 8
RecordT = TypeVar("RecordT", Category, Tag, Tax, Member)

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00", re.ASCII)


def _clock(value: Any) -> int:
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise refuse(_("Write the time as 09:00; 24:00 is the end of the day."))
    return int(found[1]) * 60 + int(found[2]) if found[1] else 1440


#: Wall minutes of the day.
Clock = Annotated[int, BeforeValidator(_clock, json_schema_input_type=str)]
#: What is out of bounds within these is refused by the rules of the catalogue, in their words.
Amount = Annotated[int, Field(ge=-(2**53), le=2**53, description="As typed, in minor units.")]
Length = Annotated[int, Field(ge=-100_000, le=100_000, description="Minutes.")]
LongText = Annotated[str, Field(max_length=10_000), AfterValidator(no_nul)]


class DurationIn(Input):
    """Minutes; without a shortest and a longest, it always lasts the usual."""

    usual: Length
    shortest: Length | None = None
    longest: Length | None = None


class ProviderIn(Input):
    """Who provides the service; `amount` in place of the service's own, if it costs another with this member."""

    id: Id
    amount: Amount | None = None


class LengthPriceIn(Input):
    minutes: Length
    amount: Amount


class AddOnIn(Input):
    """An add-on; one that is there already is sent with its `id`."""

    id: Id | None = None
    name: Text
    minutes: Length = 0
    amount: Amount = 0


class WindowIn(Input):
    """A window; one that closes at or before it opens lasts into the next day."""

    opens: Clock
    closes: Clock

    @property
    def window(self) -> Window:
        return self.opens, self.closes if self.closes > self.opens else self.closes + 1440


class WeekdayHoursIn(WindowIn):
    weekday: WeekdayName


class DatedHoursIn(WindowIn):
    on: Day


class ServiceEdit(Input):
    """A service as typed. Fields left out stay as they are; a list takes the place of the whole one before."""

    name: Text = ""
    owner: Id | None = None
    category: Id | None = None
    #: Instead of `category`: its name; it is made unless it is there.
    new_category: Text = ""
    tags: Annotated[list[Id], Field(max_length=100)] = []
    #: Besides `tags`: names; those that are not there are made.
    new_tags: Annotated[list[Text], Field(max_length=100)] = []
    description: LongText = ""
    hue: Annotated[int, Field(ge=0, le=HUES)] = 0
    duration: DurationIn | None = None
    before: Length = 0
    after: Length = 0
    members: Annotated[list[ProviderIn], Field(max_length=200)] = []
    place: PlaceName = "business"
    amount: Amount = 0
    hourly: bool = False
    taxes: Annotated[list[Id], Field(max_length=20)] = []
    length_prices: Annotated[list[LengthPriceIn], Field(max_length=100)] = []
    add_ons: Annotated[list[AddOnIn], Field(max_length=100)] = []
    hours: Annotated[list[WeekdayHoursIn], Field(max_length=200)] = []
    dates: Annotated[list[DatedHoursIn], Field(max_length=200)] = []
    offered_from: Day | None = None
    offered_until: Day | None = None
    asks_job_sheet: bool = False
    #: The name of the layout that its sheets are drawn with.
    job_sheet_layout: Text = STANDARD
    in_use: bool = True
    #: Those that are left out stay as they are.
    custom: Custom | None = None


class ServiceIn(ServiceEdit):
    """A new service. What is left out is as usual: yours, all active members, whenever you are open, your taxes.

    `amount` is required of whoever may edit prices; anybody else leaves it out.
    """

    id: Id | None = None
    name: Text
    duration: DurationIn


class CloneIn(ServiceEdit):
    """What is to be different in the clone."""

    id: Id | None = None


#: What is sent -> the field that it is of.
FIELDS: Final = {
    "name": "name",
    **dict.fromkeys(("duration", "before", "after"), "duration"),
    "members": "members",
    "place": "place",
    **dict.fromkeys(("hours", "dates", "offered_from", "offered_until"), "hours"),
    **dict.fromkeys(("asks_job_sheet", "job_sheet_layout"), "job_sheet"),
    **dict.fromkeys(("amount", "hourly", "taxes", "length_prices", "add_ons"), "price"),
    "owner": "owner",
    **dict.fromkeys(("category", "new_category"), "category"),
    **dict.fromkeys(("tags", "new_tags"), "tags"),
    "description": "description",
}
#: The name of a rule's field -> as it is called here.
_TOLD = {
    "usual": "duration.usual",
    "shortest": "duration.shortest",
    "longest": "duration.longest",
    "price": "amount",
    "member_prices": "members",
}


@contextmanager
def told_by_field() -> Iterator[None]:
    """Let the rules' refusals name the fields as a program sent them."""
    try:
        yield
    except Invalid as error:
        raise Invalid(**{_TOLD.get(name, name): text for name, text in error.errors.items()}) from None


def usual_details(access: Access, data: ServiceIn) -> ServiceDetails:
    """Return what a new service is as long as nothing else is said."""
    if "amount" not in data.model_fields_set and access.may_edit_field(SERVICES, "price"):
        raise Invalid(price=_("This field is required."))
    taxes = list(Tax.objects.all())
    return ServiceDetails(
        name=data.name,
        usual=data.duration.usual,
        price=data.amount,
        members=list(access.visible(Member.objects.filter(active=True, resource__active=True)).order_by("position")),
        # Where prices include tax, the first one; the others are reduced rates.
        taxes=taxes[:1] if access.organisation.prices_include_tax else taxes,
        hue=Service.objects.count() % HUES + 1,
    )


def details_typed(
    access: Access, data: ServiceEdit, base: ServiceDetails, add_ons: Mapping[UUID, AddOn] | None = None
) -> ServiceDetails:
    """Return `base` with what was sent in place of its own; `add_ons` are those that may be named by id.

    Raises Invalid beside the field that names what is not there.
    """
    sent = data.model_fields_set
    adding = isinstance(data, (ServiceIn, CloneIn))
    require_named(
        access, SERVICES, data, {name: key for name, key in FIELDS.items() if not (adding and key in NAMES_IT)}
    )
    new: dict[str, Any] = {
        name: getattr(data, name)
        for name in (
            "name",
            "description",
            "hue",
            "before",
            "after",
            "place",
            "hourly",
            "offered_from",
            "offered_until",
            "asks_job_sheet",
            "in_use",
        )
        if name in sent
    }
    if "amount" in sent:
        new["price"] = data.amount
    if data.duration is not None:
        new |= {
            "usual": data.duration.usual,
            "shortest": data.duration.shortest,
            "longest": data.duration.longest,
        }
    if data.owner is not None:
        new["owner"] = _active(member_asked(access, data.owner, "owner"), "owner")
    if "job_sheet_layout" in sent:
        new["job_sheet_layout"] = _sheet_layout(data.job_sheet_layout, base)
    if data.category and data.new_category:
        raise Invalid(new_category=_("Send either the category’s id or a new one."))
    if "category" in sent or "new_category" in sent:
        new["category"] = _category(access, data)
    if "tags" in sent or "new_tags" in sent:
        known = _records(access.visible(Tag.objects.all()), data.tags, "tags", _("There is no such tag."))
        kept = [tag.name for tag in known] if "tags" in sent else list(base.tags)
        new["tags"] = list(dict.fromkeys([*kept, *data.new_tags]))
    if "taxes" in sent:
        new["taxes"] = _records(access.visible(Tax.objects.all()), data.taxes, "taxes", _("There is no such tax."))
    if "members" in sent:
        new |= _members(access, data.members, base)
    if "length_prices" in sent:
        _once([row.minutes for row in data.length_prices], "length_prices")
        new["length_prices"] = {row.minutes: row.amount for row in data.length_prices}
    if "add_ons" in sent:
        new["add_ons"] = _add_ons(data.add_ons, add_ons or {})
    if "hours" in sent:
        new["hours"] = _windows([(WEEKDAYS.index(row.weekday), row.window) for row in data.hours])
    if "dates" in sent:
        new["dates"] = _windows([(row.on, row.window) for row in data.dates])
    return replace(base, custom=data.custom, **new)


def _active(member: Member, field: str) -> Member:
    if not member.active:
        raise Invalid(**{field: _("%(names)s: no longer active.") % {"names": member.name}})
    return member


def _category(access: Access, data: ServiceEdit) -> Category | str | None:
    if data.new_category:
        return data.new_category
    if data.category is None:
        return None
    return record_asked(
        access.visible(Category.objects.all()), data.category, "category", _("There is no such category.")
    )


def _sheet_layout(name: str, base: ServiceDetails) -> Layout | None:
    if name == STANDARD or (base.job_sheet_layout and base.job_sheet_layout.name == name):
        return None if name == STANDARD else base.job_sheet_layout
    found = Layout.objects.filter(module=Module.Key.JOB_SHEETS, name=name, archived=False).first()
    if found is None:
        raise Invalid(job_sheet_layout=_("There is no such layout."))
    return found


def _records(queryset: QuerySet[RecordT], ids: Sequence[UUID], field: str, sentence: str) -> list[RecordT]:
    """Return the records of these ids in their order; raises Invalid beside the one that is not there."""
    _once(ids, field)
    known = {one.public_id: one for one in queryset.filter(public_id__in=ids)} if ids else {}
    for place, public_id in enumerate(ids):
        if public_id not in known:
            raise Invalid(**{f"{field}.{place}": sentence})
    return [known[public_id] for public_id in ids]


def _once(values: Sequence[object], field: str) -> None:
    if len(set(values)) < len(values):
        raise Invalid(**{field: _("This was sent twice.")})


def _members(access: Access, sent: Sequence[ProviderIn], base: ServiceDetails) -> dict[str, Any]:
    members = _records(
        access.visible(Member.objects.all()), [row.id for row in sent], "members", _("There is no such member.")
    )
    prices = {member.pk: row.amount for member, row in zip(members, sent, strict=True) if row.amount is not None}
    if prices:
        access.require_fields(SERVICES, ["price"])
    if not access.may_edit_field(SERVICES, "price"):
        prices = {member.pk: base.member_prices[member.pk] for member in members if member.pk in base.member_prices}
    return {"members": members, "member_prices": prices}


def _add_ons(sent: Sequence[AddOnIn], known: Mapping[UUID, AddOn]) -> list[AddOnDetails]:
    ids = [row.id for row in sent if row.id is not None]
    _once(ids, "add_ons")
    for place, row in enumerate(sent):
        if row.id is not None and row.id not in known:
            raise Invalid(**{f"add_ons.{place}.id": _("There is no such add-on.")})
    return [AddOnDetails(row.name, row.minutes, row.amount, row.id) for row in sent]


def _windows(rows: Sequence[tuple[int | date, Window]]) -> dict[int | date, list[Window]]:
    found: dict[int | date, list[Window]] = {}
    for day, window in rows:
        found.setdefault(day, []).append(window)
    return found
