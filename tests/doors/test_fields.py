"""Fields that are taken away from a profile: no door tells what is hidden, none takes what may not be edited."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse

from carnet.appointments.models import Appointment, Ending, Move, Segment
from carnet.base.scopes import open_organisation
from carnet.catalogue.models import AddOn, Category, LengthPrice, Service, ServiceMember, Tag, Tax
from carnet.customers.actions.create import write_lookup
from carnet.customers.models import Address, Contact, Customer, Membership, Note
from carnet.customisation.queries import fields_of, key_of
from carnet.jobsheets.queries import kept_or_blank
from carnet.organisations.access import Access
from carnet.organisations.fields import HIDDEN, READ_ONLY, is_added, modules
from carnet.organisations.models import Activity, FieldRight, Member
from carnet.organisations.permissions import PERMISSIONS
from tests.doors.matrix import COMING, OPERATIONS, PAGES, Row, _api, _get, _post
from tests.doors.routes import API
from tests.doors.world import World, fence_up, tried, unchanged
from tests.laid_out import let_hold

#: 76 543,21 €: told as it is typed, written with its separators, or as minor units, always these digits in a row.
AMOUNT = 7_654_321
#: What the mark of a field looks like where letters and spaces may stand in it.
PHONE = "07 65 43 29 87"
MARKS = {
    ("customers", "phone"): ("0765432987", "765432987"),
    ("customers", "email"): ("markemail@",),
    ("customers", "address"): ("markstreet", "markcity", "marklabel"),
    ("customers", "access_note"): ("markdoor",),
    ("customers", "notes"): ("marknote",),
    ("customers", "memberships"): ("markplan", "marknumber"),
    ("customers", "language"): ("zz-mark",),
    ("customers", "zone"): ("Pacific/Chatham",),
    ("services", "price"): (str(AMOUNT), "marktax"),
    ("services", "owner"): ("markowner",),
    ("services", "category"): ("markcategory",),
    ("services", "tags"): ("marktag",),
    ("services", "description"): ("markdescription",),
    ("services", "image"): ("pictures/", "image?size"),
    ("appointments", "address"): ("markvisitstreet",),
    ("appointments", "access_note"): ("markvisitdoor",),
    ("appointments", "note"): ("markvisitnote",),
    ("appointments", "reason"): ("markwhy",),
}
#: Whose own pages name a member whatever they own.
NAMES_MEMBERS = re.compile(r"set-up/|members/|day/")
#: Beyond the rows of the matrix: what shows more of the same records.
MORE = (
    _get("customers/<uuid:customer_id>/", at={"customer_id": "vera"}, query={"visits": "all"}),
    _get("customers/lookup", query={"q": "élan", "for": "booking"}),
    _get("services/", query={"layout": "cards", "customer": "{vera}"}),
    _get("services/", query={"view": "unavailable"}),
    _get("customers/list"),
    _get("appointments/<uuid:appointment_id>/details/", at={"appointment_id": "coming"}),
    _get("set-up/activity/"),
    _post("set-up/activity/export", gives=200, body={}),
    _api("GET", "appointments", query={"from": "{day}", "to": "{day}"}),
    _get("appointments/<uuid:appointment_id>/", at={"appointment_id": "ended"}),
    _get("appointments/<uuid:appointment_id>/", at={"appointment_id": "sheeted"}),
    _get("my-day/", query={"day": "{day}"}),
)


def mark(world: World) -> dict[tuple[str, str], tuple[str, ...]]:
    """Write its mark into every field of every module, in the records and in their history; return all marks."""
    salon, marks = world.salon, dict(MARKS)
    with fence_up(), open_organisation(salon.organisation):
        vera = salon.customers["vera"]
        Contact.objects.filter(kind="phone").update(value=PHONE, normal="+33765432987")
        Contact.objects.filter(kind="email").update(value="markemail@mail.example", normal="markemail@mail.example")
        Address.objects.update(street="1 markstreet", city="markcity", label="marklabel", access_note="markdoor")
        Note.objects.update(text="marknote")
        Membership.objects.update(plan="markplan", number="marknumber")
        Customer.objects.update(zone="Pacific/Chatham", language="zz-mark")
        own = {"customers": Customer, "services": Service, "appointments": Appointment}
        for module in modules():
            for one in module.all_fields(salon.access("alice")) if module.key in own else ():
                if is_added(one.key):
                    marks[module.key, one.key] = (f"markown{module.key}",)
                    let_hold(salon, own[module.key], one.key, f"markown{module.key}")
        for customer in Customer.objects.all():
            write_lookup(salon.system, customer)
        owner = Member.objects.get(name="Otto")
        Member.objects.filter(pk=owner.pk).update(name="Markowner")
        Service.objects.update(
            price=AMOUNT, owner=owner, description="markdescription", category=Category.objects.get()
        )
        Category.objects.update(name="markcategory")
        Tag.objects.update(name="marktag")
        Tax.objects.update(name="marktax")
        for service in Service.objects.all():
            service.tags.set(Tag.objects.all(), through_defaults={"organisation": salon.organisation})
        ServiceMember.objects.update(price=AMOUNT)
        one = {"organisation": salon.organisation, "service": salon.services["haircut"]}
        AddOn.objects.create(**one, name="Soin", minutes=5, price=AMOUNT)
        LengthPrice.objects.create(**one, minutes=40, price=AMOUNT)
        Segment.objects.update(
            net=AMOUNT,
            total=AMOUNT,
            taxes=[{"name": "marktax", "rate": 20_000, "amount": AMOUNT}],
            add_ons=[{"id": "b1946ac9-2d5e-4a5c-8d3f-0c4f0c6e7a01", "name": "Soin", "minutes": 5, "price": AMOUNT}],
        )
        Appointment.objects.update(
            total=AMOUNT,
            place="customer",
            address="2 markvisitstreet",
            access_note="markvisitdoor",
            note="markvisitnote",
            owner=world.tess,
        )
        Ending.objects.update(note="markwhy")
        coming = Appointment.objects.get(public_id=world.names["coming"])
        _tell(salon.system, "appointment.moved", coming)
        said = {"from_starts_at": coming.starts_at, "to_starts_at": coming.starts_at, "at": salon.now}
        Move.objects.create(organisation=salon.organisation, appointment=coming, reason="team", note="markwhy", **said)
        sheeted = Appointment.objects.get(public_id=world.names["sheeted"])
        sheet = kept_or_blank(salon.system, sheeted)
        for field in fields_of(sheet.layout_version.document):
            if field["type"] in ("text", "paragraph"):
                marks["job_sheets", key_of(field)] = (f"marksheet{key_of(field)}end",)
                sheet.custom[key_of(field)] = f"marksheet{key_of(field)}end"
        sheet.version = 1
        sheet.save()
        for subject in (vera, salon.services["haircut"], coming, sheet):
            _tell(salon.system, f"{subject._meta.model_name}.edited", subject, marks)
        _tell(salon.system, "category.added", Category.objects.get())
        _tell(salon.system, "tax.added", Tax.objects.get())
    return marks


def _tell(access: Access, kind: str, subject: Any, marks: dict[tuple[str, str], tuple[str, ...]] | None = None) -> None:
    """Write into the history of a record that each of its fields was changed from its mark to its mark."""
    changes: dict[str, list[Any]] = {}
    for module in modules():
        if marks and module.subject == subject._meta.model_name:
            for one in module.all_fields(access):
                value = marks.get((module.key, one.key), ("",))[0]
                for name in (one.key, *one.history):
                    changes.setdefault(name, [None, ""])[1] += f" {value}"
    if "price" in changes:
        changes["price"] = [AMOUNT, AMOUNT]
    Activity.objects.create(
        organisation=access.organisation,
        at=access.now,
        kind=kind,
        actor_kind="system",
        actor="Carnet",
        subject_kind=subject._meta.model_name,
        subject_id=subject.pk,
        changes=changes,
    )


def told(answer: HttpResponse) -> str:
    """Return all that an answer says, without what separates the digits of amounts and numbers."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    text = content.decode(errors="replace")
    # No mark of ours may be in what was asked for itself.
    return re.sub(r"(?<=\d)[\s.,\u202f\u00a0]+(?=\d)|%20", "", text)


