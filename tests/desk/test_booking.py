"""The booking panel through its addresses: what it knows, what it refuses, and that it books once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from carnet.appointments.models import Appointment
from carnet.base.scopes import open_organisation
from carnet.catalogue.actions import add_outage, mark_not_in_use
from carnet.customers.models import Customer
from carnet.organisations.models import Profile
from tests.cast import Business, coming_day, open_business

HTMX = {"HX-Request": "true", "HX-Target": "booking-form", "HX-Request-Type": "partial"}


@pytest.fixture
def desk(open_salon: Business, client: Client) -> Client:
    client.force_login(open_salon.user("bea"))
    return client


def filled(business: Business, **more: Any) -> dict[str, Any]:
    """Return the fields of a panel that can be booked."""
    fields = {
        "id": str(uuid4()),
        "customer": str(business.customers["omar"].public_id),
        "service-0": str(business.services["haircut"].public_id),
        "member-0": str(business.members["lea"].public_id),
        "day": business.day.isoformat(),
        "start": business.at("10:00").isoformat(),
        "place": "business",
    }
    return {key: value for key, value in {**fields, **more}.items() if value is not None}


def booked(business: Business) -> list[Appointment]:
    with open_organisation(business.organisation):
        return list(Appointment.objects.select_related("customer").order_by("pk"))


def days(answer: HttpResponse) -> dict[str, int]:
    return {choice.day.isoformat(): choice.count for choice in answer.context["panel"].days}  # type: ignore[attr-defined]


def test_the_panel_sent_again_shows_the_visit_it_has_booked(desk: Client, open_salon: Business) -> None:
    """The same form twice is one visit (D6)."""
    fields = filled(open_salon)
    first = desk.post(open_salon.url("appointments/"), fields)
    second = desk.post(open_salon.url("appointments/"), fields)
    [visit] = booked(open_salon)
    assert first.headers["Location"] == second.headers["Location"] == open_salon.url(f"appointments/{visit.public_id}/")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("member", ["lea", None])
def test_a_double_click_is_one_visit_and_no_refusal(transactional_db: None, member: str | None) -> None:
    """Both answers lead to the visit, even where anyone could have taken a second one (D6)."""
    business = open_business("salon", now=datetime.now(UTC), day=coming_day())
    chosen = str(business.members[member].public_id) if member else ""
    fields = filled(business, **{"member-0": chosen})
    start = threading.Barrier(2)
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(business.user("bea"))

    def send(client: Client) -> HttpResponse:
        try:
            start.wait()
            return client.post(business.url("appointments/"), fields)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, clients))
    [visit] = booked(business)
    assert [answer.headers.get("Location") for answer in answers] == [
        business.url(f"appointments/{visit.public_id}/")
    ] * 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"service-0": ""}, "service"),
        ({"customer": ""}, "who"),
        ({"start": ""}, "start"),
        ({"start": "half past ten"}, "start"),
        ({"service-0": "both", "place": ""}, "place"),
        ({"service-0": "garden", "place": "customer"}, "address"),
        ({"customer": "", "phone": "call me"}, "phone"),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_is_booked(
    desk: Client, open_salon: Business, change: dict[str, str], field: str
) -> None:
    change = {
        key: str(open_salon.services[value].public_id) if value in open_salon.services else value
        for key, value in change.items()
    }
    answer = desk.post(open_salon.url("appointments/"), filled(open_salon, note="Sans parfum", **change), headers=HTMX)
    assert answer.status_code == 422
    assert list(answer.context["errors"]) == [field]
    assert answer.context["draft"].note == "Sans parfum"
    assert booked(open_salon) == []


def test_a_refusal_answers_conflict_with_sentences_other_times_and_all_that_was_typed(
    desk: Client, open_salon: Business
) -> None:
    with open_organisation(open_salon.organisation):
        open_salon.book(at="10:00", customer="vera")
    fields = filled(open_salon, customer="", name="Zoé Neuve", phone="06 00 11 22 33", note="Deux mots")
    answer = desk.post(open_salon.url("appointments/"), fields, headers=HTMX)
    assert answer.status_code == 409
    text = answer.content.decode()
    for kept in ("Zoé Neuve", "06 00 11 22 33", "Deux mots"):
        assert kept in text
    assert "Véra" not in text
    assert answer.context["alternatives"]
    with open_organisation(open_salon.organisation):
        assert not Customer.objects.filter(name="Zoé Neuve").exists()


def test_every_start_that_is_shown_can_be_booked(desk: Client, open_salon: Business) -> None:
    """Offered is bookable: the first and the last start of each part of the day."""
    with open_organisation(open_salon.organisation):
        open_salon.book(at="09:30", member="lea")
        open_salon.book(at="14:00", member="max", customer="omar")
    seen = desk.post(open_salon.url("booking/"), filled(open_salon, start="", **{"member-0": ""}), headers=HTMX)
    ends = [start for _part, found in seen.context["panel"].parts for start in (found[0], found[-1])]
    for start in ends:
        fields = filled(open_salon, start=start.value, **{"member-0": ""})
        assert desk.post(open_salon.url("appointments/"), fields).status_code == 303, start.value
        with open_organisation(open_salon.organisation):
            Appointment.objects.get(public_id=fields["id"]).delete()


def test_an_outage_takes_its_days_out_of_the_strip(desk: Client, open_salon: Business) -> None:
    after = open_salon.day + timedelta(days=1)
    with open_organisation(open_salon.organisation):
        service = open_salon.services["haircut"]
        add_outage(open_salon.system, service, open_salon.at("00:00"), open_salon.at("00:00", after))
    found = days(desk.get(open_salon.url("booking/"), filled(open_salon, start="")))
    assert found[open_salon.day.isoformat()] == 0
    assert sum(found.values()) > 0


def test_a_service_not_in_use_is_not_listed_and_not_kept(desk: Client, open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        mark_not_in_use(open_salon.access("alice"), open_salon.services["haircut"])
    answer = desk.get(open_salon.url("booking/"), filled(open_salon))
    listed = [choice.service.name for choice in answer.context["panel"].other_services]
    assert "Coupe" not in listed
    assert answer.context["draft"].asks == ()
    assert desk.post(open_salon.url("appointments/"), filled(open_salon)).status_code == 422


def test_ids_of_another_business_count_as_not_chosen(desk: Client, open_salon: Business, open_garage: Business) -> None:
    """A foreign id inside the panel is as good as none (I2)."""
    foreign = filled(open_garage)
    draft = desk.get(open_salon.url("booking/"), foreign).context["draft"]
    assert (draft.customer, draft.asks, draft.steps[0].member) == (None, (), None)
    assert desk.post(open_salon.url("appointments/"), foreign).status_code == 422
    assert booked(open_salon) == booked(open_garage) == []


@pytest.mark.parametrize(
    "query",
    ["start=%00", "start=9999-12-31T23:59:59Z", "day=2026-02-30", "page=x", "from=0001-01-01", "minutes-0=99999999999",
     "service-0=x&service-1=y", "customer=%F0%9F%92%A3", "drop=99", "id=1", "with-0=1&with-0=2", "place=moon"],
)  # fmt: skip
def test_an_address_full_of_nonsense_opens_the_panel(desk: Client, open_salon: Business, query: str) -> None:
    """What is malformed counts as not chosen."""
    assert desk.get(open_salon.url(f"booking/?{query}")).status_code == 200
    service = open_salon.services["haircut"].public_id
    assert desk.get(open_salon.url(f"booking/?service={service}&{query}")).status_code == 200


def test_the_place_of_the_calendar_and_the_line_of_the_catalogue_have_the_last_word(
    desk: Client, open_salon: Business
) -> None:
    known = filled(open_salon, **{"minutes-0": "45"})
    said = {"member": str(open_salon.members["max"].public_id), "service": str(open_salon.services["colour"].public_id)}
    draft = desk.get(open_salon.url("booking/"), {**known, **said}).context["draft"]
    assert draft.steps[0].member == open_salon.members["max"]
    assert draft.steps[0].service == open_salon.services["colour"]
    assert draft.steps[0].length == 90
    assert draft.customer == open_salon.customers["omar"]


def test_what_the_calendar_said_waits_for_the_service(desk: Client, open_salon: Business) -> None:
    known = {"member": str(open_salon.members["max"].public_id), "start": open_salon.at("15:00").isoformat()}
    page = desk.get(open_salon.url("booking/"), known).content.decode()
    assert f'name="member-0" value="{known["member"]}"' in page
    assert 'name="start"' in page


def test_attending_members_are_held_too(desk: Client, open_salon: Business) -> None:
    fields = filled(open_salon, **{"with-0": str(open_salon.members["max"].public_id)})
    assert desk.post(open_salon.url("appointments/"), fields).status_code == 303
    again = filled(open_salon, customer=str(open_salon.customers["vera"].public_id))
    again["member-0"] = str(open_salon.members["max"].public_id)
    assert desk.post(open_salon.url("appointments/"), again).status_code == 409


def test_who_may_not_book_is_refused(desk: Client, open_salon: Business) -> None:
    from carnet.organisations.actions import grant_permission

    with open_organisation(open_salon.organisation):
        profile = Profile.objects.get(key="front_desk")
        grant_permission(open_salon.system, profile, "appointments.book", granted=False)
    assert desk.get(open_salon.url("booking/")).status_code == 403
    assert desk.post(open_salon.url("appointments/"), filled(open_salon)).status_code == 403
    assert booked(open_salon) == []


def test_a_visit_of_today_starts_now_although_the_grid_says_otherwise(desk: Client, open_salon: Business) -> None:
    """A walk-in begins at the next whole minute, or is refused with the rule's sentence, never with a broken page."""
    answer = desk.post(open_salon.url("appointments/"), filled(open_salon, start="", now="1"))
    assert answer.status_code in (303, 409)
    for visit in booked(open_salon):
        assert (visit.starts_at.second, visit.starts_at.microsecond) == (0, 0)
        assert abs(visit.starts_at - datetime.now(UTC)) < timedelta(minutes=5)
