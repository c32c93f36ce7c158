"""Random layouts and random values: whatever is arranged and typed, no stored value is ever lost or distorted."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, note, settings
from hypothesis import strategies as st

from carnet.base.errors import TradeError
from carnet.base.scopes import open_organisation
from carnet.customers.actions import NewCustomer, create_customer, edit_customer
from carnet.customers.models import Customer
from carnet.customers.output import customer_output
from carnet.customisation.actions import restore_layout, save_layout
from carnet.customisation.errors import LayoutChanged
from carnet.customisation.models import Field, FieldValue, LayoutVersion
from carnet.customisation.queries import all_fields, current_layout, draft_of, fields_of, key_of
from carnet.customisation.types import type_of
from carnet.organisations.actions import issue_token
from carnet.organisations.models import Activity
from tests.api.conftest import Program
from tests.cast import Business, open_business
from tests.together import together

#: Type -> what is typed, and what is kept of it; None where only the way back is compared.
WRITTEN: dict[str, list[tuple[Any, Any]]] = {
    "text": [("Clio", "Clio"), ("  été 😀 ", "été 😀"), ("עברית", "עברית")],
    "paragraph": [("a\nb", "a\nb"), ("x" * 300, "x" * 300)],
    "number": [("12,5", 1250), (-3, -300), (0, 0)],
    "money": [("19,90", 1990), (0, 0), (1000000, 100000000)],
    "percent": [(12, None), ("0", None)],
    "date": [("2026-02-28", None), ("1899-12-31", None)],
    "moment": [("2026-10-25T02:30:00+01:00", None)],
    "checkbox": [(True, True), (False, None)],
    "choice": [(1, 1), (2, 2)],
    "choices": [([2, 1], None), ([1], [1])],
    "phone": [("06 11 22 33 44", None)],
    "email": [("Zoe@Mail.example", None)],
    "url": [("https://example.org/a?b=1", None)],
}
WRONG: dict[str, Any] = {
    "text": "a\x00b",
    "paragraph": ["x"],
    "number": "many",
    "money": "1,234,5",
    "percent": "all",
    "date": "2026-02-30",
    "moment": "noon",
    "checkbox": "perhaps",
    "choice": 999,
    "choices": [1, 999],
    "phone": "call me",
    "email": "nobody",
    "url": "javascript:alert(1)",
}
UNIQUE = ("text", "email")
numbers = count(1)


def new_field(kind: str, *, unique: bool, required: bool) -> dict[str, Any]:
    made: dict[str, Any] = {"type": kind, "label": {"en": f"It {next(numbers)}"}, "required": required}
    if kind == "number":
        made["decimals"] = 2
    if kind in ("choice", "choices"):
        made["choices"] = [{"label": {"en": "One"}}, {"label": {"en": "Two"}}]
    return made | ({"unique": True} if unique and kind in UNIQUE else {})


@dataclass
class World:
    """The salon, and beside it what its customers must hold."""

    salon: Business
    program: Program
    held: dict[int, dict[str, Any]] = field(default_factory=dict)

    def act(self, data: Any) -> None:
        before = self.digest()
        do = data.draw(st.sampled_from([self.arrange, self.arrange, self.write, self.write, self.write, self.restore]))
        try:
            do(data)
        except TradeError as refused:
            note(f"refused: {refused}")
            assert self.digest() == before, "what is refused changes nothing (I10)"
        self.check()

    # Layouts

    def arrange(self, data: Any) -> None:
        access = self.salon.access("alice")
        current = current_layout(access, "customers")
        draft = copy.deepcopy(draft_of(access, current.document))
        sections, removed = draft["sections"], draft["removed"]
        for _step in range(data.draw(st.integers(1, 3))):
            section = data.draw(st.sampled_from(sections))["fields"]
            what = data.draw(
                st.sampled_from(["add", "add", "remove", "put back", "move", "rename", "narrow", "section"])
            )
            note(what)
            if what == "add":
                kind = data.draw(st.sampled_from(sorted(WRITTEN)))
                made = new_field(kind, unique=data.draw(st.booleans()), required=data.draw(st.booleans()))
                section.insert(data.draw(st.integers(0, len(section))), made)
            elif what == "remove" and section:
                removed.append(section.pop(data.draw(st.integers(0, len(section) - 1))))
                if "id" not in removed[-1] and removed[-1]["type"] != "built_in":
                    removed.pop()
            elif what == "put back" and removed:
                section.append(removed.pop(data.draw(st.integers(0, len(removed) - 1))))
            elif what == "move" and section:
                moved = section.pop(data.draw(st.integers(0, len(section) - 1)))
                data.draw(st.sampled_from(sections))["fields"].append(moved)
            elif what == "rename" and section:
                section[0]["label"] = {"fr": f"Autre {next(numbers)}"}
            elif what == "narrow" and section:
                one = section[-1]
                if one["type"] in ("number", "money"):
                    one["minimum"] = 5
                elif one["type"] == "choice":
                    one["choices"] = one["choices"][1:]
                elif one["type"] in UNIQUE:
                    one["unique"] = not one.get("unique", False)
            elif what == "section":
                sections.append({"label": {"en": f"Part {next(numbers)}"}, "columns": 2, "fields": []})
        save_layout(access, "customers", "standard", draft, version=current.number)

    def restore(self, data: Any) -> None:
        access = self.salon.access("alice")
        newest = current_layout(access, "customers").number
        number = data.draw(st.integers(0, newest))
        note(f"restore {number}")
        restore_layout(access, "customers", "standard", number, version=newest)

    # Values

    def write(self, data: Any) -> None:
        access = self.salon.access("bea")
        asked = [one for one in fields_of(current_layout(access, "customers").document) if "id" in one]
        sent: dict[str, Any] = {}
        kept: dict[str, Any] = {}
        for one in asked:
            how = data.draw(st.sampled_from(["right", "right", "right", "right", "right", "leave", "empty", "wrong"]))
            if how == "right":
                value, stored = data.draw(st.sampled_from(WRITTEN[one["type"]]))
                if one.get("unique"):
                    value = stored = f"zoe{next(numbers)}@mail.example"
                sent[key_of(one)], kept[key_of(one)] = value, stored
            elif how != "leave":
                sent[key_of(one)] = None if how == "empty" else WRONG[one["type"]]
                kept[key_of(one)] = None
        pk = data.draw(st.sampled_from([0, *sorted(self.held)]))
        note(f"write {pk}: {sent}")
        pk = self.written(pk, sent, by_program=data.draw(st.booleans()))
        after = Customer.objects.get(pk=pk).custom
        was = self.held.get(pk, {})
        untouched = {key: value for key, value in was.items() if key not in sent}
        assert {key: value for key, value in after.items() if key not in sent} == untouched
        for key, stored in kept.items():
            assert stored is None or after[key] == stored
        self.held[pk] = after

    def written(self, pk: int, sent: dict[str, Any], *, by_program: bool) -> int:
        access = self.salon.access("bea")
        one = Customer.objects.filter(pk=pk).first()
        if not by_program:
            new = NewCustomer("Zoé", custom=sent)
            return edit_customer(access, one, new).pk if one else create_customer(access, new).pk
        if one:
            path = f"customers/{one.public_id}"
            read = self.program.get(path).headers["ETag"]
            body = {"name": "Zoé", "phones": [], "emails": [], "custom": sent}
            answer = self.program.put(path, body, If_Match=read)
        else:
            answer = self.program.post("customers", {"name": "Zoé", "custom": sent})
        if answer.status_code >= 400:
            assert answer.status_code == 422, answer.content
            raise TradeError
        return Customer.objects.get(public_id=answer.json()["id"]).pk

    # What must hold

    def digest(self) -> Any:
        tables = (Customer, FieldValue, Field, LayoutVersion, Activity)
        return [list(table.objects.order_by("pk").values()) for table in tables]

    def check(self) -> None:
        access = self.salon.access("bea")
        document = current_layout(access, "customers").document
        fields = {key_of(one): one for one in all_fields(document)}
        shown = {key_of(one) for one in fields_of(document)}
        for one in Customer.objects.filter(pk__in=self.held):
            assert one.custom == self.held[one.pk], "nothing is lost and nothing distorted"
            assert set(one.custom) <= set(fields), "what is held has its field, in the layout or in the tray"
            told = customer_output(access, one)["custom"]
            assert set(told) == set(one.custom) & shown
            expected = sorted(
                (int(key[1:]), type_of(fields[key]).column, str(part), bool(fields[key].get("unique")))
                for key, value in one.custom.items()
                if type_of(fields[key]).column
                for part in type_of(fields[key]).indexed(fields[key], value)
            )
            copies = sorted(
                (row.field_id, column, str(getattr(row, column)), row.unique_key is not None)
                for row in FieldValue.objects.filter(record=one.pk)
                for column in ("text", "number", "instant", "ref")
                if getattr(row, column) is not None
            )
            assert copies == expected, "the copies by which it is found equal the truth"
        told_back = next(iter(Customer.objects.filter(pk__in=self.held).order_by("-pk")), None)
        if told_back is not None:
            self.told_back(told_back)

    def told_back(self, one: Customer) -> None:
        """What is told may be sent back, and nothing changes."""
        access = self.salon.access("bea")
        told = customer_output(access, one)["custom"]
        try:
            with transaction.atomic():
                edit_customer(access, one, NewCustomer("Zoé", custom=told))
                one.refresh_from_db()
                assert one.custom == self.held[one.pk]
                transaction.set_rollback(True)
        except TradeError as refused:
            # A field that was made required since is demanded now; nothing else is.
            note(f"not sent back: {refused}")


def test_whatever_is_arranged_and_typed_no_value_is_lost_or_distorted(salon: Business) -> None:
    """(C7, C8, C9, C10, I10, K7)"""
    program = Program(salon, issue_token(salon.system, salon.members["bea"]))
    tried: list[int] = []

    @settings(max_examples=40)
    @given(st.data())
    def walk(data: Any) -> None:
        with transaction.atomic():
            world = World(salon, program)
            for _step in range(data.draw(st.integers(4, 10))):
                world.act(data)
            tried.append(len(world.held))
            transaction.set_rollback(True)
        salon.organisation.refresh_from_db()

    walk()
    assert sum(tried) > 20, "most walks write something"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("saved_before", [False, True], ids=["the first save", "a later save"])
def test_of_two_who_save_at_the_same_moment_exactly_one_wins_and_one_is_told(saved_before: bool) -> None:
    """(D1)"""
    salon = open_business("salon")
    with open_organisation(salon.organisation):
        access = salon.access("alice")
        if saved_before:
            save_layout(access, "customers", "standard", predefined_draft(salon, "Before"), version=0)
        number = current_layout(salon.access("alice"), "customers").number
        drafts = [predefined_draft(salon, name) for name in ("Plate", "Birthday")]

    def saving(draft: dict[str, Any]) -> Callable[[], Any]:
        return lambda: save_layout(salon.access("alice"), "customers", "standard", draft, version=number)

    results: list[Any] = together(salon, *(saving(draft) for draft in drafts))
    won = [one for one in results if isinstance(one, LayoutVersion)]
    told = [one for one in results if isinstance(one, LayoutChanged)]
    assert (len(won), len(told)) == (1, 1), results
    assert won[0].number == number + 1
    assert told[0].version == number + 1
    salon.organisation.refresh_from_db()
    with open_organisation(salon.organisation):
        assert LayoutVersion.objects.filter(layout__module="customers").count() == number + 1
        assert current_layout(salon.access("alice"), "customers").version == won[0]
        assert Field.objects.filter(module="customers").count() == number + 1, "the loser has made no field"


def predefined_draft(salon: Business, name: str) -> dict[str, Any]:
    """Return the newest layout with a field more."""
    access = salon.access("alice")
    draft = copy.deepcopy(draft_of(access, current_layout(access, "customers").document))
    draft["sections"][0]["fields"].append(new_field("text", unique=False, required=False) | {"label": {"en": name}})
    return draft
