"""Reading JSON strictly: whatever two readers could understand differently is refused."""

from __future__ import annotations

import json
from typing import Any

import orjson
from django.http import HttpRequest
from ninja.parser import Parser


class StrictParser(Parser):
    """Refuses what the standard allows parsers to take: NaN, duplicate keys, lone surrogates, endless nesting."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the body's JSON; raises ValueError or RecursionError, which become 400."""
        # Strict about UTF-8, surrogates, NaN and depth, but silent about duplicate keys, so that it reads only first.
        orjson.loads(request.body)
        return json.loads(request.body, object_pairs_hook=_object, parse_float=_number)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in an object")
    return found


def _number(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError("a number is too large")
    return number
