"""Leaving, suspending, exporting and deleting an organisation."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core import mail
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from carnet.appointments.models import Appointment
from carnet.base.scopes import open_organisation
from carnet.base.tasks import interrupts_tasks
from carnet.catalogue.models import Service
from carnet.customers.actions import NewCustomer, create_customer
from carnet.customers.models import Customer
from carnet.messages.background import deliver
from carnet.organisations import background, export, removal
from carnet.organisations.actions import grant_permission, set_field_rights
from carnet.organisations.actions.export import ask_export
from carnet.organisations.background import remove_organisations, throw_exports_away
from carnet.organisations.models import Activity, Export, Member, Organisation, Profile, Token, User
from carnet.outbox.models import Message
from carnet.running.task_queue import run_next_task
from tests.cast import Business
from tests.doors.marks import tenant_tables
from tests.doors.world import exported, furnish, token_of

ORGANISATION = "set-up/organisation/"


@pytest.fixture(autouse=True)
def data_folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.DATA = tmp_path
    return tmp_path


def client_of(business: Business, name: str) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(business.user(name))
    return client


def asked_by_api(business: Business, secret: str) -> HttpResponse:
    return Client().get(
        f"/api/v1/o/{business.organisation.slug}/customers?q=v", headers={"Authorization": f"Bearer {secret}"}
    )


def due(business: Business, **until: int) -> None:
    Organisation.objects.filter(pk=business.organisation.pk).update(deletion_due_at=timezone.now() + timedelta(**until))


# One's organisations


def test_the_first_page_opens_the_default_organisation(open_salon: Business, open_garage: Business) -> None:
    """(I3)"""
    client = client_of(open_salon, "alice")
    with open_organisation(open_garage.organisation):
        Member.objects.filter(name="Alice").update(user=open_salon.user("alice"))
    client.get("/o/salon/")
    assert client.get("/").headers["Location"] == "/o/salon/"
    client.post("/accounts/organisations/", {"default": "garage"})
    assert client.get("/").headers["Location"] == "/o/garage/"
    assert "Default" in client.get("/accounts/organisations/").content.decode()
    client.post("/accounts/organisations/", {"default": ""})
    assert client.get("/").headers["Location"] == "/o/salon/"


def test_a_foreign_organisation_cannot_be_the_default_one(open_salon: Business, open_garage: Business) -> None:
    """(I1)"""
    client = client_of(open_salon, "bea")
    foreign = client.post("/accounts/organisations/", {"default": "garage"})
    missing = client.post("/accounts/organisations/", {"default": "nowhere"})
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert User.objects.get(email="bea@salon.example").default_organisation is None


# Leaving


def test_who_leaves_hands_over_first_and_finds_the_door_closed(open_salon: Business) -> None:
    client = client_of(open_salon, "bea")
    secret = token_of(open_salon, "bea")
    page = client.get("/o/salon/departure")
    assert "Leave Salon?" in page.content.decode()
    sent = {"seen": page.context["heritage"].digest, "version": page.context["member"].version}
    answer = client.post("/o/salon/departure", sent)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/accounts/organisations/")
    assert client.get("/o/salon/").status_code == 404
    assert asked_by_api(open_salon, secret).status_code == 401
    assert client.get("/accounts/organisations/").status_code == 200
    with open_organisation(open_salon.organisation):
        assert Activity.objects.filter(kind="member.left", actor="Bea").exists()


def test_nobody_leaves_whose_visits_nobody_takes_over(open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        open_salon.book("both", member="lea", place="business")
    client = client_of(open_salon, "lea")
    page = client.get("/o/salon/departure")
    sent = {"seen": page.context["heritage"].digest, "version": page.context["member"].version}
    assert client.post("/o/salon/departure", sent).status_code == 409
    assert client.get("/o/salon/my-day/").status_code == 200


def test_the_last_administrator_cannot_leave(open_salon: Business) -> None:
    """(I8)"""
    client = client_of(open_salon, "alice")
    page = client.get("/o/salon/departure")
    heir = next(str(one.public_id) for name, one in open_salon.members.items() if name == "bea")
    sent = {"seen": page.context["heritage"].digest, "version": page.context["member"].version, "heir": heir}
    answer = client.post("/o/salon/departure", sent)
    assert answer.status_code == 409
    assert "Nobody else here is an administrator" in answer.content.decode()
    assert client.get("/o/salon/").status_code == 200


# Suspending


def test_while_it_is_suspended_only_administrators_get_in_and_nothing_is_lost(open_salon: Business) -> None:
    """(I13)"""
    boss, desk = client_of(open_salon, "alice"), client_of(open_salon, "bea")
    tokens = [token_of(open_salon, name) for name in ("alice", "bea")]
    assert boss.post(f"/o/salon/{ORGANISATION}suspension").status_code == 303
    closed = desk.get("/o/salon/")
    assert closed.status_code == 403
    assert "This organisation is suspended." in closed.content.decode()
    assert desk.post("/o/salon/customers/new", {"name": "Zoé"}).status_code == 403
    for secret in tokens:
        answer = asked_by_api(open_salon, secret)
        assert (answer.status_code, json.loads(answer.content)["code"]) == (403, "organisation_suspended")
    assert "only administrators get in" in boss.get("/o/salon/").content.decode()
    boss.post(f"/o/salon/{ORGANISATION}suspension/end")
    assert desk.get("/o/salon/").status_code == 200
    assert [asked_by_api(open_salon, secret).status_code for secret in tokens] == [200, 200]
    with open_organisation(open_salon.organisation):
        assert Customer.objects.count() == 3


def test_while_it_is_suspended_letters_wait(open_salon: Business) -> None:
    """(I13)"""
    with open_organisation(open_salon.organisation):
        visit = open_salon.book("both", customer="vera", place="business")
        Message.objects.update(due_at=timezone.now())
        assert Message.objects.filter(state="waiting", subject_id=visit.pk).exists()
    Organisation.objects.update(suspended_at=timezone.now())
    deliver()
    assert mail.outbox == []
    Organisation.objects.update(suspended_at=None)
    deliver()
    assert len(mail.outbox) == 1


# Deleting


def test_deleting_asks_for_the_name_and_the_password_and_can_be_taken_back(open_salon: Business) -> None:
    client = client_of(open_salon, "alice")
    address = f"/o/salon/{ORGANISATION}deletion"
    for wrong in ({"name": "Garage", "password": "a long password"}, {"name": "Salon", "password": "a guess"}):
        assert client.post(address, wrong).status_code == 422
        assert Organisation.objects.get().deletion_due_at is None
    assert client.post(address, {"name": " salon ", "password": "a long password"}).status_code == 303
    day = Organisation.objects.get().deletion_due_at
    assert day is not None
    assert timedelta(days=29, hours=23) < day - datetime.now(UTC) <= timedelta(days=30)
    assert "In 30 days this organisation is deleted" in client.get("/o/salon/").content.decode()
    assert "this organisation is deleted" not in client_of(open_salon, "bea").get("/o/salon/").content.decode()
    remove_organisations()
    assert Organisation.objects.count() == 1
    client.post(f"{address}/end")
    assert Organisation.objects.get().deletion_due_at is None
    assert "this organisation is deleted" not in client.get("/o/salon/").content.decode()


def test_the_password_cannot_be_guessed_there(open_salon: Business) -> None:
    """(J1)"""
    client = client_of(open_salon, "alice")
    wrong = {"name": "Salon", "password": "a guess"}
    statuses = [client.post(f"/o/salon/{ORGANISATION}deletion", wrong).status_code for _guess in range(20)]
    assert statuses[0] == 422
    assert statuses[-1] == 429


def test_once_its_day_has_come_it_exists_for_nobody(open_salon: Business) -> None:
    """(I13)"""
    client, secret = client_of(open_salon, "alice"), token_of(open_salon, "alice")
    due(open_salon, seconds=-1)
    assert client.get("/o/salon/").status_code == 404
    assert client.get("/").status_code == 403
    assert asked_by_api(open_salon, secret).status_code == 401


def plain(organisation: Organisation) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of an organisation, column by column."""
    return {
        model.__name__: [
            tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
            for row in model._base_manager.filter(
                **({"pk": organisation.pk} if model is Organisation else {"organisation": organisation})
            )
            .order_by("pk")
            .values_list()
        ]
        for model in tenant_tables()
    }


