"""Two organisations, alike but for a mark in each text of the one: nobody of the other ever meets a mark."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import django_scopes
import pytest
from django.core import mail
from django.test import Client, override_settings

from carnet.base.scopes import open_organisation
from carnet.messages.actions import deliver_due
from carnet.organisations import middleware
from carnet.organisations.access import Access
from carnet.organisations.background import open_as_system
from carnet.organisations.models import Member, Organisation
from tests.doors.marks import MARK, kept_by, letters, mark_everything, told
from tests.doors.matrix import BEFORE, OPERATIONS, PAGES, Row
from tests.doors.routes import SAFE
from tests.doors.world import World, fence_up, furnish, token_of, tried

#: Those of the garage who try: one who may everything, and one who may what a provider may.
PEOPLE = ("boss", "provider")


@pytest.fixture
def marked(world: World) -> World:
    """The world, with a garage as full as the salon, and a mark in each text of the salon."""
    with fence_up():
        _tess, names = furnish(world.garage)
        world.theirs = world.names
        world.names = names | {"token": "guessed", "uidb64": "MQ"}
        for who, name in zip(PEOPLE, ("alice", "lea"), strict=True):
            world.clients[who] = Client(raise_request_exception=False)
            world.clients[who].force_login(world.garage.user(name))
            world.tokens[who] = token_of(world.garage, name)
        columns = mark_everything(world.salon.organisation)
    # What people type most, and each place where texts lie hidden.
    assert columns >= {
        "Organisation.name",
        "Customer.custom",
        "Service.custom",
        "Appointment.custom",
        "FieldValue.text",
        "Member.name",
        "Customer.name",
        "Contact.value",
        "Note.text",
        "LookupText.text",
        "Service.name",
        "Category.name",
        "Tag.name",
        "Tax.name",
        "Segment.service_name",
        "Activity.changes",
        "Message.facts",
        "LayoutVersion.document",
        "Invitation.email",
        "Token.name",
        "TimeOff.reason",
        "Closure.name",
        "Outage.reason",
    }
    assert len(columns) > 60
    return world


def leaks(world: World, rows: tuple[Row, ...]) -> Iterator[str]:
    """Do what the rows say as people of the garage, with its own ids and with the salon's, and in the salon's address.

    Yield where a mark came to light: in an answer, in a letter, or in what the garage holds afterwards.
    """
    ways: tuple[tuple[str, Mapping[str, str]], ...] = (
        ("garage", world.names),
        ("garage", world.names | world.theirs),
        ("salon", world.names | world.theirs),
    )
    for row in rows:
        for who in PEOPLE:
            for organisation, names in ways:
                mail.outbox.clear()
                with tried():
                    if MARK in told(world.send(row, who, organisation=organisation, names=names)).lower():
                        yield f"{row} as {who} in {organisation}: the answer"
                    if row.route.verb not in SAFE and who == PEOPLE[0]:
                        deliver(world.garage.organisation)
                        if MARK in letters().lower():
                            yield f"{row} as {who} in {organisation}: a letter"
                        yield from (
                            f"{row} as {who} in {organisation}: {column}"
                            for column in kept_by(world.garage.organisation)
                        )


def deliver(organisation: Organisation) -> None:
    """Send what is due within the next minutes, as the worker does."""
    with open_as_system(organisation.pk, "deliver messages") as access:
        later = Access.for_system(access.organisation, "deliver messages", access.now + timedelta(minutes=5))
        deliver_due(later)


@pytest.mark.guard("scope")
def test_no_mark_of_another_organisation_ever_comes_to_light(marked: World) -> None:
    """(I1, I2, I9, K3)"""
    assert list(leaks(marked, (*PAGES, *OPERATIONS))) == []


@override_settings(ROOT_URLCONF="tests.doors.urls", DEMO=True)
def test_no_mark_comes_to_light_outside_organisations_either(marked: World) -> None:
    # The link of an invitation tells whom it is from: whoever holds it is meant to know.
    rows = tuple(row for row in BEFORE if "invitations" not in row.route.path)
    assert list(leaks(marked, rows)) == []


def without_scope(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(django_scopes, "get_scope", lambda: {"_enabled": False})


def without_membership(patch: pytest.MonkeyPatch) -> None:
    """Let whoever is signed in enter any organisation, as its administrator."""

    def anybody(user: Any, slug: str) -> Member | None:
        with middleware.scopes_disabled():
            members = Member.objects.select_related("organisation", "profile", "role")
            return members.filter(organisation__slug=slug, profile__administrator=True).first()

    patch.setattr(middleware, "member_of", anybody)


def without_whose(patch: pytest.MonkeyPatch) -> None:
    """Let the switcher list all organisations there are."""
    patch.setattr(middleware, "organisations_of", lambda user: list(Organisation.objects.all()))


def without_the_right_one(patch: pytest.MonkeyPatch) -> None:
    """Let whatever is opened for the garage be the salon."""

    @contextmanager
    def other(organisation: Organisation) -> Iterator[None]:
        with open_organisation(Organisation.objects.get(slug="salon")):
            yield

    patch.setattr(middleware, "open_organisation", other)


GUARDS = (without_scope, without_membership, without_whose, without_the_right_one)


@pytest.mark.parametrize("take_away", GUARDS)
def test_marks_come_to_light_as_soon_as_one_guard_is_missing(
    marked: World, monkeypatch: pytest.MonkeyPatch, take_away: Callable[[pytest.MonkeyPatch], None]
) -> None:
    """What the tests above would say of a product that has lost a guard."""
    take_away(monkeypatch)
    lists = tuple(row for row in PAGES if row.route.verb in SAFE and not row.at)
    assert next(leaks(marked, lists), "")


def test_a_mark_is_found_wherever_it_lies(marked: World) -> None:
    """What looks for marks finds those of the salon, and none in the garage before anybody tries."""
    assert set(kept_by(marked.salon.organisation)) > {"Customer.name", "Activity.changes"}
    assert set(kept_by(marked.garage.organisation)) == set()
