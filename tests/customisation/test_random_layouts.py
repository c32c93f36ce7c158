"""Random layouts and random values: whatever is arranged and typed, no stored value is ever lost or distorted."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import settings

from carnet.base.errors import TradeError
from carnet.base.scopes import open_organisation
from carnet.customisation.actions import restore_layout, save_layout
from carnet.customisation.errors import LayoutChanged
from carnet.customisation.models import Field, FieldValue, LayoutVersion
from carnet.customisation.queries import all_fields, current_layout, draft_of, fields_of, key_of
from carnet.customisation.types import TYPES, type_of
from carnet.organisations.actions import issue_token
from carnet.organisations.models import Activity
from tests.api.conftest import Program
from tests.cast import Business, open_business
from tests.customisation.walked_records import KINDS, Records
from tests.together import together

#: Type -> what is typed, and what is kept of it; None where only the way back is compared. Look-ups are the salon’s.
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
    "choices": [([2, 1], [1, 2]), ([1], [1])],
    "phone": [("06 11 22 33 44", None)],
    "email": [("Zoe@Mail.example", None)],
    "url": [("https://example.org/a?b=1", None)],
    "customer": [("vera", None), ("omar", None)],
    "service": [("haircut", None), ("colour", None)],
    "member": [("lea", None), ("max", None)],
    "checklist": [([2], [2]), ([1, 2], [1, 2])],
    "lines": [
        ([{"c1": "Filtre | A", "c2": "2", "c3": "12,50"}], [{"c1": "Filtre | A", "c2": 20, "c3": 1250, "c4": 2500}]),
        ([{"c2": "0,5"}, {"c1": "b", "c3": "8"}], None),
    ],
    "total": [(None, None)],
}
WRONG: dict[str, Any] = {
    "text": "a\x00b",
    "paragraph": "a\x00b",
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
    "customer": "00000000-0000-4000-8000-000000000000",
    "service": "00000000-0000-4000-8000-000000000000",
    "member": "nobody of that name",
    "checklist": [1, 999],
    "lines": [{"c2": "many"}],
    "total": "12",
}
#: What is uploaded lies in files beside the values, and is tried where they are.
UPLOADED = {"image", "file", "signature"}
UNIQUE = ("text", "email")
COLUMNS: list[dict[str, Any]] = [
    {"type": "text", "label": {"en": "Reference"}},
    {"type": "number", "label": {"en": "Quantity"}, "decimals": 1},
    {"type": "money", "label": {"en": "Unit price"}},
    {"type": "total", "label": {"en": "Total"}, "rule": "c2 * c3"},
]
#: Type of a field -> what a rule may ask of it.
CONDITIONS = {
    "text": "{} is not empty",
    "number": "{} > 5",
    "money": "{} >= 0",
    "checkbox": "{}",
    "choice": "{} = #1",
    "choices": "{} contains #2",
    "date": "{} < 2026-06-01",
    "lines": "sum({}.c2) > 1",
    "total": "{} > 1",
    "customer": "{} is empty",
}
TOTALS = {"number": "{} * 2", "money": "{} + {}", "percent": "{} + 1", "lines": "sum({}.c4)", "total": "{} + {}"}
CHANGES = ["add"] * 3 + ["remove", "put back", "move", "rename", "narrow", "ask"] * 2
numbers = count(1)


def new_field(kind: str, *, unique: bool, required: bool) -> dict[str, Any]:
    made: dict[str, Any] = {"type": kind, "label": {"en": f"It {next(numbers)}"}, "required": required}
    if kind == "number":
        made["decimals"] = 2
    if kind in ("choice", "choices", "checklist"):
        made["choices"] = [{"label": {"en": "One"}}, {"label": {"en": "Two"}}]
    if kind == "lines":
        made["columns"] = copy.deepcopy(COLUMNS)
    if kind == "total":
        made |= {"rule": "1 + 1", "required": False}
    return made | ({"unique": True} if unique and kind in UNIQUE else {})


@dataclass
class World:
    """The salon with the records of a module, and beside them what they must hold."""

    salon: Business
    records: Records
    chance: Random
    #: What was done, to be read when something is wrong.
    said: list[str] = field(default_factory=list)
    held: dict[int, dict[str, Any]] = field(default_factory=dict)

    @property
    def module(self) -> str:
        return self.records.module

    @property
    def layout(self) -> str:
        return self.records.layout

    def act(self) -> None:
        before = self.digest()
        do = self.chance.choice([self.arrange, self.arrange, self.write, self.write, self.write, self.restore])
        try:
            do()
        except TradeError as refused:
            self.said.append(f"refused: {refused!r}")
            assert self.digest() == before, "what is refused changes nothing (I10)"
        self.check()

    # Layouts

    def lay_out(self, fields: int) -> None:
        """Add so many fields of different types."""
        access = self.salon.access("alice")
        current = current_layout(access, self.module, self.layout)
        draft = copy.deepcopy(draft_of(access, current.document))
        kinds = self.chance.sample(self.kinds, fields)
        draft["sections"][0]["fields"] += [new_field(kind, unique=False, required=False) for kind in kinds]
        save_layout(access, self.module, self.layout, draft, version=current.number)

    @property
    def kinds(self) -> list[str]:
        return [kind for kind in sorted(WRITTEN) if self.module == "job_sheets" or not TYPES[kind].for_sheets]

    def arrange(self) -> None:
        access = self.salon.access("alice")
        current = current_layout(access, self.module, self.layout)
        draft = copy.deepcopy(draft_of(access, current.document))
        for _step in range(self.chance.randint(1, 4)):
            what = self.chance.choice(CHANGES)
            self.said.append(what)
            self.rearrange(draft, what)
        save_layout(access, self.module, self.layout, draft, version=current.number)

    def rearrange(self, draft: dict[str, Any], what: str) -> None:
        sections, removed = draft["sections"], draft["removed"]
        section = self.chance.choice(sections)["fields"]
        if what == "add":
            unique = self.module in ("services", "customers") and self.chance.random() < 0.5
            made = new_field(self.chance.choice(self.kinds), unique=unique, required=self.chance.random() < 0.1)
            section.insert(self.chance.randint(0, len(section)), made)
        elif what == "remove" and (free := [at for at, one in enumerate(section) if not one.get("locked")]):
            removed.append(section.pop(self.chance.choice(free)))
            if "id" not in removed[-1] and removed[-1]["type"] != "built_in":
                removed.pop()
        elif what == "put back" and removed:
            section.append(removed.pop(self.chance.randint(0, len(removed) - 1)))
        elif what == "move" and section:
            moved = section.pop(self.chance.randint(0, len(section) - 1))
            self.chance.choice(sections)["fields"].append(moved)
        elif what == "rename" and section:
            section[0]["label"] = {"fr": f"Autre {next(numbers)}"}
            sections.append({"label": {"en": f"Part {next(numbers)}"}, "columns": 2, "fields": []})
        elif what == "narrow" and section:
            self.narrow(section[-1])
        elif what == "ask" and section:
            self.ask(draft, self.chance.choice(section))

    def narrow(self, one: dict[str, Any]) -> None:
        if one["type"] in ("number", "money"):
            one["minimum"] = 5
        elif one["type"] in ("choice", "checklist"):
            one["choices"] = one["choices"][1:]
        elif one["type"] in UNIQUE and self.module in ("services", "customers"):
            one["unique"] = not one.get("unique", False)
        elif one["type"] == "lines":
            one["columns"] = [column for column in one["columns"] if column["type"] != "text"]

    def ask(self, draft: dict[str, Any], one: dict[str, Any]) -> None:
        """Let a field be asked, awaited or worked out by what another one holds."""
        named = [other for other in fields_of(draft) if "id" in other and other is not one]
        if one["type"] == "total":
            named = [other for other in named if other["type"] in TOTALS]
            if named:
                other = self.chance.choice(named)
                one["rule"] = TOTALS[other["type"]].format(key_of(other), key_of(other))
        elif one["type"] != "built_in":
            named = [other for other in named if other["type"] in CONDITIONS]
            if named:
                other = self.chance.choice(named)
                when = self.chance.choice(["shown_if", "required_if"])
                one[when] = CONDITIONS[other["type"]].format(key_of(other))

    def restore(self) -> None:
        access = self.salon.access("alice")
        newest = current_layout(access, self.module, self.layout).number
        # The first layout of job sheets is made with the organisation.
        number = self.chance.randint(1 if self.module == "job_sheets" else 0, newest)
        self.said.append(f"restore {number}")
        restore_layout(access, self.module, self.layout, number, version=newest)

    # Values

    def write(self) -> None:
        pk = self.chance.choice(self.records.given or [0, *sorted(self.held)])
        asked = [one for one in fields_of(self.records.document(pk)) if "id" in one]
        sent: dict[str, Any] = {}
        kept: dict[str, Any] = {}
        for one in asked:
            how = self.chance.choice(["right"] * 20 + ["leave", "empty", "wrong"])
            if one["type"] == "total" and how != "wrong":
                continue
            if how == "right":
                sent[key_of(one)], kept[key_of(one)] = self.value(one)
            elif how != "leave":
                sent[key_of(one)] = None if how == "empty" else WRONG[one["type"]]
                kept[key_of(one)] = None
        way = self.chance.choice(["by_action", "by_form", "by_program"])
        if way == "by_form":
            # A form has no input for a total, and cannot say a box that is neither ticked nor not.
            never = [key_of(one) for one in asked if one["type"] in ("total", "checkbox")]
            sent = {key: value for key, value in sent.items() if key not in never or isinstance(value, bool)}
        self.said.append(f"{way} {pk}: {sent}")
        was = self.held.get(pk, self.records.custom(pk))
        pk = getattr(self.records, way)(pk, sent)
        after = self.records.custom(pk)
        worked_out = {key_of(one) for one in asked if one["type"] == "total"}
        untouched = {key: value for key, value in was.items() if key not in sent and key not in worked_out}
        assert {k: v for k, v in after.items() if k not in sent and k not in worked_out} == untouched
        for key, stored in kept.items():
            assert stored is None or key not in sent or after[key] == stored
        self.held[pk] = after

    def value(self, one: Any) -> tuple[Any, Any]:
        value, stored = self.chance.choice(WRITTEN[one["type"]])
        if one["type"] in ("customer", "service", "member"):
            record = getattr(self.salon, f"{one['type']}s")[value]
            return str(record.public_id), record.pk
        if one.get("unique"):
            unlike = f"zoe{next(numbers)}@mail.example"
            return unlike, unlike
        if one["type"] == "lines" and [column["key"] for column in one["columns"]] != ["c1", "c2", "c3", "c4"]:
            return [{"c2": "3"}], None
        return value, stored

    # What must hold

    def digest(self) -> Any:
        tables = (self.records.model, FieldValue, Field, LayoutVersion, Activity)
        return [list(table._default_manager.order_by("pk").values()) for table in tables]

    def check(self) -> None:
        document = current_layout(self.salon.access("alice"), self.module, self.layout).document
        fields = {key_of(one): one for one in all_fields(document)}
        for pk, held in self.held.items():
            custom = self.records.custom(pk)
            assert custom == held, "nothing is lost and nothing distorted"
            assert set(custom) <= set(fields), "what is held has its field, in the layout or in the tray"
            shown = {key_of(one) for one in fields_of(self.records.document(pk))}
            assert set(self.records.told(pk)) == set(custom) & shown
            if self.records.copied:
                self.check_copies(pk, custom, fields)
        if self.held:
            self.told_back(max(self.held))

    def check_copies(self, pk: int, custom: dict[str, Any], fields: dict[str, Any]) -> None:
        expected = sorted(
            (int(key[1:]), type_of(fields[key]).column, str(part), bool(fields[key].get("unique")))
            for key, value in custom.items()
            if type_of(fields[key]).column
            for part in type_of(fields[key]).indexed(fields[key], value)
        )
        copies = sorted(
            (row.field_id, column, str(getattr(row, column)), row.unique_key is not None)
            for row in FieldValue.objects.filter(record=pk, field__module=self.module)
            for column in ("text", "number", "instant", "ref")
            if getattr(row, column) is not None
        )
        assert copies == expected, "the copies by which it is found equal the truth"

    def told_back(self, pk: int) -> None:
        """What is told may be sent back, and nothing changes but totals whose rule has."""
        told = self.records.told(pk)
        totals = {key_of(one) for one in fields_of(self.records.document(pk)) if one["type"] == "total"}
        try:
            with transaction.atomic():
                self.records.by_action(pk, told)
                after = {key: value for key, value in self.records.custom(pk).items() if key not in totals}
                assert after == {key: value for key, value in self.held[pk].items() if key not in totals}
                transaction.set_rollback(True)
        except TradeError as refused:
            # A field that was made required since is demanded now; nothing else is.
            self.said.append(f"not sent back: {refused!r}")


def test_every_type_is_written_rightly_and_wrongly() -> None:
    assert set(WRITTEN) | UPLOADED >= set(TYPES)
    assert set(WRONG) == set(WRITTEN)


@pytest.mark.parametrize("module", list(KINDS))
def test_whatever_is_arranged_and_typed_no_value_is_lost_or_distorted(
    salon: Business, client: Client, module: str
) -> None:
    """(C7, C8, C9, C10, I10, K7) A dozen steps of several walks at each push; with `--long` a hundred walks."""
    client.force_login(salon.user("alice"))
    records = KINDS[module](salon, Program(salon, issue_token(salon.system, salon.members["alice"])), client)
    if module in ("appointments", "job_sheets"):
        records.given = [salon.book(at=at).pk for at in ("10:00", "14:00")]
    tried: list[int] = []

    for seed in range(max(8, (settings.default or settings()).max_examples // 8)):
        with transaction.atomic():
            world = World(salon, records, Random(seed))
            try:
                # There is something to be written from the first step on.
                world.lay_out(8)
                for _step in range(12):
                    world.act()
            except Exception as error:
                error.add_note("\n".join([f"seed {seed}", *world.said]))
                raise
            tried.append(sum(map(len, world.held.values())))
            transaction.set_rollback(True)
        salon.organisation.refresh_from_db()
    assert sum(tried) > 5 * len(tried), "walks write much"


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
