"""What a layout's rules come to for the values of one record: which fields are asked, which are awaited, the totals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from carnet.customisation.queries import Document, FieldEntry, fields_of, key_of
from carnet.customisation.rule_words import sentence_of
from carnet.customisation.rules import Kind, Rule, RuleError, Variable, checked, in_order, rounded, value_of
from carnet.customisation.types import type_of
from carnet.customisation.types.choices import open_choices
from carnet.customisation.types.lines import column_variables, columns_of

CONDITION: Final = (Kind.YES_NO,)
TOTAL: Final = (Kind.NUMBER, Kind.MONEY)


class Conditions:
    """The rules of `document` worked out with `stored`.

    `shown` are the keys of the fields that are asked, `values` what the record holds with its totals, `errors` what
    cannot be worked out. A field that is not asked counts as empty in the rules of others; its value is kept.
    """

    def __init__(self, document: Document, stored: Mapping[str, Any]) -> None:
        self._fields = [(section, field) for section in document["sections"] for field in section["fields"]]
        self.values = dict(stored)
        self.errors: dict[str, str] = {}
        ruled = {key_of(field): (section, field) for section, field in self._fields if _has_rules(section, field)}
        self.shown = {key_of(field) for _section, field in self._fields if key_of(field) not in ruled}
        if not ruled and not any(field.get("required_if") for _section, field in self._fields):
            self._known: dict[str, Any] = {}
            return
        self._variables = variables_of(document)
        self._known = {
            key_of(field): type_of(field).ruled(field, stored[key_of(field)])
            for _section, field in self._fields
            if "id" in field and key_of(field) in stored and key_of(field) in self.shown
        }
        for key in in_order({key: asked(*pair, self._variables) for key, pair in ruled.items()}):
            self._work_out(key, *ruled[key])

    def _work_out(self, key: str, section: Mapping[str, Any], field: FieldEntry) -> None:
        if not all(self._holds(one.get("shown_if", "")) for one in (section, field)):
            return
        self.shown.add(key)
        if field["type"] == "total":
            try:
                result = value_of(self._rule(field["rule"], TOTAL), self._known)
            except RuleError as error:
                self.errors[key] = sentence_of(error)
                return
            self.values.pop(key, None)
            if result is not None:
                self.values[key] = rounded(result, field.get("decimals", 0))  # type: ignore[arg-type]
        if "id" in field and key in self.values:
            self._known[key] = type_of(field).ruled(field, self.values[key])

    def _holds(self, condition: str) -> bool:
        if not condition:
            return True
        try:
            return value_of(self._rule(condition, CONDITION), self._known) is True
        except RuleError:
            return False

    def _rule(self, source: str, wanted: tuple[Kind, ...]) -> Rule:
        return checked(source, self._variables, wanted)

    def awaited(self) -> Iterator[FieldEntry]:
        """Yield the fields that must be filled in and are empty."""
        for _section, field in self._fields:
            key = key_of(field)
            if "id" not in field or key not in self.shown or field["type"] == "total":
                continue
            required = field.get("required") or (field.get("required_if") and self._holds(field["required_if"]))
            if required and not _is_filled(field, self.values.get(key)):
                yield field


def _is_filled(field: FieldEntry, value: Any) -> bool:
    if field["type"] == "checklist":
        # Done when every point is.
        return {choice["id"] for choice in open_choices(field)} <= set(value or ())
    return value is not None


def _has_rules(section: Mapping[str, Any], field: FieldEntry) -> bool:
    return bool(section.get("shown_if") or field.get("shown_if") or field["type"] == "total")


def asked(section: Mapping[str, Any], field: FieldEntry, variables: Mapping[str, Variable]) -> frozenset[str]:
    """Return the keys that must be known before it is known whether a field is asked, and what it comes to."""
    conditions = [one for one in (section.get("shown_if"), field.get("shown_if")) if one]
    found = [checked(source, variables, CONDITION).asks for source in conditions]
    if field["type"] == "total":
        found.append(checked(field["rule"], variables, TOTAL).asks)
    return frozenset().union(*found)


def variables_of(document: Document) -> dict[str, Variable]:
    """Return the fields that rules may name: those of the layout whose values an organisation keeps in them."""
    fields = {key_of(field): field for field in fields_of(document) if "id" in field}
    return {key: _variable(field) for key, field in fields.items()}


def _variable(field: FieldEntry) -> Variable:
    kind = type_of(field).kind
    if field["type"] == "total" and field.get("currency"):
        kind = Kind.MONEY
    columns = {}
    if kind is Kind.LINES:
        known = columns_of(field)
        columns = column_variables(known)
        for key, column in known.items():
            if column["type"] == "total":
                columns[key] = Variable(Kind.MONEY if column.get("currency") else Kind.NUMBER)
    return Variable(kind, frozenset(choice["id"] for choice in field.get("choices", ())), columns)
