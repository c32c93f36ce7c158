"""Roles: a tree that stays a tree, changed by who sees all, and whose records are seen by it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from carnet.base.errors import Hidden, Invalid, NotPermitted, StaleVersion
from carnet.base.scopes import open_organisation
from carnet.organisations.access import Access
from carnet.organisations.actions import (
    MemberDetails,
    ProfileDetails,
    add_member,
    add_role,
    assign_profile,
    clone_profile,
    delete_profile,
    delete_role,
    edit_member,
    edit_profile,
    edit_role,
    move_role,
    set_module_rights,
)
from carnet.organisations.errors import AboveOneself, BeyondSight, ProfileHeld, RoleHeld, UnderItself
from carnet.organisations.models import Activity, Member, Profile, Role
from tests.cast import Business
from tests.doors.world import unchanged
from tests.together import together


def role(name: str) -> Role:
    return Role.objects.get(name=name)


def within(business: Business, name: str, where: Role, reach: str = Profile.Reach.ROLE, *may: str) -> Access:
    """Put somebody in a role with a profile of that reach, and return the access."""
    held = Profile.objects.create(
        organisation=business.organisation,
        name=f"Of {name}",
        reach=reach,
        permissions=["profiles.edit", "members.edit", *may],
    )
    Member.objects.filter(pk=business.members[name].pk).update(role=where, profile=held)
    return business.access(name)


@pytest.fixture
def tree(salon: Business) -> dict[str, Role]:
    """The house; under it the stylists and the shop, under the stylists the apprentices."""
    alice = salon.access("alice")
    house = Role.objects.get()
    stylists = add_role(alice, "Stylists", parent=house)
    return {
        "house": house,
        "stylists": stylists,
        "shop": add_role(alice, "Shop", parent=house),
        "apprentices": add_role(alice, "Apprentices", parent=stylists),
    }


# Whose records are seen


def test_a_role_sees_what_lies_below_it_and_peers_only_where_it_shares(salon: Business, tree: dict[str, Role]) -> None:
    lea = within(salon, "lea", tree["stylists"])
    within(salon, "max", tree["stylists"])
    within(salon, "bea", tree["apprentices"])
    ids = {name: one.pk for name, one in salon.members.items()}
    assert lea.reached_members == {ids["lea"], ids["bea"]}
    assert salon.access("bea").reached_members == {ids["bea"]}
    edit_role(salon.access("alice"), tree["stylists"], name="Stylists", shares_with_peers=True)
    assert salon.access("lea").reached_members == {ids["lea"], ids["max"], ids["bea"]}
    move_role(salon.access("alice"), role("Apprentices"), tree["shop"])
    assert salon.access("lea").reached_members == {ids["lea"], ids["max"]}


# The tree


def test_a_role_is_added_renamed_moved_and_deleted_and_each_is_written_down(
    salon: Business, tree: dict[str, Role]
) -> None:
    alice = salon.access("alice")
    edit_role(alice, tree["apprentices"], name="Trainees", shares_with_peers=True, seen=1)
    move_role(alice, tree["apprentices"], tree["shop"])
    move_role(alice, tree["apprentices"], None)
    delete_role(alice, tree["apprentices"])
    told = list(Activity.objects.filter(kind__startswith="role.").order_by("pk").values_list("kind", "changes"))
    assert told[2:] == [
        ("role.added", {"name": [None, "Apprentices"], "under": [None, "Stylists"]}),
        ("role.edited", {"name": ["Apprentices", "Trainees"], "shares_with_peers": [False, True]}),
        ("role.moved", {"under": ["Stylists", "Shop"]}),
        ("role.moved", {"under": ["Shop", None]}),
        ("role.deleted", {"name": ["Trainees", None]}),
    ]


def test_a_role_never_lies_under_itself(salon: Business, tree: dict[str, Role]) -> None:
    alice = salon.access("alice")
    for moved, under in (("stylists", "stylists"), ("stylists", "apprentices"), ("house", "apprentices")):
        with unchanged(), pytest.raises(UnderItself):
            move_role(alice, tree[moved], tree[under])
    with unchanged(), pytest.raises(UnderItself):
        delete_role(alice, tree["stylists"], heir=tree["apprentices"])


def test_what_a_deleted_role_holds_goes_where_somebody_says(salon: Business, tree: dict[str, Role]) -> None:
    """(C12)"""
    alice = salon.access("alice")
    within(salon, "lea", tree["stylists"])
    with unchanged(), pytest.raises(RoleHeld):
        delete_role(alice, tree["stylists"])
    delete_role(alice, tree["stylists"], heir=tree["shop"])
    assert Member.objects.get(name="Lea").role == tree["shop"]
    assert role("Apprentices").parent == tree["shop"]
    assert not Role.objects.filter(name="Stylists").exists()


def test_a_role_has_a_name_of_its_own(salon: Business, tree: dict[str, Role]) -> None:
    alice = salon.access("alice")
    for name in ("", "  ", "Shop", "x" * 81):
        with unchanged(), pytest.raises(Invalid):
            add_role(alice, name, parent=tree["house"])
        with unchanged(), pytest.raises(Invalid):
            edit_role(alice, tree["stylists"], name=name, shares_with_peers=False)
    edit_role(alice, tree["shop"], name="Shop", shares_with_peers=True)


def test_what_was_decided_on_an_older_role_is_refused(salon: Business, tree: dict[str, Role]) -> None:
    """(D1)"""
    edit_role(salon.access("alice"), tree["shop"], name="Counter", shares_with_peers=False, seen=1)
    with unchanged(), pytest.raises(StaleVersion):
        edit_role(salon.access("alice"), tree["shop"], name="Sales", shares_with_peers=False, seen=1)


def test_the_roles_of_another_organisation_do_not_exist(salon: Business, garage: Business) -> None:
    """(I1)"""
    with open_organisation(garage.organisation):
        foreign = Role.objects.get()
    with open_organisation(salon.organisation):
        alice, own = salon.access("alice"), Role.objects.get()
        for act in (
            partial(add_role, alice, "X", parent=foreign),
            partial(edit_role, alice, foreign, name="X", shares_with_peers=True),
            partial(move_role, alice, own, foreign),
            partial(move_role, alice, foreign, own),
            partial(delete_role, alice, foreign),
            partial(delete_role, alice, own, heir=foreign),
            partial(edit_member, alice, salon.members["lea"], MemberDetails("Lea", "", foreign)),
        ):
            with unchanged(), pytest.raises(Invalid):
                act()


# Nobody lets others see what they do not see


def test_the_tree_is_changed_by_who_sees_every_record(salon: Business, tree: dict[str, Role]) -> None:
    """(I7) Otherwise somebody would put whom they want to see under their own role."""
    acts: list[Callable[[Access], object]] = [
        lambda access: add_role(access, "New", parent=tree["stylists"]),
        lambda access: edit_role(access, tree["stylists"], name="Stylists", shares_with_peers=True),
        lambda access: move_role(access, tree["shop"], tree["stylists"]),
        lambda access: delete_role(access, tree["apprentices"]),
    ]
    lea = within(salon, "lea", tree["stylists"])
    bea = within(salon, "bea", tree["apprentices"], Profile.Reach.EVERYTHING)
    for act in acts:
        with unchanged(), pytest.raises(BeyondSight):
            act(lea)
        with unchanged(), pytest.raises(Hidden):
            act(salon.access("max"))
    for act in acts[:3]:
        act(bea)


def test_a_role_is_given_by_who_sees_all_that_it_sees(salon: Business, tree: dict[str, Role]) -> None:
    """(I7)"""
    lea = within(salon, "lea", tree["stylists"])
    within(salon, "max", tree["apprentices"])
    max_, bea = Member.objects.get(name="Max"), Member.objects.get(name="Bea")
    small = Profile.objects.create(organisation=salon.organisation, name="Small", reach=Profile.Reach.ROLE)
    Member.objects.filter(pk=bea.pk).update(profile=small)
    for person, where in (
        (max_, "house"),
        (max_, "shop"),
        # Whom she does not see, she would see.
        (bea, "apprentices"),
        (salon.members["lea"], "house"),
    ):
        with unchanged(), pytest.raises(BeyondSight):
            edit_member(lea, person, MemberDetails(person.name, "", tree[where]))
    with unchanged(), pytest.raises(BeyondSight):
        add_member(lea, "Accomplice", profile=small, role=tree["house"])
    edit_member(lea, max_, MemberDetails("Max", "", tree["stylists"]))
    add_member(lea, "Apprentice", profile=small, role=tree["apprentices"])


def test_no_profile_lets_somebody_in_a_higher_role_see_what_the_giver_does_not(
    salon: Business, tree: dict[str, Role]
) -> None:
    """(I7) The profile reaches no further than the giver's; the role of who gets it does."""
    lea = within(salon, "lea", tree["stylists"])
    organisation = salon.organisation
    own = Profile.objects.create(organisation=organisation, name="Own", reach=Profile.Reach.OWN)
    wider = Profile.objects.create(organisation=organisation, name="Wider", reach=Profile.Reach.ROLE)
    bea = salon.members["bea"]
    Member.objects.filter(pk=bea.pk).update(profile=own, role=tree["house"])
    with unchanged(), pytest.raises(BeyondSight):
        assign_profile(lea, bea, wider)
    with unchanged(), pytest.raises(BeyondSight):
        edit_profile(lea, own, ProfileDetails("Own", [], Profile.Reach.ROLE))
    Member.objects.filter(pk=bea.pk).update(role=tree["apprentices"])
    edit_profile(lea, own, ProfileDetails("Own", [], Profile.Reach.ROLE))
    assign_profile(lea, bea, wider)