def test_it_is_removed_row_by_row_interrupted_and_resumed_and_nothing_of_others_is_touched(
    open_salon: Business, open_garage: Business, monkeypatch: pytest.MonkeyPatch, data_folder: Path
) -> None:
    for business in (open_salon, open_garage):
        furnish(business)
    client_of(open_salon, "alice").post("/accounts/organisations/", {"default": "salon"})
    garage = plain(open_garage.organisation)
    assert sum(len(rows) for rows in plain(open_salon.organisation).values()) > 150
    monkeypatch.setattr(removal, "BATCH", 3)
    monkeypatch.setattr(background, "STEPS", 7)
    due(open_salon, seconds=-1)
    starts = 0
    while Organisation.objects.filter(slug="salon").exists():
        left = sum(len(rows) for rows in plain(open_salon.organisation).values())
        remove_organisations()
        assert sum(len(rows) for rows in plain(open_salon.organisation).values()) < left
        starts += 1
    assert starts > 10
    assert not any(plain(open_salon.organisation).values())
    assert plain(open_garage.organisation) == garage
    assert list((data_folder / "organisations").iterdir()) == [removal.folder_of(open_garage.organisation)]
    # Whoever has no organisation left keeps the sign-in.
    assert Client().login(email="bea@salon.example", password="a long password")
    assert User.objects.get(email="alice@salon.example").default_organisation is None
    client = Client()
    client.force_login(User.objects.get(email="alice@salon.example"))
    assert client.get("/").status_code == 403
    remove_organisations()


