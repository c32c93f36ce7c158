"""What a country proposes to a new business: zone, currency, language, week, taxes. All of it can be changed."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final
from zoneinfo import available_timezones

import holidays
from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.languages import get_official_languages
from babel.numbers import get_currency_name, get_territory_currencies

Taxes = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Country:
    """Proposals for one country or one region of it; tax rates in thousandths of a percent."""

    code: str
    region: str
    zone: str
    currency: str
    language: str
    first_weekday: int
    prices_include_tax: bool
    #: Name, as on the bill, and rate.
    taxes: Taxes


#: Standard rate first, then the reduced ones: for the European Union those published by the European Commission.
_VALUE_ADDED: Final[Mapping[str, tuple[str, tuple[int, ...]]]] = {
    "FR": ("TVA", (20_000, 10_000, 5_500)),
    "MC": ("TVA", (20_000, 10_000, 5_500)),
    "BE": ("TVA", (21_000, 12_000, 6_000)),
    "LU": ("TVA", (17_000, 14_000, 8_000)),
    "CH": ("TVA", (8_100, 2_600)),
    "GB": ("VAT", (20_000, 5_000)),
    "IE": ("VAT", (23_000, 13_500)),
    "DE": ("USt.", (19_000, 7_000)),
    "AT": ("USt.", (20_000, 10_000)),
    "ES": ("IVA", (21_000, 10_000)),
    "IT": ("IVA", (22_000, 10_000)),
    "PT": ("IVA", (23_000, 13_000, 6_000)),
    "NL": ("BTW", (21_000, 9_000)),
}
#: Canada: the province's zone, and what is added to each price: French name, English name, rate.
_GST: Final = ("TPS", "GST", 5_000)
_PROVINCES: Final[Mapping[str, tuple[str, tuple[tuple[str, str, int], ...]]]] = {
    "QC": ("America/Toronto", (_GST, ("TVQ", "QST", 9_975))),
    "ON": ("America/Toronto", (("TVH", "HST", 13_000),)),
    "NB": ("America/Halifax", (("TVH", "HST", 15_000),)),
    "NS": ("America/Halifax", (("TVH", "HST", 14_000),)),
    "PE": ("America/Halifax", (("TVH", "HST", 15_000),)),
    "NL": ("America/St_Johns", (("TVH", "HST", 15_000),)),
    "BC": ("America/Vancouver", (_GST, ("TVP", "PST", 7_000))),
    "MB": ("America/Winnipeg", (_GST, ("TVD", "RST", 7_000))),
    "SK": ("America/Regina", (_GST, ("TVP", "PST", 6_000))),
    "AB": ("America/Edmonton", (_GST,)),
    "NT": ("America/Edmonton", (_GST,)),
    "NU": ("America/Iqaluit", (_GST,)),
    "YT": ("America/Whitehorse", (_GST,)),
}
#: Where most people of a country with several zones live.
_MAIN_ZONES: Final[Mapping[str, str]] = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CL": "America/Santiago",
    "DE": "Europe/Berlin",
    "ES": "Europe/Madrid",
    "ID": "Asia/Jakarta",
    "MX": "America/Mexico_City",
    "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "US": "America/New_York",
}
_TAX_ADDED: Final = frozenset({"CA", "US"})
#: Where most readers of French live in a country whose regions differ.
_FRENCH_REGION: Final[Mapping[str, str]] = {"CA": "QC"}


def first_region(code: str, language: str) -> str:
    """Return the region to propose to a reader of `language` who has chosen none yet, "" for the whole country."""
    return _FRENCH_REGION.get(code, "") if language == "fr" else ""


def country_of(code: str, region: str = "", language: str = "") -> Country:
    """Return what a country, or a region of it, proposes to a reader of `language`; an unknown one counts as none."""
    if region not in dict(region_names(code, language or "fr")):
        region = ""
    spoken = _language(code, region, language)
    found = Country(
        code=code,
        region=region,
        zone=zones_of(code)[0] if zones_of(code) else "UTC",
        currency=(get_territory_currencies(code) or ["EUR"])[0],
        language=spoken,
        first_weekday=_first_weekday(code),
        prices_include_tax=code not in _TAX_ADDED,
        taxes=_value_added(code, spoken),
    )
    if code == "CA" and region in _PROVINCES:
        zone, added = _PROVINCES[region]
        names = [(french if spoken == "fr" else english, rate) for french, english, rate in added]
        found = replace(found, zone=zone, taxes=_written(names, spoken))
    return found


def _language(code: str, region: str, reader: str) -> str:
    spoken = get_official_languages(code, de_facto=True)
    if code == "CA" and region not in ("", "NB"):
        return "fr" if region == "QC" else "en"
    if "fr" in spoken and "en" in spoken:
        return reader if reader in ("fr", "en") else "en"
    return "fr" if "fr" in spoken else "en"


def _value_added(code: str, language: str) -> Taxes:
    name, rates = _VALUE_ADDED.get(code, ("", ()))
    return _written([(name, rate) for rate in rates], language)


def _written(taxes: list[tuple[str, int]], language: str) -> Taxes:
    return tuple((f"{name} {percent(rate, language)}", rate) for name, rate in taxes)


def percent(rate: int, language: str) -> str:
    """Return a rate in thousandths of a percent as it is written: « 5,5 % », “5.5%”."""
    digits = f"{rate / 1000:.3f}".rstrip("0").rstrip(".")
    return digits.replace(".", ",") + " %" if language == "fr" else digits + "%"


def _first_weekday(code: str) -> int:
    try:
        return int(Locale.parse(f"und_{code}").first_week_day)
    except (UnknownLocaleError, ValueError):
        return 0


@lru_cache(maxsize=1)
def known_zones() -> frozenset[str]:
    """Return the names of the zones that this machine knows, without those that are only other names of UTC."""
    return frozenset(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")) | {"UTC"}


def zones_of(code: str) -> list[str]:
    """Return the zones of a country, the one most people live in first."""
    zones = [zone for zone in get_global("territory_zones").get(code, ()) if zone in known_zones()]
    main = _MAIN_ZONES.get(code)
    return sorted(zones, key=lambda zone: (zone != main, zones.index(zone)))


@lru_cache(maxsize=8)
def country_names(language: str) -> tuple[tuple[str, str], ...]:
    """Return the codes and names of all countries with a currency, by name, in `language`."""
    named = [(code, name) for code, name in _territories(language) if get_territory_currencies(code)]
    return tuple(sorted(named, key=lambda pair: _plain(pair[1])))


def _territories(language: str) -> list[tuple[str, str]]:
    names = ((str(code), str(name)) for code, name in Locale.parse(language).territories.items())
    return [(code, name) for code, name in names if len(code) == 2 and code.isalpha()]


def _plain(name: str) -> str:
    # É lies beside E in every list that people read.
    return "".join(letter for letter in unicodedata.normalize("NFKD", name) if letter.isalnum()).casefold()


@lru_cache(maxsize=64)
def region_names(code: str, language: str) -> tuple[tuple[str, str], ...]:
    """Return codes and names of the regions of a country whose holidays or taxes differ, by name; often none."""
    try:
        calendar = holidays.country_holidays(code)
    except NotImplementedError:
        return ()
    spellings: dict[str, list[str]] = {}
    for name, region in calendar.subdivisions_aliases.items():
        spellings.setdefault(region, []).append(name)
    named = []
    for region, names in spellings.items():
        # Abbreviations stand among the names; of two languages, French comes last.
        whole = [name for name in names if len(name) >= 5] or [max(names, key=len)]
        named.append((region, whole[-1] if language == "fr" else whole[0]))
    return tuple(sorted(named, key=lambda pair: _plain(pair[1])))


@lru_cache(maxsize=8)
def currency_names(language: str) -> tuple[tuple[str, str], ...]:
    """Return the codes and names of the currencies that some country uses now, by code."""
    codes = {currency for code, _name in _territories(language) for currency in get_territory_currencies(code)}
    return tuple((code, f"{code} – {get_currency_name(code, locale=language)}") for code in sorted(codes))
