"""What a country proposes to a new business: zone, currency, language, week, taxes. All of it can be changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from babel import Locale
from babel.core import get_global
from babel.numbers import get_territory_currencies


@dataclass(frozen=True, slots=True)
class Country:
    """Proposals for one country; tax rates in thousandths of a percent, as the tax authorities publish them."""

    code: str
    zone: str
    language: str = "en"
    first_weekday: int = 0
    prices_include_tax: bool = True
    #: Name and rate; those of `usual_taxes` are put on new services.
    taxes: tuple[tuple[str, int], ...] = ()
    region: str = ""

    @property
    def currency(self) -> str:
        return str(get_territory_currencies(self.code)[0])


#: Standard and reduced rates of value added tax: European Commission; Canada: Revenu Québec (GST 5 %, QST 9.975 %).
COUNTRIES: Final = (
    Country("FR", "Europe/Paris", "fr", taxes=(("TVA 20 %", 20_000), ("TVA 10 %", 10_000), ("TVA 5,5 %", 5_500))),
    Country("BE", "Europe/Brussels", "fr", taxes=(("TVA 21 %", 21_000), ("TVA 6 %", 6_000))),
    Country("CH", "Europe/Zurich", "fr", taxes=(("TVA 8,1 %", 8_100),)),
    Country("LU", "Europe/Luxembourg", "fr", taxes=(("TVA 17 %", 17_000),)),
    Country(
        "CA",
        "America/Toronto",
        "fr",
        first_weekday=6,
        prices_include_tax=False,
        taxes=(("TPS 5 %", 5_000), ("TVQ 9,975 %", 9_975)),
        region="QC",
    ),
    Country("US", "America/New_York", first_weekday=6, prices_include_tax=False),
    Country("GB", "Europe/London", taxes=(("VAT 20 %", 20_000),)),
    Country("IE", "Europe/Dublin", taxes=(("VAT 23 %", 23_000),)),
    Country("DE", "Europe/Berlin", taxes=(("USt. 19 %", 19_000),)),
    Country("ES", "Europe/Madrid", taxes=(("IVA 21 %", 21_000),)),
    Country("IT", "Europe/Rome", taxes=(("IVA 22 %", 22_000),)),
    Country("PT", "Europe/Lisbon", taxes=(("IVA 23 %", 23_000),)),
    Country("NL", "Europe/Amsterdam", taxes=(("BTW 21 %", 21_000),)),
)
_BY_CODE: Final = {country.code: country for country in COUNTRIES}


def country_of(code: str) -> Country:
    """Return what is proposed for a country; for one without an entry its first zone and its currency."""
    if code in _BY_CODE:
        return _BY_CODE[code]
    zones = [zone for zone, territory in get_global("zone_territories").items() if territory == code and "/" in zone]
    return Country(code, min(zones, default="UTC"))


def country_names(language: str) -> list[tuple[str, str]]:
    """Return the codes and names of all countries with a currency, by name, in `language`."""
    names = {str(code): str(name) for code, name in Locale.parse(language).territories.items()}
    codes = [code for code in names if len(code) == 2 and code.isalpha() and get_territory_currencies(code)]
    return sorted(((code, names[code]) for code in codes), key=lambda pair: pair[1])
