"""Where the built stylesheet, script, fonts and icons lie: names carry a hash of their content."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static

MANIFEST = Path(__file__).resolve().parent.parent / "static" / "build" / "manifest.json"


@lru_cache(maxsize=2)
def _names(changed_at: int) -> dict[str, str]:
    names: dict[str, str] = json.loads(MANIFEST.read_text())
    return names


def asset_url(name: str) -> str:
    """Return the address of a built file by its plain name ("app.css"); raises LookupError if it was never built.

    The manifest is read once per process, and again after a rebuild when DEBUG is on.
    """
    try:
        names = _names(MANIFEST.stat().st_mtime_ns if settings.DEBUG else 0)
    except FileNotFoundError:
        raise LookupError(f"{MANIFEST} is missing: start Carnet with bin/carnet, which builds it.") from None
    return static(f"build/{names[name]}")
