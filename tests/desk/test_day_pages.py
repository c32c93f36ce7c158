"""The day's pages: the address of each day, what is sent again, and the sheets beside them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from carnet.base.scopes import open_organisation
from carnet.desk.forms.day import date_typed
from carnet.desk.sheets import day_changed
from carnet.organisations.models import Member
from carnet.resources.actions import add_closures
from carnet.resources.models import Resource
from tests.cast import Business

FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "section#day"}


@pytest.fixture
def bea(client: Client, open_salon: Business) -> Client:
    client.force_login(open_salon.user("bea"))
    return client


def address(business: Business, day: date | None = None, more: str = "") -> str:
    return business.url(f"day/{(day or business.day).isoformat()}/{more}")


def ask(client: Client, path: str, etag: str = "", **more: str) -> HttpResponse:
    headers: dict[str, Any] = {**FRAGMENT, **({"If-None-Match": etag} if etag else {}), **more}
    return client.get(path, headers=headers)  # type: ignore[return-value]


def test_an_unchanged_day_is_not_sent_again(bea: Client, open_salon: Business) -> None:
    first = ask(bea, address(open_salon))
    assert first.status_code == 200
    again = ask(bea, address(open_salon), first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]


def test_a_booking_makes_another_day_of_it(bea: Client, open_salon: Business) -> None:
    before = ask(bea, address(open_salon))
    with open_organisation(open_salon.organisation):
        open_salon.book(at="10:00")
    after = ask(bea, address(open_salon), before["ETag"])
    assert after.status_code == 200
    assert "Véra Élan" in after.content.decode()


def test_an_absence_and_a_new_name_make_another_day_of_it_too(bea: Client, open_salon: Business) -> None:
    """Not only visits have versions: whatever reads otherwise has another ETag."""
    first = ask(bea, address(open_salon))["ETag"]
    with open_organisation(open_salon.organisation):
        add_closures(open_salon.system, {open_salon.day: "Inventaire"})
    second = ask(bea, address(open_salon), first)
    assert second.status_code == 200
    with open_organisation(open_salon.organisation):
        Member.objects.filter(pk=open_salon.members["lea"].pk).update(name="Léa")
    assert ask(bea, address(open_salon), second["ETag"]).status_code == 200


def test_each_language_has_its_own_etag(bea: Client, open_salon: Business) -> None:
    english = ask(bea, address(open_salon))["ETag"]
    open_salon.user("bea").__class__.objects.filter(email="bea@salon.example").update(language="fr")
    french = ask(bea, address(open_salon), english)
    assert french.status_code == 200
    assert french["ETag"] != english


def test_what_one_sees_lies_in_no_cache(bea: Client, open_salon: Business) -> None:
    """(I4)"""
    for response in (bea.get(address(open_salon)), ask(bea, address(open_salon))):
        assert response["Cache-Control"] == "private, no-store"


def test_a_page_and_its_fragment_share_an_address(bea: Client, open_salon: Business) -> None:
    page, fragment = bea.get(address(open_salon)), ask(bea, address(open_salon))
    assert "<html" in page.content.decode()
    assert "<html" not in fragment.content.decode()
    assert 'id="day"' in fragment.content.decode()
    assert "HX-Request" in page["Vary"]


def test_the_list_has_the_same_links_as_the_grid(bea: Client, open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        visit = open_salon.book(at="10:00")
    grid = bea.get(address(open_salon)).content.decode()
    listed = bea.get(address(open_salon, more="list/")).content.decode()
    for page in (grid, listed):
        assert f"/appointments/{visit.public_id}/" in page
        assert page.count("/booking/?member=") == 5


def test_home_opens_an_open_day(bea: Client, open_salon: Business) -> None:
    response = bea.get(open_salon.url())
    assert response.status_code == 200
    assert 'class="day ' in response.content.decode()


@pytest.mark.parametrize("typed", ["{:%d/%m/%Y}", "{:%Y-%m-%d}", "{:%d.%m.%y}", "  {:%d/%m/%Y} "])
def test_the_date_field_takes_a_date_as_people_type_it(bea: Client, open_salon: Business, typed: str) -> None:
    response = bea.get(open_salon.url(), {"date": typed.format(open_salon.day)})
    assert response.status_code == 302
    assert response["Location"] == address(open_salon)


@pytest.mark.parametrize("typed", ["31/02/2026", "demain", "2026-13-01", "1/1/1", "", "<b>", "٣١", "9999-99-99", "0/0"])
def test_a_date_that_is_none_is_said_beside_the_field(bea: Client, open_salon: Business, typed: str) -> None:
    """What was typed stays, the reader stays on the same day (T3)."""
    there = open_salon.day + timedelta(days=1)
    response = bea.get(open_salon.url(), {"date": typed, "day": there.isoformat()})
    body = response.content.decode()
    assert response.status_code == 422
    assert 'aria-describedby="day-date-error"' in body
    assert f'data-address="{address(open_salon, there)}"' in body
    assert "<b>" not in body.replace(f"<b>{there.day}</b>", "")


def test_a_day_and_month_alone_lie_in_this_year() -> None:
    assert date_typed("24/11", near=date(2026, 3, 1)) == date(2026, 11, 24)


@pytest.mark.parametrize("day", ["2026-02-30", "2026-1-1", "0000-00-00", "9999-12-31"])
def test_an_impossible_day_is_no_page(bea: Client, open_salon: Business, day: str) -> None:
    assert bea.get(open_salon.url(f"day/{day}/")).status_code == 404


def test_a_closed_day_says_so_and_leads_on(bea: Client, open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        add_closures(open_salon.system, {open_salon.day: "Fête du travail"}, holiday=True)
    body = bea.get(address(open_salon)).content.decode()
    assert "Fête du travail" in body
    assert 'id="day-next-open"' in body
    assert 'class="day ' not in body


def test_without_members_administrators_are_told_what_to_do(client: Client, open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        Resource.objects.update(active=False)
    for name, told in (("alice", True), ("bea", False)):
        client.force_login(open_salon.user(name))
        body = client.get(address(open_salon)).content.decode()
        assert "Nobody’s time can be booked yet" in body
        assert ("Add a member" in body) is told


def test_a_name_is_text_whatever_it_holds(bea: Client, open_salon: Business) -> None:
    """(T3)"""
    from carnet.customers.actions import NewCustomer, create_customer

    with open_organisation(open_salon.organisation):
        name = "<img src=x onerror=alert(1)> {{ day }} مريم"
        open_salon.customers["odd"] = create_customer(open_salon.system, NewCustomer(name))
        open_salon.book(at="10:00", customer="odd")
    for more in ("", "list/"):
        body = bea.get(address(open_salon, more=more)).content.decode()
        assert "<img src=x" not in body
        assert "{{ day }} مريم" in body


def test_a_sheet_alone_for_htmx_and_beside_the_day_otherwise(bea: Client, open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        visit = open_salon.book(at="10:00")
    path = open_salon.url(f"appointments/{visit.public_id}/")
    alone = ask(bea, path, **{"HX-Target": "aside#sheet"}).content.decode()
    beside = bea.get(path).content.decode()
    assert 'id="day"' not in alone
    assert 'id="day"' in beside
    assert 'class="sheet"' in beside
    assert 'class="sheet"' in alone


def test_a_restored_page_is_whole(bea: Client, open_salon: Business) -> None:
    response = ask(bea, address(open_salon), **{"HX-History-Restore-Request": "true", "HX-Request-Type": "full"})
    assert "<html" in response.content.decode()


def test_a_change_in_a_sheet_is_told_to_the_day_beside_other_news() -> None:
    response = HttpResponse()
    response["HX-Trigger"] = "saved"
    assert day_changed(response)["HX-Trigger"] == "saved, day-changed"
    response["HX-Trigger"] = '{"saved": {"at": 1}}'
    assert day_changed(response)["HX-Trigger"] == '{"saved": {"at": 1}, "day-changed": {}}'


def test_a_stranger_of_another_organisation_finds_no_day(
    client: Client, open_salon: Business, open_garage: Business
) -> None:
    """(I1)"""
    client.force_login(open_garage.user("bea"))
    assert client.get(address(open_salon)).status_code == 404
