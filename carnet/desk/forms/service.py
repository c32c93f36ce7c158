"""A service as it is typed, in the sections of its layout; only a name, a duration and a price are demanded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.dates import WEEKDAYS as WEEKDAY_NAMES
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carnet.base.errors import Invalid
from carnet.catalogue.details import MOST_DATES, ServiceDetails, hours_text
from carnet.catalogue.fields import NAMES_IT, SERVICES, kept_where_not_editable
from carnet.catalogue.models import Place, Service, Tax
from carnet.catalogue.pictures import Drawn
from carnet.customisation.actions.keeping import judged
from carnet.customisation.models import Layout, Module
from carnet.desk.forms.amounts import AmountField
from carnet.desk.forms.durations import DurationField
from carnet.desk.forms.hours import HoursField
from carnet.desk.forms.own_fields import OwnFields
from carnet.desk.forms.service_image import image_sent, kept_text, preview_of
from carnet.desk.forms.service_layout import Chapter, chapters, inputs_of, lay_out
from carnet.desk.forms.service_rows import DateField, PriceField, RowsOfForm
from carnet.desk.forms.service_sheets import offer_layouts
from carnet.desk.forms.service_typed import (
    AVAILABLE,
    BUSINESS_DAYS,
    DATES,
    NOT_IN_USE,
    WEEKDAYS,
    typed,
)
from carnet.organisations.access import Access
from carnet.organisations.models import Member
from carnet.resources.queries import business_hours
from carnet.scheduling.hours import local

PLACES = [
    (Place.BUSINESS, gettext_lazy("Business address")),
    (Place.CUSTOMER, gettext_lazy("Customer address")),
    (Place.BOTH, gettext_lazy("Business and customer address")),
]
DAYS = [
    (BUSINESS_DAYS, gettext_lazy("Every business day, during business hours")),
    (WEEKDAYS, gettext_lazy("Chosen weekdays")),
    (DATES, gettext_lazy("Chosen dates")),
]
STATES = [(AVAILABLE, gettext_lazy("Available")), (NOT_IN_USE, gettext_lazy("Not in use"))]
HUES = 8
#: What a browser offers to choose from; what comes is judged by what it is.
IMAGES = "image/jpeg,image/png,image/webp,image/gif"
#: As they stand on the page, so that the first that is wrong is the first that is met.
_BEFORE_DAYS = (
    *("image", "drop_image", "name", "owner", "shortest", "usual", "longest", "variable", "members", "place"),
    *("category", "tags", "before", "after", "days"),
)
_OF_DAYS = ("weekday_", "hours_", "date_", "offered_")
_PRICES = ("price", "taxes")


#: What is typed under a name, or a name that begins so -> the field that it is of.
_OF_FIELD = {
    **dict.fromkeys(("usual", "shortest", "longest", "variable", "before", "after"), "duration"),
    **dict.fromkeys(("price", "hourly", "taxes"), "price"),
    **dict.fromkeys(("image", "drop_image", "kept_image"), "image"),
    **{name: name for name in ("name", "members", "place", "category", "tags", "owner", "description")},
    "days": "hours",
    **dict.fromkeys(("asks_job_sheet", "job_sheet_layout"), "job_sheet"),
}
_OF_ROWS = {"member_price_": "price", "length_": "price", "add_on_": "price", **dict.fromkeys(_OF_DAYS, "hours")}


def field_typed(name: str) -> str:
    """Return the field that an input of the form is of, "" for what is none (the state, the version)."""
    rows = (key for begins, key in _OF_ROWS.items() if name.startswith(begins))
    return _OF_FIELD.get(name) or next(rows, "")


class ServiceForm(RowsOfForm):
    image = forms.FileField(
        label=gettext_lazy("Image"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": IMAGES}),
        help_text=gettext_lazy(
            "JPEG, PNG, WebP or GIF, at most 12 MB. It is drawn anew; where it was taken is not kept."
        ),
    )
    drop_image = forms.BooleanField(label=gettext_lazy("Remove the image"), required=False)
    name = forms.CharField(label=gettext_lazy("Service name"), max_length=120, widget=forms.TextInput())
    owner = forms.ChoiceField(label=gettext_lazy("Service owner"), required=False)
    shortest = DurationField(label=gettext_lazy("Shortest"), required=False)
    usual = DurationField(
        label=gettext_lazy("Available duration"), initial="1 h", help_text=gettext_lazy("For example 45 min or 1 h 30.")
    )
    longest = DurationField(label=gettext_lazy("Longest"), required=False)
    variable = forms.BooleanField(label=gettext_lazy("Variable duration"), required=False)
    members = forms.MultipleChoiceField(
        label=gettext_lazy("Service members"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Somebody you chose is no longer there. Choose anew.")},
    )
    place = forms.ChoiceField(
        label=gettext_lazy("Service location"), choices=PLACES, widget=forms.RadioSelect, initial=Place.BUSINESS
    )
    category = forms.CharField(
        label=gettext_lazy("Category"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Choose one or type a new one."),
        widget=forms.TextInput(attrs={"list": "categories", "autocomplete": "off"}),
    )
    tags = forms.CharField(
        label=gettext_lazy("Tags"), max_length=900, required=False, help_text=gettext_lazy("Separated by commas.")
    )
    before = DurationField(label=gettext_lazy("Time before"), required=False)
    after = DurationField(label=gettext_lazy("Time after"), required=False)
    days = forms.ChoiceField(
        label=gettext_lazy("Days"), choices=DAYS, widget=forms.RadioSelect, initial=BUSINESS_DAYS, required=False
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"), choices=STATES, widget=forms.RadioSelect, initial=AVAILABLE, required=False
    )
    price = AmountField(label=gettext_lazy("Price"))
    hourly = forms.BooleanField(label=gettext_lazy("By the hour"), required=False)
    taxes = forms.MultipleChoiceField(
        label=gettext_lazy("Taxes"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("A tax you chose is no longer there. Choose anew.")},
    )
    asks_job_sheet = forms.BooleanField(label=gettext_lazy("A job sheet must be handed in"), required=False)
    job_sheet_layout = forms.ChoiceField(label=gettext_lazy("Layout used"), required=False)
    description = forms.CharField(
        label=gettext_lazy("Description"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        access: Access,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile[bytes]] | None = None,
        *,
        of: ServiceDetails | None = None,
        initial: dict[str, Any] | None = None,
        stored: Mapping[str, Any] | None = None,
        selected: bool = False,
        editing: bool = False,
    ) -> None:
        """`of` is what is edited or cloned, `stored` what that holds in fields of the organisation's own.

        `selected` lets its name be typed over at once.
        """
        self.editing = editing
        self.own = OwnFields(access, SERVICES, stored=stored, data=data)
        known = typed(of, access.organisation.currency) if of else {}
        super().__init__(data, files, initial=known | (initial or {}), auto_id="service-%s")
        self.access = access
        self.of = of
        self.today = local(access.now, access.organisation.zone).date
        self.business = business_hours()
        self.drawn: Drawn | None = None
        self.known_members = {str(one.public_id): one for one in Member.objects.filter(active=True)}
        self.known_taxes = {str(one.public_id): one for one in Tax.objects.all()}
        if not access.module_is_on(Module.Key.JOB_SHEETS):
            # Nothing of them shows; what the service says of them stays.
            del self.fields["asks_job_sheet"], self.fields["job_sheet_layout"]
        self.known_sheets = offer_layouts(self, of.job_sheet_layout if of else None)
        self._choose()
        self._add_days()
        self.add_rows(access.organisation.currency, self.today)
        for key, member in self.known_members.items():
            self.fields[f"member_price_{key}"] = PriceField(access.organisation.currency, label=member.name)
        self.order_fields(
            [*_BEFORE_DAYS, *(name for name in self.fields if name.startswith(_OF_DAYS)), "state", *_PRICES]
        )
        self._leave_editable()
        lay_out(self, self.own, is_new=of is None)
        self.fields["name"].widget.attrs |= (
            {"autofocus": True, "data-select": True} if selected else {"autofocus": True}
        )

    def _choose(self) -> None:
        people = [(key, one.name) for key, one in self.known_members.items()]
        owners = dict(people)
        self.owners = dict(self.known_members)
        if self.of and self.of.owner:
            # Who has left may stay the owner until somebody else is chosen.
            owners.setdefault(str(self.of.owner.public_id), self.of.owner.name)
            self.owners.setdefault(str(self.of.owner.public_id), self.of.owner)
        taxes = [(key, one.name) for key, one in self.known_taxes.items()]
        for name, choices in (("members", people), ("owner", list(owners.items())), ("taxes", taxes)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        if self.of is None:
            me = self.access.member
            self.initial.setdefault("owner", str(me.public_id) if me else None)
            self.initial.setdefault("members", list(self.known_members))
            self.initial.setdefault("taxes", self._usual_taxes())
        price = self.fields["price"]
        assert isinstance(price, AmountField)
        price.currency = self.access.organisation.currency
        price.help_text = _("Taxes included.") if self.access.organisation.prices_include_tax else _("Before taxes.")

    def _usual_taxes(self) -> list[str]:
        """Return the first tax where prices include it (the others are reduced rates), all of them where added."""
        taxes = list(self.known_taxes)
        return taxes[:1] if self.access.organisation.prices_include_tax else taxes

    def _add_days(self) -> None:
        first = self.access.organisation.first_weekday
        self.week = [(first + day) % 7 for day in range(7)]
        for day in self.week:
            self.fields[f"weekday_{day}"] = forms.BooleanField(
                label=str(WEEKDAY_NAMES[day]).capitalize(), required=False
            )
            hours = HoursField(label=_("Hours on %(day)s") % {"day": WEEKDAY_NAMES[day]})
            open_then = self.business.get(day)
            hours.widget.attrs["placeholder"] = hours_text(open_then) if open_then else _("closed")
            self.fields[f"hours_{day}"] = hours
        self.fields["offered_from"] = DateField(self.today, label=_("From"))
        self.fields["offered_until"] = DateField(
            self.today,
            label=_("Until"),
            help_text=_("For a service offered for a limited period; both days are included."),
        )

    def _leave_editable(self) -> None:
        """Let what may not be edited be read, or not even that; what is being added is named all the same."""
        adding = not self.editing
        for name, field in self.fields.items():
            key = field_typed(name)
            if not key or self.access.may_edit_field(SERVICES, key) or (adding and key in NAMES_IT):
                continue
            field.disabled, field.required = True, False
            if not self.access.may_read_field(SERVICES, key):
                self.initial.pop(name, None)

    # What the page shows.

    @property
    def chapters(self) -> list[Chapter]:
        return chapters(self, self.own)

    def shows(self, key: str) -> bool:
        """Return whether the reader may see a built-in field of the layout; of an image, whether it can be changed."""
        if key == "image":
            return self.access.may_edit_field(SERVICES, key)
        field = next((field_typed(name) for name in inputs_of(key)), "") or field_typed(key)
        return not field or self.access.may_read_field(SERVICES, field)

    @property
    def week_rows(self) -> list[tuple[BoundField, BoundField]]:
        return [(self[f"weekday_{day}"], self[f"hours_{day}"]) for day in self.week]

    @property
    def member_prices(self) -> list[BoundField]:
        return [self[f"member_price_{key}"] for key in self.known_members]

    @property
    def taxes_shown(self) -> list[str]:
        """The taxes with which the price is shown in detail: those chosen, or those that come by themselves."""
        if "taxes" in self.fields:
            return self["taxes"].value() or []
        return [str(tax.public_id) for tax in self.of.taxes] if self.of else self._usual_taxes()

    @property
    def date_rows(self) -> list[list[BoundField]]:
        return self.rows("dates")

    @property
    def length_rows(self) -> list[list[BoundField]]:
        return self.rows("lengths")

    @property
    def add_on_rows(self) -> list[list[BoundField]]:
        return self.rows("add_ons")

    @property
    def more_dates(self) -> bool:
        return self.counts["dates"] < MOST_DATES

    @property
    def tells_buffers(self) -> bool:
        return any(self[name].value() or self[name].errors for name in ("before", "after"))

    @property
    def tells_member_prices(self) -> bool:
        return any(bound.value() or bound.errors for bound in self.member_prices)

    @property
    def tells_lengths(self) -> bool:
        return self._asked_for("lengths") or bool(self["hourly"].value() or self["hourly"].errors)

    @property
    def tells_add_ons(self) -> bool:
        return self._asked_for("add_ons")

    def _asked_for(self, kind: str) -> bool:
        """Return whether something is typed, wrong or just asked for in these lines: then they are not folded away."""
        asked = self.is_bound and self.data.get("more") == kind
        return asked or any(bound.value() or bound.errors for row in self.rows(kind) for bound in row)

    @property
    def kept_image(self) -> str:
        return kept_text(self.drawn, self.access) if self.drawn else ""

    @property
    def preview(self) -> str:
        return preview_of(self.drawn) if self.drawn else ""

    # What is typed.

    def draw(self) -> None:
        """Take the image that was sent or kept; outside of any transaction."""
        if "image" not in self.fields:
            return
        try:
            self.drawn = image_sent(self.files.get("image"), self.data.get("kept_image", ""), self.access)
        except Invalid as error:
            self.add_error("image", error.sentence())

    def only_more(self) -> None:
        """Show what is typed with a further line, and judge nothing yet."""
        self._errors = ErrorDict()
        self.cleaned_data = {}
        self.fields["name"].widget.attrs.pop("autofocus", None)
        kind = self.data.get("more", "")
        if kind in self.counts:
            self.rows(kind)[-1][0].field.widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("variable"):
            for name in ("shortest", "longest"):
                if name in data and data[name] is None:
                    self.add_error(name, _("Type the shortest and the longest duration."))
        if data.get("days") == WEEKDAYS:
            ticked = [day for day in self.week if data.get(f"weekday_{day}")]
            if not ticked:
                self.add_error("days", _("Choose at least one weekday."))
            for day in ticked:
                if data.get(f"hours_{day}") == [] and day not in self.business:
                    self.add_error(f"hours_{day}", _("Your business is closed on that day: type the hours."))
        self.clean_rows(self.business)
        return data

    def refused(self, errors: Mapping[str, str]) -> dict[str, str]:
        """Put each sentence about a field of the organisation's own beside it; return the others.

        All that is wrong is told at once, what the action did not come to included.
        """
        try:
            judged(self.access, SERVICES, self.own.custom or {}, None if self.of is None else self.own.stored)
        except Invalid as error:
            errors = {**error.errors, **errors}
        return self.own.refused(errors)

    def details(self) -> ServiceDetails:
        """Return the typed service; what the form does not ask stays as it was."""
        data = self.cleaned_data
        ranged, days = data["variable"], data["days"] or BUSINESS_DAYS
        members = [self.known_members[key] for key in dict.fromkeys(data["members"])]
        prices = {one.pk: data[f"member_price_{one.public_id}"] for one in members}
        start = self.of or ServiceDetails("", 0, 0, hue=Service.objects.count() % HUES + 1)
        typed_in = replace(
            start,
            name=data["name"],
            owner=self.owners.get(data["owner"]) or start.owner,
            usual=data["usual"],
            shortest=data["shortest"] if ranged else None,
            longest=data["longest"] if ranged else None,
            members=members,
            place=data["place"],
            category=data["category"] or None if "category" in data else start.category,
            tags=[tag.strip() for tag in data["tags"].split(",") if tag.strip()] if "tags" in data else start.tags,
            before=data["before"] or 0,
            after=data["after"] or 0,
            hours=self._weekdays() if days == WEEKDAYS else {},
            dates=self.dates_typed(self.business) if days == DATES else {},
            offered_from=data.get("offered_from", start.offered_from),
            offered_until=data.get("offered_until", start.offered_until),
            in_use=data["state"] != NOT_IN_USE if "state" in data else start.in_use or not self.editing,
            price=data["price"] or 0,
            hourly=data["hourly"],
            taxes=self._taxes(start),
            member_prices={pk: price for pk, price in prices.items() if price is not None},
            length_prices=self.lengths_typed(),
            add_ons=self.add_ons_typed({one.public_id for one in start.add_ons if one.public_id}),
            asks_job_sheet=data.get("asks_job_sheet", start.asks_job_sheet),
            job_sheet_layout=self._sheet_layout(start.job_sheet_layout),
            description=data.get("description", start.description),
            custom=self.own.custom,
        )
        if self.of is None and not self.access.may_edit_field(SERVICES, "price"):
            # Somebody else says what it costs; the usual taxes come by themselves.
            start = replace(start, taxes=[self.known_taxes[key] for key in self._usual_taxes()])
        besides = () if self.editing else NAMES_IT
        return kept_where_not_editable(self.access, typed_in, start, besides=besides)

    def _taxes(self, start: ServiceDetails) -> Sequence[Tax]:
        if "taxes" in self.cleaned_data:
            return [self.known_taxes[key] for key in dict.fromkeys(self.cleaned_data["taxes"])]
        return start.taxes if self.of else [self.known_taxes[key] for key in self._usual_taxes()]

    def _sheet_layout(self, before: Layout | None) -> Layout | None:
        """Return the layout chosen for the sheets; what it was, where there is no choice."""
        if "job_sheet_layout" not in self.cleaned_data:
            return before
        return self.known_sheets.get(self.cleaned_data["job_sheet_layout"])

    def _weekdays(self) -> dict[int, list[tuple[int, int]]]:
        data = self.cleaned_data
        ticked = [day for day in range(7) if data[f"weekday_{day}"]]
        return {day: data[f"hours_{day}"] or list(self.business.get(day, ())) for day in ticked}
