"""Own fields of services at the desk: asked in the form where the layout has them, told on page and list, found by."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from django.test import Client

from carnet.base.scopes import open_organisation
from carnet.catalogue.models import Service
from carnet.customisation.actions import save_layout
from carnet.customisation.queries import current_layout, draft_of
from carnet.organisations.actions import set_field_rights
from carnet.organisations.fields import HIDDEN
from carnet.organisations.models import Profile
from tests.cast import Business
from tests.desk.service_pages import HTMX, text, typed, url
from tests.desk.test_price_list import lines
from tests.laid_out import add_fields, choice
from tests.laid_out import text as line

EVERYWHERE = ["form", "page", "list"]


def added(business: Business, *fields: dict[str, Any]) -> list[str]:
    with open_organisation(business.organisation):
        return add_fields(business, *fields, module="services")


def changed(business: Business, change: Callable[[dict[str, Any]], object]) -> None:
    """Save the layout of services as `change` leaves its draft."""
    with open_organisation(business.organisation):
        access = business.access("alice")
        current = current_layout(access, "services")
        draft = copy.deepcopy(draft_of(access, current.document))
        change(draft)
        save_layout(access, "services", "standard", draft, version=current.number)


def fields(draft: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["key"]: one for section in draft["sections"] for one in section["fields"]}


def remove(draft: dict[str, Any], *keys: str) -> None:
    for section in draft["sections"]:
        for one in [one for one in section["fields"] if one["key"] in keys]:
            section["fields"].remove(one)
            draft["removed"].append(one)


def send(client: Client, business: Business, address: str = "services/new", **more: Any) -> Any:
    return client.post(business.url(address), typed(business, **more), headers=HTMX)


def stored(business: Business, name: str = "Balayage") -> Service:
    with open_organisation(business.organisation):
        return Service.objects.select_related("category").get(name=name)


def test_a_field_is_asked_saved_and_told_as_soon_as_it_is_in_the_layout(office: Client, open_salon: Business) -> None:
    car, wash = added(open_salon, line("Car model", shows=EVERYWHERE), choice("Wash", "Water", "Dry", shows=EVERYWHERE))
    form = text(office, open_salon.url("services/new"), headers=HTMX)
    assert form.index("Car model") < form.index("Wash") < form.index("Service information")
    answer = send(office, open_salon, own=[car, wash], **{car: "Clio", wash: "2"})
    assert answer.status_code == 200
    assert stored(open_salon).custom == {car: "Clio", wash: 2}
    page = answer.content.decode()
    assert "Car model" in page
    assert "Clio" in page
    told = lines(office.get(open_salon.url("services/")).content.decode())["Balayage"]
    assert "Car model Clio" in told
    assert "Wash Dry" in told


def test_all_that_is_wrong_is_told_at_once_and_nothing_typed_is_lost(office: Client, open_salon: Business) -> None:
    """(K7)"""
    doors, wash = added(
        open_salon,
        {"type": "number", "label": {"en": "Doors"}, "minimum": 2},
        choice("Wash", "Water", "Dry", required=True),
    )
    answer = send(office, open_salon, own=[doors, wash], price="x", **{doors: "1", wash: ""})
    assert answer.status_code == 422
    own = answer.context["form"].own
    assert set(own.errors) == {doors, wash}
    assert answer.context["form"].errors["price"]
    assert own[doors].value() == "1"
    answer = send(office, open_salon, own=[doors, wash], price="-1", **{doors: "1", wash: ""})
    assert set(answer.context["form"].own.errors) == {doors, wash}
    assert send(office, open_salon).status_code == 422, "who leaves the field out is asked for it"


def test_a_layout_names_explains_and_demands_what_is_built_in_and_begins_it(
    office: Client, open_salon: Business
) -> None:
    def shape(draft: dict[str, Any]) -> None:
        known = fields(draft)
        known["price"]["label"] = {"en": "Tariff"}
        known["category"] |= {"required": True, "help": {"en": "As on <b>paper</b>"}, "default": "Cuts"}
        known["place"]["default"] = "customer"
        draft["sections"].reverse()
        draft["sections"][-1]["label"] = {"en": "Picture"}

    changed(open_salon, shape)
    answer = office.get(open_salon.url("services/new"))
    form, page = answer.context["form"], answer.content.decode()
    assert (form["category"].value(), form["place"].value()) == ("Cuts", "customer")
    assert "Tariff" in page
    assert "As on &lt;b&gt;paper&lt;/b&gt;" in page
    assert page.index("Description information") < page.index("Tariff") < page.index(">Picture<")
    assert send(office, open_salon, category="").context["form"].errors["category"]
    assert send(office, open_salon, category="Cuts").status_code == 200


def test_what_a_layout_removed_is_not_asked_and_stays_as_it_is(office: Client, open_salon: Business) -> None:
    send(
        office,
        open_salon,
        category="Cuts",
        tags="été",
        description="Long",
        offered_until="31/12/2030",
        state="not_in_use",
        name="Full",
    )
    with open_organisation(open_salon.organisation):
        before = Service.objects.get(name="Full")
        taxes = list(open_salon.services["haircut"].taxes.all())
    optional = ("image", "category", "tags", "offered_from", "offered_until", "status", "taxes", "description")
    changed(open_salon, lambda draft: remove(draft, *optional, "job_sheet_layout"))
    form = office.get(open_salon.url("services/new")).context["form"]
    assert not {"category", "tags", "offered_until", "state", "taxes", "description", "image"} & set(form.fields)
    address = f"services/{before.public_id}/edit"
    answer = send(office, open_salon, address, name="Still full", version=str(before.version), category="Other")
    assert answer.status_code == 200
    after = stored(open_salon, "Still full")
    assert str(after.category) == "Cuts"
    assert (after.description, after.in_use, str(after.offered_until)) == ("Long", False, "2030-12-31")
    assert send(office, open_salon, name="New").status_code == 200
    with open_organisation(open_salon.organisation):
        assert list(stored(open_salon, "New").taxes.all()) == taxes
        assert [tag.name for tag in after.tags.all()] == ["été"]
    clone = send(office, open_salon, f"services/{before.public_id}/clone", name="Clone")
    assert clone.status_code == 200
    assert stored(open_salon, "Clone").in_use, "a clone can be had unless somebody says otherwise"


def test_an_edit_without_the_fields_leaves_them_and_a_clone_begins_with_them(
    office: Client, open_salon: Business
) -> None:
    car, code = added(open_salon, line("Car model"), line("Code", unique=True))
    send(office, open_salon, own=[car, code], **{car: "Clio", code: "L-1"})
    service = stored(open_salon)
    here = f"services/{service.public_id}/"
    assert send(office, open_salon, f"{here}edit", version=str(service.version)).status_code == 200
    assert stored(open_salon).custom == {car: "Clio", code: "L-1"}
    form = office.get(open_salon.url(f"{here}clone")).context["form"]
    assert (form.own[car].value(), form.own[code].value()) == ("Clio", "")
    answer = send(office, open_salon, f"{here}clone", name="Double", own=[car, code], **{car: "Clio", code: "l 1"})
    assert (answer.status_code, list(answer.context["form"].own.errors)) == (422, [code])


def test_what_somebody_else_saved_meanwhile_stands_below_the_own_field(office: Client, open_salon: Business) -> None:
    (car,) = added(open_salon, line("Car model"))
    send(office, open_salon, own=[car], **{car: "Clio"})
    service = stored(open_salon)
    edit = f"services/{service.public_id}/edit"
    send(office, open_salon, edit, version="1", own=[car], **{car: "Twingo"})
    answer = send(office, open_salon, edit, version="1", own=[car], **{car: "Zoé"})
    assert answer.status_code == 412
    assert "Saved meanwhile: Twingo" in answer.content.decode()
    assert answer.context["form"].own[car].value() == "Zoé"
    assert stored(open_salon).custom == {car: "Twingo"}


def test_the_list_is_narrowed_and_put_in_order_by_own_fields(office: Client, open_salon: Business) -> None:
    wash, box, doors = added(
        open_salon,
        choice("Wash", "Water", "Dry", shows=EVERYWHERE),
        {"type": "checkbox", "label": {"en": "Wax"}, "shows": EVERYWHERE},
        {"type": "number", "label": {"en": "Doors"}, "shows": EVERYWHERE},
    )
    own = [wash, box, doors]
    send(office, open_salon, name="A", own=own, **{wash: "1", box: "on", doors: "5"})
    send(office, open_salon, name="B", own=own, **{wash: "2", doors: "3"})
    send(office, open_salon, name="C", own=own, **{wash: "2", box: "on"})

    def found(query: str) -> str:
        shown = lines(office.get(open_salon.url(f"services/?{query}")).content.decode())
        return "".join(name for name in shown if len(name) == 1)

    assert found("sort=name") == "ABC"
    assert found(f"sort=name&own={wash}:2") == "BC"
    assert found(f"sort=name&own={wash}:2&own={box}:yes") == "C"
    assert found(f"sort=name&own={box}:no&own=") == "B"
    assert found(f"sort={doors}") == "BAC"
    assert found("q=dry&sort=name") == "BC"
    for nonsense in ("own=f999:1", f"own={wash}:99", f"own={doors}:1", "own=f1:1'", "sort=f999", f"own={wash}"):
        assert found(f"{nonsense}&sort=name" if "sort" not in nonsense else nonsense) == "ABC"
    page = office.get(open_salon.url(f"services/?own={wash}:2&q=nothing")).content.decode()
    assert "Without “Wash: Dry”" in page


def test_the_list_is_narrowed_to_what_is_above_or_below_what_is_typed(office: Client, open_salon: Business) -> None:
    weight, since = added(
        open_salon,
        {"type": "number", "decimals": 1, "label": {"en": "Weight"}, "shows": EVERYWHERE},
        {"type": "date", "label": {"en": "Since"}, "shows": EVERYWHERE},
    )
    own = [weight, since]
    send(office, open_salon, name="A", own=own, **{weight: "5", since: "01/02/2026"})
    send(office, open_salon, name="B", own=own, **{weight: "3.5", since: "03/02/2026"})
    send(office, open_salon, name="C", own=own)

    def found(query: str) -> str:
        shown = lines(office.get(open_salon.url(f"services/?{query}&sort=name")).content.decode())
        return "".join(name for name in shown if len(name) == 1)

    assert found(f"{weight}-more=3,5") == "A"
    assert found(f"{weight}-less=5") == "B"
    assert found(f"{weight}-more=3&{weight}-less=4") == "B"
    assert found(f"own={weight}>3&own={weight}<4") == "B"
    assert found(f"{since}-more=02/02/2026") == "B"
    assert found(f"{weight}-more=") == "ABC"
    assert found(f"{weight}-more=much") == ""
    page = office.get(open_salon.url(f"services/?{weight}-more=99")).content.decode()
    assert f'name="{weight}-more"' in page
    assert "Without “Weight above: 99”" in page
    with open_organisation(open_salon.organisation):
        profile = Profile.objects.get(key="front_desk")
        set_field_rights(open_salon.access("alice"), profile, {("services", weight): HIDDEN})
    desk = Client()
    desk.force_login(open_salon.user("bea"))
    page = desk.get(open_salon.url(f"services/?{weight}-more=4")).content.decode()
    assert "Weight" not in page
    assert {"A", "B", "C"} <= set(lines(page))


def test_a_hidden_field_is_neither_asked_told_nor_found_by(open_salon: Business, office: Client) -> None:
    """(T3)"""
    (wash,) = added(open_salon, choice("Wash", "Water", "Dry", shows=EVERYWHERE))
    send(office, open_salon, own=[wash], **{wash: "2"})
    with open_organisation(open_salon.organisation):
        profile = Profile.objects.get(key="front_desk")
        set_field_rights(open_salon.access("alice"), profile, {("services", wash): HIDDEN})
        service = Service.objects.get(name="Balayage")
    desk = Client()
    desk.force_login(open_salon.user("bea"))
    pages = (f"services/?own={wash}:1", f"services/?sort={wash}", "services/?q=dry", f"services/{service.public_id}/")
    for address in pages:
        page = desk.get(open_salon.url(address)).content.decode()
        assert "Wash" not in page
        assert "Dry" not in page
    assert "Balayage" in lines(desk.get(open_salon.url(f"services/?own={wash}:1")).content.decode())
    assert "Balayage" not in lines(desk.get(open_salon.url("services/?q=dry")).content.decode())


def test_the_statements_of_the_list_do_not_grow_with_what_is_looked_up(
    office: Client, open_salon: Business, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    (who,) = added(open_salon, {"type": "member", "label": {"en": "Trainer"}, "shows": EVERYWHERE})
    people = list(open_salon.members.values())
    send(office, open_salon, name="A", own=[who], **{who: str(people[0].public_id)})
    office.get(url(open_salon))
    with CaptureQueriesContext(connection) as few:
        office.get(open_salon.url("services/"))
    for number, one in enumerate(people):
        send(office, open_salon, name=f"S{number}", own=[who], **{who: str(one.public_id)})
    with CaptureQueriesContext(connection) as many:
        office.get(open_salon.url("services/"))
    assert len(many) == len(few)
