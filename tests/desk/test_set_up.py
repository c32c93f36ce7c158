"""The set-up: its contents, adding people, changing hours and address. Modules: see `test_modules`."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from carnet.base.scopes import open_organisation
from carnet.organisations.invitations import link_for
from carnet.organisations.models import Activity, Invitation, Member, Organisation, Profile
from carnet.resources.models import Resource
from carnet.resources.queries import business_hours
from tests.cast import Business

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def client() -> Client:
    return Client()


def as_member(client: Client, business: Business, name: str) -> Client:
    client.force_login(business.user(name))
    return client


def profile(business: Business, key: str) -> Profile:
    found = Profile._base_manager.get(organisation=business.organisation, key=key)
    assert isinstance(found, Profile)
    return found


def test_nobody_but_an_administrator_finds_the_set_up(client: Client, open_salon: Business) -> None:
    for name in ("bea", "lea"):
        member = as_member(client, open_salon, name)
        for path in ("set-up/", "set-up/hours", "set-up/business", "set-up/members/", "set-up/members/new"):
            assert member.get(open_salon.url(path)).status_code == 404, path
        for path in ("set-up/members/new", "set-up/hours", "set-up/business"):
            assert member.post(open_salon.url(path), {"name": "x"}).status_code == 404, path
    with open_organisation(open_salon.organisation):
        assert Organisation.objects.get(slug="salon").name == "Salon"
        assert Member.objects.count() == 4


def test_the_contents_lead_to_every_page_and_each_page_leads_back(client: Client, open_salon: Business) -> None:
    alice = as_member(client, open_salon, "alice")
    home = alice.get(open_salon.url("set-up/")).content.decode()
    for path in ("hours", "business", "members/", "profiles/", "tokens/", "activity/", "modules/"):
        assert f'href="{open_salon.url(f"set-up/{path}")}"' in home
        page = alice.get(open_salon.url(f"set-up/{path}")).content.decode()
        assert f'href="{open_salon.url("set-up/")}"' in page


def add(client: Client, business: Business, **typed: str) -> Any:
    given = {"name": "Noé Îlot", "profile": str(profile(business, "provider").public_id), **typed}
    return client.post(business.url("set-up/members/new"), given, headers=HTMX)


def test_a_new_member_has_a_column_and_no_sign_in_until_an_address_is_given(
    client: Client, open_salon: Business
) -> None:
    alice = as_member(client, open_salon, "alice")
    answer = add(alice, open_salon, provides="on")
    assert answer.headers["HX-Redirect"] == open_salon.url()
    assert "Noé Îlot" in alice.get(open_salon.url("set-up/members/")).content.decode()
    with open_organisation(open_salon.organisation):
        member = Member.objects.get(name="Noé Îlot")
        assert member.user is None
        assert Resource.objects.filter(member=member).exists()


def test_a_member_who_only_signs_in_is_invited_and_chooses_the_password(client: Client, open_salon: Business) -> None:
    alice = as_member(client, open_salon, "alice")
    answer = add(alice, open_salon, email="Noe@Mail.example")
    with open_organisation(open_salon.organisation):
        member = Member.objects.get(name="Noé Îlot")
        assert not Resource.objects.filter(member=member).exists()
        invitation = Invitation.objects.get()
    assert (invitation.member, invitation.email) == (member, "noe@mail.example")
    assert answer.headers["HX-Redirect"] == open_salon.url(f"set-up/members/{member.public_id}/")
    link = link_for(invitation)
    assert link in alice.get(answer.headers["HX-Redirect"]).content.decode()
    noe = Client()
    chosen = {"new_password1": "trois petits chats", "new_password2": "trois petits chats"}
    noe.post(urlsplit(link).path, chosen)
    assert noe.get("/").headers["Location"] == open_salon.url()


def test_an_address_that_another_member_signs_in_with_is_refused_and_adds_nobody(
    client: Client, open_salon: Business
) -> None:
    alice = as_member(client, open_salon, "alice")
    answer = add(alice, open_salon, email="bea@salon.example")
    assert answer.status_code == 422
    assert 'id="id_email_error"' in answer.content.decode()
    with open_organisation(open_salon.organisation):
        assert Member.objects.count() == 4


def test_the_profile_of_another_organisation_cannot_be_given(
    client: Client, open_salon: Business, open_garage: Business
) -> None:
    """(I2)"""
    alice = as_member(client, open_salon, "alice")
    assert add(alice, open_salon, profile=str(profile(open_garage, "administrator").public_id)).status_code == 422


def test_hours_are_replaced_as_they_are_typed(client: Client, open_salon: Business) -> None:
    alice = as_member(client, open_salon, "alice")
    answer = alice.post(open_salon.url("set-up/hours"), {"hours_0": "9h30 - 12h, 13-17", "hours_5": "22:00–2:00"})
    assert (answer.status_code, answer.headers["Location"]) == (303, open_salon.url("set-up/hours"))
    with open_organisation(open_salon.organisation):
        assert business_hours() == {0: ((570, 720), (780, 1020)), 5: ((1320, 1560),)}
    page = alice.get(open_salon.url("set-up/hours")).content.decode()
    assert 'value="9:30–12:00, 13:00–17:00"' in page
    assert 'value="22:00–2:00"' in page


def test_hours_that_make_no_sense_are_refused_beside_their_day(client: Client, open_salon: Business) -> None:
    alice = as_member(client, open_salon, "alice")
    with open_organisation(open_salon.organisation):
        before = business_hours()
    for typed in ("9", "18:00–18:00x", "9:03–10:00", "9–12, 11–13", "<b>9–12</b>"):
        answer = alice.post(open_salon.url("set-up/hours"), {"hours_2": typed}, headers=HTMX)
        assert answer.status_code == 422, typed
        assert 'id="id_hours_2_error"' in answer.content.decode()
    with open_organisation(open_salon.organisation):
        assert business_hours() == before


def test_name_and_address_are_changed_and_the_change_is_kept_in_the_history(
    client: Client, open_salon: Business
) -> None:
    alice = as_member(client, open_salon, "alice")
    typed = {"name": "Salon d’Élise", "street": "1 rue Neuve", "postcode": "75001", "city": "Paris", "phone": ""}
    alice.post(open_salon.url("set-up/business"), typed)
    organisation = Organisation.objects.get(slug="salon")
    assert (organisation.name, organisation.address) == ("Salon d’Élise", "1 rue Neuve, 75001 Paris")
    with open_organisation(organisation):
        change = Activity.objects.get(kind="organisation.edited").changes
    assert change["name"] == ["Salon", "Salon d’Élise"]
    assert "city" not in change
    assert alice.post(open_salon.url("set-up/business"), {"name": " "}).status_code == 422