def seen(world: World) -> Iterator[tuple[Row, str]]:
    for row in (*PAGES, *OPERATIONS, *MORE):
        if row.route.verb == "GET" or row in MORE:
            with tried():
                answer = world.send(row)
                assert answer.status_code < 500, row
                yield row, told(answer)


def take_away(world: World, module: str, key: str, right: str) -> None:
    with open_organisation(world.salon.organisation):
        FieldRight.objects.all().delete()
        one = {"organisation": world.salon.organisation, "profile_id": world.tess.profile_id}
        FieldRight.objects.create(**one, module=module, field=key, right=right)


@pytest.fixture
def marked(world: World) -> tuple[World, dict[tuple[str, str], tuple[str, ...]]]:
    marks = mark(world)
    world.may(*PERMISSIONS)
    return world, marks


def test_every_field_that_can_be_hidden_has_its_mark(marked: tuple[World, Any]) -> None:
    """A field that is declared and not marked would be tried by nobody."""
    world, marks = marked
    with open_organisation(world.salon.organisation):
        hideable = {
            (module.key, one.key)
            for module in modules()
            for one in module.all_fields(world.salon.access("alice"))
            if one.may_hide and module.key != "job_sheets"
        }
    assert hideable == {one for one in marks if one[0] != "job_sheets"}
    assert any(one[0] == "job_sheets" for one in marks)


