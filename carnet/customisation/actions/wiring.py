"""The rules of a draft: told by the names of new fields first, by their keys once they are made, then checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from babel.numbers import get_currency_precision
from django.utils.translation import get_language

from carnet.customisation.conditions import CONDITION, TOTAL, asked, variables_of
from carnet.customisation.queries import Document, all_fields, key_of, label_in
from carnet.customisation.rule_words import sentence_of
from carnet.customisation.rules import Kind, RuleError, Variable, checked, in_order
from carnet.customisation.rules.words import words_of
from carnet.customisation.types.lines import column_variables, columns_of
from carnet.organisations.access import Access


def with_ids(document: Mapping[str, Any], names: Mapping[str, str]) -> None:
    """Put the keys of new fields in place of the names by which the draft's rules call them."""
    if not names:
        return
    for part in (*document["sections"], *all_fields(document)):
        for name in ("shown_if", "required_if", "rule"):
            if part.get(name):
                part[name] = _renamed(part[name], names)


def _renamed(source: str, names: Mapping[str, str]) -> str:
    try:
        words = words_of(source)
    except RuleError:
        # It is refused with its sentence when it is checked.
        return source
    for word in reversed(words):
        if word.sort == "name":
            name, dot, column = str(word.value).partition(".")
            if name in names:
                end = word.at + len(str(word.value))
                source = source[: word.at] + names[name] + dot + column + source[end:]
    return source


def check_rules(access: Access, document: Document) -> dict[str, str]:
    """Return what is wrong with the document's rules, by place; give each total the kind that its rule comes to."""
    errors: dict[str, str] = {}
    currency = access.organisation.currency
    called = {key_of(field): label_in(field["label"], get_language() or "") for field in all_fields(document)}
    for at, section in enumerate(document["sections"]):
        for number, field in enumerate(section["fields"]):
            path = f"sections.{at}.fields.{number}"
            if field["type"] == "lines":
                _check_columns(field, currency, path, errors, called)
    if errors:
        return errors
    # A total may be summed up in another: what they come to is settled from the bottom up.
    totals = {
        f"sections.{at}.fields.{number}": field
        for at, section in enumerate(document["sections"])
        for number, field in enumerate(section["fields"])
        if field["type"] == "total"
    }
    try:
        names = {key_of(field): path for path, field in totals.items()}
        asks = {key: _asked_by(totals[path], document) for key, path in names.items()}
        for key in in_order(asks):
            _settle(totals[names[key]], variables_of(document), currency, names[key], errors, called)
    except RuleError as error:
        return {_place_of(error.about, document): sentence_of(error, called)}
    variables = variables_of(document)
    for at, section in enumerate(document["sections"]):
        _check(section, ("shown_if",), variables, f"sections.{at}", errors, called)
        for number, field in enumerate(section["fields"]):
            _check(field, ("shown_if", "required_if"), variables, f"sections.{at}.fields.{number}", errors, called)
    if errors:
        return errors
    try:
        in_order(
            {
                key_of(field): asked(section, field, variables)
                for section in document["sections"]
                for field in section["fields"]
            }
        )
    except RuleError as error:
        errors[_place_of(error.about, document)] = sentence_of(error, called)
    return errors


def _place_of(key: str, document: Document) -> str:
    """Return where the rule stands by which a field depends on itself."""
    for at, section in enumerate(document["sections"]):
        for number, field in enumerate(section["fields"]):
            if key_of(field) == key:
                own = next((name for name in ("rule", "shown_if") if field.get(name)), "")
                return f"sections.{at}.fields.{number}.{own}" if own else f"sections.{at}.shown_if"
    return "sections"


def _asked_by(total: Mapping[str, Any], document: Document) -> set[str]:
    try:
        words = words_of(total.get("rule", ""))
    except RuleError:
        return set()
    return {str(word.value).partition(".")[0] for word in words if word.sort == "name"}


def _check(
    part: Mapping[str, Any],
    names: tuple[str, ...],
    variables: Mapping[str, Variable],
    path: str,
    errors: dict[str, str],
    called: Mapping[str, str],
) -> None:
    for name in names:
        if part.get(name):
            try:
                checked(part[name], variables, CONDITION)
            except RuleError as error:
                errors[f"{path}.{name}"] = sentence_of(error, called)


def _check_columns(field: Any, currency: str, path: str, errors: dict[str, str], called: Mapping[str, str]) -> None:
    columns = columns_of(field)
    for column in columns.values():
        if column["type"] == "total":
            _settle(column, column_variables(columns), currency, f"{path}.columns", errors, called)


def _settle(
    total: Any,
    variables: Mapping[str, Variable],
    currency: str,
    path: str,
    errors: dict[str, str],
    called: Mapping[str, str],
) -> None:
    """A total of amounts is an amount, in the currency and with its decimals."""
    where = path if path.endswith("columns") else f"{path}.rule"
    try:
        rule = checked(total.get("rule", ""), variables, TOTAL)
    except RuleError as error:
        errors[where] = sentence_of(error, called)
        return
    if rule.kind is Kind.MONEY:
        total |= {"currency": currency, "decimals": get_currency_precision(currency)}
    else:
        total.pop("currency", None)
