"""Pictures, files and signatures in forms and on pages: they go with the form, and are handed over, never run."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from carnet.appointments.models import Appointment
from carnet.base.scopes import open_organisation
from carnet.catalogue.actions import edit_service
from carnet.catalogue.details import details_of
from carnet.customers.models import Customer
from carnet.customisation.models import StoredFile
from carnet.jobsheets.models import JobSheet
from carnet.organisations.actions import set_field_rights
from carnet.organisations.models import Profile
from tests.cast import Business
from tests.desk.test_visit import HTMX, begun, url
from tests.laid_out import add_fields, text
from tests.pictures import picture

STROKES = json.dumps([[100, 200, 300, 60, 420, 210]])


def added(business: Business, type_: str, **more: Any) -> str:
    """Lay out a field and return its key; `module` says where."""
    where = {name: more.pop(name) for name in ("module", "name") if name in more}
    with open_organisation(business.organisation):
        field = {"type": type_, "label": {"en": "Front", "fr": "Façade"}, **more}
        return add_fields(business, field, **where)[-1]


def image(name: str = "front.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture(640, 480), "image/png")


def held(business: Business) -> list[tuple[str, int | None]]:
    with open_organisation(business.organisation):
        return list(StoredFile.objects.order_by("pk").values_list("name", "record"))


def newest(business: Business) -> Customer:
    with open_organisation(business.organisation):
        return Customer.objects.latest("pk")


def ids_in(page: str) -> list[str]:
    return re.findall(r'name="f\d+" value="([0-9a-f-]{36})"', page)


@pytest.fixture
def desk(open_salon: Business, client: Client) -> Client:
    client.force_login(open_salon.user("bea"))
    return client


@pytest.fixture
def lea(open_salon: Business, client: Client) -> Client:
    client.force_login(open_salon.user("lea"))
    return client


@pytest.fixture
def colour(open_salon: Business) -> Appointment:
    return begun(open_salon, "colour")


def test_a_picture_goes_with_the_form_and_is_shown_on_the_page(desk: Client, open_salon: Business) -> None:
    key = added(open_salon, "image")
    form = desk.get(open_salon.url("customers/new")).content.decode()
    assert 'enctype="multipart/form-data"' in form
    assert 'capture="environment"' in form
    page = desk.post(open_salon.url("customers/new"), {"name": "Zoé", "own": key, key: image()}, headers=HTMX)
    made = newest(open_salon)
    assert held(open_salon) == [("front.png", made.pk)]
    small = re.search(r'<img src="(/o/[^"]+/small)" alt="Front: front\.png"', page.content.decode())
    assert small is not None
    answer = desk.get(small[1])
    with Image.open(io.BytesIO(answer.content)) as drawn:
        assert (drawn.format, drawn.size) == ("WEBP", (320, 240))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"] == 'inline; filename="front.webp"'
    again = desk.get(small[1], headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_what_was_sent_is_still_there_when_another_field_is_refused(desk: Client, open_salon: Business) -> None:
    key = added(open_salon, "image")
    with open_organisation(open_salon.organisation):
        doors = add_fields(open_salon, {"type": "number", "label": {"en": "Doors"}})[-1]
    typed = {"name": "Zoé", "own": [key, doors], doors: "seven"}
    refused = desk.post(open_salon.url("customers/new"), typed | {key: image()}, headers=HTMX)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert held(open_salon) == [("front.png", None)]
    assert "front.png" in page
    [kept] = ids_in(page)
    desk.post(open_salon.url("customers/new"), typed | {doors: "7", key: kept}, headers=HTMX)
    assert held(open_salon) == [("front.png", newest(open_salon).pk)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "This file is empty."),
        (b"<svg onload=alert(1)>", "This file is not an image that can be read."),
    ],
)
def test_what_is_no_picture_is_refused_beside_its_field_and_nothing_else_typed_is_lost(
    desk: Client, open_salon: Business, content: bytes, said: str
) -> None:
    """(L4)"""
    key = added(open_salon, "image")
    file = SimpleUploadedFile("front.svg", content, "image/svg+xml")
    answer = desk.post(open_salon.url("customers/new"), {"name": "Zoé", "own": key, key: file}, headers=HTMX)
    assert answer.status_code == 422
    page = unescape(answer.content.decode())
    assert said in page
    assert 'value="Zoé"' in page
    assert held(open_salon) == []


def test_a_file_is_removed_replaced_and_left_alone(desk: Client, open_salon: Business) -> None:
    key = added(open_salon, "file")
    first, second = (SimpleUploadedFile(name, b"words", "text/plain") for name in ("one.txt", "two.txt"))
    desk.post(open_salon.url("customers/new"), {"name": "Zoé", "own": key, key: first}, headers=HTMX)
    made = newest(open_salon)
    page = f"customers/{made.public_id}/edit"
    form = desk.get(open_salon.url(page.removesuffix("edit")), headers=HTMX).content.decode()
    [kept] = ids_in(form)
    # As browsers send it, with an empty text for the input in which nothing was chosen.
    typed = {"name": "Zoé", "own": key, "version": str(made.version), key: [kept, ""]}
    assert desk.post(open_salon.url(page), typed, headers=HTMX).status_code in (200, 303)
    assert newest(open_salon).custom == made.custom
    typed["version"] = str(newest(open_salon).version)
    with_file = {**typed, "file": "", key: [kept, second]}
    assert desk.post(open_salon.url(page), with_file, headers=HTMX).status_code in (200, 303)
    assert held(open_salon) == [("one.txt", made.pk), ("two.txt", made.pk)]
    changed = newest(open_salon)
    assert changed.custom != made.custom
    typed["version"] = str(changed.version)
    assert desk.post(open_salon.url(page), typed | {f"{key}.remove": "on"}, headers=HTMX).status_code in (200, 303)
    assert newest(open_salon).custom == {}


def test_whatever_a_file_is_a_browser_gets_bytes_to_keep(desk: Client, open_salon: Business) -> None:
    """(L4, T3)"""
    key = added(open_salon, "file")
    file = SimpleUploadedFile("<img src=x onerror=alert(1)>.html", b"<script>alert(1)</script>", "text/html")
    page = desk.post(open_salon.url("customers/new"), {"name": "Zoé", "own": key, key: file}, headers=HTMX)
    address = re.search(r'href="(/o/[^"]+/files/[0-9a-f-]+)"', page.content.decode())
    assert address is not None
    assert "<img src=x" not in page.content.decode()
    answer = desk.get(address[1])
    assert answer.content == b"<script>alert(1)</script>"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert desk.get(f"{address[1]}/small").status_code == 404


@pytest.mark.guard("field_rights")
def test_a_file_in_a_hidden_field_is_at_no_address(desk: Client, open_salon: Business) -> None:
    """(L5, I9)"""
    key = added(open_salon, "image")
    desk.post(open_salon.url("customers/new"), {"name": "Zoé", "own": key, key: image()}, headers=HTMX)
    with open_organisation(open_salon.organisation):
        kept = StoredFile.objects.get().public_id
        alice, front_desk = open_salon.access("alice"), Profile.objects.get(key="front_desk")
    assert desk.get(open_salon.url(f"files/{kept}")).status_code == 200
    with open_organisation(open_salon.organisation):
        set_field_rights(alice, front_desk, {("customers", key): "hidden"})
    assert desk.get(open_salon.url(f"files/{kept}")).status_code == 404
    assert desk.get(open_salon.url(f"files/{kept}/small")).status_code == 404


def test_another_organisation_has_no_such_file(
    desk: Client, open_salon: Business, open_garage: Business, client: Client
) -> None:
    """(L5)"""
    key = added(open_salon, "image")
    desk.post(open_salon.url("customers/new"), {"name": "Zoé", "own": key, key: image()}, headers=HTMX)
    with open_organisation(open_salon.organisation):
        kept = StoredFile.objects.get().public_id
    client.force_login(open_garage.user("alice"))
    assert client.get(open_garage.url(f"files/{kept}")).status_code == 404


def test_a_script_sends_a_file_at_once_and_is_given_what_the_form_shows(desk: Client, open_salon: Business) -> None:
    key = added(open_salon, "image")
    answer = desk.post(open_salon.url("files/"), {"field": key, "file": image()})
    assert answer.status_code == 200
    assert ids_in(answer.json()["html"]) == [answer.json()["id"]]
    refused = desk.post(open_salon.url("files/"), {"field": key, "file": SimpleUploadedFile("a.png", b"no")})
    assert (refused.status_code, "JPEG" in refused.json()["sentence"]) == (422, True)
    plate = None
    with open_organisation(open_salon.organisation):
        plate = add_fields(open_salon, text("Plate"))[-1]
    for wrong in (plate, "f987654321", "name", ""):
        assert desk.post(open_salon.url("files/"), {"field": wrong, "file": image()}).status_code == 404


def test_a_rule_that_asks_for_a_held_file_holds(desk: Client, open_salon: Business) -> None:
    key = added(open_salon, "image", name="standard")
    with open_organisation(open_salon.organisation):
        why = add_fields(open_salon, text("Why", shown_if=f"{key} is not empty"))[-1]
    desk.post(open_salon.url("customers/new"), {"name": "Zoé", "own": key, key: image()}, headers=HTMX)
    with open_organisation(open_salon.organisation):
        kept = str(StoredFile.objects.get().public_id)
    address = open_salon.url("layouts/customers/standard/asked")
    assert why in desk.post(address, {"own": [key, why], key: kept}).json()["asked"]
    assert why not in desk.post(address, {"own": [key, why], key: ""}).json()["asked"]


def test_a_typed_name_signs_a_sheet_without_a_script(lea: Client, open_salon: Business, colour: Appointment) -> None:
    key = added(open_salon, "signature", module="job_sheets")
    address = url(open_salon, colour, "job-sheet/")
    form = unescape(lea.get(address, headers=HTMX).content.decode())
    assert "Sign by typing one’s name" in form
    typed = {"version": "0", "own": key, f"{key}.typed": "Vera Lind", f"{key}.strokes": ""}
    page = lea.post(address, typed, headers=HTMX).content.decode()
    assert "Signed by Vera Lind" in page
    with open_organisation(open_salon.organisation):
        assert held(open_salon) == [("Vera Lind", JobSheet.objects.get().pk)]
    printed = lea.get(url(open_salon, colour, "job-sheet/print")).content.decode()
    assert re.search(r"own-typed-name.+Vera Lind", printed)


def test_what_was_drawn_is_printed_as_a_picture(lea: Client, open_salon: Business, colour: Appointment) -> None:
    key = added(open_salon, "signature", module="job_sheets")
    photo = added(open_salon, "image", module="job_sheets")
    address = url(open_salon, colour, "job-sheet/")
    sent = {"version": "0", "own": [key, photo], f"{key}.strokes": STROKES, photo: image()}
    assert lea.post(address, sent, headers=HTMX).status_code == 200
    printed = lea.get(url(open_salon, colour, "job-sheet/print")).content.decode()
    pictures = re.findall(r'<img class="printed-picture" src="([^"]+)"', printed)
    assert [lea.get(one).headers["Content-Type"] for one in pictures] == ["image/png", "image/webp"]


def test_a_part_of_a_sheet_keeps_the_photo_that_was_sent(
    lea: Client, open_salon: Business, colour: Appointment
) -> None:
    key = added(open_salon, "image", module="job_sheets")
    sent = lea.post(open_salon.url("files/"), {"field": key, "file": image()}).json()["id"]
    part = lea.post(url(open_salon, colour, "job-sheet/"), {"part": "1", "version": "0", "own": key, key: sent})
    assert part.status_code == 200
    page = lea.get(url(open_salon, colour, "job-sheet/"), headers=HTMX).content.decode()
    assert ids_in(page) == [sent]


def test_a_list_tells_the_name_and_is_narrowed_to_records_with_and_without(desk: Client, open_salon: Business) -> None:
    key = added(open_salon, "file", shows=["form", "list"])
    desk.post(open_salon.url("customers/new"), {"name": "Zoé", "own": key, key: image("plan.png")}, headers=HTMX)
    everybody = desk.get(open_salon.url("customers/list")).content.decode()
    assert "plan.png" in everybody
    assert "Omar" in everybody
    having = desk.get(open_salon.url("customers/list"), {key: "yes"}).content.decode()
    assert "plan.png" in having
    assert "Omar" not in having
    lacking = desk.get(open_salon.url("customers/list"), {key: "no"}).content.decode()
    assert "plan.png" not in lacking
    assert "Omar" in lacking


def test_the_history_tells_both_names_when_a_file_is_replaced(desk: Client, open_salon: Business) -> None:
    key = added(open_salon, "file")
    desk.post(open_salon.url("customers/new"), {"name": "Zoé", "own": key, key: image("old.png")}, headers=HTMX)
    made = newest(open_salon)
    address = open_salon.url(f"customers/{made.public_id}/")
    typed = {"name": "Zoé", "own": key, "version": str(made.version), key: image("new.png")}
    page = desk.post(f"{address}edit", typed, headers=HTMX).content.decode()
    assert "old.png" in page
    assert "new.png" in page


def test_a_service_is_given_a_file_and_its_list_is_narrowed_by_it(open_salon: Business, client: Client) -> None:
    client.force_login(open_salon.user("alice"))
    key = added(open_salon, "image", module="services", shows=["form", "page", "list"])
    haircut = open_salon.services["haircut"]
    sent = client.post(open_salon.url("files/"), {"field": key, "file": image()}).json()["id"]
    with open_organisation(open_salon.organisation):
        alice = open_salon.access("alice")
        edit_service(alice, haircut, replace(details_of(haircut), custom={key: sent}))
    page = client.get(open_salon.url(f"services/{haircut.public_id}/")).content.decode()
    assert 'alt="Front: front.png"' in page
    having = client.get(open_salon.url("services/"), {"own": f"{key}:yes"}).content.decode()
    lacking = client.get(open_salon.url("services/"), {"own": f"{key}:no"}).content.decode()
    assert (str(haircut.public_id) in having, str(haircut.public_id) in lacking) == (True, False)