def test_removing_stops_between_two_steps_when_the_worker_is_to_stop(
    open_salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removal, "BATCH", 1)
    due(open_salon, seconds=-1)
    before = sum(len(rows) for rows in plain(open_salon.organisation).values())
    interrupts_tasks(lambda: True)
    try:
        remove_organisations()
    finally:
        interrupts_tasks(lambda: False)
    assert sum(len(rows) for rows in plain(open_salon.organisation).values()) == before - 1


# Exporting


def tables_in(data: bytes) -> dict[str, list[dict[str, str]]]:
    with zipfile.ZipFile(BytesIO(data)) as packed:
        assert packed.testzip() is None
        return {
            name.removesuffix(".csv"): list(csv.DictReader(StringIO(packed.read(name).decode("utf-8-sig"))))
            for name in packed.namelist()
            if name.endswith(".csv")
        }


def test_everything_is_exported_once_with_public_ids_and_without_secrets(
    open_salon: Business, open_garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    """(J6, I2)"""
    monkeypatch.setattr(export, "BATCH", 2)
    for business in (open_garage, open_salon):
        furnish(business)
    with open_organisation(open_salon.organisation):
        create_customer(open_salon.system, NewCustomer("=cmd|' /C calc'!A0"))
        made = exported(open_salon)
        counts = {
            model._meta.model_name: model._default_manager.count()
            for model in export.exported_tables()
            if model is not Activity
        }
        ids = set(map(str, Customer.objects.values_list("public_id", flat=True)))
        hashes = set(Token.objects.values_list("hash", flat=True))
        visits = {str(one.public_id): one for one in Appointment.objects.select_related("customer")}
        services = set(map(str, Service.objects.values_list("public_id", flat=True)))
    answer = client_of(open_salon, "alice").get(f"/o/salon/{ORGANISATION}exports/{made.public_id}")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="salon-')
    data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    tables = tables_in(data)
    assert {name: len(rows) for name, rows in tables.items() if name in counts} == counts
    assert {row["id"] for row in tables["customer"]} == ids
    assert {row["service"] for row in tables["segment"]} <= services
    for row in tables["appointment"]:
        customer = visits[row["id"]].customer
        assert row["customer"] == (str(customer.public_id) if customer else "")
    assert {row["appointment"] for row in tables["segment"]} <= set(visits)
    formulas = [row["name"] for row in tables["customer"] if "calc" in row["name"]]
    assert formulas == ["'=cmd|' /C calc'!A0"]
    with zipfile.ZipFile(BytesIO(data)) as packed:
        everything = "".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
        assert json.loads(packed.read("organisation.json"))["name"] == "Salon"
    assert not any(one in everything for one in hashes)
    assert "garage" not in everything.lower()


def test_what_fields_hold_as_files_is_exported_beside_the_tables(open_salon: Business) -> None:
    _tess, names = furnish(open_salon)
    with open_organisation(open_salon.organisation):
        made = exported(open_salon)
    with zipfile.ZipFile(export.file_of(made)) as packed:
        assert packed.read(f"images/{names['held_file']}.webp") == b"d"


def test_an_interrupted_export_goes_on_where_it_was_and_writes_no_row_twice(
    open_salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "BATCH", 2)
    with open_organisation(open_salon.organisation):
        made = ask_export(open_salon.system)
        assert ask_export(open_salon.system) == made
        while not made.rows:
            export.write_some(open_salon.system, made.pk)
            made.refresh_from_db()
        # What was written and not noted is written again: as if the machine had failed just before.
        for _again in range(2):
            with transaction.atomic():
                export.write_some(open_salon.system, made.pk)
                transaction.set_rollback(True)
        while export.write_some(open_salon.system, made.pk):
            pass
        made.refresh_from_db()
        members = {str(one) for one in Member.objects.values_list("public_id", flat=True)}
    tables = tables_in(export.file_of(made).read_bytes())
    told = [row["id"] for row in tables["member"]]
    assert (set(told), len(told)) == (members, len(members))
    assert sum(map(len, tables.values())) == made.rows


def test_the_worker_writes_what_was_asked_for_and_stops_between_two_steps(
    open_salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "BATCH", 5)
    monkeypatch.setattr(export, "STEPS", 4)
    client = client_of(open_salon, "alice")
    address = f"/o/salon/{ORGANISATION}exports/"
    assert client.post(address).status_code == 303
    interrupts_tasks(lambda: True)
    try:
        assert run_next_task("a worker")
    finally:
        interrupts_tasks(lambda: False)
    assert "<progress" in client.get(address).content.decode()
    starts = 0
    while run_next_task("another worker"):
        starts += 1
    assert starts > 3
    made = Export._base_manager.get()
    assert made.finished_at is not None
    assert f"exports/{made.public_id}" in client.get(address).content.decode()


def test_an_export_is_fetched_by_who_may_and_for_a_week_only(
    open_salon: Business, open_garage: Business, set_clock: Callable[[datetime], None]
) -> None:
    """(I1, I2)"""
    with open_organisation(open_salon.organisation):
        made = exported(open_salon)
    address = f"/o/salon/{ORGANISATION}exports/{made.public_id}"
    assert client_of(open_salon, "bea").get(address).status_code == 404
    assert client_of(open_garage, "alice").get(address.replace("salon", "garage")).status_code == 404
    assert Client().get(address).status_code == 302
    set_clock(made.expires_at - timedelta(seconds=1))
    answer = client_of(open_salon, "alice").get(address)
    assert answer.status_code == 200
    assert len(b"".join(answer.streaming_content)) == int(answer.headers["Content-Length"])  # type: ignore[attr-defined]
    throw_exports_away()
    assert export.file_of(made).exists()
    set_clock(made.expires_at)
    assert client_of(open_salon, "alice").get(address).status_code == 404
    throw_exports_away()
    assert not export.file_of(made).exists()
    with open_organisation(open_salon.organisation):
        assert not Export.objects.exists()


def test_everything_is_exported_by_nobody_from_whom_a_field_is_hidden(open_salon: Business) -> None:
    """(I1) The file holds all fields, so it would tell what no page does; read-only ones may be read there, too."""
    with open_organisation(open_salon.organisation):
        made = exported(open_salon)
        desk = Profile.objects.get(key="front_desk")
        for permission in ("set_up.edit", "organisation.export"):
            grant_permission(open_salon.system, desk, permission, granted=True)
    address, client = f"/o/salon/{ORGANISATION}exports/", client_of(open_salon, "bea")

    def take_away(right: str) -> None:
        with open_organisation(open_salon.organisation):
            set_field_rights(open_salon.system, Profile.objects.get(pk=desk.pk), {("customers", "phone"): right})

    take_away("read_only")
    assert client.get(f"{address}{made.public_id}").status_code == 200
    assert address in client.get(f"/o/salon/{ORGANISATION}").content.decode()
    take_away("hidden")
    assert address not in client.get(f"/o/salon/{ORGANISATION}").content.decode()
    for answer in (client.get(address), client.post(address), client.get(f"{address}{made.public_id}")):
        assert answer.status_code == 403
    with open_organisation(open_salon.organisation):
        assert Export.objects.get() == made
