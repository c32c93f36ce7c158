"""Money: whole minor units with their currency, and taxes that always add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from babel.numbers import format_currency, get_currency_precision, get_currency_symbol
from django.utils.formats import number_format
from django.utils.translation import get_language

#: A rate is an integer in thousandths of a percent: 20 % is 20_000.
WHOLE = 100_000
_LOCALES = {"fr": "fr_FR", "en": "en_GB"}


@dataclass(frozen=True, slots=True)
class TaxLine:
    """One tax of a price: its name, rate (1/1000 %) and amount (minor units)."""

    name: str
    rate: int
    amount: int


@dataclass(frozen=True, slots=True)
class Price:
    """A price in detail, in minor units of `currency`; net + taxes = total, always."""

    net: int
    taxes: tuple[TaxLine, ...]
    total: int
    currency: str

    def __add__(self, other: Price) -> Price:
        """Sum two prices line by line; taxes of the same name and rate fall together."""
        taxes: dict[tuple[str, int], int] = {}
        for line in (*self.taxes, *other.taxes):
            taxes[line.name, line.rate] = taxes.get((line.name, line.rate), 0) + line.amount
        lines = tuple(TaxLine(name, rate, amount) for (name, rate), amount in taxes.items())
        return Price(self.net + other.net, lines, self.total + other.total, self.currency)


def half_up(numerator: int, denominator: int) -> int:
    """Divide whole non-negative numbers and round halves up."""
    return (2 * numerator + denominator) // (2 * denominator)


def priced(amount: int, taxes: Sequence[tuple[str, int]], *, currency: str, included: bool) -> Price:
    """Return `amount` (minor units, as typed) in detail; `taxes` are (name, rate in 1/1000 %).

    Tax added: each tax is the half-up of net × rate. Tax included: net and taxes are taken half-up from the gross,
    and what rounding leaves goes to the largest of them, so that they always add up.
    """
    if not included:
        lines = tuple(TaxLine(name, rate, half_up(amount * rate, WHOLE)) for name, rate in taxes)
        return Price(amount, lines, amount + sum(line.amount for line in lines), currency)
    whole = WHOLE + sum(rate for _name, rate in taxes)
    amounts = [half_up(amount * WHOLE, whole), *(half_up(amount * rate, whole) for _name, rate in taxes)]
    largest = max(range(len(amounts)), key=lambda i: amounts[i])
    amounts[largest] += amount - sum(amounts)
    lines = tuple(TaxLine(name, rate, part) for (name, rate), part in zip(taxes, amounts[1:], strict=True))
    return Price(amounts[0], lines, amount, currency)


def minor_units(currency: str) -> int:
    """Return how many decimals amounts of `currency` are written with (2 for EUR, 0 for JPY)."""
    return get_currency_precision(currency)


def money_text(amount: int, currency: str, language: str | None = None) -> str:
    """Return an amount of minor units as people write it: « 35,00 € », “CA$35.00”."""
    scale = 10 ** minor_units(currency)
    locale = _LOCALES.get(language or get_language() or "fr", "fr_FR")
    whole, rest = divmod(abs(amount), scale)
    text = f"{'-' if amount < 0 else ''}{whole}.{rest:0{minor_units(currency)}d}" if scale > 1 else str(amount)
    from decimal import Decimal

    return format_currency(Decimal(text), currency, locale=locale)


def currency_sign(currency: str) -> str:
    """Return the sign of a currency as it is written in the active language: "€", "$", "$ CA"."""
    return str(get_currency_symbol(currency, locale=_LOCALES.get(get_language() or "fr", "fr_FR")))


def rate_text(rate: int) -> str:
    """Return a rate in 1/1000 % as people write it: « 9,975 % »."""
    digits = f"{rate / 1000:.3f}".rstrip("0").rstrip(".")
    return number_format(digits) + "\u202f%" if get_language() == "fr" else digits + "%"
