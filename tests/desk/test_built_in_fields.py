"""Fields that the product brings: one that a layout removed is gone from sight, one it made required is demanded."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from carnet.base.errors import Invalid
from carnet.base.scopes import open_organisation
from carnet.catalogue.models import Service
from carnet.customers.actions import NewCustomer, create_customer
from carnet.customisation.actions import save_layout
from carnet.customisation.queries import current_layout, draft_of
from carnet.organisations.actions import issue_token
from tests.api.conftest import Program
from tests.cast import Business
from tests.desk.service_pages import HTMX, text, typed
from tests.laid_out import add_fields
from tests.laid_out import text as line
from tests.organisations.test_field_rights import READ_ONLY, hide

Draft = dict[str, Any]
FILLED = {"category": "Cuts", "tags": "été", "description": "By hand", "offered_until": "31/12/2030"}


@pytest.fixture
def program(open_salon: Business) -> Program:
    with open_organisation(open_salon.organisation):
        return Program(open_salon, issue_token(open_salon.system, open_salon.members["alice"]))


def laid_out(
    business: Business, change: Callable[[Draft], object], module: str = "services", name: str = "standard"
) -> None:
    """Save a layout as `change` leaves its draft."""
    with open_organisation(business.organisation):
        access = business.access("alice")
        current = current_layout(access, module, name)
        draft = copy.deepcopy(draft_of(access, current.document))
        change(draft)
        save_layout(access, module, name, draft, version=current.number)


def requiring(*keys: str) -> Callable[[Draft], None]:
    def change(draft: Draft) -> None:
        for section in draft["sections"]:
            for one in section["fields"]:
                one["required"] = one["required"] or one["key"] in keys

    return change


def without(*keys: str) -> Callable[[Draft], None]:
    def change(draft: Draft) -> None:
        for section in draft["sections"]:
            draft["removed"] += [one for one in section["fields"] if one["key"] in keys]
            section["fields"] = [one for one in section["fields"] if one["key"] not in keys]

    return change


def with_all_again(draft: Draft) -> None:
    draft["sections"][1]["fields"] += draft["removed"]
    draft["removed"] = []


# Removed


def test_a_removed_field_is_gone_from_form_page_list_and_filters_and_comes_back_with_what_it_held(
    office: Client, program: Program, open_salon: Business
) -> None:
    """(4.1, C7) Programs are told it all the while: what is kept can be taken out."""
    office.post(open_salon.url("services/new"), typed(open_salon, **FILLED), headers=HTMX)
    office.post(open_salon.url("services/new"), typed(open_salon, name="Other", category="Care", tags="bio"))
    with open_organisation(open_salon.organisation):
        service = Service.objects.get(name="Balayage")
    record, listed = open_salon.url(f"services/{service.public_id}/"), open_salon.url("services/")
    page, catalogue = text(office, record, headers=HTMX), text(office, listed)
    words = ("Cuts", "été", "By hand", ">Until<", ">Tags<", ">Category<")
    assert [word for word in words if word in page.replace("<bdi>", "").replace("</bdi>", "")] == list(words)
    assert "All categories" in catalogue
    assert "All tags" in catalogue
    assert text(office, f"{listed}?q=hand").count("Balayage") > 0

    laid_out(open_salon, without("category", "tags", "description", "offered_until", "image"))
    page = text(office, record, headers=HTMX).replace("<bdi>", "").replace("</bdi>", "")
    assert not [word for word in (*words, "No image yet", "Description information") if word in page]
    catalogue = text(office, listed)
    assert not [word for word in ("All categories", "All tags", "Cuts") if word in catalogue]
    assert "Balayage" not in text(office, f"{listed}?q=hand", headers={**HTMX, "HX-Target": "catalogue-results"})
    told = program.get(f"services/{service.public_id}").json()
    assert (told["category"]["name"], told["description"]) == ("Cuts", "By hand")

    laid_out(open_salon, with_all_again)
    page = text(office, record, headers=HTMX).replace("<bdi>", "").replace("</bdi>", "")
    assert [word for word in words if word in page] == list(words)


def test_a_field_of_the_page_is_called_as_the_layout_calls_it(office: Client, open_salon: Business) -> None:
    def renamed(draft: Draft) -> None:
        for section in draft["sections"]:
            for one in section["fields"]:
                if one["key"] in ("place", "duration"):
                    one["label"] = {"en": f"Our {one['key']}"}
                if one["key"] == "members":
                    one["shows"] = ["form"]

    laid_out(open_salon, renamed)
    page = text(office, open_salon.url(f"services/{open_salon.services['haircut'].public_id}/"), headers=HTMX)
    assert "Our place" in page
    assert "Our duration" in page
    assert "Service members" not in page


def test_what_a_layout_of_customers_removed_is_on_no_page_and_in_no_list(office: Client, open_salon: Business) -> None:
    vera = open_salon.customers["vera"]
    with open_organisation(open_salon.organisation):
        vera.contacts.create(
            organisation=open_salon.organisation, kind="email", value="vera@mail.example", normal="v", position=9
        )
    page, listed = open_salon.url(f"customers/{vera.public_id}/"), open_salon.url("customers/list")
    for address in (page, listed):
        assert "vera@mail.example" in text(office, address)
    assert "customer-addresses" in text(office, page)
    laid_out(open_salon, without("email", "address"), "customers")
    for address in (page, listed):
        assert "vera@mail.example" not in text(office, address)
        assert "customer-addresses" not in text(office, address)
    assert 'name="email"' not in text(office, open_salon.url("booking/?phone=06+00+11+22+33"))


def test_a_note_that_the_layout_removed_is_not_asked_and_not_shown(office: Client, open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        visit = open_salon.book("haircut", at="15:00", note="By the back door")
    page = open_salon.url(f"appointments/{visit.public_id}/")
    booking = open_salon.url(f"booking/?service={open_salon.services['haircut'].public_id}")
    assert "By the back door" in text(office, page)
    assert 'name="note"' in text(office, booking)
    laid_out(open_salon, without("note"), "appointments", "create")
    assert "By the back door" not in text(office, page)
    assert 'name="note" rows' not in text(office, booking)


# Required


@pytest.mark.parametrize("key", ["category", "tags", "offered_until", "description", "taxes"])
def test_a_required_field_of_a_service_is_demanded_by_form_and_program(
    office: Client, program: Program, open_salon: Business, key: str
) -> None:
    """(4.1, K7)"""
    laid_out(open_salon, requiring(key))
    filled = {name: value for name, value in FILLED.items() if name != key}
    answer = office.post(open_salon.url("services/new"), typed(open_salon, **filled), headers=HTMX)
    assert answer.status_code == 422
    assert key in answer.context["form"].errors
    body = {"name": "Soin", "duration": {"usual": 30}, "amount": 2000, "taxes": []}
    refused = program.post("services", body)
    assert (refused.status_code, list(refused.json()["errors"])) == (422, [key]), refused.content
    with open_organisation(open_salon.organisation):
        assert not Service.objects.filter(name__in=("Balayage", "Soin")).exists()


def test_a_required_field_may_stay_empty_where_it_was_but_not_become_so(program: Program, open_salon: Business) -> None:
    """(C10) Whoever changes something else is not asked for it; its form asks."""
    laid_out(open_salon, requiring("description"))
    path = f"services/{open_salon.services['haircut'].public_id}"

    def put(**more: Any) -> Any:
        return program.put(path, more, If_Match=program.get(path).headers["ETag"])

    assert put(amount=4000).status_code == 200
    assert put(description="Cut and dry").status_code == 200
    assert put(description="").json()["errors"].keys() == {"description"}
    assert put(amount=4100).status_code == 200
    assert program.get(path).json()["description"] == "Cut and dry"


def test_what_a_profile_may_not_fill_in_is_not_demanded_of_it(open_salon: Business) -> None:
    laid_out(open_salon, requiring("email"), "customers")
    with open_organisation(open_salon.organisation):
        with pytest.raises(Invalid):
            create_customer(open_salon.access("bea"), NewCustomer("Zoé"))
        hide(open_salon, ("customers", "email"), right=READ_ONLY)
        assert create_customer(open_salon.access("bea"), NewCustomer("Zoé")).pk
        with pytest.raises(Invalid):
            create_customer(open_salon.access("alice"), NewCustomer("Yves"))


def test_an_e_mail_address_is_demanded_of_new_customers_also_in_the_booking_panel(
    office: Client, program: Program, open_salon: Business
) -> None:
    laid_out(open_salon, requiring("email"), "customers")
    assert program.post("customers", {"name": "Zoé"}).json()["errors"].keys() == {"email"}
    assert program.post("customers", {"name": "Zoé", "emails": ["zoe@mail.example"]}).status_code == 201
    start = open_salon.at("10:00").isoformat()
    visit = {
        "service-0": open_salon.services["haircut"].public_id,
        "start": start,
        "place": "business",
        "name": "Nadia",
    }
    answer = office.post(open_salon.url("appointments/"), visit)
    assert answer.status_code == 422
    assert "booking-email-error" in answer.content.decode()
    answer = office.post(open_salon.url("appointments/"), visit | {"email": "nadia@mail.example"})
    assert answer.status_code == 303


def test_a_customer_and_a_note_are_demanded_of_a_booking(
    office: Client, program: Program, open_salon: Business
) -> None:
    laid_out(open_salon, requiring("customer", "note"), "appointments", "create")
    service = str(open_salon.services["haircut"].public_id)
    visit = {"service-0": service, "start": open_salon.at("10:00").isoformat(), "place": "business", "passer_by": "1"}
    page = text(office, open_salon.url(f"booking/?service={service}"))
    assert "passer_by" not in page
    answer = office.post(open_salon.url("appointments/"), visit)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "booking-who-error" in page
    assert "booking-note-error" in page
    refused = program.post("appointments", {"service": service, "start": open_salon.at("10:00").isoformat()})
    assert (refused.status_code, refused.json()["errors"].keys()) == (422, {"customer", "note"}), refused.content


@pytest.mark.parametrize(("layout", "verb"), [("reschedule", "schedule"), ("cancel", "cancellation")])
def test_why_a_visit_is_moved_or_cancelled_is_demanded(
    office: Client, program: Program, open_salon: Business, layout: str, verb: str
) -> None:
    laid_out(open_salon, requiring("reason_note"), "appointments", layout)
    with open_organisation(open_salon.organisation):
        visit = open_salon.book("haircut", at="15:00")
    url = open_salon.url(f"appointments/{visit.public_id}/{verb}/")
    sent = {"reason": "customer", "start": open_salon.at("16:00").isoformat(), "version": visit.version}
    answer = office.post(url, {**sent, "note": " "}, headers=HTMX)
    assert answer.status_code == 422
    assert "note" in answer.context["form"].errors
    path = f"appointments/{visit.public_id}"
    body = {"reason": "customer"} | ({"start": open_salon.at("16:00").isoformat()} if verb == "schedule" else {})
    etag = program.get(path).headers["ETag"]
    send = program.put if verb == "schedule" else program.post
    refused = send(f"{path}/{verb}", body, If_Match=etag)
    assert (refused.status_code, refused.json()["errors"].keys()) == (422, {"note"})
    assert send(f"{path}/{verb}", {**body, "note": "She is ill"}, If_Match=etag).status_code in (200, 201)


# Examples


def test_an_example_lacks_what_only_the_layout_demands_and_its_form_asks_for_it(
    office: Client, open_salon: Business
) -> None:
    """(C10) As services that are older than the demand."""
    with open_organisation(open_salon.organisation):
        (care,) = add_fields(open_salon, line("Care", required=True), module="services")
    laid_out(open_salon, requiring("tags"))
    answer = office.post(open_salon.url("services/examples"), {"trade": "salon"})
    assert answer.status_code == 303
    with open_organisation(open_salon.organisation):
        service = Service.objects.latest("pk")
    assert (service.custom, service.version) == ({}, 1)
    edit = open_salon.url(f"services/{service.public_id}/edit")
    sent = typed(open_salon, version=str(service.version), own=[care], **{care: ""})
    answer = office.post(edit, sent, headers=HTMX)
    assert answer.status_code == 422
    assert "tags" in answer.context["form"].errors
    answer = office.post(edit, sent | {"tags": "x", care: "Mild"}, headers=HTMX)
    assert answer.status_code == 200
