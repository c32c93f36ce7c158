"""What a field is to a rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Kind(Enum):
    NUMBER = "number"
    MONEY = "money"
    TEXT = "text"
    YES_NO = "yes_no"
    DATE = "date"
    MOMENT = "moment"
    CHOICE = "choice"
    CHOICES = "choices"
    LINES = "lines"
    #: Anything else (a picture, a look-up): it can only be empty or not.
    OTHER = "other"


#: What can be added, multiplied and made a total of.
AMOUNTS = (Kind.NUMBER, Kind.MONEY)
#: What comes before or after something else of its kind.
ORDERED = (Kind.NUMBER, Kind.MONEY, Kind.DATE, Kind.MOMENT)


@dataclass(frozen=True)
class Variable:
    """A field as a rule may name it: its kind, the ids of its choices, the columns of its lines."""

    kind: Kind
    choices: frozenset[int] = frozenset()
    columns: Mapping[str, Variable] = field(default_factory=dict)
