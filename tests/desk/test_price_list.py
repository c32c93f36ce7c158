"""The page of the catalogue: what can be had and what not, why and until when, found and sorted by its address."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image
from pytest_django.asserts import assertContains, assertNotContains

from carnet.base.scopes import open_organisation
from carnet.catalogue.actions import add_outage, create_service, edit_service, mark_not_in_use
from carnet.catalogue.details import ServiceDetails, details_of
from carnet.catalogue.models import Category, Service, Tag
from carnet.catalogue.pictures import drawn
from carnet.organisations.models import User
from tests.cast import Business

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def office(open_salon: Business, client: Client) -> Client:
    client.force_login(open_salon.user("alice"))
    return client


def offer(business: Business, name: str, minutes: int = 45, price: int = 1000, **more: Any) -> Service:
    with open_organisation(business.organisation):
        people = [business.members["lea"], business.members["max"]]
        details = ServiceDetails(name, minutes, price, members=people, owner=business.members["alice"])
        return create_service(business.system, replace(details, **more))


def page(client: Client, business: Business, query: str = "") -> str:
    return client.get(business.url(f"services/{query}")).content.decode()


def lines(text: str) -> dict[str, str]:
    """Return what stands on each line, by the name of its service, in the order of the page."""
    found = re.findall(r'<li class="price-(?:line|card).*?</li>', text, re.DOTALL)
    told = {}
    for line in found:
        name = re.search(r'class="price-name".*?<bdi>(.*?)</bdi>', line, re.DOTALL)
        assert name
        told[unescape(name[1])] = unescape(" ".join(re.sub(r"<[^>]*>", " ", line).split()))
    return told


def test_what_cannot_be_had_is_told_apart_with_why_and_until_when(office: Client, open_salon: Business) -> None:
    today = open_salon.now.astimezone(open_salon.zone).date()
    offer(open_salon, "Chignon", offered_from=today + timedelta(days=20))
    offer(open_salon, "Permanente", offered_until=today - timedelta(days=1))
    with open_organisation(open_salon.organisation):
        out, gone = open_salon.services["both"], open_salon.services["garden"]
        add_outage(
            open_salon.system, out, open_salon.now - timedelta(hours=1), open_salon.at("12:00"), reason="Fer cassé"
        )
        mark_not_in_use(open_salon.system, gone)
    text = page(office, open_salon)
    told = lines(text)
    assert "Temporarily unavailable until" in told["Coiffage"]
    assert "12:00" in told["Coiffage"]
    assert "Fer cassé" in told["Coiffage"]
    assert "Upcoming, from" in told["Chignon"]
    assert "Ended on" in told["Permanente"]
    assert "Not in use" in told["Jardin"]
    # What is no longer offered stands apart, below all else, and cannot be booked.
    assert set(list(told)[-2:]) == {"Jardin", "Permanente"}
    assert {name for name, words in told.items() if "Book" in words} == set(told) - {"Jardin", "Permanente"}


def test_each_line_says_when_the_service_can_next_be_had_and_with_whom(office: Client, open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        service = open_salon.services["haircut"]
        add_outage(open_salon.system, service, open_salon.now, open_salon.now + timedelta(days=61))
    told = lines(page(office, open_salon))
    assert re.search(r"(today|tomorrow|\w{3} \d+) \d+:\d\d with Lea", told["Couleur"])
    assert "No free time within sixty days" in told["Coupe"]


def test_one_click_shows_a_view_and_each_says_how_many_it_holds(office: Client, open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        mark_not_in_use(open_salon.system, open_salon.services["garden"])
    text = page(office, open_salon)
    views = dict(re.findall(r'<a href="([^"]*)"[^>]*>[^<]* <span class="count">(\d+)</span>', text))
    path = open_salon.url("services/")
    assert views == {
        path: "4",
        f"{path}?view=available": "3",
        f"{path}?view=unavailable": "0",
        f"{path}?view=not_in_use": "1",
    }
    assert list(lines(page(office, open_salon, "?view=not_in_use"))) == ["Jardin"]
    assertContains(office.get(f"{path}?view=unavailable"), "No service is temporarily unavailable.")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?q=elagage", {"Élagage"}),
        ("?q=ARBRE+haut", {"Élagage"}),
        ("?q=dehors", {"Élagage"}),
        ("?q=ete", {"Élagage", "Tonte"}),
        ("?category={category}", {"Élagage", "Tonte"}),
        ("?category=none", {"Coupe", "Couleur", "Jardin", "Coiffage"}),
        ("?tag={tag}", {"Élagage", "Tonte"}),
        ("?member={lea}", {"Coupe", "Couleur", "Jardin", "Coiffage", "Élagage"}),
        ("?place=customer", {"Jardin", "Coiffage", "Élagage", "Tonte"}),
        ("?member={lea}&place=customer&q=a", {"Jardin", "Coiffage", "Élagage"}),
        ("?category=nonsense&member=x&place=moon&view=odd&sort=height", None),
    ],
)
def test_the_address_says_what_is_looked_for(
    office: Client, open_salon: Business, query: str, names: set[str] | None
) -> None:
    dehors = {"category": "Dehors", "tags": ["Été"], "place": "customer"}
    offer(open_salon, "Élagage", description="Un arbre, si haut soit-il", members=[open_salon.members["lea"]], **dehors)
    offer(open_salon, "Tonte", members=[open_salon.members["max"]], **dehors)
    with open_organisation(open_salon.organisation):
        known = {
            "category": Category.objects.get().public_id,
            "tag": Tag.objects.get().public_id,
            "lea": open_salon.members["lea"].public_id,
        }
        every = set(Service.objects.values_list("name", flat=True))
    found = set(lines(page(office, open_salon, query.format(**known))))
    assert found == (every if names is None else names) or (query == "?q=dehors" and found == {"Élagage", "Tonte"})


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("name", ["Coiffage", "Couleur", "Coupe", "Étuve", "Jardin"]),
        ("price", ["Étuve", "Coupe", "Coiffage", "Couleur", "Jardin"]),
        ("duration", ["Étuve", "Coiffage", "Coupe", "Couleur", "Jardin"]),
    ],
)
def test_it_is_sorted_as_the_address_says(office: Client, open_salon: Business, sort: str, order: list[str]) -> None:
    offer(open_salon, "Étuve", 5, 100)
    assert list(lines(page(office, open_salon, f"?sort={sort}"))) == order


def test_sorted_by_next_free_time_what_has_none_comes_last(office: Client, open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        service = open_salon.services["both"]
        add_outage(open_salon.system, service, open_salon.now, open_salon.now + timedelta(days=70))
    assert list(lines(page(office, open_salon, "?sort=next")))[-1] == "Coiffage"


def test_a_filter_without_result_says_which_and_offers_to_drop_it(office: Client, open_salon: Business) -> None:
    answer = office.get(open_salon.url("services/?q=permanente&place=customer&sort=name"))
    assertContains(answer, "Without “Text: permanente”")
    assertContains(answer, "?place=customer&amp;sort=name")
    assertContains(answer, "Without “Service location: Customer address”")
    assertContains(answer, "?q=permanente&amp;sort=name")


def test_prices_that_vary_say_from_and_hourly_ones_an_hour(office: Client, open_salon: Business) -> None:
    lea, max_ = open_salon.members["lea"], open_salon.members["max"]
    offer(open_salon, "Barbe", price=2000, members=[lea, max_], member_prices={max_.pk: 1500})
    offer(open_salon, "Soin", 60, 3000, shortest=30, longest=90, length_prices={90: 4000})
    offer(open_salon, "Conseil", 120, 9000, hourly=True)
    told = lines(page(office, open_salon))
    assert "from €15.00" in told["Barbe"]
    assert "from €30.00" in told["Soin"]
    assert "€90.00 an hour" in told["Conseil"]
    assert "from" not in told["Coupe"]


def test_an_empty_catalogue_says_so_and_how_to_begin(office: Client, open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        Service.objects.all().delete()
    answer = office.get(open_salon.url("services/"))
    assertContains(answer, "Your catalogue is empty.")
    assertContains(answer, "+ Service")
    assertContains(answer, open_salon.url("services/examples"))
    assertContains(office.get(open_salon.url("services/?q=x&view=ended")), "Your catalogue is empty.")


def test_cards_show_a_plate_in_the_colour_of_the_service_where_there_is_no_picture(
    office: Client, open_salon: Business
) -> None:
    offer(open_salon, "Étuve", hue=3)
    text = page(office, open_salon, "?layout=cards")
    assert '<div class="price-picture"><span aria-hidden="true">É</span>' in text
    assert 'class="price-card hue-4"' in text
    assert len(lines(text)) == 5


def test_a_card_shows_the_picture_of_its_service(office: Client, open_salon: Business) -> None:
    sent = BytesIO()
    Image.new("RGB", (640, 400), "teal").save(sent, "PNG")
    with open_organisation(open_salon.organisation):
        haircut = open_salon.services["haircut"]
        edit_service(open_salon.system, haircut, details_of(haircut), image=drawn(sent.getvalue()))
    found = re.search(r'<img src="([^"]*)" alt=""', page(office, open_salon, "?layout=cards"))
    assert found
    assert office.get(found[1]).headers["Content-Type"] == "image/webp"


def test_during_a_call_the_customer_stays_in_view_and_in_every_link(office: Client, open_salon: Business) -> None:
    vera = open_salon.customers["vera"].public_id
    service = open_salon.services["haircut"].public_id
    answer = office.get(open_salon.url(f"services/?customer={vera}&q=coupe"))
    assertContains(answer, 'id="customer"')
    assertContains(answer, "For Véra Élan")
    assertContains(answer, f"booking/?service={service}&amp;customer={vera}")
    assertContains(answer, f"services/{service}/?q=coupe&amp;customer={vera}")
    assertContains(answer, f'name="customer" value="{vera}"')
    for link in re.findall(r'href="([^"]*/services/\?[^"]*)"', answer.content.decode()):
        # Closing the customer's sheet ends the call.
        assert str(vera) in link or link.endswith("services/?q=coupe")


def test_who_may_see_no_customers_is_shown_none(open_salon: Business, client: Client) -> None:
    client.force_login(open_salon.user("lea"))
    with open_organisation(open_salon.organisation):
        profile = open_salon.members["lea"].profile
        profile.permissions = ["catalogue.see"]
        profile.save()
    answer = client.get(open_salon.url(f"services/?customer={open_salon.customers['vera'].public_id}"))
    assertNotContains(answer, "Véra")
    assertNotContains(answer, 'class="price-tick"')
    assertNotContains(answer, "+ Service")
    assertNotContains(answer, "Book")


def test_what_is_opened_by_its_address_lies_beside_the_catalogue_not_the_day(
    office: Client, open_salon: Business
) -> None:
    record = open_salon.url(f"services/{open_salon.services['haircut'].public_id}/")
    for address in (record, open_salon.url("services/new"), open_salon.url("services/examples")):
        answer = office.get(address)
        assertContains(answer, 'id="services"')
        assertNotContains(answer, 'id="day"')
    customer = open_salon.url(f"customers/{open_salon.customers['vera'].public_id}/")
    assertContains(office.get(customer), 'id="day"')


def test_what_is_typed_refines_the_list_alone_and_names_its_address(office: Client, open_salon: Business) -> None:
    path = open_salon.url("services/")
    answer = office.get(f"{path}?q=coupe&category=&sort=", headers={**HTMX, "HX-Target": "div#catalogue-results"})
    assert answer.content.decode().lstrip().startswith('<div id="catalogue-results"')
    assert answer.headers["HX-Push-Url"] == f"{path}?q=coupe"
    assert answer.headers["Cache-Control"] == "private, no-store"
    # A sheet that leads back to the catalogue does not hold it.
    answer = office.get(f"{path}?q=coupe", headers={**HTMX, "HX-Target": "aside#sheet"})
    assert answer.headers["HX-Redirect"] == f"{path}?q=coupe"


def test_the_french_words_are_those_of_the_house(office: Client, open_salon: Business) -> None:
    User.objects.update(language="fr")
    with open_organisation(open_salon.organisation):
        mark_not_in_use(open_salon.system, open_salon.services["garden"])
        add_outage(open_salon.system, open_salon.services["both"], open_salon.now, open_salon.at("12:00"))
    text = page(office, open_salon)
    for words in ("Tous", "Disponibles", "Temporairement indisponibles", "Non utilisés", "+ Service", "Plus"):
        assert re.search(rf">\s*{re.escape(words)}\s*<", text), words
    assert "Temporairement indisponible jusqu’au" in text
    assert "Autorisation de module" in text
    assert "Partir d’un exemple" in text


def test_the_statements_are_the_same_for_five_services_and_for_sixty(
    office: Client, open_salon: Business, django_assert_num_queries: Any
) -> None:
    lea = open_salon.members["lea"]
    offer(open_salon, "Soin", tags=["Été"], category="Soins", member_prices={lea.pk: 500})
    page(office, open_salon)
    with CaptureQueriesContext(connection) as few:
        assert len(lines(page(office, open_salon))) == 5
        count = len(few)
    for number in range(55):
        more = {"tags": [f"Tag {number % 4}"], "category": f"Category {number % 7}"}
        prices = {lea.pk: 500} if number % 3 else {}
        offer(open_salon, f"Service {number}", 15 + 5 * (number % 40), member_prices=prices, **more)
    page(office, open_salon)
    with django_assert_num_queries(count):
        assert len(lines(page(office, open_salon))) == 60
    assert count <= 20
