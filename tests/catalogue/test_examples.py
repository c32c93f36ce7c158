"""The examples of eight trades: plain files in both languages, added as ordinary services."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from carnet.base.errors import NotPermitted
from carnet.base.scopes import open_organisation
from carnet.catalogue.actions import add_example
from carnet.catalogue.examples import LANGUAGES, TRADES, example_of, examples, price_in, written_for
from carnet.catalogue.models import Place, Service
from carnet.organisations.models import Organisation
from tests.cast import Business


def test_there_are_eight_trades_with_five_to_eight_services_each() -> None:
    assert len(examples()) == len(TRADES) == 8
    for example in examples():
        assert set(example.name) == set(LANGUAGES)
        for language in LANGUAGES:
            offers = written_for(example, language, "EUR")
            assert 5 <= len(offers) <= 8
            assert len({offer.name for offer in offers}) == len(offers)
            assert all(offer.category and offer.description and offer.place in Place.values for offer in offers)
    everything = [offer for example in examples() for offer in written_for(example, "fr", "EUR")]
    assert any(offer.shortest for offer in everything)
    assert any(offer.hourly for offer in everything)
    assert any(offer.asks_job_sheet for offer in everything)


@pytest.mark.parametrize("trade", TRADES)
def test_each_becomes_a_catalogue_with_all_members_and_the_usual_tax(salon: Business, trade: str) -> None:
    example = example_of(trade)
    assert example is not None
    made = add_example(salon.access("alice"), example)
    assert [service.name for service in made] == [offer.name for offer in written_for(example, "fr", "EUR")]
    for service in made:
        assert service.members.count() == 4
        assert [tax.name for tax in service.taxes.all()] == ["TVA 20 %"]
        assert service.in_use


def test_added_twice_it_is_there_once(salon: Business) -> None:
    """(D6) A second press, and whatever has the same name already."""
    example = example_of("salon")
    assert example is not None
    Service.objects.filter(name="Coupe").update(name="coupe FEMME")
    assert len(add_example(salon.access("alice"), example)) == 6
    assert add_example(salon.access("alice"), example) == []


def test_it_is_written_in_the_language_of_the_organisation(salon: Business) -> None:
    Organisation.objects.update(language="en")
    salon.organisation.refresh_from_db()
    example = example_of("spa")
    assert example is not None
    assert "Relaxing massage" in [service.name for service in add_example(salon.access("alice"), example)]


@pytest.mark.parametrize(
    ("currency", "euros", "amount"),
    [("EUR", 45, 4500), ("CAD", 45, 6800), ("JPY", 45, 6800), ("TND", 10, 15_000), ("EUR", 0, 0), ("QQQ", 45, 4500)],
)
def test_prices_are_about_the_same_elsewhere(currency: str, euros: int, amount: int) -> None:
    assert price_in(currency, euros) == amount


def test_who_may_not_create_is_offered_no_example(salon: Business) -> None:
    example = example_of("spa")
    assert example is not None
    before = Service.objects.count()
    with pytest.raises(NotPermitted):
        add_example(salon.access("bea"), example)
    assert Service.objects.count() == before


def test_an_administrator_chooses_among_them_and_sees_what_is_in_each(open_salon: Business, client: Client) -> None:
    client.force_login(open_salon.user("alice"))
    address = open_salon.url("services/examples")
    answer = client.get(address)
    assertContains(answer, "Landscaping")
    assertContains(answer, "Taille de haie")
    assertContains(answer, "€45.00")
    answer = client.post(address, {"trade": "landscaping"})
    assert (answer.status_code, answer.headers["Location"]) == (303, open_salon.url("services/"))
    assertContains(client.get(open_salon.url("services/")), "6 services are added.")
    assert client.post(address, {"trade": "piracy"}).status_code == 404
    with open_organisation(open_salon.organisation):
        assert Service.objects.filter(category__name="Entretien").count() == 4


def test_the_front_desk_cannot(open_salon: Business, client: Client) -> None:
    client.force_login(open_salon.user("bea"))
    address = open_salon.url("services/examples")
    assertNotContains(client.get(open_salon.url("services/")), address)
    assert client.get(address).status_code == 403
    assert client.post(address, {"trade": "spa"}).status_code == 403
