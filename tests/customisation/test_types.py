"""Every type of field: what it takes, what it keeps, and that each way out leads back to the same value."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import translation

from carnet.customisation.lookups import Known
from carnet.customisation.models import Field
from carnet.customisation.types import TYPES, NotAccepted, Setting, text_of, type_of
from carnet.customisation.types.files import FILES
from tests.cast import Business

PARIS = Setting("Europe/Paris", date(2026, 3, 11))
WASHES = [
    {"id": 1, "label": {"fr": "Lavage à l’eau", "en": "With water"}},
    {"id": 4, "label": {"fr": "Sans eau; rapide", "en": "Without water; fast"}},
    {"id": 5, "label": {"fr": "#1", "en": "#1"}},
    {"id": 6, "label": {"fr": "Double", "en": "Twice"}},
    {"id": 7, "label": {"fr": "double", "en": "twice"}},
]
PARTS = [
    {"key": "c1", "type": "text", "label": {"en": "Reference"}},
    {"key": "c2", "type": "number", "label": {"en": "Quantity"}, "decimals": 1},
    {"key": "c3", "type": "money", "label": {"en": "Unit price"}, "decimals": 2, "currency": "EUR"},
    {"key": "c4", "type": "total", "label": {"en": "Total"}, "rule": "c2 * c3", "decimals": 2, "currency": "EUR"},
]
#: Type, properties, value given, value kept, what it is called in English.
EXAMPLES: list[tuple[str, dict[str, Any], Any, Any, str]] = [
    ("text", {}, " Clio | IV ", "Clio | IV", "Clio | IV"),
    ("paragraph", {}, "one\r\ntwo", "one\ntwo", "one\ntwo"),
    ("number", {}, "1 234", 1234, "1,234"),
    ("number", {"decimals": 2}, "12,5", 1250, "12.50"),
    ("money", {"decimals": 2, "currency": "EUR"}, "12,50", 1250, "€12.50"),
    ("money", {"decimals": 0, "currency": "JPY"}, 300, 300, "JP¥300"),
    ("percent", {"decimals": 1}, "12.5", 125, "12.5 %"),
    ("date", {}, "27/11/2026", "2026-11-27", "Nov. 27, 2026"),
    ("moment", {}, "10h30", "2026-03-11T09:30:00Z", "March 11, 2026 at 10:30 a.m."),
    ("checkbox", {}, "on", True, "Yes"),
    ("choice", {"choices": WASHES}, "4", 4, "Without water; fast"),
    ("choice", {"choices": WASHES}, 5, 5, "#1"),
    ("choices", {"choices": WASHES}, [7, 1, 7], [1, 7], "With water, twice"),
    ("choices", {"choices": WASHES}, "4,5", [4, 5], "Without water; fast, #1"),
    ("checklist", {"choices": WASHES}, [6], [6], "Twice"),
    ("phone", {}, "+33 1 42 00 00 00", "+33 1 42 00 00 00", "+33 1 42 00 00 00"),
    ("email", {}, "Vera@Example.org", "Vera@Example.org", "Vera@Example.org"),
    ("url", {}, "example.org/a?b=c", "https://example.org/a?b=c", "https://example.org/a?b=c"),
    (
        "lines",
        {"columns": PARTS},
        [{"c1": "Filtre | A", "c2": 2, "c3": "12.50"}, {"c1": "Huile", "c2": "4,5", "c3": 8.99}, {}],
        [
            {"c1": "Filtre | A", "c2": 20, "c3": 1250, "c4": 2500},
            {"c1": "Huile", "c2": 45, "c3": 899, "c4": 4046},
        ],
        "Filtre | A, 2.0, €12.50, €25.00\nHuile, 4.5, €8.99, €40.46",
    ),
]


def field_of(type_: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"id": 1, "type": type_, "label": {"en": "It"}, **properties}


def test_every_type_is_offered_and_tried_here() -> None:
    """What is sent as a file is tried in `test_files`."""
    assert set(TYPES) == set(Field.Type.values)
    tried = {example[0] for example in EXAMPLES} | {"customer", "service", "member", "total", *FILES}
    assert tried == set(TYPES)


@pytest.mark.parametrize(("type_", "properties", "given", "kept", "said"), EXAMPLES)
def test_a_value_is_kept_and_each_way_out_leads_back_to_it(
    type_: str, properties: dict[str, Any], given: Any, kept: Any, said: str
) -> None:
    field = field_of(type_, properties)
    kind = type_of(field)
    assert kind.read(field, given, PARIS) == kept
    for language in ("fr", "en"):
        with translation.override(language):
            assert kind.read(field, kind.typed(field, kept, PARIS), PARIS) == kept
            assert kind.imported(field, text_of(field, kept, PARIS, language), PARIS, language) == kept
            assert kind.read(field, kind.sent(field, kept, PARIS), PARIS) == kept
    with translation.override("en"):
        assert kind.shown(field, kept, PARIS, "en") == said
    of = {"text": str, "number": int, "ref": int, "instant": datetime}
    assert not kind.column or all(isinstance(one, of[kind.column]) for one in kind.indexed(field, kept))


@pytest.mark.parametrize("type_", [type_ for type_ in TYPES if type_ not in ("customer", "service", "member")])
@pytest.mark.parametrize("empty", [None, ""])
def test_an_empty_value_empties_a_field_of_any_type(type_: str, empty: Any) -> None:
    field = field_of(type_, {"choices": WASHES, "columns": PARTS, "rule": "1"})
    assert type_of(field).read(field, empty, PARIS) is None


@pytest.mark.parametrize("type_", list(TYPES))
@pytest.mark.parametrize(
    "value", [{"a": 1}, [[]], [None], 10**400, float("nan"), "\x00", "\ud800", "x" * 100_000, ["1"] * 100_000, -(2**63)]
)
def test_what_no_field_holds_is_refused_with_a_sentence_or_kept_as_it_may_be(type_: str, value: Any) -> None:
    """(G1, G2, L9)"""
    field = field_of(type_, {"choices": WASHES, "columns": PARTS, "rule": "1"})
    kind = type_of(field)
    try:
        kept = kind.read(field, value, PARIS)
    except NotAccepted as refused:
        sentence = str(refused)
    else:
        sentence = ""
        assert kept is None or kind.read(field, kind.typed(field, kept, PARIS), PARIS) == kept
    assert not sentence or sentence.endswith(".")


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("phone", "call me"),
        ("phone", "12"),
        ("email", "vera@"),
        ("email", "a b@example.org"),
        ("url", "javascript:alert(1)"),
        ("url", "data:text/html,x"),
        ("url", "https://"),
        ("url", "https://localhost"),
        ("url", "https://a b.example"),
        ("choice", "Lavage à l’eau"),
        ("choice", 9),
        ("choice", True),
        ("choices", [1, 9]),
        ("lines", [{"c9": 1}]),
        ("lines", [{"c2": "many"}]),
        ("lines", [{"c2": 1, "c3": 1, "c4": 99}]),
        ("lines", [{"c1": "a"}] * 201),
        ("lines", "a | 1 | 2 | 3 | 4"),
        ("total", 3),
    ],
)
def test_what_is_nothing_of_that_kind_is_refused(type_: str, value: Any) -> None:
    """(T3, G3, C9)"""
    field = field_of(type_, {"choices": WASHES, "columns": PARTS, "rule": "1"})
    with pytest.raises(NotAccepted) as caught:
        type_of(field).read(field, value, PARIS)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("type_", "properties", "refused", "taken"),
    [
        ("number", {"decimals": 1, "minimum": 10, "maximum": 25}, ["0.9", "2.6"], ["1", "2.5"]),
        ("money", {"decimals": 2, "currency": "EUR", "minimum": 0}, ["-0.01"], ["0"]),
        ("date", {"minimum": "2026-01-01", "maximum": "2026-12-31"}, ["31/12/2025", "2027-01-01"], ["2026-01-01"]),
    ],
)
def test_limits_are_kept_with_both_ends_included(
    type_: str, properties: dict[str, Any], refused: list[str], taken: list[str]
) -> None:
    field = field_of(type_, properties)
    for value in refused:
        with pytest.raises(NotAccepted):
            type_of(field).read(field, value, PARIS)
    for value in taken:
        assert type_of(field).read(field, value, PARIS) is not None


def test_an_archived_choice_is_told_and_not_chosen_anew() -> None:
    """(C9)"""
    field = field_of("choice", {"choices": [{**WASHES[0], "archived": True}, WASHES[1]]})
    assert type_of(field).shown(field, 1, PARIS, "en") == "With water"
    assert type_of(field).schema(field)["enum"] == [4]
    with pytest.raises(NotAccepted):
        type_of(field).read(field, 1, PARIS)


@pytest.mark.parametrize("kind", ["customer", "service", "member"])
def test_a_look_up_finds_what_the_reader_sees_and_never_gives_away_a_key(
    salon: Business, garage: Business, kind: str
) -> None:
    """(G3)"""
    mine: Any = {"customer": salon.customers["vera"], "service": salon.services["haircut"]}.get(
        kind, salon.members["lea"]
    )
    theirs: Any = {"customer": garage.customers["vera"], "service": garage.services["haircut"]}.get(
        kind, garage.members["lea"]
    )
    setting = Setting(lookups=Known(salon.access("bea")))
    field = field_of(kind, {})
    kept = type_of(field).read(field, str(mine.public_id), setting)
    assert kept == mine.pk
    assert type_of(field).shown(field, kept, setting, "en") == mine.name
    fresh = Setting(lookups=Known(salon.access("bea")))
    assert type_of(field).sent(field, kept, fresh) == str(mine.public_id)
    for wrong in (str(theirs.public_id), str(mine.pk), mine.pk, "", "x" * 50):
        if wrong == "":
            assert type_of(field).read(field, wrong, setting) is None
            continue
        with pytest.raises(NotAccepted):
            type_of(field).read(field, wrong, setting)
    assert type_of(field).sent(field, theirs.pk, setting) is None


def test_days_and_moments_are_copied_so_that_they_can_be_compared() -> None:
    day, moment = field_of("date", {}), field_of("moment", {})
    assert list(type_of(day).indexed(day, "2026-11-27")) == [date(2026, 11, 27).toordinal()]
    assert list(type_of(moment).indexed(moment, "2026-03-11T09:30:00Z")) == [datetime(2026, 3, 11, 9, 30, tzinfo=UTC)]
