"""What a rule comes to, worked out in exact fractions.

An empty field counts as nothing beside + and -, makes × and ÷ empty, is equal to nothing but another empty one, and
lies neither before nor after anything. Dividing by zero gives nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from carnet.customisation.rules.checking import Rule
from carnet.customisation.rules.errors import RuleError
from carnet.customisation.rules.grammar import Literal, Name, Node, Operation

#: What a field holds: a choice by its id, lines as values by column; None where it is empty.
Value = Fraction | str | bool | date | datetime | int | frozenset[int] | tuple[Mapping[str, "Value | None"], ...] | None
Values = Mapping[str, Value]
#: No total is larger, nor exacter than this many digits: no chain of products grows without end.
LARGEST = 10**15
_MOST_BITS = 4096


def value_of(rule: Rule, values: Values) -> Value:
    """Return what `rule` comes to with these values; one that is not given is empty.

    A condition comes to True or False, a total to an exact number or, where nothing is to be counted, None. Raises
    RuleError ("too_large") for a number beyond all use.
    """
    found: Value = _worked_out(rule.tree, values, {})
    if isinstance(found, Fraction) and abs(found) > LARGEST:
        raise RuleError("too_large")
    return found


def rounded(value: Fraction, decimals: int) -> int:
    """Return a number scaled by `decimals` as a whole one, halves away from zero."""
    scaled = abs(value) * 10**decimals
    whole: int = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return whole if value >= 0 else -whole


def _worked_out(node: Node, values: Values, line: Mapping[str, Any]) -> Any:
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Name):
        return line.get(node.column) if node.column else values.get(node.name)
    match node.sign:
        case "sum":
            return _sum(node, values)
        case "and":
            return all(_worked_out(part, values, line) for part in node.parts)
        case "or":
            return any(_worked_out(part, values, line) for part in node.parts)
        case "if":
            condition, then, otherwise = node.parts
            return _worked_out(then if _worked_out(condition, values, line) else otherwise, values, line)
    found = [_worked_out(part, values, line) for part in node.parts]
    match node.sign:
        case "not":
            return not found[0]
        case "empty":
            return found[0] in (None, "", False) or found[0] == () or found[0] == frozenset()
        case "count":
            return Fraction(len(found[0] or ()))
        case "=" | "!=":
            return _equal(*found) == (node.sign == "=")
        case "<" | "<=" | ">" | ">=":
            return _ordered(node.sign, *found)
        case "contains":
            return _contains(*found)
    return _amount(node.sign, found)


def _sum(node: Operation, values: Values) -> Fraction | None:
    lines, part = node.parts
    assert isinstance(lines, Name)
    known: Any = values.get(lines.name) or ()
    found = [_worked_out(part, values, line) for line in known]
    counted = [amount for amount in found if amount is not None]
    if not counted:
        return None
    total = Fraction(0)
    for amount in counted:
        total = _bounded(total + amount)
    return total


def _amount(sign: str, found: list[Fraction | None]) -> Fraction | None:
    known = [Fraction(value) for value in found if value is not None]
    if not known:
        return None
    if sign == "min":
        return min(known)
    if sign == "max":
        return max(known)
    if sign == "+":
        return _bounded(sum(known, Fraction(0)))
    if sign == "-":
        return _bounded((found[0] or Fraction(0)) - (found[1] or Fraction(0)))
    first = found[0]
    if first is None:
        return None
    if sign == "negative":
        return -first
    if sign == "round":
        places = int(found[1] or 0) if len(found) == 2 else 0
        return Fraction(rounded(first, places), 10**places)
    second = found[1]
    if second is None or (sign == "/" and not second):
        return None
    return _bounded(first * second if sign == "*" else first / second)


def _bounded(value: Fraction) -> Fraction:
    if value.numerator.bit_length() > _MOST_BITS or value.denominator.bit_length() > _MOST_BITS:
        raise RuleError("too_large")
    return value


def _equal(left: Any, right: Any) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        # A box that nobody ticked holds nothing.
        return bool(left) == bool(right)
    if isinstance(left, str) and isinstance(right, str):
        return left.casefold() == right.casefold()
    return bool(left == right)


def _ordered(sign: str, left: Any, right: Any) -> bool:
    if left is None or right is None:
        return False
    match sign:
        case "<":
            return bool(left < right)
        case "<=":
            return bool(left <= right)
        case ">":
            return bool(left > right)
    return bool(left >= right)


def _contains(left: Any, right: Any) -> bool:
    if left is None or right is None:
        return False
    if isinstance(left, str):
        return str(right).casefold() in left.casefold()
    return right in left
