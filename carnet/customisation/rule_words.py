"""What a rule that is refused says to people, in the active language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from carnet.customisation.rules import RuleError


def sentence_of(error: RuleError, called: Mapping[str, str] | None = None) -> str:
    """Return what is wrong with the rule, and where; `called` says what the fields of the layout are called."""
    said = _said(error.code) % {"word": (called or {}).get(error.about) or error.about}
    if error.code in ("cycle", "wrong_result", "nothing", "too_long", "too_large"):
        return said
    return _("Character %(place)d: %(sentence)s") % {"place": error.at + 1, "sentence": said}


def _said(code: str) -> str:
    match code:
        case "nothing":
            return _("Type a rule.")
        case "too_long":
            return _("This rule is too long to be understood by anybody; shorten it.")
        case "too_deep" | "too_many_parts":
            return _("This rule has too many parts; shorten it.")
        case "unknown_sign":
            return _("“%(word)s” means nothing in a rule.")
        case "open_text":
            return _("The text that begins here has no closing quotation mark.")
        case "no_number":
            return _("“%(word)s” is not a number.")
        case "ends_early":
            return _("Something is missing at the end.")
        case "unexpected":
            return _("“%(word)s” does not belong here.")
        case "unknown_field":
            return _("There is no field “%(word)s”, or it was removed.")
        case "unknown_choice":
            return _("“%(word)s” is not a choice of this list.")
        case "wrong_kind":
            return _("“%(word)s” cannot be used with this field.")
        case "do_not_fit":
            return _("The two sides of “%(word)s” do not fit together.")
        case "no_order":
            return _("These do not come one after the other: use = or ≠.")
        case "no_day":
            return _("“%(word)s” is not a date; write it as 2026-11-27.")
        case "needs_column":
            return _("Say which column of the list is meant.")
        case "column_outside_sum":
            return _("“%(word)s” is the column of a list: it can only be summed.")
        case "sum_in_sum":
            return _("A sum cannot contain another sum.")
        case "two_lists":
            return _("A sum runs over one list, not over two.")
        case "not_a_list":
            return _("Only the lines of a list can be counted.")
        case "not_a_field":
            return _("Only a field can be empty.")
        case "wrong_count":
            return _("“%(word)s” needs another number of parts.")
        case "no_places":
            return _("Round to 0 to 6 decimals.")
        case "cycle":
            return _("The rule of “%(word)s” depends on itself.")
        case "too_large":
            return _("This total is too large.")
    return _("A condition must come to yes or no, a total to a number or an amount.")
