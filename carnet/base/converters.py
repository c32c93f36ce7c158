"""Parts of addresses: a day is 2026-12-01, and nothing that only looks like one."""

from __future__ import annotations

from datetime import date


class DateConverter:
    """A local day in ISO form; an impossible one is no address at all."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()
