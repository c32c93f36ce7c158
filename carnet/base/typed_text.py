"""What people type, as it is stored."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")


def clean(text: str) -> str:
    """Return typed text as it is stored: NFC, no NUL or direction override, white space folded and trimmed."""
    text = unicodedata.normalize("NFC", text).replace("\x00", "")
    # Zero-width joiners make emoji and some scripts; overrides only make one name look like another (T2).
    text = re.sub("[\u202a-\u202e\u2066-\u2069]", "", text)
    return re.sub(r"[^\S\n]+", " ", text).strip()


def fold(text: str) -> str:
    """Return text for comparing: no case, accents, ligatures, punctuation or invisible characters."""
    plain = unicodedata.normalize("NFKD", _INVISIBLE.sub("", text).casefold()).translate(_LETTERS)
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(re.sub(r"[^\w@.+]", " ", plain).replace("_", " ").split())
