"""« Rôles » in the set-up: the tree as it is drawn, and each change of it by a form."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from carnet.base.scopes import open_organisation
from carnet.organisations.actions import add_role
from carnet.organisations.models import Member, Profile, Role
from carnet.resources.models import Resource
from tests.cast import Business
from tests.desk.test_members import address, signed_in

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "roles"}


@pytest.fixture
def ids(open_salon: Business) -> dict[str, str]:
    with open_organisation(open_salon.organisation):
        house = Role.objects.get()
        upper = add_role(open_salon.system, "Stylists", parent=house)
        lower = add_role(open_salon.system, "Apprentices", parent=upper)
        return {"house": str(house.public_id), "upper": str(upper.public_id), "lower": str(lower.public_id)}


@pytest.fixture
def alice(open_salon: Business) -> Client:
    return signed_in(open_salon, "alice")


def role(name: str) -> Role:
    found = Role._base_manager.select_related("parent").get(name=name)
    assert isinstance(found, Role)
    return found


def words(answer: Any) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def test_the_tree_stands_in_the_set_up_with_the_members_of_each_role(
    alice: Client, open_salon: Business, ids: dict[str, str]
) -> None:
    assert open_salon.url("set-up/roles/") in alice.get(open_salon.url("set-up/")).content.decode()
    page = alice.get(open_salon.url("set-up/roles/")).content.decode()
    assert [page.index(f'id="role-{ids[one]}"') for one in ("house", "upper", "lower")] == sorted(
        page.index(f'id="role-{one}"') for one in ids.values()
    )
    assert page.count('class="role-branch"') == 3
    assert page.index("Alice") < page.index("Stylists") < page.index("Nobody has this role.")


def test_a_role_is_added_below_the_one_it_is_asked_for_at(
    alice: Client, open_salon: Business, ids: dict[str, str]
) -> None:
    page = alice.get(open_salon.url(f"set-up/roles/new?under={ids['upper']}")).content.decode()
    assert f'<option value="{ids["upper"]}" selected>' in page
    sent = {"name": "Colourists", "under": ids["upper"], "shares": "on"}
    assert alice.post(open_salon.url("set-up/roles/new"), sent).status_code == 303
    assert (role("Colourists").parent, role("Colourists").shares_with_peers) == (role("Stylists"), True)
    again = alice.post(open_salon.url("set-up/roles/new"), sent)
    assert again.status_code == 422
    assert "Another role has this name already." in words(again)
    assert alice.get(open_salon.url("set-up/roles/new?under=nonsense")).status_code == 200


def test_a_role_is_moved_on_its_page_and_in_the_tree(alice: Client, open_salon: Business, ids: dict[str, str]) -> None:
    place = open_salon.url(f"set-up/roles/{ids['lower']}/place")
    assert alice.post(place, {"under": ids["house"]}).status_code == 303
    answer = alice.post(place, {"under": ""}, headers=HTMX)
    assert "Apprentices now lies at the top." in words(answer)
    assert re.search(rf'id="role-name-{ids["lower"]}"[^>]* data-focus', answer.content.decode())
    assert "<html" not in answer.content.decode()
    assert role("Apprentices").parent is None


def test_a_circle_is_refused_with_the_tree_as_it_is(alice: Client, open_salon: Business, ids: dict[str, str]) -> None:
    place = open_salon.url(f"set-up/roles/{ids['upper']}/place")
    for headers in ({}, HTMX):
        refused = alice.post(place, {"under": ids["lower"]}, headers=headers)
        assert refused.status_code == 409
        assert "A role cannot lie under itself" in words(refused)
    # It is not offered either.
    page = alice.get(open_salon.url(f"set-up/roles/{ids['upper']}/")).content.decode()
    assert f'<option value="{ids["house"]}"' in page
    assert f'<option value="{ids["lower"]}"' not in page


def test_a_role_is_edited_on_the_version_that_was_seen(
    alice: Client, open_salon: Business, ids: dict[str, str]
) -> None:
    """(D1)"""
    page = open_salon.url(f"set-up/roles/{ids['upper']}/")
    assert alice.post(page, {"name": "Stylists", "shares": "on", "version": "1"}).status_code == 303
    assert role("Stylists").shares_with_peers
    assert alice.post(page, {"name": "Others", "version": "1"}).status_code == 412
    assert role("Stylists").shares_with_peers


def test_a_role_is_deleted_and_somebody_takes_over(alice: Client, open_salon: Business, ids: dict[str, str]) -> None:
    """(C12)"""
    where = open_salon.url(f"set-up/roles/{ids['house']}/deletion")
    assert "no other role that could take over" in words(alice.get(where))
    assert alice.post(where).status_code == 422
    with open_organisation(open_salon.organisation):
        add_role(open_salon.system, "Team")
    heir = str(role("Team").public_id)
    assert f'<option value="{ids["upper"]}"' not in alice.get(where).content.decode()
    assert alice.post(where, {"heir": ids["upper"]}).status_code == 422
    assert alice.post(where, {"heir": heir}).status_code == 303
    assert Member._base_manager.filter(role=role("Team")).count() == 4
    assert role("Stylists").parent == role("Team")


def test_who_does_not_see_all_reads_the_tree_and_changes_nothing(open_salon: Business, ids: dict[str, str]) -> None:
    """(I7)"""
    own = Profile._base_manager.create(
        organisation=open_salon.organisation,
        name="Own",
        permissions=["profiles.edit", "members.edit"],
        reach=Profile.Reach.OWN,
    )
    Member._base_manager.filter(pk=open_salon.members["lea"].pk).update(profile=own)
    lea = signed_in(open_salon, "lea")
    page = lea.get(open_salon.url("set-up/roles/")).content.decode()
    assert "Only somebody who sees all records can change the roles." in page
    assert "data-role-grip" not in page
    tries = (("new", {"name": "X", "under": ""}), (f"{ids['lower']}/", {"name": "X", "version": "1"}))
    for where, sent in (*tries, (f"{ids['lower']}/place", {"under": ""}), (f"{ids['lower']}/deletion", {})):
        assert lea.post(open_salon.url(f"set-up/roles/{where}"), sent).status_code == 403, where
    assert role("Apprentices").parent == role("Stylists")


# A member's own data


def test_a_member_is_edited_and_her_column_is_called_as_she_is(
    alice: Client, open_salon: Business, ids: dict[str, str]
) -> None:
    where = address(open_salon, "lea", "edit")
    assert where in alice.get(address(open_salon, "lea")).content.decode()
    sent = {"name": "Léa Roux", "phone": "06 11 22 33 44", "role": ids["upper"], "version": "1"}
    assert alice.post(where, sent).status_code == 303
    with open_organisation(open_salon.organisation):
        lea = Member.objects.get(pk=open_salon.members["lea"].pk)
        assert (lea.name, lea.phone, lea.role.name) == ("Léa Roux", "06 11 22 33 44", "Stylists")
        assert Resource.objects.get(member=lea).name == "Léa Roux"


def test_a_second_editor_of_a_member_is_shown_what_is_new(
    alice: Client, open_salon: Business, ids: dict[str, str]
) -> None:
    """(D1)"""
    where = address(open_salon, "lea", "edit")
    sent = {"name": "Léa", "phone": "", "role": ids["house"], "version": "1"}
    assert alice.post(where, sent).status_code == 303
    second = alice.post(where, sent | {"name": "Lou", "phone": "06 99"})
    assert second.status_code == 412
    assert 'value="Léa"' in second.content.decode()
    assert "Someone else changed this" in words(second)


def test_nobody_edits_who_may_more(open_salon: Business, ids: dict[str, str]) -> None:
    """(I7)"""
    some = Profile._base_manager.create(
        organisation=open_salon.organisation,
        name="Some",
        permissions=["profiles.edit", "members.edit"],
        reach=Profile.Reach.EVERYTHING,
    )
    Member._base_manager.filter(pk=open_salon.members["lea"].pk).update(profile=some)
    lea, where = signed_in(open_salon, "lea"), address(open_salon, "alice", "edit")
    assert 'name="name"' not in lea.get(where).content.decode()
    sent = {"name": "Nobody", "role": ids["house"], "version": "1"}
    assert lea.post(where, sent).status_code == 403
    assert Member._base_manager.get(pk=open_salon.members["alice"].pk).name == "Alice"


def test_a_new_member_gets_the_role_that_is_chosen(alice: Client, open_salon: Business, ids: dict[str, str]) -> None:
    with open_organisation(open_salon.organisation):
        provider = str(Profile.objects.get(key="provider").public_id)
    sent = {"name": "Noé", "profile": provider, "role": ids["lower"]}
    assert alice.post(open_salon.url("set-up/members/new"), sent).status_code == 303
    assert Member._base_manager.select_related("role").get(name="Noé").role.name == "Apprentices"