def test_nothing_is_taken_from_a_profile_that_may_more(salon: Business, tree: dict[str, Role]) -> None:
    """(I7)"""
    lea = within(salon, "lea", tree["stylists"], Profile.Reach.ROLE, "catalogue.see")
    desk = Profile.objects.get(key="front_desk")
    with unchanged(), pytest.raises(AboveOneself):
        set_module_rights(lea, "services", {desk: set()})
    with unchanged(), pytest.raises(AboveOneself):
        edit_member(lea, salon.members["alice"], MemberDetails("Nobody", "", Role.objects.get(name="Stylists")))


# A member's own data


def test_a_member_is_edited_and_a_second_editor_is_told(salon: Business, tree: dict[str, Role]) -> None:
    """(D1)"""
    alice, lea = salon.access("alice"), salon.members["lea"]
    edited = edit_member(alice, lea, MemberDetails(" Léa Roux ", "06 11", tree["stylists"]), seen=lea.version)
    assert (edited.name, edited.phone, edited.role) == ("Léa Roux", "06 11", tree["stylists"])
    told = Activity.objects.get(kind="member.edited").changes
    assert told["name"] == ["Lea", "Léa Roux"]
    assert told["role"][1] == "Stylists"
    with unchanged(), pytest.raises(StaleVersion):
        edit_member(alice, lea, MemberDetails("Lou", "", tree["stylists"]), seen=lea.version)
    for wrong in (MemberDetails("", "", tree["shop"]), MemberDetails("Lea", "0" * 41, tree["shop"])):
        with unchanged(), pytest.raises(Invalid):
            edit_member(alice, lea, wrong)
    with unchanged(), pytest.raises(NotPermitted):
        edit_member(salon.access("bea"), lea, MemberDetails("Lou", "", tree["shop"]))


