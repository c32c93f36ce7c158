"""The catalogue on the screen: the price list, a service in detail, and « + Service »."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django import forms
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from carnet.base import clock
from carnet.base.scopes import open_organisation
from carnet.catalogue.actions import NewService, add_outage, create_service, mark_not_in_use
from carnet.catalogue.models import Category, Service, Tax
from carnet.desk.forms.amounts import amount_of
from carnet.desk.forms.durations import minutes_of
from tests.cast import Business

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def signed_in(business: Business, name: str) -> Client:
    client = Client()
    client.force_login(business.user(name))
    return client


def seen(client: Client, business: Business, path: str) -> str:
    answer = client.get(business.url(path), headers=HTMX)
    assert answer.status_code == 200
    return str(answer.content.decode())


def typed(business: Business, **more: Any) -> dict[str, Any]:
    with open_organisation(business.organisation):
        tax = Tax.objects.get()
    return {
        "name": "Brushing",
        "price": "42,50",
        "usual": "1 h 15",
        "members": [str(business.members["lea"].public_id)],
        "taxes": [str(tax.pk)],
        "place": "business",
        **more,
    }


def create(client: Client, business: Business, **more: Any) -> Any:
    return client.post(business.url("services/new"), typed(business, **more), headers=HTMX)


def created(business: Business, name: str = "Brushing") -> Service:
    with open_organisation(business.organisation):
        return Service.objects.select_related("category", "owner").get(name=name)


def test_the_price_list_says_what_it_costs_how_long_it_takes_and_who_does_it(open_salon: Business) -> None:
    page = seen(signed_in(open_salon, "bea"), open_salon, "services/")
    for words in ("Coupe", "35,00", "45 min", "from 3 h to 6 h", "Lea, Max"):
        assert words in page.replace("\xa0", " ").replace("€35.00", "35,00"), words


def test_what_cannot_be_had_says_why_and_until_when_and_offers_no_booking(open_salon: Business) -> None:
    now = clock.now()
    with open_organisation(open_salon.organisation):
        alice = open_salon.access("alice", now)
        add_outage(alice, open_salon.services["colour"], now - timedelta(hours=1), now + timedelta(days=3))
        mark_not_in_use(alice, open_salon.services["garden"])
        members = [open_salon.members["lea"]]
        later, before = now.date() + timedelta(days=40), now.date() - timedelta(days=10)
        create_service(alice, NewService("Extension", 60, 9000, members=members, offered_from=later))
        create_service(alice, NewService("Chignon", 60, 9000, members=members, offered_until=before))
    page = seen(signed_in(open_salon, "bea"), open_salon, "services/")
    assert "Temporarily unavailable until" in page
    assert 'data-state="upcoming"' in page
    apart = page[page.index("No longer offered") :]
    assert "Jardin" in apart
    assert "Chignon" in apart
    assert "Extension" not in apart
    for name, bookable in (("garden", False), ("colour", True), ("haircut", True)):
        address = f"booking/?service={open_salon.services[name].public_id}"
        assert (address in page) is bookable, name


def test_the_customer_on_the_phone_is_kept_from_the_list_to_the_booking(open_salon: Business) -> None:
    bea, vera = signed_in(open_salon, "bea"), open_salon.customers["vera"]
    service = open_salon.services["haircut"].public_id
    page = seen(bea, open_salon, f"services/?customer={vera.public_id}")
    assert "Véra Élan" in page
    assert f"services/{service}/?customer={vera.public_id}" in page
    assert f"booking/?service={service}&amp;customer={vera.public_id}" in page
    record = seen(bea, open_salon, f"services/{service}/?customer={vera.public_id}")
    assert f'data-booking-state="service={service}&amp;customer={vera.public_id}"' in record
    booking = bea.get(open_salon.url(f"booking/?service={service}&customer={vera.public_id}"))
    assert f'name="customer" value="{vera.public_id}"' in booking.content.decode()


def test_a_customer_who_may_not_be_seen_is_not_named(open_salon: Business, open_garage: Business) -> None:
    """(I2)"""
    with open_organisation(open_garage.organisation):
        foreign = open_garage.customers["vera"]
    for client in (signed_in(open_salon, "bea"), signed_in(open_salon, "lea")):
        for asked in (foreign.public_id, uuid4(), "nonsense", open_salon.customers["omar"].public_id):
            page = seen(client, open_salon, f"services/?customer={asked}")
            assert "Véra" not in page
    assert "Omar" not in seen(signed_in(open_salon, "lea"), open_salon, f"services/?customer={asked}")


def test_a_service_tells_its_price_in_detail_and_its_next_free_starts(open_salon: Business) -> None:
    page = seen(signed_in(open_salon, "bea"), open_salon, f"services/{open_salon.services['haircut'].public_id}/")
    assert "29.17" in page or "29,17" in page
    assert "5.83" in page or "5,83" in page
    assert page.count('class="chip"') == 3
    assert "&amp;start=20" in page or "&start=20" in page


def test_each_line_fetches_its_next_free_start_for_itself(open_salon: Business) -> None:
    bea = signed_in(open_salon, "bea")
    said = seen(bea, open_salon, f"services/{open_salon.services['haircut'].public_id}/next")
    assert "Next free" in said
    with open_organisation(open_salon.organisation):
        alone = create_service(open_salon.access("alice"), NewService("Livre", 60, 900, in_use=False))
    assert "No free time" in seen(bea, open_salon, f"services/{alone.public_id}/next")


def test_the_list_asks_as_many_questions_for_forty_services_as_for_four(open_salon: Business) -> None:
    bea = signed_in(open_salon, "bea")

    def questions() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            seen(bea, open_salon, "services/")
        return len(asked)

    questions()
    few = questions()
    with open_organisation(open_salon.organisation):
        alice = open_salon.access("alice")
        taxes = list(Tax.objects.all())
        for number in range(36):
            create_service(alice, NewService(f"S{number}", 30, 100, members=[open_salon.members["max"]], taxes=taxes))
    assert questions() == few


def test_a_new_service_is_created_as_typed_and_shown(open_salon: Business) -> None:
    alice = signed_in(open_salon, "alice")
    answer = create(
        alice,
        open_salon,
        category=" Coiffure  femme ",
        description="Avec soin",
        hours_0="14–17",
        hours_2="9:00-12:00, 14h-18h",
        offered_from="01/12/2026",
        offered_until="2027-02-28",
        asks_job_sheet="on",
    )
    service = created(open_salon)
    assert answer.status_code == 200
    assert answer.headers["HX-Push-Url"] == open_salon.url(f"services/{service.public_id}/")
    assert "day-changed" in answer.headers["HX-Trigger"]
    assert (service.usual, service.shortest, service.longest, service.price) == (75, 75, 75, 4250)
    assert (service.description, service.asks_job_sheet, service.owner.name) == ("Avec soin", True, "Alice")
    assert service.category is not None
    assert service.category.name == "Coiffure femme"
    assert str(service.offered_from) == "2026-12-01"
    assert str(service.offered_until) == "2027-02-28"
    page = answer.content.decode()
    for words in ("Brushing", "Coiffure femme", "14:00–17:00", "9:00–12:00, 14:00–18:00"):
        assert words in page, words
    with open_organisation(open_salon.organisation):
        assert [row.tax.name for row in service.service_taxes.select_related("tax")] == ["TVA 20 %"]


def test_a_known_category_is_used_again_however_it_is_typed(open_salon: Business) -> None:
    alice = signed_in(open_salon, "alice")
    create(alice, open_salon, category="Soins")
    create(alice, open_salon, name="Masque", category="soins")
    with open_organisation(open_salon.organisation):
        assert Category.objects.count() == 1


def test_without_javascript_the_form_is_a_page_and_leads_to_the_service(open_salon: Business) -> None:
    alice = signed_in(open_salon, "alice")
    page = alice.get(open_salon.url("services/new")).content.decode()
    assert '<section id="day"' in page
    answer = alice.post(open_salon.url("services/new"), typed(open_salon))
    assert answer.status_code == 303
    assert answer.headers["Location"] == open_salon.url(f"services/{created(open_salon).public_id}/")


def test_a_variable_duration_has_a_shortest_and_a_longest(open_salon: Business) -> None:
    alice = signed_in(open_salon, "alice")
    assert create(alice, open_salon, variable="on", shortest="1h").status_code == 422
    assert create(alice, open_salon, variable="on", shortest="2h", longest="3h").status_code == 422
    assert create(alice, open_salon, variable="on", shortest="45", longest="3 h").status_code == 200
    service = created(open_salon)
    assert (service.shortest, service.usual, service.longest) == (45, 75, 180)
    create(alice, open_salon, name="Fixe", shortest="45", longest="3 h")
    assert not created(open_salon, "Fixe").has_range


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 121),
        ("price", "-3"),
        ("price", "cher"),
        ("price", "3,555"),
        ("usual", "3"),
        ("usual", "bientôt"),
        ("usual", "25 h"),
        ("members", []),
        ("members", ["00000000-0000-0000-0000-000000000000"]),
        ("taxes", ["0"]),
        ("place", "moon"),
        ("hours_0", "9-99"),
        ("offered_from", "32/01/2027"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field_and_adds_nothing(
    open_salon: Business, field: str, value: Any
) -> None:
    answer = create(signed_in(open_salon, "alice"), open_salon, category="Neuve", **{field: value})
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    with open_organisation(open_salon.organisation):
        assert Service.objects.count() == 4
        assert not Category.objects.exists()


def test_hours_outside_the_business_s_are_refused_with_the_day_and_both_hours(open_salon: Business) -> None:
    alice = signed_in(open_salon, "alice")
    answer = create(alice, open_salon, category="Neuve", hours_5="9:00–20:00")
    assert answer.status_code == 422
    assert "Saturday 9:00–20:00 goes beyond your business hours (9:00–18:00)." in answer.content.decode()
    closed = create(alice, open_salon, hours_6="9:00–12:00")
    assert "closed on that day" in closed.content.decode()
    with open_organisation(open_salon.organisation):
        assert not Category.objects.exists()


def test_the_last_day_cannot_lie_before_the_first(open_salon: Business) -> None:
    answer = create(signed_in(open_salon, "alice"), open_salon, offered_from="2027-03-01", offered_until="2027-02-01")
    assert answer.status_code == 422
    assert 'id="id_offered_until_error"' in answer.content.decode()


def test_only_those_who_may_create_see_the_button_and_the_form(open_salon: Business) -> None:
    for name in ("bea", "lea"):
        member = signed_in(open_salon, name)
        assert "services/new" not in seen(member, open_salon, "services/")
        assert member.get(open_salon.url("services/new")).status_code == 403
        assert create(member, open_salon).status_code == 403
    assert "services/new" in seen(signed_in(open_salon, "alice"), open_salon, "services/")


def test_members_of_another_organisation_cannot_provide_a_service(open_salon: Business, open_garage: Business) -> None:
    """(I2)"""
    answer = create(signed_in(open_salon, "alice"), open_salon, members=[str(open_garage.members["lea"].public_id)])
    assert answer.status_code == 422


def test_a_service_of_another_organisation_does_not_exist(open_salon: Business, open_garage: Business) -> None:
    """(I1)"""
    alice = signed_in(open_salon, "alice")
    foreign = open_garage.services["haircut"].public_id
    for path in (f"services/{foreign}/", f"services/{foreign}/next"):
        assert alice.get(open_salon.url(path)).status_code == 404
        assert alice.get(open_salon.url(path.replace(str(foreign), str(uuid4())))).status_code == 404


def test_markup_in_a_service_is_shown_as_text(open_salon: Business) -> None:
    """(T3)"""
    evil = "<img src=x onerror=alert(1)>{% now 'Y' %}"
    alice = signed_in(open_salon, "alice")
    answer = create(alice, open_salon, name=evil, category=evil, description=evil)
    pages = [answer.content.decode(), seen(alice, open_salon, "services/"), seen(alice, open_salon, "services/new")]
    for page in pages:
        assert "<img src=x" not in page
    assert "{% now &#x27;Y&#x27; %}" in pages[0]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("45", 45),
        ("45 min", 45),
        ("1h30", 90),
        ("1 h 30", 90),
        ("1:30", 90),
        ("3 H", 180),
        ("2h05", 125),
        ("1\u00a0h\u00a030", 90),
    ],
)
def test_durations_are_read_as_people_type_them(text: str, minutes: int) -> None:
    assert minutes_of(text) == minutes


@pytest.mark.parametrize("text", ["", "h", "1 h 75", "an hour", "-5", "1,5 h", "9" * 9])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(forms.ValidationError):
        minutes_of(text)


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("35", "EUR", 3500),
        ("35,5 €", "EUR", 3550),
        ("€ 35.50", "EUR", 3550),
        ("1 250,00", "EUR", 125_000),
        ("1\u202f250,00\u00a0€", "EUR", 125_000),
        ("1,250.00", "CAD", 125_000),
        ("1.250,00", "EUR", 125_000),
        ("CA$40", "CAD", 4000),
        ("40 CAD", "CAD", 4000),
        ("1200", "JPY", 1200),
    ],
)
def test_amounts_are_read_as_people_type_them(text: str, currency: str, amount: int) -> None:
    assert amount_of(text, currency) == amount


@pytest.mark.parametrize(
    ("text", "currency"),
    [("4x", "EUR"), ("3,555", "EUR"), ("12,", "EUR"), ("1 2", "EUR"), ("1.5", "JPY")],
)
def test_what_is_no_amount_is_refused_rather_than_rounded(text: str, currency: str) -> None:
    with pytest.raises(forms.ValidationError):
        amount_of(text, currency)
