"""Examples of catalogues for eight trades: one plain file each, in both languages, with prices in euros.

Other currencies get what such a price is there about, rounded as prices are.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from carnet.base.money import minor_units

#: In the order in which they are offered.
TRADES = ("salon", "spa", "consultant", "cleaning", "repair", "landscaping", "car_wash", "delivery")
LANGUAGES = ("en", "fr")
#: What a price of one euro is in other currencies, about; a currency that is not here counts like the euro.
ABOUT = {
    "USD": 1.25, "CAD": 1.5, "AUD": 1.7, "NZD": 1.8, "GBP": 0.9, "CHF": 1.25, "SEK": 11, "NOK": 11.5, "DKK": 7.5,
    "PLN": 3, "CZK": 18, "HUF": 250, "RON": 3.5, "BGN": 1.5, "MAD": 6, "TND": 1.5, "DZD": 60, "XOF": 400, "XAF": 400,
    "XPF": 120, "TRY": 25, "INR": 40, "JPY": 150, "CNY": 5, "KRW": 1400, "BRL": 4, "MXN": 15, "ZAR": 12,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """A trade and what its file says; `services` as they stand there."""

    trade: str
    name: Mapping[str, str]
    services: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """A service of an example in one language and currency; minutes, and minor units."""

    name: str
    category: str
    description: str
    usual: int
    shortest: int | None
    longest: int | None
    price: int
    hourly: bool
    place: str
    asks_job_sheet: bool


@cache
def examples() -> tuple[Example, ...]:
    """Return the examples of all trades."""
    return tuple(_read(trade) for trade in TRADES)


def example_of(trade: str) -> Example | None:
    return next((one for one in examples() if one.trade == trade), None)


def _read(trade: str) -> Example:
    told = tomllib.loads((files(__name__) / f"{trade}.toml").read_text(encoding="utf-8"))
    return Example(trade, told["name"], tuple(told["services"]))


def written_for(example: Example, language: str, currency: str) -> list[Offer]:
    """Return the services of an example as people of that language and currency write them."""
    language = language if language in LANGUAGES else "en"
    return [_offer(told, language, currency) for told in example.services]


def _offer(told: Mapping[str, Any], language: str, currency: str) -> Offer:
    shortest, usual, longest = told["minutes"] if isinstance(told["minutes"], list) else (None, told["minutes"], None)
    return Offer(
        name=told["name"][language],
        category=told["category"][language],
        description=told["description"][language],
        usual=usual,
        shortest=shortest,
        longest=longest,
        price=price_in(currency, told["price"]),
        hourly=told.get("hourly", False),
        place=told.get("place", "business"),
        asks_job_sheet=told.get("job_sheet", False),
    )


def price_in(currency: str, euros: int) -> int:
    """Return in minor units what a price of so many euros is about, rounded to two or three digits."""
    amount = euros * ABOUT.get(currency, 1)
    step = 1 if amount < 200 else 5 if amount < 1000 else 100 if amount < 20_000 else 500
    rounded = max(step if euros else 0, round(amount / step) * step)
    return rounded * int(10 ** minor_units(currency))
