"""What a new business of each trade begins with besides its services: the hours that are usual there, and a name.

The services themselves are examples of the catalogue's: `carnet.catalogue.examples`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

Window = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Usual:
    """The usual week of a trade in wall minutes, and what such a business may be called."""

    week: Mapping[int, tuple[Window, ...]]
    called: str


def _hours(first: float, last: float) -> Window:
    return int(first * 60), int(last * 60)


def _days(first: int, last: int, *windows: Window) -> dict[int, tuple[Window, ...]]:
    return dict.fromkeys(range(first, last + 1), windows)


_MORNING, _AFTERNOON = _hours(9, 12), _hours(14, 18)
ANY_OTHER: Final = Usual({**_days(0, 4, _MORNING, _AFTERNOON), 5: (_MORNING,)}, "Atelier Vélo")
USUAL: Final[Mapping[str, Usual]] = {
    "salon": Usual(_days(1, 5, _hours(9, 19)), "Salon Lumière"),
    "spa": Usual(_days(1, 6, _hours(10, 20)), "Spa des Sources"),
    "consultant": Usual(_days(0, 4, _MORNING, _AFTERNOON), "Cabinet Morel"),
    "cleaning": Usual(_days(0, 5, _hours(8, 18)), "Maison Nette"),
    "repair": Usual({**_days(0, 4, _hours(8, 12), _hours(13.5, 18)), 5: (_hours(8, 12),)}, "Atelier Vélo"),
    "landscaping": Usual(_days(0, 4, _hours(8, 17)), "Jardins Boréal"),
    "car_wash": Usual(_days(0, 5, _hours(8, 19)), "Lavage Éclair"),
    "delivery": Usual(_days(0, 4, _hours(8, 18)), "Livraisons Express"),
}


def usual_of(trade: str) -> Usual:
    return USUAL.get(trade, ANY_OTHER)
