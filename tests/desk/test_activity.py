"""The activity: every change in words, found and paged, exported without formulas, and nothing that is out of sight."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from io import StringIO
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from carnet.appointments.actions import cancel_appointment
from carnet.base.scopes import open_organisation
from carnet.base.spreadsheet import as_text
from carnet.customers.actions import NewCustomer, add_note, edit_customer, pin_service
from carnet.desk.queries.activity import PAGE, SUBJECTS
from carnet.desk.queries.activity_words import KINDS
from carnet.organisations.actions import ProfileDetails, clone_profile, delete_profile, issue_token
from carnet.organisations.activity import record
from carnet.organisations.models import Activity, Member, Profile, User
from carnet.organisations.permissions import PERMISSIONS
from tests.cast import Business
from tests.doors.world import unchanged

CARNET = Path(__file__).resolve().parents[2] / "carnet"


def signed_in(business: Business, name: str) -> Client:
    client = Client()
    client.force_login(business.user(name))
    return client


@pytest.fixture
def alice(open_salon: Business) -> Client:
    return signed_in(open_salon, "alice")


@pytest.fixture
def busy(open_salon: Business) -> Business:
    """The salon after some work: a visit booked by Bea and cancelled by Alice, a customer edited, a service pinned."""
    with open_organisation(open_salon.organisation):
        visit = open_salon.book("haircut", "10:00")
        cancel_appointment(open_salon.access("alice"), visit, reason="customer")
        vera, omar = open_salon.customers["vera"], open_salon.customers["omar"]
        edit_customer(open_salon.access("bea"), vera, NewCustomer("Véra Nouvelle", ("06 12 34 56 78",)))
        pin_service(open_salon.access("bea"), omar, open_salon.services["garden"])
    return open_salon


def shown(client: Client, business: Business, query: str = "") -> str:
    answer = client.get(business.url(f"set-up/activity/?{query}"))
    assert answer.status_code == 200
    page = unescape(answer.content.decode())
    return page.split('class="activity-filters"')[1].split("</form>", 1)[1]


def lines(page: str) -> list[str]:
    """Return what happened, line by line, as it is read."""
    found = re.findall(r'<li class="activity-line">(.*?)</li>', page, re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found]


def table(client: Client, business: Business, **asked: str) -> list[list[str]]:
    answer = client.post(business.url("set-up/activity/export"), asked)
    assert answer.status_code == 200, answer.content
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(StringIO(text)))


# In words


def kinds_written() -> Iterator[str]:
    """Yield every kind that the product writes down, as far as it stands in the source as such."""
    for path in CARNET.rglob("*.py"):
        yield from re.findall(
            r'(?:record|entry)\(\s*(?:access|Access\.for_member\([^)]*\)),\s*"([\w.]+)"', path.read_text()
        )


def test_every_kind_of_change_has_its_words_and_every_sort_of_record_its_name(open_salon: Business) -> None:
    written = set(kinds_written())
    assert len(written) > 30
    ends = {f"appointment.{how}" for how in ("completed", "cancelled", "no_show", "undone", "reopened")}
    given = {f"{sort}.owner_changed" for sort in ("customer", "appointment")}
    put_away = {f"layout.{what}" for what in ("removed", "returned")}
    assert written | ends | given | put_away == set(KINDS)
    recorded = set(Activity._base_manager.values_list("subject_kind", flat=True))
    assert recorded <= set(SUBJECTS)


def test_it_tells_who_did_what_to_which_record_with_before_and_after(alice: Client, busy: Business) -> None:
    told = lines(shown(alice, busy))
    edited = next(one for one in told if "Customer edited" in one)
    assert "Véra Nouvelle" in edited
    assert "– Bea" in edited
    assert "Name before: Véra Élan → after: Véra Nouvelle" in edited
    cancelled = next(one for one in told if "Appointment cancelled" in one)
    assert "State before: Scheduled → after: Cancelled" in cancelled
    assert "– Alice" in cancelled
    assert any(
        "Module switched" in one and "– Carnet" in one for one in lines(shown(alice, busy, "kind=module.switched"))
    )


def test_instants_and_rights_are_told_as_people_read_them(alice: Client, open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        desk = Profile.objects.get(key="provider")
        details = ProfileDetails("Stage", ["appointments.see", "set_up.edit"], "everything")
        made = clone_profile(open_salon.access("alice"), desk, details)
        issue_token(open_salon.access("alice"), open_salon.members["bea"], name="Caisse")
        delete_profile(open_salon.access("alice"), made)
    told = lines(shown(alice, open_salon))
    created = next(one for one in told if "Profile created" in one)
    assert "Appointments: see, Change the set-up: business hours, address, country, switching modules" in created
    assert "Everybody’s" in created
    # Its name is known still, though the record is gone.
    assert "· Stage" in created
    assert "Profile deleted · Stage" in next(one for one in told if "Profile deleted" in one)
    assert "API token issued · Caisse" in next(one for one in told if "token issued" in one)


def test_hours_are_told_by_the_clock(alice: Client, open_salon: Business) -> None:
    told = lines(shown(alice, open_salon, "kind=hours.changed"))
    assert any("Mon 9:00–13:00, 14:00–18:00; Tue 9:00" in one for one in told)


def test_what_is_written_unlike_it_is_today_is_told_as_it_stands(alice: Client, open_salon: Business) -> None:
    odd = {"price": ["cheap", None], "hours": [3, {"8": [[1]]}], "status": ["gone", {}], "period": [1, ["x"]]}
    with open_organisation(open_salon.organisation):
        record(open_salon.access("bea"), "something.new", open_salon.services["haircut"], changes=odd)
    assert "cheap" in lines(shown(alice, open_salon))[0]


def test_in_french_too(busy: Business) -> None:
    user = busy.user("alice")
    user.language = "fr"
    user.save()
    told = lines(shown(signed_in(busy, "alice"), busy))
    assert any("Rendez-vous annulé" in one and "État avant : Planifié → après : Annulé" in one for one in told)


# Finding


def test_it_is_found_by_person_kind_record_and_day(alice: Client, busy: Business) -> None:
    bea, vera = busy.members["bea"].public_id, busy.customers["vera"].public_id
    assert all("– Bea" in one for one in lines(shown(alice, busy, f"member={bea}")))
    assert len(lines(shown(alice, busy, f"member={bea}"))) == 3
    assert all("– Carnet" in one for one in lines(shown(alice, busy, "member=system")))
    assert len(lines(shown(alice, busy, "kind=appointment.cancelled"))) == 1
    assert len(lines(shown(alice, busy, "about=appointment"))) == 2
    of_vera = lines(shown(alice, busy, f"record=customer:{vera}"))
    assert len(of_vera) == 2
    assert all("Véra Nouvelle" in one for one in of_vera)
    today = datetime.now(busy.zone).date()
    assert lines(shown(alice, busy, f"since={today}&until={today}"))
    assert not lines(shown(alice, busy, f"until={today - timedelta(days=1)}&about=appointment"))
    assert not lines(shown(alice, busy, f"since={today + timedelta(days=1)}"))
    User.objects.update(language="fr")
    page = alice.get(busy.url(f"set-up/activity/?since={today}")).content.decode()
    assert f'value="{today:%d/%m/%Y}"' in page
    assert lines(shown(alice, busy, f"since={today:%d/%m/%Y}"))


def test_the_days_are_those_of_the_organisation(alice: Client, open_salon: Business) -> None:
    """Half past midnight in Paris is the day before in UTC."""
    with open_organisation(open_salon.organisation):
        early = datetime(2031, 3, 30, 22, 30, tzinfo=UTC)
        add_note(open_salon.access("bea", early), open_salon.customers["vera"], "Early")
    assert lines(shown(alice, open_salon, "since=2031-03-31&until=2031-03-31"))
    assert not lines(shown(alice, open_salon, "since=2031-03-30&until=2031-03-30"))


@pytest.mark.parametrize(
    "query",
    [
        "member=nobody",
        "kind=no.such",
        "since=yesterday",
        "since=9999-12-31&until=0001-01-01",
        "before=2026-01-01~1",
        "before=2026-01-01T00:00:00%2B00:00~999999999999999999",
        "before=x~y",
        "record=customer:nobody",
        "record=tax:00000000-0000-0000-0000-000000000000",
        "record=module:00000000-0000-0000-0000-000000000000",
        "record=user:00000000-0000-0000-0000-000000000000",
        "member=%00",
    ],
)
def test_whatever_is_asked_gets_an_answer(alice: Client, open_salon: Business, query: str) -> None:
    with unchanged():
        assert alice.get(open_salon.url(f"set-up/activity/?{query}")).status_code == 200


def test_pages_follow_each_other_without_a_gap_or_a_repetition(alice: Client, open_salon: Business) -> None:
    """All at the same instant, and with something new in between."""
    with open_organisation(open_salon.organisation):
        by, vera = open_salon.access("bea"), open_salon.customers["vera"]
        for number in range(PAGE + 20):
            record(by, "customer.note_added", vera, changes={"name": [None, f"Note {number}."]})
        page = shown(alice, open_salon, "kind=customer.note_added")
        first = lines(page)
        record(by, "customer.note_added", vera, changes={"name": [None, "Late."]})
    older = re.search(r'href="([^"]+)" id="activity-older"|id="activity-older"[^>]*href="([^"]+)"', page)
    assert older is not None
    second_page = unescape(alice.get(older[1] or older[2]).content.decode())
    second = lines(second_page)
    told = [re.findall(r"Note \d+\.", one)[0] for one in [*first, *second]]
    assert told == [f"Note {number}." for number in reversed(range(PAGE + 20))]
    assert 'id="activity-older"' not in second_page
    assert 'id="activity-newest"' in second_page


def test_a_page_asks_the_same_number_of_questions_however_many_lines_it_has(alice: Client, busy: Business) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as statements:
            shown(alice, busy)
        return len(statements.captured_queries)

    # The first visit of a page notes that the session was used.
    questions()
    before = questions()
    with open_organisation(busy.organisation):
        for at in ("11:00", "12:00", "14:00", "15:00"):
            busy.book("haircut", at)
    assert questions() == before


# What is out of sight


def tess(business: Business, *permissions: str, reach: str = "own") -> Client:
    """Sign in Max with these permissions: somebody who may change the set-up without being an administrator."""
    own = Profile._base_manager.create(
        organisation=business.organisation, name="Tess", permissions=["activity.see", *permissions], reach=reach
    )
    Member._base_manager.filter(pk=business.members["max"].pk).update(profile=own)
    return signed_in(business, "max")


def test_what_a_reader_may_not_see_of_records_is_not_in_it(busy: Business) -> None:
    """Neither whole sorts of record, nor those of others (I9, I12)."""
    nothing = shown(tess(busy, "members.edit"), busy)
    assert not re.search("Véra|Appointment|Coupe|Jardin|Customer", nothing)
    assert "Member added" in nothing
    for query in (
        "about=customer",
        "kind=appointment.booked",
        f"record=customer:{busy.customers['vera'].public_id}",
        f"record=service:{busy.services['haircut'].public_id}",
    ):
        assert not lines(shown(signed_in(busy, "max"), busy, query)), query


def test_with_own_records_only_those_of_others_are_not_in_it(open_salon: Business) -> None:
    """(I12)"""
    with open_organisation(open_salon.organisation):
        open_salon.book("haircut", "10:00", member="lea", customer="vera")
        open_salon.book("haircut", "10:00", member="max", customer="omar")
    max_ = tess(open_salon, "appointments.see", "customers.see", "catalogue.see")
    told = lines(shown(max_, open_salon, "about=appointment"))
    assert len(told) == 1
    assert "Omar" in told[0]
    assert not any("Véra" in one for one in lines(shown(max_, open_salon)))


def test_a_service_named_with_a_customer_is_told_only_to_who_sees_services(busy: Business) -> None:
    """(I9)"""
    page = shown(tess(busy, "customers.see", reach="everything"), busy, "kind=customer.service_pinned")
    assert "Omar" in page
    assert "Jardin" not in page


def test_the_keys_of_others_are_not_in_it_for_who_is_no_administrator(open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        issue_token(open_salon.access("alice"), open_salon.members["alice"], name="Secret")
    assert "Secret" not in shown(tess(open_salon, *PERMISSIONS, reach="everything"), open_salon)
    assert "Secret" in shown(signed_in(open_salon, "alice"), open_salon)


def test_of_another_organisation_nothing_is_in_it(alice: Client, busy: Business, open_garage: Business) -> None:
    """(I1, I2)"""
    stranger = signed_in(open_garage, "alice")
    assert "Véra Nouvelle" not in shown(stranger, open_garage)
    assert not lines(shown(stranger, open_garage, f"record=customer:{busy.customers['vera'].public_id}"))
    assert not lines(shown(stranger, open_garage, f"member={busy.members['bea'].public_id}"))
    assert "Véra Nouvelle" not in str(table(stranger, open_garage))


# Exporting


#: The last columns of the table.
WHENCE = ["From where", "Network address"]


def test_the_export_tells_what_is_looked_for_a_row_for_each_changed_field(alice: Client, busy: Business) -> None:
    rows = table(alice, busy, member=str(busy.members["bea"].public_id))
    assert rows[0] == ["When", "Who", "What", "About", "Record", "Field", "Before", "After", *WHENCE]
    assert {row[1] for row in rows[1:]} == {"Bea"}
    named = next(row for row in rows if row[5] == "Name")
    assert named[2:8] == ["Customer edited", "Customer", "Véra Nouvelle", "Name", "Véra Élan", "Véra Nouvelle"]
    with open_organisation(busy.organisation):
        said = Activity.objects.get(kind="activity.exported")
        assert (said.actor, said.changes) == ("Alice", {"filters": [None, f"member={busy.members['bea'].public_id}"]})


def test_an_export_longer_than_a_chunk_is_whole_and_leaves_out_what_happens_meanwhile(
    alice: Client, open_salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("carnet.desk.queries.activity.CHUNK", 7)
    with open_organisation(open_salon.organisation):
        by, vera = open_salon.access("bea"), open_salon.customers["vera"]
        for number in range(20):
            record(by, "customer.note_added", vera, changes={"name": [None, f"Note {number}."]})
    answer = alice.post(open_salon.url("set-up/activity/export"), {"kind": "customer.note_added"})
    chunks = iter(answer.streaming_content)  # type: ignore[attr-defined]
    got = [next(chunks), next(chunks), next(chunks)]
    with open_organisation(open_salon.organisation):
        record(by, "customer.note_added", vera, changes={"name": [None, "Late."]})
    text = b"".join([*got, *chunks]).decode("utf-8-sig")
    told = [row[7] for row in csv.reader(StringIO(text))][1:]
    assert told == [f"Note {number}." for number in reversed(range(20))]


@pytest.mark.parametrize("typed", ["=1+1", "+33 6", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n=1"])
def test_no_cell_is_a_formula(typed: str) -> None:
    assert as_text(typed) == f"'{typed}"


def test_what_customers_are_called_is_no_formula_in_the_export(alice: Client, open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        hostile = NewCustomer('=HYPERLINK("https://evil.example")', ())
        edit_customer(open_salon.access("bea"), open_salon.customers["vera"], hostile)
    cells = [cell for row in table(alice, open_salon) for cell in row]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.guard("access_require")
def test_only_who_may_export_does(busy: Business) -> None:
    who = tess(busy, "customers.see")
    assert "activity-export" not in who.get(busy.url("set-up/activity/")).content.decode()
    with unchanged():
        assert who.post(busy.url("set-up/activity/export")).status_code == 403
        assert signed_in(busy, "bea").post(busy.url("set-up/activity/export")).status_code == 404


def test_nothing_of_it_can_be_changed(alice: Client, busy: Business) -> None:
    row = Activity._base_manager.latest("pk")
    with unchanged():
        for verb in ("post", "put", "patch", "delete"):
            assert getattr(alice, verb)(busy.url("set-up/activity/"), {"id": row.pk}).status_code == 405
