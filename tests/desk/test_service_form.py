"""The form of a service: every rule beside its field, nothing typed is lost, one form for new, edited and cloned."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from carnet.base.scopes import open_organisation
from carnet.catalogue.actions import add_outage, edit_service
from carnet.catalogue.details import AddOnDetails, details_of
from carnet.catalogue.models import Picture, Service, Tax
from carnet.catalogue.pictures import drawn
from carnet.desk.forms.day import date_text
from carnet.organisations.models import Member, Organisation
from carnet.resources.models import Closure
from tests.cast import Business
from tests.catalogue.conftest import picture
from tests.desk.service_pages import HTMX, made, services, text, typed, url


@pytest.fixture
def office(open_salon: Business, client: Client) -> Client:
    client.force_login(open_salon.user("alice"))
    return client


def send(client: Client, business: Business, **more: Any) -> Any:
    return client.post(business.url("services/new"), typed(business, **more), headers=HTMX)


def image(data: bytes, name: str = "photo.png", kind: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, kind)


# New.


def test_a_name_a_duration_and_a_price_are_all_that_need_be_typed(office: Client, open_salon: Business) -> None:
    form = office.get(open_salon.url("services/new")).context["form"]
    assert form["owner"].value() == str(open_salon.members["alice"].public_id)
    assert set(form["members"].value()) == {str(one.public_id) for one in open_salon.members.values()}
    assert (form["days"].value(), form["state"].value(), form["place"].value()) == ("business", "available", "business")
    assert not form["asks_job_sheet"].value()
    with open_organisation(open_salon.organisation):
        assert form["taxes"].value() == [str(Tax.objects.get().public_id)]


def test_everything_there_is_can_be_typed(office: Client, open_salon: Business) -> None:
    lea, max_ = (open_salon.members[name] for name in ("lea", "max"))
    answer = send(
        office,
        open_salon,
        owner=str(open_salon.members["bea"].public_id),
        variable="on",
        shortest="1 h",
        longest="2 h",
        members=[str(lea.public_id), str(max_.public_id)],
        place="both",
        category="Couleurs",
        tags="été,  long ,",
        before="5",
        after="10 min",
        days="weekdays",
        weekday_0="on",
        hours_0="9:00–12:00, 14-18",
        weekday_3="on",
        hours_3="",
        hours_4="9-12",
        offered_from="01/01/2030",
        offered_until="31/12/2030",
        **{f"member_price_{max_.public_id}": "60"},
        rows_lengths="2",
        length_minutes_0="",
        length_minutes_1="1 h 45",
        length_price_1="99,90",
        rows_add_ons="3",
        add_on_name_1="Soin",
        add_on_minutes_1="15",
        add_on_price_1="12",
        asks_job_sheet="on",
        description="Avec rinçage",
    )
    assert answer.status_code == 200
    found = made(open_salon)
    assert (found.owner, found.shortest, found.usual, found.longest) == (open_salon.members["bea"], 60, 90, 120)
    assert (found.place, str(found.category), sorted(found.tags)) == ("both", "Couleurs", ["long", "été"])
    assert (found.before, found.after) == (5, 10)
    # Friday is not ticked; Thursday is as the business.
    assert found.hours == {0: [(540, 720), (840, 1080)], 3: [(540, 1080)]}
    assert (found.offered_from, found.offered_until) == (date(2030, 1, 1), date(2030, 12, 31))
    assert (found.price, found.member_prices, found.length_prices) == (7250, {max_.pk: 6000}, {105: 9990})
    assert [(one.name, one.minutes, one.price) for one in found.add_ons] == [("Soin", 15, 1200)]
    assert (found.asks_job_sheet, found.description) == (True, "Avec rinçage")


def test_save_and_new_opens_an_empty_form(office: Client, open_salon: Business) -> None:
    answer = send(office, open_salon, then="new")
    assert answer.headers["HX-Push-Url"].endswith("/services/new")
    assert answer.context["form"]["name"].value() is None
    assert "Balayage" in services(open_salon)
    plain = office.post(open_salon.url("services/new"), typed(open_salon, then="new", name="Ombré"))
    assert (plain.status_code, plain.headers["Location"]) == (303, open_salon.url("services/new"))


def test_a_discontinued_service_is_entered_just_for_the_record(office: Client, open_salon: Business) -> None:
    send(office, open_salon, name="Pelouses", state="not_in_use", members=[])
    send(office, open_salon, name="Neige", offered_until="31/01/2020", members=[])
    assert not made(open_salon, "Pelouses").in_use
    assert made(open_salon, "Neige").offered_until == date(2020, 1, 31)


def coming(weekday: int, business: Business) -> date:
    day = business.day + timedelta(days=30)
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def test_dates_with_hours_of_their_own_or_of_the_business(office: Client, open_salon: Business) -> None:
    first, second = coming(1, open_salon), coming(2, open_salon)
    send(
        office,
        open_salon,
        days="dates",
        rows_dates="3",
        date_on_0=date_text(first),
        date_hours_0="10-12",
        date_on_2=second.isoformat(),
    )
    assert made(open_salon).dates == {first: [(600, 720)], second: [(540, 1080)]}


# Bad input.


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"usual": ""}, "usual"),
        ({"usual": "4"}, "usual"),
        ({"usual": "soon"}, "usual"),
        ({"variable": "on", "shortest": "2 h", "longest": "1 h"}, "longest"),
        ({"variable": "on", "shortest": "2 h", "longest": "3 h"}, "usual"),
        ({"variable": "on"}, "shortest"),
        ({"price": "-1"}, "price"),
        ({"price": "12345678901234567"}, "price"),
        ({"price": "9999999999"}, "price"),
        ({"price": "1,234"}, "price"),
        ({"price": ""}, "price"),
        ({"members": []}, "members"),
        ({"members": ["nobody"]}, "members"),
        ({"taxes": ["nothing"]}, "taxes"),
        ({"owner": "nobody"}, "owner"),
        ({"place": "moon"}, "place"),
        ({"days": "weekdays"}, "days"),
        ({"days": "weekdays", "weekday_6": "on"}, "hours_6"),
        ({"days": "weekdays", "weekday_1": "on", "hours_1": "9-20"}, "hours_1"),
        ({"days": "weekdays", "weekday_1": "on", "hours_1": "9-18", "weekday_2": "on", "hours_2": "9-10"}, "hours_2"),
        ({"days": "weekdays", "weekday_1": "on", "hours_1": "nine"}, "hours_1"),
        ({"days": "dates"}, "date_on_0"),
        ({"days": "dates", "date_on_0": "yesterday"}, "date_on_0"),
        ({"days": "dates", "date_hours_0": "9-18"}, "date_on_0"),
        ({"offered_from": "02/05/2030", "offered_until": "01/05/2030"}, "offered_until"),
        ({"offered_from": "soon"}, "offered_from"),
        ({"length_minutes_0": "2 h"}, "length_price_0"),
        ({"length_price_0": "2"}, "length_minutes_0"),
        ({"hourly": "on", "length_minutes_0": "2 h", "length_price_0": "2"}, "length_minutes_0"),
        ({"add_on_price_0": "2"}, "add_on_name_0"),
        ({"rows_add_ons": "2", "add_on_name_0": "Soin", "add_on_name_1": "x" * 81}, "add_on_name_1"),
        ({"rows_add_ons": "2", "add_on_name_0": "Soin", "add_on_name_1": "soin"}, "add_on_name_0"),
        ({"add_on_name_0": "Soin", "add_on_price_0": "9999999999"}, "add_on_name_0"),
        ({"tags": ",".join(f"t{n}" for n in range(21))}, "tags"),
        ({"category": "x" * 81}, "category"),
        ({"description": "x" * 4001}, "description"),
        ({"before": "13 h"}, "before"),
    ],
)
def test_what_does_not_hold_is_said_beside_its_field(
    office: Client, open_salon: Business, change: dict[str, Any], field: str
) -> None:
    """(K4)"""
    before = services(open_salon)
    answer = send(office, open_salon, **change)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert field in form.errors
    assert set(form.errors) <= {field, "longest"}, form.errors
    assert form.fields[next(name for name in form.fields if name in form.errors)].widget.attrs["autofocus"]
    assert services(open_salon) == before


def test_twenty_one_dates_are_refused_and_none_is_lost(office: Client, open_salon: Business) -> None:
    days = [coming(weekday, open_salon) + timedelta(weeks=week) for week in range(11) for weekday in (1, 2)][:21]
    rows = {f"date_on_{n}": date_text(day) for n, day in enumerate(days)}
    with open_organisation(open_salon.organisation):
        Closure.objects.all().delete()
    answer = send(office, open_salon, days="dates", rows_dates="21", **rows)
    assert answer.status_code == 422
    assert "20" in str(answer.context["form"].errors["date_on_0"])
    told = answer.content.decode()
    assert all(f'value="{typed}"' in told for typed in rows.values())


def test_somebody_who_has_left_and_what_is_another_business_s_are_none_to_choose(
    office: Client, open_salon: Business, open_garage: Business
) -> None:
    """(C5, I2)"""
    with open_organisation(open_salon.organisation):
        Member.objects.filter(pk=open_salon.members["max"].pk).update(active=False)
    with open_organisation(open_garage.organisation):
        tax = str(Tax.objects.get().public_id)
    for change, field in (
        ({"members": [str(open_salon.members["max"].public_id)]}, "members"),
        ({"members": [str(open_garage.members["lea"].public_id)]}, "members"),
        ({"owner": str(open_garage.members["lea"].public_id)}, "owner"),
        ({"taxes": [tax]}, "taxes"),
    ):
        answer = send(office, open_salon, **change)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


def test_everything_typed_is_there_again_beside_the_error(office: Client, open_salon: Business) -> None:
    told = send(
        office,
        open_salon,
        price="a lot",
        description="Avec <b>rinçage</b>",
        tags="été",
        days="weekdays",
        weekday_1="on",
        hours_1="9-12",
        rows_add_ons="2",
        add_on_name_1="Soin",
        length_minutes_0="2 h",
    ).content.decode()
    for value in ("a lot", "Balayage", "été", "9-12", "Soin", "2 h"):
        assert f'value="{value}"' in told
    assert "Avec &lt;b&gt;rinçage&lt;/b&gt;" in told


# Lines.


@pytest.mark.parametrize(
    ("kind", "field"), [("dates", "date_on"), ("lengths", "length_minutes"), ("add_ons", "add_on_name")]
)
def test_a_further_line_comes_without_judging_what_is_typed(
    office: Client, open_salon: Business, kind: str, field: str
) -> None:
    answer = send(office, open_salon, name="", price="a lot", more=kind, **{f"rows_{kind}": "2", f"{field}_1": "kept"})
    assert answer.status_code == 200
    form = answer.context["form"]
    assert not form.errors
    told = answer.content.decode()
    assert 'value="kept"' in told
    assert 'value="a lot"' in told
    assert re.search(rf'<input[^>]*name="{field}_2"[^>]*autofocus', told)
    assert f'name="{field}_3"' not in told
    assert "Balayage" not in services(open_salon)


def test_nobody_is_given_a_thousand_lines(office: Client, open_salon: Business) -> None:
    for asked in ("999", "-3", "x", "99999999", "²"):
        answer = send(office, open_salon, more="dates", rows_dates=asked)
        assert answer.status_code == 200
        assert 1 <= answer.context["form"].counts["dates"] <= 21


# Edit.


def test_a_service_is_edited_and_what_is_not_asked_stays(office: Client, open_salon: Business) -> None:
    address = url(open_salon, more="edit")
    form = office.get(address).context["form"]
    assert (form["name"].value(), form["usual"].value(), form["price"].value()) == ("Coupe", "45 min", "35,00")
    before = made(open_salon, "Coupe")
    answer = office.post(address, typed(open_salon, name="Coupe", version="1"), headers=HTMX)
    assert answer.status_code == 200
    assert answer.headers["HX-Push-Url"] == url(open_salon)
    after = made(open_salon, "Coupe")
    assert (after.price, after.usual) == (7250, 90)
    assert (after.hue, after.owner) == (before.hue, before.owner)


def test_a_stale_form_is_refused_with_both_values_seen_and_saves_the_second_time(
    office: Client, open_salon: Business
) -> None:
    """(D1)"""
    address = url(open_salon, more="edit")
    with open_organisation(open_salon.organisation):
        haircut = open_salon.services["haircut"]
        edit_service(open_salon.system, haircut, replace(details_of(haircut), name="Coupe courte", price=4000))
    answer = office.post(address, typed(open_salon, name="Coupe longue", version="1"), headers=HTMX)
    assert answer.status_code == 412
    told = answer.content.decode()
    assert 'value="Coupe longue"' in told
    assert "Saved meanwhile: Coupe courte" in told
    assert "Saved meanwhile: 40,00" in told
    assert made(open_salon, "Coupe courte").price == 4000
    version = answer.context["form"]["version"].value()
    answer = office.post(address, typed(open_salon, name="Coupe longue", version=version), headers=HTMX)
    assert answer.status_code == 200
    assert made(open_salon, "Coupe longue").price == 7250


def test_an_edited_service_keeps_its_add_ons_and_takes_no_other_s(office: Client, open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        ids = {}
        for name in ("haircut", "colour"):
            service = open_salon.services[name]
            edit_service(open_salon.system, service, replace(details_of(service), add_ons=[AddOnDetails("Soin", 10)]))
            ids[name] = str(details_of(service).add_ons[0].public_id)
    rows = {"rows_add_ons": "2", "add_on_name_0": "Soin doux", "add_on_id_0": ids["haircut"]}
    rows |= {"add_on_name_1": "Autre", "add_on_id_1": ids["colour"]}
    answer = office.post(
        url(open_salon, more="edit"), typed(open_salon, name="Coupe", version="2", **rows), headers=HTMX
    )
    assert answer.status_code == 200
    kept = {one.name: str(one.public_id) for one in made(open_salon, "Coupe").add_ons}
    assert kept["Soin doux"] == ids["haircut"]
    assert kept["Autre"] != ids["colour"]
    assert [str(one.public_id) for one in made(open_salon, "Couleur").add_ons] == [ids["colour"]]


def test_what_is_sent_twice_counts_once(office: Client, open_salon: Business) -> None:
    """(K4)"""
    with open_organisation(open_salon.organisation):
        haircut = open_salon.services["haircut"]
        edit_service(open_salon.system, haircut, replace(details_of(haircut), add_ons=[AddOnDetails("Soin", 10)]))
        soin, tax = str(details_of(haircut).add_ons[0].public_id), str(Tax.objects.get().public_id)
    lea = str(open_salon.members["lea"].public_id)
    rows = {"rows_add_ons": "2", "add_on_name_0": "Soin", "add_on_id_0": soin}
    rows |= {"add_on_name_1": "Autre", "add_on_id_1": soin}
    sent = typed(open_salon, name="Coupe", version="2", members=[lea, lea], taxes=[tax, tax], **rows)
    assert office.post(url(open_salon, more="edit"), sent, headers=HTMX).status_code == 200
    found = made(open_salon, "Coupe")
    assert (len(found.members), len(found.taxes), len(found.add_ons)) == (1, 1, 2)


# Clone.


def test_a_clone_is_filled_in_and_leaving_it_creates_nothing(office: Client, open_salon: Business) -> None:
    """(C6)"""
    before = services(open_salon)
    with open_organisation(open_salon.organisation):
        Service.objects.filter(pk=open_salon.services["garden"].pk).update(in_use=False)
    answer = office.get(url(open_salon, "garden", "clone"))
    form = answer.context["form"]
    assert (form["name"].value(), form["shortest"].value(), form["place"].value()) == ("Jardin", "3 h", "customer")
    assert form["state"].value() == "available"
    assert "data-select" in form.fields["name"].widget.attrs
    assert services(open_salon) == before


def test_a_saved_clone_is_one_of_its_own_with_the_image_and_without_outages(
    office: Client, open_salon: Business
) -> None:
    """(C6)"""
    with open_organisation(open_salon.organisation):
        haircut = open_salon.services["haircut"]
        edit_service(open_salon.system, haircut, details_of(haircut), image=drawn(picture("PNG")))
        add_outage(open_salon.system, haircut, open_salon.now, open_salon.now + timedelta(hours=4))
    office.post(url(open_salon, more="clone"), typed(open_salon, name="Coupe bis"), headers=HTMX)
    with open_organisation(open_salon.organisation):
        twin = Service.objects.get(name="Coupe bis")
        assert Picture.objects.filter(service=twin).exists()
        assert not twin.outages.exists()
        assert Service.objects.get(pk=haircut.pk).name == "Coupe"
    assert "Cloned from “Coupe”" in text(office, open_salon.url(f"services/{twin.public_id}/"))


# The image.


@pytest.mark.parametrize("name", ["x" * 300 + ".png", "\u202egnp.exe", "../../evil.png", "photo.svg", "a.html"])
def test_an_image_is_judged_by_what_it_is_and_its_name_is_forgotten(
    office: Client, open_salon: Business, name: str
) -> None:
    """(L4, T2)"""
    answer = send(office, open_salon, image=image(picture("PNG"), name, "text/html"))
    assert answer.status_code == 200
    with open_organisation(open_salon.organisation):
        found = Picture.objects.get()
    served = office.get(open_salon.url(f"services/{found.service.public_id}/pictures/{found.public_id}/large"))
    assert served.headers["Content-Disposition"] == 'inline; filename="service-large.webp"'


@pytest.mark.parametrize("data", [b"", b"<svg/>", b"words", b"\x89PNG\r\n\x1a\n"], ids=["zero", "svg", "words", "png"])
def test_what_is_no_image_is_refused_beside_it(office: Client, open_salon: Business, data: bytes) -> None:
    """(L4)"""
    answer = send(office, open_salon, image=image(data))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["image"])
    assert "Balayage" not in services(open_salon)


def test_a_chosen_image_is_kept_while_something_else_is_wrong(office: Client, open_salon: Business) -> None:
    answer = send(office, open_salon, price="", image=image(picture("PNG")))
    assert answer.status_code == 422
    kept = answer.context["form"].kept_image
    assert "The chosen image is kept" in answer.content.decode()
    send(office, open_salon, kept_image=kept)
    with open_organisation(open_salon.organisation):
        found = Picture.objects.get()
    assert (found.width, found.height) == (600, 400)


def test_a_kept_image_is_nobody_else_s_and_cannot_be_made_up(
    office: Client, open_salon: Business, open_garage: Business
) -> None:
    kept = send(office, open_salon, price="", image=image(picture("PNG"))).context["form"].kept_image
    for other in (kept[:-1] + ("a" if kept[-1] != "a" else "b"), "nonsense", "1,1,a,b,c:x:y"):
        answer = send(office, open_salon, kept_image=other)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["image"])
    stranger = Client()
    stranger.force_login(open_garage.user("alice"))
    answer = send(stranger, open_garage, kept_image=kept)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["image"])


def test_an_image_is_replaced_and_removed(office: Client, open_salon: Business) -> None:
    address = url(open_salon, more="edit")
    more = {"name": "Coupe"}
    office.post(address, typed(open_salon, version="1", image=image(picture("PNG")), **more))
    office.post(address, typed(open_salon, version="2", image=image(picture("JPEG", (80, 80)), "b.jpg"), **more))
    with open_organisation(open_salon.organisation):
        assert Picture.objects.get().width == 80
    office.post(address, typed(open_salon, version="3", drop_image="on", **more))
    with open_organisation(open_salon.organisation):
        assert not Picture.objects.exists()


# The price in detail.


def test_the_price_is_told_in_detail_while_it_is_typed(office: Client, open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        tax = str(Tax.objects.get().public_id)
    address = open_salon.url("services/price")
    told = text(office, address, data={"price": "35", "taxes": [tax]})
    for part in ("€29.17", "€5.83", "€35.00"):
        assert part in told
    assert "appears here" in text(office, address, data={"price": "a lot"})
    assert "appears here" in text(office, address, data={"price": "12345678901234567"})
    assert "€35.00" in text(office, address, data={"price": "35", "taxes": ["nothing"]})
    Organisation.objects.filter(pk=open_salon.organisation.pk).update(prices_include_tax=False)
    assert "€42.00" in text(office, address, data={"price": "35", "taxes": [tax]})
    assert "Before taxes." in text(office, open_salon.url("services/new"))