@pytest.mark.guard("field_rights")
def test_what_is_hidden_is_told_by_no_page_no_list_no_export_and_no_api(marked: tuple[World, Any]) -> None:
    """(I3)"""
    world, marks = marked
    everything = " ".join(text for _row, text in seen(world))
    unseen = [mark for several in marks.values() for mark in several if mark not in everything.replace("Mark", "mark")]
    assert unseen == ["765432987"] or not unseen, "these marks are told nowhere, so that hiding them proves nothing"
    wrong = []
    for (module, key), several in marks.items():
        take_away(world, module, key, HIDDEN)
        for row, text in seen(world):
            if key == "owner" and NAMES_MEMBERS.search(row.route.path):
                continue
            # The list of all time zones there are tells nothing of a customer’s.
            if key == "zone" and row.route.path.endswith("set-up/region"):
                continue
            wrong += [f"{module}.{key}: {row} tells {one}" for one in several if one in text.replace("Mark", "mark")]
    assert not wrong, "\n".join(wrong)


VERA, HAIRCUT, BOTH = {"customer_id": "vera"}, {"service_id": "haircut"}, {"service_id": "both"}
CUSTOMER, SERVICE, VISIT = (
    "customers/<uuid:customer_id>/",
    "services/<uuid:service_id>/",
    "appointments/<uuid:appointment_id>/",
)
BOOKED = {"service-0": "{haircut}", "member-0": "{lea}", "start": "{free}", "day": "{day}", "id": "{new}"}
ASKED = {"service": "{haircut}", "member": "{lea}", "start": "{free}", "id": "{new}"}


def _booked(**typed: str) -> Row:
    return _post("appointments/", body={**BOOKED, "name": "Zoé", **typed})


def _booked_by_api(**sent: Any) -> Row:
    return _api("POST", "appointments", body={**ASKED, **sent})


def _service(**sent: Any) -> tuple[Row, ...]:
    """Return the ways in which a program may send this of a service."""
    new: dict[str, Any] = {"name": "Brushing", "duration": {"usual": 30}, "members": [{"id": "{lea}"}]}
    # Whoever may edit prices is asked for one.
    new |= {} if {"amount", "members", "add_ons"} & sent.keys() else {"amount": 0}
    return (
        _api("PUT", "services/{service_id}", at=BOTH, body=sent),
        _api("POST", "services", body={**new, **sent}),
        _api("POST", "services/{service_id}/clone", at=BOTH, body=sent),
    )


def _service_form(**typed: Any) -> tuple[Row, ...]:
    body = {"name": "Coiffage", "usual": "30", "members": ["{lea}"], "place": "business", **typed}
    return (
        _post(f"{SERVICE}edit", at=BOTH, body=typed),
        _post("services/new", body=body),
        _post(f"{SERVICE}clone", at=BOTH, body=body),
    )


