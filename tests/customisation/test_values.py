"""Values of custom fields: what is stored depends on no language, zone or label, and reads back as it was typed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from carnet.customisation.values import Setting, shown_text, typed_text, validated

PARIS = Setting("Europe/Paris", date(2026, 3, 11))


def one(type_: str, value: Any, setting: Setting = PARIS, **more: Any) -> Any:
    """Return what is stored for `value`, or the sentence that refuses it."""
    field = {"id": 1, "type": type_, "label": {"en": "It"}, **more}
    checked = validated({"sections": [{"fields": [field]}]}, {"f1": value}, setting=setting)
    return checked.errors.get("f1") or checked.clean.get("f1")


def test_text_is_kept_as_typed_in_its_composed_form_on_one_line() -> None:
    """(T1)"""
    assert one("text", "  Ame\u0301lie \n 👩‍🔧 عمر ") == "Amélie 👩‍🔧 عمر"
    assert one("paragraph", "one\r\n two\n") == "one\n two"


@pytest.mark.parametrize("value", ["a\x00b", "\ud800", "x" * 251, 7, ["a"], {"a": 1}])
def test_text_that_cannot_be_stored_is_refused(value: Any) -> None:
    """(G5)"""
    assert one("text", value).endswith("."), "a sentence, not a value"


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("12", 1200),
        ("12,5", 1250),
        ("1 234,56", 123456),
        ("1\u202f234.56", 123456),
        (3, 300),
        (2.25, 225),
        ("-1", -100),
    ],
)
def test_a_number_is_stored_as_a_scaled_whole_number(value: Any, stored: int) -> None:
    assert one("number", value, decimals=2) == stored


@pytest.mark.parametrize(
    "value", ["12,345", "NaN", "Infinity", "1e400", "9" * 30, True, "douze", "1e-9", [], float("inf")]
)
def test_what_is_no_number_of_that_kind_is_refused(value: Any) -> None:
    """(G1)"""
    assert isinstance(one("number", value, decimals=2), str)


@pytest.mark.parametrize("typed", ["27/11/2026", "2026-11-27", "27.11.2026", " 27-11-2026 "])
def test_dates_are_taken_as_people_and_machines_write_them(typed: str) -> None:
    assert one("date", typed) == "2026-11-27"


@pytest.mark.parametrize("typed", ["31/02/2026", "0000-01-01", "27/11/10000", "tomorrow", 20261127])
def test_days_that_do_not_exist_are_refused(typed: Any) -> None:
    """(G5)"""
    with translation.override("en"):
        assert one("date", typed)[:2] in ("Th", "Ty")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("11/03/2026 10:30", "2026-03-11T09:30:00Z"),
        ("10h30", "2026-03-11T09:30:00Z"),
        ("9h", "2026-03-11T08:00:00Z"),
        ("2026-03-11T10:30", "2026-03-11T09:30:00Z"),
        ("2026-03-11T10:30:59+01:00", "2026-03-11T09:30:00Z"),
        ("2026-10-25T02:30+01:00", "2026-10-25T01:30:00Z"),
    ],
)
def test_a_moment_is_an_instant_and_a_time_alone_falls_on_the_day_of_the_visit(typed: str, stored: str) -> None:
    assert one("moment", typed) == stored


def test_a_wall_time_that_the_clocks_jump_over_is_refused() -> None:
    """(B1)"""
    with translation.override("en"):
        assert "clocks" in one("moment", "29/03/2026 02:30")


@pytest.mark.parametrize(
    "instant",
    ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-03-29T01:00:00Z", "2026-07-01T22:15:00Z"],
)
def test_a_moment_reads_back_as_the_same_instant_also_in_the_hour_that_happens_twice(instant: str) -> None:
    """(B2)"""
    field = {"id": 1, "type": "moment", "label": {"en": "It"}}
    assert one("moment", typed_text(field, instant, PARIS)) == instant


@given(st.integers(-(10**12), 10**12), st.integers(0, 6), st.sampled_from(["fr", "en"]))
def test_a_number_reads_back_as_the_same_number_in_both_languages(stored: int, decimals: int, language: str) -> None:
    field = {"id": 1, "type": "number", "label": {"en": "It"}, "decimals": decimals}
    with translation.override(language):
        assert one("number", typed_text(field, stored, PARIS), decimals=decimals) == stored


def test_choices_are_stored_by_id_and_shown_by_label() -> None:
    choices = [{"id": 1, "label": {"fr": "À l’eau", "en": "Wet"}}, {"id": 2, "label": {"fr": "Sans eau", "en": "Dry"}}]
    assert one("choice", "2", choices=choices) == 2
    assert isinstance(one("choice", "Dry", choices=choices), str)
    assert isinstance(one("choice", True, choices=choices), str)
    field = {"id": 1, "type": "choice", "label": {"en": "It"}, "choices": choices}
    assert shown_text(field, 2, PARIS, "fr") == "Sans eau"


def test_an_unknown_key_is_refused_not_dropped() -> None:
    """(G3)"""
    checked = validated({"sections": [{"fields": []}]}, {"f99": "x", "__class__": "y"}, setting=PARIS)
    assert set(checked.errors) == {"f99", "__class__"}


def test_empty_values_of_required_fields_are_named_and_wrong_ones_are_not_called_empty() -> None:
    fields = [
        {"id": 1, "type": "text", "label": {"fr": "Nom", "en": "Name"}, "required": True},
        {"id": 2, "type": "number", "label": {"fr": "Nombre", "en": "Number"}, "required": True},
    ]
    checked = validated({"sections": [{"fields": fields}]}, {"f1": "  ", "f2": "x"}, setting=PARIS)
    assert checked.missing_labels("fr") == ["Nom"]
    assert set(checked.errors) == {"f2"}


@pytest.mark.parametrize(("miles", "awaited"), [(100_000, []), (100_001, ["Last inspection"])])
def test_a_field_awaited_on_a_condition_is_awaited_also_where_no_other_rule_is(miles: int, awaited: list[str]) -> None:
    fields = [
        {"id": 1, "type": "number", "label": {"en": "Mileage"}},
        {"id": 2, "type": "date", "label": {"en": "Last inspection"}, "required_if": "f1 > 100000"},
    ]
    checked = validated({"sections": [{"fields": fields}]}, {"f1": miles}, setting=PARIS)
    assert checked.missing_labels("en") == awaited
