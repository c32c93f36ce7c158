"""What each route asks of whom: one row for each verb at each address, to be read in review.

`needs` are the permissions without which the door stays shut, each of them by itself; `expected` is what whoever holds
exactly these gets. A row names records of the salon ({coming}, {vera} …: see `build_world`), in its address by `at`.
Before any organisation there are no permissions: there `expected` is what a member gets, `nobody` what nobody gets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from tests.doors.routes import API, INSIDE, OUTSIDE, Route

#: A redirect, to what was made or found.
SENT_ON = 303
SEE, BOOK, MOVE = "appointments.see", "appointments.book", "appointments.move"
OUTSIDE_HOURS = "appointments.book_outside"
CANCEL, CLOSE, REOPEN = "appointments.cancel", "appointments.close", "appointments.reopen"
SERVICES, NEW_SERVICE = "catalogue.see", "catalogue.create"
EDIT_SERVICE, DELETE_SERVICE = "catalogue.edit", "catalogue.delete"
CUSTOMERS, NEW_CUSTOMER, EDIT_CUSTOMER = "customers.see", "customers.create", "customers.edit"
EXPORT_CUSTOMERS = "customers.export"
SHEETS, FILL, SET_UP, TIMES = "job_sheets.see", "job_sheets.fill", "set_up.edit", "resources.edit"
MEMBERS, PROFILES, LAYOUTS = "members.edit", "profiles.edit", "layouts.edit"
ACTIVITY, EXPORT = "activity.see", "activity.export"
MANAGE, EXPORT_ALL = "organisation.manage", "organisation.export"


#: Without these, what they open does not exist; booking is known to everybody, and refused with words.
HIDING = (SERVICES, SET_UP, MEMBERS, PROFILES, LAYOUTS, ACTIVITY)


@dataclass(frozen=True)
class Row:
    """What is sent to a route, and what comes of it."""

    route: Route
    needs: tuple[str, ...] = ()
    expected: int = 200
    #: Besides these any one of them opens it.
    any_of: tuple[str, ...] = ()
    #: These let what is sent do more, behind a door that is open without them.
    widened_by: tuple[str, ...] = ()
    #: Name in the address -> name of the record.
    at: dict[str, str] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] | None = None
    #: Whether the record in the address is hidden from members whose profile reaches their own only.
    hidden: bool = False
    nobody: int = 0
    #: Sent by a script of a page, which speaks as programs do.
    json: bool = False
    #: Whoever may not see what holds it is not told that it exists.
    silent: bool = False

    def __str__(self) -> str:
        return str(self.route)

    def shut_without(self, permission: str) -> int:
        """Return what somebody gets who has all that is needed but `permission`."""
        return 404 if self.silent or (permission in HIDING and BOOK not in self.needs) else 403

    def ways(self) -> list[tuple[str, ...]]:
        """Return each set of permissions with which it is just open."""
        return [(*self.needs, one) for one in self.any_of] or [self.needs]

    @property
    def names_records(self) -> bool:
        return bool(self.at) or bool(
            re.search(r"{(?!new|day|free|later)", f"{[*self.query.values()]}{[*(self.body or {}).items()]}")
        )


#: What the whole house may see: services, days, layouts, what a change has done; whoever may change the set-up, people.
WHOLE_HOUSE = frozenset(
    [
        "service_id",
        "on",
        "module",
        "layout",
        "rearrangement_id",
        "profile_id",
        "member_id",
        "role_id",
        "token_id",
        "export_id",
    ]
)


def _get(path: str, *needs: str, at: dict[str, str] | None = None, **more: Any) -> Row:
    return Row(Route(INSIDE, path, "GET"), needs, at=at or {}, hidden=_hides(at), **more)


def _post(path: str, *needs: str, at: dict[str, str] | None = None, gives: int = SENT_ON, **more: Any) -> Row:
    return Row(Route(INSIDE, path, "POST"), needs, gives, at=at or {}, hidden=_hides(at), **more)


def _api(verb: str, path: str, *needs: str, at: dict[str, str] | None = None, gives: int = 200, **more: Any) -> Row:
    return Row(Route(API, f"o/{{organisation}}/{path}", verb), needs, gives, at=at or {}, hidden=_hides(at), **more)


def _hides(at: dict[str, str] | None) -> bool:
    return bool(at) and not WHOLE_HOUSE & (at or {}).keys()


VISIT = "appointments/<uuid:appointment_id>/"
LAYOUT = "set-up/layouts/<slug:module>/<slug:name>/"
LAID_OUT = {"module": "appointments", "name": "cancel", "number": "first_version"}
CONVERSION = f"{LAYOUT}fields/<slug:field>/conversion"
CAR = {"module": "customers_module", "name": "standard", "field": "car"}
TYPED_LAYOUT = {
    "sections": [
        {
            "label": {"fr": "Annulation", "en": "Cancellation"},
            "columns": 1,
            "fields": [
                {"key": "reason", "type": "built_in", "label": {"fr": "Pourquoi", "en": "Why"}, "required": True},
                {"type": "text", "name": "n1", "label": {"fr": "Qui", "en": "Who"}},
            ],
        }
    ],
    "removed": [],
}
CUSTOMER = "customers/<uuid:customer_id>/"
TYPED_PLACE = {
    "country": "BE",
    "region": "",
    "currency": "EUR",
    "language": "fr",
    "first_weekday": "0",
    "zone": "Europe/Brussels",
}
COMING, PASSED, ENDED = ({"appointment_id": name} for name in ("coming", "passed", "ended"))
REPAIR = {"layout": "repair"}
SHEETED, VERA = {"appointment_id": "sheeted"}, {"customer_id": "vera"}
SERVICE = "services/<uuid:service_id>/"
HAIRCUT, TODAY = {"service_id": "haircut"}, {"on": "day"}
# Nobody has booked it, and it has a planned outage.
UNBOOKED, BINNED = {"service_id": "both"}, {"service_id": "binned"}
TYPED_SERVICE = {
    "name": "Brushing",
    "usual": "30",
    "members": ["{lea}"],
    "owner": "{lea}",
    "taxes": ["{tax}"],
    "place": "business",
    "price": "20",
    "version": "1",
}
PAUSED = {"service_id": "paused"}
LEA = {"member_id": "lea"}
MEMBER = "members/<uuid:member_id>/"
A_MORNING = {"when": "morning", "on": "{later}", "reason": "Dentist"}
# Nina's profile allows nothing; with the same one, Otto was deactivated, and Pia is invited. Nobody holds the bare one.
PERSON, NINA = "set-up/members/<uuid:member_id>/", {"member_id": "nina"}
BARE = {"profile_id": "bare"}
# Nobody has it, and it lies at the top, beside the role of all others.
ROLE, SHOP = "set-up/roles/<uuid:role_id>/", {"role_id": "shop"}
WHY, VERA_WHY = "set-up/why/<slug:sort>/<uuid:record_id>/", {"sort": "sort", "record_id": "vera"}
TOKEN = {"token_id": "key"}
OWN_TOKEN = {"name": "Caisse", "scope": "all", "expires": "90"}
TYPED_TOKEN = {**OWN_TOKEN, "member": "{tess}"}
TYPED_PROFILE = {"name": "Stagiaire", "reach": "own", "version": "1"}
DRAFT = {
    "service-0": "{haircut}",
    "member-0": "{lea}",
    "with-0": ["{max}"],
    "customer": "{vera}",
    "address": "{address}",
    "start": "{free}",
    "day": "{day}",
    "id": "{new}",
}

#: Inside an organisation: a page for everyone who is not signed in is the way in; for a stranger, none.
PAGES = (
    _get("", SEE),
    _get("day/<date:on>/", SEE, at=TODAY),
    _get("day/<date:on>/list/", SEE, at=TODAY),
    _get("my-day/", SEE),
    _get("call", CUSTOMERS, query={"number": "06 12 34 56 78"}, expected=SENT_ON),
    _get("customers/", CUSTOMERS, SEE, query={"q": "vera"}),
    _get("customers/list", CUSTOMERS),
    _post("customers/export", CUSTOMERS, EXPORT_CUSTOMERS, gives=200, body={"sort": "name"}),
    _get("customers/lookup", CUSTOMERS, query={"q": "vera"}),
    _get("customers/new", NEW_CUSTOMER, SEE),
    _post("customers/new", NEW_CUSTOMER, body={"name": "Zoé", "phone": "06 11 11 11 11"}),
    _get(CUSTOMER, CUSTOMERS, SEE, at=VERA),
    _post(f"{CUSTOMER}edit", CUSTOMERS, EDIT_CUSTOMER, at=VERA, body={"name": "Vera", "version": "1"}),
    _get(f"{CUSTOMER}owner", CUSTOMERS, EDIT_CUSTOMER, SEE, at=VERA),
    _post(f"{CUSTOMER}owner", CUSTOMERS, EDIT_CUSTOMER, at=VERA, body={"owner": "{lea}", "version": "1"}),
    _post(f"{CUSTOMER}notes", CUSTOMERS, EDIT_CUSTOMER, at=VERA, body={"text": "Likes tea"}),
    _post(f"{CUSTOMER}addresses", CUSTOMERS, EDIT_CUSTOMER, at=VERA, body={"street": "1 rue X"}),
    _post(f"{CUSTOMER}pins", CUSTOMERS, EDIT_CUSTOMER, SERVICES, at=VERA, body={"service": "{haircut}"}),
    _get("booking/", BOOK, SERVICES, CUSTOMERS, SEE, query=DRAFT),
    _post("booking/", BOOK, SERVICES, CUSTOMERS, SEE, gives=200, body=DRAFT),
    _post("appointments/", BOOK, SERVICES, CUSTOMERS, body=DRAFT, widened_by=(OUTSIDE_HOURS,)),
    _get(VISIT, SEE, at=COMING),
    _get(f"{VISIT}owner", MOVE, SEE, at=COMING),
    _post(f"{VISIT}owner", MOVE, SEE, at=COMING, body={"owner": "{lea}", "version": "1"}),
    _get(f"{VISIT}details/", MOVE, SEE, at=COMING),
    _post(f"{VISIT}details/", MOVE, SEE, at=COMING, body={"note": "By the back door", "version": "1"}),
    _get(f"{VISIT}schedule/", MOVE, SEE, at=COMING),
    _post(
        f"{VISIT}schedule/",
        MOVE,
        SEE,
        at=COMING,
        body={"start": "{free}", "who": "{max}", "reason": "team", "version": "1"},
    ),
    _get(f"{VISIT}cancellation/", CANCEL, SEE, at=COMING),
    _post(f"{VISIT}cancellation/", CANCEL, SEE, at=COMING, body={"reason": "team", "version": "1"}),
    _get(f"{VISIT}no-show/", CLOSE, SEE, at=PASSED),
    _post(f"{VISIT}no-show/", CLOSE, SEE, at=PASSED, body={"version": "1"}),
    _post(f"{VISIT}start/", CLOSE, SEE, at=COMING),
    _post(f"{VISIT}completion/", CLOSE, SEE, at=PASSED),
    _post(f"{VISIT}undo/", CLOSE, SEE, at=ENDED),
    _get(f"{VISIT}reopening/", REOPEN, SEE, at=ENDED),
    _post(f"{VISIT}reopening/", REOPEN, SEE, at=ENDED, body={"reason": "Came after all"}),
    _get(f"{VISIT}job-sheet/", SHEETS, SEE, at=SHEETED),
    _get(f"{VISIT}job-sheet/print", SHEETS, SEE, at=SHEETED),
    _post(f"{VISIT}job-sheet/", SHEETS, FILL, SEE, at=SHEETED, body={"{field}": "Vera", "version": "0"}),
    _post("files/", FILL, gives=200, body={"field": "{signature}", "typed": "Vera"}),
    _get("files/<uuid:file_id>", CUSTOMERS, at={"file_id": "held_file"}, silent=True),
    _get("files/<uuid:file_id>/small", CUSTOMERS, at={"file_id": "held_file"}, silent=True),
    _get("services/", SERVICES),
    _post(
        "services/selection",
        EDIT_SERVICE,
        SERVICES,
        body={"do": "not_in_use", "confirmed": "1", "service": ["{haircut}", "{garden}"]},
    ),
    _get("services/examples", NEW_SERVICE, SERVICES),
    _post("services/examples", NEW_SERVICE, SERVICES, body={"trade": "spa"}),
    _get("services/new", NEW_SERVICE, SERVICES),
    _post("services/new", NEW_SERVICE, SERVICES, body=TYPED_SERVICE),
    _get("services/price", SERVICES, query={"price": "20", "taxes": "{tax}"}),
    _get("services/bin/", DELETE_SERVICE, SERVICES),
    _get(SERVICE, SERVICES, at=HAIRCUT),
    _get(f"{SERVICE}edit", SERVICES, EDIT_SERVICE, at=UNBOOKED),
    _post(f"{SERVICE}edit", SERVICES, EDIT_SERVICE, at=UNBOOKED, body=TYPED_SERVICE),
    _get(f"{SERVICE}clone", SERVICES, NEW_SERVICE, at=HAIRCUT),
    _post(f"{SERVICE}clone", SERVICES, NEW_SERVICE, at=HAIRCUT, body=TYPED_SERVICE),
    _get(f"{SERVICE}outages/new", SERVICES, EDIT_SERVICE, at=HAIRCUT),
    _post(f"{SERVICE}outages/new", SERVICES, EDIT_SERVICE, at=UNBOOKED, body={"until": "end_of_month"}),
    _post(f"{SERVICE}outages/<uuid:outage_id>/end", SERVICES, EDIT_SERVICE, at=UNBOOKED | {"outage_id": "outage"}),
    _get(f"{SERVICE}not-in-use", SERVICES, EDIT_SERVICE, at=HAIRCUT),
    _post(f"{SERVICE}not-in-use", SERVICES, EDIT_SERVICE, at=UNBOOKED),
    _post(f"{SERVICE}availability", SERVICES, EDIT_SERVICE, at=UNBOOKED),
    _get(f"{SERVICE}deletion", SERVICES, DELETE_SERVICE, at=HAIRCUT),
    _post(f"{SERVICE}deletion", SERVICES, DELETE_SERVICE, at=UNBOOKED),
    _post(f"{SERVICE}restoration", DELETE_SERVICE, SERVICES, at=BINNED),
    _get(
        f"{SERVICE}pictures/<uuid:picture_id>/<slug:size>",
        SERVICES,
        at=HAIRCUT | {"picture_id": "picture", "size": "size"},
    ),
    _get("services/changes/<uuid:rearrangement_id>/", EDIT_SERVICE, SERVICES, at={"rearrangement_id": "outage_made"}),
    _post(
        "services/changes/<uuid:rearrangement_id>/undo",
        EDIT_SERVICE,
        SERVICES,
        at={"rearrangement_id": "outage_made"},
    ),
    _get("set-up/hours/changes/<uuid:rearrangement_id>/", SET_UP, at={"rearrangement_id": "hours_made"}),
    _post("set-up/hours/changes/<uuid:rearrangement_id>/undo", SET_UP, at={"rearrangement_id": "hours_made"}),
    _get("members/changes/<uuid:rearrangement_id>/", TIMES, SEE, at={"rearrangement_id": "absence_made"}),
    _post("members/changes/<uuid:rearrangement_id>/undo", TIMES, at={"rearrangement_id": "absence_made"}),
    _get(f"{MEMBER}absences/", TIMES, SEE, at=LEA),
    _post(f"{MEMBER}absences/", TIMES, at=LEA, body=A_MORNING),
    _post(f"{MEMBER}absences/<uuid:absence_id>/end", TIMES, at=LEA | {"absence_id": "absence"}),
    _get(f"{MEMBER}hours", TIMES, SEE, at=LEA),
    _post(f"{MEMBER}hours", TIMES, at=LEA, body={"whose": "own"} | {f"hours_{day}": "9:00–18:00" for day in range(7)}),
    _get("set-up/", any_of=(SET_UP, MEMBERS, PROFILES, LAYOUTS, ACTIVITY)),
    _get("set-up/hours", SET_UP),
    _post("set-up/hours", SET_UP, body={f"hours_{day}": "9:00–18:00" for day in range(7)}),
    _get("set-up/hours/closures", SET_UP),
    _post("set-up/hours/closures", SET_UP, body={"first": "{later}", "last": "", "name": "Inventory"}),
    _post("set-up/hours/closures/<date:on>/reopening", SET_UP, at={"on": "closed"}),
    _get("set-up/business", SET_UP),
    _post("set-up/business", SET_UP, body={"name": "Salon"}),
    _get("set-up/region", SET_UP),
    # Visits are coming, so what another zone does to them is shown first.
    _post("set-up/region", SET_UP, gives=200, body=TYPED_PLACE),
    _get("set-up/organisation/", SET_UP),
    _get("set-up/organisation/suspension", SET_UP, MANAGE),
    _post("set-up/organisation/suspension", SET_UP, MANAGE),
    _post("set-up/organisation/suspension/end", SET_UP, MANAGE),
    _get("set-up/organisation/deletion", SET_UP, MANAGE),
    _post("set-up/organisation/deletion", SET_UP, MANAGE, body={"name": "Salon", "password": "a long password"}),
    _post("set-up/organisation/deletion/end", SET_UP, MANAGE),
    _get("set-up/organisation/exports/", SET_UP, EXPORT_ALL),
    _post("set-up/organisation/exports/", SET_UP, EXPORT_ALL),
    _get("set-up/organisation/exports/<uuid:export_id>", SET_UP, EXPORT_ALL, at={"export_id": "export"}),
    # Everybody may leave, and hands over first.
    _get("departure"),
    _post("departure", body={"seen": "{tess_seen}", "version": "1"}),
    _get("set-up/members/", MEMBERS),
    _get("set-up/members/new", MEMBERS, SEE),
    _post("set-up/members/new", MEMBERS, body={"name": "Noé", "profile": "{profile}"}),
    _get(PERSON, MEMBERS, at=NINA),
    _get(f"{PERSON}deactivation", MEMBERS, at=NINA),
    _post(f"{PERSON}deactivation", MEMBERS, at=NINA, body={"seen": "{nina_seen}", "version": "1"}),
    _post(f"{PERSON}reactivation", MEMBERS, at={"member_id": "otto"}),
    _post(f"{PERSON}invitation", MEMBERS, at=NINA, body={"email": "nina@mail.example"}),
    _post(f"{PERSON}invitation/end", MEMBERS, at={"member_id": "pia"}),
    _get(f"{PERSON}profile", MEMBERS, at=NINA),
    _post(f"{PERSON}profile", MEMBERS, at=NINA, body={"profile": "{bare}"}),
    _get(f"{PERSON}edit", MEMBERS, at=NINA),
    _post(f"{PERSON}edit", MEMBERS, at=NINA, body={"name": "Ninon", "role": "{team}", "version": "1"}),
    _get("set-up/roles/", PROFILES),
    _get("set-up/roles/new", PROFILES, query={"under": "{team}"}),
    _post("set-up/roles/new", PROFILES, body={"name": "Apprentices", "under": "{team}"}),
    _get(ROLE, PROFILES, at=SHOP),
    _post(ROLE, PROFILES, at=SHOP, body={"name": "Counter", "version": "1"}),
    _post(f"{ROLE}place", PROFILES, at=SHOP, body={"under": "{team}"}),
    _get(f"{ROLE}deletion", PROFILES, at=SHOP),
    _post(f"{ROLE}deletion", PROFILES, at=SHOP),
    _get(WHY, PROFILES, CUSTOMERS, at=VERA_WHY, query={"member": "{lea}"}),
    _get("set-up/profiles/", PROFILES),
    _get("set-up/profiles/<uuid:profile_id>/", PROFILES, at=BARE),
    _post("set-up/profiles/<uuid:profile_id>/", PROFILES, at=BARE, body=TYPED_PROFILE),
    _post("set-up/profiles/<uuid:profile_id>/fields", PROFILES, at=BARE, body={"customers.phone": "hidden"}),
    _post("set-up/profiles/<uuid:profile_id>/second-step", PROFILES, at=BARE, body={"second_step": "on"}),
    _get("set-up/profiles/<uuid:profile_id>/clone", PROFILES, at=BARE),
    _post("set-up/profiles/<uuid:profile_id>/clone", PROFILES, at=BARE, body=TYPED_PROFILE),
    _get("set-up/profiles/<uuid:profile_id>/deletion", PROFILES, at=BARE),
    _post("set-up/profiles/<uuid:profile_id>/deletion", PROFILES, at=BARE),
    _get("set-up/tokens/", PROFILES),
    _get("set-up/tokens/new", PROFILES),
    _post("set-up/tokens/new", PROFILES, gives=200, body=TYPED_TOKEN),
    _get("set-up/tokens/<uuid:token_id>/revocation", PROFILES, at=TOKEN),
    _post("set-up/tokens/<uuid:token_id>/revocation", PROFILES, at=TOKEN),
    # Everybody's own: none opens more than whoever issues it may.
    _get("tokens/"),
    _get("tokens/new"),
    _post("tokens/new", gives=200, body=OWN_TOKEN),
    _get("tokens/<uuid:token_id>/revocation", at=TOKEN),
    _post("tokens/<uuid:token_id>/revocation", at=TOKEN),
    _get("set-up/activity/", ACTIVITY, query={"member": "{tess}", "record": "customer:{vera}"}),
    _post("set-up/activity/export", EXPORT, ACTIVITY, gives=200, body={"member": "{tess}"}),
    _get("set-up/modules/", any_of=(SET_UP, PROFILES, LAYOUTS)),
    _get("set-up/services/", PROFILES),
    # As it is: whoever may nothing else takes nothing from profiles that may more.
    _post("set-up/services/", PROFILES, body={"profiles": ["{front_desk}", "{provider}"]}),
    _get("set-up/services/switch", SET_UP),
    _post("set-up/services/switch", SET_UP, body={"switch": "off"}),
    # Open to whoever sees the services, though the rest of the set-up is not (3.3).
    _get("set-up/services/preferences", SERVICES),
    _post("set-up/services/preferences", SERVICES, body={"use": "no"}),
    _post("layouts/<slug:module>/<slug:name>/asked", SEE, at=LAID_OUT, gives=200, body={"own": "f1", "f1": "A"}),
    _get("layouts/<slug:module>/<slug:name>/suggestions", SEE, at=LAID_OUT, query={"field": "f1", "q": "vera"}),
    _get("set-up/services/sheet-layouts", LAYOUTS),
    _get("set-up/services/sheet-layouts/new", LAYOUTS),
    _post("set-up/services/sheet-layouts/new", LAYOUTS, body={"label": "Installation", "begins": "repair"}),
    _get("set-up/services/sheet-layouts/<slug:layout>/name", LAYOUTS, at=REPAIR),
    _post("set-up/services/sheet-layouts/<slug:layout>/name", LAYOUTS, at=REPAIR, body={"label": "Dépannage"}),
    _post("set-up/services/sheet-layouts/<slug:layout>/removal", LAYOUTS, at=REPAIR),
    _post("set-up/services/sheet-layouts/<slug:layout>/reinstatement", LAYOUTS, at=REPAIR),
    _get(LAYOUT, LAYOUTS, at=LAID_OUT),
    _post(LAYOUT, LAYOUTS, at=LAID_OUT, gives=200, json=True, body={"version": 1, "layout": TYPED_LAYOUT}),
    _get(f"{LAYOUT}versions", LAYOUTS, at=LAID_OUT),
    _get(CONVERSION, LAYOUTS, at=CAR, query={"type": "choice"}),
    _post(CONVERSION, LAYOUTS, at=CAR, body={"type": "choice", "choices": "Clio", "version": "1"}),
    _get(f"{CONVERSION}/left", LAYOUTS, at=CAR, query={"type": "number"}),
    _post(f"{LAYOUT}versions/<int:number>/restoration", LAYOUTS, at=LAID_OUT, body={"version": "1"}),
)

ONE = "appointments/{appointment_id}"
ASKED = {"service": "{haircut}", "member": "{lea}"}
ONE_SERVICE = "services/{service_id}"
OPERATIONS = (
    _api("GET", "services", SERVICES, query={"member": "{lea}", "category": "{category}", "tag": "{tag}"}),
    _api(
        "POST",
        "services",
        SERVICES,
        NEW_SERVICE,
        body={
            "id": "{new}",
            "name": "Brushing",
            "duration": {"usual": 30},
            "amount": 2000,
            "members": [{"id": "{lea}"}],
            "taxes": ["{tax}"],
            "category": "{category}",
            "tags": ["{tag}"],
        },
        gives=201,
    ),
    _api("GET", "services/bin", SERVICES, DELETE_SERVICE),
    _api("POST", "services/bulk", SERVICES, EDIT_SERVICE, body={"services": ["{haircut}"], "add_member": "{tess}"}),
    _api("GET", ONE_SERVICE, SERVICES, at=HAIRCUT),
    _api("PUT", ONE_SERVICE, SERVICES, EDIT_SERVICE, at=HAIRCUT, body={"members": [{"id": "{max}"}]}),
    _api("DELETE", ONE_SERVICE, SERVICES, DELETE_SERVICE, at=UNBOOKED, gives=204),
    _api(
        "POST",
        f"{ONE_SERVICE}/clone",
        SERVICES,
        NEW_SERVICE,
        at=HAIRCUT,
        body={"members": [{"id": "{max}"}]},
        gives=201,
    ),
    _api("POST", f"{ONE_SERVICE}/restoration", SERVICES, DELETE_SERVICE, at=BINNED, gives=201),
    _api("GET", f"{ONE_SERVICE}/outages", SERVICES, at=HAIRCUT),
    _api("POST", f"{ONE_SERVICE}/outages", SERVICES, EDIT_SERVICE, at=HAIRCUT, body={"until": "tomorrow"}, gives=201),
    _api(
        "DELETE",
        f"{ONE_SERVICE}/outages/{{outage_id}}",
        SERVICES,
        EDIT_SERVICE,
        at={**PAUSED, "outage_id": "paused_outage"},
        gives=204,
    ),
    _api("POST", f"{ONE_SERVICE}/not-in-use", SERVICES, EDIT_SERVICE, at=HAIRCUT),
    _api("POST", f"{ONE_SERVICE}/available", SERVICES, EDIT_SERVICE, at=HAIRCUT),
    _api("GET", f"{ONE_SERVICE}/image", SERVICES, at=PAUSED),
    # What is sent here is no image.
    _api("PUT", f"{ONE_SERVICE}/image", SERVICES, EDIT_SERVICE, at=HAIRCUT, gives=422),
    _api("DELETE", f"{ONE_SERVICE}/image", SERVICES, EDIT_SERVICE, at=PAUSED, gives=204),
    _api("GET", "categories", SERVICES),
    _api("GET", "tags", SERVICES),
    _api("GET", "taxes", SERVICES),
    _api("GET", "layouts/{module}", CUSTOMERS, at={"module": "laid_out"}),
    _api("GET", "customers", CUSTOMERS, query={"q": "vera"}),
    _api("POST", "customers", NEW_CUSTOMER, body={"name": "Zoé", "id": "{new}"}, gives=201),
    _api("GET", "customers/{customer_id}", CUSTOMERS, at=VERA),
    _api(
        "PUT",
        "customers/{customer_id}",
        CUSTOMERS,
        EDIT_CUSTOMER,
        at=VERA,
        body={"name": "Vera", "phones": [], "emails": []},
    ),
    _api("GET", "availability", SERVICES, query={**ASKED, "from": "{day}", "to": "{day}"}),
    _api("GET", "availability/refusals", SERVICES, query={**ASKED, "start": "{free}"}),
    _api(
        "POST",
        "appointments",
        BOOK,
        SERVICES,
        CUSTOMERS,
        body={**ASKED, "customer": "{vera}", "address": "{address}", "start": "{free}", "id": "{new}"},
        gives=201,
    ),
    _api(
        "GET",
        "appointments",
        SEE,
        CUSTOMERS,
        query={"from": "{day}", "to": "{day}", "member": "{lea}", "customer": "{vera}"},
    ),
    _api("GET", ONE, SEE, at=COMING),
    _api("PUT", f"{ONE}/schedule", MOVE, SEE, at=COMING, body={"start": "{free}", "member": "{max}", "reason": "team"}),
    _api("PUT", f"{ONE}/details", MOVE, SEE, at=COMING, body={"note": "By the back door"}),
    _api("POST", f"{ONE}/cancellation", CANCEL, SEE, at=COMING, body={"reason": "team"}, gives=201),
    _api("POST", f"{ONE}/no-show", CLOSE, SEE, at=PASSED, gives=201),
    _api("POST", f"{ONE}/start", CLOSE, SEE, at=COMING),
    _api("POST", f"{ONE}/completion", CLOSE, SEE, at=PASSED, gives=201),
    _api("POST", f"{ONE}/undo", CLOSE, SEE, at=ENDED),
    _api("POST", f"{ONE}/reopening", REOPEN, SEE, at=ENDED, body={"reason": "Came after all"}),
    # What is sent here is no form.
    _api("POST", "files", FILL, query={"field": "{signature}"}, gives=422),
    _api("GET", "files/{file_id}", CUSTOMERS, at={"file_id": "held_file"}, silent=True),
    _api("GET", "job-sheet-layouts", SHEETS),
    _api("GET", f"{ONE}/job-sheet", SHEETS, SEE, at=SHEETED),
    _api("PUT", f"{ONE}/job-sheet", SHEETS, FILL, SEE, at=SHEETED, body={"values": {"{field}": "Vera"}}),
)


def _outside(verb: str, path: str, nobody: int, member: int, **more: Any) -> Row:
    return Row(Route(OUTSIDE, path, verb), (), member, nobody=nobody, **more)


SIGN_IN = {"login": "bea@salon.example", "password": "a long password"}
LINK = "accounts/password/new/<uidb64>/<token>/"
NEW_PASSWORD = {"new_password1": "another password", "new_password2": "another password"}
INVITED = "accounts/invitations/<str:secret>/"
#: Before any organisation. Where nobody is sent on, that is to the sign-in; a member, to the first page.
BEFORE = (
    _outside("GET", "", SENT_ON, SENT_ON),
    _outside("GET", "accounts/login/", 200, SENT_ON),
    _outside("POST", "accounts/login/", SENT_ON, SENT_ON, body=SIGN_IN),
    _outside("PUT", "accounts/login/", 200, SENT_ON),
    _outside("GET", "accounts/", SENT_ON, 200),
    _outside("GET", "accounts/login/passkey/", 200, SENT_ON),
    _outside("POST", "accounts/login/passkey/", SENT_ON, SENT_ON, body={"credential": "none"}),
    # Only between a password that was right and the second step.
    _outside("GET", "accounts/login/second-step/", SENT_ON, SENT_ON),
    _outside("POST", "accounts/login/second-step/", SENT_ON, SENT_ON, body={"code": "123456"}),
    _outside("GET", "accounts/confirmation/", SENT_ON, 200),
    _outside("POST", "accounts/confirmation/", SENT_ON, 422, body={"password": "a guess"}),
    # Whoever signed in long ago must show first that it is them: `test_second_step.py` tells what follows.
    _outside("GET", "accounts/email/", SENT_ON, SENT_ON),
    _outside("POST", "accounts/email/", SENT_ON, SENT_ON, body={"email": "tess@mail.example"}),
    _outside("GET", "accounts/email/<str:secret>/", SENT_ON, 410),
    _outside("POST", "accounts/email/<str:secret>/", SENT_ON, 410),
    _outside("GET", "accounts/app/", SENT_ON, SENT_ON),
    _outside("POST", "accounts/app/", SENT_ON, SENT_ON, body={"code": "123456"}),
    _outside("GET", "accounts/app/removal/", SENT_ON, SENT_ON),
    _outside("POST", "accounts/app/removal/", SENT_ON, SENT_ON),
    _outside("GET", "accounts/passkeys/new/", SENT_ON, SENT_ON),
    _outside("POST", "accounts/passkeys/new/", SENT_ON, SENT_ON, body={"name": "Phone", "credential": "none"}),
    _outside("GET", "accounts/passkeys/<uuid:passkey_id>/removal/", SENT_ON, SENT_ON),
    _outside("POST", "accounts/passkeys/<uuid:passkey_id>/removal/", SENT_ON, SENT_ON),
    _outside("GET", "accounts/recovery-codes/", SENT_ON, SENT_ON),
    _outside("POST", "accounts/recovery-codes/", SENT_ON, SENT_ON),
    _outside("GET", "accounts/second-step/", SENT_ON, SENT_ON),
    _outside("POST", "accounts/sessions/end/", SENT_ON, SENT_ON),
    _outside("GET", "accounts/logout/", SENT_ON, 200),
    _outside("POST", "accounts/logout/", SENT_ON, SENT_ON),
    _outside("GET", "accounts/password/", SENT_ON, 200),
    _outside("POST", "accounts/password/", SENT_ON, 200, body={"old_password": "a guess"}),
    _outside("PUT", "accounts/password/", SENT_ON, 200),
    _outside("GET", "accounts/password/forgotten/", 200, 200),
    _outside("POST", "accounts/password/forgotten/", SENT_ON, SENT_ON, body={"email": "bea@salon.example"}),
    _outside("GET", "accounts/password/forgotten/sent/", 200, 200),
    _outside("GET", LINK, 200, 200),
    _outside("POST", LINK, 200, 200, body=NEW_PASSWORD),
    _outside("PUT", LINK, 200, 200),
    # Not Tess's: she is signed in with another address.
    _outside("GET", INVITED, 200, 200),
    _outside(
        "POST", INVITED, SENT_ON, 422, body={"new_password1": "a new password", "new_password2": "a new password"}
    ),
    _outside("GET", "accounts/organisations/", SENT_ON, 200),
    _outside("POST", "accounts/organisations/", SENT_ON, SENT_ON, body={"default": "salon"}),
    _outside("POST", "accounts/preferences/", SENT_ON, SENT_ON, body={"language": "fr"}),
    _outside("GET", "api/v1/openapi.json", 200, 200),
    _outside("GET", "demo/progress/", 404, 200),
    _outside("GET", "demo/sign-in/<str:token>/", 404, 404),
    _outside("POST", "demo/sign-in/<str:token>/", 404, 404),
    _outside("GET", "dev/components", 200, 200),
    _outside("GET", "dev/components/day", 200, 200),
    # There is a business already (J8).
    _outside("GET", "first-run/<str:secret>/", 404, 404),
    _outside("POST", "first-run/<str:secret>/", 404, 404, body={"name": "Mine"}),
    # Tess is the administrator of none.
    _outside("GET", "organisations/new/", SENT_ON, 403),
    _outside("POST", "organisations/new/", SENT_ON, 403, body={"step": "business", "name": "Mine"}),
    _outside("GET", "healthz", 200, 200),
    _outside("GET", "readyz", 200, 200),
)

ROWS = (*PAGES, *OPERATIONS)
