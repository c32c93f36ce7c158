"""Answers: plain dictionaries, written by orjson and never validated again on the way out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
from django.http import HttpResponse


def answer(data: Any, status: int = 200, *, version: int | None = None) -> HttpResponse:
    """Return `data` as JSON; a single record is given with its version, which becomes the ETag."""
    response = HttpResponse(orjson.dumps(data), status=status, content_type="application/json")
    if version is not None:
        response.headers["ETag"] = f'"{version}"'
    return response


def listed(name: str, records: list[dict[str, Any]], after: UUID | None) -> HttpResponse:
    """Return a page of records under `name`, and in "next" what to send as `after` for the next one (or null)."""
    return answer({name: records, "next": after})
