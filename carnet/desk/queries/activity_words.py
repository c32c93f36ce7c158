"""The activity in words: what each kind of change is called, which fields it tells of, and how values read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, Final

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from carnet.appointments.models import Status
from carnet.base.money import money_text
from carnet.base.templatetags.moments import local_datetime, local_day
from carnet.base.templatetags.ui import minutes, rate
from carnet.catalogue.details import hours_text
from carnet.customisation.fields import own_value_text
from carnet.desk.queries.field_rights import rights_text
from carnet.desk.queries.printed import place_words
from carnet.desk.queries.rights import REACHES, words_of
from carnet.desk.queries.service_history import FIELDS as SERVICE_FIELDS
from carnet.organisations.access import Access
from carnet.organisations.fields import added_label, is_added, modules
from carnet.organisations.permissions import PERMISSIONS

Words = str | Promise

#: Kind -> what happened; a kind is "what it is about" and "what was done", as `record` writes it.
KINDS: Final[dict[str, Words]] = {
    "appointment.booked": gettext_lazy("Appointment booked"),
    "appointment.edited": gettext_lazy("Appointment edited"),
    "appointment.moved": gettext_lazy("Appointment moved"),
    "appointment.started": gettext_lazy("Appointment started"),
    "appointment.completed": gettext_lazy("Appointment completed"),
    "appointment.cancelled": gettext_lazy("Appointment cancelled"),
    "appointment.no_show": gettext_lazy("Customer did not come"),
    "appointment.undone": gettext_lazy("End of the appointment undone"),
    "appointment.reopened": gettext_lazy("Appointment reopened"),
    "visits.rearranged": gettext_lazy("Change applied with visits in the way"),
    "visits.rearrangement_undone": gettext_lazy("Change with visits in the way undone"),
    "job_sheet.saved": gettext_lazy("Job sheet filled in"),
    "customer.created": gettext_lazy("Customer added"),
    "customer.edited": gettext_lazy("Customer edited"),
    "customer.address_added": gettext_lazy("Address added"),
    "customer.note_added": gettext_lazy("Note added"),
    "customer.membership_added": gettext_lazy("Membership added"),
    "customer.service_pinned": gettext_lazy("Service pinned for the customer"),
    "customer.service_unpinned": gettext_lazy("Service no longer pinned for the customer"),
    "customer.owner_changed": gettext_lazy("Customer given to another owner"),
    "appointment.owner_changed": gettext_lazy("Appointment given to another owner"),
    "service.created": gettext_lazy("Service added"),
    "service.edited": gettext_lazy("Service edited"),
    "service.unavailable": gettext_lazy("Service marked as temporarily unavailable"),
    "service.available": gettext_lazy("Service marked as available"),
    "service.not_in_use": gettext_lazy("Service marked as not in use"),
    "service.deleted": gettext_lazy("Service moved to the bin"),
    "service.restored": gettext_lazy("Service restored from the bin"),
    "service.thrown_away": gettext_lazy("Service thrown away for good"),
    "category.added": gettext_lazy("Category added"),
    "tax.added": gettext_lazy("Tax added"),
    "hours.changed": gettext_lazy("Hours changed"),
    "closures.added": gettext_lazy("Closed days added"),
    "closures.removed": gettext_lazy("Closed days removed"),
    "time_off.added": gettext_lazy("Absence added"),
    "time_off.ended": gettext_lazy("Absence ended early"),
    "time_off.removed": gettext_lazy("Absence removed"),
    "resource.added": gettext_lazy("Room or equipment added"),
    "organisation.founded": gettext_lazy("Organisation founded"),
    "organisation.edited": gettext_lazy("Name and address edited"),
    "organisation.placed": gettext_lazy("Country, language or currency changed"),
    "organisation.suspended": gettext_lazy("Organisation suspended"),
    "organisation.resumed": gettext_lazy("Organisation resumed"),
    "organisation.deletion_asked": gettext_lazy("Deletion of the organisation asked for"),
    "organisation.deletion_taken_back": gettext_lazy("Deletion of the organisation taken back"),
    "organisation.exported": gettext_lazy("Export of everything asked for"),
    "module.switched": gettext_lazy("Module switched"),
    "layout.created": gettext_lazy("Layout added"),
    "layout.revised": gettext_lazy("Layout revised"),
    "layout.renamed": gettext_lazy("Layout renamed"),
    "layout.removed": gettext_lazy("Layout deleted"),
    "layout.returned": gettext_lazy("Layout put back"),
    "member.added": gettext_lazy("Member added"),
    "member.invited": gettext_lazy("Member invited to sign in"),
    "member.invitation_revoked": gettext_lazy("Invitation revoked"),
    "member.joined": gettext_lazy("Invitation accepted"),
    "member.left": gettext_lazy("Member left"),
    "member.second_step_taken_away": gettext_lazy("Second step taken away, since it was lost"),
    "member.deactivated": gettext_lazy("Member deactivated"),
    "member.reactivated": gettext_lazy("Member reactivated"),
    "member.heritage": gettext_lazy("Records of a member handed over"),
    "member.profile_changed": gettext_lazy("Profile given to a member"),
    "member.edited": gettext_lazy("Member edited"),
    "role.added": gettext_lazy("Role added"),
    "role.edited": gettext_lazy("Role edited"),
    "role.moved": gettext_lazy("Role moved"),
    "role.deleted": gettext_lazy("Role deleted"),
    "layout.field_converted": gettext_lazy("Field converted into another type"),
    "profile.created": gettext_lazy("Profile created"),
    "profile.changed": gettext_lazy("Profile changed"),
    "profile.deleted": gettext_lazy("Profile deleted"),
    "token.issued": gettext_lazy("API token issued"),
    "token.revoked": gettext_lazy("API token revoked"),
    "activity.exported": gettext_lazy("Activity exported"),
    "customers.exported": gettext_lazy("Customers exported"),
}

#: The rules about hours that can be overridden.
OVERRIDDEN: Final[dict[str, Words]] = {
    "business_open": gettext_lazy("Business hours"),
    "service_hours": gettext_lazy("hours of the service"),
    "at_work": gettext_lazy("hours of the member"),
}

FIELDS: Final[dict[str, Words]] = {
    **SERVICE_FIELDS,
    "name": gettext_lazy("Name"),
    "start": pgettext_lazy("of an appointment", "Start"),
    "outside_hours": gettext_lazy("Overridden"),
    "status": gettext_lazy("State"),
    "reason": gettext_lazy("Reason"),
    "contacts": gettext_lazy("Phone and e-mail"),
    "address": gettext_lazy("Address"),
    "plan": gettext_lazy("Membership"),
    "service": gettext_lazy("Service"),
    "outage": gettext_lazy("Outage"),
    "deleted_at": gettext_lazy("Deleted"),
    "cloned_from": gettext_lazy("Cloned from"),
    "copied_from": gettext_lazy("Copied from"),
    "label": gettext_lazy("Name"),
    "rate": gettext_lazy("Rate"),
    "period": gettext_lazy("Period"),
    "days": gettext_lazy("Days"),
    "moved": gettext_lazy("Visits moved"),
    "returned": gettext_lazy("Visits moved back"),
    "version": gettext_lazy("Version"),
    "services": gettext_lazy("Services"),
    "job_sheets": gettext_lazy("Job sheets"),
    "email": gettext_lazy("E-mail address"),
    "phone": gettext_lazy("Phone"),
    "street": gettext_lazy("Street and number"),
    "postcode": gettext_lazy("Postcode"),
    "city": gettext_lazy("Town"),
    "profile": gettext_lazy("Profile"),
    "member": gettext_lazy("Member"),
    "owned_by": gettext_lazy("Owner"),
    "role": gettext_lazy("Role"),
    "under": pgettext_lazy("of a role", "Under"),
    "shares_with_peers": gettext_lazy("Peers see each other"),
    "permissions": gettext_lazy("Rights"),
    "reach": gettext_lazy("Whose records they see"),
    "field_rights": gettext_lazy("Fields"),
    "second_step": gettext_lazy("A second step is required at sign-in"),
    "expires_at": gettext_lazy("It expires"),
    "filters": gettext_lazy("Filters"),
    "active": gettext_lazy("Active"),
    "country": gettext_lazy("Country"),
    "region": gettext_lazy("Region"),
    "zone": gettext_lazy("Time zone"),
    "currency": gettext_lazy("Currency"),
    "language": gettext_lazy("Language of the business"),
    "first_weekday": gettext_lazy("First day of the week"),
    "deletion_due_at": gettext_lazy("Deletion due"),
    "tokens": gettext_lazy("API tokens"),
    "customers": gettext_lazy("Customers"),
    "appointments": gettext_lazy("Appointments"),
}
#: Told elsewhere, or of no use to people.
LEFT_OUT: Final = frozenset({"rearrangement"})

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_DAY = re.compile(r"\d{4}-\d\d-\d\d$")


def kind_text(kind: str) -> str:
    return str(KINDS.get(kind) or _("Changed"))


def field_text(name: str, access: Access | None = None, subject: str = "") -> str:
    """Return what a changed field is called, one that an organisation added as it calls it."""
    own = added_label(access, subject, name) if access is not None else ""
    return own or str(FIELDS.get(name) or _("A field"))


def value_text(access: Access, name: str, value: Any, subject: str = "") -> str:
    """Return a value of the history as people read it: in their language and their business's zone; "" for none."""
    if value is None or value in ("", [], {}):
        return ""
    if subject and is_added(name):
        module = next((one.key for one in modules() if one.subject == subject), "")
        return own_value_text(access, module, name, value)
    if name in _TEXTS and (text := _told(access, name, value)):
        return text
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, str):
        return _moment(access, value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {value_text(access, '', one)}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(value_text(access, "", one) for one in value)
    return str(value)


def _told(access: Access, name: str, value: Any) -> str:
    # The history is older than the code that reads it: what does not look as expected is told as it stands.
    try:
        return _TEXTS[name](access, value)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return ""


def _moment(access: Access, value: str) -> str:
    try:
        if _INSTANT.match(value):
            return local_datetime(datetime.fromisoformat(value), access.organisation.zone)
        if _DAY.match(value):
            return date.fromisoformat(value).isoformat()
    except (ValueError, TypeError):
        return value
    return value


def _hours(access: Access, value: Any) -> str:
    weekdays = {str(day): str(words) for day, words in WEEKDAYS_ABBR.items()}
    return "; ".join(f"{weekdays[day]} {hours_text([tuple(one) for one in found])}" for day, found in value.items())


def _period(access: Access, value: Any) -> str:
    return " – ".join(_moment(access, one) for one in value)


def _length(shortest: int, longest: int, usual: int) -> str:
    return minutes(usual) if shortest == longest else f"{minutes(shortest)} – {minutes(longest)}"


def _priced(access: Access, rows: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{name}: {money_text(price, access.organisation.currency)}" for name, price in rows)


_TEXTS: Final[dict[str, Callable[[Access, Any], str]]] = {
    "hours": _hours,
    "period": _period,
    "outage": _period,
    "outside_hours": lambda access, value: ", ".join(str(OVERRIDDEN.get(one, one)) for one in value),
    "permissions": lambda access, value: ", ".join(words_of(one) for one in PERMISSIONS if one in value),
    "field_rights": rights_text,
    "reach": lambda access, value: str(REACHES[value][0]),
    # Of an image only that there is a new one.
    "image": lambda access, value: _("Changed"),
    "place": lambda access, value: place_words(value),
    "duration": lambda access, value: _length(*value),
    "buffers": lambda access, value: " · ".join(minutes(one) for one in value),
    "member_prices": lambda access, value: _priced(access, value.items()),
    "length_prices": lambda access, value: _priced(
        access, ((minutes(int(one)), price) for one, price in value.items())
    ),
    "add_ons": lambda access, value: _priced(access, ((one[0], one[2]) for one in value)),
    "price": lambda access, value: money_text(value, access.organisation.currency),
    "rate": lambda access, value: rate(value),
    "status": lambda access, value: str(Status(value).label),
    "deleted_at": lambda access, value: local_day(datetime.fromisoformat(value), access.organisation.zone),
}
