"""From text to words: one pass over the characters, so that no text takes longer than its length."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from carnet.customisation.rules.errors import RuleError

#: No rule that people can still read is longer.
LONGEST = 1000
MOST_DIGITS = 15
#: Both languages are understood wherever a rule is typed.
KEYWORDS = {
    "and": "and",
    "et": "and",
    "or": "or",
    "ou": "or",
    "not": "not",
    "non": "not",
    "is": "is",
    "est": "is",
    "empty": "empty",
    "vide": "empty",
    "contains": "contains",
    "contient": "contains",
    "true": "true",
    "vrai": "true",
    "false": "false",
    "faux": "false",
}
FUNCTIONS = {
    "sum": "sum",
    "somme": "sum",
    "count": "count",
    "nombre": "count",
    "min": "min",
    "max": "max",
    "round": "round",
    "arrondi": "round",
    "if": "if",
    "si": "if",
}
_SIGNS = {"≠": "!=", "≤": "<=", "≥": ">=", "×": "*", "÷": "/", "−": "-", ";": ","}
_PAIRS = ("!=", "<=", ">=")
_SINGLE = "=<>+-*/(),"
_DIGITS = "0123456789"
_LETTERS = "abcdefghijklmnopqrstuvwxyz_"


@dataclass(frozen=True, slots=True)
class Word:
    """`sort` is "number", "text", "choice", "name", "function", "end", or the keyword or sign itself."""

    sort: str
    value: object
    at: int


def words_of(source: str) -> list[Word]:
    """Return the words of a rule, the last of them its end; raises RuleError."""
    if len(source) > LONGEST:
        raise RuleError("too_long", LONGEST)
    return [*_words(source), Word("end", None, len(source))]


def _words(source: str) -> Iterator[Word]:
    at = 0
    while at < len(source):
        sign = source[at]
        if sign.isspace():
            at += 1
        elif sign in _DIGITS:
            end = _run(source, at, _DIGITS + ".")
            yield Word("number", _number(source[at:end], at), at)
            at = end
        elif sign == "#":
            end = _run(source, at + 1, _DIGITS)
            if not 0 < end - at - 1 <= MOST_DIGITS:
                raise RuleError("unknown_sign", at, sign)
            yield Word("choice", int(source[at + 1 : end]), at)
            at = end
        elif sign == '"':
            end = source.find('"', at + 1)
            if end < 0:
                raise RuleError("open_text", at)
            yield Word("text", source[at + 1 : end], at)
            at = end + 1
        elif sign in _LETTERS or sign.lower() in _LETTERS:
            end = _run(source, at, _LETTERS + _LETTERS.upper() + _DIGITS + ".")
            yield _named(source[at:end], at)
            at = end
        elif (pair := source[at : at + 2]) in _PAIRS:
            yield Word(pair, None, at)
            at += 2
        elif (plain := _SIGNS.get(sign, sign)) in _PAIRS or plain in _SINGLE:
            yield Word(plain, None, at)
            at += 1
        else:
            raise RuleError("unknown_sign", at, sign)


def _run(source: str, at: int, signs: str) -> int:
    while at < len(source) and source[at] in signs:
        at += 1
    return at


def _number(text: str, at: int) -> Fraction:
    whole, _point, rest = text.partition(".")
    if "." in rest or text.endswith(".") or len(whole) + len(rest) > MOST_DIGITS:
        raise RuleError("no_number", at, text)
    return Fraction(int(whole + rest), 10 ** len(rest))


def _named(text: str, at: int) -> Word:
    name = text.lower()
    if name in KEYWORDS:
        return Word(KEYWORDS[name], None, at)
    if name in FUNCTIONS:
        return Word("function", FUNCTIONS[name], at)
    if name.count(".") > 1 or name.endswith("."):
        raise RuleError("unknown_field", at, text)
    return Word("name", name, at)
