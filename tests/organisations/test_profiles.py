"""Profiles: what they allow is changed by who may all of it, and one administrator always remains."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from html import unescape
from typing import Any

import pytest
from django.test import Client

from carnet.base.errors import Hidden, Invalid, NotPermitted, StaleVersion
from carnet.base.scopes import open_organisation
from carnet.desk.queries.rights import MODULES, SPECIAL
from carnet.organisations.access import Access
from carnet.organisations.actions import (
    ProfileDetails,
    assign_profile,
    clone_profile,
    delete_profile,
    edit_profile,
    end_membership,
    give_up_membership,
)
from carnet.organisations.errors import AboveOneself, LastAdministrator, ProfileHeld
from carnet.organisations.models import Activity, Member, Profile
from carnet.organisations.permissions import PERMISSIONS
from tests.cast import Business
from tests.doors.matrix import ROWS
from tests.doors.world import unchanged
from tests.together import together


def profile(business: Business, key: str) -> Profile:
    found = Profile._base_manager.get(organisation=business.organisation, key=key)
    assert isinstance(found, Profile)
    return found


def as_is(shown: Profile, **more: Any) -> ProfileDetails:
    return ProfileDetails(**{"name": shown.name, "permissions": shown.permissions, "reach": shown.reach, **more})


def signed_in(business: Business, name: str) -> Client:
    client = Client()
    client.force_login(business.user(name))
    return client


@pytest.fixture
def tess(salon: Business) -> Access:
    """Somebody who may change the set-up without being an administrator, see services, and reach her own records."""
    permissions = ["set_up.edit", "profiles.edit", "members.edit", "catalogue.see"]
    own = Profile.objects.create(
        organisation=salon.organisation, name="Tess", permissions=permissions, reach=Profile.Reach.OWN
    )
    Member.objects.filter(pk=salon.members["max"].pk).update(profile=own)
    return salon.access("max")


@pytest.fixture
def small(salon: Business) -> Profile:
    created = Profile.objects.create(organisation=salon.organisation, name="Small", reach=Profile.Reach.OWN)
    assert isinstance(created, Profile)
    return created


# What there is to tick


def test_every_permission_opens_a_door_and_can_be_ticked() -> None:
    asked = {permission for row in ROWS for permission in (*row.needs, *row.any_of, *row.widened_by)}
    words = {one for _name, verbs in MODULES.values() for one in verbs.values()} | set(SPECIAL)
    assert asked == set(PERMISSIONS)
    assert words == set(PERMISSIONS)


# Editing


def test_what_is_taken_away_is_gone_on_the_next_request_and_what_is_given_is_there(open_salon: Business) -> None:
    """In a session that was there before, and with a profile that somebody holds (C12)."""
    alice, bea = signed_in(open_salon, "alice"), signed_in(open_salon, "bea")
    desk = profile(open_salon, "front_desk")
    address = open_salon.url(f"set-up/profiles/{desk.public_id}/")
    assert bea.get(open_salon.url("services/")).status_code == 200
    assert bea.get(open_salon.url("services/new")).status_code == 403
    sent = {"name": "Accueil", "reach": "everything", "permissions": ["appointments.see", "customers.see"]}
    assert alice.post(address, sent | {"version": "1"}).status_code == 303
    assert bea.get(open_salon.url("services/")).status_code == 404
    sent["permissions"].append("catalogue.create")
    assert alice.post(address, sent | {"version": "2"}).status_code == 303
    # The right came with the one it rests on, and that is said.
    assert "rest on: Services: see." in unescape(alice.get(address).content.decode())
    assert bea.get(open_salon.url("services/new")).status_code == 200
    assert set(profile(open_salon, "front_desk").permissions) == {
        "appointments.see",
        "customers.see",
        "catalogue.see",
        "catalogue.create",
    }


def test_the_page_shows_what_is_ticked_and_a_dead_tick_nowhere(open_salon: Business) -> None:
    alice = signed_in(open_salon, "alice")
    desk = profile(open_salon, "front_desk")
    page = alice.get(open_salon.url(f"set-up/profiles/{desk.public_id}/")).content.decode()
    ticks = re.findall(r'<input type="checkbox" name="permissions" value="([\w.]+)"([^>]*)>', page)
    assert {one for one, _more in ticks} == set(PERMISSIONS)
    assert {one for one, more in ticks if " checked" in more} == set(desk.permissions)
    assert len(ticks) == len(PERMISSIONS)


def test_a_decision_on_what_is_not_so_any_more_is_refused_and_shown_as_it_is(open_salon: Business) -> None:
    """(D1)"""
    alice = signed_in(open_salon, "alice")
    desk = profile(open_salon, "front_desk")
    address = open_salon.url(f"set-up/profiles/{desk.public_id}/")
    sent = {"name": "Accueil", "reach": "own", "version": "1"}
    assert alice.post(address, {**sent, "permissions": ["appointments.see"]}).status_code == 303
    answer = alice.post(address, {**sent, "name": "Mine", "permissions": ["profiles.edit"]})
    page = unescape(answer.content.decode())
    assert answer.status_code == 412
    assert "Someone else changed this" in page
    assert 'name="version" value="2"' in page
    assert profile(open_salon, "front_desk").permissions == ["appointments.see"]


def test_an_edit_is_in_the_history_with_before_and_after_and_nothing_is_written_twice(salon: Business) -> None:
    desk, alice = profile(salon, "front_desk"), salon.access("alice")
    edit_profile(alice, desk, as_is(desk))
    assert not Activity.objects.filter(kind="profile.changed").exists()
    edit_profile(alice, desk, as_is(desk, name="  Réception ", reach="own"), seen=1)
    said = Activity.objects.get(kind="profile.changed")
    assert said.changes == {"name": ["Accueil", "Réception"], "reach": ["everything", "own"]}
    assert profile(salon, "front_desk").version == 2


@pytest.mark.parametrize("name", ["", "   ", "Intervenant", "x" * 81])
def test_a_name_is_needed_and_stands_once(salon: Business, name: str) -> None:
    desk = profile(salon, "front_desk")
    with pytest.raises(Invalid) as told:
        edit_profile(salon.access("alice"), desk, as_is(desk, name=name))
    assert set(told.value.errors) == {"name"}


# Above oneself


@pytest.mark.guard("access_require")
def test_without_the_right_to_the_set_up_profiles_do_not_exist(salon: Business, small: Profile) -> None:
    """(I6)"""
    bea = salon.access("bea")
    acts: list[Callable[[], object]] = [
        lambda: edit_profile(bea, small, as_is(small, name="Mine")),
        lambda: clone_profile(bea, small, as_is(small, name="Mine")),
        lambda: delete_profile(bea, small),
        lambda: assign_profile(bea, salon.members["bea"], small),
    ]
    with unchanged():
        for act in acts:
            with pytest.raises(Hidden):
                act()


def test_nobody_gives_what_they_lack(salon: Business, tess: Access, small: Profile) -> None:
    """Neither to others, nor to themselves (I6, I7)."""
    own = Profile.objects.get(name="Tess")
    with unchanged():
        for shown in (small, own):
            for right in ("appointments.see", "catalogue.create", "customers.export"):
                with pytest.raises(NotPermitted):
                    edit_profile(tess, shown, as_is(shown, permissions=[*shown.permissions, right]))
            for reach in ("role", "everything"):
                with pytest.raises(AboveOneself):
                    edit_profile(tess, shown, as_is(shown, reach=reach))
        with pytest.raises(NotPermitted):
            clone_profile(tess, own, as_is(own, name="More", permissions=["appointments.see"]))
    edit_profile(tess, small, as_is(small, permissions=["set_up.edit", "catalogue.see"]))
    assert set(Profile.objects.get(name="Small").permissions) == {"set_up.edit", "catalogue.see"}


def test_nobody_touches_what_may_more_than_they_may(salon: Business, tess: Access, small: Profile) -> None:
    """Not its rights, even to take them away; not who has it; and nobody is given it (I7)."""
    with unchanged():
        for key in ("administrator", "front_desk", "provider"):
            above = profile(salon, key)
            acts: list[Callable[[], object]] = [
                lambda above=above: edit_profile(tess, above, as_is(above, permissions=[])),  # type: ignore[misc]
                lambda above=above: clone_profile(tess, above, as_is(above, name="X")),  # type: ignore[misc]
                lambda above=above: delete_profile(tess, above),  # type: ignore[misc]
                lambda above=above: assign_profile(tess, salon.members["max"], above),  # type: ignore[misc]
            ]
            for act in acts:
                with pytest.raises(AboveOneself):
                    act()
        for name in ("alice", "bea", "lea"):
            with pytest.raises(AboveOneself):
                assign_profile(tess, salon.members[name], small)


def test_nobody_edits_the_administrators_profile(open_salon: Business) -> None:
    alice = signed_in(open_salon, "alice")
    boss = profile(open_salon, "administrator")
    address = open_salon.url(f"set-up/profiles/{boss.public_id}/")
    page = alice.get(address).content.decode()
    assert "Administrators may do everything" in page
    assert 'type="submit"' not in page.split('class="form profile"')[1].split("</form>")[0]
    with unchanged():
        answer = alice.post(address, {"name": "Nobody", "reach": "own", "version": "1"})
    assert answer.status_code == 422


def test_who_may_less_reads_a_profile_and_finds_no_way_to_change_it(open_salon: Business) -> None:
    own = Profile._base_manager.create(
        organisation=open_salon.organisation, name="Tess", permissions=["profiles.edit", "members.edit"], reach="own"
    )
    Member._base_manager.filter(pk=open_salon.members["max"].pk).update(profile=own)
    tess, desk = signed_in(open_salon, "max"), profile(open_salon, "front_desk")
    address = open_salon.url(f"set-up/profiles/{desk.public_id}/")
    page = tess.get(address).content.decode()
    assert "allows more than yours does" in page
    assert f'href="{address}clone"' not in page
    sent = {"name": "Accueil", "reach": "own", "version": "1"}
    with unchanged():
        assert tess.post(address, sent).status_code == 403
        assert tess.post(f"{address}clone", {**sent, "name": "Mine"}).status_code == 403
        assert tess.post(f"{address}deletion").status_code == 403
        lea = open_salon.url(f"set-up/members/{open_salon.members['lea'].public_id}/profile")
        assert "allows more than yours does" in tess.get(lea).content.decode()
        assert tess.post(lea, {"profile": str(own.public_id), "version": "1"}).status_code == 403
        # Nor is a profile above one's own among those to choose from.
        boss = str(profile(open_salon, "administrator").public_id)
        mine = open_salon.url(f"set-up/members/{open_salon.members['max'].public_id}/profile")
        assert boss not in tess.get(mine).content.decode()
        assert tess.post(mine, {"profile": boss, "version": "1"}).status_code == 422


# Cloning and deleting


def test_a_clone_begins_as_its_model_with_the_name_to_be_typed_over(open_salon: Business) -> None:
    alice, desk = signed_in(open_salon, "alice"), profile(open_salon, "front_desk")
    address = open_salon.url(f"set-up/profiles/{desk.public_id}/clone")
    page = unescape(alice.get(address).content.decode())
    assert re.search(r'name="name" value="Copy of Accueil"[^>]*data-select', page)
    sent = {"name": "Stagiaire", "reach": "own", "permissions": ["appointments.see"]}
    answer = alice.post(address, sent)
    created = Profile._base_manager.get(name="Stagiaire")
    assert answer.headers["Location"] == open_salon.url(f"set-up/profiles/{created.public_id}/")
    assert (created.permissions, created.reach, created.administrator) == (["appointments.see"], "own", False)
    assert alice.post(address, sent).status_code == 422


def test_the_clone_of_an_administrator_s_profile_is_no_administrator_s(salon: Business) -> None:
    boss = profile(salon, "administrator")
    created = clone_profile(salon.access("alice"), boss, ProfileDetails("Gérante", sorted(PERMISSIONS), "everything"))
    assert not created.administrator
    assert set(created.permissions) == set(PERMISSIONS)


def test_a_profile_is_deleted_only_once_nobody_holds_it_and_until_then_it_is_told_who(open_salon: Business) -> None:
    """(C12)"""
    alice, provider = signed_in(open_salon, "alice"), profile(open_salon, "provider")
    address = open_salon.url(f"set-up/profiles/{provider.public_id}/deletion")
    Member._base_manager.filter(pk=open_salon.members["max"].pk).update(active=False)
    page = alice.get(address).content.decode()
    assert "Lea" in page
    assert "profile-deletion" not in page
    with unchanged():
        answer = alice.post(address)
    told = unescape(answer.content.decode())
    assert answer.status_code == 409
    assert "2 members hold this profile: Lea, Max." in told
    desk = str(profile(open_salon, "front_desk").public_id)
    for name in ("lea", "max"):
        of = open_salon.url(f"set-up/members/{open_salon.members[name].public_id}/profile")
        assert alice.post(of, {"profile": desk, "version": "1"}).status_code == 303
    assert "profile-deletion" in alice.get(address).content.decode()
    assert alice.post(address).headers["Location"] == open_salon.url("set-up/profiles/")
    assert not Profile._base_manager.filter(pk=provider.pk).exists()
    assert alice.get(address).status_code == 404


def test_a_profile_of_another_organisation_is_none(salon: Business, garage: Business) -> None:
    """(I1)"""
    foreign, alice = profile(garage, "front_desk"), salon.access("alice")
    with unchanged():
        for act in (
            lambda: edit_profile(alice, foreign, as_is(foreign, name="X")),
            lambda: clone_profile(alice, foreign, as_is(foreign, name="X")),
            lambda: delete_profile(alice, foreign),
            lambda: assign_profile(alice, salon.members["lea"], foreign),
        ):
            with pytest.raises(Invalid):
                act()


# Who has which


def test_a_member_s_other_profile_counts_from_the_next_click(open_salon: Business) -> None:
    """(C12)"""
    alice, lea = signed_in(open_salon, "alice"), signed_in(open_salon, "lea")
    assert lea.get(open_salon.url("set-up/")).status_code == 404
    of = open_salon.url(f"set-up/members/{open_salon.members['lea'].public_id}/profile")
    boss = str(profile(open_salon, "administrator").public_id)
    assert alice.post(of, {"profile": boss, "version": "1"}).status_code == 303
    assert lea.get(open_salon.url("set-up/")).status_code == 200
    stale = alice.post(of, {"profile": str(profile(open_salon, "provider").public_id), "version": "1"})
    assert stale.status_code == 412
    with open_organisation(open_salon.organisation):
        said = Activity.objects.get(kind="member.profile_changed")
        assert said.changes == {"profile": ["Intervenant", "Administrateur"]}


def test_the_last_administrator_who_can_sign_in_stays_one(salon: Business) -> None:
    """(I8)"""
    alice, desk, boss = salon.access("alice"), profile(salon, "front_desk"), profile(salon, "administrator")
    with unchanged(), pytest.raises(LastAdministrator):
        assign_profile(alice, salon.members["alice"], desk)
    # Who has left, or cannot sign in, does not count.
    for change in ({"active": False}, {"active": True, "user": None}):
        Member.objects.filter(pk=salon.members["max"].pk).update(profile=boss, **change)
        with unchanged(), pytest.raises(LastAdministrator):
            assign_profile(alice, salon.members["alice"], desk)
    assign_profile(alice, salon.members["lea"], boss)
    assign_profile(alice, salon.members["alice"], desk)
    assert not salon.access("alice").is_administrator


# At the same moment


@pytest.mark.race
@pytest.mark.guard("resource_lock")
@pytest.mark.django_db(transaction=True)
def test_of_administrators_who_demote_each_other_at_the_same_moment_one_remains(open_salon: Business) -> None:
    """(I8) Each decides on a request that began while both were administrators."""
    desk, boss = profile(open_salon, "front_desk"), profile(open_salon, "administrator")
    people = ["alice", "lea"]
    for _round in range(5):
        with open_organisation(open_salon.organisation):
            Member.objects.filter(pk__in=[open_salon.members[one].pk for one in people]).update(profile=boss)
            first, second = (open_salon.access(one) for one in people)
        results = together(
            open_salon,
            lambda first=first: assign_profile(first, open_salon.members["lea"], desk),  # type: ignore[misc]
            lambda second=second: assign_profile(second, open_salon.members["alice"], desk),  # type: ignore[misc]
        )
        assert sum(isinstance(one, Member) for one in results) == 1, results
        assert sum(isinstance(one, NotPermitted) for one in results) == 1, results
        assert Member._base_manager.filter(profile=boss, active=True).count() == 1


@pytest.mark.race
@pytest.mark.guard("resource_lock")
@pytest.mark.django_db(transaction=True)
def test_of_administrators_who_step_down_at_the_same_moment_one_remains(open_salon: Business) -> None:
    """(I8)"""
    desk, boss = profile(open_salon, "front_desk"), profile(open_salon, "administrator")
    people = ["alice", "lea", "max"]
    for _round in range(5):
        with open_organisation(open_salon.organisation):
            Member.objects.filter(pk__in=[open_salon.members[one].pk for one in people]).update(profile=boss)
            actors = [open_salon.access(one) for one in people]
        results = together(
            open_salon,
            *(lambda one=one: assign_profile(one, one.member, desk) for one in actors),  # type: ignore[misc]
        )
        assert sum(isinstance(one, LastAdministrator) for one in results) == 1, results
        assert Member._base_manager.filter(profile=boss, active=True).count() == 1


@pytest.mark.race
@pytest.mark.guard("resource_lock")
@pytest.mark.django_db(transaction=True)
def test_of_administrators_who_leave_or_end_each_other_at_the_same_moment_one_remains(open_salon: Business) -> None:
    """(I8) No profile changes hands here, so nothing but the lock of all administrators makes one wait for another."""
    boss, people = profile(open_salon, "administrator"), ["alice", "lea", "max"]
    for number in range(8):
        with open_organisation(open_salon.organisation):
            Member.objects.filter(pk__in=[open_salon.members[one].pk for one in people]).update(
                profile=boss, active=True
            )
            actors = [open_salon.access(one) for one in people]
        leaving = [
            partial(give_up_membership, one, open_salon.members[name]) for one, name in zip(actors, people, strict=True)
        ]
        others = zip(actors, [*people[1:], people[0]], strict=True)
        ending = [partial(end_membership, one, open_salon.members[name]) for one, name in others]
        results = together(open_salon, *(leaving if number % 2 else ending))
        assert all(isinstance(one, Member | LastAdministrator | NotPermitted) for one in results), results
        assert Member._base_manager.filter(profile=boss, active=True).count() >= 1, results


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_profile_given_and_deleted_at_the_same_moment_is_one_or_the_other(open_salon: Business) -> None:
    """(C12)"""
    for number in range(4):
        with open_organisation(open_salon.organisation):
            access = open_salon.access("alice")
            new = clone_profile(access, profile(open_salon, "provider"), ProfileDetails(f"New {number}"))
            lea = Member.objects.get(pk=open_salon.members["lea"].pk)
        given, deleted = together(
            open_salon, partial(assign_profile, access, lea, new), partial(delete_profile, access, new)
        )
        exists = Profile._base_manager.filter(pk=new.pk).exists()
        if exists:
            assert isinstance(given, Member), given
            assert isinstance(deleted, ProfileHeld)
        else:
            assert isinstance(given, Invalid), given
            assert deleted is None


@pytest.mark.django_db(transaction=True)
def test_of_two_edits_at_the_same_moment_the_second_is_told(open_salon: Business) -> None:
    """(D1)"""
    desk = profile(open_salon, "front_desk")
    with open_organisation(open_salon.organisation):
        access = open_salon.access("alice")
    results = together(
        open_salon,
        *(
            lambda right=right: edit_profile(access, desk, as_is(desk, permissions=[right]), seen=1)  # type: ignore[misc]
            for right in ("appointments.see", "customers.see")
        ),
    )
    assert sum(isinstance(one, StaleVersion) for one in results) == 1
