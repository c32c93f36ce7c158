"""Folding: how names, numbers and addresses are made comparable, whatever way they are typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import phonenumbers

from carnet.base.typed_text import clean as clean
from carnet.base.typed_text import fold as fold

_PHONE = re.compile(r"^[+(]?[\d\s().\-/\u00a0\u202f+]{2,}$")


def digits(text: str) -> str:
    """Return the digits of a phone number as dialled: “+33 (0)6” and “0033 6” alike give “336”."""
    text = text.replace("(0)", "") if text.strip().startswith(("+", "00")) else text
    found = re.sub(r"\D", "", unicodedata.normalize("NFKC", text))
    return found[2:] if found.startswith("00") else found


def looks_like_phone(text: str) -> bool:
    return bool(_PHONE.match(text.strip())) and len(digits(text)) >= 2


def normal_phone(text: str, country: str) -> str:
    """Return a number in E.164 if it is possible in `country`, else its digits."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return digits(text)
    if not phonenumbers.is_possible_number(number):
        return digits(text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def phone_forms(text: str, country: str) -> set[str]:
    """Return the digits by which a number may be looked for: as typed, at home, from abroad."""
    forms = {digits(text)}
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return forms
    forms.add(digits(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)))
    forms.add(digits(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)))
    return {form for form in forms if form}


def searched_text(
    country: str,
    name: str,
    phones: Iterable[str],
    emails: Iterable[str],
    addresses: Iterable[str],
    custom: Iterable[str] = (),
) -> str:
    """Return what the lookup searches of a customer, folded, the name first; never empty."""
    parts = [fold(name)]
    for phone in phones:
        parts += sorted(phone_forms(phone, country))
    parts += [fold(text) for text in (*emails, *addresses)]
    parts += custom
    return " | ".join(part for part in parts if part) or "|"


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into the lookup, in the field where it belongs."""

    name: str = ""
    phone: str = ""
    email: str = ""


def typed(text: str) -> Typed:
    """Return `text` as a phone number, an e-mail address or a name."""
    text = clean(text)
    if looks_like_phone(text):
        return Typed(phone=text)
    if "@" in text and " " not in text:
        return Typed(email=text)
    return Typed(name=text)
