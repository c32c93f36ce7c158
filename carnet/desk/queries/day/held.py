"""What is held on a day, and the visits that stand there, as far as the reader may see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from django.db.models import BooleanField, Exists, F, OuterRef, Q, Value

from carnet.appointments.fields import APPOINTMENTS
from carnet.appointments.models import Appointment, Claim, Status
from carnet.appointments.sold import sold_as
from carnet.base.periods import overlapping
from carnet.catalogue.models import Place
from carnet.desk.queries.day.values import ROW, Visit
from carnet.desk.queries.told_with_visits import columns_of_cards, learn_for_cards, texts_on_card
from carnet.organisations.access import Access
from carnet.resources.models import Resource
from carnet.scheduling.spans import Span

#: States that "to close" replaces once the visit's time has passed.
_UNFINISHED = (Status.REQUESTED, Status.SCHEDULED, Status.IN_PROGRESS)


def held_on(
    access: Access, resources: Sequence[Resource], day: Span
) -> tuple[dict[int, list[Span]], dict[int, list[Visit]]]:
    """Return by resource what is held, buffers included, and the visits that stand there: two statements."""
    ids = [resource.pk for resource in resources]
    claims = Claim.objects.filter(overlapping(day), active=True, resource__in=ids)
    held: dict[int, list[Span]] = {}
    visits: dict[int, list[Visit]] = {}
    last: dict[int, int] = {}
    columns = _told(access, "segment__appointment__", "segment__")
    in_order = claims.order_by("resource_id", "segment__starts_at", "segment__position")
    rows = cast("list[dict[str, Any]]", list(in_order.values("resource_id", "starts_at", "ends_at", **columns)))
    learn_for_cards(access, rows)
    for row in rows:
        resource_id = row["resource_id"]
        if row["state"] == Status.REQUESTED and row["expires_at"] and row["expires_at"] <= access.now:
            continue  # an expired hold is free time, whether or not a tick has swept it
        held.setdefault(resource_id, []).append(Span(row["starts_at"], row["ends_at"]))
        visit = _visit(access, row)
        _stand(visits.setdefault(resource_id, []), visit, follows=last.get(resource_id) == row["appointment"])
        last[resource_id] = row["appointment"]
    if day.start <= access.now:
        _add_what_holds_nothing(access, ids, day, visits)
    return held, visits


def _add_what_holds_nothing(access: Access, ids: Sequence[int], day: Span, visits: dict[int, list[Visit]]) -> None:
    """Add who did not come, and who was served before the time promised, where nobody else got their time."""
    # From the visits' side: what holds nothing has no place in the index of claims.
    served_early = Q(status=Status.COMPLETED, ended_at__lte=F("starts_at"))
    missed = Appointment.objects.filter(
        Q(status=Status.NO_SHOW) | served_early,
        overlapping(day),
        segments__segment_members__member__resource__in=ids,
    )
    columns = _told(access, "", "segments__")
    rows = missed.values(**columns, resource=F("segments__segment_members__member__resource"))
    for row in rows.order_by("segments__starts_at"):
        visit = _visit(access, row)
        there = visits.setdefault(row["resource"], [])
        if not any(other.starts_at < visit.ends_at and visit.starts_at < other.ends_at for other in there):
            there.append(visit)
            there.sort(key=lambda standing: standing.starts_at)


def _told(access: Access, appointment: str, segment: str) -> dict[str, Any]:
    """Return what is read of a visit, by the paths that lead to its appointment and its segment."""
    seen: Exists | Value = Value(True, BooleanField())
    if not access.reaches_everything:
        seen = Exists(access.visible(Appointment.objects.filter(pk=OuterRef(f"{appointment}pk"))))
    return {
        "seen": seen,
        "appointment": F(f"{appointment}pk"),
        "visit": F(f"{appointment}public_id"),
        "state": F(f"{appointment}status"),
        "expires_at": F(f"{appointment}hold_expires_at"),
        "who": F(f"{appointment}customer__name"),
        "where": F(f"{appointment}place"),
        "to": F(f"{appointment}address"),
        "what": F(f"{segment}service_name"),
        "added": F(f"{segment}add_ons"),
        "hue": F(f"{segment}service__hue"),
        **columns_of_cards(access, appointment, segment),
        "from_at": F(f"{segment}starts_at"),
        "until_at": F(f"{segment}ends_at"),
    }


def _visit(access: Access, row: Mapping[str, Any]) -> Visit:
    starts_at = row["from_at"]
    # A visit that ended early stands only as long as it held the member's time.
    ends_at = max(min(row["until_at"], row.get("ends_at", row["until_at"])), starts_at + ROW)
    if not row["seen"]:
        return Visit(0, 0, starts_at, ends_at, "busy")
    overdue = row["state"] in _UNFINISHED and ends_at <= access.now
    at_customer = row["where"] == Place.CUSTOMER
    return Visit(
        0,
        0,
        starts_at,
        ends_at,
        "to_close" if overdue else row["state"],
        row["visit"],
        customer=row["who"] or "",
        services=(sold_as(row["what"], (extra["name"] for extra in row["added"])),),
        hue=row["hue"] % 8 + 1,
        at_customer=at_customer,
        address=row["to"] if at_customer and access.may_read_field(APPOINTMENTS, "address") else "",
        own=texts_on_card(access, row),
    )


def _stand(column: list[Visit], visit: Visit, *, follows: bool) -> None:
    """Add a visit to a column; services of one visit in a row are one card."""
    if follows and column and column[-1].ends_at == visit.starts_at and column[-1].id == visit.id:
        first = column[-1]
        own = tuple(dict.fromkeys(first.own + visit.own))
        services = first.services + visit.services
        column[-1] = replace(first, ends_at=visit.ends_at, services=services, state=visit.state, own=own)
    else:
        column.append(visit)
