"""Field rights: given by who has them, cloned with a profile, and read without a further question."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from carnet.appointments.fields import APPOINTMENTS
from carnet.base.errors import Invalid, StaleVersion
from carnet.base.scopes import open_organisation
from carnet.customers.fields import CUSTOMERS
from carnet.customers.queries import customers_calling, lookup
from carnet.organisations.access import Access
from carnet.organisations.actions import ProfileDetails, assign_profile, clone_profile, set_field_rights
from carnet.organisations.errors import AboveOneself, FieldRefused
from carnet.organisations.fields import EDITABLE, HIDDEN, READ_ONLY
from carnet.organisations.models import Activity, FieldRight, Member, Profile
from tests.cast import Business
from tests.doors.world import unchanged

PHONE, EMAIL, PRICE = ("customers", "phone"), ("customers", "email"), ("services", "price")


def front_desk() -> Profile:
    return Profile.objects.get(key="front_desk")


def hide(business: Business, *keys: tuple[str, str], right: str = HIDDEN) -> Profile:
    return set_field_rights(business.access("alice"), front_desk(), dict.fromkeys(keys, right))


def test_a_field_is_editable_until_it_is_taken_away(salon: Business) -> None:
    bea = salon.access("bea")
    assert (bea.field_right(*PHONE), bea.may_read_field(*PHONE), bea.may_edit_field(*PHONE)) == (EDITABLE, True, True)
    hide(salon, PHONE, right=READ_ONLY)
    bea = salon.access("bea")
    assert (bea.field_right(*PHONE), bea.may_read_field(*PHONE), bea.may_edit_field(*PHONE)) == (READ_ONLY, True, False)
    hide(salon, PHONE)
    assert not salon.access("bea").may_read_field(*PHONE)
    hide(salon, PHONE, right=EDITABLE)
    assert salon.access("bea").may_edit_field(*PHONE)
    assert not FieldRight.objects.exists()


def test_administrators_and_the_system_have_every_field(salon: Business) -> None:
    administrator = Profile.objects.get(administrator=True)
    FieldRight.objects.create(
        organisation=salon.organisation, profile=administrator, module="customers", field="phone", right=HIDDEN
    )
    assert salon.access("alice").may_edit_field(*PHONE)
    assert salon.system.may_edit_field(*PHONE)
    with pytest.raises(Invalid):
        set_field_rights(salon.access("alice"), administrator, {PHONE: HIDDEN})


def test_a_field_that_no_module_has_is_a_mistake_of_ours(salon: Business) -> None:
    hide(salon, PHONE)
    with pytest.raises(LookupError):
        salon.access("bea").may_read_field("customers", "fone")


def test_a_copy_is_hidden_with_what_it_is_copied_from(salon: Business) -> None:
    hide(salon, ("customers", "address"))
    bea = salon.access("bea")
    assert not bea.may_read_field(APPOINTMENTS, "address")
    assert bea.may_read_field(APPOINTMENTS, "access_note")


def test_what_names_a_record_can_be_read_only_and_never_hidden(salon: Business) -> None:
    with pytest.raises(Invalid), unchanged():
        hide(salon, ("customers", "name"))
    with pytest.raises(Invalid), unchanged():
        hide(salon, ("customers", "shoe_size"))
    hide(salon, ("customers", "name"), right=READ_ONLY)
    assert not salon.access("bea").may_edit_field("customers", "name")


@pytest.fixture
def tess(salon: Business) -> Access:
    """Somebody at the set-up who may not see phone numbers, and reads prices only."""
    permissions = [*front_desk().permissions, "profiles.edit", "members.edit"]
    own = Profile.objects.create(
        organisation=salon.organisation, name="Tess", permissions=permissions, reach=Profile.Reach.EVERYTHING
    )
    set_field_rights(salon.access("alice"), own, {PHONE: HIDDEN, PRICE: READ_ONLY})
    Member.objects.filter(pk=salon.members["max"].pk).update(profile=own)
    return salon.access("max")


def test_nobody_opens_to_others_what_is_closed_to_them(salon: Business, tess: Access) -> None:
    """(J5)"""
    below = clone_profile(salon.access("alice"), tess.member.profile, ProfileDetails("Below", [], "own"))  # type: ignore[union-attr]
    for wanted in ({PHONE: READ_ONLY}, {PHONE: EDITABLE}, {PRICE: EDITABLE}):
        with pytest.raises(AboveOneself), unchanged():
            set_field_rights(tess, below, wanted)
    set_field_rights(tess, below, {EMAIL: HIDDEN, PRICE: HIDDEN})
    set_field_rights(tess, below, {EMAIL: EDITABLE, PRICE: READ_ONLY})


def test_a_profile_that_sees_what_one_may_not_see_is_above(salon: Business, tess: Access) -> None:
    """(J5)"""
    provider = Profile.objects.get(key="provider")
    with pytest.raises(AboveOneself), unchanged():
        set_field_rights(tess, provider, {EMAIL: HIDDEN})
    with pytest.raises(AboveOneself), unchanged():
        assign_profile(tess, salon.members["lea"], front_desk())
    with pytest.raises(AboveOneself), unchanged():
        clone_profile(tess, provider, ProfileDetails("Mine", [], "own"))


def test_nobody_gives_back_to_their_own_profile_what_was_taken_from_it(salon: Business, tess: Access) -> None:
    """(J5)"""
    assert tess.profile is not None
    with pytest.raises(AboveOneself), unchanged():
        set_field_rights(tess, tess.profile, {PHONE: EDITABLE})


def test_a_clone_hides_what_its_model_hides(salon: Business) -> None:
    hide(salon, PHONE)
    clone = clone_profile(salon.access("alice"), front_desk(), ProfileDetails("Copy", [], "own"))
    assert [(one.module, one.field, one.right) for one in clone.field_rights.all()] == [(*PHONE, HIDDEN)]


def test_what_was_decided_on_an_older_profile_is_refused(salon: Business) -> None:
    """(D1)"""
    seen = hide(salon, PHONE).version
    hide(salon, EMAIL)
    with pytest.raises(StaleVersion), unchanged():
        set_field_rights(salon.access("alice"), front_desk(), {PHONE: EDITABLE}, seen=seen)


def test_the_history_says_what_was_taken_away(salon: Business) -> None:
    hide(salon, PHONE)
    row = Activity.objects.filter(kind="profile.changed").latest("id")
    assert row.changes == {"field_rights": [{"customers.phone": EDITABLE}, {"customers.phone": HIDDEN}]}
    with unchanged():
        hide(salon, PHONE)


def test_whoever_may_not_see_a_number_finds_nobody_by_it(salon: Business) -> None:
    """A search on what is hidden would tell it, digit by digit (I3)."""
    hide(salon, PHONE)
    bea = salon.access("bea")
    for text in ("06 12 34 56 78", "0612", "612345", "Véra 0612345678"):
        assert not lookup(bea, text)
    assert not customers_calling(bea, "06 12 34 56 78")
    assert [one.name for one in lookup(bea, "véra")] == ["Véra Élan"]
    assert [one.name for one in lookup(bea, "vera@mail")] == ["Véra Élan"]
    hide(salon, EMAIL, ("customers", "address"))
    bea = salon.access("bea")
    assert not lookup(bea, "vera@mail")
    assert not lookup(bea, "lilas")
    assert [list(one.contacts.all()) for one in lookup(bea, "véra")] == [[]]


def test_looking_through_many_who_are_found_by_what_is_hidden_ends_with_those_who_are_not(
    salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("carnet.customers.queries._LOOKED_THROUGH", 1)
    hide(salon, EMAIL)
    assert [one.name for one in lookup(salon.access("bea"), "é")] == ["Véra Élan"]
    assert len(lookup(salon.access("bea"), "0")) == 3


def test_an_edit_leaves_as_it_is_what_may_not_be_edited(salon: Business) -> None:
    from carnet.customers.actions import NewCustomer, edit_customer

    hide(salon, PHONE)
    bea, vera = salon.access("bea"), salon.customers["vera"]
    with pytest.raises(FieldRefused), unchanged():
        edit_customer(bea, vera, NewCustomer("Vera", ()))
    edit_customer(bea, vera, NewCustomer("Vera", None, ("new@mail.example",)))
    assert sorted(one.value for one in vera.contacts.all()) == ["06 12 34 56 78", "new@mail.example"]
    assert [one.name for one in lookup(salon.access("alice"), "0612345678")] == ["Vera"]
    nobody = edit_customer(bea, salon.customers["nobody"], NewCustomer("", None, None))
    assert nobody.name == "", "a number that one may not see still stands for the name"


def test_a_profile_without_field_rights_costs_no_question(open_salon: Business) -> None:
    def questions(name: str) -> int:
        client = Client()
        client.force_login(open_salon.user(name))
        client.get(open_salon.url("customers/?q=vera"))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(open_salon.url("customers/?q=vera")).status_code == 200
        return sum((one["sql"] or "").startswith('SELECT "organisations_fieldright"') for one in captured)

    assert questions("bea") == 0
    with open_organisation(open_salon.organisation):
        hide(open_salon, PHONE)
    assert questions("bea") == 1
    assert questions("alice") == 0


def test_the_fields_stand_on_the_profile_and_are_saved_there(open_salon: Business) -> None:
    client = Client()
    client.force_login(open_salon.user("alice"))
    with open_organisation(open_salon.organisation):
        found = front_desk()
    address = open_salon.url(f"set-up/profiles/{found.public_id}/")
    assert 'name="customers.phone"' in client.get(address).content.decode()
    sent = {"version": found.version, "customers.phone": HIDDEN, "services.price": READ_ONLY}
    assert client.post(f"{address}fields", sent).status_code == 303
    page = client.get(address).content.decode()
    assert page.count("data-differs") == 2
    # On an older version: nothing is saved, and the page shows what is new.
    assert client.post(f"{address}fields", {**sent, "customers.phone": EDITABLE}).status_code == 412
    with open_organisation(open_salon.organisation):
        assert not open_salon.access("bea").may_read_field(CUSTOMERS, "phone")
