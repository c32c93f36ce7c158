"""From words to a tree.

rule        = also { "or" also }
also        = denial { "and" denial }
denial      = "not" denial | comparison
comparison  = sum [ ( "=" | "!=" | "<" | "<=" | ">" | ">=" | "contains" ) sum | "is" [ "not" ] "empty" ]
sum         = product { ( "+" | "-" ) product }
product     = signed { ( "*" | "/" ) signed }
signed      = "-" signed | value
value       = number | text | "#" choice | "true" | "false" | field | function "(" rule { "," rule } ")" | "(" rule ")"
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from carnet.customisation.rules.errors import RuleError
from carnet.customisation.rules.words import Word, words_of

#: How deep brackets, signs and denials may lie in each other, and how many parts a rule may have.
DEEPEST = 20
MOST_PARTS = 250
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=", "contains")


@dataclass(frozen=True, slots=True)
class Literal:
    """`sort` is "number", "text", "choice", "yes_no", and after checking also "date" or "moment"."""

    sort: str
    value: object
    at: int


@dataclass(frozen=True, slots=True)
class Name:
    """A field, or the `column` of its lines."""

    name: str
    column: str
    at: int


@dataclass(frozen=True, slots=True)
class Operation:
    """A sign or keyword and what it stands between or before; a function and what it is given."""

    sign: str
    parts: tuple[Node, ...]
    at: int


Node = Literal | Name | Operation


def tree_of(source: str) -> Node:
    """Return what a text says; raises RuleError."""
    reader = _Reader(words_of(source))
    if reader.word.sort == "end":
        raise RuleError("nothing")
    tree = reader.rule()
    if reader.word.sort != "end":
        raise reader.unexpected()
    return tree


class _Reader:
    def __init__(self, words: list[Word]) -> None:
        self._words = words
        self._at = 0
        self._depth = 0
        self._parts = 0

    @property
    def word(self) -> Word:
        return self._words[self._at]

    def unexpected(self) -> RuleError:
        word = self.word
        if word.sort == "end":
            return RuleError("ends_early", word.at)
        return RuleError("unexpected", word.at, str(word.value if word.value is not None else word.sort))

    def rule(self) -> Node:
        return self._chain(("or",), self._also)

    def _also(self) -> Node:
        return self._chain(("and",), self._denial)

    def _denial(self) -> Node:
        if self.word.sort != "not":
            return self._comparison()
        at = self._taken().at
        return self._made("not", (self._deeper(self._denial),), at)

    def _comparison(self) -> Node:
        left = self._sum()
        if self.word.sort in COMPARISONS:
            word = self._taken()
            return self._made(word.sort, (left, self._sum()), word.at)
        if self.word.sort == "is":
            at = self._taken().at
            denied = self.word.sort == "not"
            if denied:
                self._taken()
            self._expect("empty")
            empty = self._made("empty", (left,), at)
            return self._made("not", (empty,), at) if denied else empty
        return left

    def _sum(self) -> Node:
        return self._chain(("+", "-"), self._product)

    def _product(self) -> Node:
        return self._chain(("*", "/"), self._signed)

    def _signed(self) -> Node:
        if self.word.sort != "-":
            return self._value()
        at = self._taken().at
        return self._made("negative", (self._deeper(self._signed),), at)

    def _value(self) -> Node:
        word = self.word
        self._counted(word.at)
        match word.sort:
            case "number" | "text" | "choice":
                self._taken()
                return Literal(word.sort, word.value, word.at)
            case "true" | "false":
                self._taken()
                return Literal("yes_no", word.sort == "true", word.at)
            case "name":
                self._taken()
                name, _dot, column = str(word.value).partition(".")
                return Name(name, column, word.at)
            case "function":
                self._taken()
                return self._made(str(word.value), self._given(), word.at)
            case "(":
                self._taken()
                inner = self._deeper(self.rule)
                self._expect(")")
                return inner
        raise self.unexpected()

    def _given(self) -> tuple[Node, ...]:
        self._expect("(")
        given = [self._deeper(self.rule)]
        while self.word.sort == ",":
            self._taken()
            given.append(self._deeper(self.rule))
        self._expect(")")
        return tuple(given)

    def _chain(self, signs: tuple[str, ...], part: Callable[[], Node]) -> Node:
        left = part()
        while self.word.sort in signs:
            word = self._taken()
            left = self._made(word.sort, (left, part()), word.at)
        return left

    def _made(self, sign: str, parts: tuple[Node, ...], at: int) -> Operation:
        self._counted(at)
        return Operation(sign, parts, at)

    def _counted(self, at: int) -> None:
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise RuleError("too_many_parts", at)

    def _deeper(self, part: Callable[[], Node]) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise RuleError("too_deep", self.word.at)
        node = part()
        self._depth -= 1
        return node

    def _taken(self) -> Word:
        word = self.word
        self._at += 1
        return word

    def _expect(self, sort: str) -> None:
        if self.word.sort != sort:
            raise self.unexpected()
        self._taken()
