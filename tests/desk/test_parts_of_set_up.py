"""The set-up is opened part by part: whoever holds one right to it finds that part, and nothing of the others."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from carnet.desk.queries.rights import GROUPS, SPECIAL
from carnet.organisations.models import Member, Profile, Token, User
from carnet.organisations.permissions import PERMISSIONS, SET_UP
from tests.cast import Business
from tests.doors.world import unchanged

#: Right -> the places that its holder finds in the contents of the set-up.
FOUND = {
    "set_up.edit": {"hours", "business", "region", "organisation/", "modules/"},
    "members.edit": {"members/"},
    "profiles.edit": {"profiles/", "roles/", "tokens/", "modules/"},
    "layouts.edit": {"modules/"},
    "activity.see": {"activity/"},
}


def tess(business: Business, *permissions: str) -> Client:
    """Return Max signed in with a profile that allows this, and seeing the calendar."""
    own = Profile._base_manager.create(
        organisation=business.organisation,
        name="Tess",
        permissions=["appointments.see", *permissions],
        reach=Profile.Reach.EVERYTHING,
    )
    Member._base_manager.filter(pk=business.members["max"].pk).update(profile=own)
    client = Client()
    client.force_login(business.user("max"))
    return client


def places(page: str) -> set[str]:
    return set(re.findall(r'<li><a href="/o/salon/set-up/([^"#]+)"', page))


@pytest.mark.parametrize("permission", SET_UP)
def test_the_contents_of_the_set_up_are_those_that_are_open(open_salon: Business, permission: str) -> None:
    client = tess(open_salon, permission)
    assert f'href="{open_salon.url("set-up/")}"' in client.get(open_salon.url()).content.decode()
    home = client.get(open_salon.url("set-up/")).content.decode()
    assert places(home) == FOUND[permission]
    for path in FOUND[permission]:
        assert client.get(open_salon.url(f"set-up/{path}")).status_code == 200, path
    with unchanged():
        for path in set().union(*FOUND.values()) - FOUND[permission]:
            assert client.get(open_salon.url(f"set-up/{path}")).status_code == 404, path


def test_without_any_of_them_there_is_no_set_up(open_salon: Business) -> None:
    client = tess(open_salon, *(set(PERMISSIONS) - set(SET_UP)))
    assert f'href="{open_salon.url("set-up/")}"' not in client.get(open_salon.url()).content.decode()
    assert client.get(open_salon.url("set-up/")).status_code == 404


@pytest.mark.parametrize("permission", SET_UP)
def test_no_page_of_an_open_part_leads_to_a_closed_one(open_salon: Business, permission: str) -> None:
    """Not in the way above it, in tabs, menus, or the names of people and roles."""
    Token._base_manager.all().delete()
    client, seen = tess(open_salon, permission, "catalogue.see", "catalogue.edit"), set()
    waiting = [open_salon.url("set-up/")]
    while waiting:
        address = waiting.pop()
        page = client.get(address)
        assert page.status_code == 200, address
        content = page.content.decode()
        seen.add(address)
        links = {
            one.partition("#")[0].partition("?")[0] for one in re.findall(r'href="(/o/salon/set-up/[^"]*)"', content)
        }
        waiting += [one for one in links if one not in seen and one not in waiting]
    assert len(seen) > 1


def test_layouts_are_arranged_by_who_may_nothing_else_of_the_set_up(open_salon: Business) -> None:
    client = tess(open_salon, "layouts.edit")
    page = client.get(open_salon.url("set-up/layouts/customers/standard/"))
    assert page.status_code == 200
    # Where profiles are said who sees a field: shut, so it is not told of either.
    assert "set-up/profiles" not in page.content.decode()
    with unchanged():
        assert client.post(open_salon.url("set-up/services/switch"), {"switch": "off"}).status_code == 404
        assert client.post(open_salon.url("set-up/services/"), {"profiles": []}).status_code == 404


def test_a_module_is_given_to_profiles_without_the_right_to_switch_it(open_salon: Business) -> None:
    client = tess(open_salon, "profiles.edit", "catalogue.see")
    page = client.get(open_salon.url("set-up/services/")).content.decode()
    assert open_salon.url("set-up/services/switch") not in page
    with unchanged():
        assert client.post(open_salon.url("set-up/services/switch"), {"switch": "off"}).status_code == 404
        assert client.post(open_salon.url("set-up/services/"), {"switch": "on"}).status_code == 404


def test_a_profile_is_given_by_who_changes_members_and_edited_by_who_changes_profiles(open_salon: Business) -> None:
    bare = Profile._base_manager.create(organisation=open_salon.organisation, name="Bare")
    lea = open_salon.members["lea"]
    Member._base_manager.filter(pk=lea.pk).update(profile=bare)
    given = f"set-up/members/{lea.public_id}/profile"
    members = tess(open_salon, "members.edit")
    answer = members.post(open_salon.url(given), {"profile": str(bare.public_id)})
    assert (answer.status_code, answer.headers["Location"]) == (303, open_salon.url(f"set-up/members/{lea.public_id}/"))
    with unchanged():
        assert members.get(open_salon.url(f"set-up/profiles/{bare.public_id}/")).status_code == 404
    Profile._base_manager.filter(name="Tess").update(permissions=["profiles.edit"])
    page = members.get(open_salon.url(f"set-up/profiles/{bare.public_id}/"))
    assert page.status_code == 200
    assert given not in page.content.decode()
    with unchanged():
        assert members.post(open_salon.url(given), {"profile": str(bare.public_id)}).status_code == 404


def test_every_special_permission_stands_in_one_group_of_the_profile(open_salon: Business) -> None:
    grouped = [one for _name, group in GROUPS for one in group]
    assert sorted(grouped) == sorted(SPECIAL)
    User.objects.update(language="fr")
    alice = Client()
    alice.force_login(open_salon.user("alice"))
    bea = open_salon.members["bea"].profile.public_id
    page = alice.get(open_salon.url(f"set-up/profiles/{bea}/")).content.decode()
    for one in grouped:
        assert page.count(f'value="{one}"') == 1, one
    assert "Aménager modules et champs" in page
