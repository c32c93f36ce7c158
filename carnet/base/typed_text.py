"""What people type, as it is stored."""

from __future__ import annotations

import re
import unicodedata


def clean(text: str) -> str:
    """Return typed text as it is stored: NFC, no NUL or direction override, white space folded and trimmed."""
    text = unicodedata.normalize("NFC", text).replace("\x00", "")
    # Zero-width joiners make emoji and some scripts; overrides only make one name look like another (T2).
    text = re.sub("[\u202a-\u202e\u2066-\u2069]", "", text)
    return re.sub(r"[^\S\n]+", " ", text).strip()
