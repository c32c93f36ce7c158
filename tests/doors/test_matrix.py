"""Every route and verb, tried by nobody, a stranger, a member without the permission, and one with it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import override_settings

from carnet.customisation.models import Module
from carnet.organisations.models import Member, Profile, Token
from carnet.organisations.permissions import MODULE_RIGHTS, PERMISSIONS
from tests.doors.matrix import BEFORE, BOOK, HIDING, MOVE, PAGES, ROWS, SENT_ON, SET_UP, Row
from tests.doors.routes import API, INSIDE, SAFE, Route, all_routes, catch_alls
from tests.doors.world import World, tried, unchanged, words

HERE = Path(__file__).parent
URLCONF = HERE.parents[1] / "carnet" / "urls.py"


def test_every_route_has_its_row_and_every_row_its_route() -> None:
    """(G8)"""
    routes, rows = set(all_routes()), [row.route for row in (*ROWS, *BEFORE)]
    silent = sorted(str(route) for route in routes if route.verb == "ANY")
    assert silent == [], "these views do not say which verbs they answer: @require_GET and its like do"
    missing = sorted(str(route) for route in routes - set(rows))
    assert missing == [], "say in tests/doors/matrix.py what each of these needs, and what it gives"
    stale = sorted(str(route) for route in set(rows) - routes)
    assert stale == [], "these rows of tests/doors/matrix.py lead nowhere any more"
    assert len(rows) == len(set(rows))


def test_what_is_no_address_leads_to_one_view_that_says_so() -> None:
    assert set(catch_alls()) == {"carnet.api.doors.nothing_here"}


def test_the_routes_of_a_demo_and_of_debug_are_walked_too() -> None:
    """What carnet/urls.py adds under a condition is invisible to a test that runs without it."""
    added = re.findall(r'urlpatterns\.append\(path\("(.+?)"', URLCONF.read_text())
    assert added == ["demo/", "dev/"]
    assert {row.route.path.partition("/")[0] + "/" for row in BEFORE} >= set(added)


def test_every_permission_is_asked_for_by_some_door() -> None:
    asked = {permission for row in ROWS for permission in (*row.needs, *row.any_of, *row.widened_by)}
    no_door_yet = {"appointments.delete"}
    assert set(PERMISSIONS) - asked <= no_door_yet
    assert not asked & no_door_yet


def _taken(row: Row, answer: HttpResponse) -> bool:
    """Return whether this answers a form of ours that was taken: it then says plainly to look there by GET (303)."""
    to_the_way_in = answer.headers["Location"].startswith("/accounts/login/")
    return row.route.door == INSIDE and row.route.verb == "POST" and not to_the_way_in


@contextmanager
def each(rows: tuple[Row, ...], wrong: list[str]) -> Iterator[Callable[[Row, HttpResponse, int], None]]:
    """Collect what is not as expected, to tell of all rows at once."""

    def expect(row: Row, answer: HttpResponse, status: int) -> None:
        given = SENT_ON if answer.status_code == 302 and not _taken(row, answer) else answer.status_code
        if given != status:
            wrong.append(f"{row}: {answer.status_code} instead of {status}")

    yield expect
    assert not wrong, "\n".join(wrong)


def test_nobody_is_shown_the_way_in_and_changes_nothing(world: World) -> None:
    """(I10)"""
    with each(ROWS, []) as expect, unchanged():
        for row in ROWS:
            with tried():
                answer = world.send(row, "")
                expect(row, answer, 401 if row.route.door == API else SENT_ON)
            if row.route.door != API:
                assert answer.headers["Location"].startswith("/accounts/login/?next="), row


def test_the_organisation_of_others_is_one_that_does_not_exist(world: World) -> None:
    """(I1, I10)"""
    with each(ROWS, []) as expect, unchanged():
        for row in ROWS:
            with tried():
                theirs = world.send(row, "stranger")
                nowhere = world.send(row, "stranger", organisation="nowhere")
                expect(row, theirs, 404)
                assert words(theirs) == words(nowhere), row


@pytest.mark.guard("scope")
def test_a_record_of_others_is_one_that_does_not_exist(world: World) -> None:
    """In the garage's own address, whatever of the salon is named: in the path, the query or the body (I1, I2)."""
    naming = [row for row in ROWS if row.names_records]
    assert len(naming) > 40
    foreign, nothing = world.names, world.nothing()
    blank = {
        foreign[name]: nothing[name] for name in foreign if "-" in foreign[name] and foreign[name] != nothing[name]
    }
    # A choice that is none is named in its refusal.
    blank |= {
        f"choice. {foreign[name]} ": f"choice. {nothing[name]} "
        for name in ("tax", "profile", "front_desk", "provider", "bare", "tess", "team", "shop")
    }
    for row in naming:
        with tried():
            theirs = world.send(row, "stranger", organisation="garage", names=foreign)
            in_path = theirs.status_code == 404
            told = words(theirs)
        with tried():
            missing = world.send(row, "stranger", organisation="garage", names=nothing)
            wanted = words(missing)
        assert theirs.status_code == missing.status_code, row
        # Days and layouts are called alike everywhere.
        if row.at and not {"on", "module"} & row.at.keys():
            assert in_path, row
        for found, instead in blank.items():
            told = told.replace(found, instead)
        assert told == wanted, row
        if row.route.verb not in SAFE:
            with tried(), unchanged(row):
                world.send(row, "stranger", organisation="garage", names=foreign)


