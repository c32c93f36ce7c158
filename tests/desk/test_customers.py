"""The call through its pages: finding, showing, noting, editing; with and without htmx."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from carnet.base.scopes import open_organisation
from carnet.customers.actions import NewCustomer, create_customer
from carnet.customers.models import Customer, PinnedService
from carnet.jobsheets.actions import complete_appointment
from carnet.organisations.models import Profile
from tests.cast import Business

HTMX = {"HX-Request": "true", "HX-Target": "sheet", "HX-Request-Type": "partial"}


@pytest.fixture
def desk(open_salon: Business, client: Client) -> Client:
    client.force_login(open_salon.user("bea"))
    return client


def screen(business: Business, name: str, more: str = "") -> str:
    return business.url(f"customers/{business.customers[name].public_id}/{more}")


def reloaded(business: Business, name: str) -> Customer:
    with open_organisation(business.organisation):
        return Customer.objects.prefetch_related("contacts", "addresses", "notes").get(pk=business.customers[name].pk)


@pytest.mark.parametrize(
    "text", ["0612345", "+33 6 12 34", "06.12.34.56", "vera", "ÉLAN", "elan ver", "vera@mail", "lilas"]
)
def test_a_part_of_a_name_number_mail_or_street_finds_the_customer(
    desk: Client, open_salon: Business, text: str
) -> None:
    answer = desk.get(open_salon.url("customers/lookup"), {"q": text}, headers=HTMX).content.decode()
    assert "Véra Élan" in answer
    assert "Omar" not in answer


@pytest.mark.parametrize(
    ("text", "field"), [("07 99 88 77 66", "phone"), ("Jeanne Moreau", "name"), ("jeanne@mail.example", "email")]
)
def test_the_last_line_creates_with_what_was_typed_in_the_right_field(
    desk: Client, open_salon: Business, text: str, field: str
) -> None:
    found = desk.get(open_salon.url("customers/lookup"), {"q": text}, headers=HTMX)
    address = found.context["create"]
    assert parse_qs(urlsplit(address).query) == {field: [text]}
    assert f'value="{text}"' in desk.get(address).content.decode()


def test_an_incoming_number_opens_its_customer_and_an_unknown_one_offers_to_create(
    desk: Client, open_salon: Business
) -> None:
    answer = desk.get(open_salon.url("call"), {"number": "+33612345678"})
    assert answer.headers["Location"] == screen(open_salon, "vera")
    answer = desk.get(open_salon.url("call"), {"number": "0799887766"})
    assert "0799887766" in answer.content.decode()
    assert "booking/?phone=0799887766" in answer.context["create"]


def test_a_number_shared_by_two_lets_the_desk_choose(desk: Client, open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        create_customer(open_salon.system, NewCustomer("Paul Élan", ("0612345678",)))
    answer = desk.get(open_salon.url("call"), {"number": "0612345678"}).content.decode()
    assert "Véra Élan" in answer
    assert "Paul Élan" in answer


def test_a_name_that_is_code_is_shown_as_a_name(desk: Client, open_salon: Business) -> None:
    """Markup in a name is text wherever it is drawn (T3)."""
    with open_organisation(open_salon.organisation):
        created = create_customer(open_salon.system, NewCustomer("<script>alert(1)</script>", ("0611111111",)))
    for address in (
        f"customers/{created.public_id}/",
        "customers/lookup?q=0611111111",
        f"booking/?customer={created.public_id}",
    ):
        answer = desk.get(open_salon.url(address)).content.decode()
        assert "<script>alert" not in answer
        assert "&lt;script&gt;alert(1)" in answer


def test_a_note_an_address_and_a_pin_are_kept(desk: Client, open_salon: Business) -> None:
    desk.post(screen(open_salon, "vera", "notes"), {"text": "Sonner deux fois", "pinned": "on"})
    answer = desk.post(
        screen(open_salon, "vera", "addresses"),
        {"label": "Bureau", "street": "1 place d’Aligre", "city": "Paris", "access_note": "Cour"},
    )
    assert answer.status_code == 303
    service = open_salon.services["both"]
    desk.post(screen(open_salon, "vera", "pins"), {"service": service.public_id})
    page = desk.get(screen(open_salon, "vera")).content.decode()
    for text in ("Sonner deux fois", "1 place d’Aligre", "Cour", "Coiffage"):
        assert text in page
    desk.post(screen(open_salon, "vera", "pins"), {"unpin": service.public_id})
    with open_organisation(open_salon.organisation):
        assert not PinnedService.objects.exists()


def test_an_empty_note_is_refused_beside_its_field_and_nothing_is_kept(desk: Client, open_salon: Business) -> None:
    answer = desk.post(screen(open_salon, "vera", "notes"), {"text": "  "}, headers=HTMX)
    assert answer.status_code == 422
    assert answer.context["open_form"] == "note"
    assert answer.context["note_form"].errors["text"]
    assert list(reloaded(open_salon, "vera").notes.all()) == []


def test_two_who_edit_at_once_do_not_overwrite_each_other(desk: Client, open_salon: Business) -> None:
    before = reloaded(open_salon, "vera")
    typed = {"name": "Véra Neuve", "phone": "0612345678", "email": "", "version": before.version}
    assert desk.post(screen(open_salon, "vera", "edit"), typed).status_code == 303
    answer = desk.post(screen(open_salon, "vera", "edit"), {**typed, "name": "Véra Autre"}, headers=HTMX)
    assert answer.status_code == 422
    assert reloaded(open_salon, "vera").name == "Véra Neuve"
    assert "Véra Autre" in answer.content.decode()


def test_a_customer_needs_a_name_or_a_number(desk: Client, open_salon: Business) -> None:
    answer = desk.post(open_salon.url("customers/new"), {"name": " ", "phone": "", "email": ""})
    assert answer.status_code == 422
    answer = desk.post(open_salon.url("customers/new"), {"name": "", "phone": "07 22 33 44 55", "email": ""})
    assert answer.status_code == 303


def test_the_screen_says_what_was_had_how_often_and_with_whom(desk: Client, open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        for weeks in range(2, 9):
            day = open_salon.day - timedelta(weeks=weeks)
            visit = open_salon.book(at="10:00", day=day, now=open_salon.at("08:00", day))
            complete_appointment(open_salon.access("alice", visit.ends_at), visit)
    answer = desk.get(screen(open_salon, "vera"))
    [chosen] = answer.context["screen"].chosen
    assert (chosen.times, chosen.member, chosen.price) == (7, "Lea", 3500)
    assert len(answer.context["screen"].past) == 5
    everything = desk.get(screen(open_salon, "vera"), {"visits": "all"})
    assert len(everything.context["screen"].past) == 7


def test_a_customer_of_another_business_is_not_there(desk: Client, open_salon: Business, open_garage: Business) -> None:
    foreign = open_garage.customers["vera"].public_id
    assert desk.get(open_salon.url(f"customers/{foreign}/")).status_code == 404
    for what in ("notes", "addresses", "pins", "edit"):
        assert desk.post(open_salon.url(f"customers/{foreign}/{what}"), {"text": "x"}).status_code == 404
    panel = desk.get(open_salon.url("booking/"), {"customer": foreign})
    assert panel.context["draft"].customer is None


def test_a_profile_that_may_not_edit_sees_no_form_and_is_refused(desk: Client, open_salon: Business) -> None:
    from carnet.organisations.actions import grant_permission

    with open_organisation(open_salon.organisation):
        profile = Profile.objects.get(key="front_desk")
        grant_permission(open_salon.system, profile, "customers.edit", granted=False)
    assert "customer-forms" not in desk.get(screen(open_salon, "vera")).content.decode()
    assert desk.post(screen(open_salon, "vera", "notes"), {"text": "Bonjour"}).status_code == 403
    assert list(reloaded(open_salon, "vera").notes.all()) == []
