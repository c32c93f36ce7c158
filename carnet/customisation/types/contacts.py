"""Phone numbers, e-mail addresses and web addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from carnet.customisation.types.meaning import WORDS, FieldEntry, NotAccepted, Setting
from carnet.customisation.types.texts import INDEXED, Text


class Phone(Text):
    """A phone number as typed; found by its digits."""

    key = "phone"
    longest = 40
    operators = WORDS

    def read(self, field: FieldEntry, value: Any, setting: Setting) -> str | None:
        text = super().read(field, value, setting)
        if text and not (3 <= len(digits_of(text)) <= 20 and re.fullmatch(r"[\d\s+().\-/\u00a0\u202f#*]+", text)):
            raise NotAccepted(_("“%(phone)s” is not a phone number.") % {"phone": text})
        return text

    def indexed(self, field: FieldEntry, value: Any) -> Sequence[str]:
        return [digits_of(value)]


class Email(Text):
    """An e-mail address."""

    key = "email"
    longest = 254

    def read(self, field: FieldEntry, value: Any, setting: Setting) -> str | None:
        text = super().read(field, value, setting)
        if text:
            try:
                validate_email(text)
            except ValidationError:
                raise NotAccepted(_("“%(email)s” is not an e-mail address.") % {"email": text[:80]}) from None
        return text

    def schema(self, field: FieldEntry) -> dict[str, Any]:
        return {"type": "string", "format": "email", "maxLength": self.longest}

    def indexed(self, field: FieldEntry, value: Any) -> Sequence[str]:
        return [value.casefold()[:INDEXED]]


class Url(Text):
    """A web address; nothing that a browser would run."""

    key = "url"
    longest = 2000
    searchable = False
    may_be_unique = False

    def read(self, field: FieldEntry, value: Any, setting: Setting) -> str | None:
        text = super().read(field, value, setting)
        if not text:
            return text
        if "://" not in text and not re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", text):
            text = f"https://{text}"
        try:
            parts = urlsplit(text)
            known = parts.scheme.lower() in ("http", "https") and parts.hostname and "." in parts.hostname
        except ValueError:
            known = False
        if not known or " " in text or len(text) > self.longest:
            raise NotAccepted(_("Type a web address, as https://example.org."))
        return text

    def schema(self, field: FieldEntry) -> dict[str, Any]:
        return {"type": "string", "format": "uri", "maxLength": self.longest}

    def indexed(self, field: FieldEntry, value: Any) -> Sequence[str]:
        return [value.casefold()[:INDEXED]]


def digits_of(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)
