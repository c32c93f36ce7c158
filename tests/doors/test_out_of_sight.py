"""What is out of sight is told by no door: marks in the records of others, looked for in every answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db.models import JSONField, Model
from django.http import HttpResponse

from carnet.appointments.models import Appointment, Ending, Segment, SegmentMember
from carnet.base.scopes import open_organisation
from carnet.customers.models import Address, Contact, Customer, LookupText, Membership, Note
from carnet.jobsheets.actions import fill_job_sheet
from carnet.jobsheets.models import JobSheet
from carnet.jobsheets.queries import kept_or_blank
from carnet.organisations.models import Activity, Member, Profile, Role
from carnet.organisations.permissions import PERMISSIONS
from tests.doors.matrix import ROWS, Row
from tests.doors.routes import API, INSIDE, SAFE, Route
from tests.doors.test_hostile_words import typed_fields
from tests.doors.world import World, fence_up, tried

#: Looked for by the name, recognised by the last word: what is looked for stands in the answer.
MARK = "06 55 44 33 22 Zyxw Qwuv"
#: Whoever sees one of these sees the customer or the visit that it is of.
PRIVATE: tuple[type[Model], ...] = (
    Customer, Contact, Address, Note, Membership, LookupText, Appointment, Segment, Ending, JobSheet,
)  # fmt: skip
#: What happened to these is told to whom they are in sight.
TOLD = ("customer", "appointment", "jobsheet")
#: Lists and searches, asked for what is hidden by the words that stand in it.
SEARCHES = (
    Row(Route(INSIDE, "customers/", "GET"), query={"q": "Zyxw"}),
    Row(Route(INSIDE, "customers/lookup", "GET"), query={"q": "Zyxw"}),
    Row(Route(INSIDE, "customers/lookup", "GET"), query={"q": "Zyxw", "for": "booking"}),
    Row(Route(INSIDE, "call", "GET"), query={"number": "06 55 44 33 22"}),
    Row(Route(INSIDE, "services/", "GET"), query={"customer": "{vera}"}),
    Row(Route(INSIDE, "set-up/activity/", "GET")),
    Row(Route(INSIDE, "set-up/activity/", "GET"), query={"record": "appointment:{coming}"}),
    Row(Route(INSIDE, "set-up/why/<slug:sort>/<uuid:record_id>/", "GET"), at={"sort": "sort", "record_id": "omar"}),
    Row(Route(API, "o/{organisation}/customers", "GET"), query={"q": "Zyxw"}),
    Row(Route(API, "o/{organisation}/appointments", "GET"), query={"from": "{day}", "to": "{later}"}),
)


def mark(world: World) -> None:
    """Let everything be somebody else's, and write the mark into every column that holds words."""
    with fence_up(), open_organisation(world.salon.organisation):
        sheet = kept_or_blank(world.salon.system, Appointment.objects.get(public_id=world.names["sheeted"]))
        if sheet.pk is None:
            visit = sheet.appointment
            fill_job_sheet(world.salon.system, visit, {world.names["field"]: "Vera"}, version=0)
        alice = world.salon.members["alice"]
        Customer.objects.update(owner=alice)
        Appointment.objects.update(owner=alice)
        SegmentMember.objects.filter(member=world.tess).update(member=world.salon.members["lea"])
        for model, field in typed_fields():
            if model in PRIVATE:
                model._base_manager.update(**{field.name: MARK})
        Contact.objects.update(normal=MARK)
        LookupText.objects.update(text=MARK.lower())
        for kind in (Customer, Appointment, JobSheet):
            assert isinstance(kind._meta.get_field("custom"), JSONField)
            kind._base_manager.update(custom={world.names["field"]: MARK})
        Activity.objects.filter(subject_kind__in=TOLD).update(changes={"name": [MARK, MARK]})
        # Beside all others, with nobody below.
        Member.objects.filter(pk=world.tess.pk).update(role=Role.objects.get(name="Shop"))


def answers(world: World) -> Iterator[tuple[Row, HttpResponse]]:
    for row in (*ROWS, *SEARCHES):
        with tried():
            yield row, world.send(row)
        if row.route.door == INSIDE and row.route.verb in SAFE:
            with tried():
                yield row, world.send(row, headers={"HX-Request": "true", "HX-Request-Type": "partial"})


def told(answer: HttpResponse) -> bool:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return MARK.split()[-1].lower() in content.decode(errors="replace").lower()


@pytest.mark.guard("visible")
@pytest.mark.parametrize("reach", [Profile.Reach.OWN, Profile.Reach.ROLE])
def test_nothing_of_a_record_out_of_sight_stands_in_any_answer(world: World, reach: str) -> None:
    """Tess may do everything, in a role beside all others; every id is known to her (I9, I12)."""
    mark(world)
    world.may(*PERMISSIONS, reach=reach)
    leaks = [str(row) for row, answer in answers(world) if told(answer)]
    assert leaks == []


def test_the_same_marks_stand_where_everything_is_in_sight(world: World) -> None:
    """So that they would be found."""
    mark(world)
    world.may(*PERMISSIONS, reach=Profile.Reach.EVERYTHING)
    seen = {str(row) for row, answer in answers(world) if told(answer)}
    assert len(seen) > 25
    assert "POST set-up/activity/export [inside]" in seen
