"""Labels: what an organisation calls its fields, in each of its languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from carnet.base.typed_text import clean

#: A label in several languages, as stored.
Label = Mapping[str, str]

LONGEST_LABEL: Final = 120
LONGEST_HELP: Final = 500
_LANGUAGE = re.compile(r"[a-z]{2}\Z")


def label_in(label: Label, language: str) -> str:
    """Return a label in `language` ("fr", "en-gb"), else in the first that it is written in."""
    return label.get(language[:2]) or next((text for text in label.values() if text), "")


def cleaned(label: Label) -> dict[str, str]:
    """Return a label as it is stored: on one line, without what only makes one word look like another."""
    return {language: " ".join(clean(text).split()) for language, text in label.items()}


def label_problem(label: Any, *, longest: int = LONGEST_LABEL, required: bool = True) -> str:
    """Return what is wrong with a label, "" for nothing."""
    if not isinstance(label, Mapping) or not all(
        isinstance(language, str) and _LANGUAGE.match(language) and isinstance(text, str)
        for language, text in label.items()
    ):
        return _("This must be text.")
    words = cleaned(label)
    if required and not any(words.values()):
        return _("A field or section needs a label.")
    if any(len(text) > longest for text in words.values()):
        return _("A label has at most %(limit)d characters.") % {"limit": longest}
    return ""
