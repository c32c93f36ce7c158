"""Dates as they are written, in both languages."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils.translation import override

from carnet.base.dates import written_date

FIRST, OTHER = date(2026, 12, 1), date(2026, 11, 11)


@pytest.mark.parametrize(
    ("on", "pattern", "french"),
    [
        (FIRST, "l j F", "mardi 1er décembre"),
        (FIRST, r"D\. j N", "mar. 1er déc."),
        (FIRST, "DATE_FORMAT", "1er décembre 2026"),
        (FIRST, "SHORT_DATE_FORMAT", "01/12/2026"),
        (OTHER, "l j F", "mercredi 11 novembre"),
    ],
)
def test_french_writes_the_first_of_a_month_as_it_is_said(on: date, pattern: str, french: str) -> None:
    with override("fr"):
        assert written_date(on, pattern) == french


def test_english_has_no_such_thing() -> None:
    with override("en"):
        assert written_date(FIRST, "l j F") == "Tuesday 1 December"
