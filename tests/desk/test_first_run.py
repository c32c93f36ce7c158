"""The first run: a guide of a few steps from an empty folder to an empty calendar."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings
from django.db import connections
from django.http import HttpResponse
from django.test import Client

from carnet.base.scopes import open_organisation, scopes_disabled
from carnet.catalogue.models import Service, Tax
from carnet.customisation.models import Layout, Module
from carnet.organisations import first_run
from carnet.organisations.background import show_first_run_link
from carnet.organisations.countries import Country, country_names, country_of, region_names
from carnet.organisations.models import Activity, Organisation, User
from carnet.resources.models import Closure, Resource
from carnet.resources.queries import business_hours
from tests.cast import Business

#: Where somebody who is signed in founds a further one.
ANOTHER = "/organisations/new/"
TYPED: dict[str, dict[str, str]] = {
    "business": {"name": "Toilettage Perle", "trade": ""},
    "country": {
        "country": "FR",
        "region": "",
        "zone": "Europe/Paris",
        "currency": "EUR",
        "language": "fr",
        "first_weekday": "0",
        "prices_include_tax": "True",
        "taxes": "TVA 20 %\n\n  TVA  5,5 %",
        "holidays": "on",
    },
    "address": {"street": "4 quai de Bourgogne", "postcode": "33000", "city": "Bordeaux"},
    "hours": {"hours_0": "9h-12h30, 14h-18h", "hours_4": "20:00–2:00"},
    "services": {"begin": "empty"},
    "you": {
        "administrator": "Perle Étoilé",
        "email": "Perle@toilettage.example",
        "password": "quatre chevaux blancs",
        "provides": "on",
    },
}


def walk(client: Client, address: str, **typed: str) -> HttpResponse:
    """Answer every step of the guide as above, with `typed` instead; return the first answer that leads nowhere."""
    for step, usual in TYPED.items():
        sent = {name: typed.get(name, value) for name, value in usual.items()}
        sent |= {name: value for name, value in typed.items() if name.rpartition("_")[0] == "hours" and step == "hours"}
        sent = {name: value for name, value in sent.items() if value != "(none)"}
        answer = client.post(address, {"step": step, "go": "next", **sent}, headers={"Accept-Language": "fr"})
        if answer.status_code != 303 or not answer.headers["Location"].startswith(address):
            return answer
    return answer


@pytest.fixture(autouse=True)
def data_folder(settings: LazySettings, tmp_path: Path) -> Path:
    """An empty data folder."""
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def address(db: None) -> str:
    return urlsplit(first_run.new_link()).path


def open_of(slug: str) -> Any:
    return open_organisation(Organisation.objects.get(slug=slug))


def test_an_empty_installation_prints_its_link_and_says_where_it_stands(db: None, data_folder: Path) -> None:
    lines = list(show_first_run_link())
    path = urlsplit(lines[-1].strip()).path
    assert Client().get(path).status_code == 200
    secret = path.split("/")[2]
    assert secret not in (data_folder / "first-run").read_text()
    assert (data_folder / "first-run").stat().st_mode & 0o077 == 0
    home = Client().get("/", headers={"Accept-Language": "en"})
    assert "stands on the terminal" in home.content.decode()


def test_a_business_is_founded_with_all_it_begins_with(address: str) -> None:
    client = Client()
    answer = walk(client, address, begin="later")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/o/toilettage-perle/")
    organisation = Organisation.objects.get()
    assert (organisation.name, organisation.zone, organisation.currency) == ("Toilettage Perle", "Europe/Paris", "EUR")
    assert organisation.address == "4 quai de Bourgogne, 33000 Bordeaux"
    with open_of("toilettage-perle"):
        assert business_hours() == {0: ((540, 750), (840, 1080)), 4: ((1200, 1560),)}
        assert list(Tax.objects.values_list("name", "rate")) == [("TVA 20 %", 20_000), ("TVA 5,5 %", 5_500)]
        this_year = organisation.created_at.year
        assert Closure.objects.filter(on=date(this_year, 7, 14), holiday=True).exists()
        assert Closure.objects.filter(on=date(this_year + 1, 12, 25), holiday=True).exists()
        assert not Module.objects.get(key="services").on
        assert Layout.objects.filter(module="job_sheets").exists()
        assert Resource.objects.get().name == "Perle Étoilé"
        assert Activity.objects.filter(kind="organisation.founded").exists()
    user = User.objects.get()
    assert (user.email, user.check_password("quatre chevaux blancs")) == ("perle@toilettage.example", True)
    day = client.get(answer.headers["Location"])
    assert day.context["access"].is_administrator
    assert 'href="/o/toilettage-perle/set-up/services/"' in day.content.decode()


def test_an_administrator_who_serves_nobody_has_no_column(address: str) -> None:
    client = Client()
    walk(client, address, provides="(none)")
    with open_of("toilettage-perle"):
        assert not Resource.objects.exists()
    assert 'href="/o/toilettage-perle/set-up/members/new"' in client.get("/o/toilettage-perle/").content.decode()


def test_the_link_is_used_up_by_the_business_it_founds(address: str) -> None:
    """(J8)"""
    assert walk(Client(), address).status_code == 303
    for again in (Client().get(address), walk(Client(), address, email="other@toilettage.example")):
        assert again.status_code == 404
    assert Organisation.objects.count() == 1
    assert list(show_first_run_link()) == []


def test_where_there_is_a_business_no_link_opens_the_page(open_salon: Business) -> None:
    """(J8)"""
    assert Client().get(urlsplit(first_run.new_link()).path).status_code == 404
    assert Client().get("/").headers["Location"] == "/accounts/login/"


def test_only_the_newest_link_opens_the_page(address: str) -> None:
    newer = urlsplit(first_run.new_link()).path
    assert Client().get(address).status_code == 404
    assert Client().get(newer).status_code == 200
    assert Client().get("/first-run/x/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_who_send_the_page_at_once_one_founds_the_business() -> None:
    """(J8)"""
    address = urlsplit(first_run.new_link()).path

    def send(number: int) -> int:
        try:
            return walk(Client(), address, email=f"perle{number}@toilettage.example").status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(send, range(8)))
    assert statuses == [303] + [404] * 7
    assert Organisation.objects.count() == User.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "   "),
        ("hours_0", "9 heures et quart"),
        ("hours_0", "9:00-12:00, 11:00-13:00"),
        ("hours_0", "25:00-26:00"),
        ("taxes", "TVA"),
        ("taxes", "TVA 120 %"),
        ("zone", "Europe/Atlantis"),
        ("currency", "XXX"),
        ("email", "perle"),
        ("password", "perle"),
        ("password", "perle@toilettage"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field_and_founds_nothing(address: str, field: str, value: str) -> None:
    answer = walk(Client(), address, **{field: value})
    assert answer.status_code == 422
    error = re.search(rf'id="id_{field}_error">(.*?)</div>', answer.content.decode(), re.DOTALL)
    assert error
    assert error[1].strip()
    assert Organisation.objects.count() == User.objects.count() == 0
    assert walk(Client(), address).status_code == 303


def test_markup_in_every_field_is_shown_as_text(address: str) -> None:
    """(T3)"""
    evil = '"><script>alert(1)</script>{{ 7|add:7 }}'
    typed = {"name": evil, "street": evil, "city": evil, "administrator": evil, "taxes": f"{evil[:20]} 20 %"}
    client = Client()
    refused = walk(client, address, **typed, hours_0=evil).content.decode()
    assert "<script>alert" not in refused
    place = walk(client, address, **typed).headers["Location"].removesuffix("services/")
    for path in ("", "set-up/", "set-up/services/", "set-up/members/new"):
        page = client.get(place + path).content.decode()
        assert "<script>alert" not in page, path
    assert "&lt;script&gt;alert(1)" in client.get(place).content.decode()


def proposal(address: str, **typed: str) -> dict[str, str]:
    """Return the values of the form after the country has proposed, typed text included."""
    asked = {**TYPED["country"], **typed, "step": "country", "go": "propose"}
    form = Client().post(address, asked, headers={"Accept-Language": "fr"}).context["form"]
    return {name: str(form[name].value()) for name in form.fields}


def test_choosing_a_country_proposes_what_goes_with_it(address: str) -> None:
    there = proposal(address, country="CA", proposed="FR")
    assert (there["region"], there["zone"], there["currency"]) == ("QC", "America/Toronto", "CAD")
    assert (there["language"], there["first_weekday"], there["prices_include_tax"]) == ("fr", "6", "False")
    assert there["taxes"] == "TPS 5 %\nTVQ 9,975 %"
    ontario = proposal(address, country="CA", region="ON", proposed="CA")
    assert (ontario["taxes"], ontario["language"]) == ("HST 13%", "en")
    assert Organisation.objects.count() == 0


def test_every_country_of_the_list_can_be_proposed_and_founded_as_it_is() -> None:
    for code, _name in country_names("fr"):
        for region in ("", *(region for region, _name in region_names(code, "fr"))):
            found = country_of(code, region, "fr")
            assert found.zone
            assert len(found.currency) == 3
            assert found.language in ("fr", "en")
            assert len({name for name, _rate in found.taxes}) == len(found.taxes)


def test_countries_propose_what_their_people_know() -> None:
    def facts(country: Country) -> tuple[Any, ...]:
        return country.zone, country.currency, country.language, country.first_weekday, country.prices_include_tax

    assert facts(country_of("FR", language="en")) == ("Europe/Paris", "EUR", "fr", 0, True)
    assert facts(country_of("CH", language="fr")) == ("Europe/Zurich", "CHF", "fr", 0, True)
    assert facts(country_of("US", language="fr")) == ("America/New_York", "USD", "en", 6, False)
    assert facts(country_of("GB", language="fr")) == ("Europe/London", "GBP", "en", 0, True)
    assert facts(country_of("JP", language="fr")) == ("Asia/Tokyo", "JPY", "en", 6, True)
    assert country_of("CA", "BC", "en").taxes == (("GST 5%", 5_000), ("PST 7%", 7_000))
    assert country_of("BE", language="fr").taxes[0] == ("TVA 21 %", 21_000)


def test_holidays_of_the_region_are_kept(address: str) -> None:
    walk(Client(), address, country="CA", region="QC", zone="America/Toronto", currency="CAD")
    year = Organisation.objects.get().created_at.year
    with scopes_disabled():
        assert Closure.objects.filter(on=date(year, 6, 24)).exists()


def test_who_skips_every_step_gets_what_is_proposed_and_stands_before_the_first_service(address: str) -> None:
    client = Client()
    for step in list(TYPED)[:-1]:
        answer = client.post(
            address, {"step": step, "go": "skip", "name": "not kept"}, headers={"Accept-Language": "fr"}
        )
        assert answer.status_code == 303, step
    # Who signs in must be said.
    assert client.post(address, {"step": "you", "go": "skip"}).headers["Location"].endswith("?step=you")
    answer = client.post(address, {"step": "you", "go": "next", **TYPED["you"]}, headers={"Accept-Language": "fr"})
    assert answer.headers["Location"] == "/o/mon-entreprise/services/"
    page = client.get(answer.headers["Location"], headers={"Accept-Language": "fr"}).content.decode()
    assert re.search(
        r'href="/o/mon-entreprise/services/new"[^>]*>\s*(?:<svg.*?</svg>)?\s*(?:\+ )?Service', page, re.DOTALL
    )
    organisation = Organisation.objects.get()
    assert (organisation.country, organisation.currency, organisation.zone) == ("FR", "EUR", "Europe/Paris")
    with open_of("mon-entreprise"):
        assert Module.objects.get(key="services").on
        assert business_hours()[0] == ((540, 720), (840, 1080))


def test_of_a_further_organisation_the_last_step_can_be_skipped_too(open_salon: Business) -> None:
    client = Client()
    client.force_login(open_salon.user("alice"))
    client.post(ANOTHER, {"step": "business", "go": "next", "name": "Salon Perle", "trade": "salon"})
    page = client.get(f"{ANOTHER}?step=you", headers={"Accept-Language": "en"}).content.decode()
    assert "Skip, and create the organisation" in page
    typed = {"administrator": "", "provides": ""}
    assert (
        client.post(ANOTHER, {"step": "you", "go": "skip", **typed}).headers["Location"] == "/o/salon-perle/services/"
    )
    with open_of("salon-perle"):
        assert Resource.objects.get(member__isnull=False).member.name == "Alice"


def test_a_trade_proposes_its_hours_and_its_services(address: str) -> None:
    client = Client()
    client.post(address, {"step": "business", "go": "next", "name": "Salon Perle", "trade": "salon"})
    hours = client.get(f"{address}?step=hours").context["form"]
    assert (hours["hours_0"].value(), hours["hours_1"].value()) == (None, "9:00–19:00")
    offered = client.get(f"{address}?step=services", headers={"Accept-Language": "fr"})
    assert "Coupe femme" in offered.content.decode()
    assert offered.context["form"]["begin"].value() == "examples"
    answer = client.post(address, {"step": "you", "go": "next", **TYPED["you"]}, headers={"Accept-Language": "fr"})
    assert answer.headers["Location"] == "/o/salon-perle/services/"
    with open_of("salon-perle"):
        cut = Service.objects.get(name="Coupe femme")
        assert [one.member.name for one in cut.service_members.select_related("member")] == ["Perle Étoilé"]


def test_what_was_typed_outlives_a_mistake_a_step_back_and_a_closed_window(address: str) -> None:
    client = Client()
    wrong = client.post(address, {"step": "hours", "go": "next", "hours_0": "never", "hours_1": "8:00–9:00"})
    assert wrong.status_code == 422
    back = client.post(address, {"step": "address", "go": "back", "street": "4 quai de Bourgogne"})
    assert back.headers["Location"] == f"{address}?step=country"
    again = Client()
    again.cookies.update(client.cookies)
    hours = again.get(f"{address}?step=hours").context["form"]
    assert [hours[f"hours_{day}"].value() for day in range(3)] == ["never", "8:00–9:00", ""]
    assert again.get(f"{address}?step=address").context["form"]["street"].value() == "4 quai de Bourgogne"
    assert Client().get(f"{address}?step=address").context["form"]["street"].value() is None


def test_a_tick_that_was_taken_away_stays_away(address: str) -> None:
    client = Client()
    assert client.get(f"{address}?step=country").context["form"]["holidays"].value() is True
    client.post(address, {"step": "country", "go": "next", **TYPED["country"], "holidays": ""})
    assert not client.get(f"{address}?step=country").context["form"]["holidays"].value()


def test_the_password_is_kept_in_no_session(address: str) -> None:
    client = Client()
    client.post(address, {"step": "you", "go": "next", **TYPED["you"], "email": "perle"})
    kept = repr(dict(client.session.items()))
    assert "Perle Étoilé" in kept
    assert "chevaux" not in kept


def test_examples_that_nobody_would_do_are_refused_beside_the_tick(address: str) -> None:
    client = Client()
    client.post(address, {"step": "business", "go": "next", "name": "Salon Perle", "trade": "salon"})
    answer = client.post(address, {"step": "you", "go": "next", **TYPED["you"], "provides": ""})
    assert answer.status_code == 422
    assert 'id="id_provides_error"' in answer.content.decode()
    assert Organisation.objects.count() == 0


def found_another(client: Client, name: str = "Second Salon") -> HttpResponse:
    client.post(ANOTHER, {"step": "business", "go": "next", "name": name, "trade": ""})
    return client.post(ANOTHER, {"step": "you", "go": "next", "administrator": "Alice", "provides": "on"})


def test_an_administrator_founds_a_further_organisation_with_the_same_sign_in(open_salon: Business) -> None:
    client = Client()
    client.force_login(open_salon.user("alice"))
    assert client.get(f"{ANOTHER}?step=you").context["form"]["administrator"].value() == "Alice"
    assert found_another(client).headers["Location"] == "/o/second-salon/services/"
    assert client.get("/o/second-salon/services/").status_code == 200
    assert client.get("/o/salon/").status_code == 200
    assert User.objects.filter(email="alice@salon.example").count() == 1
    stranger = Client()
    stranger.force_login(open_salon.user("bea"))
    assert stranger.get("/o/second-salon/").status_code == 404


@pytest.mark.parametrize(
    ("setting", "allowed"),
    [("administrators", {"alice"}), ("everybody", {"alice", "bea"}), ("nobody", set())],
)
def test_who_may_found_a_further_organisation_is_a_setting(
    open_salon: Business, settings: LazySettings, setting: str, allowed: set[str]
) -> None:
    settings.NEW_ORGANISATIONS = setting
    for who in ("alice", "bea"):
        client = Client()
        client.force_login(open_salon.user(who))
        expected = 200 if who in allowed else 403
        assert client.get(ANOTHER).status_code == expected, who
        assert ("/organisations/new/" in client.get("/o/salon/").content.decode()) is (who in allowed), who
        found_another(client, f"Of {who}")
    assert {one.slug for one in Organisation.objects.exclude(slug="salon")} == {f"of-{who}" for who in allowed}
    assert Client().get(ANOTHER).headers["Location"].startswith("/accounts/login/")
