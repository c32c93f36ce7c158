"""A service's standing is what its causes make of it: list, cards, record, panel and API agree at every minute."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from carnet.base.scopes import open_organisation
from carnet.catalogue.actions import add_outage
from tests.api.conftest import Program, read, token_for
from tests.cast import NOW, Business, open_business
from tests.desk.service_pages import HTMX, text, url

SetClock = Callable[[datetime], None]
MINUTE = timedelta(minutes=1)

#: Tuesday, 10:00 to 12:00 in Paris: an hour after the cast's now.
BEGINS, ENDS = NOW + timedelta(hours=1), NOW + timedelta(hours=3)


@pytest.fixture
def business(db: None) -> Business:
    business = open_business("salon")
    with open_organisation(business.organisation):
        add_outage(business.access("alice"), business.services["haircut"], BEGINS, ENDS, reason="Cabinet being painted")
    return business


def state_in(business: Business, page: str) -> str:
    """Return what a list or the cards say of the haircut."""
    found = re.search(rf'id="s-{business.services["haircut"].public_id}" data-state="(\w+)"', page)
    assert found
    return found[1]


def told_everywhere(business: Business, desk: Client, program: Program) -> dict[str, Any]:
    """Return whether the haircut is out, as each place says it."""
    haircut = business.services["haircut"].public_id
    record = text(desk, url(business), headers=HTMX)
    panel = text(desk, business.url(f"booking/?service={haircut}"), headers=HTMX)
    (option,) = re.findall(rf'<option value="{haircut}"[^>]*>([^<]*)</option>', panel)
    return {
        "list": state_in(business, text(desk, business.url("services/"))) == "unavailable",
        "cards": state_in(business, text(desk, business.url("services/?layout=cards"))) == "unavailable",
        "view": f"s-{haircut}" in text(desk, business.url("services/?view=unavailable")),
        "record": 'data-state="unavailable"' in record,
        "panel": "unavailable until" in option,
        "api": read(program.get(f"services/{haircut}"))["status"] == "unavailable",
        "api, listed": str(haircut)
        in [one["id"] for one in read(program.get("services", {"status": "unavailable"}))["services"]],
    }


@pytest.mark.parametrize(
    ("at", "out"),
    [
        (BEGINS - MINUTE, False),
        (BEGINS - timedelta(microseconds=1), False),
        (BEGINS, True),
        (ENDS - MINUTE, True),
        (ENDS - timedelta(microseconds=1), True),
        (ENDS, False),
    ],
    ids=["a minute before", "just before", "the first instant", "the last minute", "the last instant", "over"],
)
def test_all_agree_at_the_minute_an_outage_begins_and_ends(
    business: Business, client: Client, set_clock: SetClock, at: datetime, out: bool
) -> None:
    """(B9) No job runs in between: the clock alone has moved."""
    set_clock(at)
    client.force_login(business.user("bea"))
    program = Program(business, token_for(business, "bea"))
    told = told_everywhere(business, client, program)
    assert told == dict.fromkeys(told, out)


@pytest.mark.parametrize("later", [timedelta(0), timedelta(hours=1), timedelta(hours=2), timedelta(hours=3)])
def test_what_is_offered_lies_outside_of_it_and_can_be_booked_whatever_the_time(
    business: Business, client: Client, set_clock: SetClock, later: timedelta
) -> None:
    """(B9) What the catalogue, the panel and the API say is free next is one start, and booking it succeeds."""
    set_clock(NOW + later)
    client.force_login(business.user("bea"))
    program = Program(business, token_for(business, "bea"))
    haircut, today = str(business.services["haircut"].public_id), NOW.date().isoformat()
    slots = read(program.get("availability", {"service": haircut, "from": today, "to": today}))["slots"]
    starts = [datetime.fromisoformat(slot["start"]) for slot in slots]
    usual = timedelta(minutes=45)
    assert starts
    assert all(start + usual <= BEGINS or start >= ENDS for start in starts)

    panel = text(client, business.url(f"booking/?service={haircut}&day={today}"), headers=HTMX)
    assert [int(epoch) for epoch in re.findall(r'id="booking-start-(\d+)"', panel)] == [
        int(start.timestamp()) for start in starts
    ]
    line = re.search(rf'<li[^>]* id="s-{haircut}".*?</li>', text(client, business.url("services/")), re.DOTALL)
    first = starts[0].astimezone(business.zone)
    assert line
    assert f"{first.hour}:{first.minute:02}" in line[0]
    booked = program.post("appointments", {"service": haircut, "start": slots[0]["start"]})
    assert booked.status_code == 201, booked.content