# At the same moment


@pytest.mark.race
@pytest.mark.guard("resource_lock")
@pytest.mark.django_db(transaction=True)
def test_two_roles_put_under_each_other_at_the_same_moment_make_no_circle(open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        alice = open_salon.access("alice")
        upper, lower = add_role(alice, "Upper"), add_role(alice, "Lower")
    for _round in range(6):
        with open_organisation(open_salon.organisation):
            Role.objects.filter(pk__in=[upper.pk, lower.pk]).update(parent=None)
        results = together(open_salon, partial(move_role, alice, upper, lower), partial(move_role, alice, lower, upper))
        assert sum(isinstance(one, UnderItself) for one in results) == 1, results
        parents = dict(Role._base_manager.filter(pk__in=[upper.pk, lower.pk]).values_list("pk", "parent"))
        assert list(parents.values()).count(None) == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_member_added_while_its_profile_or_role_is_deleted_is_in_or_refused(open_salon: Business) -> None:
    """(C12)"""
    for number in range(4):
        with open_organisation(open_salon.organisation):
            access = open_salon.access("alice")
            new = clone_profile(access, Profile.objects.get(key="provider"), ProfileDetails(f"New {number}"))
            team, shop = Role.objects.get(shares_with_peers=True), add_role(access, f"Shop {number}")
        for arguments, delete, refusal in (
            ({"profile": new, "role": team}, partial(delete_profile, access, new), ProfileHeld),
            (
                {"profile": provider(open_salon), "role": shop},
                partial(delete_role, access, shop),
                RoleHeld,
            ),
        ):
            added, deleted = together(open_salon, partial(add_member, access, f"Noé {number}", **arguments), delete)
            if isinstance(added, Member):
                assert isinstance(deleted, refusal), deleted
            else:
                assert isinstance(added, Invalid), added
                assert deleted is None


def provider(business: Business) -> Profile:
    found = Profile._base_manager.get(organisation=business.organisation, key="provider")
    assert isinstance(found, Profile)
    return found
