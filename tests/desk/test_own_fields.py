"""Fields that an organisation added, in its forms and on its pages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from carnet.appointments.actions import cancel_appointment
from carnet.base.errors import Invalid
from carnet.base.scopes import open_organisation
from carnet.customers.actions import NewCustomer, create_customer
from carnet.customers.models import Customer
from carnet.organisations.actions import set_field_rights
from carnet.organisations.models import Profile
from tests.cast import Business
from tests.laid_out import add_fields, choice, text

HTMX = {"HX-Request": "true", "HX-Target": "sheet", "HX-Request-Type": "partial"}


@pytest.fixture
def desk(open_salon: Business, client: Client) -> Client:
    client.force_login(open_salon.user("bea"))
    return client


def added(business: Business, *fields: dict[str, Any], **where: str) -> list[str]:
    with open_organisation(business.organisation):
        return add_fields(business, *fields, **where)


def newest(business: Business) -> Customer:
    with open_organisation(business.organisation):
        return Customer.objects.latest("pk")


def test_a_field_is_in_the_form_at_once_is_saved_and_shown_on_the_page(desk: Client, open_salon: Business) -> None:
    plate, wash = added(open_salon, text("Plate"), choice("Wash", "With water", "Without water"))
    form = desk.get(open_salon.url("customers/new")).content.decode()
    assert 'name="f' in form
    assert "Plate" in form
    assert "Without water" in form
    typed = {"name": "Karim", "own": [plate, wash], plate: "AB-123-CD", wash: "2"}
    page = desk.post(open_salon.url("customers/new"), typed, headers=HTMX).content.decode()
    assert newest(open_salon).custom == {plate: "AB-123-CD", wash: 2}
    assert "AB-123-CD" in page
    assert "Without water" in page


def test_what_is_wrong_is_told_beside_its_field_and_nothing_typed_is_lost(desk: Client, open_salon: Business) -> None:
    plate, doors = added(
        open_salon, text("Plate", required=True), {"type": "number", "label": {"en": "Doors"}, "maximum": 5}
    )
    typed = {"name": "Karim", "own": [plate, doors], plate: "", doors: "seven"}
    answer = desk.post(open_salon.url("customers/new"), typed, headers=HTMX)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Fill this in." in page
    assert "This must be a number." in page
    assert 'value="seven"' in page
    assert newest(open_salon).name != "Karim"


def test_an_unticked_box_is_taken_away_and_a_field_that_was_not_sent_stays(desk: Client, open_salon: Business) -> None:
    vip, plate = added(open_salon, {"type": "checkbox", "label": {"en": "VIP"}}, text("Plate"))
    with open_organisation(open_salon.organisation):
        made = create_customer(open_salon.access("bea"), NewCustomer("Zoé", custom={vip: True, plate: "AB"}))
    url = open_salon.url(f"customers/{made.public_id}/edit")
    desk.post(url, {"name": "Zoé", "version": made.version, "own": [vip]}, headers=HTMX)
    assert newest(open_salon).custom == {plate: "AB"}
    desk.post(url, {"name": "Zoé B.", "version": made.version + 1}, headers=HTMX)
    assert newest(open_salon).custom == {plate: "AB"}


def test_a_form_with_conditions_asks_what_the_typed_values_let_appear(desk: Client, open_salon: Business) -> None:
    (wash,) = added(open_salon, choice("Wash", "With water", "Without water"))
    litres = {"type": "number", "label": {"en": "Litres"}, "shown_if": f"{wash} = #1"}
    _wash, litres, cost = added(open_salon, litres, text("Other"))
    form = desk.get(open_salon.url("customers/new")).content.decode()
    assert 'data-asked="' in form
    assert f'data-own="{litres}" data-type="number" hidden disabled' in form
    asked = open_salon.url("layouts/customers/standard/asked")
    told = json.loads(desk.post(asked, {"own": [wash, cost], wash: "1", cost: ""}).content)
    assert set(told["asked"]) == {wash, litres, cost}
    told = json.loads(desk.post(asked, {"own": [wash], wash: "2"}).content)
    assert set(told["asked"]) == {wash, cost}


def test_what_a_profile_may_not_see_or_edit_is_not_drawn_or_not_typed(desk: Client, open_salon: Business) -> None:
    plate, doors = added(open_salon, text("Plate"), text("Doors"))
    with open_organisation(open_salon.organisation):
        made = create_customer(open_salon.access("bea"), NewCustomer("Zoé", custom={plate: "AB-123", doors: "five"}))
        bea = Profile.objects.get(key="front_desk")
        rights = {("customers", plate): "hidden", ("customers", doors): "read_only"}
        set_field_rights(open_salon.access("alice"), bea, rights, seen=bea.version)
    page = desk.get(open_salon.url(f"customers/{made.public_id}/")).content.decode()
    assert "AB-123" not in page
    assert "Plate" not in page
    assert "five" in page
    assert f'name="{doors}"' not in page
    url = open_salon.url(f"customers/{made.public_id}/edit")
    for key in (plate, doors):
        refused = desk.post(url, {"name": "Zoé", "version": made.version, "own": [key], key: "X"}, headers=HTMX)
        assert refused.status_code in (403, 422)
    assert newest(open_salon).custom == {plate: "AB-123", doors: "five"}


def test_a_removed_built_in_field_is_not_in_the_form_and_keeps_what_it_holds(
    desk: Client, open_salon: Business
) -> None:
    from carnet.customisation.actions import save_layout
    from carnet.customisation.queries import current_layout, draft_of

    with open_organisation(open_salon.organisation):
        access = open_salon.access("alice")
        draft = draft_of(access, current_layout(access, "customers").document)
        for section in draft["sections"]:
            section["fields"] = [field for field in section["fields"] if field["key"] != "email"]
        save_layout(access, "customers", "standard", draft, version=0)
    vera = open_salon.customers["vera"]
    page = desk.get(open_salon.url(f"customers/{vera.public_id}/")).content.decode()
    assert 'name="email"' not in page
    desk.post(
        open_salon.url(f"customers/{vera.public_id}/edit"),
        {"name": "Véra", "phone": "06 12 34 56 78", "version": vera.version},
        headers=HTMX,
    )
    with open_organisation(open_salon.organisation):
        assert Customer.objects.get(pk=vera.pk).contacts.filter(kind="email").exists()


# Visits


def booked(business: Business, **custom: Any) -> Any:
    with open_organisation(business.organisation):
        visit = business.book("haircut", at="15:00")
        type(visit).objects.filter(pk=visit.pk).update(custom=custom)
        visit.refresh_from_db()
        return visit


def kept(visit: Any) -> dict[str, Any]:
    with open_organisation(visit.organisation):
        visit.refresh_from_db()
    found: dict[str, Any] = visit.custom
    return found


def test_the_booking_panel_asks_saves_and_shows_what_the_organisation_wants_to_know(
    desk: Client, open_salon: Business
) -> None:
    (plate,) = added(open_salon, text("Plate", required=True))
    car, note = added(
        open_salon,
        text("Car", required=True, shows=["form", "page", "card", "phone"]),
        text("Wish", shows=["form"]),
        module="appointments",
        name="create",
    )
    service, lea = open_salon.services["haircut"].public_id, open_salon.members["lea"].public_id
    start = open_salon.at("10:00").isoformat()
    typed = {
        "service-0": service,
        "member-0": lea,
        "start": start,
        "place": "business",
        "name": "Nadia",
        "phone": "061",
    }
    carried = {"own": [plate, car, note]}
    refused = desk.post(open_salon.url("appointments/"), typed | carried | {car: "", plate: ""})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert page.count("Fill this in.") == 2 or page.count("Fill this in.") == 1
    answer = desk.post(open_salon.url("appointments/"), typed | carried | {car: "Clio", plate: "AB-1", note: "Fast"})
    assert answer.status_code == 303
    page = desk.get(answer["Location"]).content.decode()
    assert "Clio" in page
    assert "Fast" not in page
    assert newest(open_salon).custom == {plate: "AB-1"}
    day = desk.get(open_salon.url(f"day/{open_salon.day.isoformat()}/")).content.decode()
    assert "Clio" in day


@pytest.mark.parametrize("how", ["cancel", "reschedule"])
def test_moving_and_cancelling_ask_their_own_questions_each_time_anew(
    desk: Client, open_salon: Business, how: str
) -> None:
    (who,) = added(open_salon, text("Who rang", required=True), module="appointments", name=how)
    visit = booked(open_salon, **{who: "from last time"})
    place = {"cancel": "cancellation", "reschedule": "schedule"}[how]
    url = open_salon.url(f"appointments/{visit.public_id}/{place}/")
    form = desk.get(url).content.decode()
    assert "Who rang" in form
    assert "from last time" not in form
    typed = {"reason": "customer", "own": [who], "start": open_salon.at("16:00").isoformat(), "version": visit.version}
    refused = desk.post(url, typed | {who: ""})
    assert refused.status_code == 422
    assert "Fill this in." in refused.content.decode()
    assert kept(visit) == {who: "from last time"}
    assert desk.post(url, typed | {who: "Her mother"}).status_code == 303
    assert kept(visit) == {who: "Her mother"}
    history = desk.get(open_salon.url(f"appointments/{visit.public_id}/")).content.decode()
    assert "Her mother" in history


def test_undoing_a_cancellation_takes_back_its_answers_too(desk: Client, open_salon: Business) -> None:
    (who,) = added(open_salon, text("Who rang"), module="appointments", name="cancel")
    visit = booked(open_salon)
    url = open_salon.url(f"appointments/{visit.public_id}/")
    desk.post(f"{url}cancellation/", {"reason": "customer", "own": [who], who: "Her mother"})
    assert kept(visit) == {who: "Her mother"}
    assert desk.post(f"{url}undo/").status_code == 303
    assert kept(visit) == {}


def test_the_phone_shows_what_is_to_show_on_the_phone(client: Client, open_salon: Business) -> None:
    car, hidden = added(
        open_salon,
        text("Car", shows=["form", "phone"]),
        text("Wish", shows=["form", "page"]),
        module="appointments",
        name="create",
    )
    booked(open_salon, **{car: "Clio", hidden: "Fast"})
    client.force_login(open_salon.user("lea"))
    page = client.get(open_salon.url(f"my-day/?day={open_salon.day.isoformat()}")).content.decode()
    assert "Clio" in page
    assert "Fast" not in page


def test_what_was_said_at_booking_can_be_corrected_and_only_as_it_was_read(desk: Client, open_salon: Business) -> None:
    """(D1)"""
    car, doors = added(
        open_salon, text("Car"), {"type": "number", "label": {"en": "Doors"}}, module="appointments", name="create"
    )
    visit = booked(open_salon, **{car: "Clio"})
    url = open_salon.url(f"appointments/{visit.public_id}/details/")
    assert 'value="Clio"' in desk.get(url).content.decode()
    typed = {"note": "By the back door", "own": [car, doors], car: "Mégane", "version": visit.version}
    assert desk.post(url, typed | {doors: "seven"}).status_code == 422
    assert kept(visit) == {car: "Clio"}
    assert desk.post(url, typed).status_code == 303
    assert kept(visit) == {car: "Mégane"}
    assert visit.note == "By the back door"
    stale = desk.post(url, typed | {car: "Twingo"}, headers=HTMX)
    assert stale.status_code == 412
    assert kept(visit) == {car: "Mégane"}
    page = desk.get(open_salon.url(f"appointments/{visit.public_id}/")).content.decode()
    assert "Details edited" in page


def test_an_answer_of_the_last_time_does_not_answer_for_this_time(open_salon: Business) -> None:
    (who,) = added(open_salon, text("Who rang", required=True), module="appointments", name="cancel")
    visit = booked(open_salon, **{who: "from last time"})
    with open_organisation(open_salon.organisation), pytest.raises(Invalid) as refused:
        cancel_appointment(open_salon.access("bea"), visit, reason="customer")
    assert list(refused.value.errors) == [who]
    assert kept(visit) == {who: "from last time"}
