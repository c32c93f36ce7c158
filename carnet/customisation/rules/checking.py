"""Whether a rule makes sense of the fields there are: each part has a kind, and kinds that do not fit are refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from carnet.customisation.rules.errors import RuleError
from carnet.customisation.rules.grammar import Literal, Name, Node, Operation, tree_of
from carnet.customisation.rules.kinds import AMOUNTS, ORDERED, Kind, Variable

Variables = Mapping[str, Variable]
#: The fewest and the most parts that a function is given.
_GIVEN = {"sum": (1, 1), "count": (1, 1), "min": (1, 10), "max": (1, 10), "round": (1, 2), "if": (3, 3)}
_LITERALS = {"number": Kind.NUMBER, "text": Kind.TEXT, "choice": Kind.CHOICE, "yes_no": Kind.YES_NO}


@dataclass(frozen=True)
class Rule:
    """A text that was checked: its tree, the kind of what it comes to, and the fields it asks."""

    source: str
    tree: Node
    kind: Kind
    asks: frozenset[str]


def checked(source: str, variables: Variables, wanted: tuple[Kind, ...]) -> Rule:
    """Return the rule that `source` says of these fields, coming to one of the `wanted` kinds; raises RuleError."""
    check = _Check(variables)
    tree, kind = check.node(tree_of(source))
    if kind not in wanted:
        raise RuleError("wrong_result", 0, kind.value)
    return Rule(source, tree, kind, frozenset(check.asked))


class _Check:
    def __init__(self, variables: Variables) -> None:
        self._variables = variables
        self.asked: set[str] = set()
        #: The lines whose columns can be named, inside `sum`; "" outside.
        self._lines = ""
        self._in_sum = False

    def node(self, node: Node) -> tuple[Node, Kind]:
        """Return the node as it is worked out, and its kind."""
        if isinstance(node, Literal):
            return node, _LITERALS[node.sort]
        if isinstance(node, Name):
            return node, self._named(node).kind
        return self._operation(node)

    def _named(self, node: Name) -> Variable:
        variable = self._variables.get(node.name)
        if variable is None:
            raise RuleError("unknown_field", node.at, node.name)
        self.asked.add(node.name)
        if not node.column:
            if variable.kind is Kind.LINES and self._in_sum:
                raise RuleError("needs_column", node.at, node.name)
            return variable
        column = variable.columns.get(node.column)
        if column is None:
            raise RuleError("unknown_field", node.at, f"{node.name}.{node.column}")
        if not self._in_sum:
            raise RuleError("column_outside_sum", node.at, f"{node.name}.{node.column}")
        if self._lines and self._lines != node.name:
            raise RuleError("two_lists", node.at, node.name)
        self._lines = node.name
        return column

    def _operation(self, node: Operation) -> tuple[Node, Kind]:
        sign = node.sign
        if sign in _GIVEN:
            fewest, most = _GIVEN[sign]
            if not fewest <= len(node.parts) <= most:
                raise RuleError("wrong_count", node.at, sign)
        if sign == "sum":
            return self._sum(node)
        if sign == "count":
            return self._count(node)
        found = [self.node(part) for part in node.parts]
        parts, kinds = [part for part, _kind in found], [kind for _part, kind in found]
        if sign in ("and", "or", "not"):
            self._all(node, kinds, (Kind.YES_NO,))
            kind = Kind.YES_NO
        elif sign == "empty":
            if not isinstance(parts[0], Name):
                raise RuleError("not_a_field", node.at)
            kind = Kind.YES_NO
        elif sign in ("+", "-", "*", "/", "negative", "min", "max", "round"):
            self._all(node, kinds, AMOUNTS)
            kind = self._amount(node, kinds)
        elif sign == "if":
            self._all(node, kinds[:1], (Kind.YES_NO,))
            if kinds[1] is not kinds[2]:
                raise RuleError("do_not_fit", node.at, sign)
            self._all(node, kinds[1:], (*AMOUNTS, Kind.YES_NO))
            kind = kinds[1]
        else:
            parts = self._compared(node, parts, kinds)
            kind = Kind.YES_NO
        return replace(node, parts=tuple(parts)), kind

    def _all(self, node: Operation, kinds: list[Kind], allowed: tuple[Kind, ...]) -> None:
        for part, kind in zip(node.parts, kinds, strict=False):
            if kind not in allowed:
                raise RuleError("wrong_kind", part.at, node.sign)

    def _amount(self, node: Operation, kinds: list[Kind]) -> Kind:
        """Amounts of money are added to such, and multiplied or divided by numbers."""
        match node.sign:
            case "*":
                if kinds == [Kind.MONEY, Kind.MONEY]:
                    raise RuleError("do_not_fit", node.at, node.sign)
                return Kind.MONEY if Kind.MONEY in kinds else Kind.NUMBER
            case "/":
                if kinds == [Kind.NUMBER, Kind.MONEY]:
                    raise RuleError("do_not_fit", node.at, node.sign)
                return Kind.NUMBER if kinds[0] is kinds[1] else Kind.MONEY
            case "round":
                places = node.parts[1] if len(node.parts) == 2 else Literal("number", 0, node.at)
                if not isinstance(places, Literal) or places.value not in range(7):
                    raise RuleError("no_places", node.at)
                return kinds[0]
        if len(set(kinds)) != 1:
            raise RuleError("do_not_fit", node.at, node.sign)
        return kinds[0]

    def _sum(self, node: Operation) -> tuple[Node, Kind]:
        if self._in_sum:
            raise RuleError("sum_in_sum", node.at)
        self._in_sum, self._lines = True, ""
        part, kind = self.node(node.parts[0])
        lines = self._lines
        self._in_sum, self._lines = False, ""
        if not lines:
            raise RuleError("needs_column", node.at)
        if kind not in AMOUNTS:
            raise RuleError("wrong_kind", part.at, "sum")
        return Operation("sum", (Name(lines, "", node.at), part), node.at), kind

    def _count(self, node: Operation) -> tuple[Node, Kind]:
        part = node.parts[0]
        if self._in_sum or not isinstance(part, Name) or part.column:
            raise RuleError("not_a_list", node.at)
        if self._named(part).kind not in (Kind.LINES, Kind.CHOICES):
            raise RuleError("not_a_list", part.at)
        return node, Kind.NUMBER

    def _compared(self, node: Operation, parts: list[Node], kinds: list[Kind]) -> list[Node]:
        sides = set(kinds)
        if node.sign == "contains":
            if kinds == [Kind.CHOICES, Kind.CHOICE]:
                self._choice_of(parts[0], parts[1])
            elif kinds != [Kind.TEXT, Kind.TEXT]:
                raise RuleError("do_not_fit", node.at, node.sign)
            return parts
        if node.sign not in ("=", "!=") and not sides <= set(ORDERED) | {Kind.TEXT}:
            raise RuleError("no_order", node.at, node.sign)
        for whose, literal in ((0, 1), (1, 0)):
            other = parts[literal]
            if kinds[whose] in (Kind.DATE, Kind.MOMENT) and isinstance(other, Literal) and other.sort == "text":
                parts[literal] = _day(other, kinds[whose])
                return parts
        if sides == {Kind.CHOICE}:
            self._choice_of(*parts)
            return parts
        # An amount may be compared with a plain number: of its own currency’s unit.
        if sides == {Kind.NUMBER, Kind.MONEY}:
            return parts
        if len(sides) > 1 or sides & {Kind.CHOICES, Kind.LINES, Kind.OTHER}:
            raise RuleError("do_not_fit", node.at, node.sign)
        if node.sign not in ("=", "!=") and sides == {Kind.TEXT}:
            raise RuleError("no_order", node.at, node.sign)
        return parts

    def _choice_of(self, left: Node, right: Node) -> None:
        """A pick list is compared with one of its own choices."""
        name, choice = (left, right) if isinstance(left, Name) else (right, left)
        if not isinstance(name, Name) or not isinstance(choice, Literal):
            raise RuleError("do_not_fit", left.at, "=")
        variable = self._named(name)
        if choice.value not in variable.choices:
            raise RuleError("unknown_choice", choice.at, f"#{choice.value}")


def _day(literal: Literal, kind: Kind) -> Literal:
    """Return a typed day, or a typed instant with its offset, as what it is compared with."""
    text = str(literal.value)
    try:
        if kind is Kind.DATE:
            return Literal("date", date.fromisoformat(text), literal.at)
        at = datetime.fromisoformat(text)
    except ValueError:
        raise RuleError("no_day", literal.at, text) from None
    if at.tzinfo is None:
        raise RuleError("no_day", literal.at, text)
    return Literal("moment", at, literal.at)
