"""Totals: worked out from other fields, never typed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from carnet.customisation.rules import Kind
from carnet.customisation.types.meaning import FieldEntry, NotAccepted, Setting
from carnet.customisation.types.numbers import Money


class Total(Money):
    """What a rule comes to, rounded half up to the field's decimals; an amount of money if it has a currency."""

    key = "total"
    kind = Kind.NUMBER
    properties = frozenset({"decimals", "rule"})

    def read(self, field: FieldEntry, value: Any, setting: Setting) -> int | None:
        if value is None or value == "":
            return None
        raise NotAccepted(_("This is worked out from other fields; it cannot be typed."))
