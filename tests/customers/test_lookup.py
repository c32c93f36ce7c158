"""Finding a customer by whatever is typed: any part, any way of writing it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.base.errors import Invalid
from carnet.customers.actions import NewAddress, NewCustomer, add_note, create_customer, edit_customer
from carnet.customers.lookup import clean, digits, fold, typed
from carnet.customers.models import Customer, LookupText
from carnet.customers.queries import LOOKUP_LIMIT, customers_calling, lookup
from carnet.organisations.models import Profile
from tests.cast import Business


def names(salon: Business, text: str) -> list[str]:
    return [customer.name for customer in lookup(salon.access("bea"), text)]


@pytest.mark.parametrize(
    "name",
    ["X", "Œuvrard Zoë", "👩🏽‍🎨 Ana", "مريم", "Nguyễn Thị Hồng", "Ⓐda", "O’Brien", "Straße", "İpek", "N" * 300],
)  # fmt: skip
def test_any_name_is_stored_as_typed_and_found_by_itself(salon: Business, name: str) -> None:
    """(T1)"""
    created = create_customer(salon.system, NewCustomer(name))
    assert Customer.objects.get(pk=created.pk).name == clean(name)
    if fold(name):
        assert name in names(salon, name)


@pytest.mark.parametrize(
    ("name", "text"), [("Zoë Œuvrard", "oeuvrard zoe"), ("Åsa Łuk", "asa luk"), ("Éléonore", "ELE")]
)
def test_accents_case_ligatures_and_order_do_not_matter(salon: Business, name: str, text: str) -> None:
    """(T1)"""
    create_customer(salon.system, NewCustomer(name))
    assert names(salon, text) == [name]


def test_who_bears_the_name_comes_before_who_lives_in_a_street_of_that_name(salon: Business) -> None:
    for number in range(LOOKUP_LIMIT):
        street = NewAddress(f"{number} rue Saint-Marc", "75002", "Paris")
        create_customer(salon.system, NewCustomer(f"Ana {number}", addresses=(street,)))
    for name in ("Denis Lemarc", "Denis Marchand", "Marc Diallo", "Marc"):
        create_customer(salon.system, NewCustomer(name))
    found = names(salon, "marc")
    assert found[:4] == ["Marc Diallo", "Marc", "Denis Lemarc", "Denis Marchand"]
    assert found[4:] == [f"Ana {number}" for number in range(LOOKUP_LIMIT - 4)]
    assert names(salon, "saint marc")[0] == "Ana 0"


@pytest.mark.parametrize(
    "text", ["0612345678", "06 12 34 56 78", "+33612345678", "0033 6 12 34 56 78", "+33 (0)6 12", "345678"]
)
def test_a_number_is_found_however_it_is_typed(salon: Business, text: str) -> None:
    assert names(salon, text) == ["Véra Élan"]


def test_the_caller_is_known_whatever_prefix_the_switchboard_adds(salon: Business) -> None:
    for number in ("0612345678", "+33612345678", "00033612345678", "612345678"):
        assert [customer.name for customer in customers_calling(salon.access("bea"), number)] == ["Véra Élan"]
    assert list(customers_calling(salon.access("bea"), "12")) == []


def test_an_edit_is_found_by_the_new_and_no_longer_by_the_old(salon: Business) -> None:
    edit_customer(salon.access("bea"), salon.customers["omar"], NewCustomer("Omar Neuf", ("0799887766",)))
    assert names(salon, "ozgur") == []
    assert names(salon, "0799887766") == ["Omar Neuf"]
    assert LookupText.objects.count() == len(salon.customers)


def test_wild_cards_are_only_characters(salon: Business) -> None:
    """Neither % nor _ nor a quote means anything to the search (T3)."""
    for text in ("%", "_", "%%%", "' or 1=1 --", "\\", "*"):
        assert names(salon, text) == []


def test_nothing_typed_finds_nobody(salon: Business) -> None:
    for text in ("", "   ", "\u200b", "\x00"):
        assert names(salon, text) == []


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    """(T1)"""
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="0123456789 .-()/+", max_size=30))
def test_a_number_keeps_digits_only(text: str) -> None:
    assert digits(text) == "" or digits(text).isdigit()


@pytest.mark.parametrize(
    ("text", "field"),
    [("06 12", "phone"), ("+33", "phone"), ("a@b.fr", "email"), ("Anne", "name"), ("Rue 12", "name"), ("a @b", "name")],
)
def test_what_is_typed_goes_to_the_field_where_it_belongs(text: str, field: str) -> None:
    found = typed(text)
    assert getattr(found, field) == text
    assert [found.name, found.phone, found.email].count("") == 2


@pytest.mark.parametrize("new", [NewCustomer(), NewCustomer("  "), NewCustomer("", ("  ",)), NewCustomer("N" * 301)])
def test_a_customer_needs_a_name_or_a_number_of_reasonable_length(salon: Business, new: NewCustomer) -> None:
    before = Customer.objects.count()
    with pytest.raises(Invalid):
        create_customer(salon.system, new)
    assert Customer.objects.count() == before


def test_an_empty_or_endless_note_is_refused(salon: Business) -> None:
    for text in ("", " \u202e ", "x" * 2001):
        with pytest.raises(Invalid):
            add_note(salon.access("bea"), salon.customers["vera"], text)
    assert not salon.customers["vera"].notes.exists()


@pytest.mark.parametrize("looked_through", [1, 3, 200])
def test_of_a_common_name_whoever_sees_a_part_finds_the_best_of_it(
    salon: Business, monkeypatch: pytest.MonkeyPatch, looked_through: int
) -> None:
    """However few are asked about at once, those in sight come in their order and nobody else does (I1)."""
    monkeypatch.setattr("carnet.customers.queries._LOOKED_THROUGH", looked_through)
    bea, alice = salon.members["bea"], salon.members["alice"]
    for number in range(9):
        made = create_customer(salon.system, NewCustomer(f"{'Rose' if number % 2 else 'Anne Rose'} {number}"))
        Customer.objects.filter(pk=made.pk).update(owner=alice if number % 3 else bea)
    Profile.objects.filter(pk=bea.profile_id).update(reach=Profile.Reach.OWN)
    bea.refresh_from_db()
    access = salon.access("bea")
    assert not access.reaches_everything
    assert [one.name for one in lookup(access, "rose")] == ["Rose 3", "Anne Rose 0", "Anne Rose 6"]
    assert [one.name for one in lookup(access, "rose", limit=1)] == ["Rose 3"]