@pytest.mark.guard("access_require")
def test_without_any_one_of_its_permissions_a_door_is_shut_and_nothing_changes(world: World) -> None:
    """Tess holds every permission but one (I10)."""
    with each(ROWS, []) as expect:
        for permission in PERMISSIONS:
            with tried():
                world.may(*(set(PERMISSIONS) - {permission}))
                with unchanged():
                    for row in ROWS:
                        if permission in row.needs:
                            with tried():
                                expect(row, world.send(row), row.shut_without(permission))


@pytest.mark.guard("access_require")
@pytest.mark.parametrize("permission", HIDING)
def test_what_must_not_be_known_of_is_told_in_the_words_of_what_does_not_exist(world: World, permission: str) -> None:
    """Tess lacks the right to see the services, or the set-up; then everybody does, because the module is off (3.1)."""
    world.may(*(set(PERMISSIONS) - {permission}))
    hidden = [row for row in ROWS if permission in row.needs and row.shut_without(permission) == 404]
    assert hidden
    with unchanged():
        for row in hidden:
            with tried():
                assert told_to(world, row, "tess") == nothing_told_to(world, row, "tess"), row


@pytest.mark.guard("access_require")
def test_while_the_module_is_off_the_services_exist_for_nobody_and_nothing_can_be_booked(world: World) -> None:
    """(3.1)"""
    world.may(*(set(PERMISSIONS) - {SET_UP}))
    Module._base_manager.filter(organisation=world.salon.organisation, key="services").update(on=False)
    asked = [row for row in ROWS if set(row.needs) & {*MODULE_RIGHTS["services"], BOOK, MOVE}]
    assert len(asked) > 15
    with each(ROWS, []) as expect, unchanged():
        for row in asked:
            for who in ("tess", "alice"):
                with tried():
                    if set(row.needs) & {BOOK, MOVE}:
                        answer = world.send(row, who)
                        expect(row, answer, 403)
                        if row.route.door == API:
                            assert json.loads(answer.content)["code"] == "module_off"
                    elif who == "tess" or row.route.path != "services/":
                        assert told_to(world, row, who) == nothing_told_to(world, row, who), row


def told_to(world: World, row: Row, who: str) -> tuple[int, str]:
    answer = world.send(row, who)
    return answer.status_code, words(answer)


def nothing_told_to(world: World, row: Row, who: str) -> tuple[int, str]:
    """Return what is told of an address behind the same door that leads nowhere."""
    path = "o/{organisation}/nothing/here" if row.route.door == API else "nothing/here"
    return told_to(world, Row(Route(row.route.door, path, "GET")), who)