NEW_ADDRESS = {"street": "9 rue X"}
#: Field -> everything that names it, on pages and in the API.
WRITES: dict[tuple[str, str], tuple[Row, ...]] = {
    ("customers", "name"): (
        _post(f"{CUSTOMER}edit", at=VERA, body={"name": "Vera", "version": "1"}),
        _api("PUT", "customers/{customer_id}", at=VERA, body={"name": "Vera", "phones": [], "emails": []}),
    ),
    ("customers", "phone"): (
        _post(f"{CUSTOMER}edit", at=VERA, body={"name": "Vera", "phone": "06 11 11 11 11", "version": "1"}),
        _post("customers/new", body={"name": "Zoé", "phone": "06 11 11 11 11"}),
        _booked(phone="06 11 11 11 11"),
        _api("PUT", "customers/{customer_id}", at=VERA, body={"name": "Vera", "phones": [], "emails": []}),
        _api("POST", "customers", body={"name": "Zoé", "phones": ["06 11 11 11 11"]}),
        _booked_by_api(new_customer={"name": "Zoé", "phones": ["06 11 11 11 11"]}),
    ),
    ("customers", "email"): (
        _post(f"{CUSTOMER}edit", at=VERA, body={"name": "Vera", "email": "new@mail.example", "version": "1"}),
        _post("customers/new", body={"name": "Zoé", "email": "new@mail.example"}),
        _booked(email="new@mail.example"),
        _api("PUT", "customers/{customer_id}", at=VERA, body={"name": "Vera", "phones": [], "emails": []}),
        _api("POST", "customers", body={"name": "Zoé", "emails": ["new@mail.example"]}),
        _booked_by_api(new_customer={"name": "Zoé", "emails": ["new@mail.example"]}),
    ),
    ("customers", "address"): (
        _post(f"{CUSTOMER}addresses", at=VERA, body=NEW_ADDRESS),
        _post(
            "appointments/",
            body={**BOOKED, "service-0": "{garden}", "customer": "{vera}", "address": "new"} | NEW_ADDRESS,
        ),
        _api("POST", "customers", body={"name": "Zoé", "addresses": [NEW_ADDRESS]}),
        _booked_by_api(service="{garden}", customer="{vera}", new_address=NEW_ADDRESS),
    ),
    ("customers", "access_note"): (
        _post(f"{CUSTOMER}addresses", at=VERA, body={**NEW_ADDRESS, "access_note": "Code 1"}),
        _api("POST", "customers", body={"name": "Zoé", "addresses": [{**NEW_ADDRESS, "access_note": "Code 1"}]}),
        _booked_by_api(service="{garden}", customer="{vera}", new_address={**NEW_ADDRESS, "access_note": "Code 1"}),
    ),
    ("customers", "notes"): (_post(f"{CUSTOMER}notes", at=VERA, body={"text": "Likes tea"}),),
    ("customers", "language"): (_api("POST", "customers", body={"name": "Zoé", "language": "en"}),),
    ("customers", "zone"): (_api("POST", "customers", body={"name": "Zoé", "zone": "Europe/Paris"}),),
    ("services", "name"): (
        _api("PUT", "services/{service_id}", at=BOTH, body={"name": "Brushing"}),
        _post(f"{SERVICE}edit", at=BOTH, body={"name": "Brushing"}),
    ),
    ("services", "duration"): (
        _api("PUT", "services/{service_id}", at=BOTH, body={"duration": {"usual": 45}}),
        _post(f"{SERVICE}edit", at=BOTH, body={"usual": "45"}),
    ),
    ("services", "members"): (
        _api("PUT", "services/{service_id}", at=BOTH, body={"members": [{"id": "{max}"}]}),
        _api("POST", "services/bulk", body={"services": ["{haircut}"], "add_member": "{tess}"}),
        _post(f"{SERVICE}edit", at=BOTH, body={"members": ["{max}"]}),
        _post(
            "services/selection",
            body={"do": "member", "confirmed": "1", "service": ["{haircut}"], "member": "{tess}"},
        ),
    ),
    ("services", "place"): (_api("PUT", "services/{service_id}", at=BOTH, body={"place": "customer"}),),
    ("services", "hours"): (
        *_service(hours=[{"weekday": "monday", "opens": "09:00", "closes": "12:00"}]),
        *_service_form(days="weekdays", weekday_0="on"),
    ),
    ("services", "job_sheet"): (*_service(asks_job_sheet=True), *_service_form(asks_job_sheet="on")),
    ("services", "price"): (
        *_service(amount=1),
        *_service(members=[{"id": "{lea}", "amount": 1}]),
        *_service(add_ons=[{"name": "Soin", "amount": 1}]),
        *_service_form(price="20"),
        _api("POST", "services/bulk", body={"services": ["{haircut}"], "price_percent": 5}),
        _post("services/selection", body={"do": "prices", "confirmed": "1", "service": ["{haircut}"], "percent": "5"}),
    ),
    ("services", "owner"): (*_service(owner="{lea}"), *_service_form(owner="{lea}")),
    ("services", "category"): (
        *_service(category="{category}"),
        *_service(new_category="Neuf"),
        *_service_form(category="Neuf"),
    ),
    ("services", "tags"): (*_service(tags=["{tag}"]), *_service(new_tags=["Neuf"]), *_service_form(tags="Neuf")),
    ("services", "description"): (*_service(description="Neuf"), *_service_form(description="Neuf")),
    ("services", "image"): (
        _api("DELETE", "services/{service_id}/image", at={"service_id": "paused"}),
        _api("PUT", "services/{service_id}/image", at=HAIRCUT),
        _post(f"{SERVICE}edit", at=BOTH, body={"drop_image": "on"}),
    ),
    ("appointments", "time"): (
        _post(f"{VISIT}schedule/", at=COMING, body={"start": "{free}", "who": "{max}", "reason": "team"}),
        _api("PUT", "appointments/{appointment_id}/schedule", at=COMING, body={"start": "{free}", "reason": "team"}),
    ),
    ("appointments", "address"): (
        _booked_by_api(service="{garden}", customer="{vera}", new_address=NEW_ADDRESS),
        _post(
            "appointments/",
            body={**BOOKED, "service-0": "{garden}", "customer": "{vera}", "address": "new"} | NEW_ADDRESS,
        ),
    ),
    ("appointments", "access_note"): (
        _booked_by_api(service="{garden}", customer="{vera}", new_address={**NEW_ADDRESS, "access_note": "Code 1"}),
    ),
    ("appointments", "note"): (_booked(note="Quickly"), _booked_by_api(customer="{vera}", note="Quickly")),
    ("appointments", "reason"): (
        _post(
            f"{VISIT}schedule/", at=COMING, body={"start": "{free}", "who": "{max}", "reason": "team", "note": "Why"}
        ),
        _post(f"{VISIT}cancellation/", at=COMING, body={"reason": "team", "note": "Why"}),
        _post(f"{VISIT}no-show/", at={"appointment_id": "passed"}, body={"note": "Why"}),
        _post(f"{VISIT}reopening/", at={"appointment_id": "ended"}, body={"reason": "Why"}),
        _api("POST", "appointments/{appointment_id}/cancellation", at=COMING, body={"reason": "team", "note": "Why"}),
        _api("POST", "appointments/{appointment_id}/no-show", at={"appointment_id": "passed"}, body={"note": "Why"}),
        _api("POST", "appointments/{appointment_id}/reopening", at={"appointment_id": "ended"}, body={"reason": "Why"}),
        _api(
            "PUT",
            "appointments/{appointment_id}/schedule",
            at=COMING,
            body={"start": "{free}", "member": "{max}", "reason": "team", "note": "Why"},
        ),
    ),
    ("job_sheets", "{field}"): (
        _post(f"{VISIT}job-sheet/", at={"appointment_id": "sheeted"}, body={"{field}": "Vera", "version": "0"}),
        _post(
            f"{VISIT}job-sheet/",
            at={"appointment_id": "sheeted"},
            body={"{field}": "Vera", "version": "0", "part": "1"},
        ),
        _api(
            "PUT",
            "appointments/{appointment_id}/job-sheet",
            at={"appointment_id": "sheeted"},
            body={"values": {"{field}": "V"}},
        ),
        _api(
            "POST",
            "appointments/{appointment_id}/completion",
            at={"appointment_id": "sheeted"},
            body={"values": {"{field}": "V"}},
        ),
    ),
}
#: What nobody types yet at any door.
TYPED_NOWHERE = {("customers", "memberships")}


