"""Numbers, amounts of money and percentages: kept as whole numbers, scaled by the decimals of their field."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from carnet.base.money import money_text
from carnet.customisation.rules import Kind
from carnet.customisation.types.meaning import RANGE, FieldEntry, FieldType, NotAccepted, Problems, Setting

#: Scaled integers stay exact in JSON for every reader (2⁵³).
LARGEST_NUMBER = 10**15
MOST_DECIMALS = 6


class Number(FieldType):
    """A number; without decimals a whole one."""

    key = "number"
    column = "number"
    kind = Kind.NUMBER
    operators = RANGE
    sortable = True
    may_be_unique = True
    properties = frozenset({"placeholder", "decimals", "minimum", "maximum"})

    def read(self, field: FieldEntry, value: Any, setting: Setting) -> int | None:
        scaled = self.scaled(field, value)
        if scaled is not None:
            self._within(field, scaled, setting)
        return scaled

    def scaled(self, field: FieldEntry, value: Any) -> int | None:
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise NotAccepted(_("This must be a number."))
        typed = str(value)[:40]
        for space in ("\u202f", "\u00a0", " "):
            typed = typed.replace(space, "")
        if not typed:
            return None
        try:
            number = Decimal(typed.replace(",", "."))
        except InvalidOperation:
            raise NotAccepted(_("This must be a number.")) from None
        if not number.is_finite() or abs(number) > LARGEST_NUMBER:
            raise NotAccepted(_("This number is too large."))
        decimals = decimals_of(field)
        scaled = number.scaleb(decimals)
        if scaled != scaled.to_integral_value():
            if decimals:
                raise NotAccepted(_("At most %(count)d decimals are kept.") % {"count": decimals})
            raise NotAccepted(_("This must be a whole number."))
        if abs(scaled) > LARGEST_NUMBER:
            raise NotAccepted(_("This number is too large."))
        return int(scaled)

    def _within(self, field: FieldEntry, scaled: int, setting: Setting) -> None:
        least, most = field.get("minimum"), field.get("maximum")
        if least is not None and scaled < least:
            raise NotAccepted(_("At least %(least)s.") % {"least": self.shown(field, least, setting, "")})
        if most is not None and scaled > most:
            raise NotAccepted(_("At most %(most)s.") % {"most": self.shown(field, most, setting, "")})

    def typed(self, field: FieldEntry, value: Any, setting: Setting) -> str:
        return str(number_format(unscaled(field, value), use_l10n=True, force_grouping=False))

    def shown(self, field: FieldEntry, value: Any, setting: Setting, language: str) -> str:
        return str(number_format(unscaled(field, value), use_l10n=True, force_grouping=True))

    def exported(self, field: FieldEntry, value: Any, setting: Setting, language: str) -> str:
        return f"{unscaled(field, value):f}"

    def sent(self, field: FieldEntry, value: Any, setting: Setting) -> Any:
        return float(unscaled(field, value)) if decimals_of(field) else value

    def schema(self, field: FieldEntry) -> dict[str, Any]:
        decimals = decimals_of(field)
        if not decimals:
            return {"type": "integer"}
        return {"type": "number", "multipleOf": float(Decimal(1).scaleb(-decimals))}

    def ruled(self, field: FieldEntry, value: Any) -> Fraction:
        return Fraction(value, 10 ** decimals_of(field))

    def problems(self, field: FieldEntry) -> Problems:
        decimals = field.get("decimals", 0)
        if type(decimals) is not int or not 0 <= decimals <= MOST_DECIMALS:
            yield "decimals", _("A number keeps up to six decimals.")
        least, most = field.get("minimum"), field.get("maximum")
        for name, bound in (("minimum", least), ("maximum", most)):
            if bound is not None and (type(bound) is not int or abs(bound) > LARGEST_NUMBER):
                yield name, _("This must be a number.")
                return
        if least is not None and most is not None and most < least:
            yield "maximum", _("The largest value is smaller than the smallest.")


class Money(Number):
    """An amount in the currency that the field was made with, in its minor unit."""

    key = "money"
    kind = Kind.MONEY
    may_be_unique = False
    properties = frozenset({"placeholder", "minimum", "maximum"})

    def shown(self, field: FieldEntry, value: Any, setting: Setting, language: str) -> str:
        currency = field.get("currency")
        return money_text(value, currency) if currency else super().shown(field, value, setting, language)


class Percent(Number):
    """A percentage: 12.5 is kept as 12.5 and is an eighth to a rule."""

    key = "percent"
    may_be_unique = False

    def shown(self, field: FieldEntry, value: Any, setting: Setting, language: str) -> str:
        return _("%(number)s %%") % {"number": super().shown(field, value, setting, language)}

    def ruled(self, field: FieldEntry, value: Any) -> Fraction:
        return super().ruled(field, value) / 100


def decimals_of(field: FieldEntry) -> int:
    decimals: int = field.get("decimals") or 0
    return decimals


def unscaled(field: FieldEntry, value: int) -> Decimal:
    return Decimal(value).scaleb(-decimals_of(field))
