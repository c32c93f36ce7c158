"""Records are found by the organisation's own fields: filtered by each type, and read page by page in their order."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from carnet.base.errors import Invalid
from carnet.base.scopes import open_organisation
from carnet.customers.models import Customer
from carnet.customers.queries import visible_customers
from carnet.customisation.actions import save_layout
from carnet.customisation.finding import filtered, findable_fields, page_by
from carnet.customisation.queries import current_layout, draft_of
from carnet.customisation.types import TYPES
from carnet.organisations.actions import set_field_rights
from carnet.organisations.fields import HIDDEN
from carnet.organisations.models import Profile
from tests.cast import Business
from tests.customisation.test_custom_values import add, customer

CHOICES = [{"label": {"en": label}} for label in ("Small", "Large", "Medium")]
FIELDS: dict[str, dict[str, Any]] = {
    "text": {"type": "text", "label": {"en": "Text"}},
    "paragraph": {"type": "paragraph", "label": {"en": "Paragraph"}},
    "number": {"type": "number", "decimals": 1, "minimum": -5, "label": {"en": "Number"}},
    "money": {"type": "money", "label": {"en": "Money"}},
    "percent": {"type": "percent", "label": {"en": "Percent"}},
    "date": {"type": "date", "label": {"en": "Date"}},
    "moment": {"type": "moment", "label": {"en": "Moment"}},
    "checkbox": {"type": "checkbox", "label": {"en": "Box"}},
    "choice": {"type": "choice", "choices": CHOICES, "label": {"en": "Choice"}},
    "choices": {"type": "choices", "choices": CHOICES, "label": {"en": "Choices"}},
    "phone": {"type": "phone", "label": {"en": "Phone"}},
    "email": {"type": "email", "label": {"en": "E-mail"}},
    "url": {"type": "url", "label": {"en": "Address"}},
    "member": {"type": "member", "label": {"en": "Member"}},
}
#: Type, what the first and the second of three customers hold (the third: nothing), then questions and who is found.
CASES: list[tuple[str, Any, Any, list[tuple[str, Any, str]]]] = [
    ("text", "Été", "Hiver",
     [("is", "ÉTÉ", "a"), ("is_not", "été", "bc"), ("contains", "IVE", "b"), ("begins", "e", "a")]),
    ("paragraph", "un\ndeux", "trois", [("contains", "DEUX", "a"), ("begins", "tr", "b"), ("is", "trois", "b")]),
    ("number", "-2,5", 12, [("is", "12", "b"), ("less", "0", "a"), ("more", "-2,6", "ab"), ("more", -9, "ab")]),
    ("money", "10,50", "20", [("is", "10,5", "a"), ("more", "10,50", "b"), ("less", "20", "a")]),
    ("percent", "12", "20", [("is_not", "12", "bc"), ("less", "13", "a")]),
    ("date", "2026-03-01", "2026-04-01",
     [("is", "01/03/2026", "a"), ("more", "2026-03-01", "b"), ("less", "2026-03-02", "a")]),
    ("moment", "2026-03-01T10:00+01:00", "2026-03-01T12:00+01:00",
     [("less", "2026-03-01T11:30+01:00", "a"), ("is", "2026-03-01T11:00Z", "b")]),
    ("checkbox", True, None, []),
    ("choice", 2, 3, [("is", "2", "a"), ("is_not", 2, "bc")]),
    ("choices", [1, 2], [3], [("contains", "2", "a"), ("contains", 3, "b")]),
    ("phone", "06 12 34 56 78", "07 00 00 00 01",
     [("contains", "12.34", "a"), ("begins", "07", "b"), ("is", "0612345678", "a")]),
    ("email", "Ana@mail.example", "bo@mail.example", [("is", "ana@MAIL.example", "a"), ("contains", "mail", "ab")]),
    ("url", "https://a.example", "https://b.example", [("contains", "B.ex", "b"), ("is", "a.example", "a")]),
]  # fmt: skip


def found(business: Business, field: Any, operator: str, value: Any = None, by: str = "bea") -> str:
    access = business.access(by)
    answer = filtered(visible_customers(access), access, "customers", field, operator, value)
    return "".join(sorted(answer.filter(name__in="abc").values_list("name", flat=True)))


def fields(business: Business, *types: str, by: str = "bea") -> list[Any]:
    if types:
        add(business, *(FIELDS[one] for one in types))
    return list(findable_fields(business.access(by), "customers").values())


@pytest.mark.parametrize(("kind", "first", "second", "questions"), CASES, ids=[case[0] for case in CASES])
def test_each_type_is_found_by_each_of_its_operators(
    salon: Business, kind: str, first: Any, second: Any, questions: list[tuple[str, Any, str]]
) -> None:
    (field,) = fields(salon, kind)
    key = f"f{field['id']}"
    for name, value in (("a", first), ("b", second), ("c", None)):
        customer(salon, name, **{key: value})
    held = "ab" if second is not None else "a"
    for operator, asked, who in (*questions, ("filled", None, held), ("empty", None, "abc"[len(held) :])):
        assert found(salon, field, operator, asked) == who, (operator, asked)
    known = {operator for operator, _asked, _who in questions} | {"filled", "empty"}
    assert known <= set(TYPES[kind].operators)
    for operator in {"is", "is_not", "less", "more", "contains", "begins"} - set(TYPES[kind].operators):
        with pytest.raises(Invalid):
            found(salon, field, operator, first)


def test_who_is_looked_up_is_found_by_the_public_id(salon: Business) -> None:
    (field,) = fields(salon, "member")
    lea = salon.members["lea"].public_id_text
    customer(salon, "a", **{f"f{field['id']}": lea})
    customer(salon, "b")
    assert found(salon, field, "is", lea) == "a"
    assert found(salon, field, "is_not", lea) == "b"


@pytest.mark.parametrize("typed", ["\0", "\ud800", "", None])
def test_words_that_say_nothing_are_refused_and_signs_that_no_text_holds_left_out(salon: Business, typed: Any) -> None:
    """(G1)"""
    (field,) = fields(salon, "text")
    customer(salon, "a", **{f"f{field['id']}": "Été"})
    with pytest.raises(Invalid):
        found(salon, field, "contains", typed)
    assert found(salon, field, "contains", f"{typed or ''}Et") == "a"


@pytest.mark.parametrize("value", ["", None, "x" * 400, "\0", "no number", {"a": 1}, [1]])
def test_what_a_field_could_never_hold_is_refused_beside_its_key(salon: Business, value: Any) -> None:
    (field,) = fields(salon, "number")
    with pytest.raises(Invalid) as caught:
        found(salon, field, "is", value)
    assert list(caught.value.errors) == [f"f{field['id']}"]


def test_an_archived_choice_and_a_value_beyond_the_limits_are_still_found(salon: Business) -> None:
    number, choice = fields(salon, "number", "choice")
    customer(salon, "a", **{f"f{number['id']}": -5, f"f{choice['id']}": 2})
    access = salon.access("alice")
    draft = copy.deepcopy(draft_of(access, current_layout(access, "customers").document))
    draft["sections"][0]["fields"][-2]["minimum"] = 10
    draft["sections"][0]["fields"][-1]["choices"][1]["archived"] = True
    save_layout(access, "customers", "standard", draft, version=1)
    number, choice = fields(salon)
    assert found(salon, number, "is", "-5") == "a"
    assert found(salon, choice, "is", "2") == "a"


def test_a_hidden_field_neither_finds_nor_orders_anybody(salon: Business) -> None:
    """(T3)"""
    (field,) = fields(salon, "number")
    customer(salon, "a", **{f"f{field['id']}": 1})
    rights = {("customers", f"f{field['id']}"): HIDDEN}
    set_field_rights(salon.access("alice"), Profile.objects.get(key="front_desk"), rights)
    assert fields(salon) == []
    bea = salon.access("bea")
    for ask in (
        lambda: filtered(visible_customers(bea), bea, "customers", field, "filled"),
        lambda: page_by(visible_customers(bea), bea, "customers", field),
    ):
        with pytest.raises(Invalid):
            ask()
    assert found(salon, field, "is", "1", by="alice") == "a"


def test_the_values_of_another_organisation_find_and_order_nobody(salon: Business, garage: Business) -> None:
    """(T1)"""
    with open_organisation(garage.organisation):
        (theirs,) = fields(garage, "number")
        customer(garage, "a", **{f"f{theirs['id']}": 1})
    customer(salon, "a")
    assert found(salon, theirs, "filled") == ""
    everybody = sorted(Customer.objects.values_list("pk", flat=True))
    access = salon.access("alice")
    assert list(page_by(visible_customers(access), access, "customers", theirs).pks) == everybody


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("kind", ["number", "text", "choice", "date", "moment"])
def test_pages_in_the_order_of_a_field_miss_nobody_and_show_nobody_twice(
    salon: Business, kind: str, descending: bool
) -> None:
    (field,) = fields(salon, kind)
    key, chance = f"f{field['id']}", random.Random(f"{kind}{descending}")
    samples: dict[str, list[Any]] = {
        "number": [-5, -1.5, 0, 7, 100],
        "text": ["Été", "ete", "zoo", "Abc"],
        "choice": [1, 2, 3],
        "date": ["2026-03-01", "1999-12-31", "2030-01-01"],
        "moment": ["2026-03-01T10:00Z", "2026-03-01T10:01Z"],
    }
    made = [customer(salon, "a", **{key: chance.choice([None, *samples[kind]])}) for _number in range(23)]
    # Salon's three from the cast hold nothing.
    ranks = {2: 1, 1: 0, 3: 2} if kind == "choice" else {}
    for one in made:
        one.refresh_from_db()

    def rank(one: Customer) -> Any:
        value = one.custom[key]
        return ranks.get(value, TYPES[kind].indexed(field, value)[0])

    held = sorted((one for one in made if key in one.custom), key=lambda one: (rank(one), one.pk), reverse=descending)
    others = Customer.objects.exclude(pk__in=[one.pk for one in held]).order_by("pk").values_list("pk", flat=True)
    access = salon.access("alice")
    seen: list[int] = []
    more = True
    while more:
        page = page_by(
            visible_customers(access),
            access,
            "customers",
            field,
            descending=descending,
            after=seen[-1] if seen else None,
            limit=4,
        )
        assert len(page.pks) <= 4
        seen += page.pks
        more = page.more
    assert seen == [*(one.pk for one in held), *others]


def test_a_page_of_what_is_filtered_costs_the_same_statement_however_many_there_are(salon: Business) -> None:
    number, choice = fields(salon, "number", "choice")

    def statements(count: int) -> int:
        for place in range(count):
            customer(salon, "a", **{f"f{number['id']}": place, f"f{choice['id']}": 1 + place % 3})
        access = salon.access("alice")
        asked = filtered(visible_customers(access), access, "customers", choice, "is", 2)
        with CaptureQueriesContext(connection) as queries:
            page = page_by(asked, access, "customers", number, descending=True, limit=2)
        assert len(page.pks) == 2
        return len([query for query in queries if "customisation_fieldvalue" in query["sql"]])

    assert statements(12) == statements(12) == 1


def test_only_what_can_be_put_in_order_is(salon: Business) -> None:
    (field,) = fields(salon, "choices")
    access = salon.access("bea")
    with pytest.raises(Invalid):
        page_by(visible_customers(access), access, "customers", field)
