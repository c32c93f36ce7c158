"""The language of conditions and totals: exact, closed, and never surprised by what is typed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.customisation import rules
from carnet.customisation.rule_words import sentence_of
from carnet.customisation.rules import Kind, RuleError, Variable, checked, in_order, rounded, value_of
from carnet.customisation.rules.grammar import MOST_PARTS
from carnet.customisation.rules.words import LONGEST

FIELDS = {
    "f1": Variable(Kind.NUMBER),
    "f2": Variable(Kind.MONEY),
    "f3": Variable(Kind.TEXT),
    "f4": Variable(Kind.YES_NO),
    "f5": Variable(Kind.DATE),
    "f6": Variable(Kind.MOMENT),
    "f7": Variable(Kind.CHOICE, choices=frozenset([1, 2])),
    "f8": Variable(Kind.CHOICES, choices=frozenset([1, 2, 3])),
    "f9": Variable(
        Kind.LINES,
        columns={"c1": Variable(Kind.TEXT), "c2": Variable(Kind.NUMBER), "c3": Variable(Kind.MONEY)},
    ),
    "f10": Variable(Kind.OTHER),
    "f11": Variable(Kind.LINES, columns={"c1": Variable(Kind.NUMBER)}),
}
ANY = (Kind.NUMBER, Kind.MONEY, Kind.YES_NO)


def come_to(source: str, **values: Any) -> Any:
    return value_of(checked(source, FIELDS, ANY), values)


@pytest.mark.parametrize(
    ("source", "values", "result"),
    [
        ("f7 = #1", {"f7": 1}, True),
        ("f7 = #1", {}, False),
        ("f7 != #1", {}, True),
        ("#2 = f7", {"f7": 2}, True),
        ("f8 contains #3", {"f8": frozenset([1, 3])}, True),
        ("f8 contient #2", {"f8": frozenset([1, 3])}, False),
        ("f3 is empty", {}, True),
        ("f3 is not empty", {"f3": "x"}, True),
        ("f10 est vide", {"f10": "a file"}, False),
        ("f4", {"f4": True}, True),
        ("f4 = false", {}, True),
        ("not f4 and f1 > 3", {"f1": Fraction(4)}, True),
        ("f1 > 3", {}, False),
        ("f1 ≤ 3", {}, False),
        ('f3 = "DIESEL"', {"f3": "Diesel"}, True),
        ('f3 contains "es"', {"f3": "Diesel"}, True),
        ('f5 >= "2026-11-27"', {"f5": date(2026, 11, 27)}, True),
        ('f6 < "2026-11-27T10:00:00+01:00"', {"f6": datetime(2026, 11, 27, 8, tzinfo=UTC)}, True),
        ("f2 > 100", {"f2": Fraction(10001, 100)}, True),
        ("f4 or f1 = 1 and f1 = 2", {"f4": True}, True),
        ("not (f4 or f1 = 1)", {"f1": Fraction(1)}, False),
        ("count(f9) > 1", {"f9": ({}, {})}, True),
    ],
)
def test_a_condition_says_yes_or_no(source: str, values: dict[str, Any], result: bool) -> None:
    assert come_to(source, **values) is result


@pytest.mark.parametrize(
    ("source", "values", "result"),
    [
        ("1 + 2 * 3", {}, 7),
        ("(1 + 2) * 3", {}, 9),
        ("7 - 2 - 1", {}, 4),
        ("-f1 + 10", {"f1": Fraction(4)}, 6),
        ("0.1 + 0.2", {}, Fraction(3, 10)),
        ("f1 / 3 * 3", {"f1": Fraction(1)}, 1),
        ("f1 / 0", {"f1": Fraction(1)}, None),
        ("f1 + f1", {}, None),
        ("f1 + 2", {}, 2),
        ("f1 * 2", {}, None),
        ("f2 * f1", {"f1": Fraction(3), "f2": Fraction(1999, 100)}, Fraction(5997, 100)),
        ("f2 / f2", {"f2": Fraction(5)}, 1),
        ("round(2.345, 2)", {}, Fraction(235, 100)),
        ("round(2.5)", {}, 3),
        ("arrondi(-2.5)", {}, -3),
        ("min(3; f1, 2)", {"f1": Fraction(5)}, 2),
        ("max(3, f1)", {}, 3),
        ("if(f4, 1, 2)", {"f4": True}, 1),
        ("si(f4; 1; 2)", {}, 2),
    ],
)
def test_a_total_is_exact_and_empty_where_there_is_nothing_to_count(
    source: str, values: dict[str, Any], result: Any
) -> None:
    assert come_to(source, **values) == result


def test_lines_are_summed_line_by_line() -> None:
    """Quantity × unit price, and what a line lacks is not counted."""
    lines = (
        {"c1": "Filtre", "c2": Fraction(2), "c3": Fraction(1250, 100)},
        {"c1": "Huile", "c2": Fraction(9, 2), "c3": Fraction(899, 100)},
        {"c1": "Joint", "c2": None, "c3": Fraction(1)},
    )
    total = come_to("sum(f9.c2 × f9.c3) + f2", f9=lines, f2=Fraction(60))
    assert rounded(total, 2) == 2500 + 4046 + 6000, "4.5 × 8.99 is 40.455, half up at the end"
    assert come_to("somme(f9.c3)") is None
    assert come_to("count(f9)", f9=lines) == 3


@pytest.mark.parametrize(
    ("source", "code", "at"),
    [
        ("", "nothing", 0),
        ("   ", "nothing", 0),
        ("f1 +", "ends_early", 4),
        ("(f4", "ends_early", 3),
        ("f4)", "unexpected", 2),
        ("f4 f4", "unexpected", 3),
        ("f1 = 1 = 1", "unexpected", 7),
        ("f99 = 1", "unknown_field", 0),
        ("f9.c9", "unknown_field", 0),
        ("f1.c1", "unknown_field", 0),
        ("a.b.c = 1", "unknown_field", 0),
        ("f7 = #9", "unknown_choice", 5),
        ('f7 = "Wet"', "do_not_fit", 3),
        ("f7 = f7", "do_not_fit", 0),
        ("f1 = f3", "do_not_fit", 3),
        ("f2 + 1", "do_not_fit", 3),
        ("f2 * f2", "do_not_fit", 3),
        ("1 / f2", "do_not_fit", 2),
        ("f1 and f4", "wrong_kind", 0),
        ("not f1", "wrong_kind", 4),
        ("f3 + 1", "wrong_kind", 0),
        ("f3", "wrong_result", 0),
        ('f3 < "b"', "no_order", 3),
        ("f4 < f4", "no_order", 3),
        ('f5 > "tomorrow"', "no_day", 5),
        ('f6 > "2026-11-27T10:00"', "no_day", 5),
        ("f9.c2 * 2", "column_outside_sum", 0),
        ("sum(f1)", "needs_column", 0),
        ("sum(f9)", "needs_column", 4),
        ("sum(sum(f9.c2))", "sum_in_sum", 4),
        ("sum(f9.c2 * f11.c1)", "two_lists", 12),
        ("count(f1)", "not_a_list", 6),
        ("(1 + 2) is empty", "not_a_field", 8),
        ("if(f4, 1)", "wrong_count", 0),
        ("if(f4, 1, f2)", "do_not_fit", 0),
        ("round(f1, f1)", "no_places", 0),
        ("round(f1, 0.5)", "no_places", 0),
        ("1.2.3 > 1", "no_number", 0),
        ("1234567890123456 > 1", "no_number", 0),
        ("f1 $ 2", "unknown_sign", 3),
        ('f3 = "open', "open_text", 5),
        ("f1; f2", "unexpected", 2),
        ("__class__ = 1", "unknown_field", 0),
        ("f3.__class__ is empty", "unknown_field", 0),
        ("(" * 40 + "1" + ")" * 40, "too_deep", 21),
        ("-" * 40 + "1", "too_deep", 21),
        ("1+" * 200 + "1", "too_many_parts", 249),
        ("1" + " " * LONGEST, "too_long", LONGEST),
    ],
)
def test_what_is_no_rule_is_refused_with_its_place(source: str, code: str, at: int) -> None:
    """(L7)"""
    with pytest.raises(RuleError) as caught:
        checked(source, FIELDS, ANY)
    assert (caught.value.code, caught.value.at) == (code, at)


def test_a_total_beyond_all_use_is_refused_and_not_computed_for_ever() -> None:
    """(L9)"""
    product = "f1" + " * f1" * 100
    with pytest.raises(RuleError) as caught:
        come_to(product, f1=Fraction(10**15))
    assert caught.value.code == "too_large"
    with pytest.raises(RuleError):
        come_to("1 / (f1 * f1) * 0 + f1 * f1", f1=Fraction(10**15))


def test_rules_are_worked_out_after_what_they_ask_for() -> None:
    assert in_order({"a": ["b", "c"], "b": ["c"], "c": ["x"]}) == ("c", "b", "a")


@pytest.mark.parametrize("asks", [{"a": ["a"]}, {"a": ["b"], "b": ["c"], "c": ["a"]}])
def test_rules_that_ask_for_themselves_are_refused(asks: dict[str, list[str]]) -> None:
    with pytest.raises(RuleError) as caught:
        in_order(asks)
    assert (caught.value.code, caught.value.about) == ("cycle", "a")


WORDS = (
    'f1 f2 f3 f4 f5 f7 f8 f9 f9.c2 f9.c3 f99 #1 #9 1 0 2.5 "x" ( ) + - * / = != < >= and or not is empty contains '
    "sum( count( if( round( min( , true é é \x00 ． ٣ 0x1 1e9 __import__ lambda {{ %s"
)
PIECES = st.sampled_from(WORDS.split(" "))
AMOUNT = st.none() | st.fractions(-(10**15), 10**15, max_denominator=10**6)
LINE = st.fixed_dictionaries({"c1": st.none() | st.text(), "c2": AMOUNT, "c3": AMOUNT})
VALUES = st.fixed_dictionaries(
    {
        "f1": AMOUNT,
        "f2": AMOUNT,
        "f3": st.none() | st.text(),
        "f4": st.none() | st.booleans(),
        "f5": st.none() | st.dates(),
        "f7": st.none() | st.integers(1, 2),
        "f8": st.none() | st.frozensets(st.integers(1, 3)),
        "f9": st.none() | st.lists(LINE, max_size=5).map(tuple),
    }
)


@settings(max_examples=300)
@given(st.text(max_size=LONGEST + 10) | st.lists(PIECES, max_size=MOST_PARTS).map(" ".join), VALUES)
def test_no_text_does_anything_but_give_a_value_or_be_refused(source: str, values: dict[str, Any]) -> None:
    """(L7, L9, G1)"""
    refused: RuleError | None
    try:
        rule = checked(source, FIELDS, ANY)
        result = value_of(rule, values)
    except RuleError as error:
        refused = error
    else:
        refused = None
    if refused is not None:
        assert 0 <= refused.at <= len(source)
        return
    assert result is None or isinstance(result, bool if rule.kind is Kind.YES_NO else Fraction)
    assert value_of(checked(source, FIELDS, ANY), values) == result


def joined(pair: tuple[tuple[str, int], str, tuple[str, int]]) -> tuple[str, int]:
    (left, first), sign, (right, second) = pair
    result = {"+": first + second, "-": first - second, "*": first * second}[sign]
    return f"({left} {sign} {right})", result


EXPRESSIONS = st.recursive(
    st.integers(0, 999).map(lambda number: (str(number), number)),
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(joined),
    max_leaves=8,
)


@given(EXPRESSIONS)
def test_arithmetic_is_that_of_whole_numbers(expression: tuple[str, int]) -> None:
    source, expected = expression
    if abs(expected) <= 10**15:
        assert value_of(checked(source, FIELDS, ANY), {}) == expected


@given(st.fractions(-(10**6), 10**6), st.integers(0, 4))
def test_rounding_is_half_away_from_zero(value: Fraction, decimals: int) -> None:
    whole = rounded(value, decimals)
    distance = abs(value * 10**decimals - whole)
    assert distance <= Fraction(1, 2)
    if distance == Fraction(1, 2):
        assert abs(whole) > abs(value * 10**decimals)


def test_each_refusal_has_a_sentence_in_both_languages() -> None:
    """One that nobody wrote would tell of conditions and totals, which only "wrong_result" means."""
    files = Path(rules.__file__).parent.glob("*.py")
    codes = {code for file in files for code in re.findall(r'RuleError\("(\w+)"', file.read_text())}
    assert len(codes) > 20
    for language in ("fr", "en"):
        with translation.override(language):
            said = {code: sentence_of(RuleError(code, 3, "f1")) for code in codes}
            fallback = sentence_of(RuleError("wrong_result"))
        assert [code for code, sentence in said.items() if fallback in sentence] == ["wrong_result"]
        assert not any("%(" in sentence for sentence in said.values())