def test_every_field_has_its_writes() -> None:
    declared = {(module.key, one.key) for module in modules() for one in module.fields}
    assert declared - TYPED_NOWHERE == {one for one in WRITES if one[0] != "job_sheets"}


@pytest.mark.guard("field_rights")
@pytest.mark.parametrize("right", [READ_ONLY, HIDDEN])
def test_what_may_not_be_edited_is_refused_wherever_it_is_named_and_nothing_changes(world: World, right: str) -> None:
    """(I3, I10)"""
    world.may(*PERMISSIONS)
    wrong = []
    for (module, key), rows in WRITES.items():
        key = key.format(**world.names)
        for row in rows:
            take_away(world, module, key, right)
            with unchanged(row), tried():
                answer = world.send(row)
                if answer.status_code != 403:
                    wrong.append(f"{module}.{key}: {row} {row.body} answers {answer.status_code}")
                elif row.route.door == API:
                    assert answer.json()["code"] == "field_not_permitted"
    assert not wrong, "\n".join(wrong)


def test_without_that_right_the_same_requests_are_taken(world: World) -> None:
    """What is refused above is refused for the field alone: else the test would prove nothing."""
    world.may(*PERMISSIONS)
    refused = []
    for (module, key), rows in WRITES.items():
        for row in rows:
            with tried():
                answer = world.send(row)
                if answer.status_code in (403, 404):
                    refused.append(f"{module}.{key}: {row}")
    assert not refused, "\n".join(refused)
