"""Money: the worked examples of docs/development/money.md, and the law that net and taxes make the total."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.base.money import Price, TaxLine, half_up, money_text, priced

QUEBEC = (("TPS", 5_000), ("TVQ", 9_975))
VAT = (("TVA 20 %", 20_000),)

amounts = st.integers(min_value=0, max_value=10**12)
rates = st.lists(st.tuples(st.sampled_from("ABCDE"), st.integers(min_value=0, max_value=100_000)), max_size=5)


def test_tax_on_top_is_rounded_line_by_line():
    price = priced(18_000, QUEBEC, currency="CAD", included=False)
    assert price == Price(18_000, (TaxLine("TPS", 5_000, 900), TaxLine("TVQ", 9_975, 1_796)), 20_696, "CAD")


def test_included_tax_leaves_the_typed_price_alone():
    price = priced(10_000, QUEBEC, currency="CAD", included=True)
    assert price == Price(8_697, (TaxLine("TPS", 5_000, 435), TaxLine("TVQ", 9_975, 868)), 10_000, "CAD")


def test_two_services_cost_the_sum_of_their_lines():
    one = priced(1_000, VAT, currency="EUR", included=True)
    assert one + one == Price(1_666, (TaxLine("TVA 20 %", 20_000, 334),), 2_000, "EUR")
    assert priced(2_000, VAT, currency="EUR", included=True).net == 1_667


@given(amounts, rates, st.booleans())
def test_net_and_taxes_always_make_the_total(amount, taxes, included):
    price = priced(amount, taxes, currency="EUR", included=included)
    assert price.net + sum(line.amount for line in price.taxes) == price.total
    assert (price.total if included else price.net) == amount


@given(amounts, rates, st.booleans())
def test_no_part_of_a_price_is_negative(amount, taxes, included):
    price = priced(amount, taxes, currency="EUR", included=included)
    assert price.net >= 0
    assert all(line.amount >= 0 for line in price.taxes)


@pytest.mark.parametrize(("numerator", "denominator", "rounded"), [(1, 2, 1), (3, 2, 2), (149, 100, 1), (0, 7, 0)])
def test_halves_are_rounded_up(numerator, denominator, rounded):
    assert half_up(numerator, denominator) == rounded


@pytest.mark.parametrize(
    ("amount", "currency", "language", "text"),
    [
        (4_800, "EUR", "fr", "48,00\u00a0€"),
        (4_800, "EUR", "en", "€48.00"),
        (4_800, "JPY", "en", "JP¥4,800"),
        (-5, "EUR", "en", "-€0.05"),
    ],
)
def test_amounts_read_as_the_reader_writes_them(amount, currency, language, text):
    assert money_text(amount, currency, language) == text
