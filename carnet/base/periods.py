"""Ranges of instants in queries: always two bounds on the indexed start, so that history costs nothing."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from carnet.scheduling.spans import Span

#: No claim and no visit is longer (`claim_short`), so nothing older can reach into a span.
LONGEST = timedelta(hours=48)


def overlapping(span: Span, prefix: str = "") -> Q:
    """Return the condition that a row's `starts_at`…`ends_at` overlaps `span`."""
    return Q(
        **{
            f"{prefix}starts_at__gt": span.start - LONGEST,
            f"{prefix}starts_at__lt": span.end,
            f"{prefix}ends_at__gt": span.start,
        }
    )