def test_with_exactly_its_permissions_a_door_is_open_and_get_changes_nothing(world: World) -> None:
    """(J4)"""
    with each(ROWS, []) as expect:
        for row in ROWS:
            for permissions in row.ways():
                with tried():
                    world.may(*permissions)
                    if row.route.verb in SAFE:
                        with unchanged():
                            expect(row, world.send(row), row.expected)
                    else:
                        expect(row, world.send(row), row.expected)


@pytest.mark.guard("access_require")
def test_a_door_that_any_of_several_opens_does_not_exist_for_who_has_none_of_them(world: World) -> None:
    """Tess may all but these (I10)."""
    rows = [row for row in ROWS if row.any_of]
    assert rows
    with unchanged():
        for row in rows:
            with tried():
                world.may(*(set(PERMISSIONS) - set(row.any_of)))
                assert told_to(world, row, "tess") == nothing_told_to(world, row, "tess"), row


@pytest.mark.guard("visible")
def test_what_lies_beyond_one_s_own_does_not_exist(world: World) -> None:
    """Tess may do everything, with her own records only; these are of others (I12)."""
    world.may(*PERMISSIONS, reach=Profile.Reach.OWN)
    hidden = [row for row in ROWS if row.hidden and row.at != {"appointment_id": "ended"}]
    assert len(hidden) > 25
    nothing = world.nothing()
    with each(ROWS, []) as expect, unchanged():
        for row in hidden:
            with tried():
                answer = world.send(row)
                expect(row, answer, 404)
                assert words(answer) == words(world.send(row, names=nothing)), row


def test_who_has_left_meets_what_a_stranger_meets_at_once(world: World) -> None:
    """(J3, C5)"""
    world.may(*PERMISSIONS)
    Member._base_manager.filter(pk=world.tess.pk).update(active=False)
    with each(ROWS, []) as expect, unchanged():
        for row in ROWS:
            with tried():
                expect(row, world.send(row), 401 if row.route.door == API else 404)


def test_a_token_that_is_narrowed_opens_no_door_beyond_it(world: World) -> None:
    """(J6)"""
    world.may(*PERMISSIONS)
    operations = [row for row in ROWS if row.route.door == API]
    with each(ROWS, []) as expect:
        for permission in {one for row in operations for one in row.needs}:
            Token._base_manager.filter(member=world.tess).update(permissions=sorted(set(PERMISSIONS) - {permission}))
            with unchanged():
                for row in operations:
                    if permission in row.needs:
                        with tried():
                            expect(row, world.send(row), row.shut_without(permission))


@override_settings(ROOT_URLCONF="tests.doors.urls", DEMO=True)
def test_before_any_organisation_doors_answer_as_their_rows_say(world: World) -> None:
    world.names |= {"token": "guessed", "uidb64": "MQ"}
    with each(BEFORE, []) as expect:
        for row in BEFORE:
            for who, status in (("", row.nobody), ("tess", row.expected)):
                with tried():
                    if row.route.verb in SAFE:
                        with unchanged():
                            expect(row, world.send(row, who), status)
                    else:
                        expect(row, world.send(row, who), status)


def test_the_api_is_closed_to_who_is_signed_in_to_the_pages_only(world: World) -> None:
    """A cookie is sent along by any site; a token is not (J4)."""
    world.clients["nobody"], operations = world.clients["alice"], [row for row in ROWS if row.route.door == API]
    with each(ROWS, []) as expect, unchanged():
        for row in operations:
            with tried():
                expect(row, world.send(row, ""), 401)


def test_a_verb_that_no_row_tells_is_refused_and_changes_nothing(world: World) -> None:
    """(G8)"""
    told = {row.route for row in PAGES}
    wrong = []
    with unchanged():
        for row in PAGES:
            for verb in ("HEAD", "POST", "PUT", "PATCH", "DELETE"):
                route = type(row.route)(row.route.door, row.route.path, verb)
                if route not in told:
                    with tried():
                        answer = world.send(Row(route, at=row.at), "alice")
                        if answer.status_code != 405:
                            wrong.append(f"{route}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
