"""Services ticked in the list: changed all together or not at all, asked once, and nothing ticked is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from carnet.appointments.actions import cancel_appointment
from carnet.base.scopes import open_organisation
from carnet.catalogue.models import Service, ServiceMember
from carnet.organisations.models import Profile
from tests.cast import Business

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "aside#sheet"}


@pytest.fixture
def office(open_salon: Business, client: Client) -> Client:
    client.force_login(open_salon.user("alice"))
    return client


def ids(business: Business, *names: str) -> list[str]:
    return [str(business.services[name].public_id) for name in names]


def send(client: Client, business: Business, do: str, *names: str, query: str = "", **more: Any) -> HttpResponse:
    data = {"do": do, "service": ids(business, *names), **more}
    headers = more.pop("headers", HTMX)
    return client.post(business.url(f"services/selection{query}"), data, headers=headers)


def of(business: Business, name: str) -> Service:
    with open_organisation(business.organisation):
        return Service.objects.get(pk=business.services[name].pk)


def test_whoever_takes_services_out_of_use_sees_the_visits_that_stand(office: Client, open_salon: Business) -> None:
    """(2.11) Each leads to where they can be moved."""
    with open_organisation(open_salon.organisation):
        for at in ("10:00", "11:00"):
            open_salon.book("haircut", at)
        cancel_appointment(open_salon.access("bea"), open_salon.book("haircut", "15:00"), reason="customer")
    asked = send(office, open_salon, "not_in_use", "haircut", "both").content.decode()
    haircut = open_salon.services["haircut"].public_id
    assert f"services/{haircut}/not-in-use" in asked
    assert "2 coming visits" in asked
    assert f"services/{open_salon.services['both'].public_id}/not-in-use" not in asked


def test_not_in_use_is_asked_once_and_then_done_for_all(office: Client, open_salon: Business) -> None:
    answer = send(office, open_salon, "not_in_use", "haircut", "both")
    assertContains(answer, "Yes, mark as not in use")
    assertContains(answer, "Coupe")
    assert of(open_salon, "haircut").in_use
    answer = send(office, open_salon, "not_in_use", "haircut", "both", confirmed="1", query="?q=co")
    assert answer.headers["HX-Redirect"] == open_salon.url("services/?q=co")
    assert [of(open_salon, name).in_use for name in ("haircut", "both", "garden")] == [False, False, True]
    assertContains(office.get(open_salon.url("services/")), "2 services are marked as not in use.")


def test_one_that_refuses_keeps_all_as_they_are_and_says_why(office: Client, open_salon: Business) -> None:
    """(D7)"""
    with open_organisation(open_salon.organisation):
        open_salon.book("haircut")
    answer = send(office, open_salon, "delete", "haircut", "both", confirmed="1")
    assert answer.status_code == 409
    assertContains(answer, "Nothing was changed.", status_code=409)
    assertContains(answer, "Coupe has 1 coming visit", status_code=409)
    assert [of(open_salon, name).deleted_at for name in ("haircut", "both")] == [None, None]
    # Both are still in the form, and whoever likes goes on without the one that refused.
    for one in ids(open_salon, "haircut", "both"):
        assertContains(answer, f'name="service" value="{one}"', status_code=409)
    refused = ids(open_salon, "haircut")
    send(office, open_salon, "delete", "haircut", "both", confirmed="1", except_refused="1", refused=refused)
    assert of(open_salon, "haircut").deleted_at is None
    assert of(open_salon, "both").deleted_at is not None


def test_without_a_script_the_ticks_stay_behind_the_question(office: Client, open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        open_salon.book("haircut")
    for more, status in (({}, 200), ({"confirmed": "1"}, 409)):
        answer = send(office, open_salon, "delete", "haircut", "both", headers={}, **more)
        assertContains(answer, 'id="services-selection"', status_code=status)
        text = answer.content.decode()
        for name, service in open_salon.services.items():
            tick = text.index(f'value="{service.public_id}" form="selection"')
            assert ("checked" in text[tick : text.index(">", tick)]) == (name in ("haircut", "both"))


def test_a_member_is_added_to_each(office: Client, open_salon: Business) -> None:
    max_ = open_salon.members["max"]
    answer = send(office, open_salon, "member", "haircut", "both")
    assertContains(answer, "Max")
    assert send(office, open_salon, "member", "both", confirmed="1", member="").status_code == 422
    assert send(office, open_salon, "member", "both", confirmed="1", member="nobody").status_code == 422
    send(office, open_salon, "member", "haircut", "both", confirmed="1", member=str(max_.public_id))
    with open_organisation(open_salon.organisation):
        provided = ServiceMember.objects.filter(member=max_).values_list("service__name", flat=True)
        assert sorted(provided) == ["Coiffage", "Couleur", "Coupe", "Jardin"]


@pytest.mark.parametrize(("typed", "price"), [("5", 3675), ("+10 %", 3850), ("−10", 3150), ("-100", 0), ("0", 3500)])
def test_prices_are_changed_by_a_percentage(office: Client, open_salon: Business, typed: str, price: int) -> None:
    send(office, open_salon, "prices", "haircut", "garden", confirmed="1", percent=typed)
    assert of(open_salon, "haircut").price == price
    assert of(open_salon, "both").price == 4000


@pytest.mark.parametrize("typed", ["", "much", "-101", "1001", "2.5", "99999999999999999"])
def test_what_is_no_percentage_is_said_beside_its_field(office: Client, open_salon: Business, typed: str) -> None:
    answer = send(office, open_salon, "prices", "haircut", confirmed="1", percent=typed)
    assert answer.status_code == 422
    assertContains(answer, 'aria-invalid="true"', status_code=422)
    assert of(open_salon, "haircut").price == 3500


def test_nothing_ticked_changes_nothing(office: Client, open_salon: Business) -> None:
    assertContains(send(office, open_salon, "delete", confirmed="1"), "No service is selected.", status_code=422)
    assert send(office, open_salon, "burn", "haircut").status_code == 404


def test_foreign_services_are_not_there(office: Client, open_salon: Business, open_garage: Business) -> None:
    given = [*ids(open_salon, "haircut"), *ids(open_garage, "haircut")]
    for one in (given, ["x"]):
        data = {"do": "not_in_use", "confirmed": "1", "service": one}
        assert office.post(open_salon.url("services/selection"), data).status_code == 404
    assert of(open_salon, "haircut").in_use


def test_only_who_may_edit_changes_and_only_who_may_delete_deletes(open_salon: Business, client: Client) -> None:
    client.force_login(open_salon.user("bea"))
    assertNotContains(client.get(open_salon.url("services/")), "price-tick")
    assert send(client, open_salon, "not_in_use", "haircut", confirmed="1").status_code == 403
    Profile._base_manager.filter(pk=open_salon.members["bea"].profile_id).update(
        permissions=["catalogue.see", "catalogue.edit"]
    )
    assertContains(client.get(open_salon.url("services/")), "price-tick")
    assert send(client, open_salon, "delete", "haircut", confirmed="1").status_code == 403
    assert of(open_salon, "haircut").deleted_at is None
    assert send(client, open_salon, "not_in_use", "haircut", confirmed="1").status_code == 200
    assert not of(open_salon, "haircut").in_use
